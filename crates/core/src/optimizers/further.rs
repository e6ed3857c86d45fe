//! Optimisers that the shipped trainings do without.

use super::{Definition, Rule, betas, epsilon, power};
use crate::config::Arguments::Read;
use convscope_kernels::Level;
use convscope_kernels::updates;

/// How a gradient g becomes a step, with learning rate η.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Further {
    /// v ← ρ·v + (1 − ρ)·g², d = √(u + ε) / √(v + ε) · g, u ← ρ·u + (1 − ρ)·d², w ← w − η·d (Zeiler 2012).
    Adadelta { rho: f32, epsilon: f32 },
    /// w ← w − η·sign(β₁·m + (1 − β₁)·g), m ← β₂·m + (1 − β₂)·g (Chen et al. 2023).
    Lion { beta_1: f32, beta_2: f32 },
    /// Adam's averages with Nesterov's momentum, whose share of the mean goes by μₜ = β₁(1 − ½·0.96ᵗ) (Dozat 2016).
    Nadam { beta_1: f32, beta_2: f32, epsilon: f32 },
}

pub(super) const ADADELTA: Definition = Definition {
    class_name: "Adadelta",
    arguments: &[Read(&["rho", "epsilon"])],
    learning_rate: 0.001,
    weight_decay: 0.0,
    rule: |fields| {
        let rho = fields.number_in("rho", 0.0..=1.0, 0.95)?;
        Ok(Rule::Further(Further::Adadelta { rho, epsilon: epsilon(fields)? }))
    },
};

pub(super) const LION: Definition = Definition {
    class_name: "Lion",
    arguments: &[Read(&["beta_1", "beta_2"])],
    learning_rate: 0.001,
    weight_decay: 0.0,
    rule: |fields| {
        // Keras refuses 0, with which only signs of gradients are left.
        let beta_1 = fields.number_in("beta_1", f32::MIN_POSITIVE..=1.0, 0.9)?;
        Ok(Rule::Further(Further::Lion { beta_1, beta_2: fields.number_in("beta_2", 0.0..=1.0, 0.99)? }))
    },
};

pub(super) const NADAM: Definition = Definition {
    class_name: "Nadam",
    arguments: &[Read(&["beta_1", "beta_2", "epsilon"])],
    learning_rate: 0.001,
    weight_decay: 0.0,
    rule: |fields| {
        let [beta_1, beta_2] = betas(fields)?;
        Ok(Rule::Further(Further::Nadam { beta_1, beta_2, epsilon: epsilon(fields)? }))
    },
};

/// Steps after which 0.96ᵗ is lost beside 1.
const SETTLED: u64 = 1000;

impl Further {
    /// How many running averages it has.
    pub(super) fn slots(self) -> usize {
        match self {
            Self::Lion { .. } => 1,
            Self::Adadelta { .. } | Self::Nadam { .. } => 2,
        }
    }

    /// Which of them are of squares.
    pub(super) fn averages_squares(self) -> &'static [usize] {
        match self {
            Self::Adadelta { .. } => &[0, 1],
            Self::Lion { .. } => &[],
            Self::Nadam { .. } => &[1],
        }
    }

    /// Takes the step number `step` of one variable.
    pub(super) fn apply(
        self,
        level: Level,
        rate: f32,
        step: u64,
        weights: &mut [f32],
        gradients: &[f32],
        [first, second]: [&mut [f32]; 2],
    ) {
        match self {
            Self::Adadelta { rho, epsilon } => {
                updates::Adadelta { rate, rho, epsilon }.update(level, gradients, [weights, first, second]);
            }
            Self::Lion { beta_1, beta_2 } => {
                updates::Lion { rate, beta_1, beta_2 }.update(level, gradients, [weights, first]);
            }
            Self::Nadam { beta_1, beta_2, epsilon } => {
                let momentum = |step| f64::from(beta_1) * (1.0 - 0.5 * power(0.96, step));
                let settled = step.min(SETTLED);
                let product: f64 =
                    (1..=settled).map(momentum).product::<f64>() * power(f64::from(beta_1), step - settled);
                let (now, next) = (momentum(step), momentum(step + 1));
                let rate = f64::from(rate);
                let rule = updates::Nadam {
                    of_mean: (rate * next / (1.0 - product * next)) as f32,
                    of_gradient: (rate * (1.0 - now) / (1.0 - product)) as f32,
                    of_square: (1.0 / (1.0 - power(f64::from(beta_2), step))) as f32,
                    beta_1,
                    beta_2,
                    epsilon,
                };
                rule.update(level, gradients, [weights, first, second]);
            }
        }
    }
}
