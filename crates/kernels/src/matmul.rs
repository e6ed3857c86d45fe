//! Matrix products in register tiles.

use super::Level;
use fearless_simd::{Simd, dispatch, prelude::*};

/// How a product meets what the target already holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Write {
    /// The target is overwritten.
    Set,
    /// The product is added to the target.
    Add,
}

/// A matrix as rows of `stride` floats, of which the leading ones are used.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// All rows.
    pub values: &'a [f32],
    /// Floats from the start of a row to the next.
    pub stride: usize,
}

impl<'a> Rows<'a> {
    /// Rows of `stride` floats.
    pub fn new(values: &'a [f32], stride: usize) -> Self {
        Self { values, stride }
    }

    fn from(self, row: usize) -> &'a [f32] {
        &self.values[row * self.stride..]
    }
}

/// `target[m, n] = Σₖ left[k, m] · right[k, n]` for `m < rows`, `n < columns`, `k < depth`.
///
/// Both factors lie with the summed index first, so that a step of the sum reads each of them
/// contiguously. `right` is read in whole vectors: its stride must be at least `padded(columns)`.
#[allow(clippy::too_many_arguments)]
pub fn product(
    level: Level,
    [rows, columns, depth]: [usize; 3],
    left: Rows<'_>,
    right: Rows<'_>,
    target: &mut [f32],
    target_stride: usize,
    write: Write,
) {
    debug_assert!(right.stride >= super::padded(columns) && left.stride >= rows);
    dispatch!(level, simd => simd.vectorize(
        #[inline(always)]
        || product_tiles(simd, [rows, columns, depth], left, right, target, target_stride, write),
    ));
}

#[inline(always)]
fn product_tiles<S: Simd>(
    simd: S,
    [rows, columns, depth]: [usize; 3],
    left: Rows<'_>,
    right: Rows<'_>,
    target: &mut [f32],
    target_stride: usize,
    write: Write,
) {
    let lanes = S::f32s::LEN;
    let left = &left.values[..(depth * left.stride).min(left.values.len())].chunks(left.stride);
    let right = &right.values[..depth * right.stride].chunks_exact(right.stride);
    let mut column = 0;
    while column < columns {
        let vectors = (columns - column).div_ceil(lanes).min(3);
        let used = (columns - column).min(vectors * lanes);
        let mut row = 0;
        while row < rows {
            // Wider registers come with twice as many of them.
            let height = match rows - row {
                8.. if lanes == 16 => 8,
                4.. => 4,
                2.. => 2,
                _ => 1,
            };
            let left = left.clone().map(|values| &values[row..row + height]);
            let right = right.clone().map(|values| &values[column..column + vectors * lanes]);
            let out = &mut target[row * target_stride + column..];
            match (height, vectors) {
                (8, 3) => product_tile::<S, 8, 3>(simd, left, right, out, target_stride, used, write),
                (8, 2) => product_tile::<S, 8, 2>(simd, left, right, out, target_stride, used, write),
                (8, _) => product_tile::<S, 8, 1>(simd, left, right, out, target_stride, used, write),
                (4, 3) => product_tile::<S, 4, 3>(simd, left, right, out, target_stride, used, write),
                (4, 2) => product_tile::<S, 4, 2>(simd, left, right, out, target_stride, used, write),
                (4, _) => product_tile::<S, 4, 1>(simd, left, right, out, target_stride, used, write),
                (2, 3) => product_tile::<S, 2, 3>(simd, left, right, out, target_stride, used, write),
                (2, 2) => product_tile::<S, 2, 2>(simd, left, right, out, target_stride, used, write),
                (2, _) => product_tile::<S, 2, 1>(simd, left, right, out, target_stride, used, write),
                (_, 3) => product_tile::<S, 1, 3>(simd, left, right, out, target_stride, used, write),
                (_, 2) => product_tile::<S, 1, 2>(simd, left, right, out, target_stride, used, write),
                _ => product_tile::<S, 1, 1>(simd, left, right, out, target_stride, used, write),
            }
            row += height;
        }
        column += used;
    }
}

