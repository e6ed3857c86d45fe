//! Layers that act at random in training: what they do there, that a seed decides it, and that they rest otherwise.
#![cfg(feature = "complete")]

use convscope_core::random::Random;
use convscope_core::{Answers, Batch, Model, Replica, Share, Targets};
use serde_json::{Value, json};

fn layer(class_name: &str, config: Value) -> Value {
    json!({ "class_name": class_name, "config": config })
}

fn model(shape: [usize; 3], layers: &[Value]) -> Model {
    let [height, width, channels] = shape;
    let input = layer("InputLayer", json!({ "batch_shape": [null, height, width, channels] }));
    let layers: Vec<&Value> = std::iter::once(&input).chain(layers).collect();
    let description = layer("Sequential", json!({ "layers": layers }));
    Model::from_json(&description.to_string(), 3).unwrap()
}

/// Every layer that acts at random, with arguments that let it act.
fn every_layer() -> Vec<Value> {
    let range = json!([-1.0, 2.0]);
    vec![
        layer("Dropout", json!({ "rate": 0.4 })),
        layer("SpatialDropout2D", json!({ "rate": 0.4 })),
        layer("GaussianNoise", json!({ "stddev": 0.5 })),
        layer("GaussianDropout", json!({ "rate": 0.4 })),
        layer("AlphaDropout", json!({ "rate": 0.4 })),
        layer("RandomFlip", json!({})),
        layer("RandomTranslation", json!({ "height_factor": 0.3, "width_factor": 0.4 })),
        layer("RandomRotation", json!({ "factor": 0.2, "fill_mode": "wrap" })),
        layer("RandomZoom", json!({ "height_factor": 0.3, "fill_mode": "constant", "fill_value": 0.5 })),
        layer("RandomContrast", json!({ "factor": [0.5, 0.5], "value_range": range })),
        layer("RandomBrightness", json!({ "factor": 0.3, "value_range": range })),
        layer("RandomCrop", json!({ "height": 4, "width": 3 })),
    ]
}

fn values(seed: u64, len: usize) -> Vec<f32> {
    let mut random = Random::new(seed, 0);
    (0..len).map(|_| random.unit()).collect()
}

/// What the layers make of `x` in training.
fn trained(layers: &[Value], shape: [usize; 3], x: &[f32]) -> Vec<f32> {
    let model = model(shape, layers);
    let examples = x.len() / model.input_shape().len();
    model.backward_from(x, &vec![0.0; examples * model.outputs()], true).unwrap().output
}

#[test]
fn outside_of_training_they_hand_on_and_in_training_they_do_not() {
    let shape = [6, 6, 2];
    let x = values(1, 4 * 72);
    for layer in every_layer() {
        let name = layer["class_name"].as_str().unwrap();
        let mut model = model(shape, std::slice::from_ref(&layer));
        let output = model.predict(&x).unwrap();
        if name != "RandomCrop" {
            assert_eq!(output, x, "{name}");
        }
        assert_ne!(trained(std::slice::from_ref(&layer), shape, &x), output, "{name}");
    }
}

#[test]
fn a_crop_is_a_part_in_training_and_the_middle_otherwise() {
    let shape = [5, 7, 1];
    let x: Vec<f32> = (0..70).map(|index| index as f32).collect();
    let crop = [layer("RandomCrop", json!({ "height": 3, "width": 3 }))];
    let parts = trained(&crop, shape, &x);
    let (first, second) = parts.split_at(9);
    let corner = first[0];
    let expected: Vec<f32> = (0..9).map(|cell| corner + (cell / 3 * 7 + cell % 3) as f32).collect();
    assert_eq!(first, expected);
    // In Keras, too, the whole batch has one place.
    assert!(second.iter().zip(first).all(|(second, first)| second - first == 35.0));

    // The largest square in the middle is of 5 rows and columns 1 to 5, of which every 5/3rd is read.
    let middle = model(shape, &crop).predict(&x[..35]).unwrap();
    let place = |cell: usize| (cell as f32 + 0.5) * 5.0 / 3.0 - 0.5;
    for (cell, value) in middle.into_iter().enumerate() {
        let expected = 7.0 * place(cell / 3) + place(cell % 3) + 1.0;
        assert!((value - expected).abs() < 1e-4, "{value}, not {expected}");
    }
    let same = [layer("RandomCrop", json!({ "height": 5, "width": 3 }))];
    let middle = model(shape, &same).predict(&x[..35]).unwrap();
    assert_eq!(middle[..6], [2.0, 3.0, 4.0, 9.0, 10.0, 11.0]);
}

