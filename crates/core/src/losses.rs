//! Losses, named and defined as in `keras.losses`, with their gradients.

use crate::config::Arguments::{self, Ignored, Read, Shared, Unsupported};
use crate::config::{Fields, named};
use crate::numbers::{argmax, check_finite, clamp};
use crate::{Error, Result};
use alloc::format;
use core::ops::Range;
use serde_json::Value;

/// What training makes small; the mean over the batch is reported.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Loss {
    /// −Σ target · ln p, from one-hot targets or from labels.
    Crossentropy { from_logits: bool, label_smoothing: f32 },
    /// The mean of (prediction − target)².
    MeanSquaredError,
}

/// The arguments of every loss.
const EVERY_LOSS: &[Arguments] = &[Read(&["reduction", "dtype"]), Ignored(&["name"])];

const SPARSE_CATEGORICAL_CROSSENTROPY: &[Arguments] =
    &[Read(&["from_logits", "axis"]), Unsupported(&["ignore_class"])];

const CATEGORICAL_CROSSENTROPY: &[Arguments] = &[Read(&["from_logits", "label_smoothing", "axis"])];

/// The probability that Keras' backends keep a prediction away from 0 and 1 by.
const EPSILON: f32 = 1e-7;

/// The right answers of a batch.
#[derive(Clone, Copy, Debug)]
pub enum Targets<'a> {
    /// `[n]`: the class of each example.
    Labels(&'a [u16]),
    /// `[n, outputs]`: the wanted output of each example.
    OneHot(&'a [f32]),
}

/// The right answer of one example.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'a> {
    Label(usize),
    Values(&'a [f32]),
}

impl<'a> Targets<'a> {
    /// Checks that there is a valid target for each of `examples` examples.
    pub(crate) fn check(&self, examples: usize, outputs: usize) -> Result<()> {
        match self {
            Self::Labels(labels) => {
                if labels.len() != examples {
                    return Err(Error::shape(format!("needs {examples} labels, got {}", labels.len())));
                }
                match labels.iter().find(|&&label| usize::from(label) >= outputs) {
                    Some(label) => {
                        Err(Error::value(format!("labels go from 0 to {}, got {label}", outputs - 1)))
                    }
                    None => Ok(()),
                }
            }
            Self::OneHot(values) => {
                if values.len() != examples * outputs {
                    return Err(Error::shape(format!(
                        "needs targets of shape ({examples}, {outputs}), that is {} numbers, got {}",
                        examples * outputs,
                        values.len()
                    )));
                }
                check_finite(values, "the targets")
            }
        }
    }

    /// The targets of the examples of `range`.
    pub(crate) fn part(&self, range: Range<usize>, outputs: usize) -> Self {
        match self {
            Self::Labels(labels) => Self::Labels(&labels[range]),
            Self::OneHot(values) => Self::OneHot(&values[range.start * outputs..range.end * outputs]),
        }
    }

    /// The target of example `index`.
    pub(crate) fn target(&self, index: usize, outputs: usize) -> Target<'a> {
        match self {
            Self::Labels(labels) => Target::Label(labels[index].into()),
            Self::OneHot(values) => Target::Values(&values[index * outputs..(index + 1) * outputs]),
        }
    }
}

impl Target<'_> {
    /// The wanted value of output `index`.
    pub(crate) fn value(&self, index: usize) -> f32 {
        match self {
            Self::Label(label) => f32::from(*label == index),
            Self::Values(values) => values[index],
        }
    }

    /// The class that the target names: the label, or the place of the largest value.
    pub(crate) fn class(&self) -> usize {
        match self {
            Self::Label(label) => *label,
            Self::Values(values) => argmax(values),
        }
    }
}

impl Loss {
    /// Reads a loss: Keras' name for it, or a serialised object.
    pub(crate) fn from_value(value: &Value) -> Result<Self> {
        let (name, config) = named(value)?;
        let fields = |arguments| -> Result<Fields<'_>> {
            let fields = Fields::new(&config, name, &[Shared(arguments), Shared(EVERY_LOSS)])?;
            fields.check_dtype()?;
            fields.only("reduction", &Value::from("sum_over_batch_size"))?;
            Ok(fields)
        };
        match name {
            "sparse_categorical_crossentropy" | "SparseCategoricalCrossentropy" => {
                Self::crossentropy(&fields(SPARSE_CATEGORICAL_CROSSENTROPY)?)
            }
            "categorical_crossentropy" | "CategoricalCrossentropy" => {
                Self::crossentropy(&fields(CATEGORICAL_CROSSENTROPY)?)
            }
            "mean_squared_error" | "MeanSquaredError" | "mse" => fields(&[]).map(|_| Self::MeanSquaredError),
            other => Err(Error::config(format!(
                "expected sparse_categorical_crossentropy, categorical_crossentropy or mean_squared_error, got {other}"
            ))),
        }
    }

    fn crossentropy(fields: &Fields<'_>) -> Result<Self> {
        fields.only("axis", &Value::from(-1))?;
        let from_logits = fields.optional_flag("from_logits")?.unwrap_or(false);
        let label_smoothing = fields.number_in("label_smoothing", 0.0..=1.0, 0.0)?;
        Ok(Self::Crossentropy { from_logits, label_smoothing })
    }

    /// Whether the loss takes logits where the network ends in a softmax: the two are then one
    /// function, which neither overflows nor loses small probabilities.
    pub(crate) fn absorbs_softmax(self) -> bool {
        matches!(self, Self::Crossentropy { from_logits: false, .. })
    }

    /// One example's loss. `output` holds the network's output, or its logits where `logits` is
    /// set, and is overwritten with the gradient times `scale`.
    pub(crate) fn gradient(self, output: &mut [f32], target: Target<'_>, logits: bool, scale: f32) -> f64 {
        let count = output.len() as f32;
        match self {
            Self::MeanSquaredError => {
                let mut loss = 0.0;
                for (index, value) in output.iter_mut().enumerate() {
                    let difference = *value - target.value(index);
                    loss += f64::from(difference) * f64::from(difference);
                    *value = 2.0 * difference / count * scale;
                }
                loss / f64::from(count)
            }
            Self::Crossentropy { from_logits, label_smoothing } => {
                let wanted = |index| target.value(index) * (1.0 - label_smoothing) + label_smoothing / count;
                if from_logits || logits {
                    let largest = output.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                    let sum: f32 = output.iter().map(|&logit| libm::expf(logit - largest)).sum();
                    let log_sum = libm::logf(sum);
                    let total: f32 = (0..output.len()).map(wanted).sum();
                    let mut loss = 0.0;
                    for (index, value) in output.iter_mut().enumerate() {
                        let log_probability = *value - largest - log_sum;
                        loss -= f64::from(wanted(index)) * f64::from(log_probability);
                        *value = (total * libm::expf(log_probability) - wanted(index)) * scale;
                    }
                    loss
                } else {
                    let sum: f32 = output.iter().sum();
                    let (mut loss, mut weighted) = (0.0, 0.0);
                    for (index, value) in output.iter_mut().enumerate() {
                        let probability = *value / sum;
                        let clipped = clamp(probability, EPSILON, 1.0 - EPSILON);
                        loss -= f64::from(wanted(index)) * libm::log(f64::from(clipped));
                        // Where Keras clips, its gradient is zero.
                        *value = if clipped == probability { -wanted(index) / probability } else { 0.0 };
                        weighted += *value * probability;
                    }
                    for value in output {
                        *value = (*value - weighted) / sum * scale;
                    }
                    loss
                }
            }
        }
    }
}
