//! Activation functions and their derivatives over slices.

use crate::Level;
use crate::elementwise::for_each_vector;
#[cfg(feature = "complete")]
use crate::functions::{self, Function};
use fearless_simd::{Simd, dispatch, prelude::*};

/// An activation function, defined as in `keras.activations`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// x
    Linear,
    /// max(x, 0)
    Relu,
    /// x above zero, `negative_slope · x` below
    LeakyRelu {
        /// The slope below zero.
        negative_slope: f32,
    },
    /// x above zero, `alpha · (eˣ − 1)` below
    Elu {
        /// What it falls to far below zero, negated.
        alpha: f32,
    },
    /// 1 / (1 + e⁻ˣ)
    Sigmoid,
    /// tanh x
    Tanh,
    /// eˣ over the sum of it over all channels
    Softmax,
    /// What the shipped models do without.
    #[cfg(feature = "complete")]
    Further(Function),
}

impl Activation {
    /// Whether it takes all channels of a position together.
    pub fn mixes_channels(self) -> bool {
        match self {
            Self::Softmax => true,
            #[cfg(feature = "complete")]
            Self::Further(function) => function.mixes_channels(),
            _ => false,
        }
    }

    /// Whether its derivative is taken from what it is applied to, not from what comes out.
    pub fn needs_input(self) -> bool {
        #[cfg(feature = "complete")]
        if let Self::Further(_) = self {
            return true;
        }
        false
    }
}

/// Applies `activation` to `values` in place. Softmax runs over vectors of `channels` values.
#[inline(never)]
pub fn apply(level: Level, activation: Activation, values: &mut [f32], channels: usize) {
    match activation {
        Activation::Linear => {}
        Activation::Softmax => {
            values.chunks_exact_mut(channels).for_each(softmax);
        }
        #[cfg(feature = "complete")]
        Activation::Further(function) => functions::apply(level, function, values, channels),
        _ => dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || apply_to_each(simd, activation, values),
        )),
    }
}

#[inline(always)]
fn apply_to_each<S: Simd>(simd: S, activation: Activation, values: &mut [f32]) {
    let zero = S::f32s::splat(simd, 0.0);
    match activation {
        Activation::Relu => each(
            simd,
            values,
            #[inline(always)]
            |x| x.simd_lt(zero).select(zero, x),
        ),
        Activation::LeakyRelu { negative_slope } => each(
            simd,
            values,
            #[inline(always)]
            |x| x.simd_lt(zero).select(x * negative_slope, x),
        ),
        Activation::Elu { alpha } => each(
            simd,
            values,
            #[inline(always)]
            |x| x.simd_lt(zero).select((exp(simd, x) - 1.0) * alpha, x),
        ),
        Activation::Sigmoid => each(
            simd,
            values,
            #[inline(always)]
            |x| S::f32s::splat(simd, 1.0) / (exp(simd, -x) + 1.0),
        ),
        Activation::Tanh => each(
            simd,
            values,
            #[inline(always)]
            |x| tanh(simd, x),
        ),
        _ => {}
    }
}

/// Multiplies `gradients` with the derivative of `activation`, taken from its `outputs`, or from its inputs in their place
/// where [`Activation::needs_input`] says so.
#[inline(never)]
pub fn apply_derivative(
    level: Level,
    activation: Activation,
    outputs: &[f32],
    gradients: &mut [f32],
    channels: usize,
) {
    match activation {
        Activation::Linear => {}
        Activation::Softmax => {
            let vectors = outputs.chunks_exact(channels);
            for (outputs, gradients) in vectors.zip(gradients.chunks_exact_mut(channels)) {
                let mean: f32 =
                    outputs.iter().zip(&*gradients).map(|(output, gradient)| output * gradient).sum();
                for (gradient, output) in gradients.iter_mut().zip(outputs) {
                    *gradient = output * (*gradient - mean);
                }
            }
        }
        #[cfg(feature = "complete")]
        Activation::Further(function) => {
            functions::apply_derivative(level, function, outputs, gradients, channels);
        }
        _ => dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || multiply_by_each(simd, activation, outputs, gradients),
        )),
    }
}

