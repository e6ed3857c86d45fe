//! The curve of an activation function and of its derivative.

use crate::config::{self, Fields};
use crate::layers::{ACTIVATION, activation_field, activation_name};
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
use convscope_kernels::activations::{self, Activation};

/// The most numbers that [`activation_curve`] takes.
pub const MAX_CURVE_POINTS: usize = 1 << 16;

/// What an activation function makes of each number of `x`, then its derivative at each: `[2, n]`. `text` is
/// JSON with one field, `activation`: Keras' name of the function, or what Keras serialises. At a corner the
/// derivative is that from below.
///
/// ```
/// use convscope_core::explain::activation_curve;
///
/// let curve = activation_curve(r#"{"activation": "relu"}"#, &[-1.0, 2.0])?;
/// assert_eq!(curve, [0.0, 2.0, 0.0, 1.0]);
/// # Ok::<(), convscope_core::Error>(())
/// ```
///
/// # Errors
/// If the text is not JSON, the function is not supported, it is softmax, which needs all channels at once, or
/// there are more than [`MAX_CURVE_POINTS`] numbers.
pub fn activation_curve(text: &str, x: &[f32]) -> Result<Vec<f32>> {
    let activation = function_of_one_number(text)?;
    if x.len() > MAX_CURVE_POINTS {
        return Err(Error::limit(format!("x: at most {MAX_CURVE_POINTS} numbers, got {}", x.len())));
    }
    let mut curve = x.to_vec();
    activations::apply(convscope_kernels::level(), activation, &mut curve, x.len());
    let slopes = slopes(activation, if activation.needs_input() { x } else { &curve });
    curve.extend(slopes);
    Ok(curve)
}

/// The derivative of an activation function where it gives each of `outputs`, as a part of the largest derivative
/// that it has anywhere: `[n]`. `text` and corners are those of [`activation_curve`].
pub(super) fn relative_slopes(text: &str, outputs: &[f32]) -> Result<Vec<f32>> {
    let activation = function_of_one_number(text)?;
    let largest = match activation {
        Activation::LeakyRelu { negative_slope: below } | Activation::Elu { alpha: below } => below.max(1.0),
        Activation::Sigmoid => 0.25,
        activation if activation.needs_input() => {
            let name = activation_name(activation);
            return Err(Error::config(format!("the slope of {name} cannot be told from what it answers")));
        }
        _ => 1.0,
    };
    let mut slopes = slopes(activation, outputs);
    slopes.iter_mut().for_each(|slope| *slope /= largest);
    Ok(slopes)
}

fn function_of_one_number(text: &str) -> Result<Activation> {
    let description = config::parse(text, "description")?;
    match activation_field(&Fields::of_object(&description, "the description", ACTIVATION)?)? {
        activation if activation.mixes_channels() => {
            let name = activation_name(activation);
            Err(Error::config(format!("{name} is no function of one number, but of all channels together")))
        }
        activation => Ok(activation),
    }
}

/// The derivatives, taken from outputs or inputs as `apply_derivative` says.
fn slopes(activation: Activation, values: &[f32]) -> Vec<f32> {
    let mut slopes = vec![1.0; values.len()];
    let level = convscope_kernels::level();
    activations::apply_derivative(level, activation, values, &mut slopes, values.len());
    slopes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::activation_is_signed;
    use alloc::string::ToString;

    #[test]
    fn curves_have_the_slope_that_they_say() {
        let step = 1.0 / 256.0;
        let x: Vec<f32> = (-1024..1024).map(|index| (index as f32 + 0.5) * step).collect();
        for name in ["linear", "relu", "leaky_relu", "elu", "sigmoid", "tanh"] {
            let curve = activation_curve(&format!(r#"{{"activation": "{name}"}}"#), &x).unwrap();
            let (values, derivatives) = curve.split_at(x.len());
            for index in 1..x.len() - 1 {
                let slope = (values[index + 1] - values[index - 1]) / (2.0 * step);
                let corner = x[index].abs() < 2.0 * step;
                assert!(corner || (slope - derivatives[index]).abs() < 1e-3, "{name} at {}", x[index]);
            }
        }
        assert_eq!(activation_curve(r#"{"activation": "sigmoid"}"#, &[0.0]).unwrap(), [0.5, 0.25]);
    }

    #[test]
    fn relative_slopes_reach_1_and_are_never_above() {
        let x: Vec<f32> = (-1024..=1024).map(|index| index as f32 / 128.0).collect();
        for (class_name, config) in [
            ("linear", "{}"),
            ("relu", "{}"),
            ("LeakyReLU", r#"{"negative_slope": 0.1}"#),
            ("LeakyReLU", r#"{"negative_slope": 3}"#),
            ("ELU", r#"{"alpha": 0.5}"#),
            ("ELU", r#"{"alpha": 2.5}"#),
            ("sigmoid", "{}"),
            ("tanh", "{}"),
        ] {
            let text = format!(r#"{{"activation": {{"class_name": "{class_name}", "config": {config}}}}}"#);
            let curve = activation_curve(&text, &x).unwrap();
            let slopes = relative_slopes(&text, &curve[..x.len()]).unwrap();
            let largest = slopes.iter().copied().fold(0.0, f32::max);
            assert!((largest - 1.0).abs() < 0.01, "{text}: {largest}");
        }
    }

    #[test]
    fn signed_activations_are_those_that_fall_below_zero() {
        let x: Vec<f32> = (-64..64).map(|index| index as f32 / 8.0).collect();
        for text in [
            r#""linear""#,
            r#""relu""#,
            r#""leaky_relu""#,
            r#"{"class_name": "LeakyReLU", "config": {"negative_slope": 0}}"#,
            r#""elu""#,
            r#"{"class_name": "ELU", "config": {"alpha": 0}}"#,
            r#""sigmoid""#,
            r#""tanh""#,
        ] {
            let text = format!(r#"{{"activation": {text}}}"#);
            let curve = activation_curve(&text, &x).unwrap();
            let negative = curve[..x.len()].iter().any(|&value| value < 0.0);
            assert_eq!(activation_is_signed(function_of_one_number(&text).unwrap()), negative, "{text}");
        }
    }

    #[test]
    fn what_is_no_curve_is_refused() {
        for (text, words) in [
            (r#"{"activation": "softmax"}"#, "softmax"),
            (r#"{"activation": "swich"}"#, "swich"),
            ("relu", "JSON"),
        ] {
            let error = activation_curve(text, &[0.0]).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
        assert!(activation_curve("{}", &vec![0.0; MAX_CURVE_POINTS + 1]).is_err());
    }
}
