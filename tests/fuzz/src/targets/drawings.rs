//! Pen strokes, and how images of them are varied.

use super::text;
use crate::edits::{self, float, one};
use convscope_core::digits::{self, ImageAugmentation, Rasterize, Stroke, rasterize, stages};
use convscope_core::random::Random;
use convscope_core::shift_images;

/// The width of the pen, then every point, with NaN between strokes.
pub(super) fn strokes(random: &mut Random) -> Vec<u8> {
    let digit = digits::generate(random.below(10) as u8, u64::from(random.bits())).expect("a digit");
    let mut numbers = vec![one(random, &[digit.pen_width, 1.0, 8.0, 0.999, 8.001, f32::NAN])];
    for stroke in &digit.strokes {
        numbers.extend(stroke.iter().flatten());
        numbers.push(f32::NAN);
    }
    let scale = one(random, &[1.0, 1.0, 1.0, 0.0, 1e-30, 1e-3, 1e3, 1e6, 1e30]);
    numbers[1..].iter_mut().for_each(|number| *number *= scale);
    edits::floats(random, &mut numbers);
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

pub(super) fn read_strokes(input: &[u8]) -> u32 {
    let numbers: Vec<f32> = input.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
    let Some((&pen_width, rest)) = numbers.split_first() else { return 1 };
    let strokes: Vec<Stroke> =
        rest.split(|number| number.is_nan()).map(|points| points.as_chunks().0.to_vec()).collect();
    for center in [true, false] {
        let options = Rasterize { pen_width, center };
        let Ok(raster) = rasterize(&strokes, &options) else { continue };
        assert!(raster.image.iter().all(|ink| (0.0..=1.0).contains(ink)), "ink goes from 0 to 1");
        let again = stages(&strokes, &options).expect("as it was read before");
        assert_eq!(again.raster.image, raster.image);
        let shift = [pen_width as isize - 3, strokes.len() as isize];
        assert!(shift_images(&raster.image, [28, 28, 1], shift).is_ok());
    }
    1
}

pub(super) fn augmentation(random: &mut Random) -> Vec<u8> {
    let texts = [
        r#"{"shift": 1.5, "rotation": 0.2, "scale": 0.12, "shear": 0.2, "elastic": 0.6, "elasticSigma": 4}"#,
        r#"{"elastic": 3, "elasticSigma": 1}"#,
        r#"{"shift": 3}"#,
    ];
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
    edits::text(random, &texts)
}

pub(super) fn read_augmentation(input: &[u8]) -> u32 {
    let Some(Ok(augmentation)) = text(input).map(ImageAugmentation::from_json) else { return 1 };
    let image = super::examples(784);
    let varied = augmentation.varied(&image, input.len() as u64).expect("an image of 784 pixels");
    assert!(varied.iter().all(|ink| ink.is_finite()), "ink is finite");
    1
}
