//! Optimisers, named and defined as in `keras.optimizers`, with Keras' arguments and defaults.

use crate::config::{Fields, named};
use crate::numbers::{clamp, decimal};
use crate::schedules::LearningRate;
use crate::{Error, Result};
use alloc::{format, vec::Vec};
use convscope_kernels::Level;
use convscope_kernels::updates;
use core::ops::Range;
use serde_json::Value;

/// An optimiser's rule and arguments, and what it remembers from step to step.
#[derive(Clone, Debug)]
pub(crate) struct Optimizer {
    rule: Rule,
    learning_rate: LearningRate,
    weight_decay: f32,
    clipnorm: Option<f32>,
    clipvalue: Option<f32>,
    global_clipnorm: Option<f32>,
    steps: u64,
    /// Running averages, as many as the rule needs, each as long as the weights.
    slots: Vec<Vec<f32>>,
}

/// How a gradient g becomes a step, with learning rate η.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    /// w ← w − η·g, or with momentum v ← momentum·v − η·g, w ← w + v (Polyak 1964); with
    /// nesterov w ← w + momentum·v − η·g (Sutskever et al. 2013).
    Sgd { momentum: f32, nesterov: bool },
    /// a ← a + g², w ← w − η·g / √(a + ε), a from `initial` (Duchi, Hazan, Singer 2011).
    Adagrad { initial: f32, epsilon: f32 },
    /// v ← ρ·v + (1 − ρ)·g², w ← w − η·g / √(v + ε) (Tieleman and Hinton 2012); centred takes the
    /// square of the mean gradient from v.
    RmsProp { rho: f32, momentum: f32, epsilon: f32, centered: bool },
    /// m ← m + (1 − β₁)(g − m), v ← v + (1 − β₂)(g² − v), w ← w − α·m / (√v + ε) with
    /// α = η √(1 − β₂ᵗ) / (1 − β₁ᵗ) (Kingma and Ba 2015, end of section 2).
    Adam { beta_1: f32, beta_2: f32, epsilon: f32, amsgrad: bool },
}

impl Optimizer {
    /// Reads an optimiser: Keras' name for it, or what `keras.optimizers.serialize` writes.
    pub(crate) fn from_value(value: &Value) -> Result<Self> {
        let (name, config) = named(value)?;
        let config = Fields::new(&config);
        let below_one = 0.0..=0.999_999_94;
        let epsilon = || config.number_in("epsilon", 0.0..=f32::MAX, 1e-7);
        let flag = |name| config.optional_flag(name).map(Option::unwrap_or_default);
        let adam = || -> Result<Rule> {
            Ok(Rule::Adam {
                beta_1: config.number_in("beta_1", below_one.clone(), 0.9)?,
                beta_2: config.number_in("beta_2", below_one.clone(), 0.999)?,
                epsilon: epsilon()?,
                amsgrad: flag("amsgrad")?,
            })
        };
        let (rule, learning_rate, weight_decay) = match name {
            "SGD" | "sgd" => {
                let momentum = config.number_in("momentum", 0.0..=1.0, 0.0)?;
                (Rule::Sgd { momentum, nesterov: flag("nesterov")? }, 0.01, 0.0)
            }
            "Adagrad" | "adagrad" => {
                let initial = config.number_in("initial_accumulator_value", 0.0..=f32::MAX, 0.1)?;
                (Rule::Adagrad { initial, epsilon: epsilon()? }, 0.001, 0.0)
            }
            "RMSprop" | "rmsprop" => {
                let rho = config.number_in("rho", 0.0..=1.0, 0.9)?;
                let momentum = config.number_in("momentum", 0.0..=1.0, 0.0)?;
                (
                    Rule::RmsProp { rho, momentum, epsilon: epsilon()?, centered: flag("centered")? },
                    0.001,
                    0.0,
                )
            }
            "Adam" | "adam" => (adam()?, 0.001, 0.0),
            "AdamW" | "adamw" => (adam()?, 0.001, 0.004),
            other => {
                return Err(Error::config(format!(
                    "expected SGD, Adagrad, RMSprop, Adam or AdamW, got {other}"
                )));
            }
        };
        for unsupported in ["use_ema", "lr_multiplier", "loss_scale_factor", "gradient_accumulation_steps"] {
            if config.value(unsupported).is_some_and(|value| *value != Value::Bool(false)) {
                config.only(unsupported, &Value::Null)?;
            }
        }
        let limit = |name| match config.optional_number(name)? {
            Some(limit) if limit <= 0.0 => {
                Err(Error::config(format!("{name}: expected a number above 0, got {}", decimal(limit))))
            }
            limit => Ok(limit),
        };
        Ok(Self {
            rule,
            learning_rate: LearningRate::from_fields(&config, learning_rate)?,
            weight_decay: config.number_in("weight_decay", 0.0..=f32::MAX, weight_decay)?,
            clipnorm: limit("clipnorm")?,
            clipvalue: limit("clipvalue")?,
            global_clipnorm: limit("global_clipnorm")?,
            steps: 0,
            slots: Vec::new(),
        })
    }

