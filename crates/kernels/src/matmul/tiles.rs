//! How a matrix is divided into tiles, and the step that they all repeat.

use fearless_simd::{Simd, prelude::*};

/// Computes tiles of a matrix.
pub(super) trait Tiles {
    /// Computes the tile of `HEIGHT` rows and `VECTORS` vectors of columns that starts at `row` and
    /// `column`, and returns its height.
    fn tile<const HEIGHT: usize, const VECTORS: usize>(&mut self, row: usize, column: usize) -> usize;
}

/// Covers a matrix with tiles, one stripe of columns after the other.
#[inline(always)]
pub(super) fn for_each_tile<S: Simd>(_: S, rows: usize, columns: usize, tiles: &mut impl Tiles) {
    let mut column = 0;
    while column < columns {
        let vectors = match (rows, (columns - column).div_ceil(S::f32s::LEN)) {
            (1, 8..) => 8,
            (1..=2, 4..) => 4,
            // Two stripes of two vectors are faster than one of three and one of one.
            (3.., 4) => 2,
            (_, 3..) => 3,
            (_, left) => left,
        };
        let mut row = 0;
        while row < rows {
            row += match (vectors, rows - row) {
                (8, _) => tiles.tile::<1, 8>(row, column),
                (4, 2..) => tiles.tile::<2, 4>(row, column),
                (4, _) => tiles.tile::<1, 4>(row, column),
                (3, 3..) => tiles.tile::<3, 3>(row, column),
                (3, 2) => tiles.tile::<2, 3>(row, column),
                (3, _) => tiles.tile::<1, 3>(row, column),
                (2, 5..) => tiles.tile::<5, 2>(row, column),
                (2, 2..) => tiles.tile::<2, 2>(row, column),
                (2, _) => tiles.tile::<1, 2>(row, column),
                (_, 4..) => tiles.tile::<4, 1>(row, column),
                _ => tiles.tile::<1, 1>(row, column),
            };
        }
        column += vectors * S::f32s::LEN;
    }
}

/// Adds to each row of sums the vectors of `line` times the row's `factor`.
#[inline(always)]
pub(super) fn add_products<S: Simd, const HEIGHT: usize, const VECTORS: usize>(
    simd: S,
    sums: &mut [[S::f32s; VECTORS]; HEIGHT],
    factor: impl Fn(usize) -> f32,
    line: &[f32],
) {
    let mut columns = [S::f32s::splat(simd, 0.0); VECTORS];
    for (column, values) in columns.iter_mut().zip(line.chunks_exact(S::f32s::LEN)) {
        *column = S::f32s::from_slice(simd, values);
    }
    for (row, sums) in sums.iter_mut().enumerate() {
        let factor = S::f32s::splat(simd, factor(row));
        for (sum, &column) in sums.iter_mut().zip(&columns) {
            *sum = factor.mul_add(column, *sum);
        }
    }
}
