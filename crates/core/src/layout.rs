//! From the order of an image's axes that Keras has and the engine keeps to, channels last, to the channel planes that maps
//! are shown as.

use crate::shape::Shape;
use convscope_kernels::transpose;

/// One example's output, `[height, width, channels]`, as channel planes.
pub(crate) fn write_planes(pixels: &[f32], shape: Shape, planes: &mut [f32]) {
    transpose(&pixels[..shape.len()], shape.channels(), planes, shape.positions());
}
