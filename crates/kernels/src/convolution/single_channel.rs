//! The forward pass from an image of one channel: neighbouring positions of a row share most of the pixels under their
//! windows, so a row of the window's weights stays in registers and each pixel is read once.

use super::{Convolution, Forward, load_filters};
use fearless_simd::{Simd, prelude::*};

/// Neighbouring positions that are worked on together: with five weights they take all registers but a few.
const POSITIONS: usize = 7;

impl Convolution {
    #[inline(always)]
    pub(super) fn is_of_single_channel(&self) -> bool {
        let columns = self.window.columns;
        self.channels == 1
            && columns.stride == 1
            && matches!(columns.size, 3 | 5)
            && columns.output >= POSITIONS
    }
}

impl<S: Simd> Forward<'_, S> {
    #[inline(always)]
    pub(super) fn cover_single_channel(&mut self, panels: &[f32]) {
        match self.convolution.window.columns.size {
            3 => self.cover_single_channel_of::<3, { POSITIONS + 2 }>(panels),
            _ => self.cover_single_channel_of::<5, { POSITIONS + 4 }>(panels),
        }
    }

    #[inline(always)]
    fn cover_single_channel_of<const SIZE: usize, const PIXELS: usize>(&mut self, panels: &[f32]) {
        let lanes = S::f32s::LEN;
        let Convolution { window, filters, .. } = *self.convolution;
        let panel = (self.convolution.depth() + 1) * lanes;
        for (vector, panel) in panels.chunks_exact(panel).take(filters.div_ceil(lanes)).enumerate() {
            for row in 0..window.rows.output {
                for column in (0..window.columns.output).step_by(POSITIONS) {
                    // The last tile would rather overlap the one before it than end within it.
                    let column = column.min(window.columns.output - POSITIONS);
                    self.single_channel_tile::<SIZE, PIXELS>(panel, vector, [row, column]);
                }
            }
        }
    }

    /// The sums of a row of the window take `PIXELS` = `POSITIONS` + `SIZE` − 1 pixels.
    #[inline(always)]
    fn single_channel_tile<const SIZE: usize, const PIXELS: usize>(
        &mut self,
        panel: &[f32],
        vector: usize,
        [row, column]: [usize; 2],
    ) {
        let Self { simd, convolution, image, pitch, .. } = *self;
        let lanes = S::f32s::LEN;
        let (bias, weights) = panel.split_at(lanes);
        let mut sums = [[S::f32s::from_slice(simd, bias)]; POSITIONS];
        let start = convolution.start([row, column], pitch);
        for (cell, weights) in weights.chunks_exact(SIZE * lanes).enumerate() {
            let weights = load_filters::<S, SIZE>(simd, weights);
            let Some(pixels) = image[start + cell * pitch..].first_chunk::<PIXELS>() else { return };
            // Compilers do not unroll a loop over so many cells, and then the sums stay in memory.
            add_cell(simd, &mut sums, &pixels[0..], weights[0]);
            add_cell(simd, &mut sums, &pixels[1..], weights[1]);
            add_cell(simd, &mut sums, &pixels[2..], weights[2]);
            if SIZE == 5 {
                add_cell(simd, &mut sums, &pixels[3..], weights[3]);
                add_cell(simd, &mut sums, &pixels[4..], weights[4]);
            }
        }
        self.store(sums, vector, row * convolution.window.columns.output + column);
    }
}

/// Adds to each position's sums the pixel under one cell of its window, times the cell's weights.
#[inline(always)]
fn add_cell<S: Simd>(simd: S, sums: &mut [[S::f32s; 1]; POSITIONS], pixels: &[f32], weights: S::f32s) {
    for position in 0..POSITIONS {
        let factor = S::f32s::splat(simd, pixels[position]);
        sums[position][0] = factor.mul_add(weights, sums[position][0]);
    }
}
