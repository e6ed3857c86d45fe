//! A smooth random displacement of the plane.

use super::Point;
use crate::random::Random;
use alloc::vec::Vec;

/// What the sum of squared weights of a two-dimensional cubic B-spline is on average, so that
/// dividing by its root keeps the variance of the knots: (151/315)².
const POWER: f32 = 0.2298;

/// Independent normal displacements on a lattice of knots over the unit square, joined by uniform
/// cubic B-splines: continuous up to the second derivative.
///
/// It is the displacement field of Simard, Steinkraus, Platt 2003, "Best practices for
/// convolutional neural networks", with the noise on the lattice instead of on every pixel, and
/// the B-spline, whose standard deviation is 1/√3 of the lattice's spacing, as the Gaussian.
#[derive(Clone, Debug)]
pub(super) struct Field {
    cells: usize,
    knots: Vec<Point>,
}

impl Field {
    /// A field whose displacements have the root mean square `strength` along each axis, and whose
    /// bumps are about `1 / cells` wide.
    pub(super) fn new(cells: usize, strength: f32, random: &mut Random) -> Self {
        let scale = strength / libm::sqrtf(POWER);
        let across = cells + 3;
        let knots = (0..across * across).map(|_| [(); 2].map(|()| scale * random.normal())).collect();
        Self { cells, knots }
    }

    /// The displacement at a place; outside the unit square that of its nearest side.
    pub(super) fn at(&self, place: Point) -> Point {
        let [(column, across), (row, down)] = place.map(|at| self.weights(at));
        let mut sum = [0.0; 2];
        for (knots, down) in self.knots.chunks_exact(self.cells + 3).skip(row).zip(down) {
            for (knot, across) in knots[column..].iter().zip(across) {
                sum[0] += down * across * knot[0];
                sum[1] += down * across * knot[1];
            }
        }
        sum
    }

    /// The first of the four knots that reach a coordinate, and their weights.
    fn weights(&self, at: f32) -> (usize, [f32; 4]) {
        let at = (at * self.cells as f32).clamp(0.0, self.cells as f32);
        let first = (at as usize).min(self.cells - 1);
        let t = at - first as f32;
        let s = 1.0 - t;
        let weights =
            [s * s * s, 3.0 * t * t * t - 6.0 * t * t + 4.0, 3.0 * s * s * s - 6.0 * s * s + 4.0, t * t * t];
        (first, weights.map(|weight| weight / 6.0))
    }
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
