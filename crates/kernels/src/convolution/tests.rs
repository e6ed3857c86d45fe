use super::*;
use crate::pooling;
use crate::reference::{assert_close, for_each_product};
use crate::test_support::{Random, axis, levels, same};
use std::{vec, vec::Vec};

/// Height and width, the window's size and stride, whether it is padded, channels, filters.
type Case = ([usize; 2], [usize; 2], usize, bool, usize, usize);

const CASES: [Case; 18] = [
    ([7, 9], [3, 3], 1, true, 3, 7),
    ([8, 10], [5, 5], 1, false, 2, 6),
    ([5, 33], [5, 5], 1, true, 1, 5),
    ([9, 12], [3, 3], 1, true, 1, 10),
    ([6, 4], [2, 4], 1, true, 2, 3),
    ([4, 4], [1, 1], 1, false, 5, 4),
    ([2, 2], [5, 3], 1, true, 1, 1),
    ([13, 13], [3, 3], 1, false, 4, 40),
    ([12, 12], [5, 5], 1, false, 6, 16),
    ([23, 23], [11, 11], 4, false, 3, 20),
    ([9, 8], [3, 3], 2, true, 3, 12),
    ([10, 7], [2, 2], 2, false, 2, 5),
    ([7, 7], [3, 3], 3, true, 1, 8),
    ([3, 3], [3, 3], 1, false, 12, 24),
    ([28, 28], [5, 5], 1, true, 1, 6),
    ([7, 13], [3, 2], 1, false, 1, 17),
    ([5, 11], [2, 4], 1, true, 1, 30),
    ([9, 8], [1, 5], 1, false, 1, 6),
];

fn window(([height, width], [rows, columns], stride, is_same, ..): Case) -> Window2D {
    let padding = |size| if is_same { same(size) } else { [0, 0] };
    Window2D {
        rows: axis(height, rows, stride, padding(rows)),
        columns: axis(width, columns, stride, padding(columns)),
    }
}

/// Frames around all examples' channels.
fn frames(frame: &Frame, images: &[f32], len: usize, channels: Channels) -> Vec<f32> {
    let mut framed = vec![f32::NAN; images.len() / len * frame.floats()];
    for (image, frame_of) in images.chunks_exact(len).zip(framed.chunks_exact_mut(frame.floats())) {
        frame.enclose(image, channels, frame_of);
    }
    framed
}

#[test]
fn forward_and_both_gradients_equal_the_definition_at_every_level() {
    let mut random = Random(11);
    for case in CASES {
        let ([height, width], [rows, columns], stride, _, channels, filters) = case;
        let window = window(case);
        let mut values = |len| random.values(len);
        let examples = 2;
        let (inputs, outputs) = (channels * height * width, filters * window.outputs());
        let kernel = values(rows * columns * channels * filters);
        let (x, bias, dy) = (values(examples * inputs), values(filters), values(examples * outputs));
        let mut y: Vec<f32> = (0..examples * outputs).map(|at| bias[at % filters]).collect();
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
            let convolution = Convolution::new(window, channels, filters);
            let (all_channels, all_filters) = (Channels::all(channels), Channels::all(filters));
            let run = |convolution: &Convolution,
                       images: &[f32],
                       len,
                       from: Channels,
                       panels: &[f32],
                       to: Channels| {
                let frame = convolution.frame();
                let framed = frames(&frame, images, len, from);
                let mut output = vec![f32::NAN; examples * convolution.window().outputs() * to.all];
                for (image, output) in framed
                    .chunks_exact(frame.floats())
                    .zip(output.chunks_exact_mut(output_len(convolution, to)))
                {
                    convolution.forward(level, image, frame.pitch(), panels, output, to);
                }
                output
            };
            let mut panels = vec![f32::NAN; convolution.panels_len()];
            convolution.pack(level, &kernel, &bias, all_filters, &mut panels);
            assert_close(&run(&convolution, &x, inputs, all_channels, &panels, all_filters), &y, 1e-6);
            if stride == 1 {
                let transposed = convolution.transposed();
                let mut panels = vec![f32::NAN; transposed.panels_len()];
                transposed.pack_transposed(level, &kernel, all_filters, &mut panels);
                assert_close(&run(&transposed, &dy, outputs, all_filters, &panels, all_channels), &dx, 1e-6);
            }
            let frame = convolution.frame();
            let framed = frames(&frame, &x, inputs, all_channels);
            let mut gradient = vec![0.5; dk.len()];
            let around = convolution.gradient_frame(frame.pitch());
            let gradients = frames(&around, &dy, outputs, all_filters);
            for (image, dy) in
                framed.chunks_exact(frame.floats()).zip(gradients.chunks_exact(around.floats()))
            {
                convolution.kernel_gradient(level, image, frame.pitch(), dy, &mut gradient, all_filters);
            }
            assert_close(&gradient, &dk, 2e-6);
        }
    }
}

fn output_len(convolution: &Convolution, filters: Channels) -> usize {
    convolution.window().outputs() * filters.all
}

