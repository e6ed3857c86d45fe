//! The surfaces, each with its gradient.

use crate::config::{Arguments, Fields, parse};
use crate::random::Random;
use crate::{Error, Result};
use alloc::{format, vec::Vec};
use serde_json::Value;

/// The most points of a grid.
const MAX_GRID_POINTS: usize = 1 << 18;

/// The most examples of a regression.
const MAX_EXAMPLES: usize = 4096;

/// Keeps the examples apart from other random numbers of the same seed.
const STREAM: u64 = 0x6c69_6e65;

/// The line that the examples of a regression lie about, and how far: slope, intercept, standard deviation.
const LINE: [f32; 3] = [1.2, -0.5, 0.6];

/// A function of two parameters p and q that is to be made small.
#[derive(Clone, Debug)]
pub enum Surface {
    /// The mean over examples (x, y) of (p·x + q − y)²: the error of a straight line.
    Regression(Vec<[f32; 2]>),
    /// p²/100 + q²: a valley a hundred times as steep on one axis as on the other.
    Ravine,
    /// p² + (q²/2 − 1)²: flat in the middle, uphill one way and downhill the other, to the minima (0, ±√2).
    Saddle,
    /// (1.5 − p + pq)² + (2.25 − p + pq²)² + (2.625 − p + pq³)² (Beale 1955), 0 at (3, 0.5).
    Beale,
    /// (1 − p)² + 100 (q − p²)² (Rosenbrock 1960), 0 at (1, 1).
    Rosenbrock,
}

const ARGUMENTS: &[Arguments] = &[Arguments::Read(&["name", "examples", "seed"])];

impl Surface {
    /// As [`Surface::from_value`], from JSON text.
    ///
    /// # Errors
    /// As for [`Surface::from_value`], `config` for what is not JSON.
    pub fn from_json(text: &str) -> Result<Self> {
        Self::from_value(&parse(text, "surface")?)
    }

    /// Reads `{ name }`: regression, ravine, saddle, beale or rosenbrock; a regression has `examples` (32)
    /// from a `seed` (0).
    ///
    /// # Errors
    /// `config` for an unknown name, `limit` for too many examples.
    pub fn from_value(value: &Value) -> Result<Self> {
        let fields = Fields::of_object(value, "surface", ARGUMENTS)?;
        match fields.text("name")? {
            "regression" => {
                let examples = fields.optional_count("examples")?.unwrap_or(32);
                if examples > MAX_EXAMPLES {
                    return Err(Error::limit(format!("examples: at most {MAX_EXAMPLES}, got {examples}")));
                }
                let seed = fields.optional_seed("seed")?.unwrap_or(0);
                Ok(Self::Regression(examples_of(&mut Random::new(seed, STREAM), examples)))
            }
            "ravine" => Ok(Self::Ravine),
            "saddle" => Ok(Self::Saddle),
            "beale" => Ok(Self::Beale),
            "rosenbrock" => Ok(Self::Rosenbrock),
            other => Err(Error::config(format!(
                "surface: expected regression, ravine, saddle, beale or rosenbrock, got {other}"
            ))),
        }
    }

    /// The number of examples that batches are taken from.
    pub fn examples(&self) -> usize {
        match self {
            Self::Regression(examples) => examples.len(),
            _ => 1,
        }
    }

    /// The function's value: on a regression, the mean over all examples.
    pub fn value(&self, [p, q]: [f32; 2]) -> f32 {
        match self {
            Self::Regression(examples) => {
                let errors = examples.iter().map(|&[x, y]| p * x + q - y);
                errors.map(|error| error * error).sum::<f32>() / examples.len() as f32
            }
            Self::Ravine => p * p / 100.0 + q * q,
            Self::Saddle => p * p + (q * q / 2.0 - 1.0) * (q * q / 2.0 - 1.0),
            Self::Beale => beale(p, q).iter().map(|[error, _, _]| error * error).sum(),
            Self::Rosenbrock => (1.0 - p) * (1.0 - p) + 100.0 * (q - p * p) * (q - p * p),
        }
    }

