//! ZeroPadding2D: rows and columns of zeros around an image.

use super::border::Border;
use super::{Backward, DATA_FORMAT, Forward, Layer, check_data_format};
use crate::Result;
use crate::config::Arguments::{self, Read, Shared};
use crate::config::LayerConfig;
use crate::shape::{Shape, Window2D, padded_axis};

const ARGUMENTS: &[Arguments] = &[Read(&["padding"]), Shared(DATA_FORMAT)];

/// `padding` rows and columns of zeros on all four sides, by default one.
pub(super) struct ZeroPadding2D {
    /// A cell of the image, or of the padding.
    window: Window2D,
    border: Border,
}

impl ZeroPadding2D {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        check_data_format(&fields)?;
        let [height, width, channels] = input.image(&config.class_name)?;
        let [rows, columns] = fields.optional_sides("padding")?.unwrap_or([[1, 1], [1, 1]]);
        let window = Window2D { rows: padded_axis(height, rows)?, columns: padded_axis(width, columns)? };
        let border = Border {
            outer: [window.rows.output, window.columns.output],
            inner: [height, width],
            before: [window.rows.before, window.columns.before],
            channels,
        };
        Ok(Self { window, border })
    }
}

impl Layer for ZeroPadding2D {
    fn output_shape(&self) -> Shape {
        let [height, width] = self.border.outer;
        Shape::Image([height, width, self.border.channels])
    }

    fn window(&self) -> Option<Window2D> {
        Some(self.window)
    }

    fn forward(&self, pass: Forward<'_>) {
        self.border.put_on(pass.input, pass.output);
    }

    fn backward(&self, pass: Backward<'_>) {
        if let Some(input_gradient) = pass.input_gradient {
            self.border.take_off(pass.output_gradient, input_gradient);
        }
    }
}
