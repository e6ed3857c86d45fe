//! One writer at one moment: how big, how slanted, how fast, how careful.

use super::trace::{Trace, distance};
use crate::digits::rasterize::{BOX_SIDE, Bounds};
use crate::digits::{Point, Stroke, StrokeAugmentation};
use crate::numbers::clamp;
use crate::random::Random;
use alloc::vec;
use alloc::vec::Vec;

/// The middle of the pen's width over many writers, in pixels of the 28×28 image, and the standard
/// deviation of its natural logarithm.
const PEN_WIDTH: (f32, f32) = (2.6, 0.25);
/// The most of the paper behind a drawing that its pen may cover on the detours between its ends.
const COVERED: f32 = 0.36;

/// What one writer's digits differ by from another's beyond their style.
const VARIETY: StrokeAugmentation = StrokeAugmentation {
    rotation: 0.2,
    slant: 0.26,
    stretch: 0.45,
    warp: 0.03,
    jitter: 0.002,
    pen_width: (1.0, 1.0),
};

/// Chooses between the ways to write a digit, and writes it.
#[derive(Debug)]
pub(super) struct Hand {
    random: Random,
    /// Standard deviation of each node, at the end of a long way, from where the style wants it, in heights of the
    /// digit.
    sloppiness: f32,
    /// How far the pen's inertia rounds its path, in points of the curve; fast hands have more.
    inertia: usize,
    /// Distance between recorded points, in heights of the digit; fast hands leave larger ones.
    spacing: f32,
    /// How far a point moves to the right for each length of height.
    lean: f32,
}

// The styles are long chains of these calls: inlined, they make the WebAssembly file 1.5 % larger.
impl Hand {
    pub(super) fn new(mut random: Random) -> Self {
        let haste = random.unit();
        let sloppiness = 0.02 + 0.05 * haste * random.unit();
        let inertia = (1.0 + haste * random.uniform(0.0, 5.0)) as usize;
        let spacing = 0.02 + 0.05 * haste * random.unit();
        let lean = 0.08 + 0.09 * clamp(random.normal(), -2.0, 2.0);
        Self { random, sloppiness, inertia, spacing, lean }
    }

    /// A number around `value`, anywhere up to twice `spread` away from it.
    #[inline(never)]
    pub(super) fn near(&mut self, value: f32, spread: f32) -> f32 {
        value + spread * self.random.uniform(-2.0, 2.0)
    }

    /// A number anywhere between two.
    #[inline(never)]
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        self.random.uniform(low, high)
    }

    /// True in `part` of all cases.
    #[inline(never)]
    pub(super) fn chance(&mut self, part: f32) -> bool {
        self.random.unit() < part
    }

    /// A whole number from 0 up to but without `bound`.
    #[inline(never)]
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.random.below(bound)
    }

    /// The index of one of `weights`, as often as it weighs.
    pub(super) fn choose(&mut self, weights: impl Iterator<Item = f32> + Clone) -> usize {
        let mut rest = self.random.unit() * weights.clone().sum::<f32>();
        let past = |weight: f32| {
            rest -= weight;
            rest < 0.0
        };
        // Rounding can leave a rest after the last weight, which then is the one.
        let last = weights.clone().count() - 1;
        weights.map(past).position(|found| found).unwrap_or(last)
    }

    /// The width of this hand's pen, in pixels of the 28×28 image: not so wide that it fills the holes of
    /// what it writes.
    pub(super) fn pen_width(&mut self, strokes: &[Stroke]) -> f32 {
        let (middle, spread) = PEN_WIDTH;
        let width = middle * libm::expf(spread * self.random.normal());
        clamp(width.min(widest(strokes)), 1.3, 6.0)
    }

    /// Carries out what a style intends, somewhere on the writing area.
    pub(super) fn write(&mut self, mut traces: Vec<Trace>) -> Vec<Stroke> {
        let mut strokes = Vec::new();
        for trace in &mut traces {
            let (random, sloppiness) = (&mut self.random, self.sloppiness);
            trace.shake(|| [(); 2].map(|()| sloppiness * clamp(random.normal(), -2.5, 2.5)));
            strokes.push(round(&trace.curve(), self.inertia));
        }
        for [x, y] in strokes.iter_mut().flatten() {
            *x += self.lean * (0.5 - *y);
        }
        let strokes = VARIETY.apply(&strokes, &mut self.random);
        let mut strokes: Vec<_> = strokes.iter().map(|stroke| record(stroke, self.spacing)).collect();
        self.place(&mut strokes);
        strokes
    }

    /// Scales and moves a drawing so that it lies within the writing area.
    fn place(&mut self, strokes: &mut [Stroke]) {
        let Some(bounds) = Bounds::of(strokes) else { return };
        let size = self.between(0.45, 0.85);
        let scale = size / bounds.longest();
        let free = 0.5 * (1.0 - size);
        let [right, down] = [(); 2].map(|()| 0.5 + 0.6 * self.between(-free, free));
        let middle = bounds.center();
        for [x, y] in strokes.iter_mut().flatten() {
            *x = (*x - middle[0]) * scale + right;
            *y = (*y - middle[1]) * scale + down;
        }
    }
}

/// The pen, in pixels of the 28×28 image, that covers [`COVERED`] of a drawing's rectangle on all of its way
/// but the diagonal.
fn widest(strokes: &[Stroke]) -> f32 {
    let Some(bounds) = Bounds::of(strokes) else { return f32::INFINITY };
    let [width, height] = bounds.extent();
    let way: f32 =
        strokes.iter().flat_map(|stroke| stroke.windows(2)).map(|pair| distance(pair[0], pair[1])).sum();
    let detour = way - libm::hypotf(width, height);
    if detour <= 0.0 {
        return f32::INFINITY;
    }
    COVERED * width * height / detour * BOX_SIDE as f32 / bounds.longest()
}

/// Averages every point with `reach` neighbours to each side, fewer towards the ends, which stay.
fn round(points: &[Point], reach: usize) -> Stroke {
    let average = |index: usize| {
        let reach = reach.min(index).min(points.len() - 1 - index);
        let near = &points[index - reach..=index + reach];
        [0, 1].map(|axis| near.iter().map(|point| point[axis]).sum::<f32>() / near.len() as f32)
    };
    (0..points.len()).map(average).collect()
}

/// The points that a pad would have recorded: those at least `spacing` apart, and the last.
fn record(points: &[Point], spacing: f32) -> Stroke {
    let (Some(&first), Some(&last)) = (points.first(), points.last()) else { return Stroke::new() };
    let mut kept = vec![first];
    let mut previous = first;
    for &point in points {
        if distance(previous, point) >= spacing {
            kept.push(point);
            previous = point;
        }
    }
    if previous != last {
        kept.push(last);
    }
    kept
}
