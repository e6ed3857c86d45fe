//! Optimisers, named and defined as in `keras.optimizers`, with Keras' arguments and defaults.

#[cfg(feature = "complete")]
mod further;

use crate::config::Arguments::{self, Ignored, Read, Shared, Unsupported};
use crate::config::{Fields, named};
use crate::numbers::{check_finite, check_not_negative, clamp, decimal};
use crate::schedules::LearningRate;
use crate::{Error, Result};
use alloc::{format, vec::Vec};
use convscope_kernels::Level;
use convscope_kernels::updates;
use core::ops::Range;
use serde_json::Value;

/// The most steps that a training takes: as many as there are numbers for its epochs.
pub(crate) const MAX_STEPS: u64 = u32::MAX as u64;

/// What the names of the running averages begin with in a file.
pub(crate) const AVERAGES: &str = "optimizer/";

/// The most running averages that a rule has.
const MAX_SLOTS: usize = 3;

/// So many weights at a time are tried before running averages are taken up.
const TRIED: usize = 256;

/// An optimiser's rule and arguments, and what it remembers from step to step.
#[derive(Clone, Debug)]
pub(crate) struct Optimizer {
    class_name: &'static str,
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
    /// m ← m + (1 − β₁)(g − m), u ← max(β₂·u, |g|), w ← w − η / (1 − β₁ᵗ) · m / (u + ε) (Kingma and Ba 2015,
    /// section 7.1).
    Adamax { beta_1: f32, beta_2: f32, epsilon: f32 },
    /// What the shipped trainings do without.
    #[cfg(feature = "complete")]
    Further(further::Further),
}

