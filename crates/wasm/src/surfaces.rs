//! Functions to be drawn: error surfaces of two parameters, activations of one number.

use crate::convert::{Result, error};
use convscope_core::explain::activation_curve;
use convscope_core::surfaces::{Descent, Surface};
use wasm_bindgen::prelude::wasm_bindgen;

/// Both parameters and the error after every step, `[steps + 1, 3]`. `text` is JSON: `{ surface, optimizer
/// }`.
#[wasm_bindgen(js_name = surfacePath)]
pub fn path(text: &str, p: f32, q: f32, steps: usize, batch_size: usize, seed: f64) -> Result<Vec<f32>> {
    complete! {
        let mut descent = Descent::from_json(text, [p, q], batch_size, seed as u64).map_err(error)?;
        descent.path(steps).map_err(error)
    }
}

/// A surface's values on a grid, row by row. `text` is the surface as JSON, `bounds` both parameters at the
/// grid's first and at its last point.
#[wasm_bindgen(js_name = surfaceGrid)]
pub fn grid(text: &str, bounds: &[f32], columns: usize, rows: usize) -> Result<Vec<f32>> {
    complete! {
        let surface = Surface::from_json(text).map_err(error)?;
        let at = |index: usize| bounds.get(index).copied().unwrap_or(0.0);
        surface.grid([at(0), at(1)], [at(2), at(3)], [columns, rows]).map_err(error)
    }
}

/// An activation's values at `x` and its derivatives there, `[2, n]`. `text` is JSON: `{ activation }`.
#[wasm_bindgen(js_name = activationCurve)]
pub fn activation(text: &str, x: &[f32]) -> Result<Vec<f32>> {
    complete! {
        activation_curve(text, x).map_err(error)
    }
}
