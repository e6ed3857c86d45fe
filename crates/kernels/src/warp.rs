//! Images read at places between their pixels.

use crate::Level;
use fearless_simd::{Simd, dispatch, prelude::*};

/// Writes `of_x · x + of_y · y + shift` of the middles of `side` × `side` pixels, seen from the middle of
/// all, line by line.
#[inline(never)]
pub fn affine([of_x, of_y, shift]: [f32; 3], side: usize, target: &mut [f32]) {
    let middle = side as f32 / 2.0;
    for (row, line) in target.chunks_exact_mut(side).enumerate() {
        let y = row as f32 + 0.5 - middle;
        for (column, value) in line.iter_mut().enumerate() {
            let x = column as f32 + 0.5 - middle;
            *value = of_x * x + of_y * y + shift;
        }
    }
}

/// Adds to each line of `target`, `columns` long, the rows of `basis` times the factors of that line, which
/// has as many of them as there are rows. Nothing is fused, so the bits are the same on every processor.
#[inline(never)]
pub fn add_combinations(level: Level, factors: &[f32], basis: &[f32], columns: usize, target: &mut [f32]) {
    let rows = basis.len() / columns;
    dispatch!(level, simd => simd.vectorize(
        #[inline(always)]
        || {
            for (factors, line) in factors.chunks_exact(rows).zip(target.chunks_exact_mut(columns)) {
                add_combination(simd, factors, basis, line);
            }
        },
    ));
}

#[inline(always)]
fn add_combination<S: Simd>(simd: S, factors: &[f32], basis: &[f32], line: &mut [f32]) {
    let columns = line.len();
    let rows = basis.chunks_exact(columns).zip(factors);
    let mut start = 0;
    while start + S::f32s::LEN <= columns {
        let place = &mut line[start..start + S::f32s::LEN];
        let mut sum = S::f32s::from_slice(simd, place);
        for (row, &factor) in rows.clone() {
            sum += S::f32s::from_slice(simd, &row[start..start + S::f32s::LEN]) * factor;
        }
        sum.store_slice(place);
        start += S::f32s::LEN;
    }
    for column in start..columns {
        for (row, &factor) in rows.clone() {
            line[column] += row[column] * factor;
        }
    }
}

/// Reads an image of `side` × `side` pixels at the places `[x, y]`, where its pixel `i` covers `[i, i + 1)`:
/// bilinear between the middles of four pixels. What comes from outside is zero.
#[inline(never)]
pub fn read_between(image: &[f32], side: usize, [x, y]: [&[f32]; 2], target: &mut [f32]) {
    // A border of zeros, one pixel before and two after, takes whatever lies outside.
    let stride = side + 3;
    let mut padded = [0.0; MAX_SIDE * MAX_SIDE];
    for (to, from) in padded.chunks_exact_mut(stride).skip(1).zip(image.chunks_exact(side)) {
        to[1..=side].copy_from_slice(from);
    }
    let last = (side + 1) as f32;
    for ((target, x), y) in target.iter_mut().zip(x).zip(y) {
        let [x, y] = [x, y].map(|place| (place + 0.5).max(0.0).min(last));
        let (column, row) = (x as usize, y as usize);
        let (right, below) = (x - column as f32, y - row as f32);
        let four = &padded[row * stride + column..][..stride + 2];
        let upper = four[0] + right * (four[1] - four[0]);
        let lower = four[stride] + right * (four[stride + 1] - four[stride]);
        *target = upper + below * (lower - upper);
    }
}

/// The longest line of an image that [`read_between`] takes, its border of three pixels included: MNIST's 28 and
/// one more.
const MAX_SIDE: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{Random, levels};
    use std::vec::Vec;

    #[test]
    fn an_affine_map_goes_about_the_middle() {
        let mut target = [9.0; 9];
        affine([2.0, 10.0, 0.5], 3, &mut target);
        assert_eq!(target, [-11.5, -9.5, -7.5, -1.5, 0.5, 2.5, 8.5, 10.5, 12.5]);
    }

    #[test]
    fn every_level_adds_the_same_products() {
        let mut random = Random(1);
        for columns in [1, 7, 28, 33] {
            let mut numbers =
                |count: usize| (0..count).map(|_| random.uniform(-1.0, 1.0)).collect::<Vec<_>>();
            let (rows, lines) = (5, 3);
            let (factors, basis, before) =
                (numbers(lines * rows), numbers(rows * columns), numbers(lines * columns));
            let mut expected = before.clone();
            for line in 0..lines {
                for row in 0..rows {
                    for column in 0..columns {
                        expected[line * columns + column] +=
                            basis[row * columns + column] * factors[line * rows + row];
                    }
                }
            }
            for level in levels() {
                let mut target = before.clone();
                add_combinations(level, &factors, &basis, columns, &mut target);
                assert_eq!(target, expected, "{level:?}, {columns} columns");
            }
        }
    }

    #[test]
    fn places_between_pixels_are_means_and_outside_is_zero() {
        let image = [1.0, 2.0, 3.0, 4.0];
        let x = [0.5, 1.0, 1.0, 0.0, -9.0, 2.5, f32::INFINITY, f32::NAN];
        let y = [0.5, 0.5, 1.0, 0.5, 0.5, 1.5, 1.0, 1.0];
        let mut target = [9.0; 8];
        read_between(&image, 2, [&x, &y], &mut target);
        assert_eq!(target, [1.0, 1.5, 2.5, 0.5, 0.0, 0.0, 0.0, 0.0]);
    }
}
