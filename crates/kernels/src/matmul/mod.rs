//! Matrix products in register tiles.

mod dots;
mod panels;
mod streams;

pub use dots::product_of_rows;
pub use panels::{pack_panels, pack_transposed_panels, panels_len, product_of_panels};
pub use streams::{streamed_product, times_zero};

use crate::elementwise::for_each_vector;
use crate::tiles::{TileKernel, add_outer_product, cover, store};
use crate::{Level, Write};
use fearless_simd::{Simd, dispatch, prelude::*};

/// A matrix as rows of `stride` floats, of which some are used.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// All rows.
    pub values: &'a [f32],
    /// Floats from the start of a row to the next.
    pub stride: usize,
    /// The first column that belongs to the matrix.
    pub first: usize,
}

impl<'a> Rows<'a> {
    /// Whole rows of `stride` floats.
    pub fn new(values: &'a [f32], stride: usize) -> Self {
        Self { values, stride, first: 0 }
    }

    #[inline(always)]
    fn starting_at(self, row: usize) -> Self {
        Self { values: &self.values[row * self.stride..], ..self }
    }

    /// The first `length` floats of the first rows.
    #[inline(always)]
    fn leading<const ROWS: usize>(self, length: usize) -> [&'a [f32]; ROWS] {
        let mut rows = [self.values; ROWS];
        for index in 0..ROWS {
            rows[index] = &self.values[index * self.stride + self.first..][..length];
        }
        rows
    }
}

/// Where a product goes.
#[derive(Debug)]
pub struct Target<'a> {
    /// All rows.
    pub values: &'a mut [f32],
    /// Floats from the start of a row to the next.
    pub stride: usize,
}

impl<'a> Target<'a> {
    /// Rows of `stride` floats.
    pub fn new(values: &'a mut [f32], stride: usize) -> Self {
        Self { values, stride }
    }

    /// The first `length` floats of the first rows.
    #[inline(always)]
    fn leading<const ROWS: usize>(self, length: usize) -> [&'a mut [f32]; ROWS] {
        let mut rows = [(); ROWS].map(|()| &mut [][..]);
        let mut rest = self.values;
        for index in 0..ROWS {
            let (row, behind) = rest.split_at_mut(length);
            rows[index] = row;
            rest = behind.get_mut(self.stride - length..).unwrap_or_default();
        }
        rows
    }
}

/// `target[m, n] = Σₖ left[k, m] · right[k, n]` for `m < rows`, `n < columns`, `k < depth`.
///
/// `right` is read in whole vectors: its stride must be at least `padded(columns)`. The rows of `left` may overlap.
#[inline(never)]
pub fn transposed_product(
    level: Level,
    [rows, columns, depth]: [usize; 3],
    left: Rows<'_>,
    right: Rows<'_>,
    target: Target<'_>,
    write: Write,
) {
    debug_assert!(right.stride >= crate::padded(columns));
    if depth == 1 {
        return outer_product(level, [rows, columns], left, right, target, write);
    }
    dispatch!(level, simd => simd.vectorize(
        #[inline(always)]
        || cover(simd, rows, columns, &mut TransposedProduct { simd, columns, depth, left, right, target, write }),
    ));
}

/// A [`transposed_product`] of one row with one row: there is nothing to be kept in registers.
fn outer_product(
    level: Level,
    [rows, columns]: [usize; 2],
    left: Rows<'_>,
    right: Rows<'_>,
    target: Target<'_>,
    write: Write,
) {
    let (factors, line) = (&left.values[left.first..][..rows], &right.values[..columns]);
    dispatch!(level, simd => simd.vectorize(
        #[inline(always)]
        || {
            for (&factor, target_line) in factors.iter().zip(target.values.chunks_mut(target.stride)) {
                let values = &mut target_line[..columns];
                match write {
                    Write::Set => for_each_vector(simd, [line], [values], #[inline(always)] |[right], _| [right * factor]),
                    Write::Add => for_each_vector(simd, [line], [values], #[inline(always)] |[right], [sum]| [sum + right * factor]),
                }
            }
        },
    ));
}

struct TransposedProduct<'a, S> {
    simd: S,
    columns: usize,
    depth: usize,
    left: Rows<'a>,
    right: Rows<'a>,
    target: Target<'a>,
    write: Write,
}

impl<S: Simd> TileKernel for TransposedProduct<'_, S> {
    #[inline(always)]
    fn tile<const HEIGHT: usize, const VECTORS: usize>(&mut self, row: usize, column: usize) -> usize {
        let Self { simd, depth, left, right, .. } = *self;
        let mut sums = [[S::f32s::splat(simd, 0.0); VECTORS]; HEIGHT];
        let width = VECTORS * S::f32s::LEN;
        for k in 0..depth {
            let factors = &left.values[k * left.stride + left.first + row..][..HEIGHT];
            let line = &right.values[k * right.stride + column..][..width];
            add_outer_product(
                simd,
                &mut sums,
                #[inline(always)]
                |index| factors[index],
                line,
            );
        }
        let used = (self.columns - column).min(width);
        let Target { values, stride } = &mut self.target;
        store(simd, sums, &mut values[row * *stride + column..], *stride, used, self.write);
        HEIGHT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{add_product, assert_close};
    use crate::test_support::{Random, levels};
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
    fn all_products_equal_the_definition_at_every_level_and_edge() {
        let mut random = Random(3);
        for [rows, columns, depth] in [
            [1, 1, 1],
            [1, 147, 5],
            [2, 13, 3],
            [2, 61, 9],
            [3, 50, 7],
            [8, 47, 25],
            [13, 12, 16],
            [17, 33, 40],
            [6, 784, 25],
            [23, 16, 6],
        ] {
            let left = matrix(&mut random, depth, rows);
            let right = matrix(&mut random, depth, columns);
            let before: Vec<f32> = (0..rows * columns).map(|_| random.uniform(0.0, 1.0)).collect();
            let mut expected = before.clone();
            let mut left_rows = vec![0.0; rows * padded(depth)];
            transpose(&left, padded(rows), &mut left_rows, padded(depth));
            let (a, b) = (Rows::new(&left_rows, padded(depth)), Rows::new(&right, padded(columns)));
            add_product([rows, columns, depth], a, b, &mut expected);
            let mut right_rows = vec![0.0; padded(columns) * padded(depth)];
            transpose(&right, padded(columns), &mut right_rows, padded(depth));
            for level in levels() {
                let size = [rows, columns, depth];
                let mut target = before.clone();
                let (a, b) = (Rows::new(&left, padded(rows)), Rows::new(&right, padded(columns)));
                transposed_product(level, size, a, b, Target::new(&mut target, columns), Write::Add);
                assert_close(&target, &expected, 1e-5);

                let a = Rows::new(&left_rows, padded(depth));
                let mut panels = vec![f32::NAN; panels_len(columns, depth)];
                pack_panels(level, [columns, depth], b, &mut panels);
                let product: Vec<f32> =
                    expected.iter().zip(&before).map(|(sum, start)| sum - start).collect();
                let mut target = before.clone();
                product_of_panels(level, size, a, &panels, Target::new(&mut target, columns));
                assert_close(&target, &product, 1e-4);
                let b = Rows::new(&right_rows, padded(depth));
                let mut target = before.clone();
                product_of_rows(level, size, a, b, Target::new(&mut target, columns));
                assert_close(&target, &product, 1e-4);
            }
        }
    }
}
