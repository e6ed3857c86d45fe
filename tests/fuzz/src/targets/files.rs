//! Safetensors: weights, and checkpoints with what the optimiser remembers.

use super::descriptions::MODELS;
use super::{checkpointed, examples, used};
use crate::edits::{self, one};
use convscope_core::random::Random;
use convscope_core::{Model, Targets};
use serde_json::Value;

fn model(which: usize) -> Model {
    Model::from_json(MODELS[which], 7).expect("the networks to start from")
}

/// A model that has learnt for two steps.
fn trained(which: usize, optimizer: &str) -> Model {
    let mut model = model(which);
    model.compile(&format!(r#"{{"optimizer": "{optimizer}", "loss": "mse"}}"#)).expect("an optimiser");
    let (x, y) = (examples(2 * model.input_shape().len()), examples(2 * model.outputs()));
    for _ in 0..2 {
        model.train_step(&x, Targets::OneHot(&y)).expect("a step");
    }
    model
}

/// Edits a file: its header as JSON with the length that it then has, or any of its bytes.
fn edited(random: &mut Random, mut file: Vec<u8>) -> Vec<u8> {
    if random.below(3) == 0 {
        edits::bytes(random, &mut file);
        return file;
    }
    let length = file.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes)) as usize;
    let mut header: Value = serde_json::from_slice(&file[8..8 + length]).expect("the header is JSON");
    let description = header.pointer("/__metadata__/convscope").and_then(Value::as_str).map(str::to_owned);
    match (random.below(3), description) {
        // What the description within the header says, too.
        (0, Some(text)) => {
            let mut value: Value = serde_json::from_str(&text).expect("the description is JSON");
            edits::json(random, &mut value);
            header["__metadata__"]["convscope"] = value.to_string().into();
        }
        _ => edits::json(random, &mut header),
    }
    let mut content = file[8 + length..].to_vec();
    if random.below(3) == 0 {
        edits::bytes(random, &mut content);
    }
    let header = header.to_string();
    let mut length = (header.len() as u64).to_le_bytes().to_vec();
    if random.below(20) == 0 {
        edits::bytes(random, &mut length);
    }
    [&length, header.as_bytes(), &content].concat()
}

pub(super) fn weights(random: &mut Random) -> Vec<u8> {
    let model = model(random.below(MODELS.len()));
    let file = if random.below(2) == 0 { model.to_safetensors() } else { model.to_safetensors_f16() };
    edited(random, file)
}

pub(super) fn read_weights(input: &[u8]) -> u32 {
    for which in 0..2 {
        let mut model = model(which);
        let before = model.to_safetensors();
        match model.load_safetensors(input) {
            Ok(()) => assert!(model.flat_weights().iter().all(|weight| weight.is_finite())),
            Err(error) => {
                assert_eq!(model.to_safetensors(), before, "a file that was refused changed the model");
                assert!(error.to_string().len() < 1000, "a message of {} bytes", error.to_string().len());
            }
        }
    }
    Model::from_safetensors(input).map_or(1, |mut model| used(&mut model))
}

const OPTIMIZERS: [&str; 6] = ["sgd", "adam", "adamw", "rmsprop", "adagrad", "adamax"];

pub(super) fn checkpoint(random: &mut Random) -> Vec<u8> {
    let model = trained(random.below(MODELS.len()), one(random, &OPTIMIZERS));
    edited(random, model.to_checkpoint().expect("a compiled model"))
}

pub(super) fn read_checkpoint(input: &[u8]) -> u32 {
    let mut model = trained(2, "adam");
    let before = model.to_checkpoint().expect("a compiled model");
    match model.load_safetensors(input) {
        Ok(()) => {
            assert!(model.flat_weights().iter().all(|weight| weight.is_finite()));
            let steps = model.steps();
            assert!(steps < 1 << 53, "{steps} steps are more than a page can count");
            let trained = model.train_step(&examples(14), Targets::OneHot(&examples(4)));
            assert!(trained.is_err() || model.steps() == steps + 1);
            checkpointed(&model);
        }
        Err(_) => {
            assert_eq!(
                model.to_checkpoint().ok(),
                Some(before),
                "a checkpoint that was refused changed the model"
            );
        }
    }
    Model::from_safetensors(input).map_or(1, |mut model| used(&mut model))
}
