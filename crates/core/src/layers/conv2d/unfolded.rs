//! Convolution of unfolded windows, for windows with holes.

use super::groups::Groups;
use super::{Method, Prepared, Side};
use crate::layers::unfolding::Unfolding;
use crate::layers::{Backward, Forward};
use crate::shape::Window2D;
use convscope_kernels::Write;
use convscope_kernels::elementwise::add;

pub(super) struct Unfolded {
    window: Window2D,
    groups: Groups,
}

impl Unfolded {
    pub(super) fn new(window: Window2D, groups: Groups) -> Self {
        Self { window, groups }
    }

    /// The products of one group. All groups have the same sizes.
    fn group(&self, group: usize) -> Unfolding {
        Unfolding::new(self.window, self.groups.channels(group), self.groups.filters(group))
    }

    fn panels_len(&self, side: Side) -> usize {
        match side {
            Side::Forward => self.group(0).panels_len(),
            Side::Backward => self.group(0).transposed_panels_len(),
        }
    }
}

impl Method for Unfolded {
    fn prepared_len(&self, side: Side) -> usize {
        self.groups.count * self.panels_len(side)
    }

    fn prepare(&self, side: Side, into: Prepared<'_>) {
        let Prepared { level, kernel, target, .. } = into;
        for (group, panels) in target.chunks_exact_mut(self.panels_len(side)).enumerate() {
            match side {
                Side::Forward => self.group(group).pack(level, kernel, panels),
                Side::Backward => self.group(group).pack_transposed(level, kernel, panels),
            }
        }
    }

    fn saved_len(&self, _examples: usize) -> usize {
        0
    }

    fn scratch_len(&self, _examples: usize) -> usize {
        self.group(0).scratch_len()
    }

    fn forward(&self, pass: Forward<'_>, bias: &[f32]) {
        for (group, panels) in pass.prepared.chunks_exact(self.panels_len(Side::Forward)).enumerate() {
            let unfolding = self.group(group);
            let images = pass.input.chunks_exact(unfolding.image_len());
            for (image, values) in images.zip(pass.output.chunks_exact_mut(unfolding.values_len())) {
                unfolding.to_values(pass.level, image, panels, values, pass.scratch);
            }
        }
        if !bias.is_empty() {
            pass.output.chunks_exact_mut(bias.len()).for_each(|values| add(pass.level, bias, values));
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        if pass.write == Write::Set {
            pass.weight_gradients.fill(0.0);
        }
        for group in 0..self.groups.count {
            let unfolding = self.group(group);
            let images = pass.input.chunks_exact(unfolding.image_len());
            for (image, values) in images.zip(pass.output_gradient.chunks_exact(unfolding.values_len())) {
                unfolding.add_kernel_gradient(pass.level, image, values, pass.weight_gradients, pass.scratch);
            }
        }
        let Some(input_gradient) = pass.input_gradient else { return };
        input_gradient.fill(0.0);
        for (group, panels) in pass.prepared.chunks_exact(self.panels_len(Side::Backward)).enumerate() {
            let unfolding = self.group(group);
            let images = input_gradient.chunks_exact_mut(unfolding.image_len());
            for (image, values) in images.zip(pass.output_gradient.chunks_exact(unfolding.values_len())) {
                unfolding.to_image(pass.level, values, panels, image, pass.scratch);
            }
        }
    }
}