    /// The values on a grid whose first point is `from` and whose last is `to`, row by row, the first
    /// parameter running fastest.
    ///
    /// # Errors
    /// `limit` for a grid of more than 262,144 points.
    pub fn grid(&self, from: [f32; 2], to: [f32; 2], [columns, rows]: [usize; 2]) -> Result<Vec<f32>> {
        if columns.saturating_mul(rows) > MAX_GRID_POINTS {
            return Err(Error::limit(format!(
                "a grid has at most {MAX_GRID_POINTS} points, got {columns} columns of {rows} rows"
            )));
        }
        let mut values = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            for column in 0..columns {
                let place = |axis: usize, index: usize, count: usize| {
                    from[axis] + (to[axis] - from[axis]) * index as f32 / (count.max(2) - 1) as f32
                };
                values.push(self.value([place(0, column, columns), place(1, row, rows)]));
            }
        }
        Ok(values)
    }

    /// The gradient: on a regression, that of the mean over the examples of `batch`.
    pub(super) fn gradient(&self, [p, q]: [f32; 2], batch: &[usize]) -> [f32; 2] {
        match self {
            Self::Regression(examples) => {
                let mut sums = [0.0; 2];
                for &index in batch {
                    let [x, y] = examples[index];
                    let error = p * x + q - y;
                    sums[0] += error * x;
                    sums[1] += error;
                }
                sums.map(|sum| 2.0 * sum / batch.len() as f32)
            }
            Self::Ravine => [p / 50.0, 2.0 * q],
            Self::Saddle => [2.0 * p, 2.0 * q * (q * q / 2.0 - 1.0)],
            Self::Beale => {
                let terms = beale(p, q);
                [1, 2].map(|axis| terms.iter().map(|term| 2.0 * term[0] * term[axis]).sum())
            }
            Self::Rosenbrock => {
                let rise = q - p * p;
                [-2.0 * (1.0 - p) - 400.0 * p * rise, 200.0 * rise]
            }
        }
    }
}

/// Beale's three errors, each with its derivatives with respect to p and q.
fn beale(p: f32, q: f32) -> [[f32; 3]; 3] {
    [
        [1.5 - p + p * q, q - 1.0, p],
        [2.25 - p + p * q * q, q * q - 1.0, 2.0 * p * q],
        [2.625 - p + p * q * q * q, q * q * q - 1.0, 3.0 * p * q * q],
    ]
}

fn examples_of(random: &mut Random, count: usize) -> Vec<[f32; 2]> {
    let [slope, intercept, deviation] = LINE;
    (0..count)
        .map(|_| {
            let x = random.uniform(-2.0, 2.0);
            [x, slope * x + intercept + deviation * random.normal()]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn gradients_equal_finite_differences() {
        for name in ["regression", "ravine", "saddle", "beale", "rosenbrock"] {
            let surface = Surface::from_value(&json!({ "name": name })).unwrap();
            let all: Vec<usize> = (0..surface.examples()).collect();
            for [p, q] in [[0.5, -0.25], [-1.25, 0.75], [1.5, 1.0]] {
                let gradient = surface.gradient([p, q], &all);
                let step = 1.0 / 256.0;
                let differences = [
                    (surface.value([p + step, q]) - surface.value([p - step, q])) / (2.0 * step),
                    (surface.value([p, q + step]) - surface.value([p, q - step])) / (2.0 * step),
                ];
                for (gradient, difference) in gradient.iter().zip(differences) {
                    let allowed = 0.01 * difference.abs() + 0.02;
                    assert!((gradient - difference).abs() < allowed, "{name}: {gradient} not {difference}");
                }
            }
        }
    }

    #[test]
    fn a_grid_runs_row_by_row_and_is_bounded() {
        let saddle = Surface::Saddle;
        assert_eq!(
            saddle.grid([-1.0, -1.0], [1.0, 1.0], [3, 2]).unwrap(),
            [1.25, 0.25, 1.25, 1.25, 0.25, 1.25]
        );
        assert!(saddle.grid([0.0; 2], [1.0; 2], [usize::MAX, 2]).is_err());
    }

    #[test]
    fn the_known_minima_are_zero() {
        let value = |name: &str, at| Surface::from_value(&json!({ "name": name })).unwrap().value(at);
        assert_eq!(value("beale", [3.0, 0.5]), 0.0);
        assert_eq!(value("rosenbrock", [1.0, 1.0]), 0.0);
        assert_eq!(value("ravine", [0.0, 0.0]), 0.0);
    }
}
