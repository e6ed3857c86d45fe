//! The passes: straight networks as they were, and gradients that meet.

use super::{Layer, branches, built, convolution, functional, values};
use convscope_core::random::Random;
use convscope_core::{Batch, Model, Replica, Share, Targets};
use serde_json::{Value, json};

const TRAINING: &str = r#"{"optimizer": "adam", "loss": "sparse_categorical_crossentropy"}"#;

#[test]
fn a_chain_has_the_bits_of_a_sequential_model() {
    let layers: [Layer<'_>; 6] = [
        ("Conv2D", "conv", json!({ "filters": 4, "kernel_size": 3, "activation": "relu" }), &["image"]),
        ("MaxPooling2D", "pool", json!({}), &["conv"]),
        ("BatchNormalization", "norm", json!({}), &["pool"]),
        ("Dropout", "dropout", json!({ "rate": 0.3 }), &["norm"]),
        ("Flatten", "flatten", json!({}), &["dropout"]),
        ("Dense", "dense", json!({ "units": 3, "activation": "softmax" }), &["flatten"]),
    ];
    let chain = functional("chain", &[9, 8, 2], &layers);
    let mut sequential =
        vec![json!({ "class_name": "InputLayer", "config": { "batch_shape": [null, 9, 8, 2] } })];
    for (class_name, name, mut config, _) in layers {
        config["name"] = name.into();
        sequential.push(json!({ "class_name": class_name, "config": config }));
    }
    let sequential = json!({ "class_name": "Sequential", "config": { "layers": sequential } });
    let run = |description: &Value| {
        let mut model = built(description, 5);
        model.compile(TRAINING).unwrap();
        let x = values(&mut Random::new(1, 1), 40 * 144);
        let labels: Vec<u16> = (0..40).map(|index| index % 3).collect();
        for _ in 0..3 {
            model.train_step(&x, Targets::Labels(&labels)).unwrap();
        }
        let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        (bits(model.flat_weights()), bits(&model.predict(&x).unwrap()), model.summary().layers)
    };
    assert_eq!(run(&chain), run(&sequential));
}

#[test]
fn gradients_that_meet_depend_neither_on_shares_nor_on_what_was_there() {
    let mut model = built(&branches(), 3);
    model.compile(TRAINING).unwrap();
    let x = values(&mut Random::new(2, 1), 70 * 96);
    let labels: Vec<u16> = (0..70).map(|index| index % 3).collect();
    let batch = Batch::Arrays { x: &x, y: Targets::Labels(&labels) };
    let mut sums = Vec::new();
    for count in [1, 2, 4] {
        let mut replicas: Vec<_> = (0..count).map(|_| Replica::new(&model).unwrap()).collect();
        for (number, replica) in replicas.iter_mut().enumerate() {
            let (share, examples) = Share::new(&model, batch, number, count).unwrap();
            share.compute(&model, replica, examples).unwrap();
            // Again, over what the first time has left.
            share.compute(&model, replica, examples).unwrap();
        }
        let mut step = model.step().unwrap();
        for (number, replica) in replicas.iter().enumerate() {
            step.add(number, |sum| sum.clone_from(replica.sum())).unwrap();
        }
        sums.push(step.sum().gradient.iter().map(|value| value.to_bits()).collect::<Vec<_>>());
    }
    assert!(sums.iter().all(|sum| *sum == sums[0]));

    // And, but for rounding, they are those of the examples one by one.
    let mut one_by_one = vec![0.0; model.flat_weights().len()];
    let weighting = values(&mut Random::new(3, 1), 70 * 3);
    for (x, weighting) in x.chunks(96).zip(weighting.chunks(3)) {
        let gradients = model.backward_from(x, weighting, false).unwrap().weights;
        one_by_one.iter_mut().zip(gradients).for_each(|(sum, value)| *sum += value);
    }
    let whole = model.backward_from(&x, &weighting, false).unwrap().weights;
    for (one, other) in one_by_one.iter().zip(&whole) {
        assert!((one - other).abs() < 1e-4 * (1.0 + other.abs()), "{one} {other}");
    }
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

/// Compares how a random weighting of the outputs changes along random directions with what the gradients say.
fn check_directions(description: &Value, seed: u64) {
    let mut model = built(description, seed);
    let mut random = Random::new(seed, 7);
    let len = model.flat_weights().len();
    let start: Vec<f32> =
        model.flat_weights().iter().map(|&weight| weight + random.uniform(-0.1, 0.1)).collect();
    model.set_flat_weights(&start).unwrap();
    let x = values(&mut random, 2 * model.input_shape().len());
    let weighting = values(&mut random, 2 * model.outputs());
    let gradients = model.backward_from(&x, &weighting, true).unwrap();
    let (along_x, along_weights) = (values(&mut random, x.len()), values(&mut random, len));
    let moved = |values: &[f32], direction: &[f32], step: f32| -> Vec<f32> {
        values.iter().zip(direction).map(|(value, direction)| value + step * direction).collect()
    };
    // Short, since maxima change places on the way.
    let step = 4e-4;
    let change = |ahead: &[f32], behind: &[f32]| {
        (dot(ahead, &weighting) - dot(behind, &weighting)) / f64::from(2.0 * step)
    };
    let output = |model: &Model, x: &[f32]| model.backward_from(x, &weighting, true).unwrap().output;
    let of_x =
        change(&output(&model, &moved(&x, &along_x, step)), &output(&model, &moved(&x, &along_x, -step)));
    let predicted = dot(&gradients.input, &along_x);
    let allowed = |gradients: &[f32]| 0.01 * dot(gradients, gradients).sqrt() + 0.02;
    assert!((of_x - predicted).abs() < allowed(&gradients.input), "input: {of_x} {predicted}");
    let mut at = |step| {
        model.set_flat_weights(&moved(&start, &along_weights, step)).unwrap();
        output(&model, &x)
    };
    let of_weights = change(&at(step), &at(-step));
    let predicted = dot(&gradients.weights, &along_weights);
    let allowed = allowed(&gradients.weights);
    assert!((of_weights - predicted).abs() < allowed, "weights: {of_weights} {predicted}, {allowed} allowed");
}

#[test]
fn graphs_change_as_their_gradients_say() {
    for seed in 0..12 {
        check_directions(&branches(), seed);
        for class_name in ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"] {
            let layers: [Layer<'_>; 6] = [
                ("Conv2D", "one", convolution(3, 3), &["image"]),
                ("Conv2D", "two", convolution(3, 1), &["one"]),
                (class_name, "merged", json!({}), &["two", "one"]),
                ("Conv2D", "three", convolution(2, 3), &["merged"]),
                ("Flatten", "flatten", json!({}), &["three"]),
                ("Dense", "dense", json!({ "units": 4, "activation": "tanh" }), &["flatten"]),
            ];
            check_directions(&functional("merging", &[5, 4, 2], &layers), seed);
        }
        let repeated: [Layer<'_>; 7] = [
            ("Conv2D", "maps", convolution(3, 3), &["image"]),
            ("GlobalAveragePooling2D", "channels", json!({ "keepdims": true }), &["maps"]),
            ("Conv2D", "pixels", convolution(1, 1), &["maps"]),
            ("Multiply", "product", json!({}), &["maps", "channels", "pixels"]),
            ("Maximum", "maximum", json!({}), &["channels", "product"]),
            ("Flatten", "flatten", json!({}), &["maximum"]),
            ("Dense", "dense", json!({ "units": 4 }), &["flatten"]),
        ];
        check_directions(&functional("repeated", &[5, 4, 2], &repeated), seed);
    }
}
