//! Convolutions of stride 1 with kernels of 3×3 and 5×5 by fewer multiplications (Winograd 1980;
//! Lavin and Gray 2016, "Fast algorithms for convolutional neural networks", F(4×4, 3×3) and F(2×2, 5×5)).
//!
//! The outputs are cut into tiles of 4×4 or 2×2. A tile's inputs, 6×6 of them, and the kernel are
//! mapped to 6×6 points; there a convolution is a product point by point, summed over the
//! channels: for all tiles together a matrix product for each point. Mapping the products back
//! gives the outputs. A 3×3 kernel takes 36 multiplications for 16 outputs so, instead of 144.
//!
//! The gradients are the exact transposes of these maps, so they need no other convolution.
//! Images are held in blocks of as many channels as a vector has lanes, a block's channels
//! together: `[blocks][height][width][lanes]`. Points are held as `[36][tiles][channels]`.

mod image;
mod maps;
mod points;

use crate::matmul::{Rows, Target, product, transposed_product};
use crate::{Level, Window2D, Write, padded, transpose};
use fearless_simd::{Simd, dispatch};
use image::Image;
use points::POINTS;

/// Points of a tile.
const ALL_POINTS: usize = POINTS * POINTS;

/// The sizes of a convolution.
#[derive(Clone, Copy, Debug)]
pub struct Winograd {
    window: Window2D,
    channels: usize,
    filters: usize,
    /// Outputs along a side of a tile.
    side: usize,
    /// Tiles of an image, down and across.
    tiles: [usize; 2],
}

impl Winograd {
    /// The convolution of `window` from `channels` planes to `filters` planes, or none where the
    /// kernel is neither 3×3 nor 5×5 or moves by more than one cell.
    pub fn new(window: Window2D, channels: usize, filters: usize) -> Option<Self> {
        let Window2D { rows, columns } = window;
        let size = rows.size;
        if (rows.stride, columns.stride) != (1, 1) || columns.size != size || !matches!(size, 3 | 5) {
            return None;
        }
        let side = POINTS + 1 - size;
        let tiles = [rows.output, columns.output].map(|outputs| outputs.div_ceil(side));
        Some(Self { window, channels, filters, side, tiles })
    }

    /// Multiplications of one example's forward pass.
    pub fn multiplications(&self) -> usize {
        ALL_POINTS * self.tiles_len() * self.channels * self.filters
    }

    fn tiles_len(&self) -> usize {
        self.tiles[0] * self.tiles[1]
    }

    /// Floats of an example's inputs at the points.
    pub fn input_points_len(&self) -> usize {
        ALL_POINTS * self.tiles_len() * padded(self.channels)
    }

    /// Floats of an example's outputs at the points.
    pub fn output_points_len(&self) -> usize {
        ALL_POINTS * self.tiles_len() * padded(self.filters)
    }

    /// Floats of the kernel at the points, `[36][channels][filters]`, also in its transposed form.
    pub fn kernel_points_len(&self) -> usize {
        ALL_POINTS * padded(self.channels) * padded(self.filters)
    }

    /// Floats of working memory for one example's image.
    pub fn image_len(&self) -> usize {
        self.input_image().len(padded(self.channels)).max(self.output_image().len(padded(self.filters)))
    }

    /// The inputs that the tiles read, with the padding and what the last tiles read beyond it.
    fn input_image(&self) -> Image {
        let Window2D { rows, columns } = self.window;
        Image {
            height: self.tiles[0] * self.side + rows.size - 1,
            width: self.tiles[1] * self.side + columns.size - 1,
            inner: [rows.input, columns.input],
            before: [rows.before, columns.before],
        }
    }

    /// The outputs of whole tiles.
    fn output_image(&self) -> Image {
        let Window2D { rows, columns } = self.window;
        Image {
            height: self.tiles[0] * self.side,
            width: self.tiles[1] * self.side,
            inner: [rows.output, columns.output],
            before: [0, 0],
        }
    }

