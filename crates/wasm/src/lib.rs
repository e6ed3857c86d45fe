//! The engine as JavaScript calls it: every function here turns one call into one call of
//! `convscope_core` and its result into plain JavaScript values.
//!
//! Arguments arrive checked for their types by `web/engine`; what they mean is checked by the core.

mod convert;
pub mod data;
pub mod digits;
pub mod explain;
pub mod model;
#[cfg(feature = "profile")]
pub mod profile;
pub mod surfaces;
pub mod training;

use wasm_bindgen::prelude::wasm_bindgen;

/// Makes a panic reach the caller as a JavaScript error that carries the message, which a bare trap
/// would lose. Either way the instance must not be used again.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| wasm_bindgen::throw_str(&panic.to_string())));
}

/// Checks this build against one file of golden vectors.
///
/// # Errors
/// `format` if `bytes` aren't such a file.
#[cfg(feature = "vectors")]
#[wasm_bindgen(js_name = checkVectors)]
pub fn check_vectors(bytes: &[u8]) -> Result<js_sys::Object, wasm_bindgen::JsValue> {
    convscope_core::vectors::check(bytes).map(|report| convert::object(&report)).map_err(convert::error)
}
