//! The arithmetic of one unit, its fields and its regions.

use crate::networks::{close, model, networks, units, values};
use convscope_core::Operation;
use convscope_core::explain::UnitPlace;
use convscope_core::random::Random;
use serde_json::json;

fn apply(activation: &str, x: f32) -> f32 {
    match activation {
        "relu" => x.max(0.0),
        "leaky_relu" => x.max(0.3 * x),
        "elu" => {
            if x < 0.0 {
                x.exp_m1()
            } else {
                x
            }
        }
        "sigmoid" => 1.0 / (1.0 + (-x).exp()),
        "tanh" => x.tanh(),
        "linear" => x,
        other => panic!("{other}"),
    }
}

#[test]
fn the_summary_says_what_single_units_show() {
    for mut model in networks() {
        let mut random = Random::new(17, 0);
        let x = values(&mut random, model.input_shape().len());
        let layers = model.summary().layers;
        let weights = model.flat_weights().to_vec();
        for (name, unit, row, column) in units(&model) {
            let what = format!("{name} unit {unit} at {row}, {column}");
            let layer = layers.iter().find(|layer| layer.name == name).unwrap();
            let found = model.explain_unit(&x, UnitPlace { layer: &name, unit, row, column }).unwrap();
            assert_eq!(layer.operation, found.operation, "{what}");
            assert_eq!(layer.activation.name, found.activation, "{what}");
            assert_eq!((&layer.source, &layer.source_shape), (&found.source, &found.source_shape), "{what}");
            if let Some(window) = layer.window {
                assert_eq!(found.window.row, window.rows.start(row), "{what}");
                assert_eq!(found.window.column, window.columns.start(column), "{what}");
                assert_eq!(
                    [found.window.height, found.window.width],
                    [window.rows.size, window.columns.size]
                );
                assert_eq!(found.dilation, [window.rows.dilation, window.columns.dilation], "{what}");
            }
            let field = found.regions.last().unwrap().field;
            if let Some(seen) = layer.receptive_field {
                let start = |axis: usize, at: usize| (at * seen.jump[axis]) as isize + seen.start[axis];
                assert_eq!([field.row, field.column], [start(0, row), start(1, column)], "{what}");
                assert_eq!([field.height, field.width], seen.size, "{what}");
            }
            let place = |name: &str| layer.weights.iter().find(|weight| weight.name == name).unwrap().first;
            let Some(kernel) = &layer.kernel else {
                // A transposed convolution has one, but none that lies on its source the same way everywhere.
                let has_one = layer.weights.iter().any(|weight| weight.role == "kernel");
                assert!(!has_one || layer.class_name == "Conv2DTranspose", "{what}");
                continue;
            };
            let area = kernel.height * kernel.width;
            assert_eq!([kernel.height, kernel.width], [found.window.height, found.window.width], "{what}");
            let first = unit / (kernel.units / kernel.groups) * kernel.channels;
            assert_eq!(found.channels, Vec::from_iter(first..first + kernel.channels), "{what}");
            for (index, &weight) in found.kernel.iter().enumerate() {
                let (channel, cell) = (index / area, index % area);
                let at = (cell * kernel.channels + channel) * kernel.units + unit;
                assert_eq!(weights[place(&kernel.name) + at], weight, "{what}");
            }
            let bias = layer.bias.as_ref().map_or(0.0, |name| weights[place(name) + unit]);
            assert_eq!(bias, found.bias, "{what}");
        }
    }
}

#[test]
fn what_is_not_signed_gives_nothing_below_zero() {
    for mut model in networks() {
        let mut random = Random::new(21, 0);
        let layers = model.summary().layers;
        let mut below = vec![false; layers.len()];
        for _ in 0..40 {
            let x = values(&mut random, model.input_shape().len());
            for (layer, below) in model.observe(&x).unwrap().layers.iter().zip(&mut below) {
                *below |= layer.planes.iter().any(|&value| value < 0.0);
            }
        }
        for (layer, below) in layers.iter().zip(below) {
            assert_eq!(layer.signed, below, "{}", layer.name);
        }
    }
}

