//! Explanations.

use crate::answers::{Nearest, answer};
use crate::convert::{Result, error, object};
use crate::data::Dataset;
use crate::model::Model;
use crate::records::Place;
use convscope_core::explain::{self, ReluRule, UnitPlace};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl Model {
    /// What goes into the value of the unit at `place`, `{ layer, unit, row?, column? }`, for the one example `x`.
    #[wasm_bindgen(js_name = explainUnit, unchecked_return_type = "UnitArithmetic")]
    pub fn explain_unit(&mut self, x: &[f32], place: &Place) -> Result<JsValue> {
        answer(self.model.explain_unit(x, place.within(&place.layer())).map_err(error)?)
    }

    /// What the unit at `place` sees of its own layer and of every one before it: `[{ layer, rows, columns, field }]`.
    #[wasm_bindgen(unchecked_return_type = "Region[]")]
    pub fn regions(&self, place: &Place) -> Result<JsValue> {
        object(&self.model.regions(place.within(&place.layer())).map_err(error)?)
    }

    /// What each channel adds to map `unit` of a layer: `{ shape, planes }`.
    #[wasm_bindgen(js_name = channelMaps, unchecked_return_type = "FeatureMaps")]
    pub fn channel_maps(&mut self, x: &[f32], layer: &str, unit: usize) -> Result<JsValue> {
        answer(self.model.channel_maps(x, layer, unit).map_err(error)?)
    }

    /// The value of the unit at `place` taken back to the input: `{ image, value, row, column }`. `rule` is
    /// `gradient`, `guided` or `deconvnet`; without a row and a column it is the map's strongest place.
    #[wasm_bindgen(unchecked_return_type = "Projection")]
    pub fn project(&mut self, x: &[f32], place: &Place, rule: &str) -> Result<JsValue> {
        complete! {
            let rule = ReluRule::named(rule).map_err(error)?;
            let layer = place.layer();
            let UnitPlace { unit, .. } = place.within(&layer);
            let projection = self.model.project(x, &layer, unit, place.position(), rule);
            answer(projection.map_err(error)?)
        }
    }

    /// How much each pixel counts for the unit at `place`, over the examples of `data` at `indices`: `[height,
    /// width]`.
    #[wasm_bindgen(js_name = effectiveReceptiveField)]
    pub fn effective_receptive_field(
        &mut self,
        data: &Dataset,
        indices: &[u32],
        place: &Place,
    ) -> Result<Vec<f32>> {
        complete! {
            self.model.effective_receptive_field(&data.0, indices, place.within(&place.layer())).map_err(error)
        }
    }

    /// The outputs for the one example `x` with a square over it in turn: `{ rows, columns, probabilities }`.
    #[wasm_bindgen(unchecked_return_type = "Occlusion")]
    pub fn occlude(&mut self, x: &[f32], size: usize, stride: usize, value: f32) -> Result<JsValue> {
        complete! {
            answer(self.model.occlude(x, size, stride, value).map_err(error)?)
        }
    }

    /// What each place of the last maps adds to output `unit` for the one example `x`: `{ height, width, map,
    /// bias }`.
    #[wasm_bindgen(js_name = classActivation, unchecked_return_type = "ClassActivation")]
    pub fn class_activation(&mut self, x: &[f32], unit: usize) -> Result<JsValue> {
        complete! {
            answer(self.model.class_activation(x, unit).map_err(error)?)
        }
    }

    /// The strongest places of every map over the examples of `data` at `indices`: `{ layers, ranking, places }`.
    /// `before` may be empty.
    #[wasm_bindgen(js_name = strongestPatches, unchecked_return_type = "Ranking")]
    pub fn strongest_patches(&mut self, data: &Dataset, indices: &[u32], before: &[f32]) -> Result<JsValue> {
        complete! {
            answer(self.model.strongest_patches(&data.0, indices, before).map_err(error)?)
        }
    }

    /// An image that the unit at `place` answers to as much as possible: `{ image, before, after }`.
    #[wasm_bindgen(unchecked_return_type = "Maximization")]
    pub fn maximize(&mut self, place: &Place, steps: usize, seed: f64) -> Result<JsValue> {
        complete! {
            answer(self.model.maximize(place.within(&place.layer()), steps, seed as u64).map_err(error)?)
        }
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

/// The ranking over the examples of two.
#[wasm_bindgen(js_name = mergeRankings)]
pub fn merge_rankings(one: &[f32], other: &[f32]) -> Result<Vec<f32>> {
    complete! {
        explain::merge_rankings(one, other).map_err(error)
    }
}

/// How many units learn no more: `{ units, saturated, dead }`. `text` is JSON: `{ activation }`.
#[wasm_bindgen(unchecked_return_type = "Saturation")]
pub fn saturation(text: &str, outputs: &[f32], units: usize) -> Result<JsValue> {
    complete! {
        object(&explain::saturation(text, outputs, units).map_err(error)?)
    }
}

/// The main directions of rows: `{ mean, directions, variances, total, coordinates }`. `before` may be empty.
#[wasm_bindgen(js_name = principalComponents, unchecked_return_type = "Components")]
pub fn principal_components(rows: &[f32], before: &[f32], width: usize, count: usize) -> Result<JsValue> {
    complete! {
        answer(explain::principal_components(rows, width, count, before).map_err(error)?)
    }
}

/// The places of rows on directions, about `mean`.
#[wasm_bindgen]
pub fn coordinates(rows: &[f32], mean: &[f32], directions: &[f32]) -> Result<Vec<f32>> {
    complete! {
        explain::coordinates(rows, mean, directions).map_err(error)
    }
}

/// The rows nearest to one: `{ indices, distances }`.
#[wasm_bindgen(js_name = nearestRows, unchecked_return_type = "NearestRows")]
pub fn nearest_rows(rows: &[f32], row: &[f32], count: usize) -> Result<JsValue> {
    complete! {
        let (indices, distances) = explain::nearest_rows(rows, row, count).map_err(error)?;
        object(&Nearest { indices: indices.into(), distances: distances.into() })
    }
}
