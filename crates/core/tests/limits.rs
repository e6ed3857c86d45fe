//! Every limit on an argument, at its ends: the last that is accepted and the first that is refused.

#![allow(clippy::disallowed_macros, clippy::disallowed_methods, reason = "tests are not downloaded")]

use convscope_core::{Model, Targets};
use serde_json::{Value, json};

/// The `f64` next to `value`, away from 0 or, for 0, below it.
fn beyond(value: f64) -> f64 {
    if value == 0.0 { -f64::from_bits(1) } else { f64::from_bits(value.to_bits() + 1) }
}

/// A small network with `layer` in it.
fn model(layer: Value) -> convscope_core::Result<Model> {
    let layers = [
        json!({ "class_name": "InputLayer", "config": { "batch_shape": [null, 4, 4, 1] } }),
        json!({ "class_name": "Conv2D", "config": { "filters": 3, "kernel_size": 3 } }),
        layer,
        json!({ "class_name": "Flatten", "config": {} }),
        json!({ "class_name": "Dense", "config": { "units": 3, "activation": "softmax" } }),
    ];
    let description = json!({ "class_name": "Sequential", "config": { "layers": layers } });
    Model::from_json(&description.to_string(), 1)
}

/// Compiles with the optimiser and trains for three steps.
fn trained(layer: Value, optimizer: Value, loss: Value) -> convscope_core::Result<Model> {
    let mut model = model(layer)?;
    model.compile(&json!({ "optimizer": optimizer, "loss": loss }).to_string())?;
    let x: Vec<f32> = (0..48).map(|number| number as f32 / 48.0).collect();
    for _ in 0..3 {
        let loss = model.train_step(&x, Targets::Labels(&[0, 2, 1]))?.loss;
        assert!(loss.is_finite(), "the loss is {loss}");
    }
    assert!(model.flat_weights().iter().all(|weight| weight.is_finite()), "a weight is not finite");
    Ok(model)
}

fn object(class_name: &str, argument: &str, value: f64) -> Value {
    json!({ "class_name": class_name, "config": { argument: value } })
}

fn with_optimizer(optimizer: Value) -> convscope_core::Result<Model> {
    trained(
        json!({ "class_name": "ReLU", "config": {} }),
        optimizer,
        "sparse_categorical_crossentropy".into(),
    )
}

/// Why nothing was made.
fn refusal(made: convscope_core::Result<Model>, what: &str) -> String {
    let error = made.err().unwrap_or_else(|| panic!("{what} is accepted"));
    assert_eq!(error.code(), "config", "{error}");
    error.to_string()
}

/// Both ends are accepted, what lies beyond them is refused by name.
fn check(
    class_name: &str,
    argument: &str,
    [low, high]: [f64; 2],
    made: impl Fn(Value) -> convscope_core::Result<Model>,
) {
    for end in [low, high] {
        if let Err(error) = made(object(class_name, argument, end)) {
            panic!("{class_name}, {argument} {end:e}: {error}");
        }
    }
    let below = if low == 0.0 { beyond(low) } else { f64::from_bits(low.to_bits() - 1) };
    for value in [below, beyond(high)] {
        let what = format!("{class_name}, {argument}: {value:e}");
        let error = refusal(made(object(class_name, argument, value)), &what);
        assert!(error.contains(&format!("{argument}: expected a number")), "{error}");
    }
}

/// As large as is of use: the ends beyond are those of the numbers.
const LARGE: f64 = f32::MAX as f64;
/// The last number below 1.
const BELOW_ONE: f64 = 0.999_999_94_f32 as f64;

#[test]
fn optimizers() {
    for class_name in ["SGD", "Adagrad", "RMSprop", "Adam", "AdamW", "Adamax"] {
        // A rate as large as this is accepted, but nothing can train with it.
        let compiled = |optimizer: Value| {
            let mut model = model(json!({ "class_name": "ReLU", "config": {} }))?;
            model.compile(&json!({ "optimizer": optimizer, "loss": "mse" }).to_string())?;
            Ok(model)
        };
        check(class_name, "learning_rate", [0.0, LARGE], compiled);
        check(class_name, "weight_decay", [0.0, LARGE], compiled);
    }
    check("SGD", "momentum", [0.0, 1.0], with_optimizer);
    check("RMSprop", "momentum", [0.0, 1.0], with_optimizer);
    check("RMSprop", "rho", [0.0, 1.0], with_optimizer);
    check("Adagrad", "initial_accumulator_value", [0.0, LARGE], with_optimizer);
    for class_name in ["Adam", "AdamW", "Adamax"] {
        // Keras accepts 1 and divides by 0 then.
        check(class_name, "beta_1", [0.0, BELOW_ONE], with_optimizer);
        check(class_name, "beta_2", [0.0, BELOW_ONE], with_optimizer);
        for beta in ["beta_1", "beta_2"] {
            for value in [1.0, beyond(1.0), 0.999_999_99] {
                let error = refusal(with_optimizer(object(class_name, beta, value)), beta);
                assert!(
                    error.contains(&format!("{beta}: expected a number from 0.0 to 0.99999994")),
                    "{error}"
                );
            }
        }
    }
}

