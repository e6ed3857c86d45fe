//! What max and average pooling share: a window that slides over every channel on its own.

use super::check_data_format;
use super::conv2d::padding_field;
use crate::Result;
use crate::config::Fields;
use crate::shape::{Shape, Window2D, window_2d};

/// The arguments `pool_size`, `strides` (by default the pool's size) and `padding`, settled for one input.
#[derive(Debug)]
pub(super) struct Pooling {
    pub(super) window: Window2D,
    channels: usize,
}

impl Pooling {
    pub(super) fn new(class_name: &str, fields: &Fields<'_>, input: Shape) -> Result<Self> {
        check_data_format(fields)?;
        let [height, width, channels] = input.image(class_name)?;
        let size = fields.optional_pair("pool_size")?.unwrap_or([2, 2]);
        let stride = fields.optional_pair("strides")?.unwrap_or(size);
        let window = window_2d([height, width], size, stride, padding_field(fields)?)?;
        Ok(Self { window, channels })
    }

    pub(super) fn output_shape(&self) -> Shape {
        Shape::Image([self.window.rows.output, self.window.columns.output, self.channels])
    }

    pub(super) fn input_plane(&self) -> usize {
        self.window.rows.input * self.window.columns.input
    }

    pub(super) fn output_plane(&self) -> usize {
        self.window.outputs()
    }

    /// Visits every position of the window on one plane: the output's index and the pixels under it.
    #[inline(always)]
    pub(super) fn for_each_position(&self, mut visit: impl FnMut(usize, Pixels)) {
        let Window2D { rows, columns } = &self.window;
        for output_row in 0..rows.output {
            let (top, bottom) = rows.span(output_row);
            for output_column in 0..columns.output {
                let (left, right) = columns.span(output_column);
                let pixels = Pixels { top, bottom, left, right, width: columns.input };
                visit(output_row * columns.output + output_column, pixels);
            }
        }
    }
}

/// The pixels under a window, those in the padding left out.
#[derive(Clone, Copy)]
pub(super) struct Pixels {
    top: usize,
    bottom: usize,
    left: usize,
    right: usize,
    width: usize,
}

impl Pixels {
    /// Their indices in the plane, row by row.
    #[inline(always)]
    pub(super) fn indices(self) -> impl Iterator<Item = usize> {
        (self.top..self.bottom)
            .flat_map(move |row| row * self.width + self.left..row * self.width + self.right)
    }

    pub(super) fn count(self) -> usize {
        (self.bottom - self.top) * (self.right - self.left)
    }
}
