//! The forward pass from an image of one channel to six filters, or sixes of them, as in LeNet-5: vectors of filters
//! would leave lanes empty, so the lanes are neighbouring positions of a row.

use super::{Convolution, Forward};
use crate::WIDEST;
use crate::tiles::transposed;
use core::array;
use fearless_simd::{Simd, prelude::*};

/// Filters of a tile: with two vectors of positions they make twelve sums, and all registers but a few are taken.
pub(super) const SIX: usize = 6;

impl Convolution {
    /// Whether the loops below are for this convolution, with vectors of so many lanes.
    #[inline(always)]
    pub(super) fn is_of_six_filters(&self, lanes: usize) -> bool {
        self.channels == 1
            && self.window.columns.stride == 1
            && self.window.columns.output >= lanes
            && self.filters >= SIX
            && self.filters.next_multiple_of(SIX) < self.filters.next_multiple_of(lanes)
    }
}

impl<S: Simd> Forward<'_, S> {
    #[inline(always)]
    pub(super) fn cover_six_filters(&mut self, panels: &[f32]) {
        let lanes = S::f32s::LEN;
        let Convolution { window, filters, .. } = *self.convolution;
        let in_row = window.columns.output.div_ceil(lanes);
        let vectors = window.rows.output * in_row;
        let panels = panels.chunks_exact((self.convolution.depth() + 1) * SIX);
        for (panel, weights) in panels.take(filters.div_ceil(SIX)).enumerate() {
            // The last six filters would rather overlap those before them than end within them, and so would the last
            // vector of a row.
            let filter = (panel * SIX).min(filters - SIX);
            for vector in (0..vectors).step_by(2) {
                let positions = [vector, (vector + 1).min(vectors - 1)].map(|vector| {
                    [vector / in_row, (vector % in_row * lanes).min(window.columns.output - lanes)]
                });
                self.six_filters_tile(weights, filter, positions);
            }
        }
    }

    /// The sums for six filters from number `filter`, at the neighbouring positions that two vectors begin at.
    #[inline(always)]
    fn six_filters_tile(&mut self, panel: &[f32], filter: usize, positions: [[usize; 2]; 2]) {
        let Self { simd, convolution, image, pitch, .. } = *self;
        let (lanes, size) = (S::f32s::LEN, convolution.window.columns.size);
        let Some((bias, weights)) = panel.as_chunks::<SIX>().0.split_first() else { return };
        let mut sums: [[S::f32s; 2]; SIX] = array::from_fn(|filter| [S::f32s::splat(simd, bias[filter]); 2]);
        let starts = positions.map(|position| convolution.start(position, pitch));
        for (cell, weights) in weights.chunks_exact(size).enumerate() {
            let [first, second] =
                starts.map(|start| image[start + cell * pitch..][..size + lanes - 1].windows(lanes));
            for ((first, second), weights) in first.zip(second).zip(weights) {
                let pixels = [first, second].map(|pixels| S::f32s::from_slice(simd, pixels));
                for filter in 0..SIX {
                    let weight = S::f32s::splat(simd, weights[filter]);
                    for vector in 0..2 {
                        sums[filter][vector] = weight.mul_add(pixels[vector], sums[filter][vector]);
                    }
                }
            }
        }
        let [first, second] = positions.map(|[row, column]| row * convolution.window.columns.output + column);
        // Two squares that overlap have all six filters, where one has only as many as there are lanes.
        let others = SIX.saturating_sub(lanes);
        self.store_square(rows::<S, 0>(&sums, 0), filter, first);
        self.store_square(rows::<S, 0>(&sums, others), filter + others, first);
        self.store_square(rows::<S, 1>(&sums, 0), filter, second);
        self.store_square(rows::<S, 1>(&sums, others), filter + others, second);
    }

    /// Writes the sums of as many filters as there are lanes, but six at most, from number `filter`, at the neighbouring
    /// positions that begin at number `first`.
    #[inline(always)]
    fn store_square(&mut self, rows: [S::f32s; WIDEST], filter: usize, first: usize) {
        let (lanes, all) = (S::f32s::LEN, self.filters.all);
        let square = transposed::<S>(rows);
        let target = &mut self.output[first * all + self.filters.first + filter..];
        for lane in 0..lanes {
            let target = &mut target[lane * all..];
            let used = lanes.min(SIX);
            target[..used].copy_from_slice(&square[lane].as_slice()[..used]);
        }
    }
}

/// The sums of vector number `VECTOR` for the filters from number `first`; what is behind the last one does not matter.
/// Sums that are addressed by a variable would stay in memory all along.
#[inline(always)]
fn rows<S: Simd, const VECTOR: usize>(sums: &[[S::f32s; 2]; SIX], first: usize) -> [S::f32s; WIDEST] {
    array::from_fn(
        #[inline(always)]
        |row| sums[(first + row).min(SIX - 1)][VECTOR],
    )
}
