//! Convolution by fewer multiplications, for kernels of 3×3 and 5×5 that move by one cell.

use super::groups::Groups;
use super::{Method, Prepared, Side};
use crate::layers::{Backward, Forward};
use crate::shape::Window2D;
use convscope_kernels::Write;
use convscope_kernels::winograd::Winograd as Maps;

/// Floats of inputs and outputs at the points that are worked on together, as many as stay in the
/// processor's second cache.
const BLOCK_FLOATS: usize = 1 << 15;

/// The largest kernel at the points, in floats: 32 MiB.
const MAX_KERNEL_POINTS: usize = 1 << 23;

/// With fewer channels or filters, mapping to the points and back takes longer than the multiplications that it
/// saves.
const MIN_CHANNELS: usize = 8;

pub(super) struct Winograd {
    maps: Maps,
    groups: Groups,
    /// Examples that are worked on together.
    block: usize,
    input_len: usize,
    output_len: usize,
}

impl Winograd {
    /// None where another method is faster.
    pub(super) fn new(window: Window2D, groups: Groups) -> Option<Self> {
        let Groups { channels, filters, .. } = groups;
        let maps = Maps::new(window, channels, filters)?;
        let cells = window.rows.size * window.columns.size;
        let direct = cells * window.outputs() * channels * filters;
        let pays = channels.min(filters) >= MIN_CHANNELS
            && 2 * maps.multiplications() <= direct
            && maps.kernel_points_len() <= MAX_KERNEL_POINTS;
        pays.then(|| Self {
            maps,
            groups,
            block: (BLOCK_FLOATS / (maps.input_points_len() + maps.output_points_len())).max(1),
            input_len: groups.all_channels() * window.rows.input * window.columns.input,
            output_len: groups.all_filters() * window.outputs(),
        })
    }

    /// Floats of the working memory for images and marks.
    fn room(&self) -> usize {
        self.maps.image_len() + self.maps.marks_len()
    }
}

impl Method for Winograd {
    fn prepared_len(&self, side: Side) -> usize {
        self.groups.count
            * match side {
                Side::Forward => self.maps.panels_len(),
                Side::Backward => self.maps.transposed_panels_len(),
            }
    }

    fn prepare(&self, side: Side, into: Prepared<'_>) {
        let Prepared { level, kernel, target, scratch, .. } = into;
        let points = &mut scratch[..self.maps.kernel_points_len()];
        let len = self.prepared_len(side) / self.groups.count;
        for (group, target) in target.chunks_exact_mut(len).take(self.groups.count).enumerate() {
            self.maps.kernel_points(level, kernel, self.groups.filters(group), points);
            match side {
                Side::Forward => self.maps.pack(level, points, target),
                Side::Backward => self.maps.pack_transposed(level, points, target),
            }
        }
    }

    #[cfg(feature = "profile")]
    fn needed_multiply_adds(&self) -> Option<u64> {
        Some((self.groups.count * self.maps.multiplications()) as u64)
    }

    /// The inputs at the points, group by group, which the kernel's gradient reads again.
    fn saved_len(&self, examples: usize) -> usize {
        self.groups.count * examples * self.maps.input_points_len()
    }

    fn scratch_len(&self, examples: usize) -> usize {
        let block = self.block.min(examples);
        let points = self.maps.input_points_len() + self.maps.output_points_len();
        self.room() + self.maps.kernel_points_len() + block * points
    }

    fn forward(&self, pass: Forward<'_>, bias: &[f32]) {
        let maps = &self.maps;
        let (room, points) = pass.scratch.split_at_mut(self.room());
        let (image, marks) = room.split_at_mut(maps.image_len());
        for group in 0..self.groups.count {
            let (channels, filters) = (self.groups.channels(group), self.groups.filters(group));
            let panels = &pass.prepared[group * maps.panels_len()..][..maps.panels_len()];
            let len = pass.examples * maps.input_points_len();
            let saved = pass.saved[group * len..][..len].chunks_mut(self.block * maps.input_points_len());
            let inputs = pass.input.chunks(self.block * self.input_len);
            let outputs = pass.output.chunks_mut(self.block * self.output_len);
            for ((input, saved), output) in inputs.zip(saved).zip(outputs) {
                let examples = input.len() / self.input_len;
                let points = &mut points[..examples * maps.output_points_len()];
                maps.input_points(pass.level, input, channels, image, saved);
                maps.multiply(pass.level, saved, panels, points, examples);
                maps.outputs(pass.level, points, bias, (input, channels), marks, filters, output);
            }
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let maps = &self.maps;
        let (room, rest) = pass.scratch.split_at_mut(self.room());
        let (image, marks) = room.split_at_mut(maps.image_len());
        let (gradient_points, rest) = rest.split_at_mut(maps.kernel_points_len());
        let block = self.block.min(pass.examples);
        let (points, input_points) = rest.split_at_mut(block * maps.output_points_len());
        if pass.write == Write::Set {
            pass.weight_gradients.fill(0.0);
        }
        let mut input_gradient = pass.input_gradient;
        for group in 0..self.groups.count {
            let (channels, filters) = (self.groups.channels(group), self.groups.filters(group));
            let len = pass.examples * maps.input_points_len();
            let saved = pass.saved[group * len..][..len].chunks(self.block * maps.input_points_len());
            let mut targets = input_gradient
                .as_deref_mut()
                .map(|gradient| gradient.chunks_mut(self.block * self.input_len));
            let output_gradients = pass.output_gradient.chunks(self.block * self.output_len);
            let mut write = Write::Set;
            for (output_gradient, saved) in output_gradients.zip(saved) {
                let examples = output_gradient.len() / self.output_len;
                let points = &mut points[..examples * maps.output_points_len()];
                maps.output_gradient_points(pass.level, output_gradient, filters, image, points);
                maps.multiply_for_kernel(pass.level, saved, points, gradient_points, examples, write);
                write = Write::Add;
                let Some(target) = targets.as_mut().and_then(Iterator::next) else { continue };
                let len = maps.transposed_panels_len();
                let panels = &pass.prepared[group * len..][..len];
                let input_points = &mut input_points[..examples * maps.input_points_len()];
                maps.multiply_for_inputs(pass.level, points, panels, input_points, examples);
                let source = (output_gradient, filters);
                maps.input_gradients(pass.level, input_points, source, image, marks, channels, target);
            }
            maps.add_kernel_gradient(pass.level, gradient_points, pass.weight_gradients, filters);
        }
    }
}
