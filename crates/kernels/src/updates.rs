//! The optimisers' steps, element by element.
//!
//! Averages that decay end among the subnormal numbers, which processors handle a hundred times as slowly:
//! whatever a rule keeps beside the weights goes to zero there, as it does in TensorFlow.

#[cfg(feature = "complete")]
mod further;

use crate::Level;
use crate::elementwise::for_each_vector;
use fearless_simd::{Simd, dispatch, prelude::*};
#[cfg(feature = "complete")]
pub use further::{Adadelta, Lion, Nadam};

/// What one step makes of a gradient and of `STATE` numbers that belong to a weight, the weight first.
trait Update<const STATE: usize>: Copy {
    /// The numbers after the step.
    fn step<S: Simd>(self, simd: S, gradient: S::f32s, state: [S::f32s; STATE]) -> [S::f32s; STATE];
}

/// Gives every rule its loop over all weights. It is not generic, so that it is compiled here, for speed.
macro_rules! update_by {
    ($($rule:ty: $state:literal),*) => {$(
        impl $rule {
            /// Takes one step: `state` holds the weights and whatever else the rule keeps, each as long as
            /// `gradients`.
            #[inline(never)]
            pub fn update(self, level: Level, gradients: &[f32], state: [&mut [f32]; $state]) {
                dispatch!(level, simd => simd.vectorize(
                    #[inline(always)]
                    || for_each_vector(simd, [gradients], state, #[inline(always)] |[gradient], state| step(simd, self, gradient, state)),
                ));
            }
        }
    )*};
}

#[cfg(feature = "complete")]
update_by!(Adadelta: 3, Lion: 2, Nadam: 3);
update_by!(Descent: 1, Momentum: 2, Nesterov: 2, Adagrad: 2, RmsProp: 4, Adam: 3, AmsGrad: 4, Adamax: 3);

/// The numbers after the step, without subnormal ones behind the weight.
#[inline(always)]
fn step<S: Simd, const STATE: usize>(
    simd: S,
    rule: impl Update<STATE>,
    gradient: S::f32s,
    state: [S::f32s; STATE],
) -> [S::f32s; STATE] {
    let mut state = rule.step(simd, gradient, state);
    let smallest = S::f32s::splat(simd, f32::MIN_POSITIVE);
    for number in 1..STATE {
        state[number] =
            state[number].abs().simd_ge(smallest).select(state[number], S::f32s::splat(simd, 0.0));
    }
    state
}

/// `w ← w − rate · g`, on `[w]`
#[derive(Clone, Copy, Debug)]
pub struct Descent {
    /// The learning rate.
    pub rate: f32,
}

impl Update<1> for Descent {
    #[inline(always)]
    fn step<S: Simd>(self, _: S, gradient: S::f32s, [weight]: [S::f32s; 1]) -> [S::f32s; 1] {
        [weight - gradient * self.rate]
    }
}

/// `v ← momentum · v − rate · g`, then `w ← w + v`, on `[w, v]`
#[derive(Clone, Copy, Debug)]
pub struct Momentum {
    /// The learning rate.
    pub rate: f32,
    /// The share of the last step that is added to this one.
    pub momentum: f32,
}

impl Update<2> for Momentum {
    #[inline(always)]
    fn step<S: Simd>(self, _: S, gradient: S::f32s, [weight, velocity]: [S::f32s; 2]) -> [S::f32s; 2] {
        let velocity = velocity * self.momentum - gradient * self.rate;
        [weight + velocity, velocity]
    }
}

/// `v ← momentum · v − rate · g`, then `w ← w + momentum · v − rate · g`, on `[w, v]`
#[derive(Clone, Copy, Debug)]
pub struct Nesterov {
    /// The learning rate.
    pub rate: f32,
    /// The share of the last step that is added to this one.
    pub momentum: f32,
}

impl Update<2> for Nesterov {
    #[inline(always)]
    fn step<S: Simd>(self, _: S, gradient: S::f32s, [weight, velocity]: [S::f32s; 2]) -> [S::f32s; 2] {
        let velocity = velocity * self.momentum - gradient * self.rate;
        [weight + (velocity * self.momentum - gradient * self.rate), velocity]
    }
}

/// `s ← s + g²`, `w ← w − rate · g / √(s + epsilon)`, on `[w, s]`
#[derive(Clone, Copy, Debug)]
pub struct Adagrad {
    /// The learning rate.
    pub rate: f32,
    /// Added below the root.
    pub epsilon: f32,
}

impl Update<2> for Adagrad {
    #[inline(always)]
    fn step<S: Simd>(self, _: S, gradient: S::f32s, [weight, sum]: [S::f32s; 2]) -> [S::f32s; 2] {
        let sum = sum + gradient * gradient;
        [weight - gradient * self.rate / (sum + self.epsilon).sqrt(), sum]
    }
}

/// `s ← rho · s + (1 − rho) · g²` and `m` the same of `g`; `v ← momentum · v + rate · g / √(s + epsilon)`,
/// centred with `s − m²` in the place of `s`; `w ← w − v`, on `[w, s, m, v]`
#[derive(Clone, Copy, Debug)]
pub struct RmsProp {
    /// The learning rate.
    pub rate: f32,
    /// How slowly the averages forget.
    pub rho: f32,
    /// The share of the last step that is added to this one.
    pub momentum: f32,
    /// Added below the root.
    pub epsilon: f32,
    /// Whether the square of the mean is taken from the mean of the squares.
    pub centered: bool,
}

impl Update<4> for RmsProp {
    #[inline(always)]
    fn step<S: Simd>(
        self,
        _: S,
        gradient: S::f32s,
        [weight, square, mean, velocity]: [S::f32s; 4],
    ) -> [S::f32s; 4] {
        let square = square * self.rho + gradient * gradient * (1.0 - self.rho);
        let mean = mean * self.rho + gradient * (1.0 - self.rho);
        let variance = if self.centered { square - mean * mean } else { square };
        let velocity = velocity * self.momentum + gradient * self.rate / (variance + self.epsilon).sqrt();
        [weight - velocity, square, mean, velocity]
    }
}

/// `m ← m + (1 − beta_1)(g − m)`, `s ← s + (1 − beta_2)(g² − s)`, `w ← w − rate · m / (√s + epsilon)`,
/// on `[w, m, s]`
#[derive(Clone, Copy, Debug)]
pub struct Adam {
    /// The learning rate with the bias correction in it.
    pub rate: f32,
    /// How slowly the mean forgets.
    pub beta_1: f32,
    /// How slowly the mean square forgets.
    pub beta_2: f32,
    /// Added to the root.
    pub epsilon: f32,
}

impl Adam {
    #[inline(always)]
    fn averages<S: Simd>(self, gradient: S::f32s, mean: S::f32s, square: S::f32s) -> [S::f32s; 2] {
        let mean = mean + (gradient - mean) * (1.0 - self.beta_1);
        [mean, square + (gradient * gradient - square) * (1.0 - self.beta_2)]
    }
}

impl Update<3> for Adam {
    #[inline(always)]
    fn step<S: Simd>(self, _: S, gradient: S::f32s, [weight, mean, square]: [S::f32s; 3]) -> [S::f32s; 3] {
        let [mean, square] = self.averages::<S>(gradient, mean, square);
        [weight - mean * self.rate / (square.sqrt() + self.epsilon), mean, square]
    }
}

/// [`Adam`] divided by the root of the largest `s` so far (Reddi, Kale, Kumar 2018), on `[w, m, s, largest]`
#[derive(Clone, Copy, Debug)]
pub struct AmsGrad(pub Adam);

impl Update<4> for AmsGrad {
    #[inline(always)]
    fn step<S: Simd>(
        self,
        _: S,
        gradient: S::f32s,
        [weight, mean, square, largest]: [S::f32s; 4],
    ) -> [S::f32s; 4] {
        let [mean, square] = self.0.averages::<S>(gradient, mean, square);
        let largest = largest.max(square);
        [weight - mean * self.0.rate / (largest.sqrt() + self.0.epsilon), mean, square, largest]
    }
}

/// `m ← m + (1 − beta_1)(g − m)`, `u ← max(beta_2 · u, |g|)`, `w ← w − rate · m / (u + epsilon)`, on `[w, m, u]`
#[derive(Clone, Copy, Debug)]
pub struct Adamax {
    /// The learning rate with the bias correction in it.
    pub rate: f32,
    /// How slowly the mean forgets.
    pub beta_1: f32,
    /// How slowly the largest gradient is forgotten.
    pub beta_2: f32,
    /// Added to the largest gradient.
    pub epsilon: f32,
}

impl Update<3> for Adamax {
    #[inline(always)]
    fn step<S: Simd>(self, _: S, gradient: S::f32s, [weight, mean, largest]: [S::f32s; 3]) -> [S::f32s; 3] {
        let mean = mean + (gradient - mean) * (1.0 - self.beta_1);
        let largest = (largest * self.beta_2).max(gradient.abs());
        [weight - mean * self.rate / (largest + self.epsilon), mean, largest]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::assert_close;
    use crate::test_support::{Random, levels};
    use std::{vec, vec::Vec};

    /// Two steps of a rule at every level and length against `formula`, which takes the gradient and the state.
    fn assert_follows<const STATE: usize>(
        name: &str,
        update: impl Fn(Level, &[f32], [&mut [f32]; STATE]),
        formula: impl Fn(f64, [f64; STATE]) -> [f64; STATE],
    ) {
        for level in levels() {
            for length in [1, 3, 4, 15, 16, 37] {
                let gradients = Random(length as u64).values(length);
                let mut state: [Vec<f32>; STATE] = core::array::from_fn(|_| vec![0.0; length]);
                state[0].fill(1.0);
                let mut expected: Vec<[f64; STATE]> = (0..length)
                    .map(|index| core::array::from_fn(|number| state[number][index].into()))
                    .collect();
                for _ in 0..2 {
                    update(level, &gradients, state.each_mut().map(Vec::as_mut_slice));
                    for (state, &gradient) in expected.iter_mut().zip(&gradients) {
                        *state = formula(gradient.into(), *state);
                    }
                }
                for number in 0..STATE {
                    let expected: Vec<f32> = expected.iter().map(|state| state[number] as f32).collect();
                    assert_close(&state[number], &expected, 1e-5);
                }
                assert!(state[0].iter().all(|&weight| weight != 1.0), "{name} moves every weight");
            }
        }
    }

    #[test]
    fn every_rule_follows_its_formula_at_every_level_and_length() {
        let (rate, epsilon) = (0.1, 1e-3);
        let [rate_64, epsilon_64] = [rate, epsilon].map(f64::from);
        assert_follows(
            "Descent",
            |level, g, state| Descent { rate }.update(level, g, state),
            |g, [w]| [w - rate_64 * g],
        );
        let momentum = Momentum { rate, momentum: 0.5 };
        assert_follows(
            "Momentum",
            |level, g, state| momentum.update(level, g, state),
            |g, [w, v]| {
                let v = 0.5 * v - rate_64 * g;
                [w + v, v]
            },
        );
        let nesterov = Nesterov { rate, momentum: 0.5 };
        assert_follows(
            "Nesterov",
            |level, g, state| nesterov.update(level, g, state),
            |g, [w, v]| {
                let v = 0.5 * v - rate_64 * g;
                [w + 0.5 * v - rate_64 * g, v]
            },
        );
        let adagrad = Adagrad { rate, epsilon };
        assert_follows(
            "Adagrad",
            |level, g, state| adagrad.update(level, g, state),
            |g, [w, s]| {
                let s = s + g * g;
                [w - rate_64 * g / (s + epsilon_64).sqrt(), s]
            },
        );
        for centered in [false, true] {
            let rms_prop = RmsProp { rate, rho: 0.75, momentum: 0.5, epsilon, centered };
            assert_follows(
                "RmsProp",
                |level, g, state| rms_prop.update(level, g, state),
                |g, [w, s, m, v]| {
                    let (s, m) = (0.75 * s + 0.25 * g * g, 0.75 * m + 0.25 * g);
                    let variance = if centered { s - m * m } else { s };
                    let v = 0.5 * v + rate_64 * g / (variance + epsilon_64).sqrt();
                    [w - v, s, m, v]
                },
            );
        }
        let adam = Adam { rate, beta_1: 0.75, beta_2: 0.5, epsilon };
        let averages = |g: f64, m: f64, s: f64| (m + 0.25 * (g - m), s + 0.5 * (g * g - s));
        assert_follows(
            "Adam",
            |level, g, state| adam.update(level, g, state),
            |g, [w, m, s]| {
                let (m, s) = averages(g, m, s);
                [w - rate_64 * m / (s.sqrt() + epsilon_64), m, s]
            },
        );
        assert_follows(
            "AmsGrad",
            |level, g, state| AmsGrad(adam).update(level, g, state),
            |g, [w, m, s, largest]| {
                let (m, s) = averages(g, m, s);
                let largest = largest.max(s);
                [w - rate_64 * m / (largest.sqrt() + epsilon_64), m, s, largest]
            },
        );
        let adamax = Adamax { rate, beta_1: 0.75, beta_2: 0.5, epsilon };
        assert_follows(
            "Adamax",
            |level, g, state| adamax.update(level, g, state),
            |g, [w, m, u]| {
                let (m, u) = (m + 0.25 * (g - m), (0.5 * u).max(g.abs()));
                [w - rate_64 * m / (u + epsilon_64), m, u]
            },
        );
    }

    #[test]
    fn what_decays_ends_at_zero() {
        for level in levels() {
            for len in [3, 16] {
                let (mut weights, mut velocities) = ([1.0; 16], [-2.0 * f32::MIN_POSITIVE; 16]);
                for expected in [-f32::MIN_POSITIVE, 0.0] {
                    let rule = Momentum { rate: 0.1, momentum: 0.5 };
                    rule.update(level, &[0.0; 16][..len], [&mut weights[..len], &mut velocities[..len]]);
                    assert_eq!(velocities[..len], [expected; 16][..len]);
                }
            }
        }
    }
}
