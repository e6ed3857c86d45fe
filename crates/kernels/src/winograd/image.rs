//! Between planes and images whose channels lie together: blocks of four pixels of four planes are
//! transposed at a time.

use fearless_simd::{Simd, f32x4, prelude::*};

/// Planes and pixels of a block.
const QUAD: usize = 4;

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

    /// Where a row of four of a vector's planes starts in the image.
    fn start<S: Simd>(&self, first_plane: usize, row: usize) -> usize {
        let lanes = S::f32s::LEN;
        let pixel = (row + self.before[0]) * self.width + self.before[1];
        self.len(first_plane / lanes * lanes) + pixel * lanes + first_plane % lanes
    }

    /// Copies planes into an image.
    #[inline(always)]
    pub(super) fn gather<S: Simd>(&self, simd: S, planes: &[f32], image: &mut [f32]) {
        let [height, width] = self.inner;
        image.fill(0.0);
        for (quad, planes) in planes.chunks(QUAD * height * width).enumerate() {
            let count = planes.len() / (height * width);
            for row in 0..height {
                let mut lines = [&[][..]; QUAD];
                for (plane, line) in lines.iter_mut().enumerate().take(count) {
                    *line = &planes[(plane * height + row) * width..][..width];
                }
                let target = &mut image[self.start::<S>(quad * QUAD, row)..];
                for column in columns(width) {
                    let mut pixels = [f32x4::splat(simd, 0.0); QUAD];
                    for (pixel, line) in pixels.iter_mut().zip(lines) {
                        *pixel = load(simd, line, column);
                    }
                    let pixels = transpose(simd, pixels);
                    let targets = target[column * S::f32s::LEN..].chunks_mut(S::f32s::LEN);
                    for (pixel, target) in pixels.iter().zip(targets.take(width)) {
                        pixel.store_slice(&mut target[..QUAD]);
                    }
                }
            }
        }
    }

    /// Copies an image's planes out of it and adds a `bias` for each, or none.
    #[inline(always)]
    pub(super) fn scatter<S: Simd>(&self, simd: S, image: &[f32], bias: &[f32], planes: &mut [f32]) {
        let [height, width] = self.inner;
        for (quad, planes) in planes.chunks_mut(QUAD * height * width).enumerate() {
            let bias = load(simd, bias, quad * QUAD);
            let count = planes.len() / (height * width);
            for row in 0..height {
                let source = &image[self.start::<S>(quad * QUAD, row)..];
                for column in columns(width) {
                    let mut pixels = [bias; QUAD];
                    for (index, pixel) in pixels.iter_mut().enumerate() {
                        *pixel += load(simd, source, (column + index) * S::f32s::LEN);
                    }
                    let lines = transpose(simd, pixels);
                    for (plane, values) in lines.iter().enumerate().take(count) {
                        let line = &mut planes[(plane * height + row) * width..][..width];
                        match line.get_mut(column..column + QUAD) {
                            Some(line) => values.store_slice(line),
                            None => line.copy_from_slice(&values.as_slice()[..width]),
                        }
                    }
                }
            }
        }
    }
}

/// Where blocks of four columns start; the last one overlaps the one before it, if need be.
#[inline(always)]
fn columns(width: usize) -> impl Iterator<Item = usize> {
    (0..width).step_by(QUAD).map(move |column| column.min(width.saturating_sub(QUAD)))
}

/// Four values, zeros for those that aren't there.
#[inline(always)]
fn load<S: Simd>(simd: S, values: &[f32], start: usize) -> f32x4<S> {
    match values.get(start..start + QUAD) {
        Some(values) => f32x4::from_slice(simd, values),
        None => f32x4::from_fn(simd, |index| values.get(start + index).copied().unwrap_or(0.0)),
    }
}

#[inline(always)]
fn transpose<S: Simd>(_: S, [a, b, c, d]: [f32x4<S>; QUAD]) -> [f32x4<S>; QUAD] {
    let ((first, second), (third, fourth)) = (a.interleave(c), b.interleave(d));
    let ((first, second), (third, fourth)) = (first.interleave(third), second.interleave(fourth));
    [first, second, third, fourth]
}
