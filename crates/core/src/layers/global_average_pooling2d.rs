//! GlobalAveragePooling2D: one mean a channel.

use super::{Backward, Forward, Layer, check_data_format};
use crate::config::Fields;
use crate::shape::Shape;
use crate::{Error, Result};

/// `(height, width, channels)` → `(channels,)`, the mean over all pixels (Lin, Chen, Yan 2013).
#[derive(Debug)]
pub(super) struct GlobalAveragePooling2D {
    positions: usize,
    channels: usize,
}

impl GlobalAveragePooling2D {
    pub(super) fn new(fields: &Fields<'_>, input: Shape) -> Result<Self> {
        check_data_format(fields)?;
        if fields.optional_flag("keepdims")? == Some(true) {
            return Err(Error::config("keepdims: only false is supported, got true"));
        }
        let [height, width, channels] = input.image("GlobalAveragePooling2D")?;
        Ok(Self { positions: height * width, channels })
    }
}

impl Layer for GlobalAveragePooling2D {
    fn output_shape(&self) -> Shape {
        Shape::Vector(self.channels)
    }

    fn sees_everything(&self) -> bool {
        true
    }

    fn forward(&self, pass: Forward<'_>) {
        for (plane, mean) in pass.input.chunks_exact(self.positions).zip(pass.output) {
            *mean = plane.iter().sum::<f32>() / self.positions as f32;
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        for (plane, &gradient) in input_gradient.chunks_exact_mut(self.positions).zip(pass.output_gradient) {
            plane.fill(gradient / self.positions as f32);
        }
    }
}
