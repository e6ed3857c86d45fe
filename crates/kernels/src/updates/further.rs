//! Steps of the optimisers that the shipped trainings do without.

use super::Update;
use fearless_simd::{Simd, prelude::*};

/// `s ← rho · s + (1 − rho) · g²`, `d = g · √(u + epsilon) / √(s + epsilon)`, `u ← rho · u + (1 − rho) · d²`,
/// `w ← w − rate · d`, on `[w, s, u]`
#[derive(Clone, Copy, Debug)]
pub struct Adadelta {
    /// The learning rate.
    pub rate: f32,
    /// How slowly the averages forget.
    pub rho: f32,
    /// Added below both roots.
    pub epsilon: f32,
}

impl Update<3> for Adadelta {
    #[inline(always)]
    fn step<S: Simd>(self, _: S, gradient: S::f32s, [weight, square, moved]: [S::f32s; 3]) -> [S::f32s; 3] {
        let square = square * self.rho + gradient * gradient * (1.0 - self.rho);
        let step = gradient * (moved + self.epsilon).sqrt() / (square + self.epsilon).sqrt();
        [weight - step * self.rate, square, moved * self.rho + step * step * (1.0 - self.rho)]
    }
}

/// `w ← w − rate · sign(beta_1 · m + (1 − beta_1) · g)`, `m ← beta_2 · m + (1 − beta_2) · g`, on `[w, m]`
#[derive(Clone, Copy, Debug)]
pub struct Lion {
    /// The learning rate.
    pub rate: f32,
    /// The mean's part in the direction.
    pub beta_1: f32,
    /// How slowly the mean forgets.
    pub beta_2: f32,
}

impl Update<2> for Lion {
    #[inline(always)]
    fn step<S: Simd>(self, simd: S, gradient: S::f32s, [weight, mean]: [S::f32s; 2]) -> [S::f32s; 2] {
        let direction = mean * self.beta_1 + gradient * (1.0 - self.beta_1);
        let rate = S::f32s::splat(simd, self.rate);
        let step = direction.simd_gt(0.0).select(rate, direction.simd_lt(0.0).select(-rate, direction));
        [weight - step, mean * self.beta_2 + gradient * (1.0 - self.beta_2)]
    }
}

/// `m ← m + (1 − beta_1)(g − m)`, `s ← s + (1 − beta_2)(g² − s)`,
/// `w ← w − (of_mean · m + of_gradient · g) / (√(of_square · s) + epsilon)`, on `[w, m, s]`
#[derive(Clone, Copy, Debug)]
pub struct Nadam {
    /// The learning rate's part for the mean, with its bias correction.
    pub of_mean: f32,
    /// That for the gradient.
    pub of_gradient: f32,
    /// The bias correction of the mean square.
    pub of_square: f32,
    /// How slowly the mean forgets.
    pub beta_1: f32,
    /// How slowly the mean square forgets.
    pub beta_2: f32,
    /// Added to the root.
    pub epsilon: f32,
}

impl Update<3> for Nadam {
    #[inline(always)]
    fn step<S: Simd>(self, _: S, gradient: S::f32s, [weight, mean, square]: [S::f32s; 3]) -> [S::f32s; 3] {
        let mean = mean + (gradient - mean) * (1.0 - self.beta_1);
        let square = square + (gradient * gradient - square) * (1.0 - self.beta_2);
        let step = mean * self.of_mean + gradient * self.of_gradient;
        [weight - step / ((square * self.of_square).sqrt() + self.epsilon), mean, square]
    }
}
