//! Convolution straight from the image, for strides of 1.

use super::{Groups, Method};
use crate::layers::{Backward, Forward};
use crate::shape::Window2D;
use convscope_kernels::convolution::Convolution;
use convscope_kernels::matmul::Write;

/// Both directions of one group's convolution.
pub(super) struct Direct {
    forth: Convolution,
    back: Convolution,
    groups: Groups,
    input_len: usize,
    output_len: usize,
}

impl Direct {
    pub(super) fn new(window: Window2D, groups: Groups) -> Self {
        let forth = Convolution::new(convscope_kernels::level(), window, groups.channels, groups.filters);
        Self {
            forth,
            back: forth.transposed(),
            groups,
            input_len: groups.channels * window.rows.input * window.columns.input,
            output_len: groups.filters * window.outputs(),
        }
    }

    /// Gives every example of every group zeros around it; the examples of a group follow each other.
    fn pad(&self, convolution: &Convolution, images: &[f32], len: usize, padded: &mut [f32]) {
        let examples = images.len() / len / self.groups.count;
        for (index, image) in images.chunks_exact(len).enumerate() {
            let place = index % self.groups.count * examples + index / self.groups.count;
            convolution.pad(image, &mut padded[place * convolution.padded_len()..]);
        }
    }
}

impl Method for Direct {
    /// The padded inputs, which the kernel's gradient reads again.
    fn saved_len(&self, examples: usize) -> usize {
        self.groups.count * examples * self.forth.padded_len()
    }

    fn scratch_len(&self, examples: usize) -> usize {
        self.forth.packed_len() + self.groups.count * examples * self.back.padded_len()
    }

    fn forward(&self, pass: Forward<'_>, kernel: &[f32], bias: &[f32]) {
        self.pad(&self.forth, pass.input, self.input_len, pass.saved);
        let packed = &mut pass.scratch[..self.forth.packed_len()];
        let groups = pass.saved.chunks_exact(pass.examples * self.forth.padded_len());
        for (group, inputs) in groups.take(self.groups.count).enumerate() {
            let part = self.groups.part(group);
            self.forth.pack(kernel, part, packed);
            let bias = bias.get(part.first..part.first + self.groups.filters).unwrap_or(&[]);
            let outputs =
                pass.output.chunks_exact_mut(self.output_len).skip(group).step_by(self.groups.count);
            for (input, output) in inputs.chunks_exact(self.forth.padded_len()).zip(outputs) {
                self.forth.forward(pass.level, input, packed, bias, output);
            }
        }
    }

    fn backward(&self, pass: Backward<'_>, kernel: &[f32]) {
        let (packed, padded) = pass.scratch.split_at_mut(self.forth.packed_len());
        self.pad(&self.back, pass.output_gradient, self.output_len, padded);
        let of_group = pass.examples * self.back.padded_len();
        let groups = pass
            .saved
            .chunks_exact(pass.examples * self.forth.padded_len())
            .zip(padded.chunks_exact(of_group));
        if pass.write == Write::Set {
            pass.weight_gradients.fill(0.0);
        }
        let mut input_gradient = pass.input_gradient;
        for (group, (inputs, gradients)) in groups.take(self.groups.count).enumerate() {
            let part = self.groups.part(group);
            self.forth.kernel_gradient(pass.level, inputs, gradients, pass.weight_gradients, part);
            let Some(target) = input_gradient.as_deref_mut() else { continue };
            self.back.pack_transposed(kernel, part, packed);
            let targets = target.chunks_exact_mut(self.input_len).skip(group).step_by(self.groups.count);
            for (gradient, target) in gradients.chunks_exact(self.back.padded_len()).zip(targets) {
                self.back.forward(pass.level, gradient, packed, &[], target);
            }
        }
    }
}
