//! UnitNormalization: the channels of each position are brought to a length of 1.

use super::{Backward, Forward, Layer, Operation, check_last_axis};
use crate::Result;
use crate::config::Arguments::{self, Read};
use crate::config::LayerConfig;
use crate::shape::Shape;

const ARGUMENTS: &[Arguments] = &[Read(&["axis"])];

/// The shortest length that is divided by.
const EPSILON: f64 = 1e-12;

/// `x / √Σx²`, the sum over the channels of one position of one example.
pub(super) struct UnitNormalization {
    shape: Shape,
}

impl UnitNormalization {
    pub(super) fn new(config: &LayerConfig, shape: Shape) -> Result<Self> {
        check_last_axis(&config.fields(ARGUMENTS)?, shape)?;
        Ok(Self { shape })
    }
}

/// What the channels are multiplied by.
fn factor(inputs: &[f32]) -> f32 {
    let square: f64 = inputs.iter().map(|&input| f64::from(input) * f64::from(input)).sum();
    (1.0 / libm::sqrt(square).max(EPSILON)) as f32
}

impl Layer for UnitNormalization {
    fn output_shape(&self) -> Shape {
        self.shape
    }

    fn operation(&self) -> Operation {
        Operation::Function
    }

    fn sees_everything(&self) -> bool {
        matches!(self.shape, Shape::Vector(_))
    }

    fn forward(&self, pass: Forward<'_>) {
        let channels = self.shape.channels();
        for (inputs, outputs) in pass.input.chunks_exact(channels).zip(pass.output.chunks_exact_mut(channels))
        {
            let factor = factor(inputs);
            outputs.iter_mut().zip(inputs).for_each(|(output, input)| *output = input * factor);
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let channels = self.shape.channels();
        let Some(input_gradient) = pass.input_gradient else { return };
        let examples = pass.input.chunks_exact(channels).zip(pass.output_gradient.chunks_exact(channels));
        for ((inputs, gradients), targets) in examples.zip(input_gradient.chunks_exact_mut(channels)) {
            let factor = factor(inputs);
            let unit = |channel: usize| inputs[channel] * factor;
            // The part of the gradient along the vector would only change its length.
            let along: f32 =
                gradients.iter().enumerate().map(|(channel, gradient)| gradient * unit(channel)).sum();
            for (channel, target) in targets.iter_mut().enumerate() {
                *target = factor * (gradients[channel] - unit(channel) * along);
            }
        }
    }
}