#[test]
fn fields_reach_into_the_padding_and_regions_do_not() {
    // Of 6 rows a valid window of 3 with stride 2 leaves out the last one; behind it the padding of another
    // window lies where that one would be.
    let model = model(
        &[6, 6, 1],
        &[
            ("Conv2D", json!({ "name": "first", "filters": 1, "kernel_size": 3, "strides": 2 })),
            ("Conv2D", json!({ "name": "second", "filters": 2, "kernel_size": 3, "padding": "same" })),
            ("Flatten", json!({})),
            ("Dense", json!({ "units": 1 })),
        ],
        1,
    );
    let regions = |layer, unit, row, column| {
        let regions = model.regions(UnitPlace { layer, unit, row, column }).unwrap();
        let places = regions.iter().map(|region| {
            let field = region.field;
            (region.layer.clone(), region.rows, [field.row, field.height as isize])
        });
        places.collect::<Vec<_>>()
    };
    let expected = |rows: &[(&str, [usize; 2], [isize; 2])]| {
        rows.iter().map(|&(layer, rows, field)| (layer.to_string(), rows, field)).collect::<Vec<_>>()
    };
    assert_eq!(
        regions("second", 1, 1, 0),
        expected(&[("second", [1, 2], [1, 1]), ("first", [0, 2], [0, 3]), ("input", [0, 5], [0, 7])])
    );
    // Unit 4 of the vector is map 0 at row 1.
    assert_eq!(regions("flatten", 4, 0, 0)[2..], regions("second", 1, 1, 0)[1..]);
    assert_eq!(regions("dense", 0, 0, 0)[2], ("second".to_string(), [0, 2], [0, 2]));
    assert!(model.regions(UnitPlace { layer: "second", unit: 2, row: 0, column: 0 }).is_err());
}

#[test]
fn the_maps_of_all_channels_add_up_to_the_map() {
    for mut model in networks() {
        let mut random = Random::new(19, 0);
        let x = values(&mut random, model.input_shape().len());
        for (layer, unit, row, column) in units(&model) {
            let found = model.explain_unit(&x, UnitPlace { layer: &layer, unit, row, column }).unwrap();
            let maps = model.channel_maps(&x, &layer, unit);
            if found.operation != Operation::WeightedSum {
                assert_eq!(maps.unwrap_err().code(), "value");
                continue;
            }
            let maps = maps.unwrap();
            let [height, width, channels] = maps.shape;
            assert_eq!(channels, found.channels.len());
            for (plane, &sum) in maps.planes.chunks(height * width).zip(&found.sums) {
                close(plane[row * width + column], sum, &layer);
            }
        }
    }
}

