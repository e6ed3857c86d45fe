//! Pen strokes and generated digits.

use crate::convert::{error, object, put, set};
use convscope_core::digits::rasterize::{Image, Placement};
use convscope_core::digits::{self, Raster, Rasterize, Stroke};
use js_sys::Object;
use serde_json::{Value, json};
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
    let answer = object(&json!({ "placement": raster.placement.map(placement) }));
    put_raster(&answer, &raster);
    Ok(answer)
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
        let answer = object(&json!({ "width": picture.width, "height": picture.height }));
        put(&answer, "pixels", &picture.pixels);
        answer
    };
    let answer = object(&json!({ "placement": stages.raster.placement.map(placement) }));
    set(&answer, "raw", &picture(&stages.raw));
    set(&answer, "cropped", &picture(&stages.cropped));
    put_raster(&answer, &stages.raster);
    Ok(answer)
}

/// A digit as someone might write it: `{ strokes, style, penWidth }`. `seed` is a whole number from 0
/// to 2⁵³ − 1.
#[wasm_bindgen(js_name = generateDigit)]
pub fn generate_digit(label: u8, seed: f64) -> Result<Object> {
    let digit = digits::generate(label, seed as u64).map_err(error)?;
    Ok(object(&json!({ "strokes": digit.strokes, "style": digit.style, "penWidth": digit.pen_width })))
}

fn options(pen_width: Option<f32>, center: Option<bool>) -> Rasterize {
    let default = Rasterize::default();
    Rasterize { pen_width: pen_width.unwrap_or(default.pen_width), center: center.unwrap_or(default.center) }
}

fn strokes(points: &[f32], lengths: &[u32]) -> Vec<Stroke> {
    let mut points = points.as_chunks::<2>().0.iter().copied();
    lengths.iter().map(|&length| points.by_ref().take(length as usize).collect()).collect()
}

fn put_raster(answer: &Object, raster: &Raster) {
    put(answer, "scaled", &raster.scaled);
    put(answer, "image", &raster.image);
}

fn placement(placement: Placement) -> Value {
    json!({
        "bounds": { "min": placement.bounds.min, "max": placement.bounds.max },
        "scale": placement.scale,
        "centerOfMass": placement.center_of_mass,
        "offset": placement.offset,
    })
}
