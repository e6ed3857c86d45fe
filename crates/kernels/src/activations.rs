//! Activation functions and their derivatives over slices.

use super::{Level, vectorized};

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
}

/// Applies `activation` to `values` in place. Softmax runs over vectors of `channels` values that
/// lie `positions` apart, as channel planes do.
pub fn apply(level: Level, activation: Activation, values: &mut [f32], channels: usize, positions: usize) {
    match activation {
        Activation::Linear => {}
        Activation::Relu => each(
            level,
            values,
            #[inline(always)]
            |x| if x < 0.0 { 0.0 } else { x },
        ),
        Activation::LeakyRelu { negative_slope } => {
            each(
                level,
                values,
                #[inline(always)]
                |x| if x < 0.0 { negative_slope * x } else { x },
            );
        }
        Activation::Elu { alpha } => {
            each(
                level,
                values,
                #[inline(always)]
                |x| if x < 0.0 { alpha * (exp(x) - 1.0) } else { x },
            );
        }
        Activation::Sigmoid => each(
            level,
            values,
            #[inline(always)]
            |x| 1.0 / (1.0 + exp(-x)),
        ),
        Activation::Tanh => each(level, values, tanh),
        Activation::Softmax => {
            for values in values.chunks_exact_mut(channels * positions) {
                for position in 0..positions {
                    softmax(&mut values[position..], positions);
                }
            }
        }
    }
}

/// Multiplies `gradients` with the derivative of `activation`, taken from its `outputs`.
pub fn apply_derivative(
    level: Level,
    activation: Activation,
    outputs: &[f32],
    gradients: &mut [f32],
    channels: usize,
    positions: usize,
) {
    match activation {
        Activation::Linear => {}
        Activation::Relu => {
            each_gradient(
                level,
                outputs,
                gradients,
                #[inline(always)]
                |y, g| if y > 0.0 { g } else { 0.0 },
            );
        }
        Activation::LeakyRelu { negative_slope } => each_gradient(
            level,
            outputs,
            gradients,
            #[inline(always)]
            |y, g| if y > 0.0 { g } else { negative_slope * g },
        ),
        Activation::Elu { alpha } => each_gradient(
            level,
            outputs,
            gradients,
            #[inline(always)]
            |y, g| if y > 0.0 { g } else { (y + alpha) * g },
        ),
        Activation::Sigmoid => {
            each_gradient(
                level,
                outputs,
                gradients,
                #[inline(always)]
                |y, g| y * (1.0 - y) * g,
            );
        }
        Activation::Tanh => {
            each_gradient(
                level,
                outputs,
                gradients,
                #[inline(always)]
                |y, g| (1.0 - y * y) * g,
            );
        }
        Activation::Softmax => {
            let examples = outputs.chunks_exact(channels * positions);
            for (outputs, gradients) in examples.zip(gradients.chunks_exact_mut(channels * positions)) {
                for position in 0..positions {
                    let channel = (position..outputs.len()).step_by(positions);
                    let mean: f32 = channel.clone().map(|index| outputs[index] * gradients[index]).sum();
                    for index in channel {
                        gradients[index] = outputs[index] * (gradients[index] - mean);
                    }
                }
            }
        }
    }
}

/// Turns the logits of one position, `positions` apart, into probabilities; the largest is taken off
/// first so that no exponential overflows.
fn softmax(logits: &mut [f32], positions: usize) {
    let largest = logits.iter().step_by(positions).copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for value in logits.iter_mut().step_by(positions) {
        *value = libm::expf(*value - largest);
        sum += *value;
    }
    for value in logits.iter_mut().step_by(positions) {
        *value /= sum;
    }
}

#[inline(always)]
fn each(level: Level, values: &mut [f32], function: impl Fn(f32) -> f32) {
    vectorized(
        level,
        #[inline(always)]
        || {
            for value in values {
                *value = function(*value);
            }
        },
    );
}

#[inline(always)]
fn each_gradient(level: Level, outputs: &[f32], gradients: &mut [f32], function: impl Fn(f32, f32) -> f32) {
    vectorized(
        level,
        #[inline(always)]
        || {
            for (gradient, &output) in gradients.iter_mut().zip(outputs) {
                *gradient = function(output, *gradient);
            }
        },
    );
}

/// `eˣ` within two units in the last place for `x` in −87 to 88, the values at these ends beyond
/// them; NaN stays NaN. Only additions, multiplications and bit shifts, so that a loop over it
/// becomes vector code (Cephes' `expf`: argument reduction by ln 2, polynomial of degree 5).
#[inline(always)]
fn exp(x: f32) -> f32 {
    // Adding 1.5 · 2²³ rounds to a whole number and leaves it in the low bits of the sum.
    const ROUND: f32 = 12_582_912.0;
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let shifted = x * core::f32::consts::LOG2_E + ROUND;
    let power = shifted - ROUND;
    let rest = x - power * 0.693_359_4 + power * 2.121_944_4e-4;
    let mut series = 1.987_569_1e-4;
    for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        series = series * rest + coefficient;
    }
    let series = series * rest * rest + rest + 1.0;
    series * f32::from_bits(shifted.to_bits().wrapping_add(127) << 23)
}

/// `tanh x` within a few units in the last place (Cephes' `tanhf`: a polynomial near zero, where
/// the exponential would cancel).
#[inline(always)]
fn tanh(x: f32) -> f32 {
    let square = x * x;
    let mut series = -5.704_988_7e-3;
    for coefficient in [2.063_909e-2, -5.373_971_6e-2, 1.333_144_2e-1, -3.333_328e-1] {
        series = series * square + coefficient;
    }
    let near = series * square * x + x;
    let far = 1.0 - 2.0 / (exp(2.0 * x.abs()) + 1.0);
    if square < 0.390_625 { near } else { far.copysign(x) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_and_hyperbolic_tangent_are_accurate() {
        for step in -8700..8800 {
            let x = step as f32 / 100.0 + 0.003;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) / exact - 1.0).abs() < 2.5e-7, "exp({x})");
            let (x, exact) = (x / 8.0, f64::from(x / 8.0).tanh());
            assert!((f64::from(tanh(x)) / exact - 1.0).abs() < 5e-7, "tanh({x}) = {} not {exact}", tanh(x));
        }
        assert!(exp(f32::NAN).is_nan() && tanh(f32::NAN).is_nan());
        assert!(exp(1000.0).is_finite() && exp(-1000.0) >= 0.0);
    }

    #[test]
    fn a_softmax_of_huge_logits_is_finite() {
        let mut values = [1e30, 0.0, -1e30];
        softmax(&mut values, 1);
        assert_eq!(values, [1.0, 0.0, 0.0]);
    }
}
