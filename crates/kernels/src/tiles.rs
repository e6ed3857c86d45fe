//! Register tiles: how a matrix is divided into them, and the step that they all repeat.
//!
//! A tile's sums stay in registers while the summed index runs. Its sizes are those at which
//! compilers for sixteen registers, browsers' above all, keep the sums, a row of one factor and a
//! number of the other in registers, and need the fewest instructions for each multiplication.

use crate::Write;
use fearless_simd::{Simd, prelude::*};

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
            // Two stripes of two vectors are faster than one of three and one of one.
            (3.., 4) => 2,
            (_, 3..) => 3,
            (_, left) => left,
        };
        let mut row = 0;
        while row < rows {
            row += match (vectors, rows - row) {
                (3, 3..) => tiles.tile::<3, 3>(row, column),
                (3, _) => tiles.tile::<1, 3>(row, column),
                (2, 5..) => tiles.tile::<5, 2>(row, column),
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

/// The transpose of the square that the first vectors are the rows of.
#[inline(always)]
pub(crate) fn transposed<S: Simd>(mut rows: [S::f32s; crate::WIDEST]) -> [S::f32s; crate::WIDEST] {
    let half = S::f32s::LEN / 2;
    for _ in 0..S::f32s::LEN.ilog2() {
        let before = rows;
        for row in 0..half {
            (rows[2 * row], rows[2 * row + 1]) = before[row].interleave(before[row + half]);
        }
    }
    rows
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
    let mut copy = [[[0.0; crate::WIDEST]; VECTORS]; HEIGHT];
    for row in 0..HEIGHT {
        let copy = copy[row].as_flattened_mut();
        for vector in 0..VECTORS {
            sums[row][vector].store_slice(&mut copy[vector * S::f32s::LEN..][..S::f32s::LEN]);
        }
    }
    store_part(copy.as_flattened().as_flattened(), VECTORS * crate::WIDEST, rows, stride, used, write);
}

/// Writes a tile's sums to the columns of its rows from `column` on, as many as there are.
#[inline(always)]
pub(crate) fn store_rows<S: Simd, const HEIGHT: usize, const VECTORS: usize>(
    sums: [[S::f32s; VECTORS]; HEIGHT],
    rows: &mut [&mut [f32]; HEIGHT],
    column: usize,
) {
    let width = VECTORS * S::f32s::LEN;
    if column + width > rows[0].len() {
        for row in 0..HEIGHT {
            let mut copy = [0.0; 3 * crate::WIDEST];
            for vector in 0..VECTORS {
                sums[row][vector].store_slice(&mut copy[vector * S::f32s::LEN..][..S::f32s::LEN]);
            }
            store_line_part(&copy, &mut rows[row][column..]);
        }
    } else {
        for row in 0..HEIGHT {
            let line = &mut rows[row][column..column + width];
            for vector in 0..VECTORS {
                sums[row][vector].store_slice(&mut line[vector * S::f32s::LEN..][..S::f32s::LEN]);
            }
        }
    }
}

/// Writes as many sums as the line is long.
#[inline(always)]
fn store_line_part(sums: &[f32; 3 * crate::WIDEST], line: &mut [f32]) {
    line.iter_mut().zip(sums).for_each(|(value, &sum)| *value = sum);
}

/// Writes a row of sums to `target`, as many as it has room for.
#[inline(always)]
pub(crate) fn store_line<S: Simd, const VECTORS: usize>(_: S, sums: [S::f32s; VECTORS], target: &mut [f32]) {
    for vector in 0..VECTORS {
        let (start, end) = (vector * S::f32s::LEN, (vector + 1) * S::f32s::LEN);
        if let Some(target) = target.get_mut(start..end) {
            sums[vector].store_slice(target);
        } else {
            // The copy is addressed by a variable, so that the sums themselves need not be.
            let mut copy = [0.0; crate::WIDEST];
            sums[vector].store_slice(&mut copy[..S::f32s::LEN]);
            for lane in 0..S::f32s::LEN {
                if let Some(target) = target.get_mut(start + lane) {
                    *target = copy[lane];
                }
            }
        }
    }
}

/// Writes the first `used` of each row of `length` sums.
#[inline(never)]
fn store_part(sums: &[f32], length: usize, rows: &mut [f32], stride: usize, used: usize, write: Write) {
    for (row, sums) in sums.chunks_exact(length).enumerate() {
        for (value, &sum) in rows[row * stride..][..used].iter_mut().zip(sums) {
            *value = if write == Write::Add { *value + sum } else { sum };
        }
    }
}
