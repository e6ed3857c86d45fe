//! A convolution's three products over unfolded windows: for those that no other method can do.

use crate::shape::Window2D;
use convscope_kernels::frame::Channels;
use convscope_kernels::matmul::{
    Rows, Target, pack_panels, pack_transposed_panels, panels_len, product_of_panels, transposed_product,
};
use convscope_kernels::patches::Patches;
use convscope_kernels::{Level, Write, padded};

/// Floats of unfolded windows that are worked on together, as many as stay in the processor's second cache.
const BLOCK_FLOATS: usize = 1 << 15;

/// Between an image that a window slides over and the values at the window's positions, with a kernel
/// `[cells · channels][filters]`. A transposed convolution has the same products with the two exchanged.
pub(super) struct Unfolding {
    patches: Patches,
    /// Of the values at a position.
    filters: Channels,
    positions: usize,
    image_len: usize,
}

impl Unfolding {
    pub(super) fn new(window: Window2D, channels: Channels, filters: Channels) -> Self {
        Self {
            patches: Patches::new(window, channels),
            filters,
            positions: window.outputs(),
            image_len: window.rows.input * window.columns.input * channels.all,
        }
    }

    /// Floats of one example's image, in all channels.
    pub(super) fn image_len(&self) -> usize {
        self.image_len
    }

    /// Floats of one example's values, in all channels.
    pub(super) fn values_len(&self) -> usize {
        self.positions * self.filters.all
    }

    fn depth(&self) -> usize {
        self.patches.row_len()
    }

    /// Positions that are worked on together.
    fn block(&self) -> usize {
        (BLOCK_FLOATS / self.depth()).clamp(1, self.positions)
    }

    pub(super) fn scratch_len(&self) -> usize {
        self.block() * (self.depth() + padded(self.filters.count))
    }

    fn kernel<'a>(&self, kernel: &'a [f32]) -> Rows<'a> {
        Rows { values: kernel, stride: self.filters.all, first: self.filters.first }
    }

    /// Floats of the kernel as [`Unfolding::to_values`] reads it.
    pub(super) fn panels_len(&self) -> usize {
        panels_len(self.filters.count, self.depth())
    }

    pub(super) fn pack(&self, level: Level, kernel: &[f32], panels: &mut [f32]) {
        pack_panels(level, [self.filters.count, self.depth()], self.kernel(kernel), panels);
    }

    /// Floats of the kernel as [`Unfolding::to_image`] reads it.
    pub(super) fn transposed_panels_len(&self) -> usize {
        panels_len(self.depth(), self.filters.count)
    }

    pub(super) fn pack_transposed(&self, level: Level, kernel: &[f32], panels: &mut [f32]) {
        pack_transposed_panels(level, [self.depth(), self.filters.count], self.kernel(kernel), panels);
    }

    /// The sums under the window at every position of one example's `image`, written to these filters of `values`.
    pub(super) fn to_values(
        &self,
        level: Level,
        image: &[f32],
        panels: &[f32],
        values: &mut [f32],
        scratch: &mut [f32],
    ) {
        let Channels { first, count, all } = self.filters;
        for (number, values) in values.chunks_mut(self.block() * all).enumerate() {
            let positions = values.len() / all;
            let rows = &mut scratch[..positions * self.depth()];
            self.patches.gather(image, number * self.block(), rows);
            let target = Target::new(&mut values[first..], all);
            let rows = Rows::new(rows, self.depth());
            product_of_panels(level, [positions, count, self.depth()], rows, panels, target);
        }
    }

    /// Adds to `image` what comes back to it from these filters of one example's `values`.
    pub(super) fn to_image(
        &self,
        level: Level,
        values: &[f32],
        panels: &[f32],
        image: &mut [f32],
        scratch: &mut [f32],
    ) {
        let Channels { first, count, all } = self.filters;
        for (number, values) in values.chunks(self.block() * all).enumerate() {
            let positions = values.len() / all;
            let rows = &mut scratch[..positions * self.depth()];
            let values = Rows { values, stride: all, first };
            let target = Target::new(&mut *rows, self.depth());
            product_of_panels(level, [positions, self.depth(), count], values, panels, target);
            self.patches.add_to(rows, number * self.block(), image);
        }
    }

    /// Adds the kernel's gradient from one example: the sum over all positions of what lies under the window there, times
    /// the values' gradient.
    pub(super) fn add_kernel_gradient(
        &self,
        level: Level,
        image: &[f32],
        values: &[f32],
        gradient: &mut [f32],
        scratch: &mut [f32],
    ) {
        let Channels { first, count, all } = self.filters;
        let (rows, vectors) = scratch.split_at_mut(self.block() * self.depth());
        for (number, values) in values.chunks(self.block() * all).enumerate() {
            let positions = values.len() / all;
            let rows = &mut rows[..positions * self.depth()];
            self.patches.gather(image, number * self.block(), rows);
            let vectors = &mut vectors[..positions * padded(count)];
            for (vector, values) in vectors.chunks_exact_mut(padded(count)).zip(values.chunks_exact(all)) {
                let (used, rest) = vector.split_at_mut(count);
                used.copy_from_slice(&values[first..first + count]);
                rest.fill(0.0);
            }
            let size = [self.depth(), count, positions];
            let (rows, vectors) = (Rows::new(rows, self.depth()), Rows::new(vectors, padded(count)));
            let target = Target::new(&mut gradient[first..], all);
            transposed_product(level, size, rows, vectors, target, Write::Add);
        }
    }
}
