//! Units that learn no more: what a layer's units answer to many examples tells whether a gradient still passes
//! through them.

use super::curve::relative_slopes;
use crate::numbers::check_finite;
use crate::{Error, Result};
use alloc::{format, vec};
use serde::Serialize;

/// A slope below this part of the largest lets next to nothing pass.
const FLAT: f32 = 0.05;

/// A unit is saturated if it is flat for this part of the examples.
const MOSTLY: f32 = 0.95;

/// How many of a layer's units learn no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Saturation {
    /// All units.
    pub units: usize,
    /// Units whose activation has a slope below 5 % of its largest for at least 95 % of the examples.
    pub saturated: usize,
    /// Those among them with a slope of 0 for all examples, which no gradient can bring back.
    pub dead: usize,
}

/// How many units learn no more, judged by what they answer to many examples: `outputs`, `[n, units]`. `text`
/// describes their activation as for [`activation_curve`](super::activation_curve).
///
/// # Errors
/// If the activation is not supported or is softmax, which needs all units at once, or `outputs` doesn't hold whole
/// examples of finite numbers.
pub fn saturation(text: &str, outputs: &[f32], units: usize) -> Result<Saturation> {
    if outputs.is_empty() || units == 0 || !outputs.len().is_multiple_of(units) {
        return Err(Error::shape(format!(
            "examples of {units} units have {units} numbers each, got {} numbers",
            outputs.len()
        )));
    }
    check_finite(outputs, "the outputs")?;
    let slopes = relative_slopes(text, outputs)?;
    let examples = outputs.len() / units;
    let (mut flat, mut zero) = (vec![0; units], vec![0; units]);
    for slopes in slopes.chunks_exact(units) {
        for (unit, &slope) in slopes.iter().enumerate() {
            flat[unit] += usize::from(slope < FLAT);
            zero[unit] += usize::from(slope == 0.0);
        }
    }
    Ok(Saturation {
        units,
        saturated: flat.iter().filter(|&&count| count as f32 >= MOSTLY * examples as f32).count(),
        dead: zero.iter().filter(|&&count| count == examples).count(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{string::ToString, vec::Vec};

    const EXAMPLES: usize = 20;

    fn of(activation: &str, units: &[fn(usize) -> f32]) -> [usize; 3] {
        let outputs: Vec<f32> =
            (0..EXAMPLES).flat_map(|example| units.iter().map(move |unit| unit(example))).collect();
        let text = format!(r#"{{"activation": "{activation}"}}"#);
        let Saturation { units, saturated, dead } = saturation(&text, &outputs, units.len()).unwrap();
        [units, saturated, dead]
    }

    #[test]
    fn flat_and_dead_units_are_counted() {
        // Always 0; 0 but for one example in 20; 0 but for two.
        let rectified: [fn(usize) -> f32; 3] =
            [|_| 0.0, |example| f32::from(example == 7), |example| f32::from(example < 2)];
        assert_eq!(of("relu", &rectified), [3, 2, 1]);
        // The slope is 1 − y², 5 % of the largest at 0.9747.
        assert_eq!(of("tanh", &[|_| 0.98, |_| -0.98, |_| 0.97, |_| 1.0]), [4, 3, 1]);
        // y (1 − y) of at most 1/4: 5 % of it at 0.9873.
        assert_eq!(of("sigmoid", &[|_| 0.99, |_| 0.985, |_| 0.0]), [3, 2, 1]);
        assert_eq!(of("elu", &[|_| -0.96, |_| -0.9, |_| 3.0]), [3, 1, 0]);
        assert_eq!(of("linear", &[|_| 0.0]), [1, 0, 0]);
    }

    #[test]
    fn what_cannot_be_judged_is_refused() {
        for (text, outputs, units, words) in [
            (r#"{"activation": "softmax"}"#, &[0.5, 0.5][..], 2, "softmax"),
            (r#"{"activation": "relu"}"#, &[0.5, 0.5, 0.5], 2, "2 numbers each, got 3"),
            (r#"{"activation": "relu"}"#, &[], 0, "got 0 numbers"),
            (r#"{"activation": "relu"}"#, &[f32::NAN], 1, "finite"),
        ] {
            let error = saturation(text, outputs, units).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
