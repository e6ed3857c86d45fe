//! What max and average pooling share: a window that slides over every channel on its own.

use super::check_data_format;
use super::conv2d::padding_field;
use crate::Result;
use crate::config::Fields;
use crate::shape::{Shape, Window2D, window_2d};

/// The arguments `pool_size`, `strides` (by default the pool's size) and `padding`, settled for one input.
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
}
