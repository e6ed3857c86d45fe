//! Convolutional networks that can be seen through: built from Keras' own description, trained, and taken apart
//! down to one multiplication and addition.
//!
//! A [`Model`] is a network with its weights. What goes in are seeds, descriptions as JSON text, bytes
//! and slices of `f32`; what comes out are numbers. The crate knows no JavaScript, no files, no clock and no random
//! source of its own, holds no `unsafe`, and panics on no input: whatever a call cannot do is an [`Error`] of one
//! sentence, and a call that returned one has changed nothing.
//!
//! # Build, predict, explain, train
//!
//! ```
//! use convscope_core::digits::generate_images;
//! use convscope_core::explain::UnitPlace;
//! use convscope_core::{Dataset, Model};
//!
//! # fn main() -> convscope_core::Result<()> {
//! // What keras.Sequential.to_json() writes, or as little of it as this.
//! let description = r#"{"class_name": "Sequential", "config": {"layers": [
//!     {"class_name": "InputLayer", "config": {"batch_shape": [null, 28, 28, 1]}},
//!     {"class_name": "Conv2D", "config": {"filters": 6, "kernel_size": 5, "activation": "relu"}},
//!     {"class_name": "MaxPooling2D", "config": {"pool_size": 4}},
//!     {"class_name": "Flatten", "config": {}},
//!     {"class_name": "Dense", "config": {"units": 10, "activation": "softmax"}}]}}"#;
//! let mut model = Model::from_json(description, 1)?;
//! assert_eq!(model.summary().params, 2326);
//!
//! // Digits that the crate writes itself, 28×28 bytes each.
//! let (pixels, labels) = generate_images(7, 0, 320)?;
//! let data = Dataset::new(pixels, labels.into_iter().map(u16::from).collect(), [28, 28, 1])?;
//! let x = data.example(0);
//! assert_eq!(model.predict(&x)?.len(), 10);
//!
//! // How one value of the first layer comes about: a patch of the image times the kernel, summed.
//! let place = UnitPlace { layer: "conv2d", unit: 3, row: 10, column: 12 };
//! let unit = model.explain_unit(&x, place)?;
//! let sum: f32 = unit.patches.iter().zip(&unit.kernel).map(|(pixel, weight)| pixel * weight).sum();
//! assert!((unit.output - (sum + unit.bias).max(0.0)).abs() < 1e-5);
//!
//! // Ten epochs of ten mini-batches.
//! model.compile(r#"{"optimizer": "adam", "loss": "sparse_categorical_crossentropy"}"#)?;
//! let all: Vec<u32> = (0..320).collect();
//! let before = model.evaluate_on(&data, &all)?;
//! for epoch in 0..10 {
//!     for batch in data.order(1, epoch).chunks(32) {
//!         model.train_step_on(&data, batch)?;
//!     }
//! }
//! assert!(model.evaluate_on(&data, &all)?.accuracy > before.accuracy + 0.3);
//! # Ok(())
//! # }
//! ```
//!
//! The folder `examples/` has more of each: `cargo run --release --example train`.
//!
//! # Where what is
//!
//! | | |
//! |---|---|
//! | [`Model`] | building, predicting, training, weights, files |
//! | [`explain`] | why: a unit's arithmetic, saliency, occlusion, receptive fields, strongest patches, components |
//! | [`Step`], [`Share`], [`Replica`] | a training step that several workers compute to the same bits as one |
//! | [`Dataset`], [`Batch`], [`Targets`] | what is trained on |
//! | [`digits`] | from pen strokes to MNIST's 28×28 pixels, generated digits, augmentation |
//! | [`surfaces`] | optimisers on their way over surfaces of two parameters |
//! | [`shape`] | output sizes and receptive fields |
//! | [`formats`], [`random`] | IDX files; the one random generator |
//!
//! # Conventions
//!
//! Names, defaults, layouts and numbers are those of [Keras 3](https://keras.io/api/): images are channels-last,
//! kernels `[rows, columns, channels, filters]`, and tests hold every layer, loss and optimiser against golden
//! numbers from Keras and PyTorch. Feature maps are handed out as planes, one plane a map. The same seed, build and
//! order of calls give the same bits, however many workers train. All computing is in `f32`, and there is no type
//! for tensors: slices and shapes do.
//!
//! # Features
//!
//! | | |
//! |---|---|
//! | `std` (default) | the processor's instruction set is detected at run time; without it the crate needs only `alloc` |
//! | `profile` | a training step in parts that can be timed one by one |
//! | `vectors` | the checker that compares a build with the golden numbers |
//!
//! # Sources
//!
//! Each item names what it is taken from. The most important: LeCun et al. 1998 (LeNet-5, MNIST), Lavin and Gray
//! 2016 (Winograd's convolution), Kingma and Ba 2015 (Adam), Ioffe and Szegedy 2015 (batch normalisation), Zeiler
//! and Fergus 2014 (deconvnet, strongest patches, occlusion), Luo et al. 2016 (effective receptive fields).
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::disallowed_macros, clippy::disallowed_methods))]

extern crate alloc;
#[cfg(any(test, feature = "std"))]
extern crate std;

mod batch;
mod config;
#[cfg(feature = "complete")]
mod constraints;
mod dataset;
pub mod digits;
mod error;
pub mod explain;
pub mod formats;
mod initializers;
mod layers;
mod layout;
mod losses;
mod model;
mod numbers;
mod optimizers;
pub mod random;
mod regularizers;
mod schedules;
pub mod shape;
mod shift;
mod split;
pub mod surfaces;
#[cfg(feature = "vectors")]
pub mod vectors;

pub use batch::Batch;
pub use config::{MAX_DESCRIPTION, MAX_LAYERS, Variation, varied};
pub use dataset::{Dataset, Epochs};
pub use error::{Error, ErrorKind, Result};
pub use layers::Operation;
pub use losses::Targets;
#[cfg(feature = "profile")]
pub use model::profile;
pub use model::{
    ActivationSummary, Answers, Evaluation, FeatureMaps, Gradients, KernelSummary, LayerMaps, LayerSummary,
    MAX_SHARDS, MAX_WEIGHTS, Metrics, Model, Observation, ReceptiveFieldSummary, Replica, Share, Step, Sum,
    Summary, WeightSummary, Weights, WindowSummary,
};
pub use numbers::check_memory;
pub use shift::shift_images;
pub use split::{Split, shuffled, split};
