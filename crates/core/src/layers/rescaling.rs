//! Rescaling: every value times a number, plus a number.

use super::affine::{self, Affine, number_of, numbers_field};
use super::{Backward, Forward, Layer, Operation};
use crate::config::Arguments::{self, Read};
use crate::config::LayerConfig;
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::vec::Vec;

const ARGUMENTS: &[Arguments] = &[Read(&["scale", "offset"])];

/// `input · scale + offset`, each a number for all channels or one for each.
pub(super) struct Rescaling {
    shape: Shape,
    scale: Vec<f32>,
    offset: Vec<f32>,
}

impl Rescaling {
    pub(super) fn new(config: &LayerConfig, shape: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        let scale = numbers_field(&fields, "scale", shape)?;
        let scale = scale.ok_or_else(|| Error::config("scale: missing"))?;
        let offset = numbers_field(&fields, "offset", shape)?.unwrap_or_default();
        Ok(Self { shape, scale, offset })
    }

    fn of(&self, channel: usize) -> Affine {
        let (factor, offset) = (number_of(&self.scale, channel), number_of(&self.offset, channel));
        Affine { center: 0.0, factor, offset }
    }
}

impl Layer for Rescaling {
    fn output_shape(&self) -> Shape {
        self.shape
    }

    fn operation(&self) -> Operation {
        Operation::Normalization
    }

    fn keeps_sign(&self) -> bool {
        self.scale.iter().chain(&self.offset).all(|&number| number >= 0.0)
    }

    fn weights_of(&self, channel: usize, _weights: &[f32]) -> (Vec<f32>, f32) {
        self.of(channel).weights()
    }

    fn forward(&self, pass: Forward<'_>) {
        affine::forward(self.shape.channels(), pass.input, pass.output, &|channel| self.of(channel));
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        let channels = self.shape.channels();
        affine::backward(channels, pass.output_gradient, input_gradient, &|channel| self.of(channel));
    }
}
