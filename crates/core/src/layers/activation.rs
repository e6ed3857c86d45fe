//! Activation: a function applied to every value on its own, or softmax over the channels.

#[cfg(feature = "complete")]
use super::functions;
use super::{Backward, Forward, Layer};
use crate::Result;
use crate::config::Arguments::{self, Read, Unsupported};
use crate::config::{Fields, LayerConfig, layer_fields};
use crate::shape::Shape;
use alloc::string::String;
use convscope_kernels::activations::Activation;
use serde_json::{Map, Value};

/// The argument that [`activation_field`] reads.
pub(crate) const ACTIVATION: &[Arguments] = &[Read(&["activation"])];

/// Reads the field `activation` of a layer; absent means linear.
pub(crate) fn activation_field(fields: &Fields<'_>) -> Result<Activation> {
    let Some((name, config)) = fields.optional_named("activation")? else { return Ok(Activation::Linear) };
    named(name, &config).map_err(|error| error.within("activation"))
}

const RELU: &[Arguments] = &[Read(&["negative_slope", "threshold"]), Unsupported(&["max_value"])];
const LEAKY_RELU: &[Arguments] = &[Read(&["negative_slope", "alpha"])];
const ELU: &[Arguments] = &[Read(&["alpha"])];
const SOFTMAX: &[Arguments] = &[Read(&["axis"])];

/// A function by its name, or a layer that is nothing but an activation, with the arguments in `config`.
fn named(name: &str, config: &Map<String, Value>) -> Result<Activation> {
    let fields = |arguments| layer_fields(config, name, arguments);
    let plain = |activation| fields(&[]).map(|_| activation);
    let leaky_relu = |default| {
        let fields = fields(LEAKY_RELU)?;
        // Keras 2 calls the slope alpha. Where both stand, Keras 3 takes that.
        let slope = if fields.value("alpha").is_some() { "alpha" } else { "negative_slope" };
        let negative_slope = fields.number_in(slope, 0.0..=f32::MAX, default)?;
        Ok(Activation::LeakyRelu { negative_slope })
    };
    Ok(match name {
        #[cfg(feature = "complete")]
        "relu" | "ReLU" if functions::is_bounded(config) => {
            Activation::Further(functions::named(name, config)?)
        }
        "linear" => plain(Activation::Linear)?,
        "relu" | "ReLU" => {
            let fields = fields(RELU)?;
            fields.number_in("threshold", 0.0..=0.0, 0.0)?;
            match fields.number_in("negative_slope", 0.0..=f32::MAX, 0.0)? {
                0.0 => Activation::Relu,
                negative_slope => Activation::LeakyRelu { negative_slope },
            }
        }
        "leaky_relu" => leaky_relu(0.2)?,
        "LeakyReLU" => leaky_relu(0.3)?,
        "elu" | "ELU" => Activation::Elu { alpha: fields(ELU)?.number_in("alpha", 0.0..=f32::MAX, 1.0)? },
        "sigmoid" => plain(Activation::Sigmoid)?,
        "tanh" => plain(Activation::Tanh)?,
        "softmax" | "Softmax" => {
            fields(SOFTMAX)?.only("axis", &Value::from(-1))?;
            Activation::Softmax
        }
        #[cfg(feature = "complete")]
        _ => Activation::Further(functions::named(name, config)?),
        #[cfg(not(feature = "complete"))]
        other => {
            return Err(crate::Error::config(alloc::format!(
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
        #[cfg(feature = "complete")]
        Activation::Further(function) => functions::name(function),
    }
}

/// Whether an activation gives a number below 0 for any.
pub(crate) fn activation_is_signed(activation: Activation) -> bool {
    match activation {
        Activation::Linear | Activation::Tanh => true,
        Activation::LeakyRelu { negative_slope: below } | Activation::Elu { alpha: below } => below > 0.0,
        Activation::Relu | Activation::Sigmoid | Activation::Softmax => false,
        #[cfg(feature = "complete")]
        Activation::Further(function) => functions::is_signed(function),
    }
}

/// A layer that only applies an activation.
pub(super) struct ActivationLayer {
    activation: Activation,
    shape: Shape,
}

impl ActivationLayer {
    pub(super) fn new(config: &LayerConfig, shape: Shape) -> Result<Self> {
        Ok(Self { activation: activation_field(&config.fields(ACTIVATION)?)?, shape })
    }

    /// The layers `ReLU`, `LeakyReLU`, `ELU` and `Softmax`, which carry their arguments themselves.
    pub(super) fn from_class(config: &LayerConfig, shape: Shape) -> Result<Self> {
        Ok(Self { activation: named(&config.class_name, &config.arguments)?, shape })
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
