//! From the core's values to JavaScript's. Structured values go through JSON text, numbers in bulk
//! through typed arrays: together that is the smallest and the fastest way out.

use js_sys::{Array, Float32Array, JSON, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt};

/// `value` as a plain JavaScript object.
pub(crate) fn object(value: &impl Serialize) -> Object {
    parsed(serde_json::to_string(value).ok())
}

/// Apart from [`object`], which there is once for each type.
#[inline(never)]
fn parsed(text: Option<String>) -> Object {
    text.and_then(|text| JSON::parse(&text).ok()).unwrap_throw().unchecked_into()
}

/// Puts a number into `object` under `key` as it is: JSON would round it to what is enough for an f32, and
/// has no infinity.
pub(crate) fn number(object: &Object, key: &str, value: f64) {
    set(object, key, &JsValue::from_f64(value));
}

/// Puts whole numbers into `object` under `key`, as a list.
pub(crate) fn list(object: &Object, key: &str, numbers: &[usize]) {
    let list = Array::new();
    for &number in numbers {
        list.push(&JsValue::from_f64(number as f64));
    }
    set(object, key, &list);
}

/// Puts a copy of `numbers` into `object` under `key`.
#[inline(never)]
pub(crate) fn put(object: &Object, key: &str, numbers: &[f32]) {
    set(object, key, &Float32Array::from(numbers));
}

/// A JavaScript `Error` with the core's message and, as `code`, the core's word for it.
#[inline(never)]
pub(crate) fn error(error: convscope_core::Error) -> JsValue {
    let object = js_sys::Error::new(&error.to_string());
    set(&object, "code", &JsValue::from_str(error.code()));
    object.into()
}

/// Puts `value` into `object` under `key`.
#[inline(never)]
pub(crate) fn set(object: &Object, key: &str, value: &JsValue) {
    Reflect::set(object, &JsValue::from_str(key), value).ok().unwrap_throw();
}
