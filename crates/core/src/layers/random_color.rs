//! RandomContrast and RandomBrightness: layers that in training change the values of every image alike, and are the identity
//! outside of it.

use super::random_placement::factor;
use super::{Backward, Forward, Layer, check_data_format};
use crate::config::Arguments::{self, Ignored, Read};
use crate::config::{Fields, LayerConfig, echo};
use crate::numbers::clamp;
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::format;

/// `data_format` is that of Keras' base class.
const ARGUMENTS: &[Arguments] = &[Read(&["factor", "value_range", "data_format"]), Ignored(&["seed"])];

/// `(x − mean) · contrast + mean + brightness`, the mean over the pixels of each channel, kept inside `value_range`. One of
/// contrast and brightness is drawn for each image, evenly from `drawn`.
pub(super) struct RandomColor {
    shape: Shape,
    is_contrast: bool,
    drawn: [f32; 2],
    value_range: [f32; 2],
}

impl RandomColor {
    pub(super) fn new(config: &LayerConfig, shape: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        check_data_format(&fields)?;
        shape.image(&config.class_name)?;
        let is_contrast = config.class_name == "RandomContrast";
        let [lower, upper] = factor(&fields, "factor")?.unwrap_or_default();
        let value_range = value_range(&fields)?;
        let drawn = if is_contrast {
            // As in Keras, one number stands for no less contrast and up to so much more.
            let is_one = fields.value("factor").is_some_and(|factor| !factor.is_array());
            [1.0 - if is_one { 0.0 } else { lower }, 1.0 + upper]
        } else {
            [lower, upper].map(|factor| factor * (value_range[1] - value_range[0]))
        };
        Ok(Self { shape, is_contrast, drawn, value_range })
    }

    fn is_inside(&self, value: f32) -> bool {
        (self.value_range[0]..=self.value_range[1]).contains(&value)
    }

    /// What becomes of a channel's values before they are kept inside the range, by its mean and the drawn number.
    fn changed(&self, value: f32, mean: f32, drawn: f32) -> f32 {
        if self.is_contrast { (value - mean) * drawn + mean } else { value + drawn }
    }

    /// The mean of what `values` gives for the places of one channel of one image.
    fn mean(&self, channel: usize, values: impl Fn(usize) -> f32) -> f32 {
        let sum: f64 = self.places(channel).map(|place| f64::from(values(place))).sum();
        (sum / self.shape.positions() as f64) as f32
    }

    fn places(&self, channel: usize) -> impl Iterator<Item = usize> + use<> {
        (channel..self.shape.len()).step_by(self.shape.channels())
    }
}

/// The least and the largest value of an image, in any order.
fn value_range(fields: &Fields<'_>) -> Result<[f32; 2]> {
    let Some(value) = fields.value("value_range") else { return Ok([0.0, 255.0]) };
    let number =
        |value: &serde_json::Value| value.as_f64().map(|number| number as f32).filter(|n| n.is_finite());
    let range = match value.as_array().map(|list| &list[..]) {
        Some([one, other]) => number(one).zip(number(other)),
        _ => None,
    };
    range
        .map(|(one, other)| [one.min(other), one.max(other)])
        .ok_or_else(|| Error::config(format!("value_range: expected two numbers, got {}", echo(value))))
}

impl Layer for RandomColor {
    fn output_shape(&self) -> Shape {
        self.shape
    }

    fn passes_on(&self) -> bool {
        true
    }

    /// The number drawn for each example.
    fn saved_len(&self, examples: usize) -> usize {
        examples
    }

    fn forward(&self, pass: Forward<'_>) {
        let Some(training) = pass.training else { return pass.output.copy_from_slice(pass.input) };
        let [low, high] = self.value_range;
        let len = self.shape.len();
        let examples = pass.input.chunks_exact(len).zip(pass.output.chunks_exact_mut(len));
        for (example, ((image, target), drawn)) in examples.zip(pass.saved).enumerate() {
            *drawn = training.random(example).uniform(self.drawn[0], self.drawn[1]);
            for channel in 0..self.shape.channels() {
                let mean = self.mean(channel, |place| image[place]);
                for place in self.places(channel) {
                    target[place] = clamp(self.changed(image[place], mean, *drawn), low, high);
                }
            }
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        if !pass.training {
            return input_gradient.copy_from_slice(pass.output_gradient);
        }
        let len = self.shape.len();
        let examples = pass.input.chunks_exact(len).zip(pass.output_gradient.chunks_exact(len));
        for (((image, gradient), target), &drawn) in
            examples.zip(input_gradient.chunks_exact_mut(len)).zip(pass.saved)
        {
            for channel in 0..self.shape.channels() {
                let mean = self.mean(channel, |place| image[place]);
                let kept = |place: usize| {
                    let inside = self.is_inside(self.changed(image[place], mean, drawn));
                    if inside { gradient[place] } else { 0.0 }
                };
                let mean_of_kept = self.mean(channel, kept);
                for place in self.places(channel) {
                    target[place] = if self.is_contrast {
                        kept(place) * drawn + mean_of_kept * (1.0 - drawn)
                    } else {
                        kept(place)
                    };
                }
            }
        }
    }
}
