//! Explanations against the passes that they explain, over networks with every kind of layer.

use convscope_core::explain::{
    MAX_ASCENT_STEPS, PLACES, ReluRule, UnitPlace, coordinates, merge_rankings, nearest_rows,
    principal_components,
};
use convscope_core::random::Random;
use convscope_core::{Dataset, Model, Operation};
use serde_json::{Value, json};

fn model(input: &[usize], layers: &[(&str, Value)], seed: u64) -> Model {
    let mut shape = vec![Value::Null];
    shape.extend(input.iter().map(|&size| Value::from(size)));
    let mut all = vec![json!({ "class_name": "InputLayer", "config": { "batch_shape": shape } })];
    all.extend(
        layers.iter().map(|(class_name, config)| json!({ "class_name": class_name, "config": config })),
    );
    let description = json!({ "class_name": "Sequential", "config": { "layers": all } });
    let mut model = Model::from_json(&description.to_string(), seed).unwrap();
    // Biases and statistics that are not the same everywhere; variances above zero.
    let mut random = Random::new(seed, 77);
    for weight in model.summary().layers.iter().flat_map(|layer| &layer.weights) {
        let count = weight.shape.iter().product();
        let low = if weight.name.contains("variance") || weight.name.contains("gamma") { 0.2 } else { -0.6 };
        if !weight.name.contains("kernel") {
            let values: Vec<f32> = (0..count).map(|_| random.uniform(low, 0.8)).collect();
            model.set_weights(&weight.name, &values).unwrap();
        }
    }
    model
}

fn values(random: &mut Random, len: usize) -> Vec<f32> {
    (0..len).map(|_| random.uniform(0.0, 1.0)).collect()
}

/// Networks that hold every kind of layer between them.
fn networks() -> Vec<Model> {
    let conv = |filters: usize, size: [usize; 2], rest: Value| {
        let mut config = json!({ "filters": filters, "kernel_size": size });
        config.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        ("Conv2D", config)
    };
    vec![
        model(
            &[9, 8, 4],
            &[
                conv(
                    6,
                    [3, 2],
                    json!({ "strides": [2, 1], "padding": "same", "groups": 2, "activation": "relu" }),
                ),
                ("BatchNormalization", json!({})),
                ("MaxPooling2D", json!({ "pool_size": [2, 3], "strides": [1, 2], "padding": "same" })),
                ("Dropout", json!({ "rate": 0.5 })),
                ("Flatten", json!({})),
                ("Dropout", json!({ "rate": 0.5 })),
                ("Dense", json!({ "units": 5, "activation": "tanh" })),
                ("BatchNormalization", json!({ "scale": false })),
                ("Dense", json!({ "units": 3, "activation": "softmax" })),
            ],
            1,
        ),
        model(
            &[10, 11, 1],
            &[
                ("BatchNormalization", json!({ "center": false })),
                conv(16, [5, 5], json!({ "padding": "same", "use_bias": false })),
                ("ReLU", json!({})),
                ("AveragePooling2D", json!({ "pool_size": [3, 3], "strides": [2, 2], "padding": "same" })),
                conv(16, [3, 3], json!({ "activation": "elu" })),
                ("LeakyReLU", json!({})),
                ("GlobalAveragePooling2D", json!({})),
                ("Dropout", json!({ "rate": 0.1 })),
                ("Dense", json!({ "units": 4 })),
                ("Softmax", json!({})),
            ],
            2,
        ),
        model(
            &[7, 7, 2],
            &[
                conv(3, [4, 4], json!({ "padding": "same", "activation": "sigmoid" })),
                ("DepthwiseConv2D", json!({ "kernel_size": [3, 2], "depth_multiplier": 2, "strides": 2 })),
                ("Flatten", json!({})),
                ("Activation", json!({ "activation": "relu" })),
                ("Dense", json!({ "units": 2 })),
            ],
            3,
        ),
        model(
            &[6],
            &[("Dense", json!({ "units": 4, "activation": "relu" })), ("Dense", json!({ "units": 2 }))],
            4,
        ),
        model(&[6, 6, 2], &[conv(3, [3, 3], json!({ "activation": "softmax" }))], 5),
    ]
}

