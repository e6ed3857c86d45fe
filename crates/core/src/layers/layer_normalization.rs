//! LayerNormalization: the channels of each position are brought to mean 0 and variance 1, then scaled and shifted.

use super::{Backward, Forward, Layer, Operation, WeightSpec, check_last_axis};
use crate::Result;
use crate::config::Arguments::{self, Complete, Read, Unsupported};
use crate::config::LayerConfig;
use crate::initializers::Initializer;
use crate::regularizers::Regularizer;
use crate::shape::Shape;
use alloc::{vec, vec::Vec};
use convscope_kernels::Write;

const ARGUMENTS: &[Arguments] = &[
    Read(&["axis", "epsilon", "center", "scale"]),
    Read(&["gamma_initializer", "beta_initializer", "gamma_regularizer", "beta_regularizer"]),
    Complete(&["gamma_constraint", "beta_constraint"]),
    Unsupported(&["rms_scaling"]),
];

/// `gamma · (x − mean) / √(variance + epsilon) + beta`, mean and variance over the channels of one position of one example
/// (Ba, Kiros, Hinton 2016), in training as outside of it.
pub(super) struct LayerNormalization {
    shape: Shape,
    epsilon: f64,
    scale: bool,
    center: bool,
    weights: Vec<WeightSpec>,
}

impl LayerNormalization {
    pub(super) fn new(config: &LayerConfig, shape: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        check_last_axis(&fields, shape)?;
        let scale = fields.optional_flag("scale")?.unwrap_or(true);
        let center = fields.optional_flag("center")?.unwrap_or(true);
        let mut weights = Vec::new();
        for (wanted, name, initializer, regularizer, default) in [
            (scale, "gamma", "gamma_initializer", "gamma_regularizer", Initializer::Ones),
            (center, "beta", "beta_initializer", "beta_regularizer", Initializer::Zeros),
        ] {
            if wanted {
                weights.push(WeightSpec {
                    name,
                    shape: vec![shape.channels()],
                    initializer: Initializer::from_field(&fields, initializer, default)?,
                    regularizer: Regularizer::from_field(&fields, regularizer)?,
                    trainable: true,
                });
            }
        }
        let epsilon = fields.number_in("epsilon", 0.0..=f32::MAX, 1e-3)?.into();
        Ok(Self { shape, epsilon, scale, center, weights })
    }

    /// The mean and what differences from it are multiplied by.
    fn statistics(&self, inputs: &[f32]) -> [f32; 2] {
        let count = inputs.len() as f64;
        let mean = inputs.iter().map(|&input| f64::from(input)).sum::<f64>() / count;
        let square = |&input: &f32| (f64::from(input) - mean) * (f64::from(input) - mean);
        let variance = inputs.iter().map(square).sum::<f64>() / count;
        [mean as f32, (1.0 / libm::sqrt(variance + self.epsilon)) as f32]
    }
}

impl Layer for LayerNormalization {
    fn output_shape(&self) -> Shape {
        self.shape
    }

    fn weights(&self) -> Vec<WeightSpec> {
        self.weights.clone()
    }

    fn operation(&self) -> Operation {
        Operation::Function
    }

    fn sees_everything(&self) -> bool {
        matches!(self.shape, Shape::Vector(_))
    }

    fn forward(&self, pass: Forward<'_>) {
        let channels = self.shape.channels();
        let (gamma, beta) = pass.weights.split_at(if self.scale { channels } else { 0 });
        for (inputs, outputs) in pass.input.chunks_exact(channels).zip(pass.output.chunks_exact_mut(channels))
        {
            let [mean, factor] = self.statistics(inputs);
            for (output, input) in outputs.iter_mut().zip(inputs) {
                *output = (input - mean) * factor;
            }
            outputs.iter_mut().zip(gamma).for_each(|(output, gamma)| *output *= gamma);
            outputs.iter_mut().zip(beta).for_each(|(output, beta)| *output += beta);
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let channels = self.shape.channels();
        if pass.write == Write::Set {
            pass.weight_gradients.fill(0.0);
        }
        let gamma = |channel: usize| if self.scale { pass.weights[channel] } else { 1.0 };
        let (gamma_gradients, beta_gradients) =
            pass.weight_gradients.split_at_mut(if self.scale { channels } else { 0 });
        let mut input_gradients = pass.input_gradient.map(|gradient| gradient.chunks_exact_mut(channels));
        for (inputs, gradients) in
            pass.input.chunks_exact(channels).zip(pass.output_gradient.chunks_exact(channels))
        {
            let [mean, factor] = self.statistics(inputs);
            let normalized = |channel: usize| (inputs[channel] - mean) * factor;
            for (channel, gradient) in gamma_gradients.iter_mut().enumerate() {
                *gradient += gradients[channel] * normalized(channel);
            }
            if self.center {
                beta_gradients.iter_mut().zip(gradients).for_each(|(sum, gradient)| *sum += gradient);
            }
            let Some(targets) = input_gradients.as_mut().and_then(Iterator::next) else { continue };
            // Mean and variance depend on every channel.
            let (mut sum, mut product) = (0.0_f64, 0.0_f64);
            for (channel, gradient) in gradients.iter().enumerate() {
                let gradient = gradient * gamma(channel);
                sum += f64::from(gradient);
                product += f64::from(gradient * normalized(channel));
            }
            let (sum, product) = ((sum / channels as f64) as f32, (product / channels as f64) as f32);
            for (channel, target) in targets.iter_mut().enumerate() {
                let gradient = gradients[channel] * gamma(channel);
                *target = factor * (gradient - sum - normalized(channel) * product);
            }
        }
    }
}
