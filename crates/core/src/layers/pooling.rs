//! What max and average pooling share: a window that slides over every channel on its own.

use super::window::{WINDOW, window_fields};
use crate::Result;
use crate::config::Arguments::{self, Read, Shared};
use crate::config::LayerConfig;
use crate::shape::{Shape, Window2D};

const ARGUMENTS: &[Arguments] = &[Read(&["pool_size"]), Shared(WINDOW)];

/// The arguments `pool_size`, `strides` (by default the pool's size) and `padding`, settled for one input.
pub(super) struct Pooling {
    pub(super) window: Window2D,
    pub(super) channels: usize,
}

impl Pooling {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        let [height, width, channels] = input.image(&config.class_name)?;
        let size = fields.optional_pair("pool_size")?.unwrap_or([2, 2]);
        let window = window_fields(&fields, [height, width], size, size)?;
        Ok(Self { window, channels })
    }

    pub(super) fn output_shape(&self) -> Shape {
        Shape::Image([self.window.rows.output, self.window.columns.output, self.channels])
    }
}
