//! A smooth random displacement of the plane.

use super::Point;
use crate::numbers::clamp;
use crate::random::Random;
use alloc::vec;
use alloc::vec::Vec;
use convscope_kernels::warp::add_combinations;

/// What the sum of squared weights of a two-dimensional cubic B-spline is on average, so that
/// dividing by its root keeps the variance of the knots: (151/315)².
const POWER: f32 = 0.2298;

/// The most cells along a side of a field.
pub(super) const MAX_CELLS: usize = 16;

/// Independent normal displacements on a lattice of knots over the unit square, joined by uniform
/// cubic B-splines: continuous up to the second derivative.
///
/// It is the displacement field of Simard, Steinkraus, Platt 2003, "Best practices for
/// convolutional neural networks", with the noise on the lattice instead of on every pixel, and
/// the B-spline, whose standard deviation is 1/√3 of the lattice's spacing, as the Gaussian.
#[derive(Clone, Debug)]
pub(super) struct Field {
    cells: usize,
    /// Along each axis, line by line.
    knots: [Vec<f32>; 2],
}

impl Field {
    /// A field whose displacements have the root mean square `strength` along each axis, and whose
    /// bumps are about `1 / cells` wide; `cells` is taken as 1 to [`MAX_CELLS`].
    pub(super) fn new(cells: usize, strength: f32, random: &mut Random) -> Self {
        let scale = strength / libm::sqrtf(POWER);
        let cells = cells.clamp(1, MAX_CELLS);
        let across = cells + 3;
        let knots = (0..across * across).map(|_| (scale * random.normal(), scale * random.normal())).unzip();
        Self { cells, knots: knots.into() }
    }

    /// The displacement at a place; outside the unit square that of its nearest side.
    pub(super) fn at(&self, place: Point) -> Point {
        let [columns, rows] = place.map(|at| self.reach(at));
        self.knots.each_ref().map(|knots| {
            let lines = knots.chunks_exact(self.cells + 3).skip(rows.first);
            columns.weights.iter().enumerate().fold(0.0, |sum, (column, across)| {
                let along = lines.clone().zip(rows.weights);
                let knot = along.fold(0.0, |sum, (line, down)| sum + down * line[columns.first + column]);
                sum + across * knot
            })
        })
    }

    /// Adds the displacements of the middles of `side` × `side` cells that fill the unit square, line by
    /// line: those to the right and those down.
    pub(super) fn add_to(&self, side: usize, displaced: [&mut [f32]; 2]) {
        let (level, across) = (convscope_kernels::level(), self.cells + 3);
        // What each knot weighs at each place, along either axis.
        let mut lines = vec![0.0; side * across];
        let mut columns = vec![0.0; across * side];
        for place in 0..side {
            let Reach { first, weights } = self.reach((place as f32 + 0.5) / side as f32);
            for (knot, weight) in (first..).zip(weights) {
                lines[place * across + knot] = weight;
                columns[knot * side + place] = weight;
            }
        }
        for (knots, displaced) in self.knots.iter().zip(displaced) {
            let mut along_lines = vec![0.0; side * across];
            add_combinations(level, &lines, knots, across, &mut along_lines);
            add_combinations(level, &along_lines, &columns, side, displaced);
        }
    }

    /// The knots that reach a coordinate.
    fn reach(&self, at: f32) -> Reach {
        let at = clamp(at * self.cells as f32, 0.0, self.cells as f32);
        let first = (at as usize).min(self.cells - 1);
        let t = at - first as f32;
        let s = 1.0 - t;
        let weights =
            [s * s * s, 3.0 * t * t * t - 6.0 * t * t + 4.0, 3.0 * s * s * s - 6.0 * s * s + 4.0, t * t * t];
        Reach { first, weights: weights.map(|weight| weight / 6.0) }
    }
}

/// The first of the four knots that reach a coordinate, and their weights.
struct Reach {
    first: usize,
    weights: [f32; 4],
}

#[cfg(test)]
mod tests {
    use super::Field;
    use crate::random::Random;

    #[test]
    fn has_the_strength_asked_for_and_is_smooth() {
        let mut random = Random::new(3, 0);
        let (mut power, mut step, mut count) = (0.0, 0.0_f32, 0.0);
        for _ in 0..200 {
            let field = Field::new(5, 0.1, &mut random);
            for i in 0..50 {
                let place = [i as f32 / 50.0, 0.37];
                let [x, y] = field.at(place);
                let [next, _] = field.at([place[0] + 0.001, place[1]]);
                power += x * x + y * y;
                step = step.max((next - x).abs());
                count += 2.0;
            }
        }
        let strength = libm::sqrtf(power / count);
        assert!((strength - 0.1).abs() < 0.01, "{strength}");
        assert!(step < 0.005, "{step}");
    }
}
