//! Normalization: each channel is brought to mean 0 and variance 1, as measured once on data.

use super::affine::{self, Affine, number_of, numbers_field};
use super::{Backward, Forward, Layer, Operation, WeightSpec};
use crate::config::Arguments::{self, Read};
use crate::config::{LayerConfig, echo};
use crate::initializers::Initializer;
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
use convscope_kernels::Write;

const ARGUMENTS: &[Arguments] = &[Read(&["axis", "invert", "mean", "variance"])];

/// Keras' `epsilon()`: no deviation is smaller.
const SMALLEST_DEVIATION: f32 = 1e-7;

/// `(input − mean) / √variance` a channel, or over all channels with `axis` null; with `invert` the way back,
/// `mean + input · √variance`. Mean and variance are arguments, or weights that were measured.
pub(super) struct Normalization {
    shape: Shape,
    invert: bool,
    given: Option<Statistics>,
    /// Statistics of one: those of all channels together.
    channels: usize,
    weights: Vec<WeightSpec>,
}

struct Statistics {
    mean: Vec<f32>,
    variance: Vec<f32>,
}

impl Normalization {
    pub(super) fn new(config: &LayerConfig, shape: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        let last = shape.sizes().len() as i64;
        let is_last = |axis: &serde_json::Value| axis.as_i64().is_some_and(|axis| axis == -1 || axis == last);
        // Keras writes the list of the axes that keep statistics of their own, and null or none as an empty one.
        let channels = match (config.arguments.get("axis"), fields.value("axis")) {
            (None, _) => shape.channels(),
            (Some(_), None) => 1,
            (_, Some(axis)) => match axis.as_array().map(Vec::as_slice) {
                Some([]) => 1,
                Some([axis]) if is_last(axis) => shape.channels(),
                None if is_last(axis) => shape.channels(),
                _ => {
                    return Err(Error::config(format!(
                        "axis: only the last axis ({last} or -1) or null is supported, got {}",
                        echo(axis)
                    )));
                }
            },
        };
        let given = match (numbers_field(&fields, "mean", shape)?, numbers_field(&fields, "variance", shape)?)
        {
            (Some(mean), Some(variance)) => {
                if let Some(below) = variance.iter().find(|&&variance| variance < 0.0) {
                    return Err(Error::config(format!("variance: expected none below 0, got {below}")));
                }
                Some(Statistics { mean, variance })
            }
            (None, None) => None,
            _ => return Err(Error::config("mean and variance: expected both or none of them, got one")),
        };
        // Statistics over all axes are numbers without an axis.
        let sizes = if channels == shape.channels() { vec![channels] } else { Vec::new() };
        let weight = |name, shape: &[usize], initializer| WeightSpec {
            name,
            shape: shape.to_vec(),
            initializer,
            regularizer: None,
            trainable: false,
        };
        let weights = match given {
            Some(_) => Vec::new(),
            None => vec![
                weight("mean", &sizes, Initializer::Zeros),
                weight("variance", &sizes, Initializer::Ones),
                weight("count", &[], Initializer::Zeros),
            ],
        };
        let invert = fields.optional_flag("invert")?.unwrap_or(false);
        Ok(Self { shape, invert, given, channels, weights })
    }

    fn of(&self, channel: usize, weights: &[f32]) -> Affine {
        let (mean, variance) = match &self.given {
            Some(Statistics { mean, variance }) => (&mean[..], &variance[..]),
            None => (&weights[..self.channels], &weights[self.channels..2 * self.channels]),
        };
        let mean = number_of(mean, channel);
        let deviation = libm::sqrtf(number_of(variance, channel)).max(SMALLEST_DEVIATION);
        match self.invert {
            true => Affine { center: 0.0, factor: deviation, offset: mean },
            false => Affine { center: mean, factor: 1.0 / deviation, offset: 0.0 },
        }
    }
}

impl Layer for Normalization {
    fn output_shape(&self) -> Shape {
        self.shape
    }

    fn weights(&self) -> Vec<WeightSpec> {
        self.weights.clone()
    }

    fn operation(&self) -> Operation {
        Operation::Normalization
    }

    fn weights_of(&self, channel: usize, weights: &[f32]) -> (Vec<f32>, f32) {
        self.of(channel, weights).weights()
    }

    fn forward(&self, pass: Forward<'_>) {
        let of = |channel| self.of(channel, pass.weights);
        affine::forward(self.shape.channels(), pass.input, pass.output, &of);
    }

    fn backward(&self, pass: Backward<'_>) {
        if pass.write == Write::Set {
            pass.weight_gradients.fill(0.0);
        }
        let Some(input_gradient) = pass.input_gradient else { return };
        let of = |channel| self.of(channel, pass.weights);
        affine::backward(self.shape.channels(), pass.output_gradient, input_gradient, &of);
    }
}