/// Two groups of one convolution are two convolutions of half of the channels each.
#[test]
fn a_group_reads_and_writes_its_own_channels_alone() {
    let mut random = Random(5);
    let case = ([6, 7], [3, 2], 1, true, 3, 5);
    let window = window(case);
    let (x, kernel) = (random.values(6 * 7 * 6), random.values(3 * 2 * 3 * 10));
    for level in levels() {
        let convolution = Convolution::new(window, 3, 5);
        let frame = convolution.frame();
        let mut output = vec![f32::NAN; window.outputs() * 10];
        let mut expected = vec![0.0; window.outputs() * 10];
        for group in 0..2 {
            let channels = Channels { first: 3 * group, count: 3, all: 6 };
            let filters = Channels { first: 5 * group, count: 5, all: 10 };
            let framed = frames(&frame, &x, x.len(), channels);
            let mut panels = vec![f32::NAN; convolution.panels_len()];
            convolution.pack(level, &kernel, &[], filters, &mut panels);
            convolution.forward(level, &framed, frame.pitch(), &panels, &mut output, filters);
            for_each_product(window, [3, 5], |i, k, o| {
                let (pixel, channel) = (i / 3, i % 3);
                expected[o / 5 * 10 + 5 * group + o % 5] +=
                    kernel[k / 5 * 10 + 5 * group + k % 5] * x[pixel * 6 + 3 * group + channel];
            });
        }
        assert_close(&output, &expected, 1e-6);
    }
}

/// The gradients from the maxima alone against those from all outputs, of which all but the maxima are zero.
#[test]
fn the_gradients_of_maxima_equal_those_of_all_outputs_at_every_level() {
    let mut random = Random(29);
    for (case, pool_size, pool_stride, pool_same) in [
        (([12, 12], [5, 5], 1, false, 6, 16), 2, 2, false),
        (([9, 12], [3, 3], 1, true, 1, 10), 2, 2, true),
        (([13, 13], [3, 3], 1, false, 32, 24), 2, 2, false),
        (([14, 14], [3, 3], 1, true, 12, 12), 2, 2, false),
        (([23, 23], [11, 11], 2, false, 3, 8), 3, 2, false),
        (([15, 11], [5, 5], 1, true, 1, 6), 3, 3, true),
        (([9, 9], [2, 2], 1, false, 7, 5), 4, 4, false),
    ] {
        let ([height, width], [rows, columns], _, _, channels, filters) = case;
        let window = window(case);
        let padding = if pool_same { [0, pool_size - 1] } else { [0, 0] };
        let pool = Window2D {
            rows: axis(window.rows.output, pool_size, pool_stride, padding),
            columns: axis(window.columns.output, pool_size, pool_stride, padding),
        };
        let examples = 3;
        let (inputs, outputs) = (channels * height * width, filters * window.outputs());
        let (x, kernel) =
            (random.values(examples * inputs), random.values(rows * columns * channels * filters));
        let y = random.values(examples * outputs);
        let mut gradients = random.values(examples * filters * pool.outputs());
        gradients.iter_mut().step_by(3).for_each(|gradient| *gradient = 0.0);
        let mut cells = vec![u32::MAX; gradients.len()];
        let mut largest = vec![f32::NAN; gradients.len()];
        pooling::max(crate::level(), &pool, filters, &y, &mut largest, &mut cells);
        let mut dy = vec![f32::NAN; y.len()];
        pooling::max_gradient(&pool, filters, &cells, &gradients, &mut dy);
        let (mut dx, mut dk) = (vec![0.0; x.len()], vec![0.25; kernel.len()]);
        for example in 0..examples {
            for_each_product(window, [channels, filters], |i, k, o| {
                let (i, o) = (example * inputs + i, example * outputs + o);
                dx[i] += kernel[k] * dy[o];
                dk[k] += x[i] * dy[o];
            });
        }
        for level in levels() {
            let convolution = Convolution::new(window, channels, filters);
            let gradient = MaximaGradient::new(convolution, pool).unwrap();
            let frame = convolution.frame();
            let all = [Channels::all(channels), Channels::all(filters)];
            let framed = frames(&frame, &x, inputs, all[0]);
            let maxima = Maxima { gradients: &gradients, cells: &cells };
            let mut entries = vec![Entry::default(); gradient.entries_len(examples)];
            let mut places = vec![Place::default(); gradient.places_len()];
            let mut sums = vec![0.0; gradient.kernel_len()];
            gradient.add_to_sums(
                level,
                Images::framed(&framed, &frame),
                maxima,
                all[1],
                &mut entries,
                &mut sums,
            );
            let mut got = vec![0.25; kernel.len()];
            gradient.add_to_kernel(&sums, &mut got, all[1]);
            assert_close(&got, &dk, 2e-6);

            let mut packed = vec![f32::NAN; gradient.kernel_len()];
            gradient.pack_rows(&kernel, all[1], &mut packed);
            let mut got = vec![f32::NAN; x.len()];
            for (example, got) in got.chunks_exact_mut(inputs).enumerate() {
                let mut image = vec![0.0; frame.floats()];
                let maxima = maxima.examples(example..example + 1, filters * pool.outputs());
                let lists = (&mut entries[..], &mut places[..]);
                gradient.input_gradient(level, maxima, all[1], &packed, lists, &mut image);
                frame.release(&image, all[0], got);
            }
            assert_close(&got, &dx, 2e-6);
        }
    }
}
