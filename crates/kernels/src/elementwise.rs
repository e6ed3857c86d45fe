//! Sums over slices.

use crate::Level;
use fearless_simd::{Simd, dispatch, prelude::*};

/// Adds the sum of each row of `columns` floats to its place in `sums`.
pub fn add_sums(level: Level, rows: &[f32], columns: usize, sums: &mut [f32]) {
    dispatch!(level, simd => simd.vectorize(
        #[inline(always)]
        || {
            for (row, sum) in rows.chunks_exact(columns).zip(sums) {
                *sum += sum_of(simd, row);
            }
        },
    ));
}

#[inline(always)]
fn sum_of<S: Simd>(simd: S, values: &[f32]) -> f32 {
    let mut chunks = values.chunks_exact(S::f32s::LEN);
    let mut sums = S::f32s::splat(simd, 0.0);
    for chunk in &mut chunks {
        sums += S::f32s::from_slice(simd, chunk);
    }
    sums.as_slice().iter().chain(chunks.remainder()).sum()
}

/// Adds `values` to `target`.
pub fn add(level: Level, values: &[f32], target: &mut [f32]) {
    crate::vectorized(
        level,
        #[inline(always)]
        || {
            for (sum, value) in target.iter_mut().zip(values) {
                *sum += value;
            }
        },
    );
}
