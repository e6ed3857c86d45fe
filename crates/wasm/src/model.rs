//! Models and data sets.

use crate::convert::{error, object, put};
use convscope_core::Targets;
use js_sys::Object;
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

type Result<T> = std::result::Result<T, JsValue>;

/// A network, its weights and its optimiser.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Model(convscope_core::Model);

#[wasm_bindgen]
impl Model {
    /// Builds the model that Keras' JSON `text` describes. `seed` is a whole number from 0 to 2⁵³ − 1.
    #[wasm_bindgen(js_name = fromConfig)]
    pub fn from_config(text: &str, seed: f64) -> Result<Model> {
        convscope_core::Model::from_json(text, seed as u64).map(Model).map_err(error)
    }

    /// Builds the model that a safetensors file carries, with its weights.
    #[wasm_bindgen(js_name = fromSafetensors)]
    pub fn from_safetensors(bytes: &[u8]) -> Result<Model> {
        convscope_core::Model::from_safetensors(bytes).map(Model).map_err(error)
    }

    /// The model as an object of Keras' JSON.
    #[wasm_bindgen(js_name = getConfig)]
    pub fn get_config(&self) -> Result<JsValue> {
        js_sys::JSON::parse(&self.0.to_json())
    }

    /// Names, shapes, parameter counts and receptive fields of all layers.
    pub fn summary(&self) -> Object {
        object(&self.0.summary())
    }

    /// Sets optimiser and loss from JSON `text`: `{ "optimizer": …, "loss": … }`.
    pub fn compile(&mut self, text: &str) -> Result<()> {
        self.0.compile(text).map_err(error)
    }

    /// One step on examples `x` with one label each.
    #[wasm_bindgen(js_name = trainStep)]
    pub fn train_step(&mut self, x: &[f32], labels: &[u16]) -> Result<Object> {
        metrics(self.0.train_step(x, Targets::Labels(labels)))
    }

    /// One step on examples `x` with one row of `y` each.
    #[wasm_bindgen(js_name = trainStepOneHot)]
    pub fn train_step_one_hot(&mut self, x: &[f32], y: &[f32]) -> Result<Object> {
        metrics(self.0.train_step(x, Targets::OneHot(y)))
    }

    /// One step on the examples of `data` at `indices`.
    #[wasm_bindgen(js_name = trainStepOn)]
    pub fn train_step_on(&mut self, data: &Dataset, indices: &[u32]) -> Result<Object> {
        metrics(self.0.train_step_on(&data.0, indices))
    }

    /// Loss and accuracy on examples `x` with one label each.
    pub fn evaluate(&mut self, x: &[f32], labels: &[u16]) -> Result<Object> {
        metrics(self.0.evaluate(x, Targets::Labels(labels)))
    }

    /// Loss and accuracy on examples `x` with one row of `y` each.
    #[wasm_bindgen(js_name = evaluateOneHot)]
    pub fn evaluate_one_hot(&mut self, x: &[f32], y: &[f32]) -> Result<Object> {
        metrics(self.0.evaluate(x, Targets::OneHot(y)))
    }

    /// Loss and accuracy on the examples of `data` at `indices`.
    #[wasm_bindgen(js_name = evaluateOn)]
    pub fn evaluate_on(&mut self, data: &Dataset, indices: &[u32]) -> Result<Object> {
        metrics(self.0.evaluate_on(&data.0, indices))
    }

    /// The outputs for examples `x`, one row an example.
    pub fn predict(&mut self, x: &[f32]) -> Result<Vec<f32>> {
        self.0.predict(x).map_err(error)
    }

    /// What layer `layer` answers to the one example `x`: `{ shape, planes }`.
    #[wasm_bindgen(js_name = featureMaps)]
    pub fn feature_maps(&mut self, x: &[f32], layer: &str) -> Result<Object> {
        let maps = self.0.feature_maps(x, layer).map_err(error)?;
        let answer = object(&json!({ "shape": maps.shape }));
        put(&answer, "planes", &maps.planes);
        Ok(answer)
    }

    /// What every layer answers to the one example `x`, one after the other.
    pub fn observe(&mut self, x: &[f32]) -> Result<Vec<f32>> {
        self.0.observe(x).map_err(error)
    }

    /// One tensor of weights in Keras' layout: `{ shape, values }`.
    pub fn weights(&self, name: &str) -> Result<Object> {
        let weights = self.0.weights(name).map_err(error)?;
        let answer = object(&json!({ "shape": weights.shape }));
        put(&answer, "values", &weights.values);
        Ok(answer)
    }

    /// Description and weights as a safetensors file.
    #[wasm_bindgen(js_name = toSafetensors)]
    pub fn to_safetensors(&self) -> Vec<u8> {
        self.0.to_safetensors()
    }

    /// Takes the weights of a safetensors file.
    #[wasm_bindgen(js_name = loadSafetensors)]
    pub fn load_safetensors(&mut self, bytes: &[u8]) -> Result<()> {
        self.0.load_safetensors(bytes).map_err(error)
    }

    /// Goes back to the first weights.
    pub fn reset(&mut self) {
        self.0.reset();
    }
}

/// Examples whose pixels stay one byte each.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Dataset(convscope_core::Dataset);

#[wasm_bindgen]
impl Dataset {
    /// `pixels` of as many examples as there are `labels`, each `height` × `width` × `channels`.
    #[wasm_bindgen(constructor)]
    pub fn new(pixels: Vec<u8>, labels: Vec<u16>, height: u32, width: u32, channels: u32) -> Result<Dataset> {
        let shape = [height, width, channels].map(|side| side as usize);
        convscope_core::Dataset::new(pixels, labels, shape).map(Dataset).map_err(error)
    }
}

fn metrics(metrics: convscope_core::Result<convscope_core::Metrics>) -> Result<Object> {
    metrics.map(|metrics| object(&metrics)).map_err(error)
}
