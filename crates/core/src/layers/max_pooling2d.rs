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
}

impl Layer for MaxPooling2D {
    fn output_shape(&self) -> Shape {
        self.0.output_shape()
    }

    fn window(&self) -> Option<Window2D> {
        Some(self.0.window)
    }

    fn operation(&self) -> Operation {
        Operation::Maximum
    }

    fn forward(&self, pass: Forward<'_>) {
        pooling::max(pass.level, &self.0.window, pass.input, pass.output);
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        pooling::max_gradient(
            pass.level,
            &self.0.window,
            pass.input,
            pass.output,
            pass.output_gradient,
            input_gradient,
        );
    }
}
