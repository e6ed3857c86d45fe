//! The gradient of a convolution's kernel: for every weight the sum over all positions of what lies under it, times the
//! output's gradient.

use super::{Convolution, Images};
use crate::frame::Channels;
use crate::matmul::Rows;
use crate::tiles::{TileKernel, add_outer_product, cover, store};
use crate::{Level, Write};
use fearless_simd::{Simd, dispatch, prelude::*};

impl Convolution {
    /// Adds the kernel's gradient to `gradient`, which is laid out as the kernel is: the sums over all positions and
    /// examples of input times output gradient. `output_gradients` has a row for each position, which is read in whole
    /// vectors: its stride must be at least `padded(filters)`.
    #[inline(never)]
    pub fn kernel_gradient(
        &self,
        level: Level,
        images: Images<'_>,
        output_gradients: Rows<'_>,
        gradient: &mut [f32],
        filters: Channels,
    ) {
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || {
                let convolution = self;
                let mut sums = KernelGradient { simd, convolution, images, output_gradients, gradient, filters };
                cover(simd, self.depth(), self.filters, &mut sums);
            },
        ));
    }
}

/// Tiles of weights by filters.
struct KernelGradient<'a, S> {
    simd: S,
    convolution: &'a Convolution,
    images: Images<'a>,
    output_gradients: Rows<'a>,
    gradient: &'a mut [f32],
    filters: Channels,
}

impl<S: Simd> TileKernel for KernelGradient<'_, S> {
    #[inline(always)]
    fn tile<const HEIGHT: usize, const VECTORS: usize>(&mut self, weight: usize, filter: usize) -> usize {
        let Self { simd, convolution, images, output_gradients, filters, .. } = *self;
        let Convolution { window, channels, .. } = *convolution;
        let (run, step) = (convolution.run(), window.columns.stride * channels);
        let (columns, width) = (window.columns.output, VECTORS * S::f32s::LEN);
        let mut offsets = [0; HEIGHT];
        for (index, offset) in offsets.iter_mut().enumerate() {
            *offset = (weight + index) / run * images.pitch + (weight + index) % run;
        }
        let mut sums = [[S::f32s::splat(simd, 0.0); VECTORS]; HEIGHT];
        let rows = output_gradients.values.chunks_exact(columns * output_gradients.stride);
        for (index, gradients) in rows.enumerate() {
            let (example, row) = (index / window.rows.output, index % window.rows.output);
            let image =
                &images.values[example * images.example + convolution.start([row, 0], images.pitch)..];
            let mut lines = [image; HEIGHT];
            for index in 0..HEIGHT {
                lines[index] = &image[offsets[index]..][..(columns - 1) * step + 1];
            }
            for column in 0..columns {
                add_outer_product(
                    simd,
                    &mut sums,
                    #[inline(always)]
                    |index| lines[index][column * step],
                    &gradients[column * output_gradients.stride + filter..][..width],
                );
            }
        }
        let target = &mut self.gradient[weight * filters.all + filters.first + filter..];
        let used = (convolution.filters - filter).min(width);
        store(simd, sums, target, filters.all, used, Write::Add);
        HEIGHT
    }
}
