//! Activation: a function applied to every value on its own, or softmax over the channels.

use super::{Backward, Forward, Layer};
use crate::config::Fields;
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::format;
use convscope_kernels::activations::Activation;
use serde_json::Value;

/// Reads the field `activation` of a layer; absent means linear.
pub(crate) fn activation_field(fields: &Fields<'_>) -> Result<Activation> {
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
