//! The network, its training and its explanation, with no JavaScript, no files, no clock and no
//! random source of its own: seeds, configurations and bytes go in, numbers come out.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(clippy::disallowed_macros, clippy::disallowed_methods, reason = "tests are not downloaded")
)]

extern crate alloc;
#[cfg(any(test, feature = "std"))]
extern crate std;

mod batch;
mod config;
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
pub use dataset::Dataset;
pub use error::{Error, ErrorKind, Result};
pub use layers::Operation;
pub use losses::Targets;
#[cfg(feature = "profile")]
pub use model::profile;
pub use model::{
    ActivationSummary, Evaluation, FeatureMaps, Gradients, KernelSummary, LayerMaps, LayerSummary,
    MAX_SHARDS, MAX_WEIGHTS, Metrics, Model, Observation, ReceptiveFieldSummary, Replica, Share, Step, Sum,
    Summary, WeightSummary, Weights, WindowSummary,
};
pub use shift::shift_images;
pub use split::{Split, shuffled, split};
