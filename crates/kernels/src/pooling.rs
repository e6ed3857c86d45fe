//! Pooling of channels-last images: the largest value or the mean under a window, channel by channel, and the gradients
//! of both.

use crate::{Level, Window2D};
use fearless_simd::{Simd, dispatch, prelude::*};

/// The largest value of each of `channels` channels under each position of `window`; padding is never the largest. The
/// cell of the window in which it was found, counted row by row, goes into the same place of `cells`, where these are
/// wanted and not empty; of equal values the first counts.
#[inline(never)]
pub fn max(
    level: Level,
    window: &Window2D,
    channels: usize,
    inputs: &[f32],
    outputs: &mut [f32],
    cells: &mut [u32],
) {
    dispatch!(level, simd => simd.vectorize(
        #[inline(always)]
        || max_of_images(simd, window, channels, inputs, outputs, cells),
    ));
}

#[inline(always)]
fn max_of_images<S: Simd>(
    simd: S,
    window: &Window2D,
    channels: usize,
    inputs: &[f32],
    outputs: &mut [f32],
    cells: &mut [u32],
) {
    let images = inputs.chunks_exact(input_len(window, channels));
    let targets = outputs.chunks_exact_mut(channels * window.outputs());
    let mut cells = cells.chunks_exact_mut(channels * window.outputs());
    for (image, output) in images.zip(targets) {
        let cells = cells.next().unwrap_or_default();
        if halves(window) && channels >= S::f32s::LEN {
            max_of_pairs(simd, window, channels, image, output, cells);
            continue;
        }
        let (mut targets, mut cells) = (output.chunks_exact_mut(channels), cells.chunks_exact_mut(channels));
        for_each_position(
            window,
            #[inline(always)]
            |under| {
                let Some(output) = targets.next() else { return };
                max_under(simd, under, image, output, cells.next().unwrap_or_default());
            },
        );
    }
}

/// Whether the window is 2×2, moves by 2, and stays inside: by far the most common one.
fn halves(window: &Window2D) -> bool {
    [window.rows, window.columns]
        .iter()
        .all(|axis| axis.size == 2 && axis.stride == 2 && axis.before == 0 && 2 * axis.output <= axis.input)
}

/// One image under such a window.
#[inline(always)]
fn max_of_pairs<S: Simd>(
    simd: S,
    window: &Window2D,
    channels: usize,
    image: &[f32],
    output: &mut [f32],
    cells: &mut [u32],
) {
    let (lanes, pitch, pair) = (S::f32s::LEN, window.columns.input * channels, 2 * channels);
    let numbers: [S::u32s; 4] = core::array::from_fn(|cell| S::u32s::splat(simd, cell as u32));
    let [first, second, third, fourth] = numbers;
    let rows = output.chunks_exact_mut(window.columns.output * channels);
    let mut cells = cells.chunks_exact_mut(window.columns.output * channels);
    for (lines, output) in image.chunks_exact(2 * pitch).zip(rows) {
        let (upper, lower) = lines.split_at(pitch);
        let mut cells = cells.next().unwrap_or_default().chunks_exact_mut(channels);
        let pairs = upper.chunks_exact(pair).zip(lower.chunks_exact(pair));
        for (output, (upper, lower)) in output.chunks_exact_mut(channels).zip(pairs) {
            let cells = cells.next().unwrap_or_default();
            let mut channel = 0;
            while channel < channels {
                // The last vector would rather overlap the one before it than end within it.
                channel = channel.min(channels - lanes);
                let [a, c] =
                    [upper, lower].map(|line| S::f32s::from_slice(simd, &line[channel..channel + lanes]));
                let [b, d] = [upper, lower].map(|line| {
                    S::f32s::from_slice(simd, &line[channels + channel..channels + channel + lanes])
                });
                let (b_wins, d_wins) = (b.simd_gt(a), d.simd_gt(c));
                let (above, below) = (b_wins.select(b, a), d_wins.select(d, c));
                let below_wins = below.simd_gt(above);
                below_wins.select(below, above).store_slice(&mut output[channel..channel + lanes]);
                if let Some(cells) = cells.get_mut(channel..channel + lanes) {
                    let found = below_wins.select(d_wins.select(fourth, third), b_wins.select(second, first));
                    found.store_slice(cells);
                }
                channel += lanes;
            }
        }
    }
}

