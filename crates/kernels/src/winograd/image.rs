//! Between planes and images whose channels lie together.

use fearless_simd::{Simd, prelude::*};

/// The sizes of an image and where in it the planes lie; around them are zeros.
#[derive(Clone, Copy, Debug)]
pub(super) struct Image {
    pub(super) height: usize,
    pub(super) width: usize,
    /// Height and width of the planes.
    pub(super) inner: [usize; 2],
    /// Rows above and columns before the planes.
    pub(super) before: [usize; 2],
}

impl Image {
    /// Floats of an image with as many channels, whole vectors of them.
    pub(super) fn len(&self, channels: usize) -> usize {
        self.height * self.width * channels
    }

    /// Copies planes into an image.
    #[inline(always)]
    pub(super) fn gather<S: Simd>(&self, _: S, planes: &[f32], image: &mut [f32]) {
        let lanes = S::f32s::LEN;
        let [height, width] = self.inner;
        let blocks = planes.chunks(lanes * height * width).zip(image.chunks_exact_mut(self.len(lanes)));
        for (planes, block) in blocks {
            block.fill(0.0);
            for (lane, plane) in planes.chunks_exact(height * width).enumerate() {
                let lines = block.chunks_exact_mut(self.width * lanes).skip(self.before[0]);
                for (row, line) in plane.chunks_exact(width).zip(lines) {
                    let pixels = line.chunks_exact_mut(lanes).skip(self.before[1]);
                    for (&value, pixel) in row.iter().zip(pixels) {
                        pixel[lane] = value;
                    }
                }
            }
        }
    }

    /// Copies an image's planes out of it and adds a `bias` for each, or none.
    #[inline(always)]
    pub(super) fn scatter<S: Simd>(&self, _: S, image: &[f32], bias: &[f32], planes: &mut [f32]) {
        let lanes = S::f32s::LEN;
        let [height, width] = self.inner;
        let blocks = planes.chunks_mut(lanes * height * width).zip(image.chunks_exact(self.len(lanes)));
        for (index, (planes, block)) in blocks.enumerate() {
            for (lane, plane) in planes.chunks_exact_mut(height * width).enumerate() {
                let bias = bias.get(index * lanes + lane).copied().unwrap_or(0.0);
                let lines = block.chunks_exact(self.width * lanes).skip(self.before[0]);
                for (row, line) in plane.chunks_exact_mut(width).zip(lines) {
                    let pixels = line.chunks_exact(lanes).skip(self.before[1]);
                    for (value, pixel) in row.iter_mut().zip(pixels) {
                        *value = pixel[lane] + bias;
                    }
                }
            }
        }
    }
}
