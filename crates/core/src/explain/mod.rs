//! What a network does and why: one file an explanation. Most are methods of [`Model`](crate::Model), which change nothing
//! in it.

mod components;
mod features;
mod nearest;
mod place;
mod projection;
mod receptive_field;
mod unit;
mod walk;

pub use components::{Components, MOST_DIRECTIONS, coordinates, principal_components};
pub use nearest::{MOST_NEAREST, nearest_rows};
pub use place::UnitPlace;
pub use projection::Projection;
pub use receptive_field::Region;
pub use unit::{UnitArithmetic, WindowPlace};
pub use walk::Rule;
