//! Pooling: the largest value or the mean under a window, plane by plane, and the gradients of both.
//!
//! Windows of 2×2 that don't overlap, by far the most common, are computed a vector of outputs at a
//! time; all others one output after the other.

use crate::elementwise::for_each_vector;
use crate::{Level, Window2D};
use fearless_simd::{Simd, dispatch, prelude::*};

/// The largest value under each position of `window`; padding is never the largest.
#[inline(never)]
pub fn max(level: Level, window: &Window2D, inputs: &[f32], outputs: &mut [f32]) {
    if halves(window) {
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || pool_pairs(simd, window, inputs, outputs, #[inline(always)] |a, b| b.simd_gt(a).select(b, a), larger),
        ));
        return;
    }
    for_each_plane(window, inputs, outputs, |pixels, input, output| {
        *output = pixels.indices().map(|pixel| input[pixel]).reduce(larger).unwrap_or(0.0);
    });
}

/// The mean under each position of `window`; padding is not counted.
#[inline(never)]
pub fn average(level: Level, window: &Window2D, inputs: &[f32], outputs: &mut [f32]) {
    if halves(window) {
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || {
                pool_pairs(simd, window, inputs, outputs, #[inline(always)] |a, b| a + b, |a, b| a + b);
                for_each_vector(simd, [], [outputs], #[inline(always)] |[], [sum]| [sum * 0.25]);
            },
        ));
        return;
    }
    for_each_plane(window, inputs, outputs, |pixels, input, output| {
        *output = pixels.indices().map(|pixel| input[pixel]).sum::<f32>() / pixels.count() as f32;
    });
}

/// The gradient of [`max`]: of equal values under a window the first, row by row, gets it all.
#[inline(never)]
pub fn max_gradient(
    level: Level,
    window: &Window2D,
    inputs: &[f32],
    outputs: &[f32],
    output_gradients: &[f32],
    input_gradients: &mut [f32],
) {
    input_gradients.fill(0.0);
    let planes = inputs.chunks_exact(input_plane(window)).zip(outputs.chunks_exact(window.outputs()));
    let gradients = output_gradients.chunks_exact(window.outputs());
    let gradients = gradients.zip(input_gradients.chunks_exact_mut(input_plane(window)));
    for ((input, output), (output_gradient, input_gradient)) in planes.zip(gradients) {
        if halves(window) {
            dispatch!(level, simd => simd.vectorize(
                #[inline(always)]
                || max_gradient_of_pairs(simd, window, input, output, output_gradient, input_gradient),
            ));
        } else {
            for_each_position(window, |index, pixels| {
                if let Some(pixel) = pixels.indices().find(|&pixel| input[pixel] == output[index]) {
                    input_gradient[pixel] += output_gradient[index];
                }
            });
        }
    }
}

/// The gradient of [`average`]: all values under a window share it equally.
#[inline(never)]
pub fn average_gradient(window: &Window2D, output_gradients: &[f32], input_gradients: &mut [f32]) {
    input_gradients.fill(0.0);
    let gradients = output_gradients.chunks_exact(window.outputs());
    for (output_gradient, input_gradient) in
        gradients.zip(input_gradients.chunks_exact_mut(input_plane(window)))
    {
        for_each_position(window, |index, pixels| {
            let share = output_gradient[index] / pixels.count() as f32;
            pixels.indices().for_each(|pixel| input_gradient[pixel] += share);
        });
    }
}

#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

fn input_plane(window: &Window2D) -> usize {
    window.rows.input * window.columns.input
}

/// Whether the window is 2×2, moves by 2, and stays inside.
fn halves(window: &Window2D) -> bool {
    [window.rows, window.columns]
        .iter()
        .all(|axis| axis.size == 2 && axis.stride == 2 && axis.before == 0 && 2 * axis.output <= axis.input)
}

