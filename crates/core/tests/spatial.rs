//! Layers that reshape, slide and scale: the forms of their arguments, what is refused in which words, and inputs of two
//! axes.

#![allow(clippy::disallowed_macros, clippy::disallowed_methods, reason = "tests are not downloaded")]

use convscope_core::random::Random;
use convscope_core::{Dataset, Model, Result, Variation, varied};
use serde_json::{Value, json};

fn described(input: &[usize], layers: &[(&str, Value)]) -> Result<Model> {
    let mut shape = vec![Value::Null];
    shape.extend(input.iter().map(|&size| Value::from(size)));
    let mut all = vec![json!({ "class_name": "InputLayer", "config": { "batch_shape": shape } })];
    let layers = layers.iter().map(|(name, config)| json!({ "class_name": name, "config": config }));
    all.extend(layers);
    let description = json!({ "class_name": "Sequential", "config": { "layers": all } });
    Model::from_json(&description.to_string(), 1)
}

fn shape_of(input: &[usize], class_name: &str, config: Value) -> Vec<usize> {
    described(input, &[(class_name, config)]).unwrap().summary().layers[0].output_shape.clone()
}

#[test]
fn every_form_of_an_argument_is_read() {
    for (padding, shape) in [
        (json!({}), [6, 5, 2]),
        (json!({ "padding": 2 }), [8, 7, 2]),
        (json!({ "padding": [0, 2] }), [4, 7, 2]),
        (json!({ "padding": [[1, 2], [0, 3]] }), [7, 6, 2]),
    ] {
        assert_eq!(shape_of(&[4, 3, 2], "ZeroPadding2D", padding), shape);
    }
    for (cropping, shape) in [
        (json!({}), [6, 5, 2]),
        (json!({ "cropping": 1 }), [4, 3, 2]),
        (json!({ "cropping": [2, 1] }), [2, 3, 2]),
        (json!({ "cropping": [[1, 2], [0, 3]] }), [3, 2, 2]),
    ] {
        assert_eq!(shape_of(&[6, 5, 2], "Cropping2D", cropping), shape);
    }
    for size in [json!(2), json!([2, 2])] {
        assert_eq!(shape_of(&[4, 3, 2], "UpSampling2D", json!({ "size": size })), [8, 6, 2]);
    }
    for kernel_size in [json!(3), json!([3])] {
        let config = json!({ "filters": 5, "kernel_size": kernel_size, "dilation_rate": [2] });
        assert_eq!(shape_of(&[9, 2], "Conv1D", config), [5, 5]);
    }
    assert_eq!(shape_of(&[9, 2], "MaxPooling1D", json!({ "pool_size": [3], "strides": null })), [3, 2]);
    for axis in [json!(-1), json!([-1]), json!(3), json!([3])] {
        let model = described(&[4, 3, 2], &[("Normalization", json!({ "axis": axis }))]).unwrap();
        assert_eq!(model.weights("normalization/mean").unwrap().shape, [2]);
        assert_eq!(model.weights("normalization/count").unwrap().values, [0.0]);
        assert_eq!(model.summary().trainable_params, 0);
    }
}

