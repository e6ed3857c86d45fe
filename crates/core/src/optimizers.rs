//! Optimisers, named and defined as in `keras.optimizers`, with Keras' arguments and defaults.

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
    use alloc::string::ToString;
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
        // Each variable is short enough, all together are not.
        close(&step(sgd("global_clipnorm", 4.0), &mut [3.0, 4.0]), &[-1.4, -2.2], 1e-6);
        close(&step(sgd("clipnorm", 4.0), &mut [3.0, 4.0]), &[-2.0, -3.0], 1e-6);
    }

    /// The weights after `steps` steps with the gradient ½, from 1.
    fn weight_after(description: Value, steps: usize) -> f32 {
        let mut optimizer = Optimizer::from_value(&description).unwrap();
        optimizer.start(1);
        let mut weight = [1.0];
        for _ in 0..steps {
            optimizer.step(convscope_kernels::level(), &mut weight, &mut [0.5], core::iter::once(0..1));
        }
        weight[0]
    }

    #[test]
    fn a_constant_gradient_moves_adam_by_the_learning_rate_whatever_its_averages() {
        for name in ["Adam", "Adamax", "AdamW"] {
            for [beta_1, beta_2] in [[0.9, 0.999], [0.5, 0.75], [0.0, 0.25]] {
                // Corrected for their start at 0, the averages are g and g², or |g|, from the first step on.
                let config = json!({ "learning_rate": 0.125, "beta_1": beta_1, "beta_2": beta_2, "epsilon": 0,
                    "weight_decay": 0 });
                let description = json!({ "class_name": name, "config": config });
                for (steps, expected) in [(1, 0.875), (2, 0.75), (3, 0.625)] {
                    let weight = weight_after(description.clone(), steps);
                    assert!((weight - expected).abs() < 1e-5, "{name}: {weight} after {steps} steps");
                }
            }
        }
    }

    #[test]
    fn decay_takes_its_part_of_a_weight_before_the_step() {
        let sgd = |decay: f32| {
            weight_after(
                json!({ "class_name": "SGD", "config": { "learning_rate": 0.25, "weight_decay": decay } }),
                1,
            )
        };
        assert_eq!(sgd(0.0), 1.0 - 0.25 * 0.5);
        assert_eq!(sgd(0.5), 1.0 - 0.25 * 0.5 - 0.25 * 0.5);
        assert_eq!(sgd(2.0), 1.0 - 0.25 * 2.0 - 0.25 * 0.5);
        // Without a decay no weight is touched, not even the sign of a zero.
        let mut optimizer = Optimizer::from_value(&json!("SGD")).unwrap();
        let mut weight = [-0.0];
        optimizer.step(convscope_kernels::level(), &mut weight, &mut [0.0], core::iter::once(0..1));
        assert!(weight[0].is_sign_negative());
    }

    #[test]
    fn the_learning_rate_can_be_changed_to_any_number_from_0_up() {
        let mut optimizer = Optimizer::from_value(&json!("SGD")).unwrap();
        for rate in [0.0, 0.5, 2.0] {
            optimizer.set_learning_rate(rate).unwrap();
            assert_eq!(optimizer.learning_rate(), rate);
        }
        for rate in [-0.5, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let error = optimizer.set_learning_rate(rate).unwrap_err().to_string();
            assert!(error.contains("learning_rate: expected a number from 0 up"), "{error}");
            assert_eq!(optimizer.learning_rate(), 2.0);
        }
    }

    #[test]
    fn an_optimizer_that_resumes_goes_on_where_the_other_was() {
        let description = json!({ "class_name": "adam", "config": { "learning_rate": {
            "class_name": "CosineDecay", "config": { "initial_learning_rate": 0.5, "decay_steps": 8 } } } });
        let mut one = Optimizer::from_value(&description).unwrap();
        let mut other = one.clone();
        assert_eq!(one.class_name(), "Adam");
        let step = |optimizer: &mut Optimizer, weights: &mut [f32; 2]| {
            optimizer.step(convscope_kernels::level(), weights, &mut [0.5, -1.0], core::iter::once(0..2));
        };
        one.start(2);
        other.start(2);
        let mut weights = [1.0, 2.0];
        for steps in 0..4 {
            assert_eq!(one.steps(), steps);
            step(&mut one, &mut weights);
        }
        // Half way down.
        assert!((one.learning_rate() - 0.25).abs() < 1e-6);
        other.resume(one.steps(), one.slots().to_vec());
        let mut resumed = weights;
        step(&mut one, &mut weights);
        step(&mut other, &mut resumed);
        assert_eq!(resumed, weights);
        one.start(2);
        assert_eq!((one.steps(), one.slots()), (0, &[vec![0.0; 2], vec![0.0; 2]][..]));
    }

    #[test]
    fn flags_are_those_of_the_description() {
        let momentum = |nesterov: bool| {
            let config = json!({ "learning_rate": 0.25, "momentum": 0.5, "nesterov": nesterov });
            weight_after(json!({ "class_name": "SGD", "config": config }), 1)
        };
        // v = −η·g, and w + v or w + ½·v − η·g.
        assert_eq!((momentum(false), momentum(true)), (0.875, 0.8125));
        let plain = weight_after(
            json!({ "class_name": "SGD", "config": { "momentum": 0.5, "learning_rate": 0.25 } }),
            1,
        );
        assert_eq!(plain, 0.875);
    }

    #[test]
    fn powers_are_products() {
        for base in [0.0, 0.5, 1.0, -1.5, 2.0] {
            let mut product = 1.0;
            for exponent in 0..20 {
                assert_eq!(power(base, exponent), product, "{base} to the {exponent}");
                product *= base;
            }
        }
    }

    /// Whether running averages, all 0 but for one number of one of them, are taken up after `steps` steps.
    fn taken_up(optimizer: &Value, steps: u64, slot: usize, place: usize, value: f32) -> Result<()> {
        // More weights than are tried at once.
        let weights = vec![1.0; 3 * TRIED];
        let mut optimizer = Optimizer::from_value(optimizer).unwrap();
        optimizer.start(weights.len());
        let mut slots = optimizer.slots().to_vec();
        slots.iter_mut().for_each(|slot| slot.fill(0.0));
        slots[slot][place] = value;
        optimizer.check(convscope_kernels::level(), &weights, steps, &slots)
    }

    #[test]
    fn averages_of_squares_are_not_taken_up_below_0() {
        let centred = json!({"class_name": "RMSprop", "config": {"centered": true}});
        let amsgrad = json!({"class_name": "Adam", "config": {"amsgrad": true}});
        for (optimizer, signs) in [
            (&json!({"class_name": "SGD", "config": {"momentum": 0.9}}), &[true][..]),
            (&json!("Adagrad"), &[false]),
            (&centred, &[false, true, true]),
            (&amsgrad, &[true, false, false]),
            (&json!("Adamax"), &[true, false]),
        ] {
            for (slot, &below_0) in signs.iter().enumerate() {
                let taken = taken_up(optimizer, 5, slot, 300, -1e-9);
                assert_eq!(taken.is_ok(), below_0, "{optimizer}: {slot}: {taken:?}");
                taken_up(optimizer, 5, slot, 300, 0.0).unwrap();
                assert!(taken_up(optimizer, 5, slot, 300, f32::NAN).is_err(), "{optimizer}: {slot}");
            }
        }
    }

    #[test]
    fn averages_that_leave_no_finite_weight_are_refused_wherever_they_are() {
        let momentum = json!({"class_name": "SGD", "config": {"momentum": 1.0}});
        for place in [0, TRIED - 1, TRIED, 2 * TRIED + 7, 3 * TRIED - 1] {
            taken_up(&momentum, 5, 0, place, 1e38).unwrap();
            // The weights are 1, which the largest number takes up without a trace.
            taken_up(&momentum, 5, 0, place, f32::MAX).unwrap();
            let error = taken_up(&json!("Adam"), 5, 0, place, 1e38).unwrap_err().to_string();
            assert!(error.contains("the next step of Adam would leave no finite weights"), "{error}");
        }
        // The first step is the one without steps before.
        taken_up(&json!("Adam"), 0, 1, 0, 0.0).unwrap();
    }

    #[test]
    fn every_optimizer_refuses_a_misspelt_argument() {
        for name in DEFINITIONS.iter().map(|definition| definition.class_name) {
            let error = Optimizer::from_value(&json!({"class_name": name, "config": {"learning_rat": 0.1}}));
            let message = format!("learning_rat: {name} has no such argument; did you mean learning_rate?");
            assert_eq!(error.unwrap_err().to_string(), message);
            Optimizer::from_value(&json!(name.to_lowercase())).unwrap();
        }
    }

    #[test]
    fn unsupported_arguments_are_named() {
        for (config, word) in [
            (json!({"use_ema": true}), "use_ema"),
            (json!({"learning_rate": {"class_name": "ExponentialDecay"}}), "learning_rate"),
            (json!({"beta_1": 1.5}), "beta_1"),
            (json!({"beta1": 0.5}), "did you mean beta_1?"),
            (
                json!({"momentum": 0.5}),
                "Adam has no such argument; it has beta_1, beta_2, epsilon, amsgrad, learning_rate",
            ),
            (json!({"clipnorm": 0}), "clipnorm"),
        ] {
            let error = Optimizer::from_value(&json!({"class_name": "Adam", "config": config})).unwrap_err();
            assert!(error.to_string().contains(word), "{error}");
        }
        assert!(Optimizer::from_value(&json!("Nadam")).is_err());
    }
}