#[test]
fn noise_has_the_mean_and_the_deviation_that_it_is_asked_for() {
    let shape = [40, 40, 5];
    let x = vec![2.0; 8000];
    for (name, config, mean, deviation) in [
        ("GaussianNoise", json!({ "stddev": 0.5 }), 2.0, 0.5),
        ("GaussianDropout", json!({ "rate": 0.2 }), 2.0, 1.0),
        ("Dropout", json!({ "rate": 0.2 }), 2.0, 1.0),
    ] {
        let output = trained(&[layer(name, config)], shape, &x);
        let count = output.len() as f64;
        let found = output.iter().map(|&y| f64::from(y)).sum::<f64>() / count;
        let variance = output.iter().map(|&y| (f64::from(y) - found).powi(2)).sum::<f64>() / count;
        assert!((found - mean).abs() < 0.05, "{name}: mean {found}");
        assert!((variance.sqrt() - deviation).abs() < 0.05, "{name}: deviation {}", variance.sqrt());
    }
}

#[test]
fn alpha_dropout_keeps_mean_and_variance() {
    let mut random = Random::new(4, 4);
    let x: Vec<f32> = (0..32_000).map(|_| random.normal()).collect();
    let output = trained(&[layer("AlphaDropout", json!({ "rate": 0.3 }))], [40, 40, 20], &x);
    let count = output.len() as f64;
    let mean = output.iter().map(|&y| f64::from(y)).sum::<f64>() / count;
    let variance = output.iter().map(|&y| (f64::from(y) - mean).powi(2)).sum::<f64>() / count;
    assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "{mean}, {variance}");
}

#[test]
fn spatial_dropout_drops_whole_channels() {
    let (pixels, channels) = (6, 500);
    let output = trained(
        &[layer("SpatialDropout2D", json!({ "rate": 0.25 }))],
        [2, 3, channels],
        &vec![3.0; pixels * channels],
    );
    let first = &output[..channels];
    assert!(output.chunks(channels).all(|pixel| pixel == first));
    assert!(first.iter().all(|&value| value == 0.0 || (value - 4.0).abs() < 1e-6));
    let dropped = first.iter().filter(|&&value| value == 0.0).count();
    assert!((90..160).contains(&dropped), "{dropped} of {channels}");
}

#[test]
fn a_flip_mirrors_every_other_image_exactly() {
    let x = values(5, 200 * 12);
    for (mode, row, column) in [("horizontal", false, true), ("vertical", true, false)] {
        let output = trained(&[layer("RandomFlip", json!({ "mode": mode }))], [3, 4, 1], &x);
        let mut flipped = 0;
        for (image, output) in x.chunks(12).zip(output.chunks(12)) {
            let mirrored: Vec<f32> = (0..12)
                .map(|cell| {
                    let (at_row, at_column) = (cell / 4, cell % 4);
                    image[if row { 2 - at_row } else { at_row } * 4
                        + if column { 3 - at_column } else { at_column }]
                })
                .collect();
            assert!(output == image || output == mirrored, "{mode}");
            flipped += usize::from(output == mirrored);
        }
        assert!((70..130).contains(&flipped), "{mode}: {flipped} of 200");
    }
}

