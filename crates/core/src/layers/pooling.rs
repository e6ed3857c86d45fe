//! What max and average pooling share: a window that slides over every channel on its own.

use super::window::{WINDOW, window_fields};
#[cfg(feature = "complete")]
use super::{check_data_format, dilation::on_a_row, window::padding_field};
use crate::Result;
use crate::config::Arguments::{self, Read, Shared};
use crate::config::LayerConfig;
#[cfg(feature = "complete")]
use crate::shape::window;
use crate::shape::{Shape, Window2D};

const ARGUMENTS: &[Arguments] = &[Read(&["pool_size"]), Shared(WINDOW)];

/// The arguments `pool_size`, `strides` (by default the pool's size) and `padding`, settled for one input.
pub(super) struct Pooling {
    pub(super) window: Window2D,
    pub(super) channels: usize,
    pub(super) output: Shape,
}

impl Pooling {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        let [height, width, channels] = input.image(&config.class_name)?;
        let size = fields.optional_pair("pool_size")?.unwrap_or([2, 2]);
        let window = window_fields(&fields, [height, width], size, size)?;
        let output = Shape::Image([window.rows.output, window.columns.output, channels]);
        Ok(Self { window, channels, output })
    }

    /// The same along the steps of a sequence, as over the one row of an image.
    #[cfg(feature = "complete")]
    pub(super) fn of_sequence(config: &LayerConfig, input: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        check_data_format(&fields)?;
        let [steps, channels] = input.sequence(&config.class_name)?;
        let size = fields.optional_single("pool_size")?.unwrap_or(2);
        let stride = fields.optional_single("strides")?.unwrap_or(size);
        let window = on_a_row(window(steps, size, stride, padding_field(&fields)?)?)?;
        let output = Shape::Sequence([window.columns.output, channels]);
        Ok(Self { window, channels, output })
    }
}
