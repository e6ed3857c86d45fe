//! The one-dimensional maps between values and the six points of Toom and Cook: 0, 1, −1, 2, −2 and ∞.
//!
//! A polynomial's value at a point p is Σ pⁱ·xᵢ, at infinity its last coefficient. All tiles have six
//! points, so that one set of maps serves every size of kernel (Lavin and Gray 2016, with the points of
//! their F(4×4, 3×3)).

use core::ops::{Add, Neg, Sub};
use fearless_simd::{Simd, prelude::*};

/// Points along one axis.
pub(super) const POINTS: usize = 6;

/// The factors that the kernel's values at the points are multiplied with: 1 / Π (p − q) over the
/// other finite points q.
const KERNEL_SCALE: [f32; POINTS] = [1.0 / 4.0, -1.0 / 6.0, -1.0 / 6.0, 1.0 / 24.0, 1.0 / 24.0, 1.0];

/// The values at the points of the polynomial with the coefficients `values`.
#[inline(always)]
pub(super) fn evaluate<S: Simd, const N: usize>(simd: S, values: [S::f32s; N]) -> [S::f32s; POINTS] {
    let zero = S::f32s::splat(simd, 0.0);
    let (mut even, mut odd, mut even_of_two, mut odd_of_two) = (zero, zero, zero, zero);
    // Horner's scheme in the square of the point, whose multiples by 4 are sums.
    for power in (0..N).rev() {
        let value = values[power];
        if power % 2 == 0 {
            even += value;
            even_of_two = quadruple(even_of_two) + value;
        } else {
            odd += value;
            odd_of_two = quadruple(odd_of_two) + value;
        }
    }
    odd_of_two += odd_of_two;
    [values[0], even + odd, even - odd, even_of_two + odd_of_two, even_of_two - odd_of_two, values[N - 1]]
}

/// The transpose of [`evaluate`].
#[inline(always)]
pub(super) fn evaluate_transposed<S: Simd, const N: usize>(
    simd: S,
    points: [S::f32s; POINTS],
) -> [S::f32s; N] {
    let [at_zero, at_one, at_minus_one, at_two, at_minus_two, at_infinity] = points;
    let (even, odd) = (at_one + at_minus_one, at_one - at_minus_one);
    let (mut even_of_two, mut odd_of_two) = (at_two + at_minus_two, at_two - at_minus_two);
    odd_of_two += odd_of_two;
    let mut values = [S::f32s::splat(simd, 0.0); N];
    for power in 0..N {
        if power % 2 == 0 {
            values[power] = even + even_of_two;
            even_of_two = quadruple(even_of_two);
        } else {
            values[power] = odd + odd_of_two;
            odd_of_two = quadruple(odd_of_two);
        }
    }
    values[0] += at_zero;
    values[N - 1] += at_infinity;
    values
}

/// Multiplies the values at the points with what makes the products of kernel and input exact.
#[inline(always)]
pub(super) fn scale_kernel<S: Simd>(mut points: [S::f32s; POINTS]) -> [S::f32s; POINTS] {
    for point in 0..POINTS {
        points[point] *= KERNEL_SCALE[point];
    }
    points
}

/// What six neighbouring inputs contribute to each point.
#[inline(always)]
pub(super) fn input_points<V: Copy + Add<Output = V> + Sub<Output = V>>(x: [V; POINTS]) -> [V; POINTS] {
    let (outer, inner) = (x[4] - quadruple(x[2]), x[3] - quadruple(x[1]));
    let (even, odd) = (x[4] - x[2], x[3] - x[1]);
    let twice_odd = odd + odd;
    [
        quadruple(x[0] - x[2]) + even,
        outer + inner,
        outer - inner,
        even + twice_odd,
        even - twice_odd,
        x[5] - x[3] - (twice_odd + twice_odd),
    ]
}

/// The transpose of [`input_points`].
#[inline(always)]
pub(super) fn input_gradient<V: Copy + Add<Output = V> + Sub<Output = V> + Neg<Output = V>>(
    points: [V; POINTS],
) -> [V; POINTS] {
    let [at_zero, at_one, at_minus_one, at_two, at_minus_two, at_infinity] = points;
    let (even, odd) = (at_one + at_minus_one, at_one - at_minus_one);
    let (even_of_two, odd_of_two) = (at_two + at_minus_two, at_two - at_minus_two);
    let (twice_odd, four_at_zero) = (odd_of_two + odd_of_two, quadruple(at_zero));
    let four_at_infinity = quadruple(at_infinity);
    [
        four_at_zero,
        four_at_infinity - quadruple(odd) - twice_odd,
        -(four_at_zero + at_zero + quadruple(even) + even_of_two),
        odd + twice_odd - four_at_infinity - at_infinity,
        at_zero + even + even_of_two,
        at_infinity,
    ]
}

/// Sums: a browser takes three instructions to bring a constant factor into a register.
#[inline(always)]
fn quadruple<V: Copy + Add<Output = V>>(value: V) -> V {
    let twice = value + value;
    twice + twice
}
