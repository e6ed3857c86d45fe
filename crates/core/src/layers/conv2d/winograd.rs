//! Convolution by fewer multiplications, for kernels of 3×3 and 5×5 that move by one cell.

use super::direct::Direct;
use super::{Groups, Method};
use crate::layers::{Backward, Forward};
use crate::shape::Window2D;
use convscope_kernels::Write;
use convscope_kernels::winograd::Winograd as Maps;

/// Floats of inputs and outputs at the points that are worked on together, as many as stay in the
/// processor's second cache.
const BLOCK_FLOATS: usize = 1 << 17;

/// The largest kernel at the points, in floats: 32 MiB.
const MAX_KERNEL_POINTS: usize = 1 << 23;

/// With fewer channels or filters, mapping to the points and back takes longer than the multiplications that it
/// saves.
const MIN_CHANNELS: usize = 4;

/// With both fewer examples and fewer channels than these, the forward pass is done directly: mapping the kernel
/// would take longer than the short products. Backward passes gain from the points even then.
const MIN_EXAMPLES_FORWARD: usize = 3;
const MIN_CHANNELS_FORWARD: usize = 16;

pub(super) struct Winograd {
    maps: Maps,
    /// The forward pass of few examples where it is faster without the points.
    direct: Option<Direct>,
    /// Examples that are worked on together.
    block: usize,
    input_len: usize,
    output_len: usize,
}

impl Winograd {
    /// None where another method is faster.
    pub(super) fn new(window: Window2D, groups: Groups) -> Option<Self> {
        let Groups { count, channels, filters } = groups;
        let maps = Maps::new(window, channels, filters)?;
        let cells = window.rows.size * window.columns.size;
        let direct = cells * window.outputs() * channels * filters;
        let pays = count == 1
            && channels.min(filters) >= MIN_CHANNELS
            && 2 * maps.multiplications() <= direct
            && maps.kernel_points_len() <= MAX_KERNEL_POINTS;
        pays.then(|| Self {
            maps,
            direct: (channels < MIN_CHANNELS_FORWARD).then(|| Direct::new(window, groups)),
            block: (BLOCK_FLOATS / (maps.input_points_len() + maps.output_points_len())).max(1),
            input_len: channels * window.rows.input * window.columns.input,
            output_len: filters * window.outputs(),
        })
    }

    /// What goes forward with so many examples, if not the maps.
    fn direct(&self, examples: usize) -> Option<&Direct> {
        self.direct.as_ref().filter(|_| examples < MIN_EXAMPLES_FORWARD)
    }
}

impl Method for Winograd {
    /// The inputs at the points, which the kernel's gradient reads again, or what the direct method saves.
    fn saved_len(&self, examples: usize) -> usize {
        let few = examples.min(MIN_EXAMPLES_FORWARD - 1);
        let points = examples * self.maps.input_points_len();
        points.max(self.direct(few).map_or(0, |direct| direct.saved_len(few)))
    }

    fn scratch_len(&self, examples: usize) -> usize {
        let block = self.block.min(examples);
        let points = self.maps.input_points_len() + self.maps.output_points_len();
        let needed = 2 * self.maps.kernel_points_len() + block * points + self.maps.image_len();
        let few = examples.min(MIN_EXAMPLES_FORWARD - 1);
        needed.max(self.direct(few).map_or(0, |direct| direct.scratch_len(few)))
    }

    fn forward(&self, pass: Forward<'_>, kernel: &[f32], bias: &[f32]) {
        if let Some(direct) = self.direct(pass.examples) {
            return direct.forward(pass, kernel, bias);
        }
        let maps = &self.maps;
        let (kernel_points, rest) = pass.scratch.split_at_mut(maps.kernel_points_len());
        let (image, points) = rest.split_at_mut(maps.image_len());
        maps.kernel_points(pass.level, kernel, kernel_points);
        let inputs = pass.input.chunks(self.block * self.input_len);
        let saved = pass.saved.chunks_mut(self.block * maps.input_points_len());
        let outputs = pass.output.chunks_mut(self.block * self.output_len);
        for ((input, saved), output) in inputs.zip(saved).zip(outputs) {
            let examples = input.len() / self.input_len;
            let saved = &mut saved[..examples * maps.input_points_len()];
            let points = &mut points[..examples * maps.output_points_len()];
            maps.input_points(pass.level, input, image, saved);
            maps.multiply(pass.level, saved, kernel_points, points, examples);
            maps.outputs(pass.level, points, bias, image, output);
        }
    }

    fn backward(&self, pass: Backward<'_>, kernel: &[f32]) {
        let maps = &self.maps;
        let (gradient_points, rest) = pass.scratch.split_at_mut(maps.kernel_points_len());
        let (transposed, rest) = rest.split_at_mut(maps.kernel_points_len());
        let (image, rest) = rest.split_at_mut(maps.image_len());
        let (points, input_points) =
            rest.split_at_mut(self.block.min(pass.examples) * maps.output_points_len());
        let mut targets =
            pass.input_gradient.map(|gradient| gradient.chunks_mut(self.block * self.input_len));
        if targets.is_some() {
            maps.kernel_points(pass.level, kernel, gradient_points);
            maps.transpose_kernel_points(gradient_points, transposed);
        }
        let output_gradients = pass.output_gradient.chunks(self.block * self.output_len);
        let inputs = pass.input.chunks(self.block * self.input_len);
        let mut saved = pass.saved.chunks(self.block * maps.input_points_len());
        let mut write = Write::Set;
        for (output_gradient, input) in output_gradients.zip(inputs) {
            let examples = output_gradient.len() / self.output_len;
            let points = &mut points[..examples * maps.output_points_len()];
            let input_points = &mut input_points[..examples * maps.input_points_len()];
            maps.output_gradient_points(pass.level, output_gradient, image, points);
            let saved = if self.direct(pass.examples).is_some() {
                maps.input_points(pass.level, input, image, input_points);
                &*input_points
            } else {
                &saved.next().unwrap_or_default()[..input_points.len()]
            };
            maps.multiply_for_kernel(pass.level, saved, points, gradient_points, examples, write);
            write = Write::Add;
            if let Some(target) = targets.as_mut().and_then(Iterator::next) {
                maps.multiply_for_inputs(pass.level, points, transposed, input_points, examples);
                maps.input_gradients(pass.level, input_points, image, target);
            }
        }
        if pass.write == Write::Set {
            pass.weight_gradients.fill(0.0);
        }
        maps.add_kernel_gradient(pass.level, gradient_points, pass.weight_gradients);
    }
}
