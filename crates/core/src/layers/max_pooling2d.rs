//! MaxPooling2D: the largest value under a window.

use super::pooling::Pooling;
use super::{Backward, Forward, Layer, Operation};
use crate::Result;
use crate::config::LayerConfig;
use crate::shape::{Shape, Window2D};
use convscope_kernels::pooling;

/// The largest value of each channel under each position of the window; padding is never the largest.
pub(super) struct MaxPooling2D(Pooling);

impl MaxPooling2D {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        Pooling::new(config, input).map(Self)
    }

    /// The same along the steps of a sequence.
    #[cfg(feature = "complete")]
    pub(super) fn of_sequence(config: &LayerConfig, input: Shape) -> Result<Self> {
        Pooling::of_sequence(config, input).map(Self)
    }
}

impl Layer for MaxPooling2D {
    fn output_shape(&self) -> Shape {
        self.0.output
    }

    fn window(&self) -> Option<Window2D> {
        Some(self.0.window)
    }

    fn operation(&self) -> Operation {
        Operation::Maximum
    }

    fn max_pool(&self) -> Option<Window2D> {
        Some(self.0.window)
    }

    /// The cells that the maxima were found in.
    fn marks_len(&self, examples: usize) -> usize {
        self.0.output.len() * examples
    }

    fn forward(&self, pass: Forward<'_>) {
        let Pooling { window, channels, .. } = &self.0;
        pooling::max(pass.level, window, *channels, pass.input, pass.output, pass.marks);
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        let Pooling { window, channels, .. } = &self.0;
        pooling::max_gradient(window, *channels, pass.marks, pass.output_gradient, input_gradient);
    }
}
