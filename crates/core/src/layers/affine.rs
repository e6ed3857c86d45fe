//! What layers share that scale and shift every value on its own, as its channel says.

use crate::config::Fields;
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};

/// `(input − center) · factor + offset`
#[derive(Clone, Copy)]
pub(super) struct Affine {
    pub(super) center: f32,
    pub(super) factor: f32,
    pub(super) offset: f32,
}

impl Affine {
    /// As a factor and what is added behind it.
    pub(super) fn weights(self) -> (Vec<f32>, f32) {
        (vec![self.factor], self.offset - self.center * self.factor)
    }
}

/// Applies to the values of each channel what `of` says of it.
pub(super) fn forward(channels: usize, input: &[f32], output: &mut [f32], of: &dyn Fn(usize) -> Affine) {
    for channel in 0..channels {
        let Affine { center, factor, offset } = of(channel);
        let values = input.iter().skip(channel).step_by(channels);
        for (output, value) in output.iter_mut().skip(channel).step_by(channels).zip(values) {
            *output = (value - center) * factor + offset;
        }
    }
}

/// Takes the gradients back.
pub(super) fn backward(channels: usize, from: &[f32], to: &mut [f32], of: &dyn Fn(usize) -> Affine) {
    forward(channels, from, to, &|channel| Affine { center: 0.0, offset: 0.0, ..of(channel) });
}

/// The numbers of an argument: one for all channels of `input`, or one for each.
pub(super) fn numbers_field(fields: &Fields<'_>, name: &str, input: Shape) -> Result<Option<Vec<f32>>> {
    let Some(numbers) = fields.optional_numbers(name)? else { return Ok(None) };
    if numbers.len() != 1 && numbers.len() != input.channels() {
        return Err(Error::shape(format!(
            "{name}: expected 1 number or one for each of the {} channels, got {}",
            input.channels(),
            numbers.len()
        )));
    }
    Ok(Some(numbers))
}

/// The number of a channel.
pub(super) fn number_of(numbers: &[f32], channel: usize) -> f32 {
    numbers.get(channel).or(numbers.first()).copied().unwrap_or(0.0)
}
