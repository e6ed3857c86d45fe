//! AveragePooling2D: the mean under a window.

use super::pooling::Pooling;
use super::{Backward, Forward, Layer};
use crate::Result;
use crate::config::Fields;
use crate::shape::{Shape, Window2D};

/// The mean of each channel under each position of the window; padding is not counted.
#[derive(Debug)]
pub(super) struct AveragePooling2D(Pooling);

impl AveragePooling2D {
    pub(super) fn new(fields: &Fields<'_>, input: Shape) -> Result<Self> {
        Pooling::new("AveragePooling2D", fields, input).map(Self)
    }
}

impl Layer for AveragePooling2D {
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
                let sum: f32 = pixels.indices().map(|pixel| input[pixel]).sum();
                output[index] = sum / pixels.count() as f32;
            });
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        input_gradient.fill(0.0);
        let gradients = pass.output_gradient.chunks_exact(self.0.output_plane());
        for (gradient, input_gradient) in gradients.zip(input_gradient.chunks_exact_mut(self.0.input_plane()))
        {
            self.0.for_each_position(|index, pixels| {
                let share = gradient[index] / pixels.count() as f32;
                pixels.indices().for_each(|pixel| input_gradient[pixel] += share);
            });
        }
    }
}
