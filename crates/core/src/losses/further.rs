//! Losses that the shipped models do without.

use super::{EPSILON, EVERY_LOSS, Target};
use crate::config::Arguments::{self, Read, Shared};
use crate::config::Fields;
use crate::numbers::clamp;
use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};
use serde_json::{Map, Value};

/// A loss of one example, from its outputs p and the wanted ones y.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Further {
    /// The mean of −y · ln p − (1 − y) · ln(1 − p), of logits with p = 1 / (1 + e⁻ᶻ).
    BinaryCrossentropy { from_logits: bool, label_smoothing: f32 },
    /// max(0, 1 + max((1 − y) · p) − Σ y · p)
    CategoricalHinge,
    /// The mean of max(0, 1 − y · p), where a y of 0 counts as −1.
    Hinge,
    /// The mean of ½(y − p)², or from `delta` on of delta · |y − p| − ½ delta² (Huber 1964).
    Huber { delta: f32 },
    /// Σ y · ln(y / p)
    KlDivergence,
    /// The mean of ln cosh(p − y).
    LogCosh,
    /// The mean of |p − y|.
    MeanAbsoluteError,
    /// 100 times the mean of |p − y| / |y|.
    MeanAbsolutePercentageError,
    /// The mean of (ln(p + 1) − ln(y + 1))².
    MeanSquaredLogarithmicError,
    /// The mean of p − y · ln p.
    Poisson,
    /// The mean of max(0, 1 − y · p)², where a y of 0 counts as −1.
    SquaredHinge,
}

/// A loss as Keras has it: its function, its class and short names.
struct Definition {
    names: &'static [&'static str],
    arguments: &'static [Arguments],
    read: fn(&Fields<'_>) -> Result<Further>,
}

const fn plain(names: &'static [&'static str], read: fn(&Fields<'_>) -> Result<Further>) -> Definition {
    Definition { names, arguments: &[], read }
}

const DEFINITIONS: &[Definition] = &[
    Definition {
        names: &["binary_crossentropy", "BinaryCrossentropy", "bce", "BCE"],
        arguments: &[Read(&["from_logits", "label_smoothing", "axis"])],
        read: |fields| {
            fields.only("axis", &Value::from(-1))?;
            Ok(Further::BinaryCrossentropy {
                from_logits: fields.optional_flag("from_logits")?.unwrap_or(false),
                label_smoothing: fields.number_in("label_smoothing", 0.0..=1.0, 0.0)?,
            })
        },
    },
    plain(&["categorical_hinge", "CategoricalHinge"], |_| Ok(Further::CategoricalHinge)),
    plain(&["hinge", "Hinge"], |_| Ok(Further::Hinge)),
    Definition {
        names: &["huber", "Huber"],
        arguments: &[Read(&["delta"])],
        read: |fields| Ok(Further::Huber { delta: fields.number_in("delta", 0.0..=f32::MAX, 1.0)? }),
    },
    plain(&["kl_divergence", "KLDivergence", "kld", "KLD"], |_| Ok(Further::KlDivergence)),
    plain(&["log_cosh", "LogCosh"], |_| Ok(Further::LogCosh)),
    plain(&["mean_absolute_error", "MeanAbsoluteError", "mae", "MAE"], |_| Ok(Further::MeanAbsoluteError)),
    plain(&["mean_absolute_percentage_error", "MeanAbsolutePercentageError", "mape", "MAPE"], |_| {
        Ok(Further::MeanAbsolutePercentageError)
    }),
    plain(&["mean_squared_logarithmic_error", "MeanSquaredLogarithmicError", "msle", "MSLE"], |_| {
        Ok(Further::MeanSquaredLogarithmicError)
    }),
    plain(&["poisson", "Poisson"], |_| Ok(Further::Poisson)),
    plain(&["squared_hinge", "SquaredHinge"], |_| Ok(Further::SquaredHinge)),
];

impl Further {
    /// The loss that Keras calls `name`, with the arguments in `config`.
    pub(super) fn named(name: &str, config: &Map<String, Value>) -> Result<Self> {
        let Some(definition) = DEFINITIONS.iter().find(|definition| definition.names.contains(&name)) else {
            let known: Vec<&str> = DEFINITIONS.iter().map(|definition| definition.names[0]).collect();
            return Err(Error::config(format!(
                "expected sparse_categorical_crossentropy, categorical_crossentropy, mean_squared_error, {}, got {name}",
                known.join(", ")
            )));
        };
        let fields = Fields::new(config, name, &[Shared(definition.arguments), Shared(EVERY_LOSS)])?;
        fields.check_dtype()?;
        fields.only("reduction", &Value::from("sum_over_batch_size"))?;
        (definition.read)(&fields)
    }

