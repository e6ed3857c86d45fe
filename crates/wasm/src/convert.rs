//! From the core's values to JavaScript's, and back: serde-wasm-bindgen carries whole structs.

use convscope_core::explain::UnitPlace;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
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

/// A struct whose fields are those of a JavaScript object. No other property is looked at, so what is read is as flat
/// as the struct, whatever the object is.
pub(crate) fn read<T: DeserializeOwned>(value: JsValue) -> Result<T> {
    serde_wasm_bindgen::from_value(value).map_err(|error| coded(&error.to_string(), "type"))
}

/// A unit, or with a row and a column one place of its map.
#[derive(Deserialize)]
pub(crate) struct Place {
    layer: String,
    unit: u32,
    row: Option<u32>,
    column: Option<u32>,
}

impl Place {
    /// Row and column, if one is given.
    pub(crate) fn position(&self) -> Option<[usize; 2]> {
        let UnitPlace { row, column, .. } = self.borrow();
        self.row.or(self.column).map(|_| [row, column])
    }

    /// The place as the core takes it; what is left out is 0.
    pub(crate) fn borrow(&self) -> UnitPlace<'_> {
        let number = |given: Option<u32>| given.unwrap_or(0) as usize;
        let Self { layer, unit, row, column } = self;
        UnitPlace { layer, unit: *unit as usize, row: number(*row), column: number(*column) }
    }
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
    coded(&error.to_string(), error.code())
}

fn coded(message: &str, code: &str) -> JsValue {
    let error = EngineError::new(message);
    error.set_code(code);
    error.into()
}
