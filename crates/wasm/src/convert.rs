//! From the core's values to JavaScript's: serde-wasm-bindgen carries whole structs.

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

pub(crate) type Result<T> = core::result::Result<T, JsValue>;

/// Structs and maps become plain objects, what is missing null, and every number stays exactly what it is.
const WRITER: serde_wasm_bindgen::Serializer =
    serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true).serialize_maps_as_objects(true);

/// `value` as a plain JavaScript object.
pub(crate) fn object(value: &impl Serialize) -> Result<JsValue> {
    Ok(value.serialize(&WRITER)?)
}

#[wasm_bindgen]
extern "C" {
    /// An error that programs tell apart by its code.
    #[wasm_bindgen(extends = js_sys::Error)]
    type EngineError;

    #[wasm_bindgen(constructor, js_class = "Error")]
    fn new(message: &str) -> EngineError;

    #[wasm_bindgen(method, setter)]
    fn set_code(this: &EngineError, code: &str);
}

/// A JavaScript `Error` with the core's message and, as `code`, the core's word for it.
#[inline(never)]
pub(crate) fn error(error: convscope_core::Error) -> JsValue {
    coded(error.code(), &error.to_string())
}

/// What the small build answers where only the complete one computes something. Nobody but the page's own code sees it.
#[cfg(not(feature = "complete"))]
pub(crate) fn incomplete() -> JsValue {
    coded("incomplete", "")
}

fn coded(code: &str, message: &str) -> JsValue {
    let error = EngineError::new(message);
    error.set_code(code);
    error.into()
}
