//! Between Keras' order of an image's axes, channels last, and the channel planes that are used inside.

use crate::shape::Shape;
use convscope_kernels::transpose;

/// Examples in Keras' order, `[n, height, width, channels]`, as channel planes.
pub(crate) fn read_planes(pixels: &[f32], shape: Shape, planes: &mut [f32]) {
    for (pixels, planes) in pixels.chunks_exact(shape.len()).zip(planes.chunks_exact_mut(shape.len())) {
        transpose(pixels, shape.channels(), planes, shape.positions());
    }
}

/// Channel planes in Keras' order, `[n, height, width, channels]`.
pub(crate) fn write_pixels(planes: &[f32], shape: Shape, pixels: &mut [f32]) {
    for (planes, pixels) in planes.chunks_exact(shape.len()).zip(pixels.chunks_exact_mut(shape.len())) {
        transpose(planes, shape.positions(), pixels, shape.channels());
    }
}