/// Every unit of every layer of `model`, a few places of each map, with the name of its layer.
fn units(model: &Model) -> Vec<(String, usize, usize, usize)> {
    let mut units = Vec::new();
    for layer in model.summary().layers {
        let [height, width, channels] = match layer.output_shape[..] {
            [height, width, channels] => [height, width, channels],
            [length] => [1, 1, length],
            _ => unreachable!(),
        };
        for unit in 0..channels {
            for (row, column) in [(0, 0), (height / 2, width / 2), (height - 1, 0), (height - 1, width - 1)] {
                units.push((layer.name.clone(), unit, row, column));
            }
        }
    }
    units
}

fn close(a: f32, b: f32, what: &str) {
    assert!((a - b).abs() <= 1e-5 * (1.0 + b.abs()), "{what}: {a} is not {b}");
}

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
            }
            let field = found.regions.last().unwrap().field;
            if let Some(seen) = layer.receptive_field {
                let start = |axis: usize, at: usize| (at * seen.jump[axis]) as isize + seen.start[axis];
                assert_eq!([field.row, field.column], [start(0, row), start(1, column)], "{what}");
                assert_eq!([field.height, field.width], seen.size, "{what}");
            }
            let place = |name: &str| layer.weights.iter().find(|weight| weight.name == name).unwrap().first;
            let Some(kernel) = &layer.kernel else {
                assert!(!layer.weights.iter().any(|weight| weight.role == "kernel"), "{what}");
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
                _ => (1, 1),
            };
            let source = planes_of(&found.source);
            let area = found.window.height * found.window.width;
            assert_eq!(found.patches.len(), area * found.channels.len(), "{what}");
            assert_eq!(found.inside.len(), area, "{what}");
            for (index, &patch) in found.patches.iter().enumerate() {
                let (number, cell) = (index / area, index % area);
                let y = found.window.row + (cell / found.window.width) as isize;
                let x = found.window.column + (cell % found.window.width) as isize;
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
                Operation::Copy => close(found.sum, found.patches[0], &what),
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
    let mut stack = model(
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
    let x = values(&mut Random::new(1, 1), 13 * 12);
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
        let width = if let [_, width, _] = all[number].output_shape[..] { width } else { 1 };
        let height = if let [height, _, _] = all[number].output_shape[..] { height } else { 1 };
        let offset = (unit * height + row) * width + column;
        let (mut rows, mut columns) = ([usize::MAX, 0], [usize::MAX, 0]);
        for (pixel, outputs_of) in changed.iter().enumerate() {
            if (outputs_of[number][offset] - outputs[number][offset]).abs() > 1e-6 {
                rows = [rows[0].min(pixel / 12), rows[1].max(pixel / 12 + 1)];
                columns = [columns[0].min(pixel % 12), columns[1].max(pixel % 12 + 1)];
            }
        }
        let place = UnitPlace { layer: &layer, unit, row, column };
        let found = stack.explain_unit(&x, place).unwrap();
        let names: Vec<_> = found.regions.iter().map(|region| region.layer.as_str()).collect();
        let mut expected: Vec<_> = all[..=number].iter().rev().map(|layer| layer.name.as_str()).collect();
        expected.push("input");
        assert_eq!(names, expected);
        let input = found.regions.last().unwrap();
        assert_eq!((input.rows, input.columns), (rows, columns), "{layer} {unit} {row} {column}");
        assert_eq!(found.regions[0].rows, [row, row + 1]);
    }
}

/// The output of a unit, before a softmax.
fn value_of(model: &mut Model, x: &[f32], place: UnitPlace<'_>) -> f32 {
    let unit = model.explain_unit(x, place).unwrap();
    if unit.activation == "softmax" { unit.preactivation } else { unit.output }
}

#[test]
fn the_gradient_is_that_of_finite_differences() {
    for mut model in networks() {
        let shape = model.input_shape();
        let mut random = Random::new(3, 0);
        let x = values(&mut random, shape.len());
        let along = values(&mut random, shape.len());
        for (layer, unit, row, column) in units(&model) {
            let place = UnitPlace { layer: &layer, unit, row, column };
            let found = model.project(&x, &layer, unit, Some([row, column]), ReluRule::Gradient).unwrap();
            assert_eq!((found.row, found.column), (row, column));
            close(found.value, value_of(&mut model, &x, place), &layer);
            let step = 1e-3;
            let moved = |step: f32| -> Vec<f32> { x.iter().zip(&along).map(|(x, a)| x + step * a).collect() };
            let ahead = value_of(&mut model, &moved(step), place);
            let behind = value_of(&mut model, &moved(-step), place);
            let mut predicted = 0.0;
            let mut size = 0.0;
            for (index, along) in along.iter().enumerate() {
                let plane = index % shape.channels() * shape.positions() + index / shape.channels();
                predicted += found.image[plane] * along;
                size += found.image[plane].abs();
            }
            let measured = (ahead - behind) / (2.0 * step);
            assert!(
                (measured - predicted).abs() < 0.02 * size + 5e-3,
                "{layer} {unit} {row} {column}: {measured} measured, {predicted} predicted"
            );
        }
    }
}