#[test]
fn a_units_arithmetic_gives_its_output() {
    for mut model in networks() {
        let mut random = Random::new(7, 0);
        let x = values(&mut random, model.input_shape().len());
        let mut planes = vec![("input".to_string(), {
            let shape = model.input_shape();
            let mut planes = vec![0.0; x.len()];
            for (index, value) in x.iter().enumerate() {
                planes[index % shape.channels() * shape.positions() + index / shape.channels()] = *value;
            }
            planes
        })];
        for layer in model.summary().layers {
            planes.push((layer.name.clone(), model.feature_maps(&x, &layer.name).unwrap().planes));
        }
        let planes_of = |name: &str| &planes.iter().find(|(layer, _)| layer == name).unwrap().1;
        for (layer, unit, row, column) in units(&model) {
            let what = format!("{layer} unit {unit} at {row}, {column}");
            let place = UnitPlace { layer: &layer, unit, row, column };
            let found = model.explain_unit(&x, place).unwrap();
            let maps = model.feature_maps(&x, &layer).unwrap();
            let [height, width, _] = maps.shape;
            close(found.output, maps.planes[(unit * height + row) * width + column], &what);

            let (source_height, source_width) = match found.source_shape[..] {
                [height, width, _] => (height, width),
                [steps, _] => (1, steps),
                _ => (1, 1),
            };
            let source = planes_of(&found.source);
            let area = found.window.height * found.window.width;
            assert_eq!(found.patches.len(), area * found.channels.len(), "{what}");
            assert_eq!(found.inside.len(), area, "{what}");
            for (index, &patch) in found.patches.iter().enumerate() {
                let (number, cell) = (index / area, index % area);
                let y = found.window.row + (cell / found.window.width * found.dilation[0]) as isize;
                let x = found.window.column + (cell % found.window.width * found.dilation[1]) as isize;
                let inside =
                    (0..source_height as isize).contains(&y) && (0..source_width as isize).contains(&x);
                assert_eq!(found.inside[cell] == 1, inside, "{what}");
                let value = if inside {
                    source[(found.channels[number] * source_height + y as usize) * source_width + x as usize]
                } else {
                    0.0
                };
                close(patch, value, &what);
            }
            for (index, &product) in found.products.iter().enumerate() {
                close(product, found.patches[index] * found.kernel[index], &what);
            }
            for (sum, products) in found.sums.iter().zip(found.products.chunks(area)) {
                close(*sum, products.iter().sum(), &what);
            }
            let inside =
                || found.patches.iter().zip(found.inside.iter().cycle()).filter(|(_, inside)| **inside == 1);
            match found.operation {
                Operation::WeightedSum | Operation::Normalization => {
                    assert_eq!(found.products.len(), found.patches.len(), "{what}");
                    close(found.sum, found.sums.iter().sum(), &what);
                }
                Operation::Maximum => {
                    let largest = inside().map(|(value, _)| *value).fold(f32::MIN, f32::max);
                    close(found.sum, largest, &what);
                    assert_eq!(found.patches[found.winner as usize], largest, "{what}");
                }
                Operation::Mean => {
                    let sum: f32 = inside().map(|(value, _)| value).sum();
                    close(found.sum, sum / inside().count() as f32, &what);
                }
                Operation::Copy => {
                    assert_eq!(found.patches.len(), 1, "{what}");
                    close(found.sum, found.patches[0], &what);
                }
                // Held against Keras by the golden vectors.
                Operation::Function => {}
                other => panic!("{what}: {other:?} has several inputs"),
            }
            if found.operation != Operation::Maximum {
                assert_eq!(found.winner, -1, "{what}");
            }
            close(found.preactivation, found.sum + found.bias, &what);
            if found.activation == "softmax" {
                let total: f32 = found.logits.iter().map(|logit| logit.exp()).sum();
                close(found.logits[unit], found.preactivation, &what);
                close(found.output, found.preactivation.exp() / total, &what);
            } else {
                assert!(found.logits.is_empty(), "{what}");
                close(found.output, apply(found.activation, found.preactivation), &what);
            }
        }
    }
}

#[test]
fn traced_regions_are_what_changes_a_unit() {
    // Without activations every pixel in reach counts, and pooled means pass every change on.
    let linear = |size: [usize; 2], strides: [usize; 2], padding: &str| {
        ("Conv2D", json!({ "filters": 2, "kernel_size": size, "strides": strides, "padding": padding }))
    };
    let stack = model(
        &[13, 12, 1],
        &[
            linear([3, 2], [1, 1], "same"),
            ("AveragePooling2D", json!({ "pool_size": 2 })),
            linear([2, 3], [2, 1], "same"),
            ("BatchNormalization", json!({})),
            linear([2, 2], [1, 1], "valid"),
            ("Flatten", json!({})),
            ("Activation", json!({ "activation": "linear" })),
            ("Dense", json!({ "units": 2 })),
        ],
        9,
    );
    check_regions(stack);
}

