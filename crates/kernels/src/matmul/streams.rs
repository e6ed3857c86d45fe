//! A product with few rows: the matrix streams by once, as it lies in memory.

use super::Rows;
use crate::{Level, WIDEST};
use fearless_simd::{Simd, dispatch, prelude::*};

/// Rows of the matrix that are read side by side. Their factors, a vector of each and a sum are in registers at once.
const TOGETHER: usize = 6;

/// Rows that are chosen at a time.
const CHOSEN: usize = 256;

/// `target[m, n] = Σₖ left[m, k] · right[k, n]` for `m < rows`, `n < columns`, `k < depth`; between the rows of `right`
/// and of `target` are no gaps.
///
/// Rows of `right` that meet nothing but zeros are left out, as far as `zeros` says that nothing is lost by it: it
/// holds what [`times_zero`] wrote, or nothing, then none is left out. Each sum is one chain over `k` in its order.
#[inline(never)]
pub fn streamed_product(
    level: Level,
    size: [usize; 3],
    left: Rows<'_>,
    right: &[f32],
    zeros: &[f32],
    target: &mut [f32],
) {
    dispatch!(level, simd => simd.vectorize(
        #[inline(always)]
        || stream(simd, size, left, right, zeros, target),
    ));
}

#[inline(always)]
fn stream<S: Simd>(
    simd: S,
    [rows, columns, depth]: [usize; 3],
    left: Rows<'_>,
    right: &[f32],
    zeros: &[f32],
    target: &mut [f32],
) {
    target[..rows * columns].fill(0.0);
    let left_out = |k: usize| {
        zeros.get(k) == Some(&0.0)
            && (0..rows).all(|row| left.values[row * left.stride + left.first + k] == 0.0)
    };
    let mut chosen = [0; CHOSEN];
    let mut k = 0;
    while k < depth {
        let mut count = 0;
        while k < depth && count < CHOSEN {
            chosen[count] = k;
            count += usize::from(!left_out(k));
            k += 1;
        }
        let (groups, others) = chosen[..count].as_chunks::<TOGETHER>();
        for group in groups {
            add_rows(simd, *group, left, right, columns, target);
        }
        for &other in others {
            add_rows(simd, [other], left, right, columns, target);
        }
    }
}

/// Adds to each row of `target` the chosen rows of `right`, each times its factor.
#[inline(always)]
fn add_rows<S: Simd, const CHOSEN: usize>(
    simd: S,
    chosen: [usize; CHOSEN],
    left: Rows<'_>,
    right: &[f32],
    columns: usize,
    target: &mut [f32],
) {
    let lanes = S::f32s::LEN;
    let mut lines = [right; CHOSEN];
    for index in 0..CHOSEN {
        lines[index] = &right[chosen[index] * columns..][..columns];
    }
    for (row, sums) in target.chunks_exact_mut(columns).enumerate() {
        let row = &left.values[row * left.stride + left.first..];
        let mut factors = [S::f32s::splat(simd, 0.0); CHOSEN];
        for index in 0..CHOSEN {
            factors[index] = S::f32s::splat(simd, row[chosen[index]]);
        }
        // The last vector overlaps with the one before, so it is read before that is written.
        let last = columns.saturating_sub(lanes);
        let mut last_sum = part::<S>(simd, &sums[last..]);
        for index in 0..CHOSEN {
            last_sum = factors[index].mul_add(part::<S>(simd, &lines[index][last..]), last_sum);
        }
        for start in (0..columns / (2 * lanes) * 2 * lanes).step_by(2 * lanes) {
            let sums = &mut sums[start..start + 2 * lanes];
            // One vector after the other: compilers load all that a store may follow before the first sum.
            for vector in 0..2 {
                let place = vector * lanes..(vector + 1) * lanes;
                let mut sum = S::f32s::from_slice(simd, &sums[place.clone()]);
                for index in 0..CHOSEN {
                    let line = &lines[index][start..start + 2 * lanes];
                    let values = S::f32s::from_slice(simd, &line[place.clone()]);
                    sum = factors[index].mul_add(values, sum);
                }
                sum.store_slice(&mut sums[place]);
            }
        }
        let (middle, end) = (columns / (2 * lanes) * 2 * lanes, columns / lanes * lanes);
        if middle < end {
            let mut sum = S::f32s::from_slice(simd, &sums[middle..end]);
            for index in 0..CHOSEN {
                let values = S::f32s::from_slice(simd, &lines[index][middle..end]);
                sum = factors[index].mul_add(values, sum);
            }
            sum.store_slice(&mut sums[middle..end]);
        }
        if end < columns {
            for (value, &sum) in sums[last..].iter_mut().zip(last_sum.as_slice()) {
                *value = sum;
            }
        }
    }
}

