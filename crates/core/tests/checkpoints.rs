//! Checkpoints that are damaged: every field, with every kind of damage. What is refused is told in one sentence and has
//! changed nothing; what is taken up trains on.

use convscope_core::{Model, Targets};
use serde_json::{Map, Value, json};

const MODEL: &str = r#"{"class_name": "Sequential", "config": {"layers": [
    {"class_name": "InputLayer", "config": {"batch_shape": [null, 6, 5, 2]}},
    {"class_name": "Conv2D", "config": {"filters": 3, "kernel_size": 3, "activation": "relu"}},
    {"class_name": "BatchNormalization", "config": {}},
    {"class_name": "Flatten", "config": {}},
    {"class_name": "Dense", "config": {"units": 3, "activation": "softmax"}}]}}"#;

/// Optimisers, and which of their running averages are never below 0.
const OPTIMIZERS: [(&str, &[usize]); 9] = [
    (r#""SGD""#, &[]),
    (r#"{"class_name": "SGD", "config": {"momentum": 0.9}}"#, &[]),
    (r#"{"class_name": "SGD", "config": {"momentum": 0.9, "nesterov": true}}"#, &[]),
    (r#""Adagrad""#, &[0]),
    (r#""RMSprop""#, &[0]),
    (r#"{"class_name": "RMSprop", "config": {"momentum": 0.5, "centered": true}}"#, &[0]),
    (r#""Adam""#, &[1]),
    (r#"{"class_name": "Adam", "config": {"amsgrad": true}}"#, &[1, 2]),
    (r#""Adamax""#, &[1]),
];

fn compiled(model: &str, optimizer: &str) -> Model {
    let mut model = Model::from_json(model, 1).unwrap();
    model
        .compile(&format!(r#"{{"optimizer": {optimizer}, "loss": "sparse_categorical_crossentropy"}}"#))
        .unwrap();
    model
}

fn train(model: &mut Model, steps: u16) {
    for step in 0..steps {
        let x: Vec<f32> = (0..240_u16).map(|place| f32::from((place * 7 + step * 3) % 11) / 11.0).collect();
        model.train_step(&x, Targets::Labels(&[0, 1, 2, 1])).unwrap();
    }
}

fn checkpoint(optimizer: &str) -> Vec<u8> {
    let mut model = compiled(MODEL, optimizer);
    train(&mut model, 3);
    model.to_checkpoint().unwrap()
}

/// A safetensors file, taken apart: its description, and of each tensor what the header says and its bytes.
#[derive(Clone)]
struct Parts {
    description: Value,
    tensors: Vec<(String, Value, Vec<u8>)>,
}

impl Parts {
    fn of(bytes: &[u8]) -> Self {
        let (length, rest) = bytes.split_first_chunk::<8>().unwrap();
        let (header, content) = rest.split_at(u64::from_le_bytes(*length) as usize);
        let header: Map<String, Value> = serde_json::from_slice(header).unwrap();
        let description =
            serde_json::from_str(header["__metadata__"]["convscope"].as_str().unwrap()).unwrap();
        let tensors = header.iter().filter(|(name, _)| *name != "__metadata__");
        let tensors = tensors.map(|(name, entry)| {
            let place = |at: usize| entry["data_offsets"][at].as_u64().unwrap() as usize;
            (name.clone(), entry.clone(), content[place(0)..place(1)].to_vec())
        });
        let mut tensors: Vec<_> = tensors.collect();
        tensors.sort_by_key(|(_, entry, _)| entry["data_offsets"][0].as_u64());
        Self { description, tensors }
    }

    /// The file again. Tensors lie one behind the other, unless `places` says otherwise.
    fn bytes(&self, places: bool) -> Vec<u8> {
        let mut header = Map::new();
        header.insert("__metadata__".into(), json!({ "convscope": self.description.to_string() }));
        let mut content = Vec::new();
        for (name, entry, bytes) in &self.tensors {
            let mut entry = entry.clone();
            if places {
                entry["data_offsets"] = json!([content.len(), content.len() + bytes.len()]);
            }
            content.extend(bytes);
            header.insert(name.clone(), entry);
        }
        let header = Value::Object(header).to_string();
        [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &content].concat()
    }

    fn changed(&self, places: bool, change: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut parts = self.clone();
        change(&mut parts);
        parts.bytes(places)
    }
}

/// What is wrong with the value of a field.
fn junk() -> Vec<Value> {
    vec![
        json!("1"),
        json!("NaN"),
        json!(true),
        json!([]),
        json!([1, 2, 3]),
        json!({}),
        json!(-1),
        json!(0.5),
        json!(1e300),
        json!(1_u64 << 32),
        json!(1_u64 << 53),
        json!(u64::MAX),
    ]
}

/// A damaged file.
struct Damaged {
    what: String,
    bytes: Vec<u8>,
    must: Must,
}

/// What has to become of a damaged file.
#[derive(Clone, Copy, PartialEq)]
enum Must {
    BeRefused,
    /// It may be refused; if it is not, training goes on with finite weights.
    Train,
    /// It is a model all the same, whose next step may lead anywhere.
    Load,
}

fn damaged(optimizer: &str, squares: &[usize]) -> Vec<Damaged> {
    let parts = Parts::of(&checkpoint(optimizer));
    let mut files = Vec::new();
    let mut add = |what: String, must, bytes| files.push(Damaged { what, bytes, must });
    let averages = parts.tensors.iter().any(|(name, ..)| name.starts_with("optimizer/"));

    for field in ["model", "optimizer", "steps"] {
        let must = if field == "steps" && averages { Must::BeRefused } else { Must::Train };
        let without = |parts: &mut Parts| drop(parts.description.as_object_mut().unwrap().remove(field));
        add(format!("{field} missing"), must, parts.changed(true, without));
        add(
            format!("{field} null"),
            must,
            parts.changed(true, |parts| parts.description[field] = Value::Null),
        );
        for value in junk() {
            let must = if field == "model" { Must::Train } else { Must::BeRefused };
            let what = format!("{field} = {value}");
            add(what, must, parts.changed(true, |parts| parts.description[field] = value));
        }
    }
    for value in junk() {
        let what = format!("the description = {value}");
        let must = if averages { Must::BeRefused } else { Must::Train };
        add(what, must, parts.changed(true, |parts| parts.description = value));
    }

    for (number, (name, entry, content)) in parts.tensors.iter().enumerate() {
        add(
            format!("{name} missing"),
            Must::BeRefused,
            parts.changed(true, |parts| drop(parts.tensors.remove(number))),
        );
        add(
            format!("{name} renamed"),
            Must::BeRefused,
            parts.changed(true, |parts| parts.tensors[number].0 = "optimizer/kernel".into()),
        );
        for field in ["dtype", "shape", "data_offsets"] {
            let without =
                |parts: &mut Parts| drop(parts.tensors[number].1.as_object_mut().unwrap().remove(field));
            add(format!("{name}: {field} missing"), Must::BeRefused, parts.changed(false, without));
            for value in junk() {
                let what = format!("{name}: {field} = {value}");
                add(
                    what,
                    Must::BeRefused,
                    parts.changed(false, |parts| parts.tensors[number].1[field] = value),
                );
            }
        }
        let shape = entry["shape"].as_array().unwrap();
        let first = shape[0].as_u64().unwrap();
        add(
            format!("{name} of another length"),
            Must::BeRefused,
            parts.changed(true, |parts| {
                let (_, entry, content) = &mut parts.tensors[number];
                content.truncate(content.len() / first as usize * (first as usize - 1));
                entry["shape"][0] = json!(first - 1);
            }),
        );
        let average = name.strip_prefix("optimizer/").map(|number| number.parse::<usize>().unwrap());
        let at_least_0 =
            average.is_some_and(|number| squares.contains(&number)) || name.ends_with("moving_variance");
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -1.0, -1e-3, -3e38, 0.0, 3e38] {
            let must = match value {
                _ if !value.is_finite() || value < 0.0 && at_least_0 => Must::BeRefused,
                _ if value.abs() > 1e30 => Must::Load,
                _ => Must::Train,
            };
            for place in [0, content.len() / 4 - 1] {
                let change = |parts: &mut Parts| {
                    parts.tensors[number].2[4 * place..][..4].copy_from_slice(&value.to_le_bytes());
                };
                add(format!("{name}[{place}] = {value}"), must, parts.changed(true, change));
            }
            let change = |parts: &mut Parts| {
                parts.tensors[number].2 = value.to_le_bytes().repeat(content.len() / 4);
            };
            add(format!("{name} all {value}"), must, parts.changed(true, change));
        }
    }
    files
}

/// One sentence for people: no line is broken, and nothing of a file is echoed at length.
fn assert_is_a_sentence(message: &str, what: &str) {
    assert!((10..400).contains(&message.len()) && !message.contains('\n'), "{what}: {message}");
}

#[test]
fn every_damaged_field_is_refused_or_does_no_harm() {
    for (optimizer, squares) in OPTIMIZERS {
        let mut faults = Vec::new();
        let files = damaged(optimizer, squares);
        assert!(files.len() > 400, "{}", files.len());
        for Damaged { what, bytes, must } in files {
            let mut model = compiled(MODEL, optimizer);
            train(&mut model, 5);
            let before = model.to_checkpoint().unwrap();
            if let Err(error) = model.load_safetensors(&bytes) {
                assert_is_a_sentence(&error.to_string(), &what);
                assert!(
                    model.to_checkpoint().unwrap() == before && model.steps() == 5,
                    "{what}: changed by {error}"
                );
                continue;
            }
            if must == Must::BeRefused {
                faults.push(format!("{what}: accepted"));
                continue;
            }
            assert!(model.steps() <= 3, "{what}");
            train(&mut model, if must == Must::Load { 1 } else { 4 });
            let finite = model.flat_weights().iter().all(|weight| weight.is_finite());
            if !finite && (must == Must::Train || what.starts_with("optimizer/")) {
                faults.push(format!("{what}: no finite weights"));
            }
        }
        assert!(faults.is_empty(), "{optimizer}: {} faults\n{}", faults.len(), faults.join("\n"));
    }
}

#[test]
fn who_does_not_train_refuses_the_same_steps_and_numbers() {
    let (optimizer, _) = OPTIMIZERS[6];
    let parts = Parts::of(&checkpoint(optimizer));
    Model::from_safetensors(&parts.bytes(true)).unwrap();
    for value in junk() {
        let bytes = parts.changed(true, |parts| parts.description["steps"] = value.clone());
        let error = Model::from_safetensors(&bytes).err().unwrap_or_else(|| panic!("{value}")).to_string();
        assert!(error.contains("steps: expected a whole number from 0 to 4294967295, got"), "{error}");
        assert!(Model::from_json(MODEL, 1).unwrap().load_safetensors(&bytes).is_err(), "{value}");
    }
    let last = parts.tensors.len() - 1;
    let bytes =
        parts.changed(true, |parts| parts.tensors[last].2[..4].copy_from_slice(&f32::NAN.to_le_bytes()));
    assert!(Model::from_safetensors(&bytes).err().unwrap().to_string().contains("optimizer/1"));
}

#[test]
fn a_checkpoint_is_taken_up_by_its_own_kind_of_optimizer_alone() {
    for (number, (optimizer, _)) in OPTIMIZERS.iter().enumerate() {
        let bytes = checkpoint(optimizer);
        for (other, _) in OPTIMIZERS.iter().skip(number + 1) {
            let kind = |text: &str| {
                ["SGD", "Adagrad", "RMSprop", "Adamax", "Adam"].into_iter().find(|name| text.contains(name))
            };
            let mut model = compiled(MODEL, other);
            let taken = model.load_safetensors(&bytes);
            if kind(optimizer) != kind(other) {
                let message = taken.unwrap_err().to_string();
                assert!(message.contains("another optimiser"), "{optimizer} by {other}: {message}");
                assert_eq!(model.steps(), 0);
            }
        }
        // One that an earlier version has written names no optimiser.
        let parts = Parts::of(&bytes);
        let earlier =
            parts.changed(true, |parts| drop(parts.description.as_object_mut().unwrap().remove("optimizer")));
        let mut model = compiled(MODEL, optimizer);
        model.load_safetensors(&earlier).unwrap();
        assert!(model.to_checkpoint().unwrap() == bytes, "{optimizer}");
    }
}

#[test]
fn a_layer_may_be_called_optimizer() {
    let described = MODEL.replace(r#""units": 3"#, r#""name": "optimizer", "units": 3"#);
    let mut model = compiled(&described, r#""Adam""#);
    train(&mut model, 2);
    let bytes = model.to_checkpoint().unwrap();
    let mut other = compiled(&described, r#""Adam""#);
    other.load_safetensors(&bytes).unwrap();
    assert_eq!((other.steps(), other.flat_weights()), (2, model.flat_weights()));
}

#[test]
fn a_training_that_has_no_finite_numbers_any_more_is_not_written_down() {
    let mut model =
        compiled(MODEL, r#"{"class_name": "SGD", "config": {"learning_rate": 1e30, "momentum": 0.9}}"#);
    for _ in 0..20 {
        train(&mut model, 1);
        let Err(error) = model.to_checkpoint() else {
            let bytes = model.to_checkpoint().unwrap();
            let mut other = compiled(
                MODEL,
                r#"{"class_name": "SGD", "config": {"learning_rate": 1e30, "momentum": 0.9}}"#,
            );
            other.load_safetensors(&bytes).unwrap();
            continue;
        };
        assert_is_a_sentence(&error.to_string(), "a training that has diverged");
        return;
    }
    panic!("it never diverges");
}
