//! GlobalMaxPooling2D and GlobalMaxPooling1D: the largest value of each channel.

use super::global_average_pooling2d::global_shape;
use super::{Backward, Forward, Layer, Operation};
use crate::Result;
use crate::config::LayerConfig;
use crate::shape::Shape;
use convscope_kernels::elementwise::largest;

/// `(height, width, channels)` → `(channels,)`, or `(1, 1, channels)` with `keepdims`; of equal values the first has the
/// gradient.
pub(super) struct GlobalMaxPooling {
    positions: usize,
    output: Shape,
}

impl GlobalMaxPooling {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        let [.., channels] = input.image(&config.class_name)?;
        Ok(Self {
            positions: input.positions(),
            output: global_shape(config, Shape::Image([1, 1, channels]))?,
        })
    }

    /// The same along the steps of a sequence.
    pub(super) fn of_sequence(config: &LayerConfig, input: Shape) -> Result<Self> {
        let [_, channels] = input.sequence(&config.class_name)?;
        Ok(Self {
            positions: input.positions(),
            output: global_shape(config, Shape::Sequence([1, channels]))?,
        })
    }
}

impl Layer for GlobalMaxPooling {
    fn output_shape(&self) -> Shape {
        self.output
    }

    fn sees_everything(&self) -> bool {
        true
    }

    fn operation(&self) -> Operation {
        Operation::Maximum
    }

    fn forward(&self, pass: Forward<'_>) {
        let channels = self.output.len();
        let images = pass.input.chunks_exact(self.positions * channels);
        for (image, maxima) in images.zip(pass.output.chunks_exact_mut(channels)) {
            largest(pass.level, image, maxima);
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        let channels = self.output.len();
        input_gradient.fill(0.0);
        let images = pass.input.chunks_exact(self.positions * channels);
        let targets = input_gradient.chunks_exact_mut(self.positions * channels);
        for ((image, target), gradients) in
            images.zip(targets).zip(pass.output_gradient.chunks_exact(channels))
        {
            for (channel, &gradient) in gradients.iter().enumerate() {
                let place = |position: usize| position * channels + channel;
                let larger =
                    |best, other| if image[place(other)] > image[place(best)] { other } else { best };
                if let Some(winner) = (0..self.positions).reduce(larger) {
                    target[place(winner)] = gradient;
                }
            }
        }
    }
}