#[test]
fn regions_are_traced_through_layers_that_move_and_repeat_values() {
    let linear = |class_name: &'static str, size: [usize; 2], more: serde_json::Value| {
        let mut config = json!({ "filters": 2, "kernel_size": size });
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        (class_name, config)
    };
    check_regions(model(
        &[9, 8, 1],
        &[
            linear("Conv2D", [2, 3], json!({ "dilation_rate": [3, 2] })),
            ("ZeroPadding2D", json!({ "padding": [[1, 2], [2, 1]] })),
            ("Cropping2D", json!({ "cropping": [[1, 0], [0, 2]] })),
            ("UpSampling2D", json!({ "size": [2, 1] })),
            linear("Conv2DTranspose", [4, 3], json!({ "strides": [2, 1], "padding": "same" })),
            ("AveragePooling2D", json!({ "pool_size": 2 })),
        ],
        3,
    ));
    // One value is followed to where it was; of several, everything is seen.
    check_regions(model(
        &[4, 3, 1],
        &[
            ("Permute", json!({ "dims": [2, 1, 3] })),
            ("Rescaling", json!({ "scale": 2 })),
            ("Reshape", json!({ "target_shape": [6, 2] })),
        ],
        4,
    ));
    check_regions(model(
        &[12, 1],
        &[
            ("Conv1D", json!({ "filters": 2, "kernel_size": 3, "padding": "causal", "dilation_rate": 2 })),
            ("AveragePooling1D", json!({ "pool_size": 2 })),
            ("Conv1D", json!({ "filters": 2, "kernel_size": 2, "strides": 2 })),
            ("GlobalAveragePooling1D", json!({})),
        ],
        5,
    ));
}

/// What a change of each value of the input changes is where the regions say that a unit looks.
fn check_regions(mut stack: convscope_core::Model) {
    let [_, columns_of_input, _] = stack.input_shape().maps();
    let x = values(&mut Random::new(1, 1), stack.input_shape().len());
    let all = stack.summary().layers;
    let outputs: Vec<Vec<f32>> =
        all.iter().map(|layer| stack.feature_maps(&x, &layer.name).unwrap().planes).collect();
    let mut changed = Vec::new();
    for pixel in 0..x.len() {
        let mut other = x.clone();
        other[pixel] += 1.0;
        let mut other_outputs = Vec::new();
        for layer in &all {
            other_outputs.push(stack.feature_maps(&other, &layer.name).unwrap().planes);
        }
        changed.push(other_outputs);
    }
    for (layer, unit, row, column) in units(&stack) {
        let number = all.iter().position(|other| other.name == layer).unwrap();
        let (height, width) = match all[number].output_shape[..] {
            [height, width, _] => (height, width),
            [steps, _] => (1, steps),
            _ => (1, 1),
        };
        let offset = (unit * height + row) * width + column;
        let (mut rows, mut columns) = ([usize::MAX, 0], [usize::MAX, 0]);
        for (pixel, outputs_of) in changed.iter().enumerate() {
            if (outputs_of[number][offset] - outputs[number][offset]).abs() > 1e-6 {
                rows = [rows[0].min(pixel / columns_of_input), rows[1].max(pixel / columns_of_input + 1)];
                columns =
                    [columns[0].min(pixel % columns_of_input), columns[1].max(pixel % columns_of_input + 1)];
            }
        }
        let place = UnitPlace { layer: &layer, unit, row, column };
        let found = stack.explain_unit(&x, place).unwrap();
        let names: Vec<_> = found.regions.iter().map(|region| region.layer.as_str()).collect();
        let mut expected: Vec<_> = all[..=number].iter().rev().map(|layer| layer.name.as_str()).collect();
        expected.push("input");
        assert_eq!(names, expected);
        let input = found.regions.last().unwrap();
        if rows[1] == 0 {
            // Only padding is seen.
            assert!(
                input.rows[0] == input.rows[1] || input.columns[0] == input.columns[1],
                "{layer} {row} {column}"
            );
        } else {
            assert_eq!((input.rows, input.columns), (rows, columns), "{layer} {unit} {row} {column}");
        }
        assert_eq!(found.regions[0].rows, [row, row + 1]);
    }
}
