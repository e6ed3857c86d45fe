//! Dropout: in training, a random share of the values is set to zero.

use super::{Backward, Forward, Layer};
use crate::Result;
use crate::config::Arguments::{self, Ignored, Read, Unsupported};
use crate::config::LayerConfig;
use crate::shape::Shape;

/// The model's seed decides what is dropped.
const ARGUMENTS: &[Arguments] = &[Read(&["rate"]), Unsupported(&["noise_shape"]), Ignored(&["seed"])];

/// Each value is zero with probability `rate`, else scaled by `1 / (1 − rate)` (Srivastava et al.
/// 2014, in the inverted form that Keras has). The identity outside of training.
pub(super) struct Dropout {
    rate: f32,
    shape: Shape,
}

impl Dropout {
    pub(super) fn new(config: &LayerConfig, shape: Shape) -> Result<Self> {
        Ok(Self { rate: config.fields(ARGUMENTS)?.required_number_in("rate", 0.0..=1.0)?, shape })
    }
}

impl Layer for Dropout {
    fn output_shape(&self) -> Shape {
        self.shape
    }

    fn passes_on(&self) -> bool {
        true
    }

    fn saved_len(&self, examples: usize) -> usize {
        self.shape.len() * examples
    }

    fn forward(&self, pass: Forward<'_>) {
        let Some(training) = pass.training else { return pass.output.copy_from_slice(pass.input) };
        let len = self.shape.len();
        // The chance of 2³² equally likely words that a value is dropped.
        let threshold = (f64::from(self.rate) * 4_294_967_296.0) as u64;
        let scale = if self.rate < 1.0 { 1.0 / (1.0 - self.rate) } else { 0.0 };
        for (example, mask) in pass.saved[..len * pass.examples].chunks_exact_mut(len).enumerate() {
            let mut random = training.random(example);
            mask.fill_with(|| if u64::from(random.bits()) < threshold { 0.0 } else { scale });
        }
        for ((output, &input), &factor) in pass.output.iter_mut().zip(pass.input).zip(pass.saved.iter()) {
            *output = input * factor;
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        if !pass.training {
            return input_gradient.copy_from_slice(pass.output_gradient);
        }
        for ((gradient, &output), &factor) in
            input_gradient.iter_mut().zip(pass.output_gradient).zip(pass.saved)
        {
            *gradient = output * factor;
        }
    }
}
