//! Augmentation of finished images.

use crate::config::{Arguments, Fields, parse};
use crate::digits::field::Field;
use crate::digits::rasterize::{PIXELS, SIDE};
use crate::random::Random;
use crate::{Error, Result};
use alloc::{format, vec::Vec};
use convscope_kernels::warp::{affine, read_between};

/// How far a 28×28 image is moved and bent: an affine map about the image's middle, then the elastic
/// deformation of Simard, Steinkraus, Platt 2003, read with bilinear interpolation in one step.
///
/// Each number is the largest change, drawn uniformly up to it in both directions; 0 switches it
/// off. The defaults keep every digit what it is: none turns far enough for a 6 to become a 9.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageAugmentation {
    /// Along each axis, in pixels.
    pub shift: f32,
    /// In radians.
    pub rotation: f32,
    /// Along each axis on its own, as a part of the size.
    pub scale: f32,
    /// How far a point moves sideways for each pixel of height.
    pub shear: f32,
    /// Root mean square of the elastic displacement along each axis, in pixels.
    pub elastic: f32,
    /// Standard deviation of the Gaussian that smooths the elastic displacement, in pixels, from 1.
    pub elastic_sigma: f32,
}

impl Default for ImageAugmentation {
    fn default() -> Self {
        Self { shift: 1.5, rotation: 0.2, scale: 0.12, shear: 0.2, elastic: 0.6, elastic_sigma: 4.0 }
    }
}

const ARGUMENTS: &[Arguments] =
    &[Arguments::Read(&["shift", "rotation", "scale", "shear", "elastic", "elasticSigma"])];

/// Keeps the random numbers of augmentation apart from others of the same seed.
const STREAM: u64 = 0x6175_676d;

/// The augmentation of the examples of one epoch. What becomes of an example depends on the seed, the epoch
/// and its place in the data set, not on the batch that it is in.
#[derive(Clone, Copy, Debug)]
pub struct Augmentation<'a> {
    /// How far images are moved and bent.
    pub image: &'a ImageAugmentation,
    /// Of all random numbers.
    pub seed: u64,
    /// From 0.
    pub epoch: u64,
}

impl Augmentation<'_> {
    /// Writes a changed copy of example `index` to `out`.
    pub(crate) fn apply(&self, index: u32, image: &[f32; PIXELS], out: &mut [f32; PIXELS]) {
        let stream = STREAM + (self.epoch << 32) + u64::from(index);
        self.image.apply(image, &mut Random::new(self.seed, stream), out);
    }
}

impl ImageAugmentation {
    /// Reads JSON, `{ "shift": 1.5, "rotation": 0.2, "elastic": 0.6, "elasticSigma": 4 }`, with `scale` and
    /// `shear` besides; what is left out is 0.
    ///
    /// # Errors
    /// `format` for text that is not JSON, `config` for an unknown name or a number that is negative or too large
    /// to mean anything.
    pub fn from_json(text: &str) -> Result<Self> {
        let value = parse(text, "description of an augmentation")?;
        let fields = Fields::of_object(&value, "the augmentation", ARGUMENTS)?;
        let most = SIDE as f32;
        Ok(Self {
            shift: fields.number_in("shift", 0.0..=most, 0.0)?,
            rotation: fields.number_in("rotation", 0.0..=core::f32::consts::TAU, 0.0)?,
            scale: fields.number_in("scale", 0.0..=0.9, 0.0)?,
            shear: fields.number_in("shear", 0.0..=2.0, 0.0)?,
            elastic: fields.number_in("elastic", 0.0..=most, 0.0)?,
            elastic_sigma: fields.number_in("elasticSigma", 1.0..=most, Self::default().elastic_sigma)?,
        })
    }

    /// Writes a changed copy of `image` (row after row) to `out`. What comes from outside the image
    /// is black.
    pub fn apply(&self, image: &[f32; PIXELS], random: &mut Random, out: &mut [f32; PIXELS]) {
        let middle = SIDE as f32 / 2.0;
        let [mut x, mut y] = self.affine(random).map(|[of_x, of_y, shift]| {
            let mut places = [0.0; PIXELS];
            affine([of_x, of_y, shift + middle], SIDE, &mut places);
            places
        });
        if self.elastic > 0.0 {
            self.field(random).add_to(SIDE, [&mut x, &mut y]);
        }
        read_between(image, SIDE, [&x, &y], out);
    }

