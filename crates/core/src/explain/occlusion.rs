//! Occlusion: what the network answers when a part of the image is hidden (Zeiler, Fergus 2014, section 4.2).

use crate::model::{Model, Setting};
use crate::numbers::{check_finite, zeros};
use crate::shape::centred_window;
use crate::{Error, Result};
use alloc::{format, vec::Vec};

/// The answers to one image with a square laid over it.
#[derive(Clone, Debug)]
pub struct Occlusion {
    /// Places of the square along the height.
    pub rows: usize,
    /// Places of the square along the width.
    pub columns: usize,
    /// `[rows, columns, outputs]`
    pub probabilities: Vec<f32>,
}

impl Model {
    /// The outputs for the one image `x` with a square of `size` × `size` pixels of `value` centred on every
    /// `stride`-th pixel in turn, in all channels.
    ///
    /// # Errors
    /// If the model's input is no image, `x` is not one of finite numbers, `size` is not odd, a number is out
    /// of range, or there is no memory for the outputs.
    pub fn occlude(&mut self, x: &[f32], size: usize, stride: usize, value: f32) -> Result<Occlusion> {
        let [height, width, channels] = self.network.input.image("occlusion")?;
        if size.is_multiple_of(2) {
            return Err(Error::value(format!(
                "size: an odd number, so that a pixel is in the middle, got {size}"
            )));
        }
        let (rows, columns) = (centred_window(height, size, stride)?, centred_window(width, size, stride)?);
        check_finite(&[value], "value")?;
        self.read_one(x, false)?;

        let Self { network, weights, level, workspace, .. } = self;
        let output = network.output();
        let places = rows.output * columns.output;
        let mut probabilities = zeros(places.saturating_mul(output.len()))?;
        let chunk = network.chunk(places, false);
        workspace.reserve(network, chunk, false)?;
        for (number, probabilities) in probabilities.chunks_mut(chunk * output.len()).enumerate() {
            let examples = probabilities.len() / output.len();
            let images = workspace.input.chunks_exact_mut(x.len()).take(examples);
            for (place, image) in (number * chunk..).zip(images) {
                image.copy_from_slice(x);
                let (top, bottom) = rows.span(place / columns.output);
                let (left, right) = columns.span(place % columns.output);
                let pitch = width * channels;
                for row in image[top * pitch..bottom * pitch].chunks_exact_mut(pitch) {
                    row[left * channels..right * channels].fill(value);
                }
            }
            let setting = Setting { level: *level, weights, examples, pass: None, keep_logits: false };
            network.forward_to(network.nodes.len(), setting, workspace);
            probabilities.copy_from_slice(workspace.last_output(probabilities.len()));
        }
        Ok(Occlusion { rows: rows.output, columns: columns.output, probabilities })
    }
}
