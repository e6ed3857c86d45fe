//! BatchNormalization: each channel is brought to mean 0 and variance 1, then scaled and shifted.

use super::{Backward, Forward, Layer, Operation, WeightSpec, check_last_axis};
use crate::Result;
use crate::config::Arguments::{self, Complete, Ignored, Read, Unsupported};
use crate::config::LayerConfig;
use crate::initializers::Initializer;
use crate::regularizers::Regularizer;
use crate::shape::Shape;
use alloc::{vec, vec::Vec};
use convscope_kernels::Write;

/// There is one worker where it trains, so that `synchronized` says nothing; `renorm_momentum` needs `renorm`.
const ARGUMENTS: &[Arguments] = &[
    Read(&["axis", "momentum", "epsilon", "scale", "center"]),
    Read(&[
        "gamma_initializer",
        "beta_initializer",
        "moving_mean_initializer",
        "moving_variance_initializer",
    ]),
    Read(&["gamma_regularizer", "beta_regularizer"]),
    Complete(&["gamma_constraint", "beta_constraint"]),
    Unsupported(&["renorm", "renorm_clipping"]),
    Ignored(&["synchronized", "renorm_momentum"]),
];

/// `gamma · (x − mean) / √(variance + epsilon) + beta` a channel (Ioffe and Szegedy 2015). In
/// training mean and variance are the batch's, and the moving ones follow them with `momentum`;
/// otherwise they are the moving ones. The variance is the biased one, as in Keras.
pub(super) struct BatchNormalization {
    shape: Shape,
    momentum: f32,
    epsilon: f32,
    /// A frozen layer keeps to its moving statistics, in training too.
    trainable: bool,
    weights: Vec<WeightSpec>,
}

impl BatchNormalization {
    pub(super) fn new(config: &LayerConfig, shape: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        check_last_axis(&fields, shape)?;
        let mut weights = Vec::new();
        let mut add = |name, initializer: &str, regularizer: &str, default, trainable| -> Result<()> {
            weights.push(WeightSpec {
                name,
                shape: vec![shape.channels()],
                initializer: Initializer::from_field(&fields, initializer, default)?,
                regularizer: Regularizer::from_field(&fields, regularizer)?,
                trainable,
            });
            Ok(())
        };
        if fields.optional_flag("scale")?.unwrap_or(true) {
            add("gamma", "gamma_initializer", "gamma_regularizer", Initializer::Ones, true)?;
        }
        if fields.optional_flag("center")?.unwrap_or(true) {
            add("beta", "beta_initializer", "beta_regularizer", Initializer::Zeros, true)?;
        }
        add("moving_mean", "moving_mean_initializer", "", Initializer::Zeros, false)?;
        add("moving_variance", "moving_variance_initializer", "", Initializer::Ones, false)?;
        Ok(Self {
            shape,
            momentum: fields.number_in("momentum", 0.0..=1.0, 0.99)?,
            epsilon: fields.number_in("epsilon", 0.0..=1.0, 0.001)?,
            trainable: config.trainable,
            weights,
        })
    }

    /// One weight's values, or none where the layer doesn't have it.
    fn weight<'a>(&self, name: &str, weights: &'a [f32]) -> Option<&'a [f32]> {
        let place = self.weights.iter().position(|weight| weight.name == name)?;
        weights.chunks_exact(self.shape.channels()).nth(place)
    }

    /// Where the channel's values lie in all examples.
    fn channel(&self, channel: usize, examples: usize) -> impl Iterator<Item = usize> + use<> {
        (channel..examples * self.shape.len()).step_by(self.shape.channels())
    }
}

impl Layer for BatchNormalization {
    fn output_shape(&self) -> Shape {
        self.shape
    }

    fn weights(&self) -> Vec<WeightSpec> {
        self.weights.clone()
    }

    fn operation(&self) -> Operation {
        Operation::Normalization
    }

