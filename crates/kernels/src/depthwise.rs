//! Convolutions whose every channel has kernels of its own and sees no other channel: there is nothing to be summed over
//! channels, so vectors of them run side by side.
//!
//! With m kernels a channel, each channel of the input is repeated m times beforehand. Then images, kernels
//! (`[rows][columns][channels · m]`, as Keras lays them out) and outputs have the same channels.

use crate::Window2D;

/// The sizes of such a convolution.
#[derive(Clone, Copy, Debug)]
pub struct Depthwise {
    window: Window2D,
    channels: usize,
    multiplier: usize,
}

impl Depthwise {
    /// The convolution of `window` with `multiplier` kernels for each of `channels` channels.
    pub fn new(window: Window2D, channels: usize, multiplier: usize) -> Self {
        Self { window, channels, multiplier }
    }

    /// Channels of the output.
    fn outputs(&self) -> usize {
        self.channels * self.multiplier
    }

    /// Floats of an image with repeated channels.
    pub fn repeated_len(&self) -> usize {
        self.window.rows.input * self.window.columns.input * self.outputs()
    }

    /// Repeats every value of `image` as often as its channel has kernels.
    #[inline(never)]
    pub fn repeat(&self, image: &[f32], repeated: &mut [f32]) {
        for (values, &value) in repeated.chunks_exact_mut(self.multiplier).zip(image) {
            values.fill(value);
        }
    }

    /// The outputs of one example, given its `repeated` image.
    #[inline(never)]
    pub fn forward(&self, repeated: &[f32], kernel: &[f32], bias: &[f32], output: &mut [f32]) {
        let channels = self.outputs();
        for output in output.chunks_exact_mut(channels) {
            match bias {
                [] => output.fill(0.0),
                bias => output.copy_from_slice(bias),
            }
        }
        self.for_each_product(|input, weight, target| {
            let (pixel, weights) = (&repeated[input..input + channels], &kernel[weight..weight + channels]);
            let sums = &mut output[target..target + channels];
            for ((sum, value), weight) in sums.iter_mut().zip(pixel).zip(weights) {
                *sum += value * weight;
            }
        });
    }

    /// Adds the gradient of the kernel from one example.
    #[inline(never)]
    pub fn kernel_gradient(&self, repeated: &[f32], output_gradient: &[f32], gradient: &mut [f32]) {
        let channels = self.outputs();
        self.for_each_product(|input, weight, target| {
            let (pixel, factors) =
                (&repeated[input..input + channels], &output_gradient[target..target + channels]);
            let sums = &mut gradient[weight..weight + channels];
            for ((sum, value), factor) in sums.iter_mut().zip(pixel).zip(factors) {
                *sum += value * factor;
            }
        });
    }

    /// The gradient of one example's image; `repeated` is room for that of the repeated one.
    #[inline(never)]
    pub fn input_gradient(
        &self,
        output_gradient: &[f32],
        kernel: &[f32],
        repeated: &mut [f32],
        input_gradient: &mut [f32],
    ) {
        let channels = self.outputs();
        repeated.fill(0.0);
        self.for_each_product(|input, weight, target| {
            let (weights, factors) =
                (&kernel[weight..weight + channels], &output_gradient[target..target + channels]);
            let sums = &mut repeated[input..input + channels];
            for ((sum, weight), factor) in sums.iter_mut().zip(weights).zip(factors) {
                *sum += weight * factor;
            }
        });
        for (sum, values) in input_gradient.iter_mut().zip(repeated.chunks_exact(self.multiplier)) {
            *sum = values.iter().sum();
        }
    }

    /// Visits every cell of the window at every position: where its pixel's, its weights' and its output's channels start.
    #[inline(always)]
    fn for_each_product(&self, mut visit: impl FnMut(usize, usize, usize)) {
        let (Window2D { rows, columns }, channels) = (self.window, self.outputs());
        for position in 0..self.window.outputs() {
            let (row, column) = (position / columns.output, position % columns.output);
            for cell in 0..rows.size * columns.size {
                let source =
                    rows.source(row, cell / columns.size).zip(columns.source(column, cell % columns.size));
                if let Some((row, column)) = source {
                    visit((row * columns.input + column) * channels, cell * channels, position * channels);
                }
            }
        }
    }
}
