//! Descriptions and files from outside: whatever they hold, a clear error and an unchanged model.

use convscope_core::{Dataset, Model, Targets, formats::idx};
use proptest::prelude::*;
use serde_json::{Value, json};

const MODEL: &str = r#"{"class_name": "Sequential", "config": {"layers": [
    {"class_name": "InputLayer", "config": {"batch_shape": [null, 6, 5, 2]}},
    {"class_name": "Conv2D", "config": {"filters": 3, "kernel_size": [3, 2], "strides": [2, 1], "padding": "same", "groups": 1}},
    {"class_name": "BatchNormalization", "config": {"momentum": 0.9}},
    {"class_name": "MaxPooling2D", "config": {"pool_size": [2, 2], "strides": null}},
    {"class_name": "Flatten", "config": {}},
    {"class_name": "Dense", "config": {"units": 3, "activation": {"class_name": "LeakyReLU", "config": {"negative_slope": 0.1}}}}]}}"#;

const COMPILE: &str = r#"{"optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.01, "beta_1": 0.8}}, "loss": "mean_squared_error"}"#;

fn model() -> Model {
    Model::from_json(MODEL, 1).unwrap()
}

/// Calls `attempt` on a model and asserts that it fails with `code` and words, and changes nothing.
fn refused<T>(code: &str, words: &str, attempt: impl FnOnce(&mut Model) -> convscope_core::Result<T>) {
    let mut model = model();
    model.compile(COMPILE).unwrap();
    let before = model.to_safetensors();
    let error = attempt(&mut model).err().expect(words);
    assert!(error.to_string().contains(words) && error.code() == code, "{error:?} lacks {code}: '{words}'");
    assert_eq!(model.to_safetensors(), before, "{words}");
}

fn with_tensor(change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = model().to_safetensors();
    change(&mut bytes);
    bytes
}

