//! Principal components: the directions along which rows differ most (Pearson 1901, Hotelling 1933).

use super::nearest::check_rows;
use crate::model::zeros;
use crate::random::Random;
use crate::{Error, Result, check_finite};
use alloc::{format, vec, vec::Vec};
use convscope_kernels::Level;
use convscope_kernels::matmul::{Rows, Target, Write, product, transposed_product};

/// The most directions that [`principal_components`] looks for.
pub const MOST_DIRECTIONS: usize = 8;

/// Directions that are followed together. Those beyond the wanted ones make it converge sooner: in every round the error
/// shrinks by the ratio of the first variance that is left out to the wanted one.
const BLOCK: usize = 16;

/// Rounds of the iteration.
const ROUNDS: usize = 32;

/// Rounds over all pairs of a block's directions until they are at right angles; convergence is quadratic.
const SWEEPS: usize = 10;

/// A direction whose square shrinks below this part of itself when what it shares with others is taken away was none of its own.
const DEPENDENT: f64 = 1e-10;

/// Variances whose ratio is above this are close: which of their directions comes first is up to the earlier ones.
const CLOSE: f64 = 0.8;

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

/// The `count` main directions of `rows`, `[n, width]`, by subspace iteration with a Rayleigh–Ritz step at its end (Saad 2011,
/// "Numerical Methods for Large Eigenvalue Problems", chapter 5). In each direction the largest component is positive; where
/// `before`, the directions of an earlier call, is not empty, the signs and the order of close variances are those that
/// agree with it best.
///
/// # Errors
/// If `rows` doesn't hold whole rows of finite numbers, `count` is not 1 to the smaller of `width` and [`MOST_DIRECTIONS`],
/// `before` has another length, or there is no memory.
pub fn principal_components(rows: &[f32], width: usize, count: usize, before: &[f32]) -> Result<Components> {
    let examples = check_rows(rows, width)?;
    let most = width.min(MOST_DIRECTIONS);
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

    let mut subspace = Subspace::new(&scaled, width)?;
    (0..ROUNDS).for_each(|_| subspace.turn());
    let shares = subspace.settle();
    let (directions, shares) = subspace.choose(&shares, count, before);
    let variance = squares / (examples - 1).max(1) as f64;
    let mean: Vec<f32> = means.iter().map(|&mean| mean as f32).collect();
    let coordinates = coordinates(rows, &mean, &directions)?;
    Ok(Components {
        mean,
        directions,
        variances: shares.iter().map(|share| (share * variance) as f32).collect(),
        total: variance as f32,
        coordinates,
    })
}

/// The places of `rows`, `[n, width]`, on `directions`, `[count, width]`, about `mean`, `[width]`: `[n, count]`.
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

/// Orthonormal directions on their way to the main ones of some rows.
struct Subspace<'a> {
    level: Level,
    rows: &'a [f32],
    width: usize,
    random: Random,
    /// How many of a block's directions there are; in a small space fewer.
    used: usize,
    /// `[width, BLOCK]`: one direction a column.
    vectors: Vec<f32>,
    /// `[n, BLOCK]`: the rows on them.
    places: Vec<f32>,
    /// `[width, BLOCK]`
    next: Vec<f32>,
}

impl<'a> Subspace<'a> {
    fn new(rows: &'a [f32], width: usize) -> Result<Self> {
        let mut subspace = Self {
            level: convscope_kernels::level(),
            rows,
            width,
            random: Random::new(0, 0),
            used: BLOCK.min(width),
            vectors: zeros(width.saturating_mul(BLOCK))?,
            places: zeros((rows.len() / width).saturating_mul(BLOCK))?,
            next: zeros(width.saturating_mul(BLOCK))?,
        };
        // Zeros are directions of which none is its own: each becomes a random one.
        subspace.straighten();
        Ok(subspace)
    }

    /// The rows on the directions.
    fn place(&mut self) {
        let size = [self.rows.len() / self.width, BLOCK, self.width];
        let target = Target::new(&mut self.places, BLOCK, Write::Set);
        product(self.level, size, Rows::new(self.rows, self.width), Rows::new(&self.vectors, BLOCK), target);
    }

    /// Multiplies the directions with the rows' covariance matrix, which turns them towards the main ones.
    fn turn(&mut self) {
        self.place();
        let size = [self.width, BLOCK, self.rows.len() / self.width];
        let target = Target::new(&mut self.next, BLOCK, Write::Set);
        let (rows, places) = (Rows::new(self.rows, self.width), Rows::new(&self.places, BLOCK));
        transposed_product(self.level, size, rows, places, target);
        core::mem::swap(&mut self.vectors, &mut self.next);
        self.straighten();
    }

    /// Σ a·b over two directions.
    fn dot(&self, a: usize, b: usize) -> f64 {
        self.vectors.chunks_exact(BLOCK).map(|row| f64::from(row[a]) * f64::from(row[b])).sum()
    }

