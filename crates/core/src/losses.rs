//! Losses, named and defined as in `keras.losses`, with their gradients.

#[cfg(feature = "complete")]
mod further;

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
    /// What the shipped models do without.
    #[cfg(feature = "complete")]
    Further(further::Further),
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
            #[cfg(feature = "complete")]
            _ => further::Further::named(name, &config).map(Self::Further),
            #[cfg(not(feature = "complete"))]
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
            #[cfg(feature = "complete")]
            Self::Further(loss) => loss.gradient(output, target, scale),
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

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{string::ToString, vec, vec::Vec};
    use serde_json::json;

    const PROBABILITIES: [f32; 3] = [0.5, 0.25, 0.25];
    const WANTED: [f32; 3] = [0.125, 0.625, 0.25];

    fn loss(name: &str, config: Value) -> Loss {
        Loss::from_value(&json!({ "class_name": name, "config": config })).unwrap()
    }

    /// The loss of one example, and its gradient times `scale`.
    fn evaluated(
        loss: Loss,
        output: &[f32],
        target: Target<'_>,
        logits: bool,
        scale: f32,
    ) -> (f64, Vec<f32>) {
        let mut gradient = output.to_vec();
        let value = loss.gradient(&mut gradient, target, logits, scale);
        (value, gradient)
    }

    fn assert_close(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-6, "{value}, not {expected}");
    }

    #[test]
    fn values_are_those_of_the_formulas() {
        let ln = libm::log;
        let sparse = loss("SparseCategoricalCrossentropy", json!({}));
        let value = |loss, target| evaluated(loss, &PROBABILITIES, target, false, 1.0).0;
        assert_close(value(sparse, Target::Label(0)), -ln(0.5));
        assert_close(value(sparse, Target::Label(2)), -ln(0.25));
        let categorical = loss("CategoricalCrossentropy", json!({}));
        assert_close(value(categorical, Target::Values(&WANTED)), -0.125 * ln(0.5) - 0.875 * ln(0.25));
        // A tenth of the wanted is shared out among the three.
        let smooth = loss("CategoricalCrossentropy", json!({ "label_smoothing": 0.1 }));
        let expected = -(0.9 + 0.1 / 3.0) * ln(0.5) - 0.2 / 3.0 * ln(0.25);
        assert_close(value(smooth, Target::Values(&[1.0, 0.0, 0.0])), expected);
        let squares = loss("MeanSquaredError", json!({}));
        assert_close(value(squares, Target::Values(&[1.5, 0.25, -1.75])), (1.0 + 4.0) / 3.0);
        assert_close(value(squares, Target::Label(1)), (0.25 + 0.5625 + 0.0625) / 3.0);
    }

    #[test]
    fn logits_give_the_loss_of_their_softmax() {
        // Far from 0, where the exponentials alone would overflow.
        for shift in [0.0, 1000.0, -1000.0] {
            let logits = PROBABILITIES.map(|probability| libm::logf(probability) + shift);
            for smoothing in [0.0, 0.1] {
                let config = json!({ "label_smoothing": smoothing });
                let plain = loss("CategoricalCrossentropy", config);
                let from_logits = loss(
                    "CategoricalCrossentropy",
                    json!({ "label_smoothing": smoothing, "from_logits": true }),
                );
                let expected = evaluated(plain, &PROBABILITIES, Target::Values(&WANTED), false, 1.0).0;
                for (loss, logits_are_kept) in [(plain, true), (from_logits, false)] {
                    let (value, gradient) =
                        evaluated(loss, &logits, Target::Values(&WANTED), logits_are_kept, 2.0);
                    assert!((value - expected).abs() < 1e-4, "{value}, not {expected}");
                    for ((gradient, probability), wanted) in gradient.iter().zip(PROBABILITIES).zip(WANTED) {
                        let wanted = wanted * (1.0 - smoothing) + smoothing / 3.0;
                        assert!((gradient - 2.0 * (probability - wanted)).abs() < 1e-4, "{gradient}");
                    }
                }
            }
        }
    }

    #[test]
    fn gradients_are_how_the_losses_change() {
        let smoothing = json!({ "label_smoothing": 0.25 });
        let logits = json!({ "from_logits": true });
        #[cfg(feature = "complete")]
        let further = [
            ("BinaryCrossentropy", json!({ "label_smoothing": 0.2 }), [0.5, 0.125, 0.25]),
            ("BinaryCrossentropy", json!({ "from_logits": true }), [0.5, -2.0, 1.0]),
            ("CategoricalHinge", json!({}), [0.5, -2.0, 1.25]),
            ("Hinge", json!({}), [0.5, -2.5, 1.5]),
            ("Huber", json!({ "delta": 0.75 }), [0.5, -2.0, 1.0]),
            ("KLDivergence", json!({}), [0.5, 0.125, 0.25]),
            ("LogCosh", json!({}), [0.5, -2.0, 1.0]),
            ("MeanAbsoluteError", json!({}), [0.75, -2.0, 1.5]),
            ("MeanAbsolutePercentageError", json!({ "name": "mape" }), [0.75, -2.0, 1.5]),
            ("MeanSquaredLogarithmicError", json!({}), [0.5, 0.125, 0.75]),
            ("Poisson", json!({}), [0.5, 0.125, 0.75]),
            ("SquaredHinge", json!({}), [0.5, -2.0, 1.0]),
        ];
        #[cfg(not(feature = "complete"))]
        let further: [(&str, Value, [f32; 3]); 0] = [];
        let further = further.map(|(name, config, output)| (loss(name, config), output));
        for (loss, output) in further.into_iter().chain([
            (loss("SparseCategoricalCrossentropy", json!({})), [0.5, 0.125, 0.25]),
            (loss("SparseCategoricalCrossentropy", logits.clone()), [0.5, -2.0, 1.0]),
            (loss("CategoricalCrossentropy", smoothing), [1.5, 0.5, 1.0]),
            (loss("CategoricalCrossentropy", logits), [0.5, -2.0, 1.0]),
            (loss("MeanSquaredError", json!({})), [0.5, -2.0, 1.0]),
        ]) {
            // Unlike a network's, these outputs and targets need not add up to 1.
            for target in [Target::Label(1), Target::Values(&WANTED), Target::Values(&[0.5, 2.0, 0.25])] {
                let (_, gradient) = evaluated(loss, &output, target, false, 4.0);
                for index in 0..3 {
                    let moved = |by: f32| {
                        let mut output = output;
                        output[index] += by;
                        evaluated(loss, &output, target, false, 1.0).0
                    };
                    let step = 2.0_f32.powi(-7);
                    let change = (moved(step) - moved(-step)) / f64::from(2.0 * step);
                    let difference = f64::from(gradient[index]) - 4.0 * change;
                    assert!(
                        difference.abs() < 1e-2 * (1.0 + change.abs()),
                        "{loss:?}: {difference} at {index}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_prediction_is_kept_away_from_0_and_1_and_has_no_gradient_there() {
        let sparse = loss("SparseCategoricalCrossentropy", json!({}));
        let (value, gradient) = evaluated(sparse, &[1.0, 0.0], Target::Label(1), false, 1.0);
        assert_close(value, -libm::log(f64::from(EPSILON)));
        assert_eq!(gradient, [0.0, 0.0]);
        let (value, gradient) = evaluated(sparse, &[1.0, 0.0], Target::Label(0), false, 1.0);
        assert_close(value, -libm::log(f64::from(1.0 - EPSILON)));
        assert_eq!(gradient, [0.0, 0.0]);
    }

    #[test]
    fn targets_must_be_one_for_each_example_and_output() {
        Targets::Labels(&[0, 2]).check(2, 3).unwrap();
        Targets::OneHot(&[0.0; 6]).check(2, 3).unwrap();
        for (targets, words) in [
            (Targets::Labels(&[0]), "needs 2 labels, got 1"),
            (Targets::Labels(&[0, 3]), "labels go from 0 to 2, got 3"),
            (Targets::OneHot(&[0.0; 5]), "shape (2, 3), that is 6 numbers, got 5"),
            (Targets::OneHot(&[0.0, 0.0, f32::NAN, 0.0, 0.0, 0.0]), "number 2 is NaN"),
        ] {
            let error = targets.check(2, 3).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn a_part_of_targets_has_those_of_its_examples() {
        let labels = [2, 0, 1, 2];
        let one_hot: Vec<f32> =
            labels.iter().flat_map(|&label| (0..3).map(move |class| f32::from(label == class))).collect();
        for targets in [Targets::Labels(&labels), Targets::OneHot(&one_hot)] {
            let part = targets.part(1..3, 3);
            part.check(2, 3).unwrap();
            for (index, label) in [0, 1].into_iter().enumerate() {
                let target = part.target(index, 3);
                assert_eq!(target.class(), label);
                let values: Vec<f32> = (0..3).map(|class| target.value(class)).collect();
                let mut expected = vec![0.0; 3];
                expected[label] = 1.0;
                assert_eq!(values, expected);
            }
        }
    }

    #[test]
    fn losses_have_the_names_and_arguments_of_keras() {
        let plain = Loss::Crossentropy { from_logits: false, label_smoothing: 0.0 };
        for (name, expected) in [
            ("sparse_categorical_crossentropy", plain),
            ("categorical_crossentropy", plain),
            ("mean_squared_error", Loss::MeanSquaredError),
            ("mse", Loss::MeanSquaredError),
        ] {
            assert_eq!(Loss::from_value(&json!(name)).unwrap(), expected, "{name}");
        }
        let smooth = loss("CategoricalCrossentropy", json!({ "label_smoothing": 0.5, "from_logits": true }));
        assert_eq!(smooth, Loss::Crossentropy { from_logits: true, label_smoothing: 0.5 });
        assert!(
            plain.absorbs_softmax() && !smooth.absorbs_softmax() && !Loss::MeanSquaredError.absorbs_softmax()
        );
        // The classes are on the last axis.
        assert_eq!(loss("CategoricalCrossentropy", json!({ "axis": -1 })), plain);
        for config in [json!({ "axis": 1 }), json!({ "reduction": "sum" })] {
            assert!(
                Loss::from_value(&json!({ "class_name": "CategoricalCrossentropy", "config": config }))
                    .is_err()
            );
        }
        let error = Loss::from_value(&json!("dice")).unwrap_err().to_string();
        assert!(
            error.contains("expected sparse_categorical_crossentropy") && error.ends_with("got dice"),
            "{error}"
        );
    }
}