/// Visits every output with the plane that it comes from.
fn for_each_plane(
    window: &Window2D,
    inputs: &[f32],
    outputs: &mut [f32],
    mut visit: impl FnMut(Pixels, &[f32], &mut f32),
) {
    let planes = inputs.chunks_exact(input_plane(window));
    for (input, output) in planes.zip(outputs.chunks_exact_mut(window.outputs())) {
        for_each_position(window, |index, pixels| visit(pixels, input, &mut output[index]));
    }
}

fn for_each_position(window: &Window2D, mut visit: impl FnMut(usize, Pixels)) {
    let Window2D { rows, columns } = window;
    for output_row in 0..rows.output {
        let (top, bottom) = rows.span(output_row);
        for output_column in 0..columns.output {
            let (left, right) = columns.span(output_column);
            let pixels = Pixels { top, bottom, left, right, width: columns.input };
            visit(output_row * columns.output + output_column, pixels);
        }
    }
}

/// The pixels under a window, those in the padding left out.
#[derive(Clone, Copy)]
struct Pixels {
    top: usize,
    bottom: usize,
    left: usize,
    right: usize,
    width: usize,
}

impl Pixels {
    /// Their indices in the plane, row by row.
    #[inline(always)]
    fn indices(self) -> impl Iterator<Item = usize> {
        (self.top..self.bottom)
            .flat_map(move |row| row * self.width + self.left..row * self.width + self.right)
    }

    fn count(self) -> usize {
        (self.bottom - self.top) * (self.right - self.left)
    }
}

/// One plane, two rows of it at a time.
#[inline(always)]
fn pool_pairs<S: Simd>(
    simd: S,
    window: &Window2D,
    inputs: &[f32],
    outputs: &mut [f32],
    combine: impl Fn(S::f32s, S::f32s) -> S::f32s,
    combine_one: impl Fn(f32, f32) -> f32,
) {
    let lanes = S::f32s::LEN;
    let width = window.columns.input;
    let load = |row: &[f32]| S::f32s::from_slice(simd, row);
    let planes = inputs.chunks_exact(input_plane(window)).zip(outputs.chunks_exact_mut(window.outputs()));
    for (input, output) in planes {
        let rows = input.chunks_exact(2 * width).zip(output.chunks_exact_mut(window.columns.output));
        for (pair, output) in rows {
            let (upper, lower) = pair.split_at(width);
            let mut outputs = output.chunks_exact_mut(lanes);
            let (mut uppers, mut lowers) = (upper.chunks_exact(2 * lanes), lower.chunks_exact(2 * lanes));
            for output in &mut outputs {
                let (Some(upper), Some(lower)) = (uppers.next(), lowers.next()) else { break };
                let first = combine(load(&upper[..lanes]), load(&lower[..lanes]));
                let second = combine(load(&upper[lanes..]), load(&lower[lanes..]));
                let (even, odd) = first.deinterleave(second);
                combine(even, odd).store_slice(output);
            }
            let rest = outputs.into_remainder();
            let done = 2 * (window.columns.output - rest.len());
            let pairs = upper[done..].as_chunks::<2>().0.iter().zip(lower[done..].as_chunks::<2>().0);
            for (output, (upper, lower)) in rest.iter_mut().zip(pairs) {
                *output = combine_one(combine_one(upper[0], upper[1]), combine_one(lower[0], lower[1]));
            }
        }
    }
}

