//! Activation functions that the shipped models do without. Most of them cannot be told back from their values, so that
//! their derivatives are taken from what they are applied to.

use crate::activations::{exp, tanh};
use crate::{Level, WIDEST};
use core::f32::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};
use fearless_simd::{Simd, dispatch, prelude::*};

/// A function, defined as in `keras.activations`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Function {
    /// x above zero, `alpha · (e^(x / alpha) − 1)` below
    Celu {
        /// What it falls to far below zero, negated; above 0.
        alpha: f32,
    },
    /// eˣ
    Exponential,
    /// x · Φ(x), where Φ is the normal distribution's (Hendrycks and Gimpel 2016)
    Gelu,
    /// ½ · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))
    ApproximateGelu,
    /// x where |x| is above `threshold`, else 0
    HardShrink {
        /// From 0 up.
        threshold: f32,
    },
    /// min(max(x + 3, 0), 6) / 6
    HardSigmoid,
    /// x times [`Function::HardSigmoid`]
    HardSilu,
    /// min(max(x, −1), 1)
    HardTanh,
    /// ln(1 / (1 + e⁻ˣ))
    LogSigmoid,
    /// x less the logarithm of the sum of eˣ over all channels
    LogSoftmax,
    /// x · tanh(ln(1 + eˣ)) (Misra 2019)
    Mish,
    /// min(x, `max_value`) above `threshold`, `negative_slope · (x − threshold)` from there down
    Relu {
        /// The slope below the threshold.
        negative_slope: f32,
        /// From 0 up.
        threshold: f32,
        /// Infinite where there is no largest value.
        max_value: f32,
    },
    /// 1.0507 times ELU with alpha 1.6733 (Klambauer et al. 2017)
    Selu,
    /// x / (1 + e⁻ˣ), also called swish
    Silu,
    /// x moved towards zero by `threshold`, 0 where it is nearer
    SoftShrink {
        /// From 0 up.
        threshold: f32,
    },
    /// ln(1 + eˣ)
    Softplus,
    /// x / (1 + |x|)
    Softsign,
    /// x from 1 up, ¼ · (x + 1)² between −1 and 1, 0 below
    SparsePlus,
    /// ½ · (x + 1), but not below 0 nor above 1
    SparseSigmoid,
    /// ½ · (x + √(x² + b))
    Squareplus {
        /// From 0 up.
        b: f32,
    },
    /// x − tanh x
    TanhShrink,
    /// x above `threshold`, else `default_value`
    Threshold {
        /// What x has to exceed.
        threshold: f32,
        /// What becomes of the others.
        default_value: f32,
    },
}

/// The constants of [`Function::Selu`].
const SELU_SCALE: f32 = 1.050_701;
const SELU_ALPHA: f32 = 1.673_263_2;

impl Function {
    /// Whether it takes all channels of a position together.
    pub fn mixes_channels(self) -> bool {
        self == Self::LogSoftmax
    }
}

/// Applies `function` to `values` in place. Those that mix channels run over vectors of `channels` values.
#[inline(never)]
pub fn apply(level: Level, function: Function, values: &mut [f32], channels: usize) {
    match function {
        Function::LogSoftmax => values.chunks_exact_mut(channels).for_each(log_softmax),
        _ => dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || each(simd, function, None, values),
        )),
    }
}

/// Multiplies `gradients` with the derivative of `function`, taken from its `inputs`.
#[inline(never)]
pub fn apply_derivative(
    level: Level,
    function: Function,
    inputs: &[f32],
    gradients: &mut [f32],
    channels: usize,
) {
    if !function.mixes_channels() {
        return dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || each(simd, function, Some(inputs), gradients),
        ));
    }
    for (inputs, gradients) in inputs.chunks_exact(channels).zip(gradients.chunks_exact_mut(channels)) {
        let log_sum = log_sum(inputs);
        let sum: f32 = gradients.iter().sum();
        for (gradient, input) in gradients.iter_mut().zip(inputs) {
            *gradient -= libm::expf(input - log_sum) * sum;
        }
    }
}

