//! Convolutions that move by one cell at a time, straight from the image.
//!
//! A row of output positions reads, for each cell of the window, a row of the image that starts
//! that much further right. So a vector of neighbouring outputs takes one unaligned load a cell,
//! and no patch is ever copied. Images are given zeros around them beforehand
//! ([`Convolution::pad`]), so that no border needs a case of its own.

use crate::Write;
use crate::tiles::{TileKernel, add_outer_product, block, cover_by_threes, store};
use crate::{Level, Window2D};
use fearless_simd::{Simd, dispatch, prelude::*};

/// The sizes of a convolution of stride 1 with `channels` input planes and `filters` output planes.
#[derive(Clone, Copy, Debug)]
pub struct Convolution {
    window: Window2D,
    channels: usize,
    filters: usize,
    lanes: usize,
}

/// Which weights of a Keras kernel, `[rows][columns][channels][filters]`, belong to a convolution of one
/// group.
#[derive(Clone, Copy, Debug)]
pub struct KernelPart {
    /// The group's first filter.
    pub first: usize,
    /// The filters of all groups.
    pub stride: usize,
}

impl Convolution {
    /// The convolution of `window`, whose strides must be 1.
    pub fn new(level: Level, window: Window2D, channels: usize, filters: usize) -> Self {
        debug_assert!(window.rows.stride == 1 && window.columns.stride == 1);
        let lanes = dispatch!(level, simd => lanes(simd));
        Self { window, channels, filters, lanes }
    }

    /// The convolution that takes a gradient back: from the output's gradient to the input's.
    pub fn transposed(&self) -> Self {
        Self {
            window: Window2D {
                rows: self.window.rows.transposed(),
                columns: self.window.columns.transposed(),
            },
            channels: self.filters,
            filters: self.channels,
            lanes: self.lanes,
        }
    }

    /// Floats from a padded row to the next.
    fn pitch(&self) -> usize {
        self.window.columns.output.next_multiple_of(self.lanes) + self.window.columns.size - 1
    }

    /// Floats of one padded plane.
    fn plane(&self) -> usize {
        (self.window.rows.output + self.window.rows.size - 1) * self.pitch()
    }

    /// Floats of one example's padded planes.
    pub fn padded_len(&self) -> usize {
        self.channels * self.plane()
    }

    /// Floats of the packed weights.
    pub fn packed_len(&self) -> usize {
        self.window.rows.size * self.window.columns.size * self.channels * self.filters
    }

    /// Copies planes into the middle of zeros.
    #[inline(never)]
    pub fn pad(&self, planes: &[f32], padded: &mut [f32]) {
        let Window2D { rows, columns } = self.window;
        padded[..self.padded_len()].fill(0.0);
        let planes = planes.chunks_exact(rows.input * columns.input);
        for (plane, padded) in planes.zip(padded.chunks_exact_mut(self.plane())) {
            let lines = padded.chunks_exact_mut(self.pitch()).skip(rows.before);
            for (row, line) in plane.chunks_exact(columns.input).zip(lines) {
                let end = (columns.before + columns.input).min(line.len());
                line[columns.before..end].copy_from_slice(&row[..end - columns.before]);
            }
        }
    }

    /// Orders the weights of a Keras kernel as [`Convolution::forward`] reads them.
    #[inline(never)]
    pub fn pack(&self, kernel: &[f32], part: KernelPart, packed: &mut [f32]) {
        self.pack_with(packed, |cell, channel, filter| {
            kernel[(cell * self.channels + channel) * part.stride + part.first + filter]
        });
    }

    /// Orders the weights of the kernel that this convolution is the transpose of: turned by half
    /// a turn, with inputs and outputs exchanged.
    #[inline(never)]
    pub fn pack_transposed(&self, kernel: &[f32], part: KernelPart, packed: &mut [f32]) {
        let cells = self.window.rows.size * self.window.columns.size;
        self.pack_with(packed, |cell, channel, filter| {
            kernel[((cells - 1 - cell) * self.filters + filter) * part.stride + part.first + channel]
        });
    }

    fn pack_with(&self, packed: &mut [f32], weight: impl Fn(usize, usize, usize) -> f32) {
        let mut packed = packed.iter_mut();
        let mut first = 0;
        while first < self.filters {
            let height = block(self.filters - first);
            for channel in 0..self.channels {
                for cell in 0..self.window.rows.size * self.window.columns.size {
                    for (filter, value) in (first..first + height).zip(&mut packed) {
                        *value = weight(cell, channel, filter);
                    }
                }
            }
            first += height;
        }
    }