#[test]
fn what_is_refused_is_said_in_words() {
    let image = &[8, 8, 4][..];
    for (input, class_name, config, words) in [
        (
            &[8, 4][..],
            "Conv2D",
            json!({ "filters": 1, "kernel_size": 3 }),
            "needs an image (height, width, channels), got (8, 4)",
        ),
        (
            image,
            "Conv1D",
            json!({ "filters": 1, "kernel_size": 3 }),
            "Conv1D needs a sequence (steps, channels), got (8, 8, 4)",
        ),
        (image, "MaxPooling1D", json!({}), "MaxPooling1D needs a sequence (steps, channels), got (8, 8, 4)"),
        (
            &[4][..],
            "UpSampling2D",
            json!({}),
            "UpSampling2D needs an image (height, width, channels), got (4,)",
        ),
        (
            image,
            "UpSampling2D",
            json!({ "interpolation": "bicubic" }),
            "interpolation: expected 'nearest' or 'bilinear', got \"bicubic\"",
        ),
        (
            image,
            "Conv2D",
            json!({ "filters": 1, "kernel_size": 5, "dilation_rate": 2 }),
            "a window of 9 with padding 'valid' needs at least 9 cells, got 8",
        ),
        (
            image,
            "Conv2D",
            json!({ "filters": 1, "kernel_size": 3, "dilation_rate": 2, "strides": 2 }),
            "dilation_rate: 1 where strides are above 1, got [2, 2] with strides [2, 2]",
        ),
        (
            image,
            "Conv2DTranspose",
            json!({ "filters": 1, "kernel_size": 3, "dilation_rate": 2 }),
            "dilation_rate: only [1,1] is supported, got 2",
        ),
        (
            image,
            "Conv2DTranspose",
            json!({ "filters": 1, "kernel_size": 3, "output_padding": 1 }),
            "output_padding: Conv2DTranspose has it in Keras but not here, expected null or false, got 1",
        ),
        (image, "Rescaling", json!({}), "scale: missing"),
        (
            image,
            "Rescaling",
            json!({ "scale": [1, 2] }),
            "scale: expected 1 number or one for each of the 4 channels, got 2",
        ),
        (
            image,
            "Normalization",
            json!({ "mean": 1 }),
            "mean and variance: expected both or none of them, got one",
        ),
        (
            image,
            "Normalization",
            json!({ "mean": 1, "variance": -1 }),
            "variance: expected none below 0, got -1",
        ),
        (
            image,
            "Normalization",
            json!({ "axis": 1 }),
            "axis: only the last axis (3 or -1) or null is supported, got 1",
        ),
        (
            image,
            "ZeroPadding2D",
            json!({ "padding": [1, 2, 3] }),
            "padding: expected a whole number from 0 up, two of them, or two pairs ((top, bottom), (left, right)), got [1,2,3]",
        ),
        (image, "ZeroPadding2D", json!({ "padding": -1 }), "got -1"),
        (image, "Cropping2D", json!({ "cropping": 4 }), "4 + 4 of 8 cells are cut off: none is left"),
        (
            image,
            "Reshape",
            json!({ "target_shape": [5, -1] }),
            "target_shape: (8, 8, 4) has 256 values, which do not fill the shape (5, -1)",
        ),
        (image, "Reshape", json!({ "target_shape": [2, 2, 2, 32] }), "a tensor has 1 to 3 axes, got 4"),
        (
            image,
            "Permute",
            json!({ "dims": [1, 2] }),
            "dims: (8, 8, 4) has the axes 1 to 3, each of which must be named once",
        ),
        (image, "Permute", json!({ "dims": [0, 1, 2] }), "dims: axes are counted from 1"),
        (
            &[8, 4][..],
            "Conv1D",
            json!({ "filters": 1, "kernel_size": 3, "padding": "full" }),
            "padding: expected 'valid' or 'same'",
        ),
        (
            image,
            "SeparableConv2D",
            json!({ "filters": 1, "kernel_size": 3, "pointwise_constraint": "max_norm" }),
            "pointwise_constraint",
        ),
        (image, "LSTM", json!({}), "class_name: LSTM is no layer that is supported; README.md lists"),
        (image, "Conv3D", json!({}), "did you mean Conv1D?"),
    ] {
        let error = described(input, &[(class_name, config)])
            .err()
            .unwrap_or_else(|| panic!("{class_name}: {words}"));
        assert!(error.to_string().contains(words), "{error}\nshould say: {words}");
    }
}

#[test]
fn sizes_beyond_all_bounds_are_refused_before_anything_is_taken() {
    let huge = u64::MAX;
    let image = &[200, 200, 200][..];
    for (input, class_name, config) in [
        (image, "UpSampling2D", json!({ "size": huge })),
        (image, "UpSampling2D", json!({ "size": 300, "interpolation": "bilinear" })),
        (image, "ZeroPadding2D", json!({ "padding": huge })),
        (image, "ZeroPadding2D", json!({ "padding": 30000 })),
        (image, "Cropping2D", json!({ "cropping": huge })),
        (image, "Reshape", json!({ "target_shape": [huge / 2, -1] })),
        (image, "Reshape", json!({ "target_shape": [8_000_000] })),
        (image, "Conv2D", json!({ "filters": 1, "kernel_size": 3, "dilation_rate": huge })),
        (
            image,
            "Conv2D",
            json!({ "filters": 1, "kernel_size": 3, "dilation_rate": 40000, "padding": "same" }),
        ),
        (image, "Conv2DTranspose", json!({ "filters": huge, "kernel_size": 3 })),
        (image, "Conv2DTranspose", json!({ "filters": 60000, "kernel_size": 1, "strides": 300 })),
        (image, "Conv2DTranspose", json!({ "filters": 1, "kernel_size": 3, "strides": huge })),
        (image, "SeparableConv2D", json!({ "filters": 1, "kernel_size": 3, "depth_multiplier": huge })),
        (
            image,
            "SeparableConv2D",
            json!({ "filters": 1, "kernel_size": 1, "depth_multiplier": 300, "padding": "same" }),
        ),
        (
            &[60000, 60000][..],
            "Conv1D",
            json!({ "filters": 60000, "kernel_size": 60000, "padding": "causal" }),
        ),
        (&[60000, 60000][..], "Rescaling", json!({ "scale": 1 })),
    ] {
        let error = described(input, &[(class_name, config.clone())])
            .err()
            .unwrap_or_else(|| panic!("{class_name} {config} is accepted"));
        assert!(matches!(error.code(), "limit" | "shape" | "config"), "{error}");
        assert!(error.to_string().len() < 300, "{error}");
    }
}