/// Without `inputs`, writes the function's values of `targets` over them; with `inputs`, multiplies `targets` with the
/// derivative there. One loop for both, without the unrolled ends of the fast ones: the functions are long.
#[inline(always)]
fn each<S: Simd>(simd: S, function: Function, inputs: Option<&[f32]>, targets: &mut [f32]) {
    let lanes = S::f32s::LEN;
    for start in (0..targets.len()).step_by(lanes) {
        let place = start..targets.len().min(start + lanes);
        let (mut padded, mut results) = ([0.0; WIDEST], [0.0; WIDEST]);
        let source = inputs.map_or(&targets[place.clone()], |inputs| &inputs[place.clone()]);
        padded[..source.len()].copy_from_slice(source);
        let [value, slope] = value_and_slope(simd, function, S::f32s::from_slice(simd, &padded[..lanes]));
        if inputs.is_none() { value } else { slope }.store_slice(&mut results[..lanes]);
        for (target, result) in targets[place].iter_mut().zip(results) {
            *target = if inputs.is_none() { result } else { *target * result };
        }
    }
}

/// The function's value at `x`, and its derivative there; at a corner that of the side that Keras' definition names.
#[inline(always)]
fn value_and_slope<S: Simd>(simd: S, function: Function, x: S::f32s) -> [S::f32s; 2] {
    let splat = |value: f32| S::f32s::splat(simd, value);
    let (zero, one) = (splat(0.0), splat(1.0));
    let negative = x.simd_lt(0.0);
    match function {
        Function::Celu { alpha } => {
            let power = exp(simd, x / alpha);
            [negative.select((power - 1.0) * alpha, x), negative.select(power, one)]
        }
        Function::Exponential => {
            let power = exp(simd, x);
            [power, power]
        }
        Function::Gelu => {
            let below = complementary_error(simd, x.abs() * FRAC_1_SQRT_2) * 0.5;
            let share = negative.select(below, one - below);
            let density = exp(simd, x * x * -0.5) * (0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2);
            [x * share, share + x * density]
        }
        Function::ApproximateGelu => {
            let scale = FRAC_2_SQRT_PI * FRAC_1_SQRT_2;
            // Where the share has long been 0 or 1, no power may overflow.
            let near = x.simd_lt(-50.0).select(splat(-50.0), x.simd_gt(50.0).select(splat(50.0), x));
            let tanh = tanh(simd, (near * near * 0.044_715 + 1.0) * near * scale);
            let inner = (near * near * (3.0 * 0.044_715) + 1.0) * scale;
            let share = (tanh + 1.0) * 0.5;
            [x * share, share + near * 0.5 * (one - tanh * tanh) * inner]
        }
        Function::HardShrink { threshold } => {
            let kept = x.abs().simd_gt(threshold);
            [kept.select(x, zero), kept.select(one, zero)]
        }
        Function::HardSigmoid | Function::HardSilu => {
            let (below, above) = (x.simd_le(-3.0), x.simd_ge(3.0));
            let sigmoid = below.select(zero, above.select(one, (x + 3.0) / 6.0));
            let slope = below.select(zero, above.select(zero, splat(1.0 / 6.0)));
            match function {
                Function::HardSigmoid => [sigmoid, slope],
                _ => [x * sigmoid, sigmoid + x * slope],
            }
        }
        Function::HardTanh => {
            let (below, above) = (x.simd_le(-1.0), x.simd_ge(1.0));
            [below.select(splat(-1.0), above.select(one, x)), below.select(zero, above.select(zero, one))]
        }
        Function::LogSigmoid => [-softplus(simd, -x), sigmoid(simd, -x)],
        Function::Mish => {
            // tanh(ln(1 + eˣ)) = n / (n + 2) with n = eˣ(eˣ + 2); from 20 up it is 1.
            let power = exp(simd, x.simd_gt(20.0).select(splat(20.0), x));
            let product = power * (power + 2.0);
            let share = product / (product + 2.0);
            [x * share, share + x * (one - share * share) * sigmoid(simd, x)]
        }
        Function::Relu { negative_slope, threshold, max_value } => {
            let (below, above) = (x.simd_le(threshold), x.simd_ge(max_value));
            let low = (x - threshold) * negative_slope;
            [
                below.select(low, above.select(splat(max_value), x)),
                below.select(splat(negative_slope), above.select(zero, one)),
            ]
        }
        Function::Selu => {
            let power = exp(simd, x) * (SELU_SCALE * SELU_ALPHA);
            [
                negative.select(power - SELU_SCALE * SELU_ALPHA, x * SELU_SCALE),
                negative.select(power, splat(SELU_SCALE)),
            ]
        }
        Function::Silu => {
            let share = sigmoid(simd, x);
            [x * share, share + x * share * (one - share)]
        }
        Function::SoftShrink { threshold } => {
            let moved = negative.select(x + threshold, x - threshold);
            let kept = x.abs().simd_gt(threshold);
            [kept.select(moved, zero), kept.select(one, zero)]
        }
        Function::Softplus => [softplus(simd, x), sigmoid(simd, x)],
        Function::Softsign => {
            let share = one / (x.abs() + 1.0);
            [x * share, share * share]
        }
        Function::SparsePlus => {
            let (below, above) = (x.simd_le(-1.0), x.simd_ge(1.0));
            let half = (x + 1.0) * 0.5;
            [below.select(zero, above.select(x, half * half)), below.select(zero, above.select(one, half))]
        }
        Function::SparseSigmoid => {
            let (below, above) = (x.simd_le(-1.0), x.simd_ge(1.0));
            [
                below.select(zero, above.select(one, (x + 1.0) * 0.5)),
                below.select(zero, above.select(zero, splat(0.5))),
            ]
        }
        Function::Squareplus { b } => {
            // Far away the square overflows, and b is lost beside it; below 0 the sum would cancel.
            let root = x.abs().simd_gt(1e15).select(x.abs(), (x * x + b).sqrt());
            let value = negative.select(splat(0.5 * b) / (root - x), (x + root) * 0.5);
            [value, value / root]
        }
        Function::TanhShrink => {
            let tanh = tanh(simd, x);
            [x - tanh, tanh * tanh]
        }
        Function::Threshold { threshold, default_value } => {
            let kept = x.simd_gt(threshold);
            [kept.select(x, splat(default_value)), kept.select(one, zero)]
        }
        Function::LogSoftmax => [x, one],
    }
}

