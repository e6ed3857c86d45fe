//! Explanations.

use crate::convert::{error, number, object, put, set};
use crate::data::Dataset;
use crate::model::Model;
use convscope_core::explain::{self, ReluRule, UnitPlace};
use js_sys::{Object, Uint8Array, Uint32Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

type Result<T> = std::result::Result<T, JsValue>;

#[wasm_bindgen]
impl Model {
    /// What goes into one unit's value for the one example `x`.
    #[wasm_bindgen(js_name = explainUnit)]
    pub fn explain_unit(
        &mut self,
        x: &[f32],
        layer: &str,
        unit: usize,
        row: usize,
        column: usize,
    ) -> Result<Object> {
        let place = UnitPlace { layer, unit, row, column };
        let unit = self.model.explain_unit(x, place).map_err(error)?;
        let answer = object(&unit);
        put(&answer, "patches", &unit.patches);
        put(&answer, "kernel", &unit.kernel);
        put(&answer, "products", &unit.products);
        put(&answer, "sums", &unit.sums);
        put(&answer, "logits", &unit.logits);
        set(&answer, "inside", &Uint8Array::from(&unit.inside[..]));
        number(&answer, "sum", unit.sum.into());
        number(&answer, "bias", unit.bias.into());
        number(&answer, "preactivation", unit.preactivation.into());
        number(&answer, "output", unit.output.into());
        Ok(answer)
    }

    /// One unit's value taken back to the input: `{ image, value, row, column }`. `rule` is `gradient`,
    /// `guided` or `deconvnet`; without a row and a column it is the map's strongest place.
    pub fn project(
        &mut self,
        x: &[f32],
        layer: &str,
        unit: usize,
        rule: &str,
        row: Option<usize>,
        column: Option<usize>,
    ) -> Result<Object> {
        let rule = ReluRule::named(rule).map_err(error)?;
        let projection =
            self.model.project(x, layer, unit, row.zip(column).map(Into::into), rule).map_err(error)?;
        let answer = Object::new();
        number(&answer, "row", projection.row as f64);
        number(&answer, "column", projection.column as f64);
        number(&answer, "value", projection.value.into());
        put(&answer, "image", &projection.image);
        Ok(answer)
    }

    /// How much each pixel counts for one unit, over the examples of `data` at `indices`: `[height, width]`.
    #[wasm_bindgen(js_name = effectiveReceptiveField)]
    pub fn effective_receptive_field(
        &mut self,
        data: &Dataset,
        indices: &[u32],
        layer: &str,
        unit: usize,
        row: usize,
        column: usize,
    ) -> Result<Vec<f32>> {
        let place = UnitPlace { layer, unit, row, column };
        self.model.effective_receptive_field(&data.0, indices, place).map_err(error)
    }

    /// The outputs for the one example `x` with a square over it in turn: `{ rows, columns, probabilities }`.
    pub fn occlude(&mut self, x: &[f32], size: usize, stride: usize, value: f32) -> Result<Object> {
        let occlusion = self.model.occlude(x, size, stride, value).map_err(error)?;
        let answer = Object::new();
        number(&answer, "rows", occlusion.rows as f64);
        number(&answer, "columns", occlusion.columns as f64);
        put(&answer, "probabilities", &occlusion.probabilities);
        Ok(answer)
    }

    /// What each place of the last maps adds to output `unit` for the one example `x`: `{ height, width, map,
    /// bias }`.
    #[wasm_bindgen(js_name = classActivation)]
    pub fn class_activation(&mut self, x: &[f32], unit: usize) -> Result<Object> {
        let activation = self.model.class_activation(x, unit).map_err(error)?;
        let answer = Object::new();
        number(&answer, "height", activation.height as f64);
        number(&answer, "width", activation.width as f64);
        put(&answer, "map", &activation.map);
        number(&answer, "bias", activation.bias.into());
        Ok(answer)
    }

    /// The strongest places of every map over the examples of `data` at `indices`: `{ layers, ranking }`.
    /// `before` may be empty.
    #[wasm_bindgen(js_name = strongestPatches)]
    pub fn strongest_patches(&mut self, data: &Dataset, indices: &[u32], before: &[f32]) -> Result<Object> {
        let ranking = self.model.strongest_patches(&data.0, indices, before).map_err(error)?;
        let answer = Object::new();
        set(&answer, "layers", &object(&ranking.layers));
        put(&answer, "ranking", &ranking.ranking);
        Ok(answer)
    }

    /// An image that one unit answers to as much as possible: `{ image, before, after }`.
    pub fn maximize(
        &mut self,
        layer: &str,
        unit: usize,
        row: usize,
        column: usize,
        steps: usize,
        seed: f64,
    ) -> Result<Object> {
        let place = UnitPlace { layer, unit, row, column };
        let made = self.model.maximize(place, steps, seed as u64).map_err(error)?;
        let answer = Object::new();
        number(&answer, "before", made.before.into());
        number(&answer, "after", made.after.into());
        put(&answer, "image", &made.image);
        Ok(answer)
    }

    /// What layer `layer` answers to the examples `x`, one row an example.
    pub fn features(&mut self, x: &[f32], layer: &str) -> Result<Vec<f32>> {
        self.model.features(x, layer).map_err(error)
    }

    /// What layer `layer` answers to the examples of `data` at `indices`, one row an example.
    #[wasm_bindgen(js_name = featuresOn)]
    pub fn features_on(&mut self, data: &Dataset, indices: &[u32], layer: &str) -> Result<Vec<f32>> {
        self.model.features_on(&data.0, indices, layer).map_err(error)
    }
}

/// The main directions of rows: `{ mean, directions, variances, total, coordinates }`. `before` may be empty.
#[wasm_bindgen(js_name = principalComponents)]
pub fn principal_components(rows: &[f32], before: &[f32], width: usize, count: usize) -> Result<Object> {
    let components = explain::principal_components(rows, width, count, before).map_err(error)?;
    let answer = Object::new();
    put(&answer, "mean", &components.mean);
    put(&answer, "directions", &components.directions);
    put(&answer, "variances", &components.variances);
    put(&answer, "coordinates", &components.coordinates);
    number(&answer, "total", components.total.into());
    Ok(answer)
}

/// The places of rows on directions, about `mean`.
#[wasm_bindgen]
pub fn coordinates(rows: &[f32], mean: &[f32], directions: &[f32]) -> Result<Vec<f32>> {
    explain::coordinates(rows, mean, directions).map_err(error)
}

/// The rows nearest to one: `{ indices, distances }`.
#[wasm_bindgen(js_name = nearestRows)]
pub fn nearest_rows(rows: &[f32], row: &[f32], count: usize) -> Result<Object> {
    let (indices, distances) = explain::nearest_rows(rows, row, count).map_err(error)?;
    let answer = Object::new();
    set(&answer, "indices", &Uint32Array::from(&indices[..]));
    put(&answer, "distances", &distances);
    Ok(answer)
}
