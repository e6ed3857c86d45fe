//! What is told of a network without building it: where windows lie, and variants of its description.

use crate::answers::answer;
use crate::convert::{Result, error, object};
use crate::records::Change;
use convscope_core::shape::{self, Padding};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Where windows lie along one axis: `{ starts, before, after, skipped }`. `padding` is Keras' word.
#[wasm_bindgen(unchecked_return_type = "Windows")]
pub fn windows(cells: usize, size: usize, stride: usize, padding: &str) -> Result<JsValue> {
    let padding = Padding::named(padding).map_err(error)?;
    answer(shape::windows(cells, size, stride, padding).map_err(error)?)
}

/// The description `text` with `{ l1?, l2?, dropout?, batchNormalization? }` built in, as an object of Keras' JSON.
#[wasm_bindgen(unchecked_return_type = "KerasConfig")]
pub fn varied(text: &str, change: &Change) -> Result<JsValue> {
    js_sys::JSON::parse(&convscope_core::varied(text, change.into()).map_err(error)?)
}

/// Names, shapes, parameter counts and receptive fields of all layers of the description `text`.
#[wasm_bindgen(unchecked_return_type = "Summary")]
pub fn describe(text: &str) -> Result<JsValue> {
    complete! { object(&convscope_core::Model::describe(text).map_err(error)?) }
}