#[test]
fn bad_input_is_named_and_changes_nothing() {
    let x = [0.5; 60];
    let y = Targets::Labels(&[2]);
    refused("shape", "(6, 5, 2)", |model| model.train_step(&x[1..], y));
    refused("value", "finite", |model| model.train_step(&[f32::NAN; 60], y));
    refused("value", "labels go from 0 to 2, got 3", |model| model.train_step(&x, Targets::Labels(&[3])));
    refused("shape", "1 labels, got 2", |model| model.train_step(&x, Targets::Labels(&[0, 1])));
    refused("shape", "targets", |model| model.train_step(&x, Targets::OneHot(&[0.0, 1.0])));
    refused("value", "finite", |model| model.train_step(&x, Targets::OneHot(&[0.0, 1.0, f32::INFINITY])));
    refused("value", "'dense_9'", |model| model.feature_maps(&x, "dense_9"));
    refused("value", "'dense/gamma'", |model| model.weights("dense/gamma"));
    refused("shape", "one example", |model| model.observe(&[0.5; 120]));
    refused("config", "Ftrl", |model| model.compile(r#"{"optimizer": "Ftrl", "loss": "mse"}"#));
    refused("value", "learning_rate", |model| model.set_learning_rate(-1.0));
    let data = Dataset::new(vec![0; 120], vec![0, 9], [6, 5, 2]).unwrap();
    refused("value", "got 2", |model| model.train_step_on(&data, &[2]));
    refused("value", "got 9", |model| model.train_step_on(&data, &[0, 1]));
    refused("shape", "none", |model| model.train_step_on(&data, &[]));
    let other = Dataset::new(vec![0; 60], vec![0, 1], [6, 5, 1]).unwrap();
    refused("shape", "(6, 5, 1)", |model| model.train_step_on(&other, &[0]));
    assert_eq!(model().train_step(&x, y).unwrap_err().code(), "config");
    assert!(Dataset::new(vec![0; 7], vec![0], [2, 4, 1]).is_err());
}

#[test]
fn files_of_weights_that_do_not_fit_are_refused() {
    let other = Model::from_json(&MODEL.replace("\"units\": 3", "\"units\": 4"), 1).unwrap().to_safetensors();
    refused("shape", "dense/kernel", |model| model.load_safetensors(&other));
    let fewer = Model::from_json(
        &MODEL.replace("\"strides\": [2, 1]", "\"use_bias\": false, \"strides\": [2, 1]"),
        1,
    );
    let fewer = fewer.unwrap().to_safetensors();
    refused("format", "conv2d/bias", |model| model.load_safetensors(&fewer));
    let cut = with_tensor(|bytes| bytes.truncate(bytes.len() - 4));
    refused("format", "safetensors", |model| model.load_safetensors(&cut));
    refused("format", "cut short", |model| model.load_safetensors(&with_tensor(|bytes| bytes.truncate(100))));
    refused("format", "8 bytes", |model| model.load_safetensors(&[1, 2]));
    let huge = with_tensor(|bytes| bytes[..8].copy_from_slice(&(1_u64 << 40).to_le_bytes()));
    refused("limit", "at most", |model| model.load_safetensors(&huge));
    let longer = with_tensor(|bytes| bytes.extend([0; 4]));
    refused("format", "safetensors", |model| model.load_safetensors(&longer));
    let last = with_tensor(|bytes| {
        let end = bytes.len();
        bytes[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    });
    refused("value", "finite", |model| model.load_safetensors(&last));
}

#[test]
fn models_beyond_the_limits_are_refused_before_memory_is_taken() {
    let with = |old: &str, new: &str| Model::from_json(&MODEL.replace(old, new), 1).unwrap_err();
    assert_eq!(with("null, 6, 5, 2", "null, 65536, 65536, 65536").code(), "limit");
    assert_eq!(with("null, 6, 5, 2", "null, 999999999999, 5, 2").code(), "limit");
    assert_eq!(with("\"filters\": 3", "\"filters\": 100000000").code(), "limit");
    assert_eq!(with("\"kernel_size\": [3, 2]", "\"kernel_size\": [60000, 60000]").code(), "limit");
    assert_eq!(with("\"kernel_size\": [3, 2]", "\"kernel_size\": [9000000000, 1]").code(), "shape");
    assert_eq!(Model::from_json(&" ".repeat(2 << 20), 1).unwrap_err().code(), "limit");
    assert_eq!(Model::from_json(&"[".repeat(1 << 19), 1).unwrap_err().code(), "format");
    let layer =
        json!({ "class_name": "Activation", "config": { "activation": "relu", "input_shape": [2, 2, 1] } });
    let many = json!({ "class_name": "Sequential", "config": { "layers": vec![layer; 300] } });
    assert_eq!(Model::from_json(&many.to_string(), 1).unwrap_err().code(), "limit");
}

#[test]
fn messages_stay_short_whatever_they_repeat() {
    let book = "é".repeat(200_000);
    let in_model = |old: &str, new: &str| Model::from_json(&MODEL.replace(old, new), 1).unwrap_err();
    let x = [0.5; 60];
    for (words, error) in [
        (
            "expected one of SGD",
            model().compile(&format!(r#"{{"optimizer": "{book}", "loss": "mse"}}"#)).unwrap_err(),
        ),
        ("expected the name of a layer", model().feature_maps(&x, &book).unwrap_err()),
        ("expected the name of a weight", model().weights(&book).unwrap_err()),
        ("README.md lists", in_model("\"Conv2D\"", &format!("\"{book}\""))),
        ("1 to 128 bytes", in_model("\"units\": 3", &format!("\"name\": \"{book}\", \"units\": 0"))),
        (
            "1 to 128 bytes",
            in_model("\"units\": 3", &format!("\"name\": \"{}\", \"units\": 0", "a b ".repeat(90_000))),
        ),
    ] {
        let message = error.to_string();
        assert!(message.contains(words) && message.len() < 1000, "{} bytes: {message:.300}", message.len());
    }
}

/// Values to put in the place of some part of a description.
fn junk() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u8>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!([])),
        Just(json!([1, 2])),
        Just(json!({ "class_name": "L2", "config": {} })),
        Just(json!({ "class_name": 1 })),
    ]
}

/// Replaces part number `place` of a JSON value, counted depth first.
fn replace(value: &mut Value, place: &mut usize, with: &Value) {
    if *place == 0 {
        *value = with.clone();
    }
    *place = place.wrapping_sub(1);
    let parts: Vec<&mut Value> = match value {
        Value::Array(list) => list.iter_mut().collect(),
        Value::Object(map) => map.values_mut().collect(),
        _ => return,
    };
    for part in parts {
        replace(part, place, with);
    }
}

fn mutated(text: &str, mut place: usize, with: &Value) -> String {
    let mut value: Value = serde_json::from_str(text).unwrap();
    replace(&mut value, &mut place, with);
    value.to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_text_never_panics(text in ".{0,200}", bytes: Vec<u8>) {
        let _ = Model::from_json(&text, 0);
        let _ = model().compile(&text);
        let _ = Model::from_safetensors(&bytes);
        let _ = idx::read(&bytes, &bytes);
    }

    #[test]
    fn mutated_descriptions_never_panic(place in 0_usize..80, with in junk()) {
        if let Ok(mut model) = Model::from_json(&mutated(MODEL, place, &with), 1) {
            let again = Model::from_json(&model.to_json(), 1).unwrap();
            prop_assert_eq!(again.flat_weights(), model.flat_weights());
            let len = model.input_shape().len();
            if len < 10_000 {
                prop_assert_eq!(model.predict(&vec![0.5; len]).unwrap().len(), model.outputs());
            }
        }
        let mut model = model();
        if model.compile(&mutated(COMPILE, place % 8, &with)).is_ok() {
            model.train_step(&[0.5; 60], Targets::Labels(&[1])).unwrap();
        }
    }

    #[test]
    fn renamed_arguments_are_refused(index in 0_usize..6, name in ".{0,60}") {
        let mut value: Value = serde_json::from_str(MODEL).unwrap();
        value["config"]["layers"][index]["config"][&name] = 1.into();
        if let Err(error) = Model::from_json(&value.to_string(), 1) {
            prop_assert!(error.to_string().len() < 1000, "{}", error);
        }
    }

    #[test]
    fn mutated_files_never_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), keep: prop::sample::Index, cut: bool) {
        let mut bytes = model().to_safetensors();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if cut {
            bytes.truncate(keep.index(bytes.len()));
        }
        let mut model = model();
        let before = model.flat_weights().to_vec();
        match model.load_safetensors(&bytes) {
            Ok(()) => prop_assert!(model.flat_weights().iter().all(|value| value.is_finite())),
            Err(_) => prop_assert_eq!(model.flat_weights(), &before[..]),
        }
        let _ = Model::from_safetensors(&bytes);
    }

    #[test]
    fn weights_survive_the_file(seed: u64) {
        let model = Model::from_json(MODEL, seed).unwrap();
        let again = Model::from_safetensors(&model.to_safetensors()).unwrap();
        prop_assert_eq!(again.flat_weights(), model.flat_weights());
        prop_assert_eq!(again.to_json(), model.to_json());
        let half = Model::from_safetensors(&model.to_safetensors_f16()).unwrap();
        for (a, b) in half.flat_weights().iter().zip(model.flat_weights()) {
            prop_assert!((a - b).abs() <= b.abs() / 1024.0 + 6e-8);
        }
    }
}
