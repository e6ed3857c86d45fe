//! Convolutions of channels-last images, straight from the image and for any stride.
//!
//! A row of the window is one run of memory, `columns · channels` floats, at every position. So a tile of positions by
//! filters reads a number of each position's run and a vector of the filters' weights at a time, and no patch is ever
//! copied. The weights are ordered once in panels of as many filters as a tile has, each a run of memory too.

mod kernel_gradient;
mod maxima;
mod single_channel;
mod six_filters;

pub use maxima::{Entry, Maxima, MaximaGradient, Place};

use crate::frame::{Channels, Frame};
use crate::tiles::store;
use crate::{Level, WIDEST, Window2D, Write, padded};
use fearless_simd::{Simd, dispatch, prelude::*};
use six_filters::SIX;

/// Positions of a tile.
const TILE: usize = 6;

/// Vectors of filters in a panel: with six positions they make twelve sums, and all registers but a few are taken.
const PANEL_VECTORS: usize = 2;

/// The sizes of a convolution: of one group, where there are several.
#[derive(Clone, Copy, Debug)]
pub struct Convolution {
    window: Window2D,
    channels: usize,
    filters: usize,
}

/// Images that a convolution reads: its channels alone, with all that the window reaches.
#[derive(Clone, Copy, Debug)]
pub struct Images<'a> {
    /// One example after the other.
    pub values: &'a [f32],
    /// Floats from an example to the next.
    pub example: usize,
    /// Floats from a row to the next.
    pub pitch: usize,
}

impl<'a> Images<'a> {
    /// Images in frames.
    pub fn framed(values: &'a [f32], frame: &Frame) -> Self {
        Self { values, example: frame.floats(), pitch: frame.pitch() }
    }
}

impl Convolution {
    /// The convolution of `window` from `channels` to `filters` channels.
    pub fn new(window: Window2D, channels: usize, filters: usize) -> Self {
        Self { window, channels, filters }
    }

    /// The convolution that takes a gradient back: from the output's gradient to the input's. Strides must be 1.
    pub fn transposed(&self) -> Self {
        let Window2D { rows, columns } = self.window;
        Self {
            window: Window2D { rows: rows.transposed(), columns: columns.transposed() },
            channels: self.filters,
            filters: self.channels,
        }
    }

    /// The window.
    pub fn window(&self) -> &Window2D {
        &self.window
    }

    /// Floats of a row of the window.
    #[inline(always)]
    fn run(&self) -> usize {
        self.window.columns.size * self.channels
    }

    /// Weights of one filter.
    #[inline(always)]
    fn depth(&self) -> usize {
        self.window.rows.size * self.run()
    }

    /// The frame around an image that the window reaches out of, if it does.
    pub fn frame(&self) -> Frame {
        Frame::around_input(&self.window, self.channels)
    }

    /// Where the window's first cell lies at a position, in an image with rows of `pitch` floats.
    #[inline(always)]
    fn start(&self, [row, column]: [usize; 2], pitch: usize) -> usize {
        row * self.window.rows.stride * pitch + column * self.window.columns.stride * self.channels
    }

    /// Floats of the weights in panels.
    pub fn panels_len(&self) -> usize {
        (self.depth() + 1) * padded(self.filters).next_multiple_of(PANEL_VECTORS * WIDEST)
    }

    /// Orders the weights of a Keras kernel, `[rows][columns][channels][filters]`, and a `bias` for each filter, or none,
    /// as [`Convolution::forward`] reads them. `filters` are the group's among all of the kernel's.
    #[inline(never)]
    pub fn pack(&self, level: Level, kernel: &[f32], bias: &[f32], filters: Channels, panels: &mut [f32]) {
        self.pack_with(level, panels, |depth, filter| match depth {
            None => bias.get(filters.first + filter).copied().unwrap_or(0.0),
            Some(depth) => kernel[depth * filters.all + filters.first + filter],
        });
    }

    /// As [`Convolution::pack`], for the transpose of the convolution that `kernel` belongs to: turned by half a turn,
    /// with inputs and outputs exchanged.
    #[inline(never)]
    pub fn pack_transposed(&self, level: Level, kernel: &[f32], filters: Channels, panels: &mut [f32]) {
        let cells = self.window.rows.size * self.window.columns.size;
        self.pack_with(level, panels, |depth, channel| match depth {
            None => 0.0,
            Some(depth) => {
                let (cell, filter) = (cells - 1 - depth / self.channels, depth % self.channels);
                kernel[(cell * self.filters + channel) * filters.all + filters.first + filter]
            }
        });
    }

    fn pack_with(&self, level: Level, panels: &mut [f32], weight: impl Fn(Option<usize>, usize) -> f32) {
        let lanes = dispatch!(level, simd => lanes(simd));
        let (run, wide) = match () {
            () if self.is_of_six_filters(lanes) => (SIX, 1),
            () if self.is_of_single_channel() => (lanes, 1),
            () => (lanes, PANEL_VECTORS),
        };
        let mut panels = panels.chunks_exact_mut(run);
        for first in (0..self.filters.div_ceil(run)).step_by(wide) {
            for depth in (0..=self.depth()).map(|row| row.checked_sub(1)) {
                for (vector, values) in (first..first + wide).zip(&mut panels) {
                    for (filter, value) in (self.first_filter(vector, run)..).zip(values) {
                        *value = if filter < self.filters { weight(depth, filter) } else { 0.0 };
                    }
                }
            }
        }
    }

