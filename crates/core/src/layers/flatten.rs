//! Flatten: an image as one vector, in Keras' order (row, column, channel).

use super::{Backward, DATA_FORMAT, Forward, Layer, check_data_format};
use crate::Result;
use crate::config::LayerConfig;
use crate::shape::Shape;
use convscope_kernels::transpose;

/// `(height, width, channels)` → `(height · width · channels,)`; a vector stays as it is.
pub(super) struct Flatten {
    input: Shape,
}

impl Flatten {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        check_data_format(&config.fields(DATA_FORMAT)?)?;
        Ok(Self { input })
    }
}

impl Layer for Flatten {
    fn output_shape(&self) -> Shape {
        Shape::Vector(self.input.len())
    }

    fn sees_everything(&self) -> bool {
        true
    }

    fn passes_on(&self) -> bool {
        true
    }

    fn forward(&self, pass: Forward<'_>) {
        let (positions, channels) = (self.input.positions(), self.input.channels());
        let examples = pass.input.chunks_exact(self.input.len());
        for (planes, vector) in examples.zip(pass.output.chunks_exact_mut(self.input.len())) {
            transpose(planes, positions, vector, channels);
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        let (positions, channels) = (self.input.positions(), self.input.channels());
        let examples = pass.output_gradient.chunks_exact(self.input.len());
        for (vector, planes) in examples.zip(input_gradient.chunks_exact_mut(self.input.len())) {
            transpose(vector, channels, planes, positions);
        }
    }
}
