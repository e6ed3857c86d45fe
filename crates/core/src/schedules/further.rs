//! Schedules that the shipped trainings do without.

use crate::config::Arguments::{self, Ignored, Read};
use crate::config::{Fields, echo};
use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};
use core::f64::consts::PI;
use serde_json::{Map, Value};

/// How a rate comes from the one it started with, after t steps; s stands for `steps`.
#[derive(Clone, Debug)]
pub(super) enum Further {
    /// For `warmup` steps straight to `target`, then the cosine's way from there.
    WarmCosine { warmup: f64, target: f64, steps: f64, alpha: f64 },
    /// (1 − α)·½(1 + cos(π · part)) + α of periods of which each is `times` as long and starts `peaks` times as high as
    /// the one before (Loshchilov and Hutter 2017, formula 5).
    CosineRestarts { steps: f64, times: f64, peaks: f64, alpha: f64 },
    /// `rate` to the power of t / s, with stairs rounded down.
    Exponential { steps: f64, rate: f64, staircase: bool },
    /// 1 / (1 + `rate` · t / s), with stairs rounded down.
    InverseTime { steps: f64, rate: f64, staircase: bool },
    /// (initial − `end`) · (1 − t / s)^`power` + `end`; a cycle lengthens s by whole times where t is beyond it.
    Polynomial { steps: f64, end: f64, power: f64, cycle: bool },
    /// The value number i up to step `boundaries[i]`, as a part of the first one.
    Piecewise { boundaries: Vec<f64>, parts: Vec<f64> },
}

const ANY: core::ops::RangeInclusive<f32> = 0.0..=f32::MAX;
const STEPS: core::ops::RangeInclusive<f32> = 1.0..=f32::MAX;

const NAME: Arguments = Ignored(&["name"]);