    /// Forgets all steps and makes room for `weights` weights.
    pub(crate) fn start(&mut self, weights: usize) {
        self.steps = 0;
        let (count, initial) = match self.rule {
            Rule::Sgd { momentum: 0.0, .. } => (0, 0.0),
            Rule::Sgd { .. } => (1, 0.0),
            Rule::Adagrad { initial, .. } => (1, initial),
            Rule::RmsProp { .. } => (3, 0.0),
            Rule::Adam { amsgrad, .. } => (if amsgrad { 3 } else { 2 }, 0.0),
        };
        self.slots.resize_with(count, Vec::new);
        for slot in &mut self.slots {
            slot.clear();
            slot.resize(weights, initial);
        }
    }

    pub(crate) fn steps(&self) -> u64 {
        self.steps
    }

    /// The running averages, each as long as the weights.
    pub(crate) fn slots(&self) -> &[Vec<f32>] {
        &self.slots
    }

    /// Goes on where another of the same kind was: after `steps` steps, with its running averages.
    pub(crate) fn resume(&mut self, steps: u64, slots: Vec<Vec<f32>>) {
        self.steps = steps;
        self.slots = slots;
    }

    /// The learning rate of the next step.
    pub(crate) fn learning_rate(&self) -> f32 {
        self.learning_rate.after(self.steps)
    }

    /// Changes the learning rate of the steps to come; where it has a schedule, the rate that this starts
    /// from.
    pub(crate) fn set_learning_rate(&mut self, learning_rate: f32) -> Result<()> {
        if !(learning_rate.is_finite() && learning_rate >= 0.0) {
            return Err(Error::value(format!(
                "learning_rate: expected a number from 0 up, got {}",
                decimal(learning_rate)
            )));
        }
        self.learning_rate.initial = learning_rate;
        Ok(())
    }

    /// One step on the weights of `ranges`, one range a variable. The gradients are clipped in place.
    pub(crate) fn step(
        &mut self,
        level: Level,
        weights: &mut [f32],
        gradients: &mut [f32],
        ranges: impl Iterator<Item = Range<usize>> + Clone,
    ) {
        let rate = self.learning_rate();
        self.steps += 1;
        self.clip(gradients, ranges.clone());
        for range in ranges {
            self.step_variable(level, rate, weights, gradients, range);
        }
    }

    /// Kept out of line: `step` is generic, so that every caller has a copy of it.
    #[inline(never)]
    fn step_variable(
        &mut self,
        level: Level,
        rate: f32,
        weights: &mut [f32],
        gradients: &[f32],
        range: Range<usize>,
    ) {
        let (weights, gradients) = (&mut weights[range.clone()], &gradients[range.clone()]);
        if self.weight_decay > 0.0 {
            let keep = self.weight_decay * rate;
            weights.iter_mut().for_each(|weight| *weight -= *weight * keep);
        }
        let slots = self.slots.iter_mut().map(|slot| &mut slot[range.clone()]);
        self.rule.apply(level, rate, self.steps, weights, gradients, slots);
    }

    /// Keras' gradient clipping, of which it applies the first that is set.
    fn clip(&self, gradients: &mut [f32], ranges: impl Iterator<Item = Range<usize>> + Clone) {
        let square =
            |values: &[f32]| values.iter().map(|&value| f64::from(value) * f64::from(value)).sum::<f64>();
        let shrink = |values: &mut [f32], square: f64, limit: f32| {
            let norm = libm::sqrt(square) as f32;
            if norm > limit {
                values.iter_mut().for_each(|value| *value *= limit / norm);
            }
        };
        if let Some(limit) = self.clipnorm {
            for range in ranges {
                let square = square(&gradients[range.clone()]);
                shrink(&mut gradients[range], square, limit);
            }
        } else if let Some(limit) = self.global_clipnorm {
            let total = ranges.clone().map(|range| square(&gradients[range])).sum();
            ranges.for_each(|range| shrink(&mut gradients[range], total, limit));
        } else if let Some(limit) = self.clipvalue {
            for range in ranges {
                gradients[range].iter_mut().for_each(|value| *value = clamp(*value, -limit, limit));
            }
        }
    }
}