    /// One example's output planes: the window's sums over `padded`, plus a `bias` for each filter, or none.
    #[inline(never)]
    pub fn forward(&self, level: Level, padded: &[f32], packed: &[f32], bias: &[f32], output: &mut [f32]) {
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || {
                let vectors = self.window.columns.output.div_ceil(lanes(simd));
                for row in 0..self.window.rows.output {
                    let row = OutputRow { simd, convolution: self, row, padded, packed, bias, output };
                    cover_by_threes(self.filters, vectors, &mut { row });
                }
            },
        ));
    }

    /// Adds the kernel's gradient to `gradient`, which is laid out as the kernel is: the sums over
    /// all positions and examples of input times output gradient. `inputs` are the examples' padded
    /// planes, `output_gradients` those of [`Convolution::transposed`].
    #[inline(never)]
    pub fn kernel_gradient(
        &self,
        level: Level,
        inputs: &[f32],
        output_gradients: &[f32],
        gradient: &mut [f32],
        part: KernelPart,
    ) {
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || {
                for channel in 0..self.channels {
                    for row in 0..self.window.rows.size {
                        let convolution = self;
                        let mut weights =
                            KernelRow { simd, convolution, channel, row, inputs, output_gradients, gradient, part };
                        cover_by_threes(self.filters, self.window.columns.size, &mut weights);
                    }
                }
            },
        ));
    }
}

/// One row of all output planes: tiles of filters by vectors of outputs.
struct OutputRow<'a, S> {
    simd: S,
    convolution: &'a Convolution,
    row: usize,
    padded: &'a [f32],
    packed: &'a [f32],
    bias: &'a [f32],
    output: &'a mut [f32],
}

impl<S: Simd> TileKernel for OutputRow<'_, S> {
    #[inline(always)]
    fn tile<const HEIGHT: usize, const VECTORS: usize>(&mut self, filter: usize, vector: usize) -> usize {
        let Self { simd, row, padded, packed, bias, .. } = *self;
        let Convolution { window, channels, .. } = *self.convolution;
        let (plane, pitch) = (self.convolution.plane(), self.convolution.pitch());
        let (width, length) = (window.columns.output, VECTORS * S::f32s::LEN);
        // The last tile would rather overlap the one before it than end within a vector.
        let column = (vector * S::f32s::LEN).min(width.saturating_sub(length));
        let mut sums = [[S::f32s::splat(simd, 0.0); VECTORS]; HEIGHT];
        let cells = window.rows.size * window.columns.size * channels;
        let mut weights = packed[filter * cells..(filter + HEIGHT) * cells].chunks_exact(HEIGHT);
        for channel in 0..channels {
            for cell in 0..window.rows.size {
                let line = &padded[channel * plane + (row + cell) * pitch + column..];
                let line = line[..length + window.columns.size - 1].windows(length);
                for (pixels, weights) in line.zip(&mut weights) {
                    add_outer_product(
                        simd,
                        &mut sums,
                        #[inline(always)]
                        |filter| weights[filter],
                        pixels,
                    );
                }
            }
        }
        if let Some(bias) = bias.get(filter..filter + HEIGHT) {
            for row in 0..HEIGHT {
                for vector in 0..VECTORS {
                    sums[row][vector] += bias[row];
                }
            }
        }
        let used = width.min(length);
        let target = &mut self.output[filter * window.outputs() + row * width + column..];
        store(simd, sums, target, window.outputs(), used, Write::Set);
        HEIGHT
    }
}

/// The gradient of one row of the kernel's cells for one channel: tiles of filters by cells.
struct KernelRow<'a, S> {
    simd: S,
    convolution: &'a Convolution,
    channel: usize,
    row: usize,
    inputs: &'a [f32],
    output_gradients: &'a [f32],
    gradient: &'a mut [f32],
    part: KernelPart,
}

impl<S: Simd> TileKernel for KernelRow<'_, S> {
    #[inline(always)]
    fn tile<const HEIGHT: usize, const CELLS: usize>(&mut self, filter: usize, cell: usize) -> usize {
        let lanes = S::f32s::LEN;
        let Self { simd, convolution, inputs, output_gradients, part, .. } = *self;
        let Convolution { window, channels, .. } = *convolution;
        let transposed = convolution.transposed();
        let (pitch, transposed_pitch) = (convolution.pitch(), transposed.pitch());
        let length = window.columns.output.next_multiple_of(lanes);
        let start = self.channel * convolution.plane() + self.row * pitch + cell;
        let transposed_start = filter * transposed.plane()
            + transposed.window.rows.before * transposed_pitch
            + transposed.window.columns.before;
        let mut sums = [[S::f32s::splat(simd, 0.0); CELLS]; HEIGHT];
        let inputs = inputs.chunks_exact(convolution.padded_len());
        for (input, gradients) in inputs.zip(output_gradients.chunks_exact(transposed.padded_len())) {
            for row in 0..window.rows.output {
                let pixels = &input[start + row * pitch..][..length + CELLS - 1];
                let mut lines = [pixels; HEIGHT];
                for (index, line) in lines.iter_mut().enumerate() {
                    *line = &gradients
                        [transposed_start + index * transposed.plane() + row * transposed_pitch..][..length];
                }
                for column in (0..length).step_by(lanes) {
                    let pixels = &pixels[column..column + lanes + CELLS - 1];
                    let mut cells = [S::f32s::splat(simd, 0.0); CELLS];
                    for index in 0..CELLS {
                        cells[index] = S::f32s::from_slice(simd, &pixels[index..index + lanes]);
                    }
                    for row in 0..HEIGHT {
                        let factor = S::f32s::from_slice(simd, &lines[row][column..column + lanes]);
                        for index in 0..CELLS {
                            sums[row][index] = factor.mul_add(cells[index], sums[row][index]);
                        }
                    }
                }
            }
        }
        for index in 0..CELLS {
            let cell = self.row * window.columns.size + cell + index;
            let at = (cell * channels + self.channel) * part.stride + part.first + filter;
            for row in 0..HEIGHT {
                let sum = sums[row][index];
                self.gradient[at + row] += sum.as_slice().iter().sum::<f32>();
            }
        }
        HEIGHT
    }
}

