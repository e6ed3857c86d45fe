//! Pen strokes and generated digits.

use crate::answers::answer;
use crate::convert::{Result, error, object};
use crate::records::Pen;
use convscope_core::digits::{self, Stroke};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The 28×28 image of a drawing: `{ image, scaled, placement }`. `points` are x and y of all points of
/// all strokes, `lengths` the number of points of each stroke; `pen` is `{ penWidth?, center? }`.
#[wasm_bindgen(unchecked_return_type = "Raster")]
pub fn rasterize(points: &[f32], lengths: &[u32], pen: &Pen) -> Result<JsValue> {
    answer(digits::rasterize(&strokes(points, lengths), &pen.into()).map_err(error)?)
}

/// Like [`rasterize`], with the steps before: `{ raw, cropped, image, scaled, placement }`.
#[wasm_bindgen(js_name = rasterizeStages, unchecked_return_type = "RasterStages")]
pub fn rasterize_stages(points: &[f32], lengths: &[u32], pen: &Pen) -> Result<JsValue> {
    answer(digits::stages(&strokes(points, lengths), &pen.into()).map_err(error)?)
}

/// A digit as someone might write it: `{ strokes, style, penWidth }`. `seed` is a whole number from 0
/// to 2⁵³ − 1.
#[wasm_bindgen(js_name = generateDigit, unchecked_return_type = "GeneratedDigit")]
pub fn generate_digit(label: u8, seed: f64) -> Result<JsValue> {
    object(&digits::generate(label, seed as u64).map_err(error)?)
}

pub(crate) fn strokes(points: &[f32], lengths: &[u32]) -> Vec<Stroke> {
    let mut points = points.as_chunks::<2>().0.iter().copied();
    lengths.iter().map(|&length| points.by_ref().take(length as usize).collect()).collect()
}
