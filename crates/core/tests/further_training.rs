//! Trainings with the optimisers, losses and constraints that the shipped models do without.
#![cfg(feature = "complete")]

use convscope_core::random::Random;
use convscope_core::{Batch, Model, Targets};
use serde_json::{Value, json};

fn model(kernel: &Value, units: usize, activation: &str) -> Model {
    let mut hidden = json!({ "units": 6, "activation": "mish" });
    hidden.as_object_mut().unwrap().extend(kernel.as_object().unwrap().clone());
    let description = json!({ "class_name": "Sequential", "config": { "layers": [
        { "class_name": "InputLayer", "config": { "batch_shape": [null, 5] } },
        { "class_name": "Dense", "config": hidden },
        { "class_name": "Dense", "config": { "units": units, "activation": activation } },
    ] } });
    Model::from_json(&description.to_string(), 2).unwrap()
}

fn train(model: &mut Model, steps: std::ops::Range<u64>) -> f32 {
    let mut loss = 0.0;
    for step in steps {
        let mut random = Random::new(step, 1);
        let x: Vec<f32> = (0..100).map(|_| random.uniform(-1.0, 1.0)).collect();
        let labels: Vec<u16> = x.chunks(5).map(|x| u16::from(x[0] > x[1])).collect();
        loss = model.train_batch(Batch::Arrays { x: &x, y: Targets::Labels(&labels) }).unwrap().loss;
    }
    loss
}

const SPARSE: &str = "sparse_categorical_crossentropy";

#[test]
fn a_checkpoint_goes_on_to_the_same_bits_and_fits_no_other_optimiser() {
    let schedule = json!({ "class_name": "CosineDecayRestarts", "config": {
        "initial_learning_rate": 0.01, "first_decay_steps": 3,
    } });
    let names = ["Adadelta", "Lion", "Nadam", "Adamax"];
    let compile = |model: &mut Model, name: &str| {
        let optimizer = json!({ "class_name": name, "config": { "learning_rate": schedule } });
        model.compile(&json!({ "optimizer": optimizer, "loss": SPARSE }).to_string()).unwrap();
    };
    for name in names {
        let mut whole = model(&json!({}), 2, "softmax");
        compile(&mut whole, name);
        train(&mut whole, 0..5);
        let checkpoint = whole.to_checkpoint().unwrap();
        train(&mut whole, 5..10);

        let mut later = model(&json!({}), 2, "softmax");
        compile(&mut later, name);
        later.load_safetensors(&checkpoint).unwrap();
        assert_eq!(later.steps(), 5);
        train(&mut later, 5..10);
        assert_eq!(later.flat_weights(), whole.flat_weights(), "{name}");

        for other in names.into_iter().filter(|&other| other != name) {
            let mut model = model(&json!({}), 2, "softmax");
            compile(&mut model, other);
            let error = model.load_safetensors(&checkpoint).unwrap_err().to_string();
            assert!(error.contains("another optimiser"), "{name} into {other}: {error}");
        }
    }
}

#[test]
fn every_optimiser_learns() {
    for (name, rate) in [("Adadelta", 1.0), ("Lion", 0.01), ("Nadam", 0.02)] {
        let mut model = model(&json!({}), 2, "softmax");
        let optimizer = json!({ "class_name": name, "config": { "learning_rate": rate } });
        model.compile(&json!({ "optimizer": optimizer, "loss": SPARSE }).to_string()).unwrap();
        let first = train(&mut model, 0..1);
        let last = train(&mut model, 1..300);
        assert!(last < 0.5 * first, "{name}: from {first} to {last}");
    }
}

#[test]
fn nadam_forgets_its_start_without_a_jump() {
    // Its products of momenta are cut short after 1000 steps.
    let mut model = model(&json!({}), 2, "softmax");
    model.compile(&json!({ "optimizer": "nadam", "loss": SPARSE }).to_string()).unwrap();
    train(&mut model, 0..998);
    for step in 998..1004 {
        let before = model.flat_weights().to_vec();
        train(&mut model, step..step + 1);
        let moved = before.iter().zip(model.flat_weights()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(moved > 0.0 && moved < 0.01, "{moved} in step {step}");
    }
}

#[test]
fn weights_keep_to_their_constraint_in_every_step() {
    let norms = |weights: &[f32]| {
        (0..6)
            .map(|unit| weights.iter().skip(unit).step_by(6).map(|w| w * w).sum::<f32>().sqrt())
            .collect::<Vec<_>>()
    };
    for (constraint, holds) in [
        (json!("unit_norm"), (|norm| (norm - 1.0).abs() < 1e-5) as fn(f32) -> bool),
        (json!({ "class_name": "MaxNorm", "config": { "max_value": 0.5, "axis": 0 } }), |norm| {
            norm < 0.500_01
        }),
        (
            json!({ "class_name": "MinMaxNorm", "config": { "min_value": 0.75, "max_value": 0.875 } }),
            |norm| (0.749_99..0.875_01).contains(&norm),
        ),
    ] {
        let mut model =
            model(&json!({ "kernel_constraint": constraint, "bias_constraint": "NonNeg" }), 2, "softmax");
        let again = Model::from_json(&model.to_json(), 2).unwrap();
        assert_eq!(again.to_json(), model.to_json());
        model.compile(&json!({ "optimizer": "adam", "loss": SPARSE }).to_string()).unwrap();
        for step in 0..5 {
            train(&mut model, step..step + 1);
            let weights = model.flat_weights();
            assert!(
                norms(&weights[..30]).into_iter().all(holds),
                "{constraint}: {:?}",
                norms(&weights[..30])
            );
            assert!(weights[30..36].iter().all(|&bias| bias >= 0.0));
            assert!(weights[36..].iter().any(|&weight| weight < 0.0), "others have none");
        }
    }
}

#[test]
fn a_single_output_is_right_on_the_same_side_of_one_half() {
    let mut model = model(&json!({}), 1, "sigmoid");
    model.compile(&json!({ "optimizer": "sgd", "loss": "binary_crossentropy" }).to_string()).unwrap();
    let mut random = Random::new(1, 1);
    let x: Vec<f32> = (0..100).map(|_| random.uniform(-1.0, 1.0)).collect();
    let answers = model.predict(&x).unwrap();
    let sides: Vec<f32> = answers.iter().map(|&answer| f32::from(answer > 0.5)).collect();
    let wrong: Vec<f32> = sides.iter().map(|side| 1.0 - side).collect();
    assert_eq!(model.evaluate(&x, Targets::OneHot(&sides)).unwrap().accuracy, 1.0);
    assert_eq!(model.evaluate(&x, Targets::OneHot(&wrong)).unwrap().accuracy, 0.0);
}
