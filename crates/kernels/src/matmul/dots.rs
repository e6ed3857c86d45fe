//! The product of rows with rows: a sum over vectors for each pair of them.

use super::{Rows, Target};
use crate::Level;
use crate::Write;
use fearless_simd::{Simd, dispatch, prelude::*};

/// `target[m, n] = Σₖ left[m, k] · right[n, k]` for `m < rows`, `n < columns`, `k < depth`.
///
/// The summed index runs along the rows of both factors, which are read in whole vectors: their
/// strides must be at least `padded(depth)`, with zeros behind `depth` in one of the two and
/// finite numbers in the other.
#[inline(never)]
pub fn product_of_rows(
    level: Level,
    [rows, columns, depth]: [usize; 3],
    left: Rows<'_>,
    right: Rows<'_>,
    target: Target<'_>,
) {
    debug_assert!(left.stride >= crate::padded(depth) && right.stride >= crate::padded(depth));
    dispatch!(level, simd => simd.vectorize(
        #[inline(always)]
        || dots(simd, [rows, columns, depth], left, right, target),
    ));
}

#[inline(always)]
fn dots<S: Simd>(
    simd: S,
    [rows, columns, depth]: [usize; 3],
    left: Rows<'_>,
    right: Rows<'_>,
    target: Target<'_>,
) {
    let depth = depth.next_multiple_of(S::f32s::LEN);
    let Target { values, stride, write } = target;
    let mut column = 0;
    while column < columns {
        // A single row needs more columns to have as many sums under way.
        let width = match (rows, columns - column) {
            (1, 8..) => 8,
            (_, 3..) => 3,
            _ => 1,
        };
        let mut row = 0;
        while row < rows {
            let height = if width == 3 && rows - row >= 3 { 3 } else { 1 };
            let target = Target::new(&mut values[row * stride + column..], stride, write);
            let (left, right) = (left.starting_at(row), right.starting_at(column));
            match (height, width) {
                (3, _) => tile::<S, 3, 3>(simd, depth, left, right, target),
                (_, 8) => tile::<S, 1, 8>(simd, depth, left, right, target),
                (_, 3) => tile::<S, 1, 3>(simd, depth, left, right, target),
                _ => tile::<S, 1, 1>(simd, depth, left, right, target),
            }
            row += height;
        }
        column += width;
    }
}

#[inline(always)]
fn tile<S: Simd, const HEIGHT: usize, const WIDTH: usize>(
    simd: S,
    depth: usize,
    left: Rows<'_>,
    right: Rows<'_>,
    target: Target<'_>,
) {
    let lanes = S::f32s::LEN;
    let left: [&[f32]; HEIGHT] = left.leading(depth);
    let right: [&[f32]; WIDTH] = right.leading(depth);
    let mut sums = [[S::f32s::splat(simd, 0.0); WIDTH]; HEIGHT];
    for start in (0..depth).step_by(lanes) {
        let mut columns = [S::f32s::splat(simd, 0.0); WIDTH];
        for column in 0..WIDTH {
            columns[column] = S::f32s::from_slice(simd, &right[column][start..start + lanes]);
        }
        for row in 0..HEIGHT {
            let factor = S::f32s::from_slice(simd, &left[row][start..start + lanes]);
            for column in 0..WIDTH {
                sums[row][column] = factor.mul_add(columns[column], sums[row][column]);
            }
        }
    }
    for row in 0..HEIGHT {
        let values = &mut target.values[row * target.stride..][..WIDTH];
        for column in 0..WIDTH {
            let sum = sums[row][column];
            let sum: f32 = sum.as_slice().iter().sum();
            values[column] = if target.write == Write::Set { sum } else { values[column] + sum };
        }
    }
}