#[inline(always)]
fn max_gradient_of_pairs<S: Simd>(
    simd: S,
    window: &Window2D,
    input: &[f32],
    output: &[f32],
    output_gradient: &[f32],
    input_gradient: &mut [f32],
) {
    let lanes = S::f32s::LEN;
    let (width, across) = (window.columns.input, window.columns.output);
    let load = |row: &[f32]| S::f32s::from_slice(simd, row);
    let zero = S::f32s::splat(simd, 0.0);
    let inputs = input.chunks_exact(2 * width).zip(input_gradient.chunks_exact_mut(2 * width));
    let outputs = output.chunks_exact(across).zip(output_gradient.chunks_exact(across));
    for ((input, input_gradient), (output, output_gradient)) in inputs.zip(outputs) {
        let mut column = 0;
        while column + lanes <= across {
            let largest = load(&output[column..column + lanes]);
            let mut left = load(&output_gradient[column..column + lanes]);
            for row in [0, width] {
                let start = row + 2 * column;
                let (first, second) = (start..start + lanes, start + lanes..start + 2 * lanes);
                let (even, odd) = load(&input[first.clone()]).deinterleave(load(&input[second.clone()]));
                // What the first of equal values has taken is no longer left for the others.
                let mut take = |values: S::f32s| {
                    let is_largest = values.simd_eq(largest);
                    let taken = is_largest.select(left, zero);
                    left = is_largest.select(zero, left);
                    taken
                };
                let even = take(even);
                let (low, high) = even.interleave(take(odd));
                low.store_slice(&mut input_gradient[first]);
                high.store_slice(&mut input_gradient[second]);
            }
            column += lanes;
        }
        for column in column..across {
            let pixels = [0, 1, width, width + 1].map(|pixel| pixel + 2 * column);
            if let Some(pixel) = pixels.into_iter().find(|&pixel| input[pixel] == output[column]) {
                input_gradient[pixel] = output_gradient[column];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{assert_close, for_each_cell};
    use crate::test_support::{Random, axis, levels};
    use std::{vec, vec::Vec};

    #[test]
    fn pairs_and_all_other_windows_equal_the_definition_at_every_level() {
        let mut random = Random(17);
        for [height, width, size, stride, before] in [
            [4, 6, 2, 2, 0],
            [5, 67, 2, 2, 0],
            [26, 26, 2, 2, 0],
            [5, 7, 3, 2, 1],
            [4, 4, 2, 1, 0],
            [9, 8, 3, 3, 0],
        ] {
            let padding = [before, before.min(1)];
            let window = Window2D {
                rows: axis(height, size, stride, padding),
                columns: axis(width, size, stride, padding),
            };
            // Coarse values, so that several are the largest.
            let mut values = |len: usize, step: f32| -> Vec<f32> {
                (0..len).map(|_| (random.uniform(-1.0, 1.0) / step).floor() * step).collect()
            };
            let inputs = values(2 * height * width, 0.25);
            let gradients = values(2 * window.outputs(), 0.001);
            let (mut largest, mut means) = (vec![0.0; gradients.len()], vec![0.0; gradients.len()]);
            let (mut of_max, mut of_mean) = (vec![0.0; inputs.len()], vec![0.0; inputs.len()]);
            for (index, gradient) in gradients.iter().enumerate() {
                let (plane, place) = (index / window.outputs(), index % window.outputs());
                let mut pixels = Vec::new();
                for_each_cell(window, place, |_, row, column| {
                    pixels.push((plane * height + row) * width + column);
                });
                let first =
                    pixels.iter().copied().reduce(|a, b| if inputs[b] > inputs[a] { b } else { a }).unwrap();
                largest[index] = inputs[first];
                of_max[first] += gradient;
                means[index] = pixels.iter().map(|&pixel| inputs[pixel]).sum::<f32>() / pixels.len() as f32;
                pixels.iter().for_each(|&pixel| of_mean[pixel] += gradient / pixels.len() as f32);
            }
            for level in levels() {
                let mut output = vec![f32::NAN; gradients.len()];
                max(level, &window, &inputs, &mut output);
                assert_eq!(output, largest);
                let mut gradient = vec![f32::NAN; inputs.len()];
                max_gradient(level, &window, &inputs, &output, &gradients, &mut gradient);
                assert_close(&gradient, &of_max, 1e-6);
                average(level, &window, &inputs, &mut output);
                assert_close(&output, &means, 1e-6);
                average_gradient(&window, &gradients, &mut gradient);
                assert_close(&gradient, &of_mean, 1e-6);
            }
        }
    }
}
