//! Safetensors: weights, and checkpoints with what the optimiser remembers.

use super::descriptions::MODELS;
use super::{Kept, REAL, checkpointed, examples, seconds_for, used};
use crate::edits::{self, any_of, float};
use convscope_core::random::Random;
use convscope_core::{Model, Targets};
use serde_json::Value;
use std::sync::LazyLock;

/// What three of four files hold: the fewest layers with which there are kernels, biases and running averages.
const TINY: [&str; 2] = [
    r#"{"class_name": "Sequential", "config": {"layers": [
        {"class_name": "Dense", "config": {"units": 2, "batch_input_shape": [null, 3]}}]}}"#,
    r#"{"class_name": "Sequential", "config": {"layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [null, 3, 3, 1]}},
        {"class_name": "Conv2D", "config": {"filters": 1, "kernel_size": 2}},
        {"class_name": "BatchNormalization", "config": {}},
        {"class_name": "GlobalAveragePooling2D", "config": {}}]}}"#,
];

fn model(text: &str) -> Model {
    Model::from_json(text, 7).expect("the networks to start from")
}

/// Files of shipped models, tiny models and those with every layer, as often as is said of them.
struct Files {
    real: File,
    tiny: Vec<File>,
    small: Vec<File>,
}

impl Files {
    fn one(&self, random: &mut Random) -> &File {
        match random.below(REAL) {
            0 => &self.real,
            number if number % 4 == 0 => any_of(random, &self.small),
            _ => any_of(random, &self.tiny),
        }
    }
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

    /// The file with its bytes, its header with the length that it then has, what that says of the model, or only its
    /// content edited.
    fn edited(&self, random: &mut Random) -> Vec<u8> {
        let what = random.below(4);
        if what == 0 {
            let mut bytes = self.bytes.clone();
            edits::bytes(random, &mut bytes);
            return bytes;
        }
        let mut header = self.header.clone();
        if what == 1 {
            edits::json(random, &mut header);
        }
        if what == 2 {
            let mut description = self.description.clone();
            edits::json(random, &mut description);
            header["__metadata__"]["convscope"] = description.to_string().into();
        }
        let mut content = self.content.clone();
        if what == 3 && !content.is_empty() {
            // So that the file stays as long as its header says.
            let at = random.below(content.len() / 4) * 4;
            content[at..at + 4].copy_from_slice(&float(random).to_le_bytes());
        }
        if random.below(8) == 0 {
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
    static FILES: LazyLock<Files> = LazyLock::new(|| {
        let of = |texts: &[&str]| {
            let models = texts.iter().map(|text| model(text));
            let files = models.flat_map(|model| [model.to_safetensors(), model.to_safetensors_f16()]);
            files.map(File::new).collect()
        };
        Files { real: File::new(shipped().to_vec()), tiny: of(&TINY), small: of(&MODELS) }
    });
    FILES.one(random).edited(random)
}

pub(super) fn read_weights(input: &[u8], use_it: bool) -> Option<u32> {
    static STARTS: [Kept; 2] = [Kept::new(|| model(TINY[0])), Kept::new(|| model(MODELS[0]))];
    // Both where there is time for it.
    for start in if use_it { &STARTS[..] } else { &STARTS[..1] } {
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
fn read_model(input: &[u8], use_it: bool) -> Option<u32> {
    let mut model = Model::from_safetensors(input).ok()?;
    Some(if use_it { used(&mut model) } else { seconds_for(&model) })
}

const OPTIMIZERS: [&str; 6] = ["sgd", "adam", "adamw", "rmsprop", "adagrad", "adamax"];

pub(super) fn checkpoint(random: &mut Random) -> Vec<u8> {
    static FILES: LazyLock<Files> = LazyLock::new(|| {
        let file = |model, optimizer| {
            File::new(trained(model, optimizer).to_checkpoint().expect("a compiled model"))
        };
        let of = |texts: &[&str]| {
            let all = texts.iter().flat_map(|text| OPTIMIZERS.map(|name| file(model(text), name)));
            all.collect()
        };
        let real = Model::from_safetensors(shipped()).expect("a model that the page ships");
        Files { real: file(real, "adam"), tiny: of(&TINY), small: of(&MODELS) }
    });
    FILES.one(random).edited(random)
}

pub(super) fn read_checkpoint(input: &[u8], use_it: bool) -> Option<u32> {
    static START: Kept = Kept::new(|| trained(model(TINY[0]), "adam"));
    static BEFORE: LazyLock<Vec<u8>> =
        LazyLock::new(|| trained(model(TINY[0]), "adam").to_checkpoint().expect("a compiled model"));
    let mut model = START.take();
    let before = (model.steps(), model.flat_weights().to_vec());
    match model.load_safetensors(input) {
        Ok(()) => {
            assert!(model.flat_weights().iter().all(|weight| weight.is_finite()));
            let steps = model.steps();
            assert!(steps < 1 << 53, "{steps} steps are more than a page can count");
            let trained = model.train_step(&examples(6), Targets::OneHot(&examples(4)));
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