/// Three steps in `count` shares, the later ones by replicas of their own.
fn weights_after_steps(layers: &[Value], count: usize) -> Vec<f32> {
    let mut model = model([6, 6, 1], layers);
    model.compile(r#"{"optimizer": "sgd", "loss": "sparse_categorical_crossentropy"}"#).unwrap();
    for step in 0..3 {
        let x = values(step, 64 * 36);
        let labels: Vec<u16> = (0..64).map(|index| index % 3).collect();
        let batch = Batch::Arrays { x: &x, y: Targets::Labels(&labels) };
        let replicas: Vec<Replica> = (1..count)
            .map(|number| {
                let mut replica = Replica::new(&model).unwrap();
                let (share, examples) = Share::new(&model, batch, number, count).unwrap();
                share.compute(&model, &mut replica, examples).unwrap();
                replica
            })
            .collect();
        let mut step = model.step().unwrap();
        step.begin(batch, count).unwrap();
        for (number, replica) in replicas.iter().enumerate() {
            step.add(number + 1, |sum| sum.clone_from(replica.sum())).unwrap();
        }
        step.take();
    }
    model.flat_weights().to_vec()
}

#[test]
fn the_same_seed_gives_the_same_bits_however_a_batch_is_shared_out() {
    for random in every_layer() {
        let name = random["class_name"].as_str().unwrap().to_owned();
        let layers = [
            random,
            layer("Conv2D", json!({ "filters": 3, "kernel_size": 2, "activation": "gelu" })),
            layer("LayerNormalization", json!({})),
            layer("Flatten", json!({})),
            layer("Dense", json!({ "units": 3, "activation": "softmax" })),
        ];
        let whole = weights_after_steps(&layers, 1);
        assert!(whole.iter().all(|weight| weight.is_finite()), "{name}");
        for count in [1, 2, 4] {
            assert_eq!(weights_after_steps(&layers, count), whole, "{name} in {count} shares");
        }
    }
}

#[test]
fn what_keras_refuses_or_has_more_of_is_refused_in_words() {
    for (class_name, config, words) in [
        ("RandomFlip", json!({ "mode": "diagonal" }), "mode: expected 'horizontal' or 'vertical'"),
        ("RandomRotation", json!({ "factor": 1.5 }), "factor: expected one or two numbers from -1 to 1"),
        ("RandomRotation", json!({ "factor": 0.5, "data_format": "channels_first" }), "data_format"),
        ("RandomRotation", json!({ "factor": 0.5, "fill_mode": "mirror" }), "fill_mode"),
        ("RandomTranslation", json!({ "height_factor": 0.5 }), "width_factor: missing"),
        ("RandomZoom", json!({ "height_factor": -1 }), "above -1"),
        ("RandomZoom", json!({ "height_factor": 0.5, "interpolation": "bicubic" }), "interpolation"),
        ("RandomCrop", json!({ "height": 9, "width": 2 }), "at least that size"),
        (
            "RandomBrightness",
            json!({ "factor": 0.5, "value_range": [0, 1, 2] }),
            "value_range: expected two numbers",
        ),
        ("GaussianDropout", json!({ "rate": 1 }), "rate"),
        ("AlphaDropout", json!({ "rate": 0.5, "noise_shape": [1, 2] }), "noise_shape"),
        ("LayerNormalization", json!({ "axis": [1, 2] }), "axis: only the last axis"),
        ("LayerNormalization", json!({ "rms_scaling": true }), "rms_scaling"),
        ("PReLU", json!({ "shared_axes": [4] }), "shared_axes: expected axes from 1 to 3"),
        ("ActivityRegularization", json!({ "l1": 0.1 }), "penalises outputs"),
        ("LocalResponseNormalization", json!({ "bias": 0 }), "bias"),
        ("Activation", json!({ "activation": "sparsemax" }), "expected linear"),
    ] {
        let input = layer("InputLayer", json!({ "batch_shape": [null, 6, 6, 2] }));
        let description = layer("Sequential", json!({ "layers": [input, layer(class_name, config)] }));
        let error = Model::from_json(&description.to_string(), 1).unwrap_err().to_string();
        assert!(error.contains(words), "{class_name}: {error}");
    }
}

#[test]
fn a_summary_tells_probabilities_from_scores() {
    let dense = |activation: &str| layer("Dense", json!({ "units": 3, "activation": activation }));
    let flatten = layer("Flatten", json!({}));
    for (layers, answers) in [
        (vec![flatten.clone(), dense("softmax")], Answers::Probabilities),
        (vec![flatten.clone(), dense("linear"), layer("Softmax", json!({}))], Answers::Probabilities),
        (
            vec![flatten.clone(), dense("softmax"), layer("Dropout", json!({ "rate": 0.5 }))],
            Answers::Probabilities,
        ),
        (vec![flatten.clone(), dense("sigmoid")], Answers::Independent),
        (vec![flatten.clone(), dense("linear")], Answers::Scores),
        (vec![flatten.clone(), dense("log_softmax")], Answers::Scores),
        (vec![layer("RandomFlip", json!({}))], Answers::Scores),
        (vec![layer("Softmax", json!({})), flatten], Answers::Scores),
    ] {
        assert_eq!(model([2, 2, 2], &layers).summary().answers, answers, "{layers:?}");
    }
}
