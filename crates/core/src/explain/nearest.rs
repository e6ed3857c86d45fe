//! The rows of a table that lie nearest to one.

use crate::numbers::check_finite;
use crate::{Error, Result};
use alloc::{format, vec::Vec};

/// The most rows that [`nearest_rows`] looks for.
pub const MAX_NEAREST: usize = 256;

/// The indices of the `count` rows, `[n, row's length]`, nearest to `row`, and their Euclidean distances,
/// nearest first. There are fewer where there are fewer rows; of equally near ones the first come first.
///
/// # Errors
/// If `rows` doesn't hold whole rows of finite numbers, or `count` is not 1 to [`MAX_NEAREST`].
pub fn nearest_rows(rows: &[f32], row: &[f32], count: usize) -> Result<(Vec<u32>, Vec<f32>)> {
    check_rows(rows, row.len())?;
    check_finite(row, "row")?;
    if !(1..=MAX_NEAREST).contains(&count) {
        return Err(Error::value(format!("count: 1 to {MAX_NEAREST}, got {count}")));
    }
    let (mut indices, mut squares) = (Vec::new(), Vec::new());
    for (index, other) in rows.chunks_exact(row.len()).enumerate() {
        let square: f64 = other
            .iter()
            .zip(row)
            .map(|(&a, &b)| (f64::from(a) - f64::from(b)) * (f64::from(a) - f64::from(b)))
            .sum();
        let mut place = squares.len();
        while place > 0 && square < squares[place - 1] {
            place -= 1;
        }
        if place < count {
            squares.insert(place, square);
            indices.insert(place, index as u32);
            squares.truncate(count);
            indices.truncate(count);
        }
    }
    Ok((indices, squares.iter().map(|&square| libm::sqrt(square) as f32).collect()))
}

/// Refuses anything but whole rows of `width` finite numbers, at least one; answers with their number.
pub(super) fn check_rows(rows: &[f32], width: usize) -> Result<usize> {
    if width == 0 || rows.is_empty() || !rows.len().is_multiple_of(width) {
        return Err(Error::shape(format!(
            "rows: needs whole rows of {width} numbers, got {} numbers",
            rows.len()
        )));
    }
    check_finite(rows, "rows")?;
    Ok(rows.len() / width)
}