#[inline(always)]
fn sigmoid<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    S::f32s::splat(simd, 1.0) / (exp(simd, -x) + 1.0)
}

/// `ln(1 + eˣ)` as `max(x, 0) + ln(1 + e^−|x|)`, the logarithm as twice the series of artanh(u / (2 + u)).
#[inline(always)]
fn softplus<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let power = exp(simd, -x.abs());
    let quotient = power / (power + 2.0);
    let square = quotient * quotient;
    let mut series = S::f32s::splat(simd, 1.0 / 13.0);
    for term in [11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
        series = series * square + 1.0 / term;
    }
    x.simd_lt(0.0).select(S::f32s::splat(simd, 0.0), x) + series * quotient * 2.0
}

/// `1 − erf x` for `x` from 0 up, with a relative error below 1.2e-7 beyond rounding (Press et al., Numerical Recipes,
/// section 6.2).
#[inline(always)]
fn complementary_error<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let t = S::f32s::splat(simd, 1.0) / (x * 0.5 + 1.0);
    let mut series = S::f32s::splat(simd, 0.170_872_77);
    for coefficient in [
        -0.822_152_23,
        1.488_515_9,
        -1.135_204,
        0.278_868_07,
        -0.186_288_06,
        0.096_784_18,
        0.374_091_96,
        1.000_023_7,
        -1.265_512_2,
    ] {
        series = series * t + coefficient;
    }
    t * exp(simd, series - x * x)
}

/// The logarithm of the sum of the exponentials; the largest is taken off first so that none overflows.
fn log_sum(values: &[f32]) -> f32 {
    let largest = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    largest + libm::logf(values.iter().map(|value| libm::expf(value - largest)).sum())
}