/// TensorFlow's first tutorial: pictures without an axis of channels, and scores without a softmax.
#[test]
fn pictures_of_two_axes_are_pictures() {
    let layers = [
        ("Rescaling", json!({ "scale": 2 })),
        ("Flatten", json!({})),
        ("Dense", json!({ "units": 16, "activation": "relu" })),
        ("Dropout", json!({ "rate": 0.2 })),
        ("Dense", json!({ "units": 3 })),
    ];
    let mut model = described(&[6, 5], &layers).unwrap();
    let summary = model.summary();
    assert_eq!(summary.input_shape, [6, 5, 1]);
    let kernel = summary.layers[2].kernel.as_ref().unwrap();
    assert_eq!((kernel.height, kernel.width, kernel.channels), (6, 5, 1));
    assert_eq!(model.to_json().matches("[null,6,5]").count(), 1, "{}", model.to_json());

    let mut random = Random::new(3, 0);
    let pixels = (0..12 * 30).map(|_| random.below(256) as u8).collect();
    let data = Dataset::new(pixels, (0..12).map(|index| index % 3).collect(), [6, 5, 1]).unwrap();
    let loss = json!({ "class_name": "SparseCategoricalCrossentropy", "config": { "from_logits": true } });
    model.compile(&json!({ "optimizer": "adam", "loss": loss }).to_string()).unwrap();
    let indices: Vec<u32> = (0..12).collect();
    let losses: Vec<f32> = (0..60).map(|_| model.train_step_on(&data, &indices).unwrap().loss).collect();
    assert!(losses[59] < 0.7 * losses[0], "from {} to {}", losses[0], losses[59]);
    assert_eq!(model.predict_on(&data, &indices).unwrap().len(), 36);
}

/// What sums with weights of its own has penalties and normalisation put to it; what sums without has not.
#[test]
fn variations_know_the_layers_with_kernels() {
    let layers = [
        ("SeparableConv2D", json!({ "filters": 3, "kernel_size": 3 })),
        ("UpSampling2D", json!({ "interpolation": "bilinear" })),
        ("GlobalMaxPooling2D", json!({})),
        ("Dense", json!({ "units": 2 })),
    ];
    let text = described(&[6, 5, 2], &layers).unwrap().to_json();
    let variation = Variation { l1: 0.0, l2: 0.01, dropout: None, batch_normalization: true };
    let text = varied(&text, variation).unwrap();
    let names: Vec<String> = Model::from_json(&text, 1)
        .unwrap()
        .summary()
        .layers
        .into_iter()
        .map(|layer| layer.class_name)
        .collect();
    assert_eq!(
        names,
        ["SeparableConv2D", "BatchNormalization", "UpSampling2D", "GlobalMaxPooling2D", "Dense"]
    );
    for argument in ["depthwise_regularizer", "pointwise_regularizer", "kernel_regularizer"] {
        assert_eq!(text.matches(&format!("\"{argument}\":{{")).count(), 1, "{argument}: {text}");
    }
}

/// A sequence takes images of one row, and grey ones whose rows are its steps.
#[test]
fn a_dataset_of_images_is_one_of_sequences() {
    let layers = [
        ("Conv1D", json!({ "filters": 4, "kernel_size": 3, "activation": "relu" })),
        ("GlobalMaxPooling1D", json!({})),
        ("Dense", json!({ "units": 2, "activation": "softmax" })),
    ];
    for (shape, fits) in [([1, 8, 5], true), ([8, 5, 1], true), ([8, 1, 5], false), ([5, 8, 1], false)] {
        let mut model = described(&[8, 5], &layers).unwrap();
        model.compile(r#"{"optimizer": "sgd", "loss": "sparse_categorical_crossentropy"}"#).unwrap();
        let data = Dataset::new((0..80).collect(), vec![0, 1], shape).unwrap();
        assert_eq!(model.evaluate_on(&data, &[0, 1]).is_ok(), fits, "{shape:?}");
    }
}
