//! Products whose right factor lies in panels: in the order in which a product reads it.
//!
//! A panel holds two vectors of columns, row after row, so that a tile reads it in one run. Where the number of
//! vectors is odd, the last three share a panel: one alone would keep too few sums under way.

use super::{Rows, Target};
use crate::tiles::{add_outer_product, store_rows, transposed};
use crate::{Level, WIDEST, padded};
use fearless_simd::{Simd, dispatch, prelude::*};

/// Floats of panels that one row of tiles after the other reads, so that they are still in the cache.
const CHUNK: usize = 1 << 15;

/// Floats of the panels of a matrix of `depth` rows and `columns` columns, the same at every level.
pub fn panels_len(columns: usize, depth: usize) -> usize {
    padded(columns).max(2 * WIDEST) * depth
}

/// How many of `columns` lie in panels of two vectors; those behind them share one of three.
#[inline(always)]
fn columns_in_pairs<S: Simd>(columns: usize) -> usize {
    let vectors = columns.div_ceil(S::f32s::LEN);
    if vectors % 2 == 0 || vectors == 1 { columns } else { (vectors - 3) * S::f32s::LEN }
}

/// Orders `right`, `depth` rows of `columns` floats, as panels.
#[inline(never)]
pub fn pack_panels(level: Level, size: [usize; 2], right: Rows<'_>, panels: &mut [f32]) {
    dispatch!(level, simd => simd.vectorize(#[inline(always)] || pack(simd, size, right, panels)));
}

#[inline(always)]
fn pack<S: Simd>(simd: S, size: [usize; 2], right: Rows<'_>, panels: &mut [f32]) {
    let lanes = S::f32s::LEN;
    for_each_vector(
        simd,
        size,
        panels,
        #[inline(always)]
        |column: usize, used: usize, width: usize, lines: &mut [f32]| {
            for (row, line) in lines.chunks_mut(width).enumerate() {
                let values = &right.values[row * right.stride + right.first + column..][..used];
                if used == lanes {
                    S::f32s::from_slice(simd, values).store_slice(&mut line[..lanes]);
                } else {
                    for (lane, value) in line[..lanes].iter_mut().enumerate() {
                        *value = values.get(lane).copied().unwrap_or(0.0);
                    }
                }
            }
        },
    );
}

/// Orders the transpose of `rows`, `columns` rows of `depth` floats, as panels.
#[inline(never)]
pub fn pack_transposed_panels(level: Level, size: [usize; 2], rows: Rows<'_>, panels: &mut [f32]) {
    dispatch!(level, simd => simd.vectorize(#[inline(always)] || pack_transposed(simd, size, rows, panels)));
}

#[inline(always)]
fn pack_transposed<S: Simd>(simd: S, size: [usize; 2], rows: Rows<'_>, panels: &mut [f32]) {
    let lanes = S::f32s::LEN;
    let [_, depth] = size;
    for_each_vector(
        simd,
        size,
        panels,
        #[inline(always)]
        |column: usize, used: usize, width: usize, lines: &mut [f32]| {
            let mut sources = [&[][..]; WIDEST];
            for index in 0..used {
                sources[index] = &rows.values[(column + index) * rows.stride + rows.first..][..depth];
            }
            let in_squares = if used == lanes { depth / lanes * lanes } else { 0 };
            for row in (0..in_squares).step_by(lanes) {
                let mut vectors = [S::f32s::splat(simd, 0.0); WIDEST];
                for index in 0..lanes {
                    vectors[index] = S::f32s::from_slice(simd, &sources[index][row..][..lanes]);
                }
                let vectors = transposed::<S>(vectors);
                for index in 0..lanes {
                    vectors[index].store_slice(&mut lines[(row + index) * width..][..lanes]);
                }
            }
            for row in in_squares..depth {
                for (value, source) in lines[row * width..][..lanes].iter_mut().zip(&sources) {
                    *value = source.get(row).copied().unwrap_or(0.0);
                }
            }
        },
    );
}

/// Calls `order` for each vector of columns with its first column, how many of its columns belong to the matrix, the
/// width of its panel, and the panel from the vector's first place in it.
#[inline(always)]
fn for_each_vector<S: Simd>(
    _: S,
    [columns, depth]: [usize; 2],
    panels: &mut [f32],
    mut order: impl FnMut(usize, usize, usize, &mut [f32]),
) {
    let pairs = columns_in_pairs::<S>(columns);
    let mut rest = panels;
    let mut column = 0;
    while column < columns && depth > 0 {
        let width = if column < pairs { 2 } else { 3 } * S::f32s::LEN;
        let (panel, behind) = rest.split_at_mut(width * depth);
        for start in (0..width).step_by(S::f32s::LEN) {
            let first = (column + start).min(columns);
            order(first, S::f32s::LEN.min(columns - first), width, &mut panel[start..]);
        }
        rest = behind;
        column += width;
    }
}

/// `target[m, n] = Σₖ left[m, k] · right[k, n]` for `m < rows`, `n < columns`, `k < depth`, with `right` in panels.
///
/// Each sum is one chain over `k` in its order: its bits don't depend on how many rows there are.
#[inline(never)]
pub fn product_of_panels(
    level: Level,
    [rows, columns, depth]: [usize; 3],
    left: Rows<'_>,
    panels: &[f32],
    target: Target<'_>,
) {
    debug_assert!(left.stride >= left.first + depth && target.stride >= columns);
    dispatch!(level, simd => simd.vectorize(
        #[inline(always)]
        || products(simd, [rows, columns, depth], left, panels, target),
    ));
}

#[inline(always)]
fn products<S: Simd>(
    simd: S,
    [rows, columns, depth]: [usize; 3],
    factors: Rows<'_>,
    panels: &[f32],
    target: Target<'_>,
) {
    let Target { values, stride } = target;
    let pairs = columns_in_pairs::<S>(columns);
    let chunk = (CHUNK / depth.max(1)).next_multiple_of(2 * S::f32s::LEN);
    let mut start = 0;
    while start < columns {
        // The last three vectors are a chunk of their own.
        let (end, highest) = if start < pairs { ((start + chunk).min(pairs), 6) } else { (columns, 3) };
        let mut row = 0;
        while row < rows {
            let height = match (highest, rows) {
                (6, 6..) if rows - row > 4 => 6,
                (6, 4..) => 4,
                (3, 3..) => 3,
                _ => 1,
            };
            // The last tile would rather overlap the one before it than end within it.
            let first = row.min(rows - height);
            let stripe = Stripe {
                simd,
                depth,
                left: factors.starting_at(first),
                panels: &panels[start * depth..],
                columns: end - start,
            };
            let target = Target::new(&mut values[first * stride + start..], stride);
            match (highest, height) {
                (6, 6) => stripe.write::<6, 2>(target),
                (6, 4) => stripe.write::<4, 2>(target),
                (6, _) => stripe.write::<1, 2>(target),
                (_, 3) => stripe.write::<3, 3>(target),
                _ => stripe.write::<1, 3>(target),
            }
            row = first + height;
        }
        start = end;
    }
}

/// A few rows of a product.
struct Stripe<'a, S> {
    simd: S,
    depth: usize,
    left: Rows<'a>,
    panels: &'a [f32],
    columns: usize,
}

impl<S: Simd> Stripe<'_, S> {
    #[inline(always)]
    fn write<const HEIGHT: usize, const VECTORS: usize>(self, target: Target<'_>) {
        let Self { simd, depth, left, panels, columns } = self;
        let factors: [&[f32]; HEIGHT] = left.leading(depth);
        let mut lines: [&mut [f32]; HEIGHT] = target.leading(columns);
        let width = VECTORS * S::f32s::LEN;
        let mut rest = panels;
        for column in (0..columns).step_by(width) {
            let (panel, behind) = rest.split_at(width * depth);
            rest = behind;
            let mut sums = [[S::f32s::splat(simd, 0.0); VECTORS]; HEIGHT];
            for (k, line) in (0..depth).zip(panel.chunks_exact(width)) {
                add_outer_product(
                    simd,
                    &mut sums,
                    #[inline(always)]
                    |row| factors[row][k],
                    line,
                );
            }
            store_rows::<S, HEIGHT, VECTORS>(sums, &mut lines, column);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{add_product, assert_close};
    use crate::test_support::{Random, levels};
    use std::{vec, vec::Vec};

    const SIZES: [[usize; 3]; 14] = [
        [1, 1, 1],
        [1, 147, 5],
        [2, 13, 3],
        [3, 4, 17],
        [4, 20, 9],
        [5, 61, 1],
        [6, 32, 8],
        [7, 12, 12],
        [8, 47, 25],
        [9, 40, 24],
        [13, 96, 33],
        [16, 51, 40],
        [19, 10, 84],
        [2, 600, 130],
    ];

    /// Rows of `columns` numbers, in memory with others in front and behind.
    fn matrix(random: &mut Random, rows: usize, columns: usize) -> (Vec<f32>, usize) {
        let stride = columns + 7;
        (random.values(rows * stride), stride)
    }

    fn rows((values, stride): &(Vec<f32>, usize)) -> Rows<'_> {
        Rows { values, stride: *stride, first: 3 }
    }

    #[test]
    fn panels_multiply_as_the_matrix_that_they_were_made_of_at_every_level() {
        let mut random = Random(11);
        for [m, n, k] in SIZES {
            let left = matrix(&mut random, m, k);
            let right = matrix(&mut random, k, n);
            let mut transpose = (vec![f32::NAN; n * (k + 7)], k + 7);
            for row in 0..n {
                for column in 0..k {
                    transpose.0[row * (k + 7) + 3 + column] = right.0[column * right.1 + 3 + row];
                }
            }
            let unused = random.values(m * (n + 5));
            let mut expected = vec![0.0; m * n];
            let inner = |(values, stride): &(Vec<f32>, usize)| (values[3..].to_vec(), *stride);
            let (a, b) = (inner(&left), inner(&right));
            add_product([m, n, k], Rows::new(&a.0, a.1), Rows::new(&b.0, b.1), &mut expected);
            for level in levels() {
                let mut panels = vec![f32::NAN; panels_len(n, k)];
                let mut same_panels = panels.clone();
                pack_panels(level, [n, k], rows(&right), &mut panels);
                pack_transposed_panels(level, [n, k], rows(&transpose), &mut same_panels);
                assert_eq!(bits(&panels), bits(&same_panels), "{m} × {n} × {k} at {level:?}");
                let mut target = unused.clone();
                let target_rows = Target::new(&mut target, n + 5);
                product_of_panels(level, [m, n, k], rows(&left), &panels, target_rows);
                let mut got = Vec::new();
                for (row, before) in target.chunks(n + 5).zip(unused.chunks(n + 5)) {
                    assert_eq!(row[n..], before[n..], "what lies behind a row is nobody's business");
                    got.extend(&row[..n]);
                }
                assert_close(&got, &expected, 1e-5);
            }
        }
    }

    #[test]
    fn a_row_has_the_same_bits_whatever_rows_are_beside_it() {
        let mut random = Random(12);
        let (n, k) = (44, 37);
        let (values, right) = (random.values(20 * k), random.values(padded(n) * k));
        for level in levels() {
            let mut panels = vec![0.0; panels_len(n, k)];
            pack_panels(level, [n, k], Rows::new(&right, padded(n)), &mut panels);
            let mut expected = vec![0.0; 20 * n];
            let target = Target::new(&mut expected, n);
            product_of_panels(level, [20, n, k], Rows::new(&values, k), &panels, target);
            for m in 1..20 {
                let mut got = vec![0.0; m * n];
                let target = Target::new(&mut got, n);
                product_of_panels(level, [m, n, k], Rows::new(&values, k), &panels, target);
                assert_eq!(got, expected[..m * n], "{m} rows at {level:?}");
            }
        }
    }

    #[test]
    fn a_sum_of_nothing_is_zero() {
        for level in levels() {
            let mut target = [7.0; 6];
            product_of_panels(level, [2, 3, 0], Rows::new(&[], 0), &[], Target::new(&mut target, 3));
            assert_eq!(target, [0.0; 6]);
        }
    }

    fn bits(values: &[f32]) -> Vec<u32> {
        values.iter().map(|value| value.to_bits()).collect()
    }
}
