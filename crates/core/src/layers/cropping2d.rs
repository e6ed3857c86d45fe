//! Cropping2D: rows and columns of an image are cut off.

use super::border::Border;
use super::{Backward, Cells, DATA_FORMAT, Forward, Layer, check_data_format};
use crate::Result;
use crate::config::Arguments::{self, Read, Shared};
use crate::config::LayerConfig;
use crate::shape::{Shape, cropped};

const ARGUMENTS: &[Arguments] = &[Read(&["cropping"]), Shared(DATA_FORMAT)];

/// `cropping` rows and columns are cut off on all four sides, by default none.
pub(super) struct Cropping2D(Border);

impl Cropping2D {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        check_data_format(&fields)?;
        let [height, width, channels] = input.image(&config.class_name)?;
        let [rows, columns] = fields.optional_sides("cropping")?.unwrap_or_default();
        let inner = [cropped(height, rows)?, cropped(width, columns)?];
        Ok(Self(Border { outer: [height, width], inner, before: [rows[0], columns[0]], channels }))
    }
}

impl Layer for Cropping2D {
    fn output_shape(&self) -> Shape {
        let [height, width] = self.0.inner;
        Shape::Image([height, width, self.0.channels])
    }

    fn cropped(&self) -> Option<[usize; 2]> {
        Some(self.0.before)
    }

    fn cells(&self, [row, column, channel]: [usize; 3], source: [usize; 3]) -> Option<Cells> {
        let [top, left] = self.0.before;
        Some(Cells::one([top + row, left + column, channel], source))
    }

    fn forward(&self, pass: Forward<'_>) {
        self.0.take_off(pass.input, pass.output);
    }

    fn backward(&self, pass: Backward<'_>) {
        if let Some(input_gradient) = pass.input_gradient {
            self.0.put_on(pass.output_gradient, input_gradient);
        }
    }
}