    /// One example's loss. `output` is overwritten with the gradient times `scale`.
    pub(super) fn gradient(self, output: &mut [f32], target: Target<'_>, scale: f32) -> f64 {
        let count = output.len();
        let is_binary = || (0..count).all(|index| matches!(target.value(index), 0.0 | 1.0));
        let signed = matches!(self, Self::Hinge | Self::SquaredHinge) && is_binary();
        let sums = matches!(self, Self::KlDivergence);
        if self == Self::CategoricalHinge {
            return categorical_hinge(output, target, scale);
        }
        let part = if sums { 1.0 } else { 1.0 / count as f64 };
        let mut loss = 0.0;
        for (index, value) in output.iter_mut().enumerate() {
            let wanted = f64::from(target.value(index));
            let [one, slope] =
                self.of_one(f64::from(*value), if signed { 2.0 * wanted - 1.0 } else { wanted });
            loss += one * part;
            *value = (slope * part * f64::from(scale)) as f32;
        }
        loss
    }

    /// The loss of one output, and its derivative by the output: 0 where Keras clips, and at corners.
    fn of_one(self, p: f64, y: f64) -> [f64; 2] {
        let epsilon = f64::from(EPSILON);
        let sign = |x: f64| if x == 0.0 { 0.0 } else { libm::copysign(1.0, x) };
        match self {
            Self::BinaryCrossentropy { from_logits, label_smoothing } => {
                let smoothing = f64::from(label_smoothing);
                let y = y * (1.0 - smoothing) + 0.5 * smoothing;
                if from_logits {
                    let softplus = libm::log1p(libm::exp(-libm::fabs(p)));
                    return [p.max(0.0) - p * y + softplus, 1.0 / (1.0 + libm::exp(-p)) - y];
                }
                let clipped = f64::from(clamp(p as f32, EPSILON, 1.0 - EPSILON));
                let slope = if clipped == p { (p - y) / (p * (1.0 - p)) } else { 0.0 };
                [-y * libm::log(clipped) - (1.0 - y) * libm::log1p(-clipped), slope]
            }
            Self::Hinge if y * p < 1.0 => [1.0 - y * p, -y],
            Self::SquaredHinge if y * p < 1.0 => [(1.0 - y * p) * (1.0 - y * p), -2.0 * y * (1.0 - y * p)],
            Self::CategoricalHinge | Self::Hinge | Self::SquaredHinge => [0.0, 0.0],
            Self::Huber { delta } => {
                let (delta, error) = (f64::from(delta), p - y);
                if libm::fabs(error) <= delta {
                    [0.5 * error * error, error]
                } else {
                    [delta * libm::fabs(error) - 0.5 * delta * delta, delta * sign(error)]
                }
            }
            Self::KlDivergence => {
                let inside = |x| libm::fmin(libm::fmax(x, epsilon), 1.0);
                let (y, clipped) = (inside(y), inside(p));
                [y * libm::log(y / clipped), if clipped == p { -y / p } else { 0.0 }]
            }
            Self::LogCosh => {
                let error = p - y;
                let size = libm::fabs(error);
                [size + libm::log1p(libm::exp(-2.0 * size)) - core::f64::consts::LN_2, libm::tanh(error)]
            }
            Self::MeanAbsoluteError => [libm::fabs(p - y), sign(p - y)],
            Self::MeanAbsolutePercentageError => {
                let size = libm::fabs(y).max(epsilon);
                [100.0 * libm::fabs(p - y) / size, 100.0 * sign(p - y) / size]
            }
            Self::MeanSquaredLogarithmicError => {
                let error = libm::log1p(p.max(epsilon)) - libm::log1p(y.max(epsilon));
                [error * error, if p > epsilon { 2.0 * error / (1.0 + p) } else { 0.0 }]
            }
            Self::Poisson => [p - y * libm::log(p + epsilon), 1.0 - y / (p + epsilon)],
        }
    }
}

/// Only the strongest of the wrong outputs, of equal ones the first, and the right ones have a gradient.
fn categorical_hinge(output: &mut [f32], target: Target<'_>, scale: f32) -> f64 {
    let wrong = |index: usize, value: f32| (1.0 - target.value(index)) * value;
    let (mut strongest, mut right) = (0, 0.0);
    for (index, &value) in output.iter().enumerate() {
        right += f64::from(target.value(index)) * f64::from(value);
        if wrong(index, value) > wrong(strongest, output[strongest]) {
            strongest = index;
        }
    }
    let loss = f64::from(wrong(strongest, output[strongest])) - right + 1.0;
    let scale = if loss > 0.0 { scale } else { 0.0 };
    for (index, value) in output.iter_mut().enumerate() {
        let slope = if index == strongest { 1.0 - target.value(index) } else { 0.0 };
        *value = (slope - target.value(index)) * scale;
    }
    loss.max(0.0)
}
