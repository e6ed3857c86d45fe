//! Convolution as one matrix product with all patches laid out as columns, for any stride
//! (Chellapilla, Puri, Simard 2006).

use super::{Groups, Method};
use crate::layers::{Backward, Forward};
use crate::shape::Window2D;
use convscope_kernels::Write;
use convscope_kernels::matmul::{Rows, Target, product_of_rows, transposed_product};
use convscope_kernels::patches::Patches;
use convscope_kernels::{pad_rows, padded};

/// The patches of one group's channels.
pub(super) struct Unrolled {
    patches: Patches,
    groups: Groups,
    input_len: usize,
}

impl Unrolled {
    pub(super) fn new(window: Window2D, groups: Groups) -> Self {
        let input_len = groups.channels * window.rows.input * window.columns.input;
        Self { patches: Patches::new(window, groups.channels), groups, input_len }
    }
}

impl Method for Unrolled {
    fn saved_len(&self, _examples: usize) -> usize {
        0
    }

    fn scratch_len(&self, _examples: usize) -> usize {
        let filters = self.groups.filters;
        self.patches.len() + filters * padded(self.patches.columns()) + self.patches.rows() * filters
    }

    fn forward(&self, pass: Forward<'_>, kernel: &[f32], bias: &[f32]) {
        let Groups { count, filters, .. } = self.groups;
        let positions = self.patches.columns();
        for planes in pass.output.chunks_exact_mut(count * filters * positions) {
            for (index, plane) in planes.chunks_exact_mut(positions).enumerate() {
                plane.fill(bias.get(index).copied().unwrap_or(0.0));
            }
        }
        let matrix = &mut pass.scratch[..self.patches.len()];
        let size = [filters, positions, self.patches.rows()];
        let inputs = pass.input.chunks_exact(self.input_len);
        let outputs = pass.output.chunks_exact_mut(filters * positions);
        for (index, (input, output)) in inputs.zip(outputs).enumerate() {
            self.patches.gather(input, matrix);
            let part = self.groups.part(index % count);
            let kernel = Rows { first: part.first, ..Rows::new(kernel, part.stride) };
            let patches = Rows::new(matrix, padded(positions));
            transposed_product(pass.level, size, kernel, patches, Target::new(output, positions, Write::Add));
        }
    }

    fn backward(&self, pass: Backward<'_>, kernel: &[f32]) {
        let Groups { count, filters, .. } = self.groups;
        let positions = self.patches.columns();
        let (matrix, rest) = pass.scratch.split_at_mut(self.patches.len());
        let (gradient_rows, rest) = rest.split_at_mut(filters * padded(positions));
        let kernel_rows = &mut rest[..self.patches.rows() * filters];
        let mut input_gradients = pass.input_gradient.map(|gradient| {
            gradient.fill(0.0);
            gradient.chunks_exact_mut(self.input_len)
        });
        let inputs = pass.input.chunks_exact(self.input_len);
        let output_gradients = pass.output_gradient.chunks_exact(filters * positions);
        for (index, (input, output_gradient)) in inputs.zip(output_gradients).enumerate() {
            let part = self.groups.part(index % count);
            self.patches.gather(input, matrix);
            pad_rows(output_gradient, positions, gradient_rows);
            let gradient = Rows::new(gradient_rows, padded(positions));
            let patches = Rows::new(matrix, padded(positions));
            let size = [self.patches.rows(), filters, positions];
            let write = if index < count { pass.write } else { Write::Add };
            let target = Target::new(&mut pass.weight_gradients[part.first..], part.stride, write);
            product_of_rows(pass.level, size, patches, gradient, target);
            if let Some(input_gradient) = input_gradients.as_mut().and_then(Iterator::next) {
                if index == 0 || count > 1 {
                    for (row, kernel) in kernel.chunks_exact(part.stride).enumerate() {
                        for (filter, &weight) in kernel[part.first..part.first + filters].iter().enumerate() {
                            kernel_rows[filter * self.patches.rows() + row] = weight;
                        }
                    }
                }
                let size = [self.patches.rows(), positions, filters];
                let kernel = Rows::new(kernel_rows, self.patches.rows());
                let target = Target::new(matrix, padded(positions), Write::Set);
                transposed_product(pass.level, size, kernel, gradient, target);
                self.patches.scatter(matrix, input_gradient);
            }
        }
    }
}