#[test]
fn without_a_place_the_strongest_is_taken() {
    let mut model = networks().swap_remove(1);
    let x = values(&mut Random::new(5, 0), model.input_shape().len());
    let layer = "re_lu";
    let maps = model.feature_maps(&x, layer).unwrap();
    let positions = maps.shape[0] * maps.shape[1];
    for (unit, plane) in maps.planes.chunks(positions).enumerate() {
        let found = model.project(&x, layer, unit, None, ReluRule::Deconvnet).unwrap();
        let largest = plane.iter().copied().fold(f32::MIN, f32::max);
        assert_eq!(found.value, largest);
        assert_eq!(plane[found.row * maps.shape[1] + found.column], largest);
    }
}

fn dataset(shape: [usize; 3], count: usize, seed: u64) -> Dataset {
    let mut random = Random::new(seed, 0);
    let pixels = (0..count * shape.iter().product::<usize>()).map(|_| random.below(256) as u8).collect();
    Dataset::new(pixels, vec![0; count], shape).unwrap()
}

#[test]
fn the_strongest_places_are_those_of_all_maps() {
    let mut model = networks().swap_remove(0);
    let data = dataset([9, 8, 4], 40, 11);
    let order: Vec<u32> = (0..40).rev().collect();
    let ranking = model.strongest_patches(&data, &order, &[]).unwrap();
    let names: Vec<_> = ranking.layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["conv2d", "batch_normalization"]);
    assert_eq!(ranking.layers[1].first, ranking.layers[0].units);

    let mut portion = Vec::new();
    for indices in order.chunks(7) {
        portion = model.strongest_patches(&data, indices, &portion).unwrap().ranking;
    }
    assert_eq!(portion, ranking.ranking);
    // The same examples again change nothing.
    assert_eq!(model.strongest_patches(&data, &order, &portion).unwrap().ranking, portion);

    for layer in &ranking.layers {
        for unit in 0..layer.units {
            let mut expected = Vec::new();
            for &index in &order {
                let maps = model.feature_maps(&data.example(index as usize), &layer.name).unwrap();
                let positions = maps.shape[0] * maps.shape[1];
                let plane = &maps.planes[unit * positions..][..positions];
                expected.push(plane.iter().copied().fold(f32::MIN, f32::max));
            }
            expected.sort_by(|a, b| b.total_cmp(a));
            let own = &ranking.ranking[(layer.first + unit) * PLACES * 4..][..PLACES * 4];
            for (place, &value) in own.chunks(4).zip(&expected) {
                close(place[0], value, &layer.name);
                let maps = model.feature_maps(&data.example(place[1] as usize), &layer.name).unwrap();
                let [height, width, _] = maps.shape;
                let at = (unit * height + place[2] as usize) * width + place[3] as usize;
                close(maps.planes[at], place[0], &layer.name);
            }
        }
    }
    // What two workers found, each over its half, is what one would have found.
    let [one, other] =
        [0, 20].map(|start| model.strongest_patches(&data, &order[start..start + 20], &[]).unwrap().ranking);
    assert_eq!(merge_rankings(&one, &other).unwrap(), ranking.ranking);
    assert_eq!(merge_rankings(&one, &one).unwrap(), one);
    assert_eq!(merge_rankings(&one, &other[1..]).unwrap_err().code(), "shape");
    assert_eq!(merge_rankings(&[0.0; 35], &[0.0; 35]).unwrap_err().code(), "shape");

    let few = model.strongest_patches(&data, &[3], &[]).unwrap();
    assert_eq!(few.ranking[4..8], [f32::NEG_INFINITY, -1.0, -1.0, -1.0]);
}

