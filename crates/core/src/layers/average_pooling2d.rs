//! AveragePooling2D: the mean under a window.

use super::pooling::Pooling;
use super::{Backward, Forward, Layer, Operation};
use crate::Result;
use crate::config::LayerConfig;
use crate::shape::{Shape, Window2D};
use convscope_kernels::pooling;

/// The mean of each channel under each position of the window; padding is not counted.
pub(super) struct AveragePooling2D(Pooling);

impl AveragePooling2D {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        Pooling::new(config, input).map(Self)
    }

    /// The same along the steps of a sequence.
    #[cfg(feature = "complete")]
    pub(super) fn of_sequence(config: &LayerConfig, input: Shape) -> Result<Self> {
        Pooling::of_sequence(config, input).map(Self)
    }
}

impl Layer for AveragePooling2D {
    fn output_shape(&self) -> Shape {
        self.0.output
    }

    fn window(&self) -> Option<Window2D> {
        Some(self.0.window)
    }

    fn operation(&self) -> Operation {
        Operation::Mean
    }

    fn forward(&self, pass: Forward<'_>) {
        pooling::average(&self.0.window, self.0.channels, pass.input, pass.output);
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        pooling::average_gradient(&self.0.window, self.0.channels, pass.output_gradient, input_gradient);
    }
}
