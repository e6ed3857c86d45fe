//! Pen strokes and generated digits.

use crate::answers::answer;
use crate::convert::{Result, error, object, read};
use convscope_core::digits::{self, Rasterize, Stroke};
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The 28×28 image of a drawing: `{ image, scaled, placement }`. `points` are x and y of all points of
/// all strokes, `lengths` the number of points of each stroke; `options` are `{ penWidth?, center? }`.
#[wasm_bindgen]
pub fn rasterize(points: &[f32], lengths: &[u32], options: JsValue) -> Result<JsValue> {
    answer(digits::rasterize(&strokes(points, lengths), &pen(options)?).map_err(error)?)
}

/// Like [`rasterize`], with the steps before: `{ raw, cropped, image, scaled, placement }`.
#[wasm_bindgen(js_name = rasterizeStages)]
pub fn rasterize_stages(points: &[f32], lengths: &[u32], options: JsValue) -> Result<JsValue> {
    answer(digits::stages(&strokes(points, lengths), &pen(options)?).map_err(error)?)
}

/// A digit as someone might write it: `{ strokes, style, penWidth }`. `seed` is a whole number from 0
/// to 2⁵³ − 1.
#[wasm_bindgen(js_name = generateDigit)]
pub fn generate_digit(label: u8, seed: f64) -> Result<JsValue> {
    object(&digits::generate(label, seed as u64).map_err(error)?)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pen {
    pen_width: Option<f32>,
    center: Option<bool>,
}

pub(crate) fn pen(options: JsValue) -> Result<Rasterize> {
    let default = Rasterize::default();
    let Pen { pen_width, center } = read(options)?;
    Ok(Rasterize {
        pen_width: pen_width.unwrap_or(default.pen_width),
        center: center.unwrap_or(default.center),
    })
}

pub(crate) fn strokes(points: &[f32], lengths: &[u32]) -> Vec<Stroke> {
    let mut points = points.as_chunks::<2>().0.iter().copied();
    lengths.iter().map(|&length| points.by_ref().take(length as usize).collect()).collect()
}