    /// The first filter of a vector of them: the last vector would rather overlap the one before it than end within it.
    #[inline(always)]
    fn first_filter(&self, vector: usize, lanes: usize) -> usize {
        (vector * lanes).min(self.filters.saturating_sub(lanes))
    }

    /// How many panels of several vectors there are.
    #[inline(always)]
    fn panels<S: Simd>(&self) -> usize {
        self.filters.div_ceil(PANEL_VECTORS * S::f32s::LEN)
    }

    /// The outputs of one example: the window's sums over `image`, plus the biases, written to the `filters` of `output`.
    #[inline(never)]
    pub fn forward(
        &self,
        level: Level,
        image: &[f32],
        pitch: usize,
        panels: &[f32],
        output: &mut [f32],
        filters: Channels,
    ) {
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || {
                let mut forward = Forward { simd, convolution: self, image, pitch, output, filters };
                if self.is_of_six_filters(lanes(simd)) {
                    forward.cover_six_filters(panels);
                } else if self.is_of_single_channel() {
                    forward.cover_single_channel(panels);
                } else {
                    forward.cover(panels);
                }
            },
        ));
    }
}

/// What a forward pass of one example reads and writes.
struct Forward<'a, S> {
    simd: S,
    convolution: &'a Convolution,
    image: &'a [f32],
    pitch: usize,
    output: &'a mut [f32],
    filters: Channels,
}

impl<S: Simd> Forward<'_, S> {
    #[inline(always)]
    fn cover(&mut self, panels: &[f32]) {
        let convolution = self.convolution;
        let length = (convolution.depth() + 1) * PANEL_VECTORS * S::f32s::LEN;
        let positions = convolution.window.outputs();
        for (panel, weights) in panels.chunks_exact(length).take(convolution.panels::<S>()).enumerate() {
            if positions < TILE {
                for position in 0..positions {
                    self.tile::<1>(weights, panel, position);
                }
                continue;
            }
            for first in (0..positions).step_by(TILE) {
                // The last tile would rather overlap the one before it than end within it.
                self.tile::<TILE>(weights, panel, first.min(positions - TILE));
            }
        }
    }

    /// The sums at `HEIGHT` positions from `first` for the filters of panel number `number`.
    #[inline(always)]
    fn tile<const HEIGHT: usize>(&mut self, panel: &[f32], number: usize, first: usize) {
        let Self { simd, convolution, image, pitch, .. } = *self;
        let (run, width) = (convolution.run(), PANEL_VECTORS * S::f32s::LEN);
        let (bias, weights) = panel.split_at(width);
        let mut sums = [load_filters::<S, PANEL_VECTORS>(simd, bias); HEIGHT];
        let columns = convolution.window.columns.output;
        let mut starts = [0; HEIGHT];
        let (mut row, mut column) = (first / columns, first % columns);
        for start in &mut starts {
            *start = convolution.start([row, column], pitch);
            column += 1;
            if column == columns {
                (row, column) = (row + 1, 0);
            }
        }
        for (cell, weights) in weights.chunks_exact(run * width).enumerate() {
            let mut lines = [image; HEIGHT];
            for position in 0..HEIGHT {
                lines[position] = &image[starts[position] + cell * pitch..][..run];
            }
            add_runs(simd, &mut sums, lines, weights);
        }
        self.store(sums, number * PANEL_VECTORS, first);
    }

    /// Writes the sums at neighbouring positions from `first` for the vectors of filters from number `vector`.
    #[inline(always)]
    fn store<const HEIGHT: usize, const VECTORS: usize>(
        &mut self,
        sums: [[S::f32s; VECTORS]; HEIGHT],
        vector: usize,
        first: usize,
    ) {
        let (lanes, filters) = (S::f32s::LEN, self.convolution.filters);
        let Channels { first: first_filter, all, .. } = self.filters;
        let target = &mut self.output[first * all + first_filter..];
        if filters < lanes {
            return store(self.simd, sums, target, all, filters, Write::Set);
        }
        for position in 0..HEIGHT {
            let target = &mut target[position * all..][..filters];
            for index in 0..VECTORS {
                let filter = self.convolution.first_filter(vector + index, lanes);
                sums[position][index].store_slice(&mut target[filter..filter + lanes]);
            }
        }
    }
}

/// Adds to each position's sums the numbers of its run, each times its row of `weights`.
#[inline(always)]
fn add_runs<S: Simd, const HEIGHT: usize, const VECTORS: usize>(
    simd: S,
    sums: &mut [[S::f32s; VECTORS]; HEIGHT],
    lines: [&[f32]; HEIGHT],
    weights: &[f32],
) {
    let width = VECTORS * S::f32s::LEN;
    for (number, weights) in (0..lines[0].len()).zip(weights.chunks_exact(width)) {
        let weights = load_filters::<S, VECTORS>(simd, weights);
        for position in 0..HEIGHT {
            let factor = S::f32s::splat(simd, lines[position][number]);
            for vector in 0..VECTORS {
                sums[position][vector] = factor.mul_add(weights[vector], sums[position][vector]);
            }
        }
    }
}

#[inline(always)]
fn load_filters<S: Simd, const VECTORS: usize>(simd: S, values: &[f32]) -> [S::f32s; VECTORS] {
    let mut vectors = [S::f32s::splat(simd, 0.0); VECTORS];
    for vector in 0..VECTORS {
        vectors[vector] = S::f32s::from_slice(simd, &values[vector * S::f32s::LEN..][..S::f32s::LEN]);
    }
    vectors
}

#[inline(always)]
fn lanes<S: Simd>(_: S) -> usize {
    S::f32s::LEN
}

#[cfg(test)]
mod tests;
