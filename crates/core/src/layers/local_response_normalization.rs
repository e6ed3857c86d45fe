//! LocalResponseNormalization: strong channels damp their neighbours. It is no layer of Keras' own but a registered one,
//! `convscope>LocalResponseNormalization`, since AlexNet cannot do without it.

use super::{Backward, Forward, Layer, Operation};
use crate::Result;
use crate::config::Arguments::{self, Read};
use crate::config::LayerConfig;
use crate::shape::Shape;
use core::ops::Range;

const ARGUMENTS: &[Arguments] = &[Read(&["depth_radius", "bias", "alpha", "beta"])];

/// `x / (bias + alpha · Σx²)^beta`, the sum over the channels of the same pixel that are at most `depth_radius` away
/// (Krizhevsky, Sutskever, Hinton 2012, section 3.3). Arguments and defaults are those of
/// `tf.nn.local_response_normalization`. PyTorch's `LocalResponseNorm` has `size = 2 · depth_radius + 1`, calls the bias
/// `k`, and divides alpha by the size first: its `alpha` is `size` times this one.
pub(super) struct LocalResponseNormalization {
    shape: Shape,
    depth_radius: usize,
    bias: f32,
    alpha: f32,
    beta: f32,
}

impl LocalResponseNormalization {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        input.image("LocalResponseNormalization")?;
        let depth_radius = fields.optional_seed("depth_radius")?.unwrap_or(5);
        Ok(Self {
            shape: input,
            depth_radius: usize::try_from(depth_radius).unwrap_or(usize::MAX),
            bias: fields.number_in("bias", f32::MIN_POSITIVE..=f32::MAX, 1.0)?,
            alpha: fields.number_in("alpha", 0.0..=f32::MAX, 1.0)?,
            beta: fields.number_in("beta", 0.0..=f32::MAX, 0.5)?,
        })
    }

    /// The channels that a channel is damped by, and damps.
    fn neighbours(&self, channel: usize, channels: usize) -> Range<usize> {
        channel.saturating_sub(self.depth_radius)..channel.saturating_add(self.depth_radius + 1).min(channels)
    }

    /// `bias + alpha · Σx²` of one channel.
    fn base(&self, inputs: &[f32], channel: usize) -> f32 {
        let square: f32 =
            inputs[self.neighbours(channel, inputs.len())].iter().map(|input| input * input).sum();
        self.bias + self.alpha * square
    }
}

impl Layer for LocalResponseNormalization {
    fn output_shape(&self) -> Shape {
        self.shape
    }

    fn operation(&self) -> Operation {
        Operation::Function
    }

    /// For the way back, `gradient · x · base^(−beta − 1)` of one pixel.
    fn scratch_len(&self, _examples: usize) -> usize {
        self.shape.channels()
    }

    fn forward(&self, pass: Forward<'_>) {
        let channels = self.shape.channels();
        for (inputs, outputs) in pass.input.chunks_exact(channels).zip(pass.output.chunks_exact_mut(channels))
        {
            for (channel, output) in outputs.iter_mut().enumerate() {
                *output = inputs[channel] * libm::powf(self.base(inputs, channel), -self.beta);
            }
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let channels = self.shape.channels();
        let Some(input_gradient) = pass.input_gradient else { return };
        let damped = &mut pass.scratch[..channels];
        let examples = pass.input.chunks_exact(channels).zip(pass.output_gradient.chunks_exact(channels));
        for ((inputs, gradients), targets) in examples.zip(input_gradient.chunks_exact_mut(channels)) {
            for channel in 0..channels {
                let base = self.base(inputs, channel);
                let power = libm::powf(base, -self.beta);
                targets[channel] = gradients[channel] * power;
                damped[channel] = gradients[channel] * inputs[channel] * power / base;
            }
            for (channel, target) in targets.iter_mut().enumerate() {
                let sum: f32 = damped[self.neighbours(channel, channels)].iter().sum();
                *target -= 2.0 * self.alpha * self.beta * inputs[channel] * sum;
            }
        }
    }
}
