//! Reshape: the same values in the same order, in another shape.

use super::{Backward, Cells, Forward, Layer};
use crate::Result;
use crate::config::Arguments::{self, Read};
use crate::config::LayerConfig;
use crate::shape::{Shape, reshaped};

const ARGUMENTS: &[Arguments] = &[Read(&["target_shape"])];

/// `target_shape`, of which one size may be −1: what is left.
pub(super) struct Reshape {
    output: Shape,
}

impl Reshape {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        let target = config.fields(ARGUMENTS)?.whole_numbers("target_shape")?;
        let output = reshaped(input, &target).map_err(|error| error.within("target_shape"))?;
        Ok(Self { output })
    }
}

impl Layer for Reshape {
    fn output_shape(&self) -> Shape {
        self.output
    }

    fn sees_everything(&self) -> bool {
        true
    }

    /// As Flatten does; in an image or a sequence the values have other neighbours than before.
    fn passes_on(&self) -> bool {
        matches!(self.output, Shape::Vector(_))
    }

    fn cells(&self, [row, column, channel]: [usize; 3], source: [usize; 3]) -> Option<Cells> {
        let [_, width, channels] = self.output.maps();
        Some(Cells::number((row * width + column) * channels + channel, source))
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
