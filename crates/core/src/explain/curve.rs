//! The curve of an activation function and of its derivative.

use crate::config::{self, Fields};
use crate::layers::{ACTIVATION, activation_field};
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
use convscope_kernels::activations::{self, Activation};

/// The most numbers that [`activation_curve`] takes.
pub const MAX_CURVE_POINTS: usize = 1 << 16;

/// What an activation function makes of each number of `x`, then its derivative at each: `[2, n]`. `text` is
/// JSON with one field, `activation`: Keras' name of the function, or what Keras serialises. At a corner the
/// derivative is that from below.
///
/// # Errors
/// If the text is not JSON, the function is not supported, it is softmax, which needs all channels at once, or
/// there are more than [`MAX_CURVE_POINTS`] numbers.
pub fn activation_curve(text: &str, x: &[f32]) -> Result<Vec<f32>> {
    let description = config::parse(text, "description")?;
    let activation = activation_field(&Fields::of_object(&description, "the description", ACTIVATION)?)?;
    if activation == Activation::Softmax {
        return Err(Error::config("softmax is no function of one number, but of all channels together"));
    }
    if x.len() > MAX_CURVE_POINTS {
        return Err(Error::limit(format!("x: at most {MAX_CURVE_POINTS} numbers, got {}", x.len())));
    }
    let level = convscope_kernels::level();
    let mut curve = x.to_vec();
    activations::apply(level, activation, &mut curve, 1, x.len());
    let mut derivatives = vec![1.0; x.len()];
    activations::apply_derivative(level, activation, &curve, &mut derivatives, 1, x.len());
    curve.append(&mut derivatives);
    Ok(curve)
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn what_is_no_curve_is_refused() {
        for (text, words) in [
            (r#"{"activation": "softmax"}"#, "softmax"),
            (r#"{"activation": "swish"}"#, "swish"),
            ("relu", "JSON"),
        ] {
            let error = activation_curve(text, &[0.0]).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
        assert!(activation_curve("{}", &vec![0.0; MAX_CURVE_POINTS + 1]).is_err());
    }
}