#[inline(always)]
fn multiply_by_each<S: Simd>(simd: S, activation: Activation, outputs: &[f32], gradients: &mut [f32]) {
    let (zero, one) = (S::f32s::splat(simd, 0.0), S::f32s::splat(simd, 1.0));
    match activation {
        Activation::Relu => each_gradient(
            simd,
            outputs,
            gradients,
            #[inline(always)]
            |y, g| y.simd_gt(zero).select(g, zero),
        ),
        Activation::LeakyRelu { negative_slope } => each_gradient(
            simd,
            outputs,
            gradients,
            #[inline(always)]
            |y, g| y.simd_gt(zero).select(g, g * negative_slope),
        ),
        Activation::Elu { alpha } => each_gradient(
            simd,
            outputs,
            gradients,
            #[inline(always)]
            |y, g| y.simd_gt(zero).select(g, (y + alpha) * g),
        ),
        Activation::Sigmoid => each_gradient(
            simd,
            outputs,
            gradients,
            #[inline(always)]
            |y, g| y * (one - y) * g,
        ),
        Activation::Tanh => each_gradient(
            simd,
            outputs,
            gradients,
            #[inline(always)]
            |y, g| (one - y * y) * g,
        ),
        _ => {}
    }
}

/// Turns logits into probabilities; the largest is taken off first so that no exponential overflows.
fn softmax(logits: &mut [f32]) {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for value in logits.iter_mut() {
        *value = libm::expf(*value - largest);
        sum += *value;
    }
    logits.iter_mut().for_each(|value| *value /= sum);
}

#[inline(always)]
fn each<S: Simd>(simd: S, values: &mut [f32], function: impl Fn(S::f32s) -> S::f32s) {
    for_each_vector(
        simd,
        [],
        [values],
        #[inline(always)]
        |[], [x]| [function(x)],
    );
}

#[inline(always)]
fn each_gradient<S: Simd>(
    simd: S,
    outputs: &[f32],
    gradients: &mut [f32],
    function: impl Fn(S::f32s, S::f32s) -> S::f32s,
) {
    for_each_vector(
        simd,
        [outputs],
        [gradients],
        #[inline(always)]
        |[y], [g]| [function(y, g)],
    );
}

/// `eˣ` within two units in the last place for `x` in −87 to 88, the values at these ends beyond
/// them; NaN stays NaN. (Cephes' `expf`: argument reduction by ln 2, polynomial of degree 5.)
#[inline(always)]
pub(crate) fn exp<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    // Adding 1.5 · 2²³ rounds to a whole number and leaves it in the low bits of the sum.
    const ROUND: f32 = 12_582_912.0;
    let (least, most) = (S::f32s::splat(simd, -87.0), S::f32s::splat(simd, 88.0));
    let x = x.simd_lt(least).select(least, x);
    let x = x.simd_gt(most).select(most, x);
    let shifted = x * core::f32::consts::LOG2_E + ROUND;
    let power = shifted - ROUND;
    let rest = x - power * 0.693_359_4 + power * 2.121_944_4e-4;
    let mut series = S::f32s::splat(simd, 1.987_569_1e-4);
    for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        series = series * rest + coefficient;
    }
    let series = series * rest * rest + rest + 1.0;
    series * ((shifted.bitcast::<S::u32s>() + 127) << 23).bitcast::<S::f32s>()
}