/// One position of the window.
#[inline(always)]
fn max_under<S: Simd>(simd: S, under: Under, image: &[f32], output: &mut [f32], cells: &mut [u32]) {
    let (channels, lanes) = (output.len(), S::f32s::LEN);
    let mut channel = 0;
    while channel + lanes <= channels {
        let mut largest = S::f32s::splat(simd, 0.0);
        let mut found = S::u32s::splat(simd, 0);
        for row in under.rows() {
            for column in under.columns() {
                let value = &image[under.pixel(row, column) * channels + channel..][..lanes];
                let value = S::f32s::from_slice(simd, value);
                let cell = S::u32s::splat(simd, under.cell(row, column));
                if under.is_first(row, column) {
                    (largest, found) = (value, cell);
                } else {
                    let larger = value.simd_gt(largest);
                    (largest, found) = (larger.select(value, largest), larger.select(cell, found));
                }
            }
        }
        largest.store_slice(&mut output[channel..channel + lanes]);
        if let Some(cells) = cells.get_mut(channel..channel + lanes) {
            found.store_slice(cells);
        }
        // The last vector would rather overlap the one before it than end within it.
        let left = channels - channel - lanes;
        channel = if left == 0 { channels } else { channel + left.min(lanes) };
    }
    for channel in channel..channels {
        let mut largest = None;
        for row in under.rows() {
            for column in under.columns() {
                let value = image[under.pixel(row, column) * channels + channel];
                if largest.is_none_or(|(largest, _)| value > largest) {
                    largest = Some((value, under.cell(row, column)));
                }
            }
        }
        let (value, cell) = largest.unwrap_or_default();
        output[channel] = value;
        if let Some(found) = cells.get_mut(channel) {
            *found = cell;
        }
    }
}

/// The gradient of [`max`]: what was found in a cell gets it all.
#[inline(never)]
pub fn max_gradient(
    window: &Window2D,
    channels: usize,
    cells: &[u32],
    output_gradients: &[f32],
    input_gradients: &mut [f32],
) {
    input_gradients.fill(0.0);
    let (width, size) = (window.columns.input, window.columns.size as u32);
    let outputs = channels * window.outputs();
    let images = input_gradients.chunks_exact_mut(input_len(window, channels));
    let gradients = output_gradients.chunks_exact(outputs).zip(cells.chunks_exact(outputs));
    for (image, (gradients, cells)) in images.zip(gradients) {
        let mut sources = gradients.chunks_exact(channels).zip(cells.chunks_exact(channels));
        for_each_position(window, |under| {
            let Some((gradients, cells)) = sources.next() else { return };
            // In the padding that is before the image: the sum with a cell's place is right all the same.
            let start = under.start();
            for (channel, (&gradient, &cell)) in gradients.iter().zip(cells).enumerate() {
                let [row, column] =
                    if size == 2 { [cell >> 1, cell & 1] } else { [cell / size, cell % size] };
                let pixel = start.wrapping_add(row as usize * width + column as usize);
                image[pixel.wrapping_mul(channels).wrapping_add(channel)] += gradient;
            }
        });
    }
}

/// The mean of each channel under each position of `window`; padding is not counted.
#[inline(never)]
pub fn average(window: &Window2D, channels: usize, inputs: &[f32], outputs: &mut [f32]) {
    let images = inputs.chunks_exact(input_len(window, channels));
    for (image, output) in images.zip(outputs.chunks_exact_mut(channels * window.outputs())) {
        let mut targets = output.chunks_exact_mut(channels);
        for_each_position(window, |under| {
            let Some(output) = targets.next() else { return };
            output.fill(0.0);
            for row in under.rows() {
                for column in under.columns() {
                    let pixel = &image[under.pixel(row, column) * channels..][..channels];
                    output.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += value);
                }
            }
            let count = under.count() as f32;
            output.iter_mut().for_each(|sum| *sum /= count);
        });
    }
}

/// The gradient of [`average`]: all values under a window share it equally.
#[inline(never)]
pub fn average_gradient(
    window: &Window2D,
    channels: usize,
    output_gradients: &[f32],
    input_gradients: &mut [f32],
) {
    input_gradients.fill(0.0);
    let images = input_gradients.chunks_exact_mut(input_len(window, channels));
    for (image, gradients) in images.zip(output_gradients.chunks_exact(channels * window.outputs())) {
        let mut gradients = gradients.chunks_exact(channels);
        for_each_position(window, |under| {
            let Some(gradients) = gradients.next() else { return };
            let share = 1.0 / under.count() as f32;
            for row in under.rows() {
                for column in under.columns() {
                    let pixel = &mut image[under.pixel(row, column) * channels..][..channels];
                    pixel.iter_mut().zip(gradients).for_each(|(sum, gradient)| *sum += gradient * share);
                }
            }
        });
    }
}

fn input_len(window: &Window2D, channels: usize) -> usize {
    window.rows.input * window.columns.input * channels
}

/// Visits the positions of a window, row by row, with what lies under it.
#[inline(always)]
fn for_each_position(window: &Window2D, mut visit: impl FnMut(Under)) {
    let Window2D { rows, columns } = window;
    for row in 0..rows.output {
        let (top, bottom) = rows.span(row);
        for column in 0..columns.output {
            let (left, right) = columns.span(column);
            visit(Under {
                first: [top, left],
                skipped: [
                    top.wrapping_add_signed(-rows.start(row)),
                    left.wrapping_add_signed(-columns.start(column)),
                ],
                count: [bottom - top, right - left],
                width: columns.input,
                size: columns.size,
            });
        }
    }
}

