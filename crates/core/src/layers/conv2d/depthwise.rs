//! Convolution of as many groups as there are channels.

use super::groups::Groups;
use super::{Method, Prepared, Side};
use crate::layers::{Backward, Forward};
use crate::shape::Window2D;
use convscope_kernels::Write;
use convscope_kernels::depthwise::Depthwise as Kernels;

pub(super) struct Depthwise {
    kernels: Kernels,
    input_len: usize,
    output_len: usize,
}

impl Depthwise {
    /// None where groups have several channels, or there is only one.
    pub(super) fn new(window: Window2D, groups: Groups) -> Option<Self> {
        (groups.channels == 1 && groups.count > 1).then(|| Self {
            kernels: Kernels::new(window, groups.count, groups.filters),
            input_len: window.rows.input * window.columns.input * groups.count,
            output_len: window.outputs() * groups.all_filters(),
        })
    }
}

impl Method for Depthwise {
    fn prepared_len(&self, _side: Side) -> usize {
        0
    }

    fn prepare(&self, _side: Side, _into: Prepared<'_>) {}

    /// The inputs with repeated channels.
    fn saved_len(&self, examples: usize) -> usize {
        examples * self.kernels.repeated_len()
    }

    fn scratch_len(&self, _examples: usize) -> usize {
        self.kernels.repeated_len()
    }

    fn forward(&self, pass: Forward<'_>, bias: &[f32]) {
        let kernel = &pass.weights[..pass.weights.len() - bias.len()];
        let saved = pass.saved.chunks_exact_mut(self.kernels.repeated_len());
        let images = pass.input.chunks_exact(self.input_len).zip(saved);
        for ((image, repeated), output) in images.zip(pass.output.chunks_exact_mut(self.output_len)) {
            self.kernels.repeat(image, repeated);
            self.kernels.forward(repeated, kernel, bias, output);
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        if pass.write == Write::Set {
            pass.weight_gradients.fill(0.0);
        }
        let room = &mut pass.scratch[..self.kernels.repeated_len()];
        let kernel = &pass.weights[..pass.weight_gradients.len()];
        let mut targets = pass.input_gradient.map(|gradient| gradient.chunks_exact_mut(self.input_len));
        let saved = pass.saved.chunks_exact(self.kernels.repeated_len());
        for (gradient, repeated) in pass.output_gradient.chunks_exact(self.output_len).zip(saved) {
            self.kernels.kernel_gradient(repeated, gradient, pass.weight_gradients);
            if let Some(target) = targets.as_mut().and_then(Iterator::next) {
                self.kernels.input_gradient(gradient, kernel, room, target);
            }
        }
    }
}
