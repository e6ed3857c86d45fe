//! What several rooms' tests share.

/// Asserts ‖a − b‖ ≤ tolerance · ‖b‖ + 1e-7, the measure of the golden vectors.
pub(crate) fn assert_close(got: &[f32], expected: &[f32], tolerance: f64) {
    assert_eq!(got.len(), expected.len());
    let norm = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>().sqrt();
    let pairs = got.iter().zip(expected);
    let difference = norm(&mut pairs.map(|(&a, &b)| f64::from(a) - f64::from(b)));
    let size = norm(&mut expected.iter().map(|&b| f64::from(b)));
    assert!(
        difference <= tolerance * size + 1e-7,
        "differs by {difference:e} from a vector of length {size:e}, beyond {tolerance:e}"
    );
}
