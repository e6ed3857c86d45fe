//! What is done to every number of a slice alike.

use crate::Level;
use fearless_simd::{Simd, dispatch, prelude::*};

/// Adds all rows of `columns` floats to `sums`.
#[inline(never)]
pub fn add_rows(level: Level, rows: &[f32], columns: usize, sums: &mut [f32]) {
    dispatch!(level, simd => simd.vectorize(
        #[inline(always)]
        || add_rows_of(simd, rows, columns, sums),
    ));
}

#[inline(always)]
fn add_rows_of<S: Simd>(simd: S, rows: &[f32], columns: usize, sums: &mut [f32]) {
    let (vectors, rest) = sums.split_at_mut(columns / S::f32s::LEN * S::f32s::LEN);
    for (vector, target) in vectors.chunks_exact_mut(S::f32s::LEN).enumerate() {
        let mut sum = S::f32s::from_slice(simd, target);
        for row in rows.chunks_exact(columns) {
            sum += S::f32s::from_slice(simd, &row[vector * S::f32s::LEN..][..S::f32s::LEN]);
        }
        sum.store_slice(target);
    }
    for (index, sum) in rest.iter_mut().enumerate() {
        *sum += rows.iter().skip(vectors.len() + index).step_by(columns).sum::<f32>();
    }
}

/// Writes the largest of each column of `rows` to its place in `targets`.
#[inline(never)]
pub fn largest(level: Level, rows: &[f32], targets: &mut [f32]) {
    targets.fill(f32::NEG_INFINITY);
    for row in rows.chunks_exact(targets.len()) {
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || for_each_vector(simd, [row], [&mut *targets], #[inline(always)] |[value], [largest]| [largest.max(value)]),
        ));
    }
}

/// Adds `values` to `target`.
#[inline(never)]
pub fn add(level: Level, values: &[f32], target: &mut [f32]) {
    dispatch!(level, simd => simd.vectorize(
        #[inline(always)]
        || for_each_vector(simd, [values], [target], #[inline(always)] |[value], [sum]| [sum + value]),
    ));
}

/// Writes bytes as numbers from 0 to 1.
#[inline(never)]
pub fn scale_bytes(level: Level, bytes: &[u8], target: &mut [f32]) {
    for (value, &byte) in target.iter_mut().zip(bytes) {
        *value = f32::from(byte);
    }
    dispatch!(level, simd => simd.vectorize(
        #[inline(always)]
        || for_each_vector(simd, [], [target], #[inline(always)] |[], [byte]| [byte / 255.0]),
    ));
}

/// Whether no value is infinite or not a number.
#[inline(never)]
pub fn all_finite(level: Level, values: &[f32]) -> bool {
    dispatch!(level, simd => simd.vectorize(
        #[inline(always)]
        || is_zero_times_all(simd, values),
    ))
}

/// Only what is not finite leaves something other than zero: a sum can go on in vectors, a search cannot.
#[inline(always)]
fn is_zero_times_all<S: Simd>(simd: S, values: &[f32]) -> bool {
    let mut chunks = values.chunks_exact(S::f32s::LEN);
    let mut sum = S::f32s::splat(simd, 0.0);
    for chunk in &mut chunks {
        sum += S::f32s::from_slice(simd, chunk) * 0.0;
    }
    let rest: f32 = chunks.remainder().iter().map(|value| value * 0.0).sum();
    sum.as_slice().iter().chain([&rest]).all(|&sum| sum == 0.0)
}

/// Vectors between two checks of where the slices end.
const VECTORS: usize = 2;

/// Replaces the vectors of `targets` by what `function` makes of them and of those of `sources` in the same
/// place. All slices are as long as the first target; behind their ends come zeros.
#[inline(always)]
pub(crate) fn for_each_vector<S: Simd, const SOURCES: usize, const TARGETS: usize>(
    simd: S,
    sources: [&[f32]; SOURCES],
    mut targets: [&mut [f32]; TARGETS],
    function: impl Fn([S::f32s; SOURCES], [S::f32s; TARGETS]) -> [S::f32s; TARGETS],
) {
    let (length, block) = (targets[0].len(), VECTORS * S::f32s::LEN);
    let mut start = 0;
    while start + block <= length {
        let sources = sources.each_ref().map(|source| &source[start..][..block]);
        let targets = targets.each_mut().map(|target| &mut target[start..][..block]);
        replace_block(simd, sources, targets, &function);
        start += block;
    }
    let left = length - start;
    if left > 0 {
        let mut last_sources = [[0.0; VECTORS * crate::WIDEST]; SOURCES];
        for number in 0..SOURCES {
            last_sources[number][..left].copy_from_slice(&sources[number][start..length]);
        }
        let mut last_targets = [[0.0; VECTORS * crate::WIDEST]; TARGETS];
        for number in 0..TARGETS {
            last_targets[number][..left].copy_from_slice(&targets[number][start..]);
        }
        let (sources, copies) = (
            last_sources.each_ref().map(|last| &last[..block]),
            last_targets.each_mut().map(|last| &mut last[..block]),
        );
        replace_block(simd, sources, copies, &function);
        for number in 0..TARGETS {
            targets[number][start..].copy_from_slice(&last_targets[number][..left]);
        }
    }
}

#[inline(always)]
fn replace_block<S: Simd, const SOURCES: usize, const TARGETS: usize>(
    simd: S,
    sources: [&[f32]; SOURCES],
    targets: [&mut [f32]; TARGETS],
    function: &impl Fn([S::f32s; SOURCES], [S::f32s; TARGETS]) -> [S::f32s; TARGETS],
) {
    for vector in 0..VECTORS {
        let place = vector * S::f32s::LEN..(vector + 1) * S::f32s::LEN;
        let mut read = [S::f32s::splat(simd, 0.0); SOURCES];
        for number in 0..SOURCES {
            read[number] = S::f32s::from_slice(simd, &sources[number][place.clone()]);
        }
        let mut written = [S::f32s::splat(simd, 0.0); TARGETS];
        for number in 0..TARGETS {
            written[number] = S::f32s::from_slice(simd, &targets[number][place.clone()]);
        }
        let results = function(read, written);
        for number in 0..TARGETS {
            results[number].store_slice(&mut targets[number][place.clone()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::levels;
    use std::vec::Vec;

    #[test]
    fn one_number_that_is_not_finite_is_found_anywhere() {
        for level in levels() {
            let mut values = [f32::MAX; 37];
            for index in 0..values.len() {
                assert!(all_finite(level, &values));
                for strange in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                    values[index] = strange;
                    assert!(!all_finite(level, &values));
                }
                values[index] = f32::MIN;
            }
        }
    }

    #[test]
    fn the_largest_of_a_column_is_found_anywhere() {
        for level in levels() {
            for columns in 1..40 {
                let rows: Vec<f32> = (0..columns * columns)
                    .map(|index| if index % columns == index / columns { 2.0 } else { -1.0 } - (index % columns) as f32)
                    .collect();
                let mut found = std::vec![0.0; columns];
                largest(level, &rows, &mut found);
                assert!(found.iter().copied().eq((0..columns).map(|column| 2.0 - column as f32)));
            }
        }
    }

    #[test]
    fn bytes_go_from_zero_to_one() {
        for level in levels() {
            let bytes: Vec<u8> = (0..=255).collect();
            let mut values = [f32::NAN; 256];
            scale_bytes(level, &bytes, &mut values);
            let expected = bytes.iter().map(|&byte| f32::from(byte) / 255.0);
            assert!(values.iter().copied().eq(expected));
        }
    }
}