#[inline(always)]
fn lanes<S: Simd>(_: S) -> usize {
    S::f32s::LEN
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{assert_close, for_each_product};
    use crate::test_support::{Random, axis, levels, same};
    use std::{vec, vec::Vec};

    #[test]
    fn forward_and_both_gradients_equal_the_definition_at_every_level() {
        let mut random = Random(11);
        for (input, size, is_same, channels, filters) in [
            ([7, 9], [3, 3], true, 3, 7),
            ([8, 10], [5, 5], false, 2, 6),
            ([5, 33], [5, 5], true, 1, 5),
            ([6, 4], [2, 4], true, 2, 3),
            ([4, 4], [1, 1], false, 5, 4),
            ([2, 2], [5, 3], true, 1, 1),
            ([13, 13], [3, 3], false, 4, 8),
        ] {
            let axis = |number: usize| {
                let padding = if is_same { same(size[number]) } else { [0, 0] };
                axis(input[number], size[number], 1, padding)
            };
            let window = Window2D { rows: axis(0), columns: axis(1) };
            let mut values = |len| random.values(len);
            let examples = 2;
            let (inputs, outputs) = (channels * input[0] * input[1], filters * window.outputs());
            let kernel = values(size[0] * size[1] * channels * filters);
            let (x, bias, dy) = (values(examples * inputs), values(filters), values(examples * outputs));
            let mut y: Vec<f32> =
                (0..examples * outputs).map(|at| bias[at / window.outputs() % filters]).collect();
            let (mut dx, mut dk) = (vec![0.0; x.len()], vec![0.5; kernel.len()]);
            for example in 0..examples {
                for_each_product(window, [channels, filters], |i, k, o| {
                    let (i, o) = (example * inputs + i, example * outputs + o);
                    y[o] += kernel[k] * x[i];
                    dx[i] += kernel[k] * dy[o];
                    dk[k] += x[i] * dy[o];
                });
            }
            for level in levels() {
                let convolution = Convolution::new(level, window, channels, filters);
                let transposed = convolution.transposed();
                let part = KernelPart { first: 0, stride: filters };
                let mut packed = vec![f32::NAN; convolution.packed_len()];
                let pad = |convolution: &Convolution, planes: &[f32]| {
                    let mut padded = vec![f32::NAN; examples * convolution.padded_len()];
                    let planes = planes.chunks_exact(planes.len() / examples);
                    for (planes, padded) in planes.zip(padded.chunks_exact_mut(convolution.padded_len())) {
                        convolution.pad(planes, padded);
                    }
                    padded
                };
                let run =
                    |convolution: &Convolution, padded: &[f32], packed: &[f32], bias: &[f32], len: usize| {
                        let mut output = vec![f32::NAN; len];
                        let outputs = output.chunks_exact_mut(len / examples);
                        for (padded, output) in padded.chunks_exact(convolution.padded_len()).zip(outputs) {
                            convolution.forward(level, padded, packed, bias, output);
                        }
                        output
                    };
                let (padded_x, padded_dy) = (pad(&convolution, &x), pad(&transposed, &dy));
                convolution.pack(&kernel, part, &mut packed);
                assert_close(&run(&convolution, &padded_x, &packed, &bias, y.len()), &y, 1e-5);
                transposed.pack_transposed(&kernel, part, &mut packed);
                assert_close(&run(&transposed, &padded_dy, &packed, &[], dx.len()), &dx, 1e-5);
                let mut gradient = vec![0.5; kernel.len()];
                convolution.kernel_gradient(level, &padded_x, &padded_dy, &mut gradient, part);
                assert_close(&gradient, &dk, 1e-5);
            }
        }
    }
}