fn log_softmax(values: &mut [f32]) {
    let log_sum = log_sum(values);
    values.iter_mut().for_each(|value| *value -= log_sum);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;
    use crate::test_support::{Random, levels};
    use std::vec::Vec;

    const FUNCTIONS: [Function; 23] = [
        Function::Celu { alpha: 1.5 },
        Function::Exponential,
        Function::Gelu,
        Function::ApproximateGelu,
        Function::HardShrink { threshold: 0.5 },
        Function::HardSigmoid,
        Function::HardSilu,
        Function::HardTanh,
        Function::LogSigmoid,
        Function::Mish,
        Function::Relu { negative_slope: 0.25, threshold: 1.0, max_value: 3.0 },
        Function::Relu { negative_slope: 0.0, threshold: 0.0, max_value: f32::INFINITY },
        Function::Selu,
        Function::Silu,
        Function::SoftShrink { threshold: 0.5 },
        Function::Softplus,
        Function::Softsign,
        Function::SparsePlus,
        Function::SparseSigmoid,
        Function::Squareplus { b: 4.0 },
        Function::Squareplus { b: 0.5 },
        Function::TanhShrink,
        Function::Threshold { threshold: 0.5, default_value: -2.0 },
    ];

    #[test]
    fn every_function_is_that_of_its_formula_and_has_its_slope() {
        let step = 1e-5;
        for function in FUNCTIONS {
            for level in levels() {
                // Off all corners, and no whole number of vectors.
                let x: Vec<f32> = (-1003..=1003).map(|index| index as f32 * 0.011 + 0.0003).collect();
                let (mut values, mut slopes) = (x.clone(), std::vec![2.0; x.len()]);
                apply(level, function, &mut values, 1);
                apply_derivative(level, function, &x, &mut slopes, 1);
                for ((&x, value), slope) in x.iter().zip(values).zip(slopes) {
                    let formula = |x| reference::function(function, x);
                    let x = f64::from(x);
                    let (expected, change) =
                        (formula(x), (formula(x + step) - formula(x - step)) / (2.0 * step));
                    let close = |got: f32, expected: f64| {
                        (f64::from(got) - expected).abs() < 1e-6 * (1.0 + expected.abs())
                    };
                    assert!(close(value, expected), "{function:?} of {x}: {value}, not {expected}");
                    assert!(close(slope / 2.0, change), "{function:?} at {x}: {slope} / 2, not {change}");
                }
            }
        }
    }

    #[test]
    fn far_away_every_function_is_a_number() {
        for function in FUNCTIONS {
            let inputs = [-1e30, -200.0, -90.0, -20.0, 20.0, 90.0, 200.0, 1e18];
            let (mut values, mut slopes) = (inputs, [1.0; 8]);
            apply(crate::level(), function, &mut values, 8);
            apply_derivative(crate::level(), function, &inputs, &mut slopes, 8);
            assert!(
                values.iter().chain(&slopes).all(|value| value.is_finite()),
                "{function:?}: {values:?} {slopes:?}"
            );
        }
    }

    #[test]
    fn a_function_of_all_channels_changes_as_its_derivative_says() {
        let channels = 5;
        let inputs: Vec<f32> = Random(3).values(3 * channels).into_iter().map(|x| 2.0 * x).collect();
        let weights = Random(4).values(inputs.len());
        let weighted = |inputs: &[f32]| -> f64 {
            let mut values = inputs.to_vec();
            apply(crate::level(), Function::LogSoftmax, &mut values, channels);
            values.iter().zip(&weights).map(|(&value, &weight)| f64::from(value) * f64::from(weight)).sum()
        };
        let mut gradients = weights.clone();
        apply_derivative(crate::level(), Function::LogSoftmax, &inputs, &mut gradients, channels);
        for (index, gradient) in gradients.into_iter().enumerate() {
            let moved = |by| {
                let mut inputs = inputs.clone();
                inputs[index] += by;
                weighted(&inputs)
            };
            let change = (moved(1e-3) - moved(-1e-3)) / 2e-3;
            assert!((f64::from(gradient) - change).abs() < 2e-3, "{gradient}, not {change}");
        }
    }

    #[test]
    fn a_log_softmax_of_huge_logits_is_finite() {
        let mut values = [1e30, 0.0, -1e30];
        apply(crate::level(), Function::LogSoftmax, &mut values, 3);
        assert_eq!(values, [0.0, -1e30, -2e30]);
    }
}
