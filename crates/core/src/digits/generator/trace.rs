//! The path that a style intends, before a hand carries it out.

use crate::digits::{Point, Stroke};
use alloc::vec;
use alloc::vec::Vec;

/// Degrees of an arc between two of its nodes.
const ARC_STEP: f32 = 40.0;
/// Distance between the points of a carried-out curve, in heights of the digit.
const STEP: f32 = 0.02;

/// A node at least so far from the one before is missed by all that the hand is sloppy, in heights of the digit.
const FAR: f32 = 0.4;

/// One stroke as nodes to pass through: smoothly, or turning sharply at corners.
///
/// A digit is about 1 high, from y = 0 at its top to y = 1 at its bottom, and its middle is at x = 0.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    at: Point,
    sharp: bool,
    /// How much of its neighbour's displacement it shares: nodes of one arc move together.
    bound: f32,
}

/// Between neighbours on an arc.
const BOUND: f32 = 0.75;

// The styles are long chains of these calls: inlined, they make the WebAssembly file 1.5 % larger.
impl Trace {
    /// The pen touches the paper.
    #[inline(never)]
    pub(super) fn from(x: f32, y: f32) -> Self {
        Self { nodes: vec![Node { at: [x, y], sharp: true, bound: 0.0 }] }
    }

    /// A stroke that begins with an arc; see [`Trace::arc`].
    #[inline(never)]
    pub(super) fn from_arc(center: Point, radii: Point, angles: (f32, f32)) -> Self {
        Self::from_spiral(center, radii, angles, 1.0)
    }

    /// A stroke that begins with a spiral; see [`Trace::spiral`].
    #[inline(never)]
    pub(super) fn from_spiral(center: Point, radii: Point, angles: (f32, f32), growth: f32) -> Self {
        Self { nodes: Vec::new() }.spiral(center, radii, angles, growth)
    }

    /// On through a place, curving.
    #[inline(never)]
    pub(super) fn to(mut self, x: f32, y: f32) -> Self {
        self.nodes.push(Node { at: [x, y], sharp: false, bound: 0.0 });
        self
    }

    /// On to a place where the direction may change at once.
    #[inline(never)]
    pub(super) fn corner(mut self, x: f32, y: f32) -> Self {
        self.nodes.push(Node { at: [x, y], sharp: true, bound: 0.0 });
        self
    }

    /// On along an ellipse between two angles in degrees: 0 is its right, 90 its lowest, 180 its
    /// left and 270 its highest point, so growing angles run clockwise.
    #[inline(never)]
    pub(super) fn arc(self, center: Point, radii: Point, angles: (f32, f32)) -> Self {
        self.spiral(center, radii, angles, 1.0)
    }

    /// An arc whose radii change steadily, to `growth` times themselves at its end.
    #[inline(never)]
    pub(super) fn spiral(
        mut self,
        center: Point,
        radii: Point,
        (start, end): (f32, f32),
        growth: f32,
    ) -> Self {
        let steps = libm::ceilf((end - start).abs() / ARC_STEP).max(1.0) as u16;
        for step in 0..=steps {
            let part = f32::from(step) / f32::from(steps);
            let angle = (start + part * (end - start)).to_radians();
            let size = 1.0 + part * (growth - 1.0);
            let x = center[0] + size * radii[0] * libm::cosf(angle);
            let y = center[1] + size * radii[1] * libm::sinf(angle);
            self.nodes.push(Node { at: [x, y], sharp: false, bound: if step > 0 { BOUND } else { 0.0 } });
        }
        self
    }

    /// Moves every node on its own; one that is near the node before by less, since short ways are kept to better.
    pub(super) fn shake(&mut self, mut displacement: impl FnMut() -> Point) {
        let mut moved = [0.0; 2];
        let mut before = self.nodes.get(1).map_or([0.0; 2], |second| second.at);
        for node in &mut self.nodes {
            let (old, new) = (node.bound, libm::sqrtf(1.0 - node.bound * node.bound));
            let new = new * (distance(before, node.at) / FAR).min(1.0);
            before = node.at;
            let change = displacement();
            moved = [0, 1].map(|axis| old * moved[axis] + new * change[axis]);
            let [right, down] = moved;
            node.at = [node.at[0] + right, node.at[1] + down];
        }
    }

    /// The curve through all nodes as closely spaced points.
    pub(super) fn curve(&self) -> Stroke {
        let Some(first) = self.nodes.first() else { return Stroke::new() };
        let mut points = vec![first.at];
        for index in 1..self.nodes.len() {
            let (from, to) = (self.nodes[index - 1], self.nodes[index]);
            // Beyond a corner or an end the curve knows no neighbour and leaves straight.
            let before =
                if from.sharp || index == 1 { mirror(to.at, from.at) } else { self.nodes[index - 2].at };
            let after = match self.nodes.get(index + 1) {
                Some(next) if !to.sharp => next.at,
                _ => mirror(from.at, to.at),
            };
            let steps = libm::ceilf(distance(from.at, to.at) / STEP).max(1.0) as u16;
            points.extend((1..=steps).map(|step| {
                catmull_rom([before, from.at, to.at, after], f32::from(step) / f32::from(steps))
            }));
        }
        points
    }
}

fn mirror(point: Point, at: Point) -> Point {
    [2.0 * at[0] - point[0], 2.0 * at[1] - point[1]]
}

pub(super) fn distance(a: Point, b: Point) -> f32 {
    libm::hypotf(b[0] - a[0], b[1] - a[1])
}

/// The centripetal Catmull-Rom spline between the two inner points (Barry and Goldman 1988), which
/// neither overshoots nor forms loops of its own; `t` is 0 to 1.
fn catmull_rom(p: [Point; 4], t: f32) -> Point {
    let knot = |a, b| libm::sqrtf(distance(a, b)).max(1e-3);
    let k1 = knot(p[0], p[1]);
    let k2 = k1 + knot(p[1], p[2]);
    let k3 = k2 + knot(p[2], p[3]);
    let t = k1 + t * (k2 - k1);
    let mix = |a: Point, b: Point, from: f32, to: f32| {
        let part = (t - from) / (to - from);
        [a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])]
    };
    let (a, b, c) = (mix(p[0], p[1], 0.0, k1), mix(p[1], p[2], k1, k2), mix(p[2], p[3], k2, k3));
    let (a, b) = (mix(a, b, 0.0, k2), mix(b, c, k1, k3));
    mix(a, b, k1, k2)
}

#[cfg(test)]
mod tests {
    use super::{STEP, Trace, distance};

    #[test]
    fn passes_its_nodes_in_small_steps() {
        let nodes = [[0.0, 0.0], [0.5, 0.1], [0.4, 0.7], [0.0, 0.9]];
        let curve = Trace::from(0.0, 0.0).to(0.5, 0.1).corner(0.4, 0.7).to(0.0, 0.9).curve();
        for node in nodes {
            assert!(curve.iter().any(|&point| distance(point, node) < 1e-5), "{node:?}");
        }
        assert!(curve.windows(2).all(|pair| distance(pair[0], pair[1]) < 2.5 * STEP));
    }

    #[test]
    fn follows_an_ellipse() {
        let curve = Trace::from_arc([0.1, 0.5], [0.3, 0.5], (0.0, 360.0)).curve();
        for [x, y] in curve {
            let radius = libm::hypotf((x - 0.1) / 0.3, (y - 0.5) / 0.5);
            assert!((radius - 1.0).abs() < 0.05, "{radius}");
        }
    }
}
