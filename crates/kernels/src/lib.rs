//! The loops that take the time, each one generic algorithm over the processor's vector width.
//!
//! Matrices are row-major `f32` slices with a row stride. Rows that are read in whole vectors are
//! padded to [`padded`] floats; what lies in the padding is never part of a result.
//!
//! These loops are a crate of their own because a browser should get them compiled for speed and
//! everything else for size. No public function here is generic or `#[inline]`, and each is
//! `#[inline(never)]`: inlined into another crate it would be compiled for size. What each computes stands in
//! [`mod@reference`] as a textbook writes it.
//!
//! The kernels know nothing of layers, and their callers check all sizes: a slice that doesn't fit is a
//! mistake of the caller's and panics.
//!
//! # Features
//!
//! - `std` (default): the processor's instruction set is detected at run time; without it, what the compiler
//!   was told to assume is used.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::disallowed_macros, clippy::disallowed_methods))]
#![allow(
    clippy::needless_range_loop,
    reason = "loops of known length leave arrays of vectors in registers, iterators over them may not"
)]

#[cfg(any(test, feature = "std"))]
extern crate std;

pub mod activations;
pub mod convolution;
pub mod depthwise;
pub mod elementwise;
pub mod frame;
#[cfg(feature = "complete")]
pub mod functions;
pub mod matmul;
#[cfg(feature = "complete")]
pub mod patches;
pub mod pooling;
pub mod reference;
#[cfg(feature = "complete")]
pub mod resample;
#[cfg(test)]
mod test_support;
mod tiles;
pub mod updates;
pub mod warp;
mod window;
pub mod winograd;

pub use fearless_simd::Level;
pub use window::{Window, Window2D};

/// The vector instructions that this build and processor offer.
pub fn level() -> Level {
    Level::try_detect().unwrap_or(Level::baseline())
}

/// What becomes of the values that a target already holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Write {
    /// The target is overwritten.
    Set,
    /// The result is added to the target.
    Add,
}

/// The most floats that a vector of this target holds.
const WIDEST: usize = if cfg!(target_arch = "wasm32") { 4 } else { 16 };

/// The length of a row of `columns` floats padded to whole vectors of every width that this target has.
pub const fn padded(columns: usize) -> usize {
    columns.next_multiple_of(WIDEST)
}

/// Copies rows of `columns` floats into rows of `padded(columns)`, with zeros behind them.
#[inline(never)]
pub fn pad_rows(rows: &[f32], columns: usize, target: &mut [f32]) {
    for (row, target) in rows.chunks_exact(columns).zip(target.chunks_exact_mut(padded(columns))) {
        target[..columns].copy_from_slice(row);
        target[columns..].fill(0.0);
    }
}

/// Writes the transpose of `rows`, each `columns` long, as rows of `stride` floats.
#[inline(never)]
pub fn transpose(rows: &[f32], columns: usize, target: &mut [f32], stride: usize) {
    if columns == 1 && stride == rows.len() {
        return target[..stride].copy_from_slice(rows);
    }
    for (index, row) in rows.chunks_exact(columns).enumerate() {
        for (&value, target) in row.iter().zip(target.chunks_exact_mut(stride)) {
            target[index] = value;
        }
    }
}