    /// A changed copy of `image`, which has 28×28 pixels from 0 to 1. The same seed gives the same copy.
    ///
    /// # Errors
    /// `shape` for another number of pixels.
    pub fn varied(&self, image: &[f32], seed: u64) -> Result<Vec<f32>> {
        let image = image
            .as_array::<PIXELS>()
            .ok_or_else(|| Error::shape(format!("an image has {PIXELS} pixels, got {}", image.len())))?;
        let mut out = [0.0; PIXELS];
        self.apply(image, &mut Random::new(seed, STREAM), &mut out);
        Ok(out.to_vec())
    }

    /// From a place in the new image to one in the old, both from the middle: for x and for y the
    /// factors of x and y and the shift.
    fn affine(&self, random: &mut Random) -> [[f32; 3]; 2] {
        let mut within = |most: f32| random.uniform(-most, most);
        let angle = within(self.rotation);
        let (sin, cos) = (libm::sinf(angle), libm::cosf(angle));
        let [wide, high] = [within(self.scale), within(self.scale)].map(|change| 1.0 + change);
        let shear = within(self.shear);
        let [right, down] = [within(self.shift), within(self.shift)];
        [[wide * (cos + shear * sin), wide * (shear * cos - sin), right], [high * sin, high * cos, down]]
    }

    fn field(&self, random: &mut Random) -> Field {
        let spacing = libm::sqrtf(3.0) * self.elastic_sigma.max(1.0);
        let cells = libm::roundf(SIDE as f32 / spacing) as usize;
        Field::new(cells, self.elastic, random)
    }
}

#[cfg(test)]
mod tests {
    use super::ImageAugmentation;
    use crate::digits::rasterize::PIXELS;
    use crate::digits::{Rasterize, generate, rasterize};
    use crate::random::Random;
    use proptest::prelude::*;

    const NONE: ImageAugmentation = ImageAugmentation {
        shift: 0.0,
        rotation: 0.0,
        scale: 0.0,
        shear: 0.0,
        elastic: 0.0,
        elastic_sigma: 4.0,
    };

    fn digit(label: u8) -> [f32; PIXELS] {
        rasterize(&generate(label, 1).unwrap().strokes, &Rasterize::default()).unwrap().image
    }

    #[test]
    fn nothing_switched_on_changes_nothing() {
        let mut out = [0.5; PIXELS];
        NONE.apply(&digit(3), &mut Random::new(1, 0), &mut out);
        assert_eq!(out, digit(3));
    }

    #[test]
    fn repeats_with_the_seed_and_only_then() {
        let apply = |seed| {
            let mut out = [0.0; PIXELS];
            ImageAugmentation::default().apply(&digit(5), &mut Random::new(seed, 0), &mut out);
            out
        };
        assert_eq!(apply(1), apply(1));
        assert_ne!(apply(1), apply(2));
    }

    proptest! {
        #[test]
        fn ink_stays_ink(label in 0_u8..10, seed: u64) {
            let image = digit(label);
            let mut out = [0.0; PIXELS];
            ImageAugmentation::default().apply(&image, &mut Random::new(seed, 0), &mut out);
            prop_assert!(out.iter().all(|ink| (0.0..=1.0).contains(ink)));
            let ratio = out.iter().sum::<f32>() / image.iter().sum::<f32>();
            prop_assert!((0.6..1.6).contains(&ratio), "ink changed by {ratio}");
        }

        #[test]
        fn any_setting_gives_numbers(shift in -1e9_f32..1e9, scale in -9.0_f32..9.0, sigma: f32) {
            let options = ImageAugmentation { shift, scale, elastic_sigma: sigma, ..Default::default() };
            let mut out = [0.0; PIXELS];
            options.apply(&digit(8), &mut Random::new(1, 0), &mut out);
            prop_assert!(out.iter().all(|ink| (0.0..=1.0).contains(ink)));
        }
    }
}
