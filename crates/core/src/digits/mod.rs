//! Handwritten digits as movements of a pen: generating them, varying them, and turning them into
//! the 28×28 pixels that a network sees.
//!
//! Everything here works on strokes for as long as it can; pixels come last. That keeps a small
//! and a large drawing of the same digit the same image, and lets one rasteriser serve the
//! drawing pad, the generated digits and recorded handwriting alike.

pub mod augment;
mod field;
pub mod generator;
pub mod rasterize;

pub use augment::{Augmentation, ImageAugmentation, StrokeAugmentation};
pub use generator::{Generated, generate, generate_images};
pub use rasterize::{Raster, Rasterize, Stages, rasterize, stages};

use alloc::vec::Vec;

/// A place on the writing area: x to the right, y down, both 0 to 1 from its left upper corner.
pub type Point = [f32; 2];

/// The points that the pen passed between touching the paper and leaving it, in order.
pub type Stroke = Vec<Point>;