#[test]
fn hidden_squares_change_what_the_network_says() {
    let mut model = networks().swap_remove(1);
    let x = values(&mut Random::new(8, 0), 110);
    for (size, stride, value) in [(1, 1, 0.0), (3, 1, 0.0), (3, 2, 0.5), (5, 4, 1.0), (31, 3, 0.0)] {
        let found = model.occlude(&x, size, stride, value).unwrap();
        assert_eq!([found.rows, found.columns], [10_usize.div_ceil(stride), 11_usize.div_ceil(stride)]);
        for place in 0..found.rows * found.columns {
            let (y, x_) = (place / found.columns * stride, place % found.columns * stride);
            let hidden: Vec<f32> = (0..110)
                .map(|pixel| {
                    let near = (pixel / 11_usize).abs_diff(y) <= size / 2
                        && (pixel % 11_usize).abs_diff(x_) <= size / 2;
                    if near { value } else { x[pixel] }
                })
                .collect();
            let expected = model.predict(&hidden).unwrap();
            for (&got, &expected) in found.probabilities[place * 4..].iter().zip(&expected) {
                close(got, expected, "occlusion");
            }
        }
    }
}

#[test]
fn a_class_activation_map_sums_to_the_logit() {
    let mut model = networks().swap_remove(1);
    let x = values(&mut Random::new(4, 0), 110);
    for unit in 0..4 {
        let found = model.class_activation(&x, unit).unwrap();
        let logit = model.feature_maps(&x, "dense").unwrap().planes[unit];
        let mean = found.map.iter().sum::<f32>() / (found.height * found.width) as f32;
        close(mean + found.bias, logit, "class activation");
    }
    assert_eq!(model.class_activation(&x, 4).unwrap_err().code(), "value");
    for number in [0, 2, 3, 4] {
        let mut other = networks().swap_remove(number);
        let x = values(&mut Random::new(4, 0), other.input_shape().len());
        let error = other.class_activation(&x, 0).unwrap_err();
        assert!(error.code() == "value" && error.to_string().contains("GlobalAveragePooling2D"), "{error}");
    }
}

#[test]
fn the_effective_field_is_the_mean_of_gradients() {
    let mut model = networks().swap_remove(0);
    let data = dataset([9, 8, 4], 45, 2);
    let place = UnitPlace { layer: "max_pooling2d", unit: 3, row: 1, column: 2 };
    let indices: Vec<u32> = (0..45).collect();
    let field = model.effective_receptive_field(&data, &indices, place).unwrap();
    let mut expected = vec![0.0; 72];
    for index in 0..45 {
        let found = model
            .project(&data.example(index), "max_pooling2d", 3, Some([1, 2]), ReluRule::Gradient)
            .unwrap();
        for (index, value) in found.image.iter().enumerate() {
            expected[index % 72] += value.abs() / 45.0;
        }
    }
    for (&got, &expected) in field.iter().zip(&expected) {
        close(got, expected, "effective receptive field");
    }
}

#[test]
fn an_image_made_for_a_unit_raises_it() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/models/convnet.safetensors");
    let mut model = Model::from_safetensors(&std::fs::read(file).unwrap()).unwrap();
    // Behind the last the noise shuts every ReLU of some.
    let layers = ["conv2d", "conv2d_1", "max_pooling2d_1", "conv2d_4", "dense"];
    for (layer, unit) in layers.into_iter().flat_map(|layer| (0..4).map(move |unit| (layer, unit))) {
        let maps = model.feature_maps(&vec![0.0; 784], layer).unwrap();
        let place = UnitPlace { layer, unit, row: maps.shape[0] / 2, column: maps.shape[1] / 2 };
        let found = model.maximize(place, 64, 3).unwrap();
        assert!(found.image.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
        assert!(
            found.after > found.before + 2.0 * found.before.abs(),
            "{layer} {unit}: from {} to {}",
            found.before,
            found.after
        );
        close(model.explain_unit(&found.image, place).unwrap().preactivation, found.after, layer);
        let again = model.maximize(place, 64, 3).unwrap();
        assert_eq!(again.image, found.image);
        assert_ne!(model.maximize(place, 64, 4).unwrap().image, found.image);
    }
}

#[test]
fn features_are_the_layers_outputs() {
    let mut model = networks().swap_remove(0);
    let data = dataset([9, 8, 4], 50, 6);
    let x: Vec<f32> = (0..50).flat_map(|index| data.example(index)).collect();
    let indices: Vec<u32> = (0..50).collect();
    for layer in model.summary().layers {
        let features = model.features(&x, &layer.name).unwrap();
        assert_eq!(model.features_on(&data, &indices, &layer.name).unwrap(), features);
        let maps = model.feature_maps(&data.example(49), &layer.name).unwrap();
        let [height, width, channels] = maps.shape;
        let own = &features[49 * maps.planes.len()..];
        for (index, &value) in own.iter().enumerate() {
            let plane = index % channels * height * width + index / channels;
            close(value, maps.planes[plane], &layer.name);
        }
    }
}

