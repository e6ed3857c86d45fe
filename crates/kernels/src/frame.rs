//! Images with room around them: windows that reach over the border need no case of their own.
//!
//! Images are channels-last, `[height][width][channels]`; examples follow each other.

use crate::{WIDEST, Window2D};

/// The channels of an image that belong together: those of one group of a convolution, or all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channels {
    /// The first of them.
    pub first: usize,
    /// How many they are.
    pub count: usize,
    /// How many the image has in all.
    pub all: usize,
}

impl Channels {
    /// All channels of an image.
    pub fn all(count: usize) -> Self {
        Self { first: 0, count, all: count }
    }

    /// Whether these are all channels of their image.
    pub fn are_all(&self) -> bool {
        self.count == self.all
    }
}

/// The sizes of a copy of an image's channels in the middle of zeros.
///
/// Behind its last pixel a frame has as many zeros as the widest vector has lanes, so that whole vectors can be read
/// and written anywhere in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Height and width of the frame.
    outer: [usize; 2],
    /// Height and width of the image.
    inner: [usize; 2],
    /// Rows above and columns before the image.
    before: [usize; 2],
    /// Floats from a pixel to the next.
    pixel: usize,
}

impl Frame {
    /// All that `window` reads at all its positions, of as many channels; as many pixels high and wide as whole strides.
    pub fn around_input(window: &Window2D, channels: usize) -> Self {
        let axes = [window.rows, window.columns];
        Self {
            outer: axes.map(|axis| {
                let reached = (axis.output - 1) * axis.stride + axis.size;
                reached.max(axis.before + axis.input).next_multiple_of(axis.stride)
            }),
            inner: axes.map(|axis| axis.input),
            before: axes.map(|axis| axis.before),
            pixel: channels,
        }
    }

    /// An image of height and width `inner` in a frame of height and width `outer`, behind `before` rows and columns.
    pub(crate) fn new(outer: [usize; 2], inner: [usize; 2], before: [usize; 2], pixel: usize) -> Self {
        Self { outer, inner, before, pixel }
    }

    /// The same frame with as many floats from a pixel to the next.
    pub(crate) fn with_pixel(self, pixel: usize) -> Self {
        Self { pixel, ..self }
    }

    /// Floats of a frame.
    #[inline(always)]
    pub fn floats(&self) -> usize {
        self.outer[0] * self.pitch() + WIDEST
    }

    /// Floats from a row to the next.
    #[inline(always)]
    pub fn pitch(&self) -> usize {
        self.outer[1] * self.pixel
    }

    /// Floats from a pixel to the next.
    #[inline(always)]
    pub(crate) fn pixel(&self) -> usize {
        self.pixel
    }

    /// Copies the channels of one example's `image` into a frame.
    #[inline(never)]
    pub fn enclose(&self, image: &[f32], channels: Channels, frame: &mut [f32]) {
        frame[..self.floats()].fill(0.0);
        self.for_each_row(
            channels,
            #[inline(always)]
            |from, to, len| frame[to..to + len].copy_from_slice(&image[from..from + len]),
        );
    }

    /// Copies the image in a frame to the channels of one example's `image`.
    #[inline(never)]
    pub fn release(&self, frame: &[f32], channels: Channels, image: &mut [f32]) {
        self.for_each_row(
            channels,
            #[inline(always)]
            |to, from, len| image[to..to + len].copy_from_slice(&frame[from..from + len]),
        );
    }

    /// Visits the runs of floats that image and frame have in common: where they start in both, and their length.
    #[inline(always)]
    fn for_each_row(&self, channels: Channels, mut visit: impl FnMut(usize, usize, usize)) {
        let [height, width] = self.inner;
        for row in 0..height {
            let in_image = row * width * channels.all + channels.first;
            let in_frame = (row + self.before[0]) * self.pitch() + self.before[1] * self.pixel;
            if channels.are_all() && channels.count == self.pixel {
                visit(in_image, in_frame, width * channels.count);
                continue;
            }
            for column in 0..width {
                visit(in_image + column * channels.all, in_frame + column * self.pixel, channels.count);
            }
        }
    }
}
