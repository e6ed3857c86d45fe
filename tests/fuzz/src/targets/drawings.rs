//! Pen strokes, and how images of them are varied.

use super::{REAL, text};
use crate::edits::{self, Text, any_of, float, one};
use convscope_core::digits::{self, ImageAugmentation, Rasterize, Stroke, rasterize, stages};
use convscope_core::random::Random;
use convscope_core::shift_images;
use std::sync::LazyLock;

/// The width of the pen, then every point, with NaN between strokes. Most have two or three points a stroke.
pub(super) fn strokes(random: &mut Random) -> Vec<u8> {
    static DIGITS: LazyLock<Vec<Vec<Stroke>>> = LazyLock::new(|| {
        (0..100).map(|seed| digits::generate((seed % 10) as u8, seed).expect("a digit").strokes).collect()
    });
    let strokes = any_of(random, &DIGITS);
    let every = if random.below(REAL) == 0 { 1 } else { usize::MAX };
    let mut numbers = vec![one(random, &[2.0, 2.5, 3.0, 3.5, 1.0, 8.0, 0.999, 8.001, f32::NAN])];
    for stroke in strokes {
        let every = every.min(stroke.len() / 2 + 1);
        numbers.extend(stroke.iter().step_by(every).chain(stroke.last()).flatten());
        numbers.push(f32::NAN);
    }
    let scale = one(random, &[1.0, 1.0, 1.0, 0.0, 1e-30, 1e-3, 1e3, 1e6, 1e30]);
    numbers[1..].iter_mut().for_each(|number| *number *= scale);
    edits::floats(random, &mut numbers);
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

pub(super) fn read_strokes(input: &[u8], use_it: bool) -> Option<u32> {
    let numbers: Vec<f32> = input.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
    let (&pen_width, rest) = numbers.split_first()?;
    let strokes: Vec<Stroke> =
        rest.split(|number| number.is_nan()).map(|points| points.as_chunks().0.to_vec()).collect();
    let centers = if use_it { &[true, false][..] } else { &[input.len().is_multiple_of(8)] };
    let mut accepted = None;
    for &center in centers {
        let options = Rasterize { pen_width, center };
        let Ok(raster) = rasterize(&strokes, &options) else { continue };
        assert!(raster.image.iter().all(|ink| (0.0..=1.0).contains(ink)), "ink goes from 0 to 1");
        accepted = Some(1);
        if !use_it {
            continue;
        }
        let again = stages(&strokes, &options).expect("as it was read before");
        assert_eq!(again.raster.image, raster.image);
        let shift = [pen_width as isize - 3, strokes.len() as isize];
        assert!(shift_images(&raster.image, [28, 28, 1], shift).is_ok());
    }
    accepted
}

pub(super) fn augmentation(random: &mut Random) -> Vec<u8> {
    static TEXTS: LazyLock<Vec<Text>> = LazyLock::new(|| {
        Text::all(&[
            r#"{"shift": 1.5, "rotation": 0.2, "scale": 0.12, "shear": 0.2, "elastic": 0.6, "elasticSigma": 4}"#,
            r#"{"elastic": 3, "elasticSigma": 1}"#,
            r#"{"shift": 3}"#,
        ])
    });
    if random.below(4) == 0 {
        let mut number = || serde_json::json!(float(random));
        return format!(
            r#"{{"shift": {}, "elastic": {}, "elasticSigma": {}}}"#,
            number(),
            number(),
            number()
        )
        .into();
    }
    any_of(random, &TEXTS).edited(random)
}

pub(super) fn read_augmentation(input: &[u8], use_it: bool) -> Option<u32> {
    let augmentation = ImageAugmentation::from_json(text(input)?).ok()?;
    if !use_it {
        return Some(1);
    }
    let image = super::examples(784);
    let varied = augmentation.varied(&image, input.len() as u64).expect("an image of 784 pixels");
    assert!(varied.iter().all(|ink| ink.is_finite()), "ink is finite");
    Some(1)
}
