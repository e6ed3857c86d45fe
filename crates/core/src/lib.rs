//! The network, its training and its explanation, with no JavaScript, no files, no clock and no
//! random source of its own: seeds, configurations and bytes go in, numbers come out.
#![no_std]
#![forbid(unsafe_code)]

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
mod optimizers;
pub mod random;
mod regularizers;
mod schedules;
pub mod shape;
pub mod surfaces;
#[cfg(test)]
mod test_support;
#[cfg(feature = "vectors")]
pub mod vectors;

pub use batch::Batch;
pub use config::{MAX_DESCRIPTION, MAX_LAYERS, Variation, varied};
pub use dataset::Dataset;
pub use error::{Error, Result};
pub use layers::{MAX_CURVE_POINTS, activation_curve};
pub use losses::Targets;
#[cfg(feature = "profile")]
pub use model::profile;
pub use model::{
    FeatureMaps, Gradients, LayerSummary, MAX_SHARDS, MAX_WEIGHTS, Metrics, Model, Replica, Share, Sum,
    Summary, WeightSummary, Weights,
};

/// `value.clamp(low, high)`, but it cannot panic: with core's formatting of floats, the message of that panic
/// would make the WebAssembly file 3 % larger. A NaN stays one.
fn clamp(value: f32, low: f32, high: f32) -> f32 {
    if value < low {
        low
    } else if value > high {
        high
    } else {
        value
    }
}

/// Refuses NaN and infinities, naming where the first one is.
fn check_finite(values: &[f32], what: &str) -> Result<()> {
    if convscope_kernels::elementwise::all_finite(convscope_kernels::level(), values) {
        return Ok(());
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(Error::value(alloc::format!(
            "{what}: every number must be finite, number {index} is {}",
            error::decimal(values[index])
        ))),
        None => Ok(()),
    }
}
