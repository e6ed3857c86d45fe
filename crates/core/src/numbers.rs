//! What is done to numbers in many places, without what the standard library's versions bring along: a panic,
//! or the formatting of floats, each kilobytes of a WebAssembly file.

use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};

/// `len` zeros, or an error where there is no memory for them.
pub(crate) fn zeros(len: usize) -> Result<Vec<f32>> {
    filled(len, 0.0)
}

/// `len` times `value`, or an error where there is no memory for them.
pub(crate) fn filled<T: Copy>(len: usize, value: T) -> Result<Vec<T>> {
    let mut values = room(len)?;
    values.resize(len, value);
    Ok(values)
}

/// An empty vector with room for `len` values.
fn room<T>(len: usize) -> Result<Vec<T>> {
    let mut values = Vec::new();
    let mebibytes = (len.saturating_mul(size_of::<T>()) >> 20).max(1);
    values.try_reserve_exact(len).map_err(|_| Error::limit(format!("no memory for {mebibytes} MiB more")))?;
    Ok(values)
}

/// Whether there is memory for `bytes` more, for those who hand over that many and would be stopped otherwise.
///
/// # Errors
/// `limit` if there is not.
pub fn check_memory(bytes: usize) -> Result<()> {
    // A vector that nobody looks at is never made.
    core::hint::black_box(room::<u8>(bytes)?);
    Ok(())
}

/// `value.clamp(low, high)`, but it cannot panic. A NaN stays one.
pub(crate) fn clamp(value: f32, low: f32, high: f32) -> f32 {
    if value < low {
        low
    } else if value > high {
        high
    } else {
        value
    }
}

/// The index of the largest value, the first of equals.
pub(crate) fn argmax(values: &[f32]) -> usize {
    (1..values.len()).fold(0, |best, index| if values[index] > values[best] { index } else { best })
}

/// Refuses NaN and infinities, naming where the first one is.
pub(crate) fn check_finite(values: &[f32], what: &str) -> Result<()> {
    if convscope_kernels::elementwise::all_finite(convscope_kernels::level(), values) {
        return Ok(());
    }
    check_each(values, what, "finite", f32::is_finite)
}

/// Refuses numbers below 0, naming where the first one is.
pub(crate) fn check_not_negative(values: &[f32], what: &str) -> Result<()> {
    check_each(values, what, "from 0 up", |value| value >= 0.0)
}

fn check_each(values: &[f32], what: &str, needed: &str, holds: fn(f32) -> bool) -> Result<()> {
    match values.iter().position(|&value| !holds(value)) {
        Some(index) => Err(Error::value(format!(
            "{what}: every number must be {needed}, number {index} is {}",
            decimal(values[index])
        ))),
        None => Ok(()),
    }
}

/// A number in a message, by the JSON writer's digits, which are in the WebAssembly file anyway.
pub(crate) fn decimal(value: f32) -> String {
    if value.is_finite() {
        return serde_json::to_string(&value).unwrap_or_default();
    }
    String::from(if value.is_nan() { "NaN" } else { "infinity" })
}
