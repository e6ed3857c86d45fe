//! The product of rows with rows: a sum over vectors for each pair of them.

use super::{Rows, Target};
use crate::tiles::transposed;
use crate::{Level, WIDEST};
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
    let Target { values, stride } = target;
    let mut column = 0;
    while column < columns {
        let groups = (columns - column) / lanes;
        for row in 0..rows {
            let target = &mut values[row * stride + column..];
            let (left, right) = (left.starting_at(row), right.starting_at(column));
            match groups {
                0 => dot(simd, depth, left, right, target),
                1 => tile::<S, 1>(simd, depth, left, right, target),
                // Two groups of columns have as many sums under way as are needed.
                _ => tile::<S, 2>(simd, depth, left, right, target),
            }
        }
        column += if groups == 0 { 1 } else { groups.min(2) * lanes };
    }
}

/// The sums of a row with one or two times as many columns as a vector has lanes.
#[inline(always)]
fn tile<S: Simd, const GROUPS: usize>(
    simd: S,
    depth: usize,
    left: Rows<'_>,
    right: Rows<'_>,
    target: &mut [f32],
) {
    let lanes = S::f32s::LEN;
    let [left]: [&[f32]; 1] = left.leading(depth);
    let mut groups = [[&[][..]; WIDEST]; GROUPS];
    for group in 0..GROUPS {
        for lane in 0..lanes {
            let start = (group * lanes + lane) * right.stride + right.first;
            groups[group][lane] = &right.values[start..][..depth];
        }
    }
    let mut sums = [[S::f32s::splat(simd, 0.0); WIDEST]; GROUPS];
    for start in (0..depth).step_by(lanes) {
        let factor = S::f32s::from_slice(simd, &left[start..start + lanes]);
        for group in 0..GROUPS {
            for lane in 0..lanes {
                let column = S::f32s::from_slice(simd, &groups[group][lane][start..start + lanes]);
                sums[group][lane] = factor.mul_add(column, sums[group][lane]);
            }
        }
    }
    for group in 0..GROUPS {
        // The lanes of a sum become the same lane of as many vectors, to be added all at once.
        let parts = transposed::<S>(sums[group]);
        let mut sum = parts[0];
        for lane in 1..lanes {
            sum += parts[lane];
        }
        sum.store_slice(&mut target[group * lanes..][..lanes]);
    }
}

#[inline(always)]
fn dot<S: Simd>(simd: S, depth: usize, left: Rows<'_>, right: Rows<'_>, target: &mut [f32]) {
    let ([left], [right]) = (left.leading(depth), right.leading(depth));
    let mut sums = S::f32s::splat(simd, 0.0);
    for start in (0..depth).step_by(S::f32s::LEN) {
        let column = S::f32s::from_slice(simd, &right[start..start + S::f32s::LEN]);
        sums = S::f32s::from_slice(simd, &left[start..start + S::f32s::LEN]).mul_add(column, sums);
    }
    target[0] = sums.as_slice().iter().sum();
}
