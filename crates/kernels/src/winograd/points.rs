//! The one-dimensional maps between values and the six points of Toom and Cook: 0, 1, −1, 2, −2 and ∞.
//!
//! A polynomial's value at a point p is Σ pⁱ·xᵢ, at infinity its last coefficient. All tiles have six
//! points, so that one set of maps serves every size of kernel (Lavin and Gray 2016, with the points of
//! their F(4×4, 3×3)).

use fearless_simd::{Simd, prelude::*};

/// Points along one axis.
pub(super) const POINTS: usize = 6;

/// The factors that the kernel's values at the points are multiplied with: 1 / Π (p − q) over the
/// other finite points q.
const KERNEL_SCALE: [f32; POINTS] = [1.0 / 4.0, -1.0 / 6.0, -1.0 / 6.0, 1.0 / 24.0, 1.0 / 24.0, 1.0];

/// The values at the points of the polynomial with the coefficients `values`.
#[inline(always)]
pub(super) fn spread<S: Simd, const N: usize>(simd: S, values: [S::f32s; N]) -> [S::f32s; POINTS] {
    let zero = S::f32s::splat(simd, 0.0);
    let mut sums = [zero; 4];
    let [even, odd, even_of_two, odd_of_two] = &mut sums;
    for (power, &value) in values.iter().enumerate() {
        let (of_one, of_two) =
            if power % 2 == 0 { (&mut *even, &mut *even_of_two) } else { (&mut *odd, &mut *odd_of_two) };
        if power < 2 {
            *of_one = value;
            *of_two = if power == 0 { value } else { value + value };
        } else {
            *of_one += value;
            *of_two = value.mul_add(S::f32s::splat(simd, (1_u32 << power) as f32), *of_two);
        }
    }
    let [even, odd, even_of_two, odd_of_two] = sums;
    [values[0], even + odd, even - odd, even_of_two + odd_of_two, even_of_two - odd_of_two, values[N - 1]]
}

/// The transpose of [`spread`].
#[inline(always)]
pub(super) fn collect<S: Simd, const N: usize>(simd: S, points: [S::f32s; POINTS]) -> [S::f32s; N] {
    let [at_zero, at_one, at_minus_one, at_two, at_minus_two, at_infinity] = points;
    let (even, odd) = (at_one + at_minus_one, at_one - at_minus_one);
    let (even_of_two, odd_of_two) = (at_two + at_minus_two, at_two - at_minus_two);
    let mut values = [at_zero; N];
    for (power, value) in values.iter_mut().enumerate() {
        let (of_one, of_two) = if power % 2 == 0 { (even, even_of_two) } else { (odd, odd_of_two) };
        *value = of_two.mul_add(S::f32s::splat(simd, (1_u32 << power) as f32), of_one);
    }
    values[0] += at_zero;
    values[N - 1] += at_infinity;
    values
}

/// Multiplies the values at the points with what makes the products of kernel and input exact.
#[inline(always)]
pub(super) fn scale_kernel<S: Simd>(points: [S::f32s; POINTS]) -> [S::f32s; POINTS] {
    let mut points = points;
    for (value, factor) in points.iter_mut().zip(KERNEL_SCALE) {
        *value = *value * factor;
    }
    points
}

/// What six neighbouring inputs contribute to each point.
#[inline(always)]
pub(super) fn input_points<S: Simd>(simd: S, x: [S::f32s; POINTS]) -> [S::f32s; POINTS] {
    let [minus_five, minus_four, minus_two, two, four] =
        [-5.0, -4.0, -2.0, 2.0, 4.0].map(|factor| S::f32s::splat(simd, factor));
    let (a, b) = (minus_four.mul_add(x[2], x[4]), minus_four.mul_add(x[1], x[3]));
    let (c, d) = (x[4] - x[2], x[3] - x[1]);
    [
        four.mul_add(x[0], minus_five.mul_add(x[2], x[4])),
        a + b,
        a - b,
        two.mul_add(d, c),
        minus_two.mul_add(d, c),
        four.mul_add(x[1], minus_five.mul_add(x[3], x[5])),
    ]
}

/// The transpose of [`input_points`].
#[inline(always)]
pub(super) fn input_gradient<S: Simd>(simd: S, points: [S::f32s; POINTS]) -> [S::f32s; POINTS] {
    let [minus_five, minus_four, two, four] =
        [-5.0, -4.0, 2.0, 4.0].map(|factor| S::f32s::splat(simd, factor));
    let [at_zero, at_one, at_minus_one, at_two, at_minus_two, at_infinity] = points;
    let (even, odd) = (at_one + at_minus_one, at_one - at_minus_one);
    let (even_of_two, odd_of_two) = (at_two + at_minus_two, at_two - at_minus_two);
    [
        four * at_zero,
        four.mul_add(at_infinity - odd, odd_of_two * -2.0),
        minus_five.mul_add(at_zero, minus_four.mul_add(even, S::f32s::splat(simd, 0.0) - even_of_two)),
        two.mul_add(odd_of_two, minus_five.mul_add(at_infinity, odd)),
        at_zero + even + even_of_two,
        at_infinity,
    ]
}