#[inline(always)]
fn product_tile<'a, S: Simd, const HEIGHT: usize, const VECTORS: usize>(
    simd: S,
    left: impl Iterator<Item = &'a [f32]>,
    right: impl Iterator<Item = &'a [f32]>,
    target: &mut [f32],
    target_stride: usize,
    used: usize,
    write: Write,
) {
    let lanes = S::f32s::LEN;
    let mut sums = [[S::f32s::splat(simd, 0.0); VECTORS]; HEIGHT];
    for (left, right) in left.zip(right) {
        let (left, right) = (&left[..HEIGHT], &right[..VECTORS * lanes]);
        let mut columns = [S::f32s::splat(simd, 0.0); VECTORS];
        for vector in 0..VECTORS {
            columns[vector] = S::f32s::from_slice(simd, &right[vector * lanes..(vector + 1) * lanes]);
        }
        for row in 0..HEIGHT {
            let factor = S::f32s::splat(simd, left[row]);
            for vector in 0..VECTORS {
                sums[row][vector] = factor.mul_add(columns[vector], sums[row][vector]);
            }
        }
    }
    for (row, sums) in sums.iter().enumerate() {
        let start = row * target_stride;
        let mut chunks = target[start..start + used].chunks_exact_mut(lanes);
        let mut sums = sums.iter();
        for (chunk, &sum) in (&mut chunks).zip(&mut sums) {
            match write {
                Write::Set => sum.store_slice(chunk),
                Write::Add => (S::f32s::from_slice(simd, chunk) + sum).store_slice(chunk),
            }
        }
        let rest = chunks.into_remainder();
        if let (false, Some(sum)) = (rest.is_empty(), sums.next()) {
            for (value, &sum) in rest.iter_mut().zip(sum.as_slice()) {
                *value = if write == Write::Set { sum } else { *value + sum };
            }
        }
    }
}

/// `target[m, n] = Σₖ left[m, k] · right[n, k]` for `m < rows`, `n < columns`, `k < depth`.
///
/// The summed index runs along the rows of both factors, which are read in whole vectors: their
/// strides must be at least `padded(depth)`, with zeros behind `depth` in one of the two and
/// finite numbers in the other.
#[allow(clippy::too_many_arguments)]
pub fn product_of_rows(
    level: Level,
    [rows, columns, depth]: [usize; 3],
    left: Rows<'_>,
    right: Rows<'_>,
    target: &mut [f32],
    target_stride: usize,
    write: Write,
) {
    debug_assert!(left.stride >= super::padded(depth) && right.stride >= super::padded(depth));
    dispatch!(level, simd => simd.vectorize(
        #[inline(always)]
        || dot_tiles(simd, [rows, columns, depth], left, right, target, target_stride, write),
    ));
}

#[inline(always)]
fn dot_tiles<S: Simd>(
    simd: S,
    [rows, columns, depth]: [usize; 3],
    left: Rows<'_>,
    right: Rows<'_>,
    target: &mut [f32],
    target_stride: usize,
    write: Write,
) {
    let depth = depth.next_multiple_of(S::f32s::LEN);
    let mut row = 0;
    while row < rows {
        let height = if rows - row >= 4 { 4 } else { 1 };
        let mut column = 0;
        while column < columns {
            let width = if columns - column >= 3 { 3 } else { 1 };
            let (left_rows, right_rows) = (left.from(row), right.from(column));
            let out = &mut target[row * target_stride + column..];
            let strides = [left.stride, right.stride, target_stride];
            match (height, width) {
                (4, 3) => dot_tile::<S, 4, 3>(simd, left_rows, right_rows, out, strides, depth, write),
                (4, _) => dot_tile::<S, 4, 1>(simd, left_rows, right_rows, out, strides, depth, write),
                (_, 3) => dot_tile::<S, 1, 3>(simd, left_rows, right_rows, out, strides, depth, write),
                _ => dot_tile::<S, 1, 1>(simd, left_rows, right_rows, out, strides, depth, write),
            }
            column += width;
        }
        row += height;
    }
}

