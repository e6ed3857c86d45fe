//! The gradients of a convolution behind which comes max pooling: from the maxima alone.

use super::groups::Groups;
use crate::layers::Backward;
use crate::shape::Window2D;
use convscope_kernels::Write;
use convscope_kernels::convolution::{Convolution, Images, Maxima, MaximaGradient};
use convscope_kernels::frame::Frame;

/// Floats of inputs that are worked on together: as many as stay in the processor's nearest cache, since the windows of
/// every filter's entries are read again and again.
const BLOCK_FLOATS: usize = 1 << 13;

pub(super) struct Pooled {
    gradient: MaximaGradient,
    frame: Frame,
    groups: Groups,
    input_len: usize,
    /// Maxima of an example.
    maxima_len: usize,
}

impl Pooled {
    /// None where going back from all outputs is as fast.
    pub(super) fn new(window: Window2D, groups: Groups, pool: Window2D) -> Option<Self> {
        let convolution = Convolution::new(window, groups.channels, groups.filters);
        let gradient = MaximaGradient::new(convolution, pool)?;
        // With one channel a group, the other way around has fewer runs. A window with holes is no run at all.
        (!window.has_holes() && (groups.channels > 1 || groups.count == 1)).then(|| Self {
            gradient,
            frame: convolution.frame(),
            groups,
            input_len: window.rows.input * window.columns.input * groups.all_channels(),
            maxima_len: pool.outputs() * groups.all_filters(),
        })
    }

    pub(super) fn prepared_len(&self) -> usize {
        self.groups.count * self.gradient.kernel_len()
    }

    pub(super) fn prepare(&self, kernel: &[f32], target: &mut [f32]) {
        for (group, rows) in target.chunks_exact_mut(self.gradient.kernel_len()).enumerate() {
            self.gradient.pack_rows(kernel, self.groups.filters(group), rows);
        }
    }

    /// A block of inputs in frames, which the windows of whole vectors reach out of, and the sums for the kernel.
    pub(super) fn scratch_len(&self, examples: usize) -> usize {
        self.block(examples) * self.frame.floats() + self.gradient.kernel_len()
    }

    /// Examples that are worked on together.
    fn block(&self, examples: usize) -> usize {
        (BLOCK_FLOATS / self.frame.floats()).clamp(1, examples.max(1))
    }

    pub(super) fn lists_len(&self, examples: usize) -> [usize; 2] {
        [self.gradient.entries_len(examples), self.gradient.places_len()]
    }

    /// As [`Layer::backward`](crate::layers::Layer::backward), with the gradients of the maxima in the place of the
    /// outputs', and their cells in that of the marks.
    pub(super) fn backward(&self, pass: Backward<'_>) {
        let block = self.block(pass.examples);
        let (frames, sums) = pass.scratch.split_at_mut(block * self.frame.floats());
        let sums = &mut sums[..self.gradient.kernel_len()];
        let maxima = Maxima { gradients: pass.output_gradient, cells: pass.marks };
        if pass.write == Write::Set {
            pass.weight_gradients.fill(0.0);
        }
        let mut input_gradient = pass.input_gradient;
        for group in 0..self.groups.count {
            let (channels, filters) = (self.groups.channels(group), self.groups.filters(group));
            sums.fill(0.0);
            let inputs = pass.input.chunks(block * self.input_len);
            let mut targets =
                input_gradient.as_deref_mut().map(|gradient| gradient.chunks_mut(block * self.input_len));
            for (number, input) in inputs.enumerate() {
                let examples = input.len() / self.input_len;
                let maxima = maxima.examples(number * block..number * block + examples, self.maxima_len);
                let images = input.chunks_exact(self.input_len);
                for (image, frame) in images.zip(frames.chunks_exact_mut(self.frame.floats())) {
                    self.frame.enclose(image, channels, frame);
                }
                let images = Images::framed(frames, &self.frame);
                self.gradient.add_to_sums(pass.level, images, maxima, filters, pass.lists.entries, sums);
                let Some(target) = targets.as_mut().and_then(Iterator::next) else { continue };
                let rows = &pass.prepared[group * self.gradient.kernel_len()..][..self.gradient.kernel_len()];
                let frame = &mut frames[..self.frame.floats()];
                for (example, target) in target.chunks_exact_mut(self.input_len).enumerate() {
                    frame.fill(0.0);
                    let maxima = maxima.examples(example..example + 1, self.maxima_len);
                    let lists = (&mut *pass.lists.entries, &mut *pass.lists.places);
                    self.gradient.input_gradient(pass.level, maxima, filters, rows, lists, frame);
                    self.frame.release(frame, channels, target);
                }
            }
            self.gradient.add_to_kernel(sums, pass.weight_gradients, filters);
        }
    }
}