/// An optimiser as Keras has it: its name, its arguments, and their defaults where optimisers differ.
struct Definition {
    class_name: &'static str,
    arguments: &'static [Arguments],
    learning_rate: f32,
    weight_decay: f32,
    rule: fn(&Fields<'_>) -> Result<Rule>,
}

/// The arguments of every optimiser. Those of the moving average need `use_ema`.
const EVERY_OPTIMIZER: &[Arguments] = &[
    Read(&["learning_rate", "weight_decay", "clipnorm", "global_clipnorm", "clipvalue"]),
    Unsupported(&["use_ema", "loss_scale_factor", "gradient_accumulation_steps"]),
    Ignored(&["name", "ema_momentum", "ema_overwrite_frequency", "jit_compile", "is_legacy_optimizer"]),
];

const ADAM: &[Arguments] = &[Read(&["beta_1", "beta_2", "epsilon", "amsgrad"])];

const DEFINITIONS: &[Definition] = &[
    Definition {
        class_name: "SGD",
        arguments: &[Read(&["momentum", "nesterov"])],
        learning_rate: 0.01,
        weight_decay: 0.0,
        rule: |fields| {
            let momentum = fields.number_in("momentum", 0.0..=1.0, 0.0)?;
            Ok(Rule::Sgd { momentum, nesterov: flag(fields, "nesterov")? })
        },
    },
    Definition {
        class_name: "Adagrad",
        arguments: &[Read(&["initial_accumulator_value", "epsilon"])],
        learning_rate: 0.001,
        weight_decay: 0.0,
        rule: |fields| {
            let initial = fields.number_in("initial_accumulator_value", 0.0..=f32::MAX, 0.1)?;
            Ok(Rule::Adagrad { initial, epsilon: epsilon(fields)? })
        },
    },
    Definition {
        class_name: "RMSprop",
        arguments: &[Read(&["rho", "momentum", "epsilon", "centered"])],
        learning_rate: 0.001,
        weight_decay: 0.0,
        rule: |fields| {
            let rho = fields.number_in("rho", 0.0..=1.0, 0.9)?;
            let momentum = fields.number_in("momentum", 0.0..=1.0, 0.0)?;
            let centered = flag(fields, "centered")?;
            Ok(Rule::RmsProp { rho, momentum, epsilon: epsilon(fields)?, centered })
        },
    },
    Definition { class_name: "Adam", arguments: ADAM, learning_rate: 0.001, weight_decay: 0.0, rule: adam },
    Definition {
        class_name: "AdamW",
        arguments: ADAM,
        learning_rate: 0.001,
        weight_decay: 0.004,
        rule: adam,
    },
    Definition {
        class_name: "Adamax",
        arguments: &[Read(&["beta_1", "beta_2", "epsilon"])],
        learning_rate: 0.001,
        weight_decay: 0.0,
        rule: |fields| {
            let [beta_1, beta_2] = betas(fields)?;
            Ok(Rule::Adamax { beta_1, beta_2, epsilon: epsilon(fields)? })
        },
    },
    #[cfg(feature = "complete")]
    further::ADADELTA,
    #[cfg(feature = "complete")]
    further::LION,
    #[cfg(feature = "complete")]
    further::NADAM,
];

fn adam(fields: &Fields<'_>) -> Result<Rule> {
    let [beta_1, beta_2] = betas(fields)?;
    Ok(Rule::Adam { beta_1, beta_2, epsilon: epsilon(fields)?, amsgrad: flag(fields, "amsgrad")? })
}

fn betas(fields: &Fields<'_>) -> Result<[f32; 2]> {
    let below_one = 0.0..=0.999_999_94;
    Ok([fields.number_in("beta_1", below_one.clone(), 0.9)?, fields.number_in("beta_2", below_one, 0.999)?])
}

fn epsilon(fields: &Fields<'_>) -> Result<f32> {
    fields.number_in("epsilon", 0.0..=f32::MAX, 1e-7)
}

fn flag(fields: &Fields<'_>, name: &str) -> Result<bool> {
    fields.optional_flag(name).map(Option::unwrap_or_default)
}

impl Optimizer {
    /// Reads an optimiser: Keras' name for it, or what `keras.optimizers.serialize` writes.
    pub(crate) fn from_value(value: &Value) -> Result<Self> {
        let (name, config) = named(value)?;
        let definition = DEFINITIONS.iter().find(|known| known.class_name.eq_ignore_ascii_case(name));
        let Some(definition) = definition else {
            let known: Vec<&str> = DEFINITIONS.iter().map(|known| known.class_name).collect();
            return Err(Error::config(format!("expected one of {}, got {name}", known.join(", "))));
        };
        let arguments = [Shared(definition.arguments), Shared(EVERY_OPTIMIZER)];
        let fields = Fields::new(&config, definition.class_name, &arguments)?;
        let limit = |name| match fields.optional_number(name)? {
            Some(limit) if limit <= 0.0 => {
                Err(Error::config(format!("{name}: expected a number above 0, got {}", decimal(limit))))
            }
            limit => Ok(limit),
        };
        let clips = ["clipnorm", "clipvalue", "global_clipnorm"];
        let limits = [limit(clips[0])?, limit(clips[1])?, limit(clips[2])?];
        if limits.iter().flatten().count() > 1 {
            return Err(Error::config(format!("at most one of {} can be set", clips.join(", "))));
        }
        let [clipnorm, clipvalue, global_clipnorm] = limits;
        Ok(Self {
            class_name: definition.class_name,
            rule: (definition.rule)(&fields)?,
            learning_rate: LearningRate::from_fields(&fields, definition.learning_rate)?,
            weight_decay: fields.number_in("weight_decay", 0.0..=f32::MAX, definition.weight_decay)?,
            clipnorm,
            clipvalue,
            global_clipnorm,
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
            Rule::Adamax { .. } => (2, 0.0),
            #[cfg(feature = "complete")]
            Rule::Further(rule) => (rule.slots(), 0.0),
        };
        self.slots.resize_with(count, Vec::new);
        for slot in &mut self.slots {
            slot.clear();
            slot.resize(weights, initial);
        }
    }

    /// Keras' name for it.
    pub(crate) fn class_name(&self) -> &'static str {
        self.class_name
    }

    pub(crate) fn steps(&self) -> u64 {
        self.steps
    }

    /// The running averages, each as long as the weights.
    pub(crate) fn slots(&self) -> &[Vec<f32>] {
        &self.slots
    }

