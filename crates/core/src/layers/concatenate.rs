//! Concatenate: the channels of all inputs, one input's behind the other's.

use super::{Backward, Forward, Layer, Operation};
use crate::config::Arguments::{self, Read};
use crate::config::{LayerConfig, echo};
use crate::shape::{MAX_SIZE, Shape};
use crate::{Error, Result};
use alloc::{format, vec::Vec};
use core::ops::Range;

const ARGUMENTS: &[Arguments] = &[Read(&["axis"])];

/// Every pixel has the channels of the first input, then those of the second, and so on.
pub(super) struct Concatenate {
    /// The channels of each input.
    channels: Vec<usize>,
    output: Shape,
}

impl Concatenate {
    pub(super) fn new(config: &LayerConfig, inputs: &[Shape]) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        if let Some(axis) = fields.value("axis") {
            // Keras counts the batch as axis 0.
            let last = inputs[0].sizes().len() as i64;
            if !matches!(axis.as_i64(), Some(axis) if axis == -1 || axis == last) {
                return Err(Error::config(format!(
                    "axis: only the last axis ({last} or -1) is supported, got {}",
                    echo(axis)
                )));
            }
        }
        if inputs.len() < 2 {
            return Err(Error::config("Concatenate needs at least 2 inputs, got 1"));
        }
        let but_channels = |shape: Shape| {
            let mut sizes = shape.sizes();
            sizes.pop();
            sizes
        };
        if let Some(other) = inputs.iter().find(|&&shape| but_channels(shape) != but_channels(inputs[0])) {
            return Err(Error::shape(format!(
                "inputs need the same shape but for the channels, got {} and {other}",
                inputs[0]
            )));
        }
        let channels: Vec<usize> = inputs.iter().map(|shape| shape.channels()).collect();
        let all = channels.iter().sum();
        if all > MAX_SIZE {
            return Err(Error::limit(format!("sizes go up to {MAX_SIZE}, got {all} channels")));
        }
        Ok(Self { channels, output: inputs[0].with_channels(all) })
    }

    /// The channels of the output that input number `place` has.
    fn part(&self, place: usize) -> Range<usize> {
        let start = self.channels[..place].iter().sum();
        start..start + self.channels[place]
    }
}

impl Layer for Concatenate {
    fn output_shape(&self) -> Shape {
        self.output
    }

    fn operation(&self) -> Operation {
        Operation::Concatenation
    }

    fn forward(&self, pass: Forward<'_>) {
        for (place, &channels) in self.channels.iter().enumerate() {
            let pixels = pass.output.chunks_exact_mut(self.output.channels());
            for (pixel, values) in pixels.zip(pass.inputs.get(place).chunks_exact(channels)) {
                pixel[self.part(place)].copy_from_slice(values);
            }
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        let part = self.part(pass.place);
        let pixels = pass.output_gradient.chunks_exact(self.output.channels());
        for (gradient, pixel) in input_gradient.chunks_exact_mut(part.len()).zip(pixels) {
            gradient.copy_from_slice(&pixel[part.clone()]);
        }
    }
}