    /// Makes the directions orthonormal (Gram and Schmidt). Random ones take the place of those that depend on others.
    fn straighten(&mut self) {
        for column in 0..self.used {
            let before = self.dot(column, column);
            if self.separate(column) <= DEPENDENT * before {
                let random = &mut self.random;
                self.vectors.chunks_exact_mut(BLOCK).for_each(|row| row[column] = random.uniform(-1.0, 1.0));
                self.separate(column);
            }
            let length = libm::sqrt(self.dot(column, column)) as f32;
            self.vectors.chunks_exact_mut(BLOCK).for_each(|row| row[column] /= length);
        }
    }

    /// Takes from a direction what it has in common with those before it, twice, since rounding leaves some of it; answers with
    /// its square.
    fn separate(&mut self, column: usize) -> f64 {
        for other in [0..column, 0..column].into_iter().flatten() {
            let common = self.dot(column, other) as f32;
            self.vectors.chunks_exact_mut(BLOCK).for_each(|row| row[column] -= common * row[other]);
        }
        self.dot(column, column)
    }

    /// Turns the directions within the space that they span to where the rows' covariance is diagonal, and answers with the
    /// diagonal: the squares' sum along each direction.
    fn settle(&mut self) -> [f64; BLOCK] {
        self.place();
        let mut covariance = [[0.0; BLOCK]; BLOCK];
        for row in self.places.chunks_exact(BLOCK) {
            for (a, sums) in row.iter().zip(&mut covariance) {
                row.iter().zip(sums).for_each(|(b, sum)| *sum += f64::from(*a) * f64::from(*b));
            }
        }
        let rotation = diagonalize(&mut covariance);
        for row in self.vectors.chunks_exact_mut(BLOCK) {
            let mut turned = [0.0_f64; BLOCK];
            for (&value, weights) in row.iter().zip(&rotation) {
                turned.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += f64::from(value) * weight);
            }
            row.iter_mut().zip(turned).for_each(|(value, sum)| *value = sum as f32);
        }
        core::array::from_fn(|index| covariance[index][index])
    }

    /// The `count` directions with the largest of `shares`, and these.
    fn choose(&self, shares: &[f64; BLOCK], count: usize, before: &[f32]) -> (Vec<f32>, Vec<f64>) {
        let (mut directions, mut chosen) = (Vec::new(), Vec::new());
        let mut left = [true; BLOCK];
        left[self.used..].fill(false);
        for number in 0..count {
            let earlier = before.get(number * self.width..(number + 1) * self.width).unwrap_or(&[]);
            let agreement = |column: usize| -> f32 {
                self.vectors.chunks_exact(BLOCK).zip(earlier).map(|(row, value)| row[column] * value).sum()
            };
            let mut best = 0;
            let mut largest = f64::NEG_INFINITY;
            for column in (0..BLOCK).filter(|&column| left[column]) {
                if shares[column] > largest {
                    (best, largest) = (column, shares[column]);
                }
            }
            for column in (0..BLOCK).filter(|&column| left[column] && shares[column] >= CLOSE * largest) {
                if agreement(column).abs() > agreement(best).abs() {
                    best = column;
                }
            }
            left[best] = false;
            chosen.push(shares[best].max(0.0));
            let column = self.vectors.chunks_exact(BLOCK).map(|row| row[best]);
            let mut sign = agreement(best);
            if sign == 0.0 {
                sign = column
                    .clone()
                    .fold(0.0, |most: f32, value| if value.abs() > most.abs() { value } else { most });
            }
            directions.extend(column.map(|value| if sign < 0.0 { -value } else { value }));
        }
        (directions, chosen)
    }
}

/// Brings a symmetric matrix to its diagonal (Jacobi 1846); the columns of the answer are the directions that belong to it.
fn diagonalize(matrix: &mut [[f64; BLOCK]; BLOCK]) -> [[f64; BLOCK]; BLOCK] {
    let mut rotation = [[0.0; BLOCK]; BLOCK];
    (0..BLOCK).for_each(|index| rotation[index][index] = 1.0);
    let pairs = (0..BLOCK).flat_map(|p| (p + 1..BLOCK).map(move |q| (p, q)));
    for (p, q) in (0..SWEEPS).flat_map(|_| pairs.clone()) {
        if matrix[p][q] == 0.0 {
            continue;
        }
        let slope = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
        let tangent = libm::copysign(1.0, slope) / (slope.abs() + libm::sqrt(slope * slope + 1.0));
        let cosine = 1.0 / libm::sqrt(tangent * tangent + 1.0);
        let sine = tangent * cosine;
        for row in matrix.iter_mut().chain(&mut rotation) {
            (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
        }
        let [above, below] = [p, q].map(|row| matrix[row]);
        matrix[p] = core::array::from_fn(|column| cosine * above[column] - sine * below[column]);
        matrix[q] = core::array::from_fn(|column| sine * above[column] + cosine * below[column]);
    }
    rotation
}
