//! The product of rows with rows: a sum over vectors for each pair of them.

use super::{Rows, Target};
use crate::tiles::transposed;
use crate::{Level, WIDEST, Write};
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
    let lanes = S::f32s::LEN;
    let depth = depth.next_multiple_of(lanes);
    let Target { values, stride, write } = target;
    let mut column = 0;
    while column < columns {
        let groups = (columns - column) / lanes;
        // A single row needs two groups of columns to have as many sums under way.
        let width = match (rows, groups) {
            (_, 0) => 1,
            (1, 2..) => 2 * lanes,
            _ => lanes,
        };
        let mut row = 0;
        while row < rows {
            let height = if width == lanes && rows - row >= 2 { 2 } else { 1 };
            let target = Target::new(&mut values[row * stride + column..], stride, write);
            let (left, right) = (left.starting_at(row), right.starting_at(column));
            if groups == 0 {
                dot(simd, depth, left, right, target);
            } else if height == 2 {
                tile::<S, 2, 1>(simd, depth, left, right, target);
            } else if width == lanes {
                tile::<S, 1, 1>(simd, depth, left, right, target);
            } else {
                tile::<S, 1, 2>(simd, depth, left, right, target);
            }
            row += height;
        }
        column += width;
    }
}

/// The sums of a few rows with one or two times as many columns as a vector has lanes.
#[inline(always)]
fn tile<S: Simd, const HEIGHT: usize, const GROUPS: usize>(
    simd: S,
    depth: usize,
    left: Rows<'_>,
    right: Rows<'_>,
    target: Target<'_>,
) {
    let lanes = S::f32s::LEN;
    let left: [&[f32]; HEIGHT] = left.leading(depth);
    let mut groups = [[&[][..]; WIDEST]; GROUPS];
    for group in 0..GROUPS {
        for lane in 0..lanes {
            let start = (group * lanes + lane) * right.stride + right.first;
            groups[group][lane] = &right.values[start..][..depth];
        }
    }
    let mut sums = [[[S::f32s::splat(simd, 0.0); WIDEST]; GROUPS]; HEIGHT];
    for start in (0..depth).step_by(lanes) {
        let mut factors = [S::f32s::splat(simd, 0.0); HEIGHT];
        for row in 0..HEIGHT {
            factors[row] = S::f32s::from_slice(simd, &left[row][start..start + lanes]);
        }
        for group in 0..GROUPS {
            for lane in 0..lanes {
                let column = S::f32s::from_slice(simd, &groups[group][lane][start..start + lanes]);
                for row in 0..HEIGHT {
                    sums[row][group][lane] = factors[row].mul_add(column, sums[row][group][lane]);
                }
            }
        }
    }
    for row in 0..HEIGHT {
        let values = &mut target.values[row * target.stride..][..GROUPS * lanes];
        for group in 0..GROUPS {
            // The lanes of a sum become the same lane of as many vectors, to be added all at once.
            let parts = transposed::<S>(sums[row][group]);
            let mut sum = parts[0];
            for lane in 1..lanes {
                sum += parts[lane];
            }
            let values = &mut values[group * lanes..][..lanes];
            if target.write == Write::Add {
                sum += S::f32s::from_slice(simd, values);
            }
            sum.store_slice(values);
        }
    }
}

#[inline(always)]
fn dot<S: Simd>(simd: S, depth: usize, left: Rows<'_>, right: Rows<'_>, target: Target<'_>) {
    let ([left], [right]) = (left.leading(depth), right.leading(depth));
    let mut sums = S::f32s::splat(simd, 0.0);
    for start in (0..depth).step_by(S::f32s::LEN) {
        let column = S::f32s::from_slice(simd, &right[start..start + S::f32s::LEN]);
        sums = S::f32s::from_slice(simd, &left[start..start + S::f32s::LEN]).mul_add(column, sums);
    }
    let sum: f32 = sums.as_slice().iter().sum();
    let value = &mut target.values[0];
    *value = if target.write == Write::Set { sum } else { *value + sum };
}
