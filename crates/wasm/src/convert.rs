//! From the core's values to JavaScript's. Structured values go through JSON text, numbers in bulk
//! through typed arrays: together that is the smallest and the fastest way out.

use js_sys::{Float32Array, JSON, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt};

/// `value` as a plain JavaScript object.
pub(crate) fn object(value: &impl Serialize) -> Object {
    let parsed = serde_json::to_string(value).ok().and_then(|text| JSON::parse(&text).ok());
    parsed.unwrap_throw().unchecked_into()
}

/// Puts a copy of `numbers` into `object` under `key`.
pub(crate) fn put(object: &Object, key: &str, numbers: &[f32]) {
    set(object, key, &Float32Array::from(numbers));
}

/// A JavaScript `Error` with the core's message and, as `code`, the core's word for it.
pub(crate) fn error(error: convscope_core::Error) -> JsValue {
    let object = js_sys::Error::new(&error.to_string());
    set(&object, "code", &JsValue::from_str(error.code()));
    object.into()
}

/// Puts `value` into `object` under `key`.
pub(crate) fn set(object: &Object, key: &str, value: &JsValue) {
    Reflect::set(object, &JsValue::from_str(key), value).ok().unwrap_throw();
}
