//! What a network does and why: one file an explanation. Most are methods of [`Model`](crate::Model), which
//! change nothing in it.

mod channel_maps;
mod class_activation;
mod components;
mod curve;
mod features;
mod maximization;
#[cfg(feature = "complete")]
mod merged;
mod nearest;
mod occlusion;
mod place;
mod projection;
mod receptive_field;
mod saturation;
mod strongest;
mod truncated;
mod unit;

pub use class_activation::ClassActivation;
pub use components::{Components, MAX_DIRECTIONS, coordinates, principal_components};
pub use curve::{MAX_CURVE_POINTS, activation_curve};
pub use maximization::{MAX_ASCENT_STEPS, Maximization};
pub use nearest::{MAX_NEAREST, nearest_rows};
pub use occlusion::Occlusion;
pub use place::{UnitPlace, WindowPlace};
pub use projection::Projection;
pub use receptive_field::Region;
pub use saturation::{Saturation, saturation};
pub use strongest::{PLACES, RankedLayer, Ranking, merge_rankings};
pub use truncated::ReluRule;
pub use unit::UnitArithmetic;