/// The vector that a slice begins with, with zeros behind its end.
#[inline(always)]
fn part<S: Simd>(simd: S, values: &[f32]) -> S::f32s {
    if values.len() >= S::f32s::LEN {
        return S::f32s::from_slice(simd, &values[..S::f32s::LEN]);
    }
    let mut copy = [0.0; WIDEST];
    for (copy, &value) in copy.iter_mut().zip(values) {
        *copy = value;
    }
    S::f32s::from_slice(simd, &copy[..S::f32s::LEN])
}

/// Writes for each row of `columns` floats what zero times it adds to a sum: zero, or NaN where a number of the row is
/// infinite or NaN.
#[inline(never)]
pub fn times_zero(level: Level, rows: &[f32], columns: usize, zeros: &mut [f32]) {
    for (row, zero) in rows.chunks_exact(columns).zip(zeros) {
        *zero = if crate::elementwise::all_finite(level, row) { 0.0 } else { f32::NAN };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matmul::{Target, pack_panels, panels_len, product_of_panels};
    use crate::test_support::{Random, levels};
    use std::{vec, vec::Vec};

    #[test]
    fn a_stream_has_the_bits_of_the_product_with_and_without_rows_left_out() {
        let mut random = Random(5);
        for [m, n, k] in
            [[1, 10, 84], [1, 84, 120], [2, 3, 5], [3, 33, 17], [1, 1, 1], [5, 20, 600], [2, 8, 7]]
        {
            let mut left = random.values(m * k);
            for (index, value) in left.iter_mut().enumerate() {
                if index % k % 3 == 0 || random.uniform(0.0, 1.0) < 0.4 {
                    *value = 0.0;
                }
            }
            let right = random.values(k * n);
            for level in levels() {
                let mut expected = vec![0.0; m * n];
                let left = Rows::new(&left, k);
                let mut panels = vec![f32::NAN; panels_len(n, k)];
                pack_panels(level, [n, k], Rows::new(&right, n), &mut panels);
                let target = Target::new(&mut expected, n);
                product_of_panels(level, [m, n, k], left, &panels, target);
                let mut zeros = vec![f32::NAN; k];
                times_zero(level, &right, n, &mut zeros);
                assert_eq!(zeros, vec![0.0; k]);
                for zeros in [&[][..], &zeros] {
                    let mut got = vec![f32::NAN; m * n];
                    streamed_product(level, [m, n, k], left, &right, zeros, &mut got);
                    assert_eq!(got, expected, "{m} × {n} × {k} at {level:?}");
                }
            }
        }
    }

    #[test]
    fn a_zero_does_not_hide_a_weight_that_is_not_finite() {
        let mut random = Random(6);
        let (n, k) = (21, 40);
        for level in levels() {
            for strange in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                for place in [0, 7 * n + 20, 39 * n + 4] {
                    let mut right = random.values(k * n);
                    right[place] = strange;
                    let mut zeros = vec![0.0; k];
                    times_zero(level, &right, n, &mut zeros);
                    let mut got = vec![0.0; n];
                    streamed_product(level, [1, n, k], Rows::new(&[0.0; 40], k), &right, &zeros, &mut got);
                    let strange: Vec<usize> = (0..n).filter(|&column| got[column].is_nan()).collect();
                    assert_eq!(strange, [place % n]);
                }
            }
        }
    }
}
