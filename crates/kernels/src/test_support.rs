//! What several rooms' tests share.

use crate::Level;
use std::vec::Vec;

/// Every instruction set that this processor offers, the plain baseline among them.
pub(crate) fn levels() -> Vec<Level> {
    let best = crate::level();
    let mut levels = Vec::from([Level::baseline(), best]);
    #[cfg(target_arch = "x86_64")]
    {
        use fearless_simd::Simd;
        levels.extend(best.as_sse4_2().map(|token| token.level()));
        levels.extend(best.as_avx2().map(|token| token.level()));
    }
    levels
}

/// Numbers that look random (Knuth's MMIX generator), the same in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn uniform(&mut self, low: f32, high: f32) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + (high - low) * (self.0 >> 40) as f32 / (1 << 24) as f32
    }
}

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
