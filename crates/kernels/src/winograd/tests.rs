use super::*;
use crate::reference::{assert_close, for_each_product};
use crate::test_support::{Random, axis, levels, same};
use std::{vec, vec::Vec};

/// All passes of a convolution through the points.
fn through_points(
    level: Level,
    window: Window2D,
    [channels, filters]: [Channels; 2],
    [x, kernel, bias, dy]: [&[f32]; 4],
) -> [Vec<f32>; 3] {
    let winograd = Winograd::new(window, channels.count, filters.count).unwrap();
    let examples = dy.len() / (filters.all * window.outputs());
    let room = |len: usize| vec![f32::NAN; len];
    let (mut image, mut marks) = (room(winograd.image_len()), room(winograd.marks_len()));
    let (mut points, mut panels) = (room(winograd.kernel_points_len()), room(winograd.panels_len()));
    let mut transposed = room(winograd.transposed_panels_len());
    winograd.kernel_points(level, kernel, filters, &mut points);
    winograd.pack(level, &points, &mut panels);
    winograd.pack_transposed(level, &points, &mut transposed);
    let mut inputs = room(examples * winograd.input_points_len());
    let mut outputs = room(examples * winograd.output_points_len());
    winograd.input_points(level, x, channels, &mut image, &mut inputs);
    winograd.multiply(level, &inputs, &panels, &mut outputs, examples);
    let mut y = vec![0.0; dy.len()];
    winograd.outputs(level, &outputs, bias, (x, channels), &mut marks, filters, &mut y);

    winograd.output_gradient_points(level, dy, filters, &mut image, &mut outputs);
    winograd.multiply_for_kernel(level, &inputs, &outputs, &mut points, examples, Write::Set);
    let mut dk = vec![0.0; kernel.len()];
    winograd.add_kernel_gradient(level, &points, &mut dk, filters);
    winograd.multiply_for_inputs(level, &outputs, &transposed, &mut inputs, examples);
    let mut dx = vec![0.0; x.len()];
    winograd.input_gradients(level, &inputs, (dy, filters), &mut image, &mut marks, channels, &mut dx);
    [y, dx, dk]
}

/// The same by the definition, of `groups` groups.
fn defined(
    window: Window2D,
    groups: usize,
    [channels, filters]: [usize; 2],
    [x, kernel, bias, dy]: [&[f32]; 4],
) -> [Vec<f32>; 3] {
    let (inputs, outputs) = (window.rows.input * window.columns.input, window.outputs());
    let [all_channels, all_filters] = [channels * groups, filters * groups];
    let mut y: Vec<f32> = (0..dy.len()).map(|at| bias[at % all_filters]).collect();
    let (mut dx, mut dk) = (vec![0.0; x.len()], vec![0.0; kernel.len()]);
    for example in 0..x.len() / (inputs * all_channels) {
        for group in 0..groups {
            for_each_product(window, [channels, filters], |i, k, o| {
                let i = (example * inputs + i / channels) * all_channels + group * channels + i % channels;
                let k = k / filters * all_filters + group * filters + k % filters;
                let o = (example * outputs + o / filters) * all_filters + group * filters + o % filters;
                y[o] += kernel[k] * x[i];
                dx[i] += kernel[k] * dy[o];
                dk[k] += x[i] * dy[o];
            });
        }
    }
    [y, dx, dk]
}

#[test]
fn forward_and_both_gradients_equal_the_definition_at_every_level() {
    let mut random = Random(23);
    for (input, size, is_same, channels, filters, groups) in [
        ([6, 6], 3, false, 1, 1, 1),
        ([14, 14], 5, false, 6, 16, 1),
        ([13, 13], 3, false, 32, 24, 1),
        ([7, 10], 3, true, 5, 19, 1),
        ([9, 5], 5, true, 17, 3, 1),
        ([28, 28], 3, true, 4, 12, 1),
        ([10, 9], 3, true, 6, 5, 3),
        ([9, 11], 5, true, 5, 6, 2),
    ] {
        let padding = if is_same { same(size) } else { [0, 0] };
        let window =
            Window2D { rows: axis(input[0], size, 1, padding), columns: axis(input[1], size, 1, padding) };
        let mut values = |len| random.values(len);
        let examples = 3;
        let x = values(examples * channels * groups * input[0] * input[1]);
        let (kernel, bias) = (values(size * size * channels * filters * groups), values(filters * groups));
        let dy = values(examples * filters * groups * window.outputs());
        let expected = defined(window, groups, [channels, filters], [&x, &kernel, &bias, &dy]);
        for level in levels() {
            let mut got = [vec![0.0; dy.len()], vec![0.0; x.len()], vec![0.0; kernel.len()]];
            for group in 0..groups {
                let part = |count| Channels { first: group * count, count, all: groups * count };
                let parts =
                    through_points(level, window, [part(channels), part(filters)], [&x, &kernel, &bias, &dy]);
                for (got, part) in got.iter_mut().zip(parts) {
                    got.iter_mut().zip(part).for_each(|(sum, value)| *sum += value);
                }
            }
            for (got, expected) in got.iter().zip(&expected) {
                assert_close(got, expected, 3e-6);
            }
        }
    }
}

#[test]
fn a_window_of_zeros_gives_exactly_the_bias_and_no_gradient() {
    let mut random = Random(31);
    for (size, is_same) in [(3, true), (3, false), (5, true), (5, false)] {
        let padding = if is_same { same(size) } else { [0, 0] };
        let axis = axis(15, size, 1, padding);
        let window = Window2D { rows: axis, columns: axis };
        let [channels, filters] = [7, 12].map(Channels::all);
        let (kernel, bias) = (random.values(size * size * 7 * 12), random.values(12));
        // One pixel is lit, and one output has a gradient.
        let (mut x, mut dy) = (vec![0.0; 2 * 15 * 15 * 7], vec![0.0; 2 * window.outputs() * 12]);
        x[(6 * 15 + 4) * 7 + 3] = 0.7;
        dy[(2 * axis.output + 9) * 12 + 5] = 0.3;
        for level in levels() {
            let values = [&x[..], &kernel, &bias, &dy];
            let [y, dx, _] = through_points(level, window, [channels, filters], values);
            let ones = [&x[..], &vec![1.0; kernel.len()], &[0.0; 12], &dy];
            let [reached_y, reached_dx, _] = defined(window, 1, [7, 12], ones);
            let lit = reached_y.iter().filter(|&&value| value != 0.0).count();
            assert_eq!(lit, size * size * 12);
            for (at, (&value, &reached)) in y.iter().zip(&reached_y).enumerate() {
                assert!(reached != 0.0 || value == bias[at % 12], "{value} at {at}");
            }
            for (at, (&value, &reached)) in dx.iter().zip(&reached_dx).enumerate() {
                assert!(reached != 0.0 || value == 0.0, "{value} at {at}");
            }
        }
    }
}

#[test]
fn other_kernels_are_left_to_other_methods() {
    let window = |size, stride| {
        let axis = axis(9, size, stride, [0, 0]);
        Window2D { rows: axis, columns: axis }
    };
    assert!(Winograd::new(window(3, 1), 1, 1).is_some());
    for (size, stride) in [(3, 2), (1, 1), (2, 1), (4, 1), (7, 1)] {
        assert!(Winograd::new(window(size, stride), 1, 1).is_none(), "{size} {stride}");
    }
}
