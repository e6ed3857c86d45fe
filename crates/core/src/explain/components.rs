//! Principal components: the directions along which rows differ most (Pearson 1901, Hotelling 1933).

use super::nearest::check_rows;
use crate::numbers::{check_finite, zeros};
use crate::random::Random;
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
use convscope_kernels::Write;
use convscope_kernels::matmul::{
    Rows, Target, pack_panels, panels_len, product_of_panels, transposed_product,
};
use convscope_kernels::{padded, transpose};

/// The most directions that [`principal_components`] looks for.
pub const MAX_DIRECTIONS: usize = 8;

/// Rounds of the iteration. In each the error of a direction shrinks by the ratio of the next variance to its
/// own.
const ROUNDS: usize = 100;

/// A direction that loses all but this fraction of its squared length in Gram–Schmidt is linearly dependent.
const DEPENDENT: f64 = 1e-10;

/// The main directions of some rows.
#[derive(Clone, Debug)]
pub struct Components {
    /// `[width]`
    pub mean: Vec<f32>,
    /// `[count, width]`, of length 1 and at right angles, the largest variance first.
    pub directions: Vec<f32>,
    /// `[count]`: the variance along each direction, with n − 1 in the denominator.
    pub variances: Vec<f32>,
    /// The variance along all axes together.
    pub total: f32,
    /// `[n, count]`: the rows on the directions, about their mean.
    pub coordinates: Vec<f32>,
}

/// The `count` main directions of `rows`, `[n, width]`, by orthogonal iteration (Golub, Van Loan 2013,
/// section 8.2). It starts from `before`, the directions of an earlier call, so that signs agree with these,
/// and the order where variances are close; where that is empty, the largest component of each direction is
/// positive.
///
/// ```
/// use convscope_core::explain::principal_components;
///
/// let found = principal_components(&[0.0, 0.0, 3.0, 4.0, 6.0, 8.0], 2, 1, &[])?;
/// assert!((found.directions[0] - 0.6).abs() < 1e-5 && (found.directions[1] - 0.8).abs() < 1e-5);
/// assert!((found.variances[0] - 25.0).abs() < 1e-3);
/// # Ok::<(), convscope_core::Error>(())
/// ```
///
/// # Errors
/// If `rows` doesn't hold whole rows of finite numbers, `count` is not 1 to the smaller of `width` and
/// [`MAX_DIRECTIONS`], `before` has another length, or there is no memory.
pub fn principal_components(rows: &[f32], width: usize, count: usize, before: &[f32]) -> Result<Components> {
    let examples = check_rows(rows, width)?;
    let most = width.min(MAX_DIRECTIONS);
    if !(1..=most).contains(&count) {
        return Err(Error::value(format!("count: 1 to {most}, got {count}")));
    }
    if !before.is_empty() && before.len() != count * width {
        return Err(Error::shape(format!(
            "before: needs {count} directions of {width} numbers, got {} numbers",
            before.len()
        )));
    }
    check_finite(before, "before")?;

    let mut means = vec![0.0_f64; width];
    for row in rows.chunks_exact(width) {
        means.iter_mut().zip(row).for_each(|(mean, &value)| *mean += f64::from(value) / examples as f64);
    }
    let centred = |index: usize| f64::from(rows[index]) - means[index % width];
    let squares: f64 = (0..rows.len()).map(|index| centred(index) * centred(index)).sum();
    // With the squares' sum at 1 no product is too large for an f32.
    let scale = if squares > 0.0 { 1.0 / libm::sqrt(squares) } else { 0.0 };
    let mut scaled = zeros(rows.len())?;
    scaled.iter_mut().enumerate().for_each(|(index, value)| *value = (centred(index) * scale) as f32);

    let level = convscope_kernels::level();
    let stride = padded(count);
    let mut places = zeros(examples.saturating_mul(stride))?;
    let mut basis =
        Basis { random: Random::new(0, 0), vectors: zeros(width.saturating_mul(stride))?, stride };
    transpose(before, width, &mut basis.vectors, stride);
    let mut panels = zeros(panels_len(stride, width))?;
    for _ in 0..ROUNDS {
        basis.orthonormalize(count);
        let target = Target::new(&mut places, stride);
        pack_panels(level, [stride, width], basis.rows(), &mut panels);
        let scaled = Rows::new(&scaled, width);
        product_of_panels(level, [examples, stride, width], scaled, &panels, target);
        let target = Target::new(&mut basis.vectors, stride);
        let places = Rows::new(&places, stride);
        transposed_product(level, [width, stride, examples], scaled, places, target, Write::Set);
    }
    basis.orthonormalize(count);
    let mut directions = zeros(width.saturating_mul(stride))?;
    transpose(&basis.vectors, stride, &mut directions, width);
    directions.truncate(count * width);
    if before.is_empty() {
        directions.chunks_exact_mut(width).for_each(fix_sign);
    }

    let mean: Vec<f32> = means.iter().map(|&mean| mean as f32).collect();
    let coordinates = coordinates(rows, &mean, &directions)?;
    let freedom = (examples - 1).max(1) as f64;
    let mut variances = vec![0.0_f64; count];
    for row in coordinates.chunks_exact(count) {
        variances.iter_mut().zip(row).for_each(|(sum, &place)| *sum += f64::from(place) * f64::from(place));
    }
    Ok(Components {
        mean,
        directions,
        variances: variances.iter().map(|sum| (sum / freedom) as f32).collect(),
        total: (squares / freedom) as f32,
        coordinates,
    })
}