    /// Refuses running averages after `steps` steps with which training would have no finite `weights` any more: what
    /// is below 0 where squares are averaged, and what makes a step too long even without a gradient.
    pub(crate) fn check(&self, level: Level, weights: &[f32], steps: u64, slots: &[Vec<f32>]) -> Result<()> {
        for (number, slot) in slots.iter().enumerate() {
            let name = format!("{AVERAGES}{number}");
            check_finite(slot, &name)?;
            if self.rule.averages_squares().contains(&number) {
                check_not_negative(slot, &name)?;
            }
        }
        let rate = self.learning_rate.after(steps);
        for start in (0..weights.len()).step_by(TRIED) {
            let range = start..weights.len().min(start + TRIED);
            let (mut tried, mut averages) = ([0.0; TRIED], [[0.0; TRIED]; MAX_SLOTS]);
            let len = range.len();
            tried[..len].copy_from_slice(&weights[range.clone()]);
            for (average, slot) in averages.iter_mut().zip(slots) {
                average[..len].copy_from_slice(&slot[range.clone()]);
            }
            let averages = averages.each_mut().map(|average| &mut average[..len]);
            self.rule.apply(level, rate, steps + 1, &mut tried[..len], &[0.0; TRIED][..len], averages);
            if check_finite(&tried, "").is_err() {
                return Err(Error::value(format!(
                    "with these running averages the next step of {} would leave no finite weights",
                    self.class_name
                )));
            }
        }
        Ok(())
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
        let mut averages: [&mut [f32]; MAX_SLOTS] = Default::default();
        for (average, slot) in averages.iter_mut().zip(&mut self.slots) {
            *average = &mut slot[range.clone()];
        }
        self.rule.apply(level, rate, self.steps, weights, gradients, averages);
    }

    /// Keras' gradient clipping.
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
    /// Which of the running averages are of squares or of sizes.
    fn averages_squares(self) -> &'static [usize] {
        match self {
            Self::Sgd { .. } => &[],
            Self::Adagrad { .. } | Self::RmsProp { .. } => &[0],
            Self::Adam { .. } => &[1, 2],
            Self::Adamax { .. } => &[1],
            #[cfg(feature = "complete")]
            Self::Further(rule) => rule.averages_squares(),
        }
    }

    /// Takes the step number `step` of one variable. `averages` are its parts of the running averages, as many as the
    /// rule needs.
    fn apply(
        self,
        level: Level,
        rate: f32,
        step: u64,
        weights: &mut [f32],
        gradients: &[f32],
        averages: [&mut [f32]; MAX_SLOTS],
    ) {
        let [first, second, third] = averages;
        // What an average that starts at 0 has to be divided by.
        let correction = |beta: f32| 1.0 - power(f64::from(beta), step);
        match self {
            Self::Sgd { momentum: 0.0, .. } => updates::Descent { rate }.update(level, gradients, [weights]),
            Self::Sgd { momentum, nesterov: false } => {
                updates::Momentum { rate, momentum }.update(level, gradients, [weights, first]);
            }
            Self::Sgd { momentum, nesterov: true } => {
                updates::Nesterov { rate, momentum }.update(level, gradients, [weights, first]);
            }
            Self::Adagrad { epsilon, .. } => {
                updates::Adagrad { rate, epsilon }.update(level, gradients, [weights, first]);
            }
            Self::RmsProp { rho, momentum, epsilon, centered } => {
                let rule = updates::RmsProp { rate, rho, momentum, epsilon, centered };
                rule.update(level, gradients, [weights, first, second, third]);
            }
            Self::Adam { beta_1, beta_2, epsilon, amsgrad } => {
                let rate = (f64::from(rate) * libm::sqrt(correction(beta_2)) / correction(beta_1)) as f32;
                let rule = updates::Adam { rate, beta_1, beta_2, epsilon };
                if amsgrad {
                    updates::AmsGrad(rule).update(level, gradients, [weights, first, second, third]);
                } else {
                    rule.update(level, gradients, [weights, first, second]);
                }
            }
            Self::Adamax { beta_1, beta_2, epsilon } => {
                let rate = (f64::from(rate) / correction(beta_1)) as f32;
                let rule = updates::Adamax { rate, beta_1, beta_2, epsilon };
                rule.update(level, gradients, [weights, first, second]);
            }
            #[cfg(feature = "complete")]
            Self::Further(rule) => rule.apply(level, rate, step, weights, gradients, [first, second]),
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
mod tests;
