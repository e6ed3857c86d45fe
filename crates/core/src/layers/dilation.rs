//! Windows with holes, as `dilation_rate` says.

use super::check_data_format;
use super::conv2d::kernel_size;
use super::window::padding_field;
use crate::config::Fields;
use crate::shape::{Padding, Window2D, dilated_window};
use crate::{Error, Result};
use alloc::format;

/// The window in which a kernel slides over `image`.
pub(super) fn sliding_kernel(fields: &Fields<'_>, image: [usize; 2]) -> Result<Window2D> {
    check_data_format(fields)?;
    let size = kernel_size(fields)?;
    let stride = fields.optional_pair("strides")?.unwrap_or([1, 1]);
    let dilation = fields.optional_pair("dilation_rate")?.unwrap_or([1, 1]);
    let padding = padding_field(fields)?;
    check_one_of(&stride, &dilation)?;
    let axis = |axis: usize| dilated_window(image[axis], size[axis], dilation[axis], stride[axis], padding);
    Ok(Window2D { rows: axis(0)?, columns: axis(1)? })
}

/// The window in which a kernel slides over a sequence of `steps`, as over the one row of an image; `padding` may be
/// causal.
pub(super) fn sliding_kernel_1d(fields: &Fields<'_>, steps: usize) -> Result<Window2D> {
    check_data_format(fields)?;
    let size = fields.optional_single("kernel_size")?;
    let size = size.ok_or_else(|| Error::config("kernel_size: missing"))?;
    let stride = fields.optional_single("strides")?.unwrap_or(1);
    let dilation = fields.optional_single("dilation_rate")?.unwrap_or(1);
    let padding = match fields.optional_text("padding")? {
        Some("causal") => Padding::Causal,
        _ => padding_field(fields)?,
    };
    check_one_of(&[stride], &[dilation])?;
    on_a_row(dilated_window(steps, size, dilation, stride, padding)?)
}

/// `columns` on an image of one row.
pub(super) fn on_a_row(columns: crate::shape::Window) -> Result<Window2D> {
    Ok(Window2D { rows: crate::shape::window(1, 1, 1, Padding::Valid)?, columns })
}

/// Keras has no windows that have holes and move by several cells.
fn check_one_of(strides: &[usize], dilation: &[usize]) -> Result<()> {
    let above_1 = |sizes: &[usize]| sizes.iter().any(|&size| size > 1);
    if above_1(strides) && above_1(dilation) {
        return Err(Error::config(format!(
            "dilation_rate: 1 where strides are above 1, got {dilation:?} with strides {strides:?}"
        )));
    }
    Ok(())
}
