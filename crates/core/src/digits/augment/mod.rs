//! Small random changes that leave a digit the digit it is.

mod image;
mod strokes;

pub use image::{Augmentation, ImageAugmentation};
pub use strokes::StrokeAugmentation;
