//! What the kernels compute, in the loops of a textbook. Every kernel is tested against them at every
//! instruction set, and they are the place to read what it means; nothing else calls them.

use crate::activations::Activation;
#[cfg(feature = "complete")]
use crate::functions::Function;
use crate::matmul::Rows;
use crate::{Window, Window2D};

/// `target[m, n] += Σₖ left[m, k] · right[k, n]` for `m < rows`, `n < columns`, `k < depth`. See
/// [`matmul`](crate::matmul).
pub fn add_product([rows, columns, depth]: [usize; 3], left: Rows<'_>, right: Rows<'_>, target: &mut [f32]) {
    for row in 0..rows {
        for column in 0..columns {
            for k in 0..depth {
                let factor = left.values[row * left.stride + k];
                target[row * columns + column] += factor * right.values[k * right.stride + column];
            }
        }
    }
}

/// Calls `visit` with the places of x, w and y in every product of a convolution: the output is the sum of
/// `w · x`, the gradient of the input that of `w · dy`, and the gradient of the kernel that of `x · dy`. Images
/// are channels-last, the kernel is `[rows][columns][channels][filters]`. See
/// [`convolution`](crate::convolution) and [`winograd`](crate::winograd).
pub fn for_each_product(
    window: Window2D,
    [channels, filters]: [usize; 2],
    mut visit: impl FnMut(usize, usize, usize),
) {
    for output in 0..window.outputs() {
        for_each_cell(window, output, |cell, y, x| {
            for channel in 0..channels {
                for filter in 0..filters {
                    let input = (y * window.columns.input + x) * channels + channel;
                    let weight = (cell * channels + channel) * filters + filter;
                    visit(input, weight, output * filters + filter);
                }
            }
        });
    }
}

/// Calls `visit` with every cell of the window at position `output` that is not in the padding, and the row
/// and column of the image that it lies on. See [`pooling`](crate::pooling).
pub fn for_each_cell(window: Window2D, output: usize, mut visit: impl FnMut(usize, usize, usize)) {
    let Window2D { rows, columns } = window;
    let source = |axis: Window, output: usize, cell: usize| {
        (output * axis.stride + cell * axis.dilation)
            .checked_sub(axis.before)
            .filter(|&source| source < axis.input)
    };
    for cell in 0..rows.size * columns.size {
        let row = source(rows, output / columns.output, cell / columns.size);
        let column = source(columns, output % columns.output, cell % columns.size);
        if let (Some(row), Some(column)) = (row, column) {
            visit(cell, row, column);
        }
    }
}

/// An activation of one number, and its derivative there. See [`activations`](crate::activations).
///
/// Softmax, which needs all numbers at once, is taken as linear.
pub fn activation(activation: Activation, x: f64) -> [f64; 2] {
    let above = x > 0.0;
    match activation {
        Activation::Linear | Activation::Softmax => [x, 1.0],
        Activation::Relu => [x.max(0.0), f64::from(u8::from(above))],
        Activation::LeakyRelu { .. } | Activation::Elu { .. } if above => [x, 1.0],
        Activation::LeakyRelu { negative_slope } => [x * f64::from(negative_slope), negative_slope.into()],
        Activation::Elu { alpha } => {
            let alpha = f64::from(alpha);
            [alpha * (libm::exp(x) - 1.0), alpha * libm::exp(x)]
        }
        Activation::Sigmoid => {
            let y = 1.0 / (1.0 + libm::exp(-x));
            [y, y * (1.0 - y)]
        }
        Activation::Tanh => {
            let y = libm::tanh(x);
            [y, 1.0 - y * y]
        }
        #[cfg(feature = "complete")]
        Activation::Further(further) => {
            let step = 1e-5;
            let slope = (function(further, x + step) - function(further, x - step)) / (2.0 * step);
            [function(further, x), slope]
        }
    }
}

/// A further function of one number. See [`functions`](crate::functions). Those of all channels are taken as linear.
#[cfg(feature = "complete")]
pub fn function(function: Function, x: f64) -> f64 {
    let between = |low, x, high| libm::fmin(libm::fmax(low, x), high);
    let sigmoid = 1.0 / (1.0 + libm::exp(-x));
    let hard_sigmoid = between(0.0, x + 3.0, 6.0) / 6.0;
    let softplus = |x: f64| x.max(0.0) + libm::log1p(libm::exp(-x.abs()));
    let elu = |alpha: f64, x: f64| if x > 0.0 { x } else { alpha * libm::expm1(x) };
    let inner = libm::sqrt(2.0 / core::f64::consts::PI) * (x + 0.044_715 * x * x * x);
    match function {
        Function::Celu { alpha } => f64::from(alpha) * elu(1.0, x / f64::from(alpha)),
        Function::Exponential => libm::exp(x),
        Function::Gelu => 0.5 * x * libm::erfc(-x / core::f64::consts::SQRT_2),
        Function::ApproximateGelu => 0.5 * x * (1.0 + libm::tanh(inner)),
        Function::HardShrink { threshold } => {
            if x.abs() > threshold.into() {
                x
            } else {
                0.0
            }
        }
        Function::HardSigmoid => hard_sigmoid,
        Function::HardSilu => x * hard_sigmoid,
        Function::HardTanh => between(-1.0, x, 1.0),
        Function::LogSigmoid => -softplus(-x),
        Function::Mish => x * libm::tanh(softplus(x)),
        Function::Relu { negative_slope, threshold, .. } if x <= threshold.into() => {
            f64::from(negative_slope) * (x - f64::from(threshold))
        }
        Function::Relu { max_value, .. } => x.min(max_value.into()),
        Function::Selu => 1.050_700_987_355_480_5 * elu(1.673_263_242_354_377_2, x),
        Function::Silu => x * sigmoid,
        Function::SoftShrink { threshold } => libm::copysign((x.abs() - f64::from(threshold)).max(0.0), x),
        Function::Softplus => softplus(x),
        Function::Softsign => x / (1.0 + x.abs()),
        Function::SparsePlus if x.abs() < 1.0 => 0.25 * (x + 1.0) * (x + 1.0),
        Function::SparsePlus => {
            if x > 0.0 {
                x
            } else {
                0.0
            }
        }
        Function::SparseSigmoid => between(0.0, 0.5 * (x + 1.0), 1.0),
        Function::Squareplus { b } => 0.5 * (x + libm::sqrt(x * x + f64::from(b))),
        Function::TanhShrink => x - libm::tanh(x),
        Function::Threshold { threshold, default_value } => {
            if x > threshold.into() {
                x
            } else {
                default_value.into()
            }
        }
        Function::LogSoftmax => x,
    }
}

/// Asserts ‖got − expected‖ ≤ tolerance · ‖expected‖ + 1e-7, the measure of the golden vectors.
///
/// # Panics
/// If they differ by more, or in length.
pub fn assert_close(got: &[f32], expected: &[f32], tolerance: f64) {
    assert_eq!(got.len(), expected.len());
    let (mut difference, mut size) = (0.0, 0.0);
    for (&got, &expected) in got.iter().zip(expected) {
        let (got, expected) = (f64::from(got), f64::from(expected));
        difference += (got - expected) * (got - expected);
        size += expected * expected;
    }
    let [difference, size] = [difference, size].map(libm::sqrt);
    assert!(
        difference <= tolerance * size + 1e-7,
        "differs by {difference:e} from a vector of length {size:e}, beyond {tolerance:e}"
    );
}
