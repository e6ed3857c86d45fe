//! One target a reader: how an input is made, and how it is read and used.

mod descriptions;
mod drawings;
mod files;
mod graphs;
mod numbers;
mod tables;

use convscope_core::explain::{ReluRule, UnitPlace};
use convscope_core::random::Random;
use convscope_core::{Model, Targets};
use std::sync::Mutex;

/// A reader of the core.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// Makes an input.
    pub(crate) make: fn(&mut Random) -> Vec<u8>,
    /// Reads it and, if asked to, uses what came out; panics where that breaks a promise. Answers with how many seconds it
    /// may take, or with nothing if it is refused.
    pub(crate) read: fn(&[u8], bool) -> Option<u32>,
    /// In a long run, one execution in so many uses what came out.
    pub(crate) used_every: u64,
    /// How often the tests run it.
    pub(crate) bounded: u64,
}

/// One input in so many is made of something as large as what the page works with.
pub(crate) const REAL: usize = 512;

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "description",
        make: descriptions::description,
        read: descriptions::read,
        used_every: 32,
        bounded: 750,
    },
    Target {
        name: "variation",
        make: descriptions::description,
        read: descriptions::read_varied,
        used_every: 32,
        bounded: 500,
    },
    Target {
        name: "graph",
        make: graphs::description,
        read: descriptions::read,
        used_every: 32,
        bounded: 750,
    },
    Target {
        name: "graph-variation",
        make: graphs::description,
        read: descriptions::read_varied,
        used_every: 32,
        bounded: 500,
    },
    Target {
        name: "training",
        make: descriptions::training,
        read: descriptions::read_training,
        used_every: 8,
        bounded: 1250,
    },
    Target {
        name: "safetensors",
        make: files::weights,
        read: files::read_weights,
        used_every: 32,
        bounded: 750,
    },
    Target {
        name: "checkpoint",
        make: files::checkpoint,
        read: files::read_checkpoint,
        used_every: 32,
        bounded: 750,
    },
    Target { name: "idx", make: tables::idx, read: tables::read_idx, used_every: 32, bounded: 5000 },
    Target {
        name: "dataset",
        make: tables::dataset,
        read: tables::read_dataset,
        used_every: 32,
        bounded: 1250,
    },
    Target {
        name: "strokes",
        make: drawings::strokes,
        read: drawings::read_strokes,
        used_every: 32,
        bounded: 300,
    },
    Target {
        name: "augmentation",
        make: drawings::augmentation,
        read: drawings::read_augmentation,
        used_every: 32,
        bounded: 300,
    },
    Target {
        name: "surface",
        make: numbers::surface,
        read: numbers::read_surface,
        used_every: 4,
        bounded: 1250,
    },
    Target {
        name: "activation",
        make: numbers::activation,
        read: numbers::read_activation,
        used_every: 1,
        bounded: 2500,
    },
    Target { name: "rows", make: numbers::rows, read: numbers::read_rows, used_every: 4, bounded: 1250 },
    Target {
        name: "windows",
        make: numbers::windows,
        read: numbers::read_windows,
        used_every: 1,
        bounded: 5000,
    },
];

/// The text of an input, if it is some: the bindings hand over nothing else.
fn text(input: &[u8]) -> Option<&str> {
    str::from_utf8(input).ok()
}

/// Numbers from 0 to 1 for so many examples.
fn examples(len: usize) -> Vec<f32> {
    (0..len).map(|index| (index * 37 % 101) as f32 / 100.0).collect()
}

/// The largest network and the largest images that are used, not only built: LeNet-5 has 61,706 weights.
const MOST_WEIGHTS: usize = 1 << 16;
const MOST_PIXELS: usize = 1 << 10;

/// The seconds that building this model may take: 2 million weights take a second to draw.
fn seconds_for(model: &Model) -> u32 {
    1 + (model.flat_weights().len() >> 21) as u32
}

/// A model that is made once, and again only after an input that it took: one that it refused has changed nothing.
struct Kept {
    make: fn() -> Model,
    model: Mutex<Option<Model>>,
}

impl Kept {
    const fn new(make: fn() -> Model) -> Self {
        Self { make, model: Mutex::new(None) }
    }

    fn take(&self) -> Model {
        self.model.lock().expect("nothing panics here").take().unwrap_or_else(self.make)
    }

    fn put_back(&self, model: Model) {
        *self.model.lock().expect("nothing panics here") = Some(model);
    }
}

/// Does with a model what the page does: it predicts, explains, learns, is written and read again. Answers with the
/// seconds that a model of its size may take.
fn used(model: &mut Model) -> u32 {
    let again =
        Model::from_json(&model.to_json(), model.seed()).expect("a description that was written can be read");
    assert_eq!(again.to_json(), model.to_json(), "a description changes when it is written and read");
    let pixels = model.input_shape().len();
    if model.flat_weights().len() > MOST_WEIGHTS || pixels > MOST_PIXELS {
        return seconds_for(model);
    }
    let file = model.to_safetensors();
    let mut again = Model::from_safetensors(&file).expect("a file that was written can be read");
    assert_eq!(again.to_safetensors(), file, "a file changes when it is written and read");
    let x = examples(2 * pixels);
    // A network may be refused here for its size, or for weights beyond what f32 can add up.
    let Ok(outputs) = model.predict(&x) else { return 1 };
    assert_eq!(outputs.len(), 2 * model.outputs());
    assert_eq!(bits(&again.predict(&x).expect("as before")), bits(&outputs), "weights change in a file");
    explained(model, &x[..pixels]);
    if model
        .compile(r#"{"optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.01}}, "loss": "mse"}"#)
        .is_ok()
    {
        let _ = model.train_step(&x, Targets::OneHot(&examples(2 * model.outputs())));
        checkpointed(model);
    }
    1
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// Writes what the optimiser knows too, and reads it again. What has become infinite or NaN is refused.
fn checkpointed(model: &Model) {
    let Ok(file) = model.to_checkpoint() else { return };
    match Model::from_safetensors(&file) {
        Ok(again) => assert_eq!(
            bits(again.flat_weights()),
            bits(model.flat_weights()),
            "weights change in a checkpoint"
        ),
        Err(error) => assert!(model.flat_weights().iter().any(|weight| !weight.is_finite()), "{error}"),
    }
}

/// Asks all that views ask of one image.
fn explained(model: &mut Model, x: &[f32]) {
    let Ok(observation) = model.observe(x) else { return };
    for layer in &observation.layers {
        let unit = layer.shape[2] - 1;
        let place =
            UnitPlace { layer: &layer.name, unit, row: layer.shape[0] - 1, column: layer.shape[1] - 1 };
        let _ = model.explain_unit(x, place);
        let _ = model.regions(place);
        let _ = model.channel_maps(x, &layer.name, unit);
        let _ = model.project(x, &layer.name, unit, None, ReluRule::Guided);
        let _ = model.features(x, &layer.name);
    }
    let _ = model.class_activation(x, 0);
    let _ = model.occlude(x, 3, 2, 0.0);
}