#[inline(always)]
fn dot_tile<S: Simd, const HEIGHT: usize, const WIDTH: usize>(
    simd: S,
    left: &[f32],
    right: &[f32],
    target: &mut [f32],
    [left_stride, right_stride, target_stride]: [usize; 3],
    depth: usize,
    write: Write,
) {
    let lanes = S::f32s::LEN;
    let mut left_rows = [left; HEIGHT];
    for (row, values) in left_rows.iter_mut().enumerate() {
        *values = &left[row * left_stride..row * left_stride + depth];
    }
    let mut right_rows = [right; WIDTH];
    for (row, values) in right_rows.iter_mut().enumerate() {
        *values = &right[row * right_stride..row * right_stride + depth];
    }
    let mut sums = [[S::f32s::splat(simd, 0.0); WIDTH]; HEIGHT];
    for start in (0..depth).step_by(lanes) {
        let mut columns = [S::f32s::splat(simd, 0.0); WIDTH];
        for column in 0..WIDTH {
            columns[column] = S::f32s::from_slice(simd, &right_rows[column][start..start + lanes]);
        }
        for row in 0..HEIGHT {
            let factor = S::f32s::from_slice(simd, &left_rows[row][start..start + lanes]);
            for column in 0..WIDTH {
                sums[row][column] = factor.mul_add(columns[column], sums[row][column]);
            }
        }
    }
    for (row, sums) in sums.iter().enumerate() {
        for (sum, value) in sums.iter().zip(&mut target[row * target_stride..]) {
            let sum: f32 = sum.as_slice().iter().sum();
            *value = if write == Write::Set { sum } else { *value + sum };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{Random, assert_close, levels};
    use crate::{padded, transpose};
    use std::{vec, vec::Vec};

    fn matrix(random: &mut Random, rows: usize, columns: usize) -> Vec<f32> {
        let mut values = vec![0.0; rows * padded(columns)];
        for row in values.chunks_exact_mut(padded(columns)) {
            row[..columns].fill_with(|| random.uniform(-1.0, 1.0));
        }
        values
    }

    #[test]
    fn both_products_equal_the_definition_at_every_level_and_edge() {
        let mut random = Random(3);
        for [rows, columns, depth] in
            [[1, 1, 1], [2, 13, 3], [3, 50, 7], [8, 47, 25], [13, 12, 16], [17, 33, 40], [6, 784, 25]]
        {
            let left = matrix(&mut random, depth, rows);
            let right = matrix(&mut random, depth, columns);
            let before: Vec<f32> = (0..rows * columns).map(|_| random.uniform(0.0, 1.0)).collect();
            let mut expected = before.clone();
            for (index, value) in expected.iter_mut().enumerate() {
                let (row, column) = (index / columns, index % columns);
                *value += (0..depth)
                    .map(|k| left[k * padded(rows) + row] * right[k * padded(columns) + column])
                    .sum::<f32>();
            }
            let mut left_rows = vec![0.0; rows * padded(depth)];
            transpose(&left, padded(rows), &mut left_rows, padded(depth));
            let mut right_rows = vec![0.0; padded(columns) * padded(depth)];
            transpose(&right, padded(columns), &mut right_rows, padded(depth));
            for level in levels() {
                let size = [rows, columns, depth];
                let mut target = before.clone();
                let (a, b) = (Rows::new(&left, padded(rows)), Rows::new(&right, padded(columns)));
                product(level, size, a, b, &mut target, columns, Write::Add);
                assert_close(&target, &expected, 1e-5);

                let mut target = before.clone();
                let (a, b) = (Rows::new(&left_rows, padded(depth)), Rows::new(&right_rows, padded(depth)));
                product_of_rows(level, size, a, b, &mut target, columns, Write::Add);
                assert_close(&target, &expected, 1e-5);
                product_of_rows(level, size, a, b, &mut target, columns, Write::Set);
                let product: Vec<f32> =
                    expected.iter().zip(&before).map(|(sum, start)| sum - start).collect();
                assert_close(&target, &product, 1e-4);
            }
        }
    }
}
