use super::*;
use crate::convolution::{Convolution, KernelPart};
use crate::reference::assert_close;
use crate::test_support::{Random, axis, levels, same};
use std::{vec, vec::Vec};

/// Output, input gradient and kernel gradient straight from the image.
fn direct(
    window: Window2D,
    [channels, filters]: [usize; 2],
    [x, kernel, bias, dy]: [&[f32]; 4],
) -> [Vec<f32>; 3] {
    let level = crate::level();
    let convolution = Convolution::new(level, window, channels, filters);
    let transposed = convolution.transposed();
    let part = KernelPart { first: 0, stride: filters };
    let (input, output) = (channels * window.rows.input * window.columns.input, filters * window.outputs());
    let examples = x.len() / input;
    let (mut y, mut dx, mut dk) = (vec![0.0; dy.len()], vec![0.0; x.len()], vec![0.0; kernel.len()]);
    let mut packed = vec![0.0; convolution.packed_len()];
    for example in 0..examples {
        let (inputs, outputs) =
            (example * input..(example + 1) * input, example * output..(example + 1) * output);
        let (mut padded_x, mut padded_dy) =
            (vec![0.0; convolution.padded_len()], vec![0.0; transposed.padded_len()]);
        convolution.pad(&x[inputs.clone()], &mut padded_x);
        transposed.pad(&dy[outputs.clone()], &mut padded_dy);
        convolution.pack(kernel, part, &mut packed);
        convolution.forward(level, &padded_x, &packed, bias, &mut y[outputs]);
        transposed.pack_transposed(kernel, part, &mut packed);
        transposed.forward(level, &padded_dy, &packed, &[], &mut dx[inputs]);
        convolution.kernel_gradient(level, &padded_x, &padded_dy, &mut dk, part);
    }
    [y, dx, dk]
}

#[test]
fn forward_and_both_gradients_equal_the_direct_convolution_at_every_level() {
    let mut random = Random(23);
    for (input, size, is_same, channels, filters) in [
        ([6, 6], 3, false, 1, 1),
        ([14, 14], 5, false, 6, 16),
        ([13, 13], 3, false, 32, 24),
        ([7, 10], 3, true, 5, 19),
        ([9, 5], 5, true, 17, 3),
        ([28, 28], 3, true, 4, 12),
    ] {
        let padding = if is_same { same(size) } else { [0, 0] };
        let window =
            Window2D { rows: axis(input[0], size, 1, padding), columns: axis(input[1], size, 1, padding) };
        let mut values = |len| random.values(len);
        let examples = 3;
        let x = values(examples * channels * input[0] * input[1]);
        let (kernel, bias) = (values(size * size * channels * filters), values(filters));
        let dy = values(examples * filters * window.outputs());
        let [y, dx, dk] = direct(window, [channels, filters], [&x, &kernel, &bias, &dy]);
        for level in levels() {
            let winograd = Winograd::new(window, channels, filters).unwrap();
            let room = |len: usize| vec![f32::NAN; len];
            let mut image = room(winograd.image_len());
            let (mut u, mut transposed) =
                (room(winograd.kernel_points_len()), room(winograd.kernel_points_len()));
            winograd.kernel_points(level, &kernel, &mut u);
            winograd.transpose_kernel_points(&u, &mut transposed);
            let mut inputs = room(examples * winograd.input_points_len());
            let mut outputs = room(examples * winograd.output_points_len());
            winograd.input_points(level, &x, &mut image, &mut inputs);
            winograd.multiply(level, &inputs, &u, &mut outputs, examples);
            let mut got = room(y.len());
            winograd.outputs(level, &outputs, &bias, &mut image, &mut got);
            assert_close(&got, &y, 3e-6);

            winograd.output_gradient_points(level, &dy, &mut image, &mut outputs);
            winograd.multiply_for_kernel(level, &inputs, &outputs, &mut u, examples, Write::Set);
            let mut got = vec![0.0; dk.len()];
            winograd.add_kernel_gradient(level, &u, &mut got);
            assert_close(&got, &dk, 3e-6);

            winograd.multiply_for_inputs(level, &outputs, &transposed, &mut inputs, examples);
            let mut got = room(dx.len());
            winograd.input_gradients(level, &inputs, &mut image, &mut got);
            assert_close(&got, &dx, 3e-6);
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