/// What lies under a window at one position: the padding left out.
#[derive(Clone, Copy)]
struct Under {
    /// The first row and column of the image.
    first: [usize; 2],
    /// The rows and columns of the window that lie in the padding before.
    skipped: [usize; 2],
    /// Rows and columns of the image.
    count: [usize; 2],
    /// Pixels of a row of the image.
    width: usize,
    /// Cells of a row of the window.
    size: usize,
}

impl Under {
    #[inline(always)]
    fn rows(&self) -> core::ops::Range<usize> {
        0..self.count[0]
    }

    #[inline(always)]
    fn columns(&self) -> core::ops::Range<usize> {
        0..self.count[1]
    }

    #[inline(always)]
    fn is_first(&self, row: usize, column: usize) -> bool {
        row == 0 && column == 0
    }

    /// The number of a pixel in the image.
    #[inline(always)]
    fn pixel(&self, row: usize, column: usize) -> usize {
        (self.first[0] + row) * self.width + self.first[1] + column
    }

    /// The number of a cell in the window.
    #[inline(always)]
    fn cell(&self, row: usize, column: usize) -> u32 {
        ((self.skipped[0] + row) * self.size + self.skipped[1] + column) as u32
    }

    /// The number of the pixel under the window's first cell; in the padding it is negative, in two's complement.
    #[inline(always)]
    fn start(&self) -> usize {
        let [row, column] = [0, 1].map(|axis| self.first[axis].wrapping_sub(self.skipped[axis]));
        row.wrapping_mul(self.width).wrapping_add(column)
    }

    #[inline(always)]
    fn count(&self) -> usize {
        self.count[0] * self.count[1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{assert_close, for_each_cell};
    use crate::test_support::{Random, axis, levels};
    use std::{vec, vec::Vec};

    #[test]
    fn both_poolings_and_their_gradients_equal_the_definition_at_every_level() {
        let mut random = Random(7);
        for (input, size, stride, padding, channels) in [
            ([8, 8], [2, 2], [2, 2], [0, 0], 6),
            ([7, 9], [2, 2], [2, 2], [0, 1], 3),
            ([27, 27], [3, 3], [2, 2], [0, 0], 20),
            ([5, 6], [3, 2], [1, 2], [1, 1], 5),
            ([4, 4], [4, 4], [4, 4], [0, 0], 17),
            ([6, 5], [2, 2], [1, 1], [0, 0], 1),
        ] {
            let axes = [0, 1].map(|at| axis(input[at], size[at], stride[at], padding));
            let window = Window2D { rows: axes[0], columns: axes[1] };
            let examples = 2;
            // Few values, so that there are equal ones.
            let inputs: Vec<f32> = (0..examples * input[0] * input[1] * channels)
                .map(|_| (random.uniform(-3.0, 3.0) as i32) as f32)
                .collect();
            let gradients = random.values(examples * window.outputs() * channels);
            let mut largest = vec![f32::NEG_INFINITY; gradients.len()];
            let mut cells = vec![0; gradients.len()];
            let mut means = vec![0.0; gradients.len()];
            let (mut of_max, mut of_mean) = (vec![0.0; inputs.len()], vec![0.0; inputs.len()]);
            for example in 0..examples {
                for position in 0..window.outputs() {
                    for channel in 0..channels {
                        let at = (example * window.outputs() + position) * channels + channel;
                        let index = |row: usize, column: usize| {
                            ((example * input[0] + row) * input[1] + column) * channels + channel
                        };
                        let (mut count, mut found) = (0.0, 0);
                        for_each_cell(window, position, |cell, row, column| {
                            count += 1.0;
                            means[at] += inputs[index(row, column)];
                            if inputs[index(row, column)] > largest[at] {
                                (largest[at], cells[at]) = (inputs[index(row, column)], cell as u32);
                                found = index(row, column);
                            }
                        });
                        means[at] /= count;
                        of_max[found] += gradients[at];
                        for_each_cell(window, position, |_, row, column| {
                            of_mean[index(row, column)] += gradients[at] / count;
                        });
                    }
                }
            }
            for level in levels() {
                let (mut output, mut got) =
                    (vec![f32::NAN; gradients.len()], vec![u32::MAX; gradients.len()]);
                max(level, &window, channels, &inputs, &mut output, &mut got);
                assert_eq!(output, largest);
                assert_eq!(got, cells);
                output.fill(f32::NAN);
                max(level, &window, channels, &inputs, &mut output, &mut []);
                assert_eq!(output, largest, "the cells are not wanted");
            }
            let mut gradient = vec![f32::NAN; inputs.len()];
            max_gradient(&window, channels, &cells, &gradients, &mut gradient);
            assert_close(&gradient, &of_max, 1e-6);
            let mut output = vec![f32::NAN; gradients.len()];
            average(&window, channels, &inputs, &mut output);
            assert_close(&output, &means, 1e-6);
            average_gradient(&window, channels, &gradients, &mut gradient);
            assert_close(&gradient, &of_mean, 1e-6);
        }
    }
}
