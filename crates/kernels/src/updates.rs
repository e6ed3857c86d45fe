//! The optimisers' steps, element by element.
//!
//! Averages that decay end among the subnormal numbers, which processors handle a hundred times as slowly:
//! whatever a rule keeps beside the weights goes to zero there, as it does in TensorFlow.

use crate::Level;
use crate::elementwise::for_each_vector;
use fearless_simd::{Simd, dispatch, prelude::*};

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

update_by!(Descent: 1, Momentum: 2, Nesterov: 2, Adagrad: 2, RmsProp: 4, Adam: 3, AmsGrad: 4);

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{assert_close, levels};
    use std::vec::Vec;

    #[test]
    fn every_level_and_length_takes_the_step_of_the_formula() {
        for len in [1, 3, 4, 15, 16, 37] {
            let gradients: Vec<f32> = (0..len).map(|index| (index as f32 * 0.7).sin()).collect();
            let expected: Vec<f32> =
                gradients.iter().map(|g| 1.0 - 0.1 * (0.1 * g) / ((0.01 * g * g).sqrt() + 1e-7)).collect();
            for level in levels() {
                let rule = Adam { rate: 0.1, beta_1: 0.9, beta_2: 0.99, epsilon: 1e-7 };
                let (mut weights, mut means, mut squares) = ([1.0; 37], [0.0; 37], [0.0; 37]);
                let state = [&mut weights[..len], &mut means[..len], &mut squares[..len]];
                rule.update(level, &gradients, state);
                assert_close(&weights[..len], &expected, 1e-5);
            }
        }
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