#[test]
fn components_are_those_of_a_known_matrix() {
    // Rows that spread by 5, 2 and 0.5 along known directions at right angles, about a known mean.
    let directions = [[2.0, 2.0, 1.0, 0.0], [-2.0, 1.0, 2.0, 0.0], [0.0, 0.0, 0.0, 3.0]];
    let mut random = Random::new(1, 0);
    let mut rows = Vec::new();
    for _ in 0..400 {
        let places = [5.0, 2.0, 0.5].map(|spread| spread * random.normal());
        for axis in 0..4 {
            let mut value = 10.0 * axis as f32;
            for (direction, place) in directions.iter().zip(places) {
                value += direction[axis] / 3.0 * place;
            }
            rows.push(value);
        }
    }
    let found = principal_components(&rows, 4, 3, &[]).unwrap();
    for (number, direction) in directions.iter().enumerate() {
        for (axis, component) in direction.iter().enumerate() {
            // Samples of 400 don't lie exactly along the directions.
            let got = found.directions[number * 4 + axis].abs();
            assert!((got - f32::abs(component / 3.0)).abs() < 0.1, "{:?}", found.directions);
        }
        let own = &found.directions[number * 4..][..4];
        let largest = own.iter().copied().fold(0.0, |a: f32, b| if b.abs() > a.abs() { b } else { a });
        assert!(largest > 0.0);
        close(own.iter().map(|value| value * value).sum(), 1.0, "length");
    }
    // The covariance matrix times a direction is the variance times it.
    let covariance = |a: usize, b: usize| -> f64 {
        let centred = |row: &[f32], axis: usize| f64::from(row[axis]) - f64::from(found.mean[axis]);
        rows.chunks(4).map(|row| centred(row, a) * centred(row, b)).sum::<f64>() / 399.0
    };
    for (direction, &variance) in found.directions.chunks(4).zip(&found.variances) {
        for axis in 0..4 {
            let product: f64 =
                (0..4).map(|other| covariance(axis, other) * f64::from(direction[other])).sum();
            assert!((product - f64::from(variance * direction[axis])).abs() < 1e-3 * f64::from(found.total));
        }
    }
    close(found.total, (0..4).map(|axis| covariance(axis, axis)).sum::<f64>() as f32, "total");
    assert_eq!(coordinates(&rows, &found.mean, &found.directions).unwrap(), found.coordinates);

    // From directions the other way round the signs stay.
    let turned: Vec<f32> = found.directions.iter().map(|value| -value).collect();
    let again = principal_components(&rows, 4, 3, &turned).unwrap();
    for (a, b) in again.directions.iter().zip(&turned) {
        assert!((a - b).abs() < 1e-3);
    }
}

#[test]
fn rows_without_variance_still_have_directions() {
    for (rows, width) in [(vec![1.0; 12], 4), (vec![3.0, 1.0], 2), (vec![1.0, 1.0, 2.0, 2.0, 5.0, 5.0], 2)] {
        let found = principal_components(&rows, width, 2, &[]).unwrap();
        let dot: f32 = (0..width).map(|axis| found.directions[axis] * found.directions[width + axis]).sum();
        assert!(dot.abs() < 1e-5 && found.directions.iter().all(|value| value.is_finite()), "{found:?}");
        assert!(found.variances[1].abs() < 1e-6);
    }
    let huge = [f32::MAX, -f32::MAX, -f32::MAX, f32::MAX];
    assert!(principal_components(&huge, 2, 2, &[]).unwrap().directions.iter().all(|value| value.is_finite()));
}

#[test]
fn the_nearest_rows_come_in_order() {
    let mut random = Random::new(2, 0);
    let rows = values(&mut random, 300 * 5);
    let row = values(&mut random, 5);
    let mut expected: Vec<(f64, u32)> = rows
        .chunks(5)
        .zip(0..)
        .map(|(other, index)| (other.iter().zip(&row).map(|(a, b)| f64::from(a - b).powi(2)).sum(), index))
        .collect();
    expected.sort_by(|a, b| a.0.total_cmp(&b.0));
    for count in [1, 7, 256] {
        let (indices, distances) = nearest_rows(&rows, &row, count).unwrap();
        let wanted: Vec<u32> = expected.iter().take(count).map(|&(_, index)| index).collect();
        assert_eq!(indices, wanted);
        close(distances[count - 1], expected[count - 1].0.sqrt() as f32, "distance");
    }
    assert_eq!(nearest_rows(&rows[..10], &row, 9).unwrap().0.len(), 2);
}

