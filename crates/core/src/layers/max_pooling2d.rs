//! MaxPooling2D: the largest value under a window.

use super::pooling::Pooling;
use super::{Backward, Forward, Layer};
use crate::Result;
use crate::config::Fields;
use crate::shape::{Shape, Window2D};

/// The largest value of each channel under each position of the window; padding is never the largest.
#[derive(Debug)]
pub(super) struct MaxPooling2D(Pooling);

impl MaxPooling2D {
    pub(super) fn new(fields: &Fields<'_>, input: Shape) -> Result<Self> {
        Pooling::new("MaxPooling2D", fields, input).map(Self)
    }
}

impl Layer for MaxPooling2D {
    fn output_shape(&self) -> Shape {
        self.0.output_shape()
    }

    fn window(&self) -> Option<Window2D> {
        Some(self.0.window)
    }

    fn forward(&self, pass: Forward<'_>) {
        let inputs = pass.input.chunks_exact(self.0.input_plane());
        for (input, output) in inputs.zip(pass.output.chunks_exact_mut(self.0.output_plane())) {
            self.0.for_each_position(|index, pixels| {
                let values = pixels.indices().map(|pixel| input[pixel]);
                output[index] = values.reduce(|a, b| if b > a || b.is_nan() { b } else { a }).unwrap_or(0.0);
            });
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        input_gradient.fill(0.0);
        let (input_plane, output_plane) = (self.0.input_plane(), self.0.output_plane());
        let planes = pass.input.chunks_exact(input_plane).zip(pass.output.chunks_exact(output_plane));
        let gradients = pass.output_gradient.chunks_exact(output_plane);
        for (((input, output), gradient), input_gradient) in
            planes.zip(gradients).zip(input_gradient.chunks_exact_mut(input_plane))
        {
            self.0.for_each_position(|index, pixels| {
                // Of equal values the first gets the gradient, as in TensorFlow and PyTorch.
                if let Some(pixel) = pixels.indices().find(|&pixel| input[pixel] == output[index]) {
                    input_gradient[pixel] += gradient[index];
                }
            });
        }
    }
}
