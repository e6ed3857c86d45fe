//! Augmentation of strokes, before there are pixels.

use crate::digits::field::Field;
use crate::digits::rasterize::Bounds;
use crate::digits::{Point, Stroke};
use crate::random::Random;
use alloc::vec::Vec;

/// Bumps of the warp along a side of the digit: it bends whole strokes, not the pen's path.
const WARP_CELLS: usize = 2;

/// How far a drawing is moved and bent as another hand might have drawn it.
///
/// Except for warp and jitter each number is the largest change, drawn uniformly up to it in both
/// directions; 0 switches it off. Lengths are parts of the drawing's longest side. The defaults
/// keep every digit what it is: none turns far enough for a 6 to become a 9.
#[derive(Clone, Debug, PartialEq)]
pub struct StrokeAugmentation {
    /// In radians.
    pub rotation: f32,
    /// How far a point moves to the right for each length of height.
    pub slant: f32,
    /// The natural logarithm of width over height, beyond what it was.
    pub stretch: f32,
    /// Root mean square of a smooth displacement along each axis.
    pub warp: f32,
    /// Standard deviation of each point's own displacement along each axis: a trembling hand.
    pub jitter: f32,
    /// The thinnest and the thickest pen, in pixels of the 28×28 image.
    pub pen_width: (f32, f32),
}

impl Default for StrokeAugmentation {
    fn default() -> Self {
        Self { rotation: 0.2, slant: 0.3, stretch: 0.25, warp: 0.03, jitter: 0.004, pen_width: (1.6, 4.0) }
    }
}

impl StrokeAugmentation {
    /// A changed copy of a drawing, around the same middle. A dot stays what it is.
    pub fn apply(&self, strokes: &[Stroke], random: &mut Random) -> Vec<Stroke> {
        let Some(bounds) = Bounds::of(strokes) else { return strokes.to_vec() };
        let (middle, size) = (bounds.center(), bounds.longest());
        let map = self.linear(random);
        let warp = Field::new(WARP_CELLS, self.warp, random);
        let mut move_point = |&[x, y]: &Point| {
            let (x, y) = (x - middle[0], y - middle[1]);
            let places = [x, y].map(|at| if size > 0.0 { at / size + 0.5 } else { 0.5 });
            let bend = warp.at(places);
            [0, 1].map(|axis| {
                let [of_x, of_y] = map[axis];
                let shake = bend[axis] + self.jitter * random.normal();
                middle[axis] + of_x * x + of_y * y + size * shake
            })
        };
        strokes.iter().map(|stroke| stroke.iter().map(&mut move_point).collect()).collect()
    }

    /// A pen's width for [`Rasterize`](crate::digits::Rasterize), thin ones as likely as ones
    /// thicker by the same factor.
    pub fn pen_width(&self, random: &mut Random) -> f32 {
        let (thin, thick) = self.pen_width;
        thin * libm::powf(thick / thin, random.unit())
    }

    /// The factors of x and y, for x and for y: stretched, slanted, then turned.
    fn linear(&self, random: &mut Random) -> [[f32; 2]; 2] {
        let mut within = |most: f32| random.uniform(-most, most);
        let angle = within(self.rotation);
        let (sin, cos) = (libm::sinf(angle), libm::cosf(angle));
        // y points down, and a positive slant leans to the right like an italic.
        let slant = -within(self.slant);
        let wide = libm::expf(0.5 * within(self.stretch));
        let high = 1.0 / wide;
        [[cos * wide, (cos * slant - sin) * high], [sin * wide, (sin * slant + cos) * high]]
    }
}

#[cfg(test)]
mod tests {
    use super::StrokeAugmentation;
    use crate::digits::Stroke;
    use crate::digits::generate;
    use crate::digits::rasterize::Bounds;
    use crate::random::Random;
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn no_point_and_one_point() {
        let options = StrokeAugmentation::default();
        let random = &mut Random::new(1, 0);
        assert_eq!(options.apply(&[], random), Vec::<Stroke>::new());
        assert_eq!(options.apply(&[vec![]], random), [Stroke::new()]);
        assert_eq!(options.apply(&[vec![[0.3, 0.4]]], random), [vec![[0.3, 0.4]]]);
    }

    proptest! {
        #[test]
        fn keeps_the_pen_s_path_and_about_its_place(label in 0_u8..10, seed: u64) {
            let strokes = generate(label, seed).unwrap().strokes;
            let options = StrokeAugmentation::default();
            let random = &mut Random::new(seed, 1);
            let changed = options.apply(&strokes, random);
            let lengths = |strokes: &[Vec<_>]| strokes.iter().map(Vec::len).collect::<Vec<_>>();
            prop_assert_eq!(lengths(&changed), lengths(&strokes));
            let (before, after) = (Bounds::of(&strokes).unwrap(), Bounds::of(&changed).unwrap());
            let ratio = after.longest() / before.longest();
            prop_assert!((0.6..1.6).contains(&ratio), "size changed by {ratio}");
            prop_assert!((options.pen_width.0..=options.pen_width.1).contains(&options.pen_width(random)));
        }
    }
}
