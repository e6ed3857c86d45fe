//! Register tiles: how a matrix is divided into them, and the step that they all repeat.
//!
//! A tile's sums stay in registers while the summed index runs. Its sizes are those at which
//! compilers for sixteen registers, browsers' above all, keep the sums, a row of one factor and a
//! number of the other in registers, and need the fewest instructions for each multiplication.

use crate::Write;
use fearless_simd::{Simd, prelude::*};

/// The floats of a tile's row: eight vectors of the widest kind.
const MAX_ROW_FLOATS: usize = 8 * crate::WIDEST;

/// Computes tiles of a matrix.
pub(crate) trait TileKernel {
    /// Computes the tile of `HEIGHT` rows and `VECTORS` vectors of columns that starts at `row` and
    /// `column`, and returns its height.
    fn tile<const HEIGHT: usize, const VECTORS: usize>(&mut self, row: usize, column: usize) -> usize;
}

/// Covers a matrix with tiles, one stripe of columns after the other.
#[inline(always)]
pub(crate) fn cover<S: Simd>(_: S, rows: usize, columns: usize, tiles: &mut impl TileKernel) {
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

/// Covers a matrix with tiles of up to three by three, where a vector or a sum over one counts as one column.
#[inline(always)]
pub(crate) fn cover_by_threes(rows: usize, columns: usize, tiles: &mut impl TileKernel) {
    let mut row = 0;
    while row < rows {
        let height = block(rows - row);
        let mut column = 0;
        while column < columns {
            let width = block(columns - column);
            match (height, width) {
                (3, 3) => tiles.tile::<3, 3>(row, column),
                (3, 2) => tiles.tile::<3, 2>(row, column),
                (3, _) => tiles.tile::<3, 1>(row, column),
                (2, 3) => tiles.tile::<2, 3>(row, column),
                (2, 2) => tiles.tile::<2, 2>(row, column),
                (2, _) => tiles.tile::<2, 1>(row, column),
                (_, 3) => tiles.tile::<1, 3>(row, column),
                (_, 2) => tiles.tile::<1, 2>(row, column),
                _ => tiles.tile::<1, 1>(row, column),
            };
            column += width;
        }
        row += height;
    }
}

/// The size of the next block where `left` are left: three, but two and two instead of three and one.
#[inline(always)]
pub(crate) fn block(left: usize) -> usize {
    match left {
        4 => 2,
        3.. => 3,
        _ => left,
    }
}

/// Adds to each row of sums the vectors of `line` times the row's `factor`.
#[inline(always)]
pub(crate) fn add_outer_product<S: Simd, const HEIGHT: usize, const VECTORS: usize>(
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

/// Writes a tile's sums to rows of `stride` floats, of which `used` belong to the tile.
#[inline(always)]
pub(crate) fn store<S: Simd, const HEIGHT: usize, const VECTORS: usize>(
    simd: S,
    sums: [[S::f32s; VECTORS]; HEIGHT],
    rows: &mut [f32],
    stride: usize,
    used: usize,
    write: Write,
) {
    let width = VECTORS * S::f32s::LEN;
    // Sums that are addressed by a variable would stay in memory all along: the loops over whole
    // tiles have known lengths, the others read a copy.
    if used == width {
        for row in 0..HEIGHT {
            let line = &mut rows[row * stride..][..width];
            for vector in 0..VECTORS {
                let line = &mut line[vector * S::f32s::LEN..][..S::f32s::LEN];
                let mut sum = sums[row][vector];
                if write == Write::Add {
                    sum += S::f32s::from_slice(simd, line);
                }
                sum.store_slice(line);
            }
        }
        return;
    }
    let mut copy = [[0.0; MAX_ROW_FLOATS]; HEIGHT];
    for row in 0..HEIGHT {
        for vector in 0..VECTORS {
            sums[row][vector].store_slice(&mut copy[row][vector * S::f32s::LEN..][..S::f32s::LEN]);
        }
    }
    store_part(&copy, rows, stride, used, write);
}

/// Writes the first `used` sums of each row.
#[inline(never)]
fn store_part(sums: &[[f32; MAX_ROW_FLOATS]], rows: &mut [f32], stride: usize, used: usize, write: Write) {
    for (row, sums) in sums.iter().enumerate() {
        for (value, &sum) in rows[row * stride..][..used].iter_mut().zip(sums) {
            *value = if write == Write::Add { *value + sum } else { sum };
        }
    }
}
