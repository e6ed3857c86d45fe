//! The engine as JavaScript calls it. A function here turns its arguments into the core's, makes one call of
//! `convscope_core`, and turns the result into plain JavaScript values; it knows nothing of networks.
//!
//! What the core must not have is here too: a source of random seeds and a clock. So is the layout of the arrays by
//! which workers share a step ([`training`]). Arguments arrive checked for their types by `web/engine`; what they mean is
//! checked by the core. Descriptions come as JSON text, since the core bounds its length and its depth.

#![warn(clippy::disallowed_macros, clippy::disallowed_methods)]
// Without what only the complete build computes, its arguments and what it is made of are left over.
#![cfg_attr(not(feature = "complete"), allow(unused))]

/// What only the complete build computes. The small one has the same functions, since the same glue serves both, but says
/// that the other is needed.
macro_rules! complete {
    ($($computation:tt)*) => {{
        #[cfg(feature = "complete")]
        {
            $($computation)*
        }
        #[cfg(not(feature = "complete"))]
        Err(crate::convert::incomplete())
    }};
}

mod answers;
mod convert;
pub mod data;
pub mod description;
pub mod digits;
pub mod explain;
pub mod model;
#[cfg(feature = "profile")]
pub mod profile;
mod records;
pub mod schedule;
pub mod surfaces;
pub mod training;

use wasm_bindgen::prelude::wasm_bindgen;

/// Writes a panic with its place to the console, and makes it reach the caller as a JavaScript error that carries the
/// message, which a bare trap would lose. The instance must not be used again.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        wasm_bindgen::throw_str(&panic.to_string());
    }));
}

/// Checks this build against one file of golden vectors.
///
/// # Errors
/// `format` if `bytes` aren't such a file.
#[cfg(feature = "vectors")]
#[wasm_bindgen(js_name = checkVectors)]
pub fn check_vectors(bytes: &[u8]) -> convert::Result<wasm_bindgen::JsValue> {
    convert::object(&convscope_core::vectors::check(bytes).map_err(convert::error)?)
}

/// All weights of a described model after a training on generated digits: see [`convscope_core::vectors::train`].
///
/// # Errors
/// As there.
#[cfg(feature = "vectors")]
#[wasm_bindgen]
pub fn train(description: &str, steps: usize, batch: usize, spoilt: bool) -> convert::Result<Vec<f32>> {
    convscope_core::vectors::train(description, steps, batch, spoilt).map_err(convert::error)
}

/// What objects are that come and go, in the words of the public types. Nothing checks it: the bindings are to be what
/// they say, and `web/engine` is held to it.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"import type {
    ClassActivation,
    Components,
    Evaluation,
    FeatureMaps,
    FitOptions,
    GeneratedDigit,
    IdxHeader,
    KerasConfig,
    LabelledImages,
    Maximization,
    Metrics,
    NearestRows,
    Observation,
    Occlusion,
    Projection,
    Ranking,
    Raster,
    RasterStages,
    RasterizeOptions,
    Region,
    Saturation,
    Split,
    Summary,
    Tensor,
    UnitArithmetic,
    UnitPlace,
    Variation,
    Windows,
} from "../../web/convscope.js";"#;
