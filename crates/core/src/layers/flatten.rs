//! Flatten: an image as one vector, in Keras' order (row, column, channel).

use super::{Backward, DATA_FORMAT, Forward, Layer, check_data_format};
use crate::Result;
use crate::config::LayerConfig;
use crate::shape::Shape;

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
        pass.output.copy_from_slice(pass.input);
    }

    fn backward(&self, pass: Backward<'_>) {
        if let Some(input_gradient) = pass.input_gradient {
            input_gradient.copy_from_slice(pass.output_gradient);
        }
    }
}
