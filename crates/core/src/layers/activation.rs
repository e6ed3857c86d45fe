//! Activation: a function applied to every value on its own, or softmax over the channels.

use super::{Backward, Forward, Layer};
use crate::config::{self, Fields};
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
use convscope_kernels::activations::{self, Activation};
use serde_json::Value;

/// Reads the field `activation` of a layer; absent means linear.
pub(super) fn activation_field(fields: &Fields<'_>) -> Result<Activation> {
    let Some((name, config)) = fields.optional_named("activation")? else { return Ok(Activation::Linear) };
    named(name, &Fields::new(&config)).map_err(|error| error.within("activation"))
}

fn named(name: &str, config: &Fields<'_>) -> Result<Activation> {
    let leaky_relu = |default| {
        let negative_slope = config.number_in("negative_slope", 0.0..=f32::MAX, default)?;
        Ok(Activation::LeakyRelu { negative_slope })
    };
    Ok(match name {
        "linear" => Activation::Linear,
        "relu" | "ReLU" => {
            config.only("max_value", &Value::Null)?;
            config.number_in("threshold", 0.0..=0.0, 0.0)?;
            match config.number_in("negative_slope", 0.0..=f32::MAX, 0.0)? {
                0.0 => Activation::Relu,
                negative_slope => Activation::LeakyRelu { negative_slope },
            }
        }
        "leaky_relu" => return leaky_relu(0.2),
        "LeakyReLU" => return leaky_relu(0.3),
        "elu" | "ELU" => Activation::Elu { alpha: config.number_in("alpha", 0.0..=f32::MAX, 1.0)? },
        "sigmoid" => Activation::Sigmoid,
        "tanh" => Activation::Tanh,
        "softmax" | "Softmax" => {
            config.only("axis", &Value::from(-1))?;
            Activation::Softmax
        }
        other => {
            return Err(Error::config(format!(
                "expected linear, relu, leaky_relu, elu, sigmoid, tanh or softmax, got {other}"
            )));
        }
    })
}

/// Keras' name of an activation.
pub(crate) fn activation_name(activation: Activation) -> &'static str {
    match activation {
        Activation::Linear => "linear",
        Activation::Relu => "relu",
        Activation::LeakyRelu { .. } => "leaky_relu",
        Activation::Elu { .. } => "elu",
        Activation::Sigmoid => "sigmoid",
        Activation::Tanh => "tanh",
        Activation::Softmax => "softmax",
    }
}

/// The most numbers that [`activation_curve`] takes.
pub const MAX_CURVE_POINTS: usize = 1 << 16;

/// What an activation function makes of each number of `x`, then its derivative at each: `[2, n]`. `text` is
/// JSON with one field, `activation`: Keras' name of the function, or what Keras serialises. At a corner the
/// derivative is that from below.
///
/// # Errors
/// If the text is not JSON, the function is not supported or, as softmax, none of a single number, or there
/// are more than [`MAX_CURVE_POINTS`] numbers.
pub fn activation_curve(text: &str, x: &[f32]) -> Result<Vec<f32>> {
    let description = config::parse(text, "description")?;
    let activation = activation_field(&Fields::of_object(&description, "the description")?)?;
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

/// A layer that only applies an activation.
pub(super) struct ActivationLayer {
    activation: Activation,
    shape: Shape,
}

impl ActivationLayer {
    pub(super) fn new(fields: &Fields<'_>, shape: Shape) -> Result<Self> {
        Ok(Self { activation: activation_field(fields)?, shape })
    }

    /// The layers `ReLU`, `LeakyReLU`, `ELU` and `Softmax`, which carry their arguments themselves.
    pub(super) fn from_class(class_name: &str, fields: &Fields<'_>, shape: Shape) -> Result<Self> {
        Ok(Self { activation: named(class_name, fields)?, shape })
    }
}

impl Layer for ActivationLayer {
    fn output_shape(&self) -> Shape {
        self.shape
    }

    fn activation(&self) -> Activation {
        self.activation
    }

    fn forward(&self, pass: Forward<'_>) {
        pass.output.copy_from_slice(pass.input);
    }

    fn backward(&self, pass: Backward<'_>) {
        if let Some(input_gradient) = pass.input_gradient {
            input_gradient.copy_from_slice(pass.output_gradient);
        }
    }
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