fn refused<T>(code: &str, words: &str, answer: convscope_core::Result<T>) {
    let error = answer.err().expect(words);
    assert!(error.to_string().contains(words) && error.code() == code, "{error:?} lacks {code}: '{words}'");
}

#[test]
fn bad_arguments_are_refused_in_words() {
    let mut network = networks().swap_remove(0);
    let x = vec![0.5; 288];
    let place = |layer, unit, row, column| UnitPlace { layer, unit, row, column };
    refused("value", "conv2d", network.explain_unit(&x, place("conv2d_7", 0, 0, 0)));
    refused("value", "unit: 'conv2d' has 0 to 5, got 6", network.explain_unit(&x, place("conv2d", 6, 0, 0)));
    refused("value", "row: 'conv2d' has 0 to 4", network.explain_unit(&x, place("conv2d", 0, 5, 0)));
    refused(
        "value",
        "column: 'dense' has 0 to 0",
        network.explain_unit(&x, place("dense", 0, 0, usize::MAX)),
    );
    refused(
        "shape",
        "one example",
        network.explain_unit(&[x.clone(), x.clone()].concat(), place("dense", 0, 0, 0)),
    );
    refused("value", "finite", network.explain_unit(&[f32::NAN; 288], place("dense", 0, 0, 0)));
    refused("value", "unit", network.project(&x, "dense", 5, None, ReluRule::Guided));
    refused("value", "deconvnet", ReluRule::named("relu"));
    refused("value", "size: an odd number", network.occlude(&x, 2, 1, 0.0));
    refused("shape", "1 to 65536", network.occlude(&x, usize::MAX, 1, 0.0));
    refused("shape", "1 to 65536", network.occlude(&x, 1, 0, 0.0));
    refused("value", "finite", network.occlude(&x, 1, 1, f32::NAN));
    refused("limit", "steps", network.maximize(place("dense", 0, 0, 0), MAX_ASCENT_STEPS + 1, 0));
    refused("value", "unit", network.maximize(place("dense", 9, 0, 0), 1, 0));
    let data = dataset([9, 8, 4], 3, 0);
    refused("value", "got 3", network.strongest_patches(&data, &[3], &[]));
    refused("shape", "none", network.strongest_patches(&data, &[], &[]));
    refused("shape", "before", network.strongest_patches(&data, &[0], &[0.0; 4]));
    refused(
        "shape",
        "needs images",
        network.effective_receptive_field(&dataset([9, 8, 1], 1, 0), &[0], place("dense", 0, 0, 0)),
    );
    refused("value", "nothing", network.features(&x, "nothing"));
    refused("shape", "examples", network.features(&x[1..], "dense"));

    let mut vectors = networks().swap_remove(3);
    refused("shape", "image", vectors.occlude(&[0.0; 6], 1, 1, 0.0));
    let mut flat = model(&[9, 8, 4], &[("Flatten", json!({})), ("Dense", json!({ "units": 2 }))], 0);
    refused("value", "Conv2D", flat.strongest_patches(&data, &[0], &[]));

    refused("shape", "whole rows", principal_components(&[1.0; 5], 2, 1, &[]));
    refused("shape", "whole rows", principal_components(&[], 0, 1, &[]));
    refused("value", "count", principal_components(&[1.0; 6], 2, 3, &[]));
    refused("value", "count", principal_components(&[1.0; 6], 2, 0, &[]));
    refused("shape", "before", principal_components(&[1.0; 6], 2, 1, &[1.0]));
    refused("value", "finite", principal_components(&[f32::INFINITY; 6], 2, 1, &[]));
    refused("shape", "whole rows", coordinates(&[1.0; 6], &[0.0; 2], &[]));
    refused("value", "count", nearest_rows(&[1.0; 6], &[0.0; 2], 0));
    refused("value", "count", nearest_rows(&[1.0; 6], &[0.0; 2], 257));
    refused("shape", "whole rows", nearest_rows(&[1.0; 6], &[], 1));
}

#[test]
fn a_window_beyond_what_can_be_shown_is_refused() {
    let mut model = model(
        &[3, 3, 1],
        &[("MaxPooling2D", json!({ "pool_size": 60_000, "strides": 1, "padding": "same" }))],
        0,
    );
    refused(
        "limit",
        "cells",
        model.explain_unit(&[0.5; 9], UnitPlace { layer: "max_pooling2d", unit: 0, row: 0, column: 0 }),
    );
}
