//! The arguments of layers that slide a window over an image.

use super::{DATA_FORMAT, check_data_format};
use crate::Result;
use crate::config::Arguments::{self, Read, Shared};
use crate::config::Fields;
use crate::shape::{Padding, Window2D, window_2d};

/// The arguments that [`window_fields`] reads.
pub(super) const WINDOW: &[Arguments] = &[Read(&["strides", "padding"]), Shared(DATA_FORMAT)];

/// A window of `size` on an image, with the stride and the padding that `fields` says.
pub(super) fn window_fields(
    fields: &Fields<'_>,
    image: [usize; 2],
    size: [usize; 2],
    default_stride: [usize; 2],
) -> Result<Window2D> {
    check_data_format(fields)?;
    let stride = fields.optional_pair("strides")?.unwrap_or(default_stride);
    window_2d(image, size, stride, padding_field(fields)?)
}

/// Keras' `padding`, which it writes in lower case and reads in any.
pub(super) fn padding_field(fields: &Fields<'_>) -> Result<Padding> {
    let choices = [
        ("valid", Padding::Valid),
        ("same", Padding::Same),
        ("VALID", Padding::Valid),
        ("SAME", Padding::Same),
    ];
    Ok(fields.choice("padding", &choices)?.unwrap_or(Padding::Valid))
}