/// `tanh x` within a few units in the last place (Cephes' `tanhf`: a polynomial near zero, where
/// the exponential would cancel).
#[inline(always)]
pub(crate) fn tanh<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let square = x * x;
    let mut series = S::f32s::splat(simd, -5.704_988_7e-3);
    for coefficient in [2.063_909e-2, -5.373_971_6e-2, 1.333_144_2e-1, -3.333_328e-1] {
        series = series * square + coefficient;
    }
    let near = series * square * x + x;
    let far = S::f32s::splat(simd, 1.0) - S::f32s::splat(simd, 2.0) / (exp(simd, x.abs() * 2.0) + 1.0);
    square.simd_lt(0.390_625).select(near, far.copysign(x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;
    use crate::test_support::{Random, levels};
    use std::vec;

    /// One number through a vector function.
    macro_rules! of_one {
        ($level:expr, $function:ident, $x:expr) => {
            dispatch!($level, simd => $function(simd, splat(simd, $x)).as_slice()[0])
        };
    }

    fn splat<S: Simd>(simd: S, x: f32) -> S::f32s {
        S::f32s::splat(simd, x)
    }

    #[test]
    fn exponential_and_hyperbolic_tangent_are_accurate() {
        for level in levels() {
            for step in -8700..8800 {
                let x = step as f32 / 100.0 + 0.003;
                let exact = f64::from(x).exp();
                assert!((f64::from(of_one!(level, exp, x)) / exact - 1.0).abs() < 2.5e-7, "exp({x})");
                let (x, exact) = (x / 8.0, f64::from(x / 8.0).tanh());
                let tanh = of_one!(level, tanh, x);
                assert!((f64::from(tanh) / exact - 1.0).abs() < 5e-7, "tanh({x}) = {tanh} not {exact}");
            }
            assert!(of_one!(level, exp, f32::NAN).is_nan() && of_one!(level, tanh, f32::NAN).is_nan());
            assert!(of_one!(level, exp, 1000.0).is_finite() && of_one!(level, exp, -1000.0) >= 0.0);
        }
    }

    #[test]
    fn every_level_and_length_gives_the_function_and_its_derivative() {
        for activation in [
            Activation::Linear,
            Activation::Relu,
            Activation::LeakyRelu { negative_slope: 0.2 },
            Activation::Elu { alpha: 1.5 },
            Activation::Sigmoid,
            Activation::Tanh,
        ] {
            for (level, length) in
                levels().into_iter().flat_map(|level| [1, 3, 4, 16, 37].map(|length| (level, length)))
            {
                let x = Random(length as u64)
                    .values(length)
                    .into_iter()
                    .map(|x| 4.0 * x)
                    .collect::<std::vec::Vec<f32>>();
                let (mut values, mut gradients) = (x.clone(), vec![2.0; length]);
                apply(level, activation, &mut values, length);
                apply_derivative(level, activation, &values, &mut gradients, length);
                for (index, &x) in x.iter().enumerate() {
                    let got = [values[index], gradients[index] / 2.0];
                    let expected = reference::activation(activation, x.into());
                    let close = got
                        .iter()
                        .zip(expected)
                        .all(|(&got, expected)| (f64::from(got) - expected).abs() < 1e-6);
                    assert!(close, "{activation:?} of {x}: {got:?}, not {expected:?}");
                }
            }
        }
    }

    #[test]
    fn softmax_and_its_derivative_follow_the_formula() {
        let channels = 3;
        let logits = Random(7).values(4 * channels);
        let mut outputs = logits.clone();
        apply(crate::level(), Activation::Softmax, &mut outputs, channels);
        let weights = Random(8).values(outputs.len());
        let mut gradients = weights.clone();
        apply_derivative(crate::level(), Activation::Softmax, &outputs, &mut gradients, channels);
        for index in 0..outputs.len() {
            let first = index / channels * channels;
            let places = || first..first + channels;
            let sum: f32 = places().map(|place| logits[place].exp()).sum();
            let mean: f32 = places().map(|place| outputs[place] * weights[place]).sum();
            assert!((outputs[index] - logits[index].exp() / sum).abs() < 1e-6);
            assert!((gradients[index] - outputs[index] * (weights[index] - mean)).abs() < 1e-6);
        }
    }

    #[test]
    fn relu_keeps_what_is_not_a_number() {
        for level in levels() {
            let mut values = [-1.0, f32::NAN, 2.0];
            apply(level, Activation::Relu, &mut values, 3);
            assert!(values[0] == 0.0 && values[1].is_nan() && values[2] == 2.0);
        }
    }

    #[test]
    fn a_softmax_of_huge_logits_is_finite() {
        let mut values = [1e30, 0.0, -1e30];
        softmax(&mut values);
        assert_eq!(values, [1.0, 0.0, 0.0]);
    }
}
