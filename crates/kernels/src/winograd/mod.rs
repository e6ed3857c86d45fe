//! Convolutions of stride 1 with kernels of 3×3 and 5×5 by fewer multiplications (Winograd 1980;
//! Lavin and Gray 2016, "Fast algorithms for convolutional neural networks", F(4×4, 3×3) and F(2×2, 5×5)).
//!
//! The outputs are cut into tiles of 4×4 or 2×2. A tile's inputs, 6×6 of them, and the kernel are
//! mapped to 6×6 points; there a convolution is a product point by point, summed over the
//! channels: for all tiles together a matrix product for each point. Mapping the products back
//! gives the outputs. A 3×3 kernel takes 36 multiplications for 16 outputs so, instead of 144.
//!
//! The gradients are the exact transposes of these maps, so they need no other convolution. Images are channels-last, in
//! frames as large as whole tiles need. Points are held as `[36][tiles][channels]`.
//!
//! The maps' sums leave rounding noise where the exact result is zero. Where a window holds nothing but zeros, which
//! borders and ReLU make common, it is not left: a ReLU behind it would open.

mod maps;
mod points;
mod zero_windows;

use crate::frame::{Channels, Frame};
use crate::matmul::{
    Rows, Target, pack_panels, pack_transposed_panels, panels_len, product_of_panels, transposed_product,
};
use crate::{Level, Window2D, Write, padded};
use fearless_simd::{Simd, dispatch};
use points::POINTS;
use zero_windows::ZeroWindows;

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
    /// The convolution of `window` from `channels` to `filters` channels, or none where the
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

    /// Floats of the kernel at the points, `[36][channels][filters]`.
    pub fn kernel_points_len(&self) -> usize {
        ALL_POINTS * self.channels * padded(self.filters)
    }

    /// Floats of the kernel at the points in panels, from which outputs come.
    pub fn panels_len(&self) -> usize {
        ALL_POINTS * panels_len(self.filters, self.channels)
    }

    /// Floats of the kernel at the points in panels, from which the inputs' gradients come.
    pub fn transposed_panels_len(&self) -> usize {
        ALL_POINTS * panels_len(self.channels, self.filters)
    }

    /// Floats of working memory for one example's image.
    pub fn image_len(&self) -> usize {
        self.input_frame()
            .floats()
            .max(self.output_frame().floats())
            .max(self.input_gradient_frame().floats())
    }

    /// Floats of working memory for finding windows of zeros.
    pub fn marks_len(&self) -> usize {
        let Window2D { rows, columns } = self.window;
        let window = ZeroWindows::new(self.window).len();
        window
            .max(ZeroWindows::new(Window2D { rows: rows.transposed(), columns: columns.transposed() }).len())
    }

    /// The inputs that the tiles read, with the padding and what the last tiles read beyond it.
    fn input_frame(&self) -> Frame {
        let Window2D { rows, columns } = self.window;
        let outer = [0, 1].map(|axis| self.tiles[axis] * self.side + rows.size - 1);
        Frame::new(outer, [rows.input, columns.input], [rows.before, columns.before], self.channels)
    }

    /// The same for the inputs' gradients, whose vectors are written and must not reach into the next pixel.
    fn input_gradient_frame(&self) -> Frame {
        self.input_frame().with_pixel(padded(self.channels))
    }

    /// The outputs of whole tiles.
    fn output_frame(&self) -> Frame {
        let Window2D { rows, columns } = self.window;
        let outer = self.tiles.map(|tiles| tiles * self.side);
        Frame::new(outer, [rows.output, columns.output], [0, 0], self.filters)
    }

    /// Maps a kernel, `[rows][columns][channels][filters]` as in Keras, to the points; `filters` are the group's among all
    /// of the kernel's.
    #[inline(never)]
    pub fn kernel_points(&self, level: Level, kernel: &[f32], filters: Channels, points: &mut [f32]) {
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || match self.side {
                4 => self.kernel_to_points::<_, 3>(simd, kernel, filters, points),
                _ => self.kernel_to_points::<_, 5>(simd, kernel, filters, points),
            },
        ));
    }

    /// Orders the kernel at the points in panels, as [`Winograd::multiply`] reads them.
    #[inline(never)]
    pub fn pack(&self, level: Level, kernel_points: &[f32], panels: &mut [f32]) {
        let size = [self.filters, self.channels];
        let (matrix, length) =
            (self.channels * padded(self.filters), panels_len(self.filters, self.channels));
        for (matrix, panels) in kernel_points.chunks_exact(matrix).zip(panels.chunks_exact_mut(length)) {
            pack_panels(level, size, Rows::new(matrix, padded(self.filters)), panels);
        }
    }

    /// Orders the kernel at the points in panels, as [`Winograd::multiply_for_inputs`] reads them.
    #[inline(never)]
    pub fn pack_transposed(&self, level: Level, kernel_points: &[f32], panels: &mut [f32]) {
        let size = [self.channels, self.filters];
        let (matrix, length) =
            (self.channels * padded(self.filters), panels_len(self.channels, self.filters));
        for (matrix, panels) in kernel_points.chunks_exact(matrix).zip(panels.chunks_exact_mut(length)) {
            pack_transposed_panels(level, size, Rows::new(matrix, padded(self.filters)), panels);
        }
    }

    /// Maps the `channels` of one or more examples' images to the points.
    #[inline(never)]
    pub fn input_points(
        &self,
        level: Level,
        images: &[f32],
        channels: Channels,
        image: &mut [f32],
        points: &mut [f32],
    ) {
        let len = channels.all * self.window.rows.input * self.window.columns.input;
        let (examples, frame) = (images.len() / len, self.input_frame());
        for (example, pixels) in images.chunks_exact(len).enumerate() {
            frame.enclose(pixels, channels, image);
            let tiles = self.example_tiles(example, examples);
            dispatch!(level, simd => simd.vectorize(
                #[inline(always)]
                || self.image_to_points(simd, frame, image, tiles, points),
            ));
        }
    }

    /// From the inputs at the points to the outputs at the points, with the kernel in panels.
    #[inline(never)]
    pub fn multiply(
        &self,
        level: Level,
        inputs: &[f32],
        panels: &[f32],
        outputs: &mut [f32],
        examples: usize,
    ) {
        let size = [examples * self.tiles_len(), self.filters, self.channels];
        multiply_at_points(level, size, inputs, panels, outputs);
    }

    /// Maps outputs at the points to the `filters` of one or more examples' outputs, and adds a `bias` for each, or none.
    /// `images` and `channels` are those that the points came from.
    #[inline(never)]
    #[expect(clippy::too_many_arguments, reason = "a pass has that many ends")]
    pub fn outputs(
        &self,
        level: Level,
        points: &[f32],
        bias: &[f32],
        (images, channels): (&[f32], Channels),
        marks: &mut [f32],
        filters: Channels,
        outputs: &mut [f32],
    ) {
        let len = channels.all * self.window.rows.input * self.window.columns.input;
        let examples = images.len() / len;
        let results = outputs.chunks_exact_mut(filters.all * self.window.outputs());
        for (example, (image, output)) in images.chunks_exact(len).zip(results).enumerate() {
            let tiles = self.example_tiles(example, examples);
            dispatch!(level, simd => simd.vectorize(
                #[inline(always)]
                || match self.side {
                    4 => self.points_to_outputs::<_, 4>(simd, points, bias, tiles, filters, output),
                    _ => self.points_to_outputs::<_, 2>(simd, points, bias, tiles, filters, output),
                },
            ));
            ZeroWindows::new(self.window).overwrite(image, channels, marks, bias, filters, output);
        }
    }

    /// Maps the `filters` of one or more examples' output gradients to the points.
    #[inline(never)]
    pub fn output_gradient_points(
        &self,
        level: Level,
        gradients: &[f32],
        filters: Channels,
        image: &mut [f32],
        points: &mut [f32],
    ) {
        let len = filters.all * self.window.outputs();
        let (examples, frame) = (gradients.len() / len, self.output_frame());
        for (example, gradient) in gradients.chunks_exact(len).enumerate() {
            frame.enclose(gradient, filters, image);
            let tiles = self.example_tiles(example, examples);
            dispatch!(level, simd => simd.vectorize(
                #[inline(always)]
                || match self.side {
                    4 => self.outputs_to_points::<_, 4>(simd, frame, image, tiles, points),
                    _ => self.outputs_to_points::<_, 2>(simd, frame, image, tiles, points),
                },
            ));
        }
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
            let target = Target::new(gradient, filters);
            transposed_product(level, [self.channels, filters, tiles], left, right, target, write);
        }
    }

    /// Adds the kernel's gradient at the points to that of the kernel, laid out as the kernel is; `filters` are the
    /// group's among all of the kernel's.
    #[inline(never)]
    pub fn add_kernel_gradient(&self, level: Level, points: &[f32], gradient: &mut [f32], filters: Channels) {
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || match self.side {
                4 => self.points_to_kernel::<_, 3>(simd, points, gradient, filters),
                _ => self.points_to_kernel::<_, 5>(simd, points, gradient, filters),
            },
        ));
    }

    /// The inputs' gradients at the points, from those of the outputs and the kernel in transposed panels.
    #[inline(never)]
    pub fn multiply_for_inputs(
        &self,
        level: Level,
        output_gradients: &[f32],
        transposed_panels: &[f32],
        input_gradients: &mut [f32],
        examples: usize,
    ) {
        let size = [examples * self.tiles_len(), self.channels, self.filters];
        multiply_at_points(level, size, output_gradients, transposed_panels, input_gradients);
    }

    /// Maps the inputs' gradients at the points to the `channels` of one or more examples' gradients. `output_gradients`
    /// and `filters` are those that the points came from.
    #[inline(never)]
    #[expect(clippy::too_many_arguments, reason = "a pass has that many ends")]
    pub fn input_gradients(
        &self,
        level: Level,
        points: &[f32],
        (output_gradients, filters): (&[f32], Channels),
        image: &mut [f32],
        marks: &mut [f32],
        channels: Channels,
        gradients: &mut [f32],
    ) {
        let Window2D { rows, columns } = self.window;
        let window = Window2D { rows: rows.transposed(), columns: columns.transposed() };
        let len = filters.all * self.window.outputs();
        let (examples, frame) = (output_gradients.len() / len, self.input_gradient_frame());
        let results = gradients.chunks_exact_mut(channels.all * window.outputs());
        for (example, (output_gradient, gradient)) in
            output_gradients.chunks_exact(len).zip(results).enumerate()
        {
            let tiles = self.example_tiles(example, examples);
            dispatch!(level, simd => simd.vectorize(
                #[inline(always)]
                || self.points_to_image(simd, frame, points, tiles, image),
            ));
            frame.release(image, channels, gradient);
            ZeroWindows::new(window).overwrite(output_gradient, filters, marks, &[], channels, gradient);
        }
    }

    fn example_tiles(&self, example: usize, examples: usize) -> ExampleTiles {
        ExampleTiles { first: example * self.tiles_len(), total: examples * self.tiles_len() }
    }
}

/// The products of rows and panels, point by point.
fn multiply_at_points(
    level: Level,
    [rows, columns, depth]: [usize; 3],
    left: &[f32],
    panels: &[f32],
    target: &mut [f32],
) {
    let left = left.chunks_exact(rows * padded(depth));
    let panels = panels.chunks_exact(panels_len(columns, depth));
    for ((left, panels), target) in left.zip(panels).zip(target.chunks_exact_mut(rows * padded(columns))) {
        let (left, target) = (Rows::new(left, padded(depth)), Target::new(target, padded(columns)));
        product_of_panels(level, [rows, columns, depth], left, panels, target);
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
