//! What is explained here: networks that hold every kind of layer between them, and their units.

use convscope_core::random::Random;
use convscope_core::{Dataset, Model};
use serde_json::{Value, json};

pub(crate) fn model(input: &[usize], layers: &[(&str, Value)], seed: u64) -> Model {
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

pub(crate) fn values(random: &mut Random, len: usize) -> Vec<f32> {
    (0..len).map(|_| random.uniform(0.0, 1.0)).collect()
}

/// Networks that hold every kind of layer between them.
pub(crate) fn networks() -> Vec<Model> {
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
        model(
            &[9, 8, 3],
            &[
                ("Rescaling", json!({ "scale": [0.5, 2, 1], "offset": [0, 0, 0.25] })),
                ("Normalization", json!({})),
                ("ZeroPadding2D", json!({ "padding": [[1, 2], [0, 1]] })),
                conv(4, [3, 2], json!({ "dilation_rate": [2, 3], "groups": 1, "activation": "relu" })),
                ("DepthwiseConv2D", json!({ "kernel_size": 3, "dilation_rate": 2, "padding": "same" })),
                (
                    "SeparableConv2D",
                    json!({
                        "filters": 3, "kernel_size": [3, 2], "strides": 2, "padding": "same", "depth_multiplier": 2,
                        "activation": "tanh",
                    }),
                ),
                ("UpSampling2D", json!({ "size": [2, 3] })),
                ("Cropping2D", json!({ "cropping": [[1, 0], [0, 2]] })),
                ("GlobalMaxPooling2D", json!({})),
                ("Dense", json!({ "units": 5 })),
            ],
            6,
        ),
        model(
            &[12],
            &[
                ("Reshape", json!({ "target_shape": [3, -1, 2] })),
                (
                    "Conv2DTranspose",
                    json!({ "filters": 3, "kernel_size": [3, 2], "strides": 2, "padding": "same" }),
                ),
                ("Conv2DTranspose", json!({ "filters": 2, "kernel_size": [2, 3], "strides": [3, 1] })),
                ("ReLU", json!({})),
                ("UpSampling2D", json!({ "size": 2, "interpolation": "bilinear" })),
                ("Permute", json!({ "dims": [3, 1, 2] })),
                ("Reshape", json!({ "target_shape": [-1] })),
                ("Dense", json!({ "units": 2 })),
            ],
            7,
        ),
        model(
            &[14, 4],
            &[
                (
                    "Conv1D",
                    json!({
                        "filters": 6, "kernel_size": 3, "groups": 2, "padding": "causal", "dilation_rate": 2,
                        "activation": "relu",
                    }),
                ),
                ("MaxPooling1D", json!({})),
                ("Normalization", json!({ "axis": [2] })),
                ("AveragePooling1D", json!({ "pool_size": 3, "strides": 2, "padding": "same" })),
                ("Conv1D", json!({ "filters": 3, "kernel_size": 2, "strides": 2 })),
                ("GlobalMaxPooling1D", json!({ "keepdims": true })),
                ("Flatten", json!({})),
                ("Dense", json!({ "units": 2 })),
            ],
            8,
        ),
    ]
}

/// Every unit of every layer of `model`, a few places of each map, with the name of its layer.
pub(crate) fn units(model: &Model) -> Vec<(String, usize, usize, usize)> {
    let mut units = Vec::new();
    for layer in model.summary().layers {
        let [height, width, channels] = match layer.output_shape[..] {
            [height, width, channels] => [height, width, channels],
            [steps, channels] => [1, steps, channels],
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

pub(crate) fn close(a: f32, b: f32, what: &str) {
    assert!((a - b).abs() <= 1e-5 * (1.0 + b.abs()), "{what}: {a} is not {b}");
}

pub(crate) fn dataset(shape: [usize; 3], count: usize, seed: u64) -> Dataset {
    let mut random = Random::new(seed, 0);
    let pixels = (0..count * shape.iter().product::<usize>()).map(|_| random.below(256) as u8).collect();
    Dataset::new(pixels, vec![0; count], shape).unwrap()
}
