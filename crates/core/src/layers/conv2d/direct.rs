//! Convolution straight from the image, for strides of 1.

use super::{Groups, Method};
use crate::layers::{Backward, Forward};
use crate::shape::Window2D;
use convscope_kernels::Write;
use convscope_kernels::convolution::Convolution;

/// Both directions of one group's convolution.
pub(super) struct Direct {
    convolution: Convolution,
    transposed: Convolution,
    groups: Groups,
    input_len: usize,
    output_len: usize,
}

impl Direct {
    pub(super) fn new(window: Window2D, groups: Groups) -> Self {
        let convolution =
            Convolution::new(convscope_kernels::level(), window, groups.channels, groups.filters);
        Self {
            convolution,
            transposed: convolution.transposed(),
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
        self.groups.count * examples * self.convolution.padded_len()
    }

    fn scratch_len(&self, examples: usize) -> usize {
        self.convolution.packed_len() + self.groups.count * examples * self.transposed.padded_len()
    }

    fn forward(&self, pass: Forward<'_>, kernel: &[f32], bias: &[f32]) {
        self.pad(&self.convolution, pass.input, self.input_len, pass.saved);
        let packed = &mut pass.scratch[..self.convolution.packed_len()];
        let groups = pass.saved.chunks_exact(pass.examples * self.convolution.padded_len());
        for (group, inputs) in groups.take(self.groups.count).enumerate() {
            let part = self.groups.part(group);
            self.convolution.pack(kernel, part, packed);
            let bias = bias.get(part.first..part.first + self.groups.filters).unwrap_or(&[]);
            let outputs =
                pass.output.chunks_exact_mut(self.output_len).skip(group).step_by(self.groups.count);
            for (input, output) in inputs.chunks_exact(self.convolution.padded_len()).zip(outputs) {
                self.convolution.forward(pass.level, input, packed, bias, output);
            }
        }
    }

    fn backward(&self, pass: Backward<'_>, kernel: &[f32]) {
        let (packed, padded) = pass.scratch.split_at_mut(self.convolution.packed_len());
        self.pad(&self.transposed, pass.output_gradient, self.output_len, padded);
        let group_len = pass.examples * self.transposed.padded_len();
        let groups = pass
            .saved
            .chunks_exact(pass.examples * self.convolution.padded_len())
            .zip(padded.chunks_exact(group_len));
        if pass.write == Write::Set {
            pass.weight_gradients.fill(0.0);
        }
        let mut input_gradient = pass.input_gradient;
        for (group, (inputs, gradients)) in groups.take(self.groups.count).enumerate() {
            let part = self.groups.part(group);
            self.convolution.kernel_gradient(pass.level, inputs, gradients, pass.weight_gradients, part);
            let Some(target) = input_gradient.as_deref_mut() else { continue };
            self.transposed.pack_transposed(kernel, part, packed);
            let targets = target.chunks_exact_mut(self.input_len).skip(group).step_by(self.groups.count);
            for (gradient, target) in gradients.chunks_exact(self.transposed.padded_len()).zip(targets) {
                self.transposed.forward(pass.level, gradient, packed, &[], target);
            }
        }
    }
}
