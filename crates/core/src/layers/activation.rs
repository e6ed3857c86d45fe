//! Activation: a function applied to every value on its own, or softmax over the channels.

use super::{Backward, Forward, Layer};
use crate::config::Fields;
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::format;
use serde_json::Value;

/// An activation function, defined as in `keras.activations`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Activation {
    /// x
    Linear,
    /// max(x, 0)
    Relu,
    /// x above zero, `negative_slope · x` below
    LeakyRelu { negative_slope: f32 },
    /// x above zero, `alpha · (eˣ − 1)` below
    Elu { alpha: f32 },
    /// 1 / (1 + e⁻ˣ)
    Sigmoid,
    /// tanh x
    Tanh,
    /// eˣ over the sum of it over all channels
    Softmax,
}

impl Activation {
    /// Reads the field `activation` of a layer; absent means linear.
    pub(crate) fn from_field(fields: &Fields<'_>) -> Result<Self> {
        let Some((name, config)) = fields.optional_named("activation")? else { return Ok(Self::Linear) };
        Self::named(name, &Fields::new(&config)).map_err(|error| error.within("activation"))
    }

    fn named(name: &str, config: &Fields<'_>) -> Result<Self> {
        Ok(match name {
            "linear" => Self::Linear,
            "relu" | "ReLU" => {
                config.only("max_value", &Value::Null)?;
                config.number_in("threshold", 0.0..=0.0, 0.0)?;
                match config.number_in("negative_slope", 0.0..=f32::MAX, 0.0)? {
                    0.0 => Self::Relu,
                    negative_slope => Self::LeakyRelu { negative_slope },
                }
            }
            "leaky_relu" => Self::leaky_relu(config, 0.2)?,
            "LeakyReLU" => Self::leaky_relu(config, 0.3)?,
            "elu" | "ELU" => Self::Elu { alpha: config.number_in("alpha", 0.0..=f32::MAX, 1.0)? },
            "sigmoid" => Self::Sigmoid,
            "tanh" => Self::Tanh,
            "softmax" | "Softmax" => {
                config.only("axis", &Value::from(-1))?;
                Self::Softmax
            }
            other => {
                return Err(Error::config(format!(
                    "expected linear, relu, leaky_relu, elu, sigmoid, tanh or softmax, got {other}"
                )));
            }
        })
    }

    fn leaky_relu(config: &Fields<'_>, default: f32) -> Result<Self> {
        Ok(Self::LeakyRelu { negative_slope: config.number_in("negative_slope", 0.0..=f32::MAX, default)? })
    }
}

/// A layer that only applies an activation.
#[derive(Debug)]
pub(super) struct ActivationLayer {
    activation: Activation,
    shape: Shape,
}

impl ActivationLayer {
    pub(super) fn new(fields: &Fields<'_>, shape: Shape) -> Result<Self> {
        Ok(Self { activation: Activation::from_field(fields)?, shape })
    }

    /// The layers `ReLU`, `LeakyReLU`, `ELU` and `Softmax`, which carry their arguments themselves.
    pub(super) fn from_class(class_name: &str, fields: &Fields<'_>, shape: Shape) -> Result<Self> {
        Ok(Self { activation: Activation::named(class_name, fields)?, shape })
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