impl Further {
    /// Reads the schedule that Keras calls `class_name`: the rate that it starts with, and how it goes on.
    pub(super) fn named(class_name: &str, config: &Map<String, Value>) -> Result<(f32, Self)> {
        let fields = |arguments: &'static [&'static str]| {
            Fields::new(config, class_name, &[Read(&["initial_learning_rate"]), Read(arguments), NAME])
        };
        let (fields, schedule) = match class_name {
            "CosineDecay" => {
                let fields = fields(&["decay_steps", "alpha", "warmup_steps", "warmup_target"])?;
                let schedule = Self::WarmCosine {
                    warmup: fields.number_in("warmup_steps", ANY, 0.0)?.into(),
                    target: fields.required_number_in("warmup_target", ANY)?.into(),
                    steps: fields.required_number_in("decay_steps", STEPS)?.into(),
                    alpha: fields.number_in("alpha", 0.0..=1.0, 0.0)?.into(),
                };
                (fields, schedule)
            }
            "CosineDecayRestarts" => {
                let fields = fields(&["first_decay_steps", "t_mul", "m_mul", "alpha"])?;
                let schedule = Self::CosineRestarts {
                    steps: fields.required_number_in("first_decay_steps", STEPS)?.into(),
                    times: fields.number_in("t_mul", 1.0..=f32::MAX, 2.0)?.into(),
                    peaks: fields.number_in("m_mul", ANY, 1.0)?.into(),
                    alpha: fields.number_in("alpha", 0.0..=1.0, 0.0)?.into(),
                };
                (fields, schedule)
            }
            "ExponentialDecay" | "InverseTimeDecay" => {
                let fields = fields(&["decay_steps", "decay_rate", "staircase"])?;
                let steps = fields.required_number_in("decay_steps", STEPS)?.into();
                let rate = fields.required_number_in("decay_rate", ANY)?.into();
                let staircase = fields.optional_flag("staircase")?.unwrap_or(false);
                let schedule = match class_name {
                    "ExponentialDecay" => Self::Exponential { steps, rate, staircase },
                    _ => Self::InverseTime { steps, rate, staircase },
                };
                (fields, schedule)
            }
            "PolynomialDecay" => {
                let fields = fields(&["decay_steps", "end_learning_rate", "power", "cycle"])?;
                let schedule = Self::Polynomial {
                    steps: fields.required_number_in("decay_steps", STEPS)?.into(),
                    end: fields.number_in("end_learning_rate", ANY, 1e-4)?.into(),
                    power: fields.number_in("power", ANY, 1.0)?.into(),
                    cycle: fields.optional_flag("cycle")?.unwrap_or(false),
                };
                (fields, schedule)
            }
            "PiecewiseConstantDecay" => return Self::piecewise(config),
            other => {
                return Err(Error::config(format!(
                    "expected a number, CosineDecay, CosineDecayRestarts, ExponentialDecay, InverseTimeDecay, \
                     PiecewiseConstantDecay or PolynomialDecay, got {other}"
                )));
            }
        };
        Ok((fields.required_number_in("initial_learning_rate", ANY)?, schedule))
    }

    fn piecewise(config: &Map<String, Value>) -> Result<(f32, Self)> {
        let fields = Fields::new(config, "PiecewiseConstantDecay", &[Read(&["boundaries", "values"]), NAME])?;
        let numbers = |name| -> Result<Vec<f64>> {
            let is_rate = |number: &f64| (0.0..=f64::from(f32::MAX)).contains(number);
            let number = |value: &Value| {
                value.as_f64().filter(is_rate).ok_or_else(|| {
                    Error::config(format!("{name}: expected numbers from 0 up, got {}", echo(value)))
                })
            };
            fields.list(name)?.iter().map(number).collect()
        };
        let (boundaries, values) = (numbers("boundaries")?, numbers("values")?);
        if values.len() != boundaries.len() + 1 || !boundaries.is_sorted_by(|one, next| one < next) {
            return Err(Error::config(format!(
                "values: expected one more than there are boundaries, which must rise, got {} of {}",
                values.len(),
                boundaries.len()
            )));
        }
        let first = values[0];
        if first <= 0.0 {
            return Err(Error::config("values: the first one must be above 0, got 0"));
        }
        Ok((
            first as f32,
            Self::Piecewise { boundaries, parts: values.iter().map(|value| value / first).collect() },
        ))
    }

    /// The rate of the step after `steps` steps.
    pub(super) fn after(&self, initial: f32, steps: u64) -> f32 {
        let (initial, t) = (f64::from(initial), steps as f64);
        let cosine = |part: f64, alpha: f64| (1.0 - alpha) * 0.5 * (1.0 + libm::cos(PI * part)) + alpha;
        let stairs = |part: f64, staircase: bool| if staircase { libm::floor(part) } else { part };
        let rate = match *self {
            Self::WarmCosine { warmup, target, .. } if t < warmup => {
                initial + (target - initial) * t / warmup
            }
            Self::WarmCosine { warmup, target, steps, alpha } => {
                target * cosine((t - warmup).min(steps) / steps, alpha)
            }
            Self::CosineRestarts { steps, times, peaks, alpha } => {
                let done = t / steps;
                let (restarts, part) = if times == 1.0 {
                    (libm::floor(done), done - libm::floor(done))
                } else {
                    let restarts = libm::floor(libm::log(1.0 - done * (1.0 - times)) / libm::log(times));
                    let length = libm::pow(times, restarts);
                    (restarts, (done - (1.0 - length) / (1.0 - times)) / length)
                };
                // The peaks fall, not what is left at the end.
                let peak = libm::pow(peaks, restarts);
                initial * ((1.0 - alpha) * 0.5 * peak * (1.0 + libm::cos(PI * part)) + alpha)
            }
            Self::Exponential { steps, rate, staircase } => {
                initial * libm::pow(rate, stairs(t / steps, staircase))
            }
            Self::InverseTime { steps, rate, staircase } => {
                initial / (1.0 + rate * stairs(t / steps, staircase))
            }
            Self::Polynomial { steps, end, power, cycle } => {
                let all = if cycle { steps * libm::ceil(t / steps).max(1.0) } else { steps };
                (initial - end) * libm::pow(1.0 - t.min(all) / all, power) + end
            }
            Self::Piecewise { ref boundaries, ref parts } => {
                initial * parts[boundaries.iter().filter(|&&boundary| t > boundary).count()]
            }
        };
        rate as f32
    }
}