impl Rule {
    /// Takes the step number `step` of one variable. `slots` are its parts of the running averages.
    fn apply<'a>(
        self,
        level: Level,
        rate: f32,
        step: u64,
        weights: &mut [f32],
        gradients: &[f32],
        mut slots: impl Iterator<Item = &'a mut [f32]>,
    ) {
        let mut slot = || slots.next().unwrap_or_default();
        match self {
            Self::Sgd { momentum: 0.0, .. } => updates::Descent { rate }.update(level, gradients, [weights]),
            Self::Sgd { momentum, nesterov: false } => {
                updates::Momentum { rate, momentum }.update(level, gradients, [weights, slot()]);
            }
            Self::Sgd { momentum, nesterov: true } => {
                updates::Nesterov { rate, momentum }.update(level, gradients, [weights, slot()]);
            }
            Self::Adagrad { epsilon, .. } => {
                updates::Adagrad { rate, epsilon }.update(level, gradients, [weights, slot()]);
            }
            Self::RmsProp { rho, momentum, epsilon, centered } => {
                let rule = updates::RmsProp { rate, rho, momentum, epsilon, centered };
                rule.update(level, gradients, [weights, slot(), slot(), slot()]);
            }
            Self::Adam { beta_1, beta_2, epsilon, amsgrad } => {
                let power = |beta: f32| 1.0 - power(f64::from(beta), step);
                let rate = (f64::from(rate) * libm::sqrt(power(beta_2)) / power(beta_1)) as f32;
                let rule = updates::Adam { rate, beta_1, beta_2, epsilon };
                if amsgrad {
                    updates::AmsGrad(rule).update(level, gradients, [weights, slot(), slot(), slot()]);
                } else {
                    rule.update(level, gradients, [weights, slot(), slot()]);
                }
            }
        }
    }
}

/// A whole power, by squaring.
fn power(mut base: f64, mut exponent: u64) -> f64 {
    let mut product = 1.0;
    while exponent > 0 {
        if exponent % 2 == 1 {
            product *= base;
        }
        base *= base;
        exponent /= 2;
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use serde_json::json;

    fn step(description: Value, gradients: &mut [f32]) -> Vec<f32> {
        let mut optimizer = Optimizer::from_value(&description).unwrap();
        let mut weights = vec![1.0; gradients.len()];
        optimizer.start(weights.len());
        let half = gradients.len() / 2;
        let ranges = [0..half, half..gradients.len()];
        optimizer.step(convscope_kernels::level(), &mut weights, gradients, ranges.into_iter());
        weights
    }

    #[test]
    fn clipping_follows_keras() {
        let sgd = |name: &str, limit: f32| json!({"class_name": "SGD", "config": {"learning_rate": 1.0, name: limit}});
        let close = convscope_kernels::reference::assert_close;
        close(&step(sgd("clipvalue", 0.5), &mut [3.0, -0.25]), &[0.5, 1.25], 1e-6);
        close(&step(sgd("clipnorm", 1.0), &mut [3.0, 4.0, 0.3, 0.4]), &[0.4, 0.2, 0.7, 0.6], 1e-6);
        close(&step(sgd("global_clipnorm", 1.0), &mut [3.0, 4.0]), &[0.4, 0.2], 1e-6);
    }

    #[test]
    fn unsupported_arguments_are_named() {
        for (config, word) in [
            (json!({"use_ema": true}), "use_ema"),
            (json!({"learning_rate": {"class_name": "ExponentialDecay"}}), "learning_rate"),
            (json!({"beta_1": 1.5}), "beta_1"),
            (json!({"clipnorm": 0}), "clipnorm"),
        ] {
            let error = Optimizer::from_value(&json!({"class_name": "Adam", "config": config})).unwrap_err();
            let message = alloc::string::ToString::to_string(&error);
            assert!(message.contains(word), "{message}");
        }
        assert!(Optimizer::from_value(&json!("Nadam")).is_err());
    }
}