#[test]
fn a_learning_rate_of_zero_changes_no_weight() {
    for class_name in ["SGD", "Adagrad", "RMSprop", "Adam", "AdamW", "Adamax"] {
        let before = model(json!({ "class_name": "ReLU", "config": {} })).unwrap();
        let after = with_optimizer(object(class_name, "learning_rate", 0.0)).unwrap();
        assert_eq!(after.flat_weights(), before.flat_weights(), "{class_name}");
    }
    let mut model = with_optimizer("adam".into()).unwrap();
    model.set_learning_rate(0.0).unwrap();
    for rate in [-f32::from_bits(1), f32::NAN, f32::INFINITY] {
        assert_eq!(model.set_learning_rate(rate).unwrap_err().code(), "value", "{rate}");
    }
    assert_eq!(model.learning_rate().unwrap(), 0.0);
}

#[test]
fn one_kind_of_clipping_at_most() {
    let clips = ["clipnorm", "clipvalue", "global_clipnorm"];
    for clip in clips {
        with_optimizer(object("SGD", clip, f64::from(f32::MIN_POSITIVE))).unwrap();
        for value in [0.0, -1.0] {
            let error = refusal(with_optimizer(object("SGD", clip, value)), clip);
            assert!(error.contains(&format!("{clip}: expected a number above 0")), "{error}");
        }
        for other in clips.into_iter().filter(|&other| other != clip) {
            let both = json!({ "class_name": "SGD", "config": { clip: 1.0, other: 1.0 } });
            let error = with_optimizer(both).unwrap_err();
            assert_eq!(error.code(), "config");
            assert!(
                error.to_string().contains("at most one of clipnorm, clipvalue, global_clipnorm"),
                "{error}"
            );
        }
        let one =
            json!({ "class_name": "SGD", "config": { "clipnorm": null, "clipvalue": null, clip: 1.0 } });
        with_optimizer(one).unwrap();
    }
}

#[test]
fn schedules() {
    let scheduled = |argument: &str, value: f64| {
        let mut config = json!({ "initial_learning_rate": 0.1, "decay_steps": 10 });
        config[argument] = value.into();
        with_optimizer(json!({ "class_name": "SGD", "config": { "learning_rate": {
            "class_name": "CosineDecay", "config": config } } }))
    };
    for (argument, low, high) in
        [("initial_learning_rate", 0.0, 1.0), ("decay_steps", 1.0, LARGE), ("alpha", 0.0, 1.0)]
    {
        scheduled(argument, low).unwrap();
        scheduled(argument, high).unwrap();
        let below = if low == 0.0 { beyond(low) } else { 1.0 - f64::EPSILON };
        let error = refusal(scheduled(argument, below), argument);
        assert!(error.contains(argument), "{error}");
    }
    assert!(refusal(scheduled("alpha", beyond(1.0)), "alpha").contains("alpha"));
}

#[test]
fn layers() {
    let made = |layer| trained(layer, "sgd".into(), "sparse_categorical_crossentropy".into());
    check("Dropout", "rate", [0.0, 1.0], made);
    check("BatchNormalization", "momentum", [0.0, 1.0], made);
    check("BatchNormalization", "epsilon", [0.0, 1.0], model);
    check("LeakyReLU", "negative_slope", [0.0, LARGE], model);
    check("ELU", "alpha", [0.0, LARGE], model);
    for (class_name, argument) in [("L1", "l1"), ("L2", "l2"), ("L1L2", "l1"), ("L1L2", "l2")] {
        check(class_name, argument, [0.0, LARGE], |penalty| {
            model(
                json!({ "class_name": "Conv2D", "config": { "filters": 2, "kernel_size": 1, "kernel_regularizer": penalty } }),
            )
        });
    }
}

#[test]
fn losses() {
    let made = |loss: Value| {
        let relu = json!({ "class_name": "ReLU", "config": {} });
        trained(relu, "sgd".into(), loss)
    };
    check("CategoricalCrossentropy", "label_smoothing", [0.0, 1.0], made);
}
