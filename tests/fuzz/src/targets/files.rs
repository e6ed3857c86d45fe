//! Safetensors: weights, and checkpoints with what the optimiser remembers.

use super::descriptions::MODELS;
use super::{Kept, REAL, checkpointed, examples, seconds_for, used};
use crate::edits::{self, any_of};
use convscope_core::random::Random;
use convscope_core::{Model, Targets};
use serde_json::Value;
use std::sync::LazyLock;

fn model(which: usize) -> Model {
    Model::from_json(MODELS[which], 7).expect("the networks to start from")
}

fn shipped() -> &'static [u8] {
    include_bytes!("../../../../web/models/convnet.safetensors")
}

/// The model once it has learnt for two steps.
fn trained(mut model: Model, optimizer: &str) -> Model {
    model.compile(&format!(r#"{{"optimizer": "{optimizer}", "loss": "mse"}}"#)).expect("an optimiser");
    let (x, y) = (examples(2 * model.input_shape().len()), examples(2 * model.outputs()));
    for _ in 0..2 {
        model.train_step(&x, Targets::OneHot(&y)).expect("a step");
    }
    model
}

/// A file to start from, taken apart once.
struct File {
    bytes: Vec<u8>,
    header: Value,
    /// What the header's metadata say of the model.
    description: Value,
    content: Vec<u8>,
}

impl File {
    fn new(bytes: Vec<u8>) -> Self {
        let (length, rest) = bytes.split_first_chunk().expect("a file begins with a length");
        let (header, content) = rest.split_at(u64::from_le_bytes(*length) as usize);
        let header: Value = serde_json::from_slice(header).expect("the header is JSON");
        let description = header["__metadata__"]["convscope"].as_str().expect("a file describes its model");
        let description = serde_json::from_str(description).expect("the description is JSON");
        Self { content: content.to_vec(), bytes, header, description }
    }

    /// The file with an edited header, as JSON with the length that it then has, or any of its bytes edited.
    fn edited(&self, random: &mut Random) -> Vec<u8> {
        if random.below(3) == 0 {
            let mut bytes = self.bytes.clone();
            edits::bytes(random, &mut bytes);
            return bytes;
        }
        let mut header = self.header.clone();
        if random.below(3) == 0 {
            let mut description = self.description.clone();
            edits::json(random, &mut description);
            header["__metadata__"]["convscope"] = description.to_string().into();
        } else {
            edits::json(random, &mut header);
        }
        let mut content = self.content.clone();
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
}

pub(super) fn weights(random: &mut Random) -> Vec<u8> {
    static SMALL: LazyLock<Vec<File>> = LazyLock::new(|| {
        let models = (0..MODELS.len()).map(model);
        models.flat_map(|model| [model.to_safetensors(), model.to_safetensors_f16()]).map(File::new).collect()
    });
    static SHIPPED: LazyLock<File> = LazyLock::new(|| File::new(shipped().to_vec()));
    let file = if random.below(REAL) == 0 { &SHIPPED } else { any_of(random, &SMALL) };
    file.edited(random)
}

pub(super) fn read_weights(input: &[u8], use_it: bool) -> u32 {
    static STARTS: [Kept; 2] = [Kept::new(|| model(0)), Kept::new(|| model(1))];
    for start in &STARTS {
        let mut model = start.take();
        let before = model.flat_weights().to_vec();
        match model.load_safetensors(input) {
            Ok(()) => assert!(model.flat_weights().iter().all(|weight| weight.is_finite())),
            Err(error) => {
                assert_eq!(model.flat_weights(), before, "a file that was refused changed the model");
                assert!(error.to_string().len() < 1000, "a message of {} bytes", error.to_string().len());
                start.put_back(model);
            }
        }
    }
    read_model(input, use_it)
}

/// Reads the whole model of a file.
fn read_model(input: &[u8], use_it: bool) -> u32 {
    match Model::from_safetensors(input) {
        Ok(mut model) if use_it => used(&mut model),
        Ok(model) => seconds_for(&model),
        Err(_) => 1,
    }
}

const OPTIMIZERS: [&str; 6] = ["sgd", "adam", "adamw", "rmsprop", "adagrad", "adamax"];

pub(super) fn checkpoint(random: &mut Random) -> Vec<u8> {
    static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
        let all = (0..MODELS.len()).flat_map(|which| OPTIMIZERS.map(|name| trained(model(which), name)));
        all.map(|model| File::new(model.to_checkpoint().expect("a compiled model"))).collect()
    });
    static LARGE: LazyLock<File> = LazyLock::new(|| {
        let model = Model::from_safetensors(shipped()).expect("a model that the page ships");
        File::new(trained(model, "adam").to_checkpoint().expect("a compiled model"))
    });
    let file = if random.below(REAL) == 0 { &LARGE } else { any_of(random, &FILES) };
    file.edited(random)
}

pub(super) fn read_checkpoint(input: &[u8], use_it: bool) -> u32 {
    static START: Kept = Kept::new(|| trained(model(2), "adam"));
    static BEFORE: LazyLock<Vec<u8>> =
        LazyLock::new(|| trained(model(2), "adam").to_checkpoint().expect("a compiled model"));
    let mut model = START.take();
    let before = (model.steps(), model.flat_weights().to_vec());
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
            let after = (model.steps(), model.flat_weights().to_vec());
            assert_eq!(after, before, "a checkpoint that was refused changed the model");
            if use_it {
                assert_eq!(
                    model.to_checkpoint().ok().as_ref(),
                    Some(&*BEFORE),
                    "and what its optimiser knows"
                );
            }
            START.put_back(model);
        }
    }
    read_model(input, use_it)
}