/// Makes the largest component of a direction positive.
fn fix_sign(direction: &mut [f32]) {
    let mut largest = 0.0_f32;
    for &component in direction.iter() {
        if component.abs() > largest.abs() {
            largest = component;
        }
    }
    if largest < 0.0 {
        direction.iter_mut().for_each(|component| *component = -*component);
    }
}

/// The places of `rows`, `[n, width]`, on `directions`, `[count, width]`, about `mean`, `[width]`: `[n,
/// count]`.
///
/// # Errors
/// If one of them doesn't hold whole rows of finite numbers.
pub fn coordinates(rows: &[f32], mean: &[f32], directions: &[f32]) -> Result<Vec<f32>> {
    let width = mean.len();
    let examples = check_rows(rows, width)?;
    let count = check_rows(directions, width)?;
    check_finite(mean, "mean")?;
    let mut places = zeros(examples.saturating_mul(count))?;
    for (row, places) in rows.chunks_exact(width).zip(places.chunks_exact_mut(count)) {
        for (direction, place) in directions.chunks_exact(width).zip(places) {
            let mut sum = 0.0_f64;
            for (index, &component) in direction.iter().enumerate() {
                sum += (f64::from(row[index]) - f64::from(mean[index])) * f64::from(component);
            }
            *place = sum as f32;
        }
    }
    Ok(places)
}

/// The directions while the iteration runs.
struct Basis {
    random: Random,
    /// `[width, stride]`: a direction a column.
    vectors: Vec<f32>,
    stride: usize,
}

impl Basis {
    fn rows(&self) -> Rows<'_> {
        Rows::new(&self.vectors, self.stride)
    }

    /// Σ a·b over two directions.
    fn dot(&self, a: usize, b: usize) -> f64 {
        self.vectors.chunks_exact(self.stride).map(|row| f64::from(row[a]) * f64::from(row[b])).sum()
    }

    /// Makes the first `count` directions orthonormal (Gram and Schmidt). Random ones take the place of those
    /// that are linear combinations of others.
    fn orthonormalize(&mut self, count: usize) {
        for column in 0..count {
            let square = self.dot(column, column);
            if self.project_out(column) <= DEPENDENT * square {
                for row in self.vectors.chunks_exact_mut(self.stride) {
                    row[column] = self.random.uniform(-1.0, 1.0);
                }
                self.project_out(column);
            }
            let length = libm::sqrt(self.dot(column, column)) as f32;
            self.vectors.chunks_exact_mut(self.stride).for_each(|row| row[column] /= length);
        }
    }

    /// Subtracts from a direction its projections on those before it, twice, since rounding leaves a rest;
    /// answers with its squared length.
    fn project_out(&mut self, column: usize) -> f64 {
        for other in [0..column, 0..column].into_iter().flatten() {
            let common = self.dot(column, other) as f32;
            self.vectors.chunks_exact_mut(self.stride).for_each(|row| row[column] -= common * row[other]);
        }
        self.dot(column, column)
    }
}