    /// Maps a kernel, `[rows][columns][channels][filters]` as in Keras, to the points.
    #[inline(never)]
    pub fn kernel_points(&self, level: Level, kernel: &[f32], points: &mut [f32]) {
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || match self.side {
                4 => self.kernel_to_points::<_, 3>(simd, kernel, points),
                _ => self.kernel_to_points::<_, 5>(simd, kernel, points),
            },
        ));
    }

    /// The transposes of a kernel's matrices: `[36][filters][channels]`.
    #[inline(never)]
    pub fn transpose_kernel_points(&self, points: &[f32], transposed: &mut [f32]) {
        let (channels, filters) = (padded(self.channels), padded(self.filters));
        transposed.fill(0.0);
        let matrices = points.chunks_exact(self.channels * filters);
        for (matrix, transposed) in matrices.zip(transposed.chunks_exact_mut(filters * channels)) {
            transpose(matrix, filters, transposed, channels);
        }
    }

    /// Maps the input planes of one or more examples to the points.
    #[inline(never)]
    pub fn input_points(&self, level: Level, planes: &[f32], image: &mut [f32], points: &mut [f32]) {
        let len = self.channels * self.window.rows.input * self.window.columns.input;
        let examples = planes.len() / len;
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || for (example, planes) in planes.chunks_exact(len).enumerate() {
                self.input_image().gather(simd, planes, image);
                let tiles = ExampleTiles { first: example * self.tiles_len(), total: examples * self.tiles_len() };
                self.image_to_points(simd, image, tiles, points);
            },
        ));
    }

    /// From the inputs at the points to the outputs at the points.
    #[inline(never)]
    pub fn multiply(
        &self,
        level: Level,
        inputs: &[f32],
        kernel: &[f32],
        outputs: &mut [f32],
        examples: usize,
    ) {
        let (channels, filters, tiles) =
            (padded(self.channels), padded(self.filters), examples * self.tiles_len());
        let inputs = inputs.chunks_exact(tiles * channels);
        let kernels = kernel.chunks_exact(self.channels * filters);
        for ((inputs, kernel), outputs) in inputs.zip(kernels).zip(outputs.chunks_exact_mut(tiles * filters))
        {
            let (left, right) = (Rows::new(inputs, channels), Rows::new(kernel, filters));
            let target = Target::new(outputs, filters, Write::Set);
            product(level, [tiles, filters, self.channels], left, right, target);
        }
    }

    /// Maps outputs at the points to the output planes, and adds a `bias` for each filter, or none.
    #[inline(never)]
    pub fn outputs(&self, level: Level, points: &[f32], bias: &[f32], image: &mut [f32], planes: &mut [f32]) {
        let len = self.filters * self.window.outputs();
        let examples = planes.len() / len;
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || for (example, planes) in planes.chunks_exact_mut(len).enumerate() {
                let tiles = ExampleTiles { first: example * self.tiles_len(), total: examples * self.tiles_len() };
                match self.side {
                    4 => self.points_to_outputs::<_, 4>(simd, points, tiles, image),
                    _ => self.points_to_outputs::<_, 2>(simd, points, tiles, image),
                }
                self.output_image().scatter(simd, image, bias, planes);
            },
        ));
    }

    /// Maps the gradients of the output planes to the points.
    #[inline(never)]
    pub fn output_gradient_points(
        &self,
        level: Level,
        planes: &[f32],
        image: &mut [f32],
        points: &mut [f32],
    ) {
        let len = self.filters * self.window.outputs();
        let examples = planes.len() / len;
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || for (example, planes) in planes.chunks_exact(len).enumerate() {
                self.output_image().gather(simd, planes, image);
                let tiles = ExampleTiles { first: example * self.tiles_len(), total: examples * self.tiles_len() };
                match self.side {
                    4 => self.outputs_to_points::<_, 4>(simd, image, tiles, points),
                    _ => self.outputs_to_points::<_, 2>(simd, image, tiles, points),
                }
            },
        ));
    }

    /// The kernel's gradient at the points, from the inputs and the output gradients there.
    #[inline(never)]
    pub fn multiply_for_kernel(
        &self,
        level: Level,
        inputs: &[f32],
        output_gradients: &[f32],
        gradient: &mut [f32],
        examples: usize,
        write: Write,
    ) {
        let (channels, filters, tiles) =
            (padded(self.channels), padded(self.filters), examples * self.tiles_len());
        let inputs = inputs.chunks_exact(tiles * channels);
        let output_gradients = output_gradients.chunks_exact(tiles * filters);
        let gradients = gradient.chunks_exact_mut(self.channels * filters);
        for ((inputs, output_gradients), gradient) in inputs.zip(output_gradients).zip(gradients) {
            let (left, right) = (Rows::new(inputs, channels), Rows::new(output_gradients, filters));
            let target = Target::new(gradient, filters, write);
            transposed_product(level, [self.channels, filters, tiles], left, right, target);
        }
    }

    /// Adds the kernel's gradient at the points to that of the kernel, laid out as the kernel is.
    #[inline(never)]
    pub fn add_kernel_gradient(&self, level: Level, points: &[f32], gradient: &mut [f32]) {
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || match self.side {
                4 => self.points_to_kernel::<_, 3>(simd, points, gradient),
                _ => self.points_to_kernel::<_, 5>(simd, points, gradient),
            },
        ));
    }

    /// The inputs' gradients at the points, from those of the outputs and the transposed kernel.
    #[inline(never)]
    pub fn multiply_for_inputs(
        &self,
        level: Level,
        output_gradients: &[f32],
        transposed_kernel: &[f32],
        input_gradients: &mut [f32],
        examples: usize,
    ) {
        let (channels, filters, tiles) =
            (padded(self.channels), padded(self.filters), examples * self.tiles_len());
        let output_gradients = output_gradients.chunks_exact(tiles * filters);
        let kernels = transposed_kernel.chunks_exact(filters * channels);
        let targets = input_gradients.chunks_exact_mut(tiles * channels);
        for ((gradients, kernel), target) in output_gradients.zip(kernels).zip(targets) {
            let (left, right) = (Rows::new(gradients, filters), Rows::new(kernel, channels));
            product(
                level,
                [tiles, channels, self.filters],
                left,
                right,
                Target::new(target, channels, Write::Set),
            );
        }
    }

    /// Maps the inputs' gradients at the points to those of the input planes.
    #[inline(never)]
    pub fn input_gradients(&self, level: Level, points: &[f32], image: &mut [f32], planes: &mut [f32]) {
        let len = self.channels * self.window.rows.input * self.window.columns.input;
        let examples = planes.len() / len;
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || for (example, planes) in planes.chunks_exact_mut(len).enumerate() {
                let tiles = ExampleTiles { first: example * self.tiles_len(), total: examples * self.tiles_len() };
                self.points_to_image(simd, points, tiles, image);
                self.input_image().scatter(simd, image, &[], planes);
            },
        ));
    }
}

/// Which tiles are meant: one example's, and how many there are in all.
#[derive(Clone, Copy)]
struct ExampleTiles {
    first: usize,
    total: usize,
}

#[cfg(test)]
mod tests;
