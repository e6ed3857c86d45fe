//! Pen strokes and generated digits.

use crate::convert::{error, number, object, put, set};
use convscope_core::digits::rasterize::Image;
use convscope_core::digits::{self, Raster, Rasterize, Stroke};
use js_sys::Object;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

type Result<T> = std::result::Result<T, JsValue>;

/// The 28×28 image of a drawing: `{ image, scaled, placement }`. `points` are x and y of all points of
/// all strokes, `lengths` the number of points of each stroke.
#[wasm_bindgen]
pub fn rasterize(
    points: &[f32],
    lengths: &[u32],
    pen_width: Option<f32>,
    center: Option<bool>,
) -> Result<Object> {
    let raster = digits::rasterize(&strokes(points, lengths), &options(pen_width, center)).map_err(error)?;
    Ok(object_of(&raster))
}

/// Like [`rasterize`], with the steps before: `{ raw, cropped, scaled, image, placement }`.
#[wasm_bindgen(js_name = rasterizeStages)]
pub fn rasterize_stages(
    points: &[f32],
    lengths: &[u32],
    pen_width: Option<f32>,
    center: Option<bool>,
) -> Result<Object> {
    let stages = digits::stages(&strokes(points, lengths), &options(pen_width, center)).map_err(error)?;
    let picture = |picture: &Image| {
        let answer = Object::new();
        number(&answer, "width", picture.width as f64);
        number(&answer, "height", picture.height as f64);
        put(&answer, "pixels", &picture.pixels);
        answer
    };
    let answer = object_of(&stages.raster);
    set(&answer, "raw", &picture(&stages.raw));
    set(&answer, "cropped", &picture(&stages.cropped));
    Ok(answer)
}

/// A digit as someone might write it: `{ strokes, style, penWidth }`. `seed` is a whole number from 0
/// to 2⁵³ − 1.
#[wasm_bindgen(js_name = generateDigit)]
pub fn generate_digit(label: u8, seed: f64) -> Result<Object> {
    let digit = digits::generate(label, seed as u64).map_err(error)?;
    Ok(object(&digit))
}

fn options(pen_width: Option<f32>, center: Option<bool>) -> Rasterize {
    let default = Rasterize::default();
    Rasterize { pen_width: pen_width.unwrap_or(default.pen_width), center: center.unwrap_or(default.center) }
}

fn strokes(points: &[f32], lengths: &[u32]) -> Vec<Stroke> {
    let mut points = points.as_chunks::<2>().0.iter().copied();
    lengths.iter().map(|&length| points.by_ref().take(length as usize).collect()).collect()
}

fn object_of(raster: &Raster) -> Object {
    let answer = Object::new();
    let placement = raster.placement.as_ref().map_or(JsValue::NULL, |placement| object(placement).into());
    set(&answer, "placement", &placement);
    put(&answer, "scaled", &raster.scaled);
    put(&answer, "image", &raster.image);
    answer
}
