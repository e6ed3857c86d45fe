//! The gradient of a convolution's kernel: for every weight the sum over all positions of what lies under it, times the
//! output's gradient.
//!
//! The runs under one row of the window follow each other as the rows of a matrix do, except that they overlap. So the sum
//! is a product of matrices, if the output's gradients have as many rows: zeros for the positions between the last of one
//! row of the image and the first of the next.

use super::Convolution;
use crate::frame::{Channels, Frame};
use crate::matmul::{Rows, Target, transposed_product};
use crate::{Level, Window2D, Write, padded};

impl Convolution {
    /// Floats from a position to the next.
    fn step(&self) -> usize {
        self.window.columns.stride * self.channels
    }

    /// The frame of one example's output gradients, for images with rows of `pitch` floats: a multiple of the floats from a
    /// position to the next.
    pub fn gradient_frame(&self, pitch: usize) -> Frame {
        let [height, width] = [self.window.rows.output, self.window.columns.output];
        Frame::new([height, pitch / self.step()], [height, width], [0; 2], padded(self.filters))
    }

    /// Adds the kernel's gradient from one example to `gradient`, which is laid out as the kernel is: the sums over all
    /// positions of input times output gradient. `output_gradient` is in its frame.
    #[inline(never)]
    pub fn kernel_gradient(
        &self,
        level: Level,
        image: &[f32],
        pitch: usize,
        output_gradient: &[f32],
        gradient: &mut [f32],
        filters: Channels,
    ) {
        let Window2D { rows, columns } = self.window;
        let (run, step, stride) = (self.run(), self.step(), padded(self.filters));
        // All positions at once, where the window moves down by one row; else one row of them after the other.
        let blocks = if rows.stride == 1 { 1 } else { rows.output };
        let depth = (rows.output / blocks - 1) * (pitch / step) + columns.output;
        for (row, gradient) in gradient.chunks_exact_mut(run * filters.all).enumerate() {
            for block in 0..blocks {
                let left = Rows::new(&image[(block * rows.stride + row) * pitch..], step);
                let right = Rows::new(&output_gradient[block * (pitch / step) * stride..], stride);
                let target = Target::new(&mut gradient[filters.first..], filters.all);
                transposed_product(level, [run, self.filters, depth], left, right, target, Write::Add);
            }
        }
    }
}
