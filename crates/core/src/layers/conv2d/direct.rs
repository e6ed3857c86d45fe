//! Convolution straight from the image, for any stride.

use super::groups::Groups;
use super::{Method, Prepared, Side};
use crate::layers::{Backward, Forward};
use crate::shape::Window2D;
use convscope_kernels::Write;
use convscope_kernels::convolution::{Convolution, Images, Maxima, MaximaGradient};
use convscope_kernels::frame::Frame;

/// Both directions of every group's convolution.
pub(super) struct Direct {
    convolution: Convolution,
    back: Back,
    groups: Groups,
    /// What inputs are copied into, where windows reach over the border or see only some of the channels.
    frame: Option<Frame>,
    input: [usize; 2],
}

/// How gradients go back to the input.
enum Back {
    /// As a convolution of the outputs' gradients, for strides of 1.
    Transposed(Convolution),
    /// One output after the other: as if each were the maximum of a window of its own.
    Scattered(MaximaGradient),
}

impl Direct {
    pub(super) fn new(window: Window2D, groups: Groups) -> Self {
        let convolution = Convolution::new(window, groups.channels, groups.filters);
        let back = match [window.rows.stride, window.columns.stride] {
            [1, 1] => Back::Transposed(convolution.transposed()),
            _ => Back::Scattered(MaximaGradient::of_all_outputs(convolution)),
        };
        let reaches = |axis: crate::shape::Window| {
            axis.before > 0 || (axis.output - 1) * axis.stride + axis.size > axis.input
        };
        let is_cut = !window.columns.input.is_multiple_of(window.columns.stride);
        let frame = (groups.count > 1 || is_cut || reaches(window.rows) || reaches(window.columns))
            .then(|| convolution.frame());
        Self { convolution, back, groups, frame, input: [window.rows.input, window.columns.input] }
    }

    fn input_len(&self) -> usize {
        self.input[0] * self.input[1] * self.groups.all_channels()
    }

    fn output_len(&self) -> usize {
        self.convolution.window().outputs() * self.groups.all_filters()
    }

    /// What gradients are copied into on their way back to the input.
    fn around(&self) -> Frame {
        match &self.back {
            Back::Transposed(transposed) => transposed.frame(),
            Back::Scattered(_) => self.convolution.frame(),
        }
    }

    /// Floats from a row of what the convolution reads to the next.
    fn pitch(&self) -> usize {
        self.frame.map_or(self.input[1] * self.groups.all_channels(), |frame| frame.pitch())
    }

    /// The inputs of one group as the convolution reads them.
    fn images<'a>(&self, group: usize, examples: usize, input: &'a [f32], saved: &'a [f32]) -> Images<'a> {
        match &self.frame {
            Some(frame) => {
                let len = examples * frame.floats();
                Images::framed(&saved[group * len..][..len], frame)
            }
            None => Images { values: input, example: self.input_len(), pitch: self.pitch() },
        }
    }
}

impl Method for Direct {
    fn prepared_len(&self, side: Side) -> usize {
        self.groups.count
            * match (side, &self.back) {
                (Side::Forward, _) => self.convolution.panels_len(),
                (Side::Backward, Back::Transposed(transposed)) => transposed.panels_len(),
                (Side::Backward, Back::Scattered(scattered)) => scattered.kernel_len(),
            }
    }

    fn prepare(&self, side: Side, into: Prepared<'_>) {
        let Prepared { level, kernel, bias, target, .. } = into;
        let len = self.prepared_len(side) / self.groups.count;
        for (group, target) in target.chunks_exact_mut(len).take(self.groups.count).enumerate() {
            let filters = self.groups.filters(group);
            match (side, &self.back) {
                (Side::Forward, _) => self.convolution.pack(level, kernel, bias, filters, target),
                (Side::Backward, Back::Transposed(transposed)) => {
                    transposed.pack_transposed(level, kernel, filters, target);
                }
                (Side::Backward, Back::Scattered(scattered)) => scattered.pack_rows(kernel, filters, target),
            }
        }
    }

    /// The framed inputs of every group, one group after the other, which the kernel's gradient reads again.
    fn saved_len(&self, examples: usize) -> usize {
        self.groups.count * examples * self.frame.map_or(0, |frame| frame.floats())
    }

    /// One example's output gradients or input gradients in a frame, and its output gradients in rows of whole vectors.
    fn scratch_len(&self, _examples: usize) -> usize {
        self.around().floats() + self.convolution.gradient_frame(self.pitch()).floats()
    }

    fn lists_len(&self) -> [usize; 2] {
        match &self.back {
            Back::Transposed(_) => [0; 2],
            Back::Scattered(scattered) => [scattered.entries_len(1), scattered.places_len()],
        }
    }

    fn forward(&self, pass: Forward<'_>, _bias: &[f32]) {
        if let Some(frame) = &self.frame {
            let len = pass.examples * frame.floats();
            for (group, frames) in pass.saved.chunks_exact_mut(len).take(self.groups.count).enumerate() {
                let images = pass.input.chunks_exact(self.input_len());
                for (image, target) in images.zip(frames.chunks_exact_mut(frame.floats())) {
                    frame.enclose(image, self.groups.channels(group), target);
                }
            }
        }
        for group in 0..self.groups.count {
            let images = self.images(group, pass.examples, pass.input, pass.saved);
            let len = self.convolution.panels_len();
            let (panels, filters) = (&pass.prepared[group * len..][..len], self.groups.filters(group));
            let outputs = pass.output.chunks_exact_mut(self.output_len());
            for (image, output) in images.values.chunks_exact(images.example).zip(outputs) {
                self.convolution.forward(pass.level, image, images.pitch, panels, output, filters);
            }
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let Backward { level, examples, output_gradient, .. } = pass;
        if pass.write == Write::Set {
            pass.weight_gradients.fill(0.0);
        }
        let mut input_gradient = pass.input_gradient;
        let around = self.around();
        let rows_frame = self.convolution.gradient_frame(self.pitch());
        let (frame, rows) = pass.scratch.split_at_mut(around.floats());
        for group in 0..self.groups.count {
            let (channels, filters) = (self.groups.channels(group), self.groups.filters(group));
            let images = self.images(group, examples, pass.input, pass.saved);
            let len = self.prepared_len(Side::Backward) / self.groups.count;
            let gradients = output_gradient.chunks_exact(self.output_len());
            let mut targets =
                input_gradient.as_deref_mut().map(|target| target.chunks_exact_mut(self.input_len()));
            for (image, gradient) in images.values.chunks_exact(images.example).zip(gradients) {
                rows_frame.enclose(gradient, filters, rows);
                self.convolution.kernel_gradient(
                    level,
                    image,
                    images.pitch,
                    rows,
                    pass.weight_gradients,
                    filters,
                );
                let Some(target) = targets.as_mut().and_then(Iterator::next) else { continue };
                let prepared = &pass.prepared[group * len..][..len];
                match &self.back {
                    Back::Transposed(transposed) => {
                        around.enclose(gradient, filters, frame);
                        transposed.forward(level, frame, around.pitch(), prepared, target, channels);
                    }
                    Back::Scattered(scattered) => {
                        frame.fill(0.0);
                        let maxima = Maxima { gradients: gradient, cells: &[] };
                        let lists = (&mut *pass.lists.entries, &mut *pass.lists.places);
                        scattered.input_gradient(level, maxima, filters, prepared, lists, frame);
                        around.release(frame, channels, target);
                    }
                }
            }
        }
    }
}