    /// The factor `gamma / √(variance + epsilon)` and the shift `beta − mean · factor` that it comes to
    /// outside of training.
    fn weights_of(&self, channel: usize, weights: &[f32]) -> (Vec<f32>, f32) {
        let value = |name, default| self.weight(name, weights).map_or(default, |values| values[channel]);
        let factor = value("gamma", 1.0) / libm::sqrtf(value("moving_variance", 1.0) + self.epsilon);
        (vec![factor], value("beta", 0.0) - value("moving_mean", 0.0) * factor)
    }

    fn needs_whole_batch(&self) -> bool {
        self.trainable
    }

    /// The mean and the variance of every channel.
    fn saved_len(&self, _examples: usize) -> usize {
        2 * self.shape.channels()
    }

    fn forward(&self, pass: Forward<'_>) {
        let channels = self.shape.channels();
        let (means, variances) = pass.saved.split_at_mut(channels);
        if pass.training.is_some() && self.trainable {
            let count = (self.shape.positions() * pass.examples) as f64;
            for channel in 0..channels {
                let values =
                    || self.channel(channel, pass.examples).map(|index| f64::from(pass.input[index]));
                let mean = values().sum::<f64>() / count;
                means[channel] = mean as f32;
                variances[channel] =
                    (values().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count) as f32;
            }
        } else {
            means.copy_from_slice(self.weight("moving_mean", pass.weights).unwrap_or(&[]));
            variances.copy_from_slice(self.weight("moving_variance", pass.weights).unwrap_or(&[]));
        }
        let (gamma, beta) = (self.weight("gamma", pass.weights), self.weight("beta", pass.weights));
        for channel in 0..channels {
            let scale =
                gamma.map_or(1.0, |gamma| gamma[channel]) / libm::sqrtf(variances[channel] + self.epsilon);
            let shift = beta.map_or(0.0, |beta| beta[channel]);
            for index in self.channel(channel, pass.examples) {
                pass.output[index] = (pass.input[index] - means[channel]) * scale + shift;
            }
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let channels = self.shape.channels();
        let (means, variances) = pass.saved.split_at(channels);
        let gamma = self.weight("gamma", pass.weights);
        let count = (self.shape.positions() * pass.examples) as f32;
        if pass.write == Write::Set {
            pass.weight_gradients.fill(0.0);
        }
        let mut input_gradient = pass.input_gradient;
        for channel in 0..channels {
            let inverse_deviation = 1.0 / libm::sqrtf(variances[channel] + self.epsilon);
            let scale = gamma.map_or(1.0, |gamma| gamma[channel]);
            let (mut sum, mut product) = (0.0_f64, 0.0_f64);
            for index in self.channel(channel, pass.examples) {
                let gradient = pass.output_gradient[index];
                sum += f64::from(gradient);
                product += f64::from(gradient * (pass.input[index] - means[channel]));
            }
            let (sum, product) = (sum as f32, product as f32 * inverse_deviation);
            let mut gradients = pass.weight_gradients.chunks_exact_mut(channels);
            if gamma.is_some()
                && let Some(gradients) = gradients.next()
            {
                gradients[channel] += product;
            }
            if self.weight("beta", pass.weights).is_some()
                && let Some(gradients) = gradients.next()
            {
                gradients[channel] += sum;
            }
            let Some(input_gradient) = input_gradient.as_deref_mut() else { continue };
            // In training the batch's own mean and variance depend on every input.
            let (mean_of_sum, mean_of_product) =
                if pass.training && self.trainable { (sum / count, product / count) } else { (0.0, 0.0) };
            for index in self.channel(channel, pass.examples) {
                let normalized = (pass.input[index] - means[channel]) * inverse_deviation;
                input_gradient[index] = scale
                    * inverse_deviation
                    * (pass.output_gradient[index] - mean_of_sum - normalized * mean_of_product);
            }
        }
    }

    fn update_state(&self, saved: &[f32], weights: &mut [f32]) {
        if !self.trainable {
            return;
        }
        let channels = self.shape.channels();
        let trained = weights.len() - 2 * channels;
        for (moving, &batch) in weights[trained..].iter_mut().zip(saved) {
            *moving = *moving * self.momentum + batch * (1.0 - self.momentum);
        }
    }
}
