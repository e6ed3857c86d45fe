//! What is told of a network without building it: where windows lie, and variants of its description.

use crate::answers::answer;
use crate::convert::{Result, error, read};
use convscope_core::Variation;
use convscope_core::shape::{self, Padding};
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Where windows lie along one axis: `{ starts, before, after, skipped }`. `padding` is Keras' word.
#[wasm_bindgen]
pub fn windows(cells: usize, size: usize, stride: usize, padding: &str) -> Result<JsValue> {
    let padding = Padding::named(padding).map_err(error)?;
    answer(shape::windows(cells, size, stride, padding).map_err(error)?)
}

/// [`Variation`] as JavaScript gives it: what is left out changes nothing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changes {
    l1: Option<f64>,
    l2: Option<f64>,
    dropout: Option<f64>,
    batch_normalization: Option<bool>,
}

/// The description `text` with `{ l1?, l2?, dropout?, batchNormalization? }` built in, as an object of Keras' JSON.
#[wasm_bindgen]
pub fn varied(text: &str, variation: JsValue) -> Result<JsValue> {
    let Changes { l1, l2, dropout, batch_normalization } = read(variation)?;
    let variation = Variation {
        l1: l1.unwrap_or_default(),
        l2: l2.unwrap_or_default(),
        dropout,
        batch_normalization: batch_normalization.unwrap_or_default(),
    };
    js_sys::JSON::parse(&convscope_core::varied(text, variation).map_err(error)?)
}
