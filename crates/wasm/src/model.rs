//! Models.

use crate::answers::answer;
use crate::convert::{Result, error, object};
use crate::data::{Batch, Dataset};
use crate::digits::strokes;
use crate::records::Pen;
use convscope_core::Epochs;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A network, its weights and its optimiser.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Model {
    pub(crate) model: convscope_core::Model,
    /// Which of them a step takes.
    pub(crate) epochs: Epochs,
}

impl From<convscope_core::Model> for Model {
    fn from(model: convscope_core::Model) -> Self {
        Self { model, epochs: Epochs::default() }
    }
}

#[wasm_bindgen]
impl Model {
    /// Builds the model that Keras' JSON `text` describes. `seed` is a whole number from 0 to 2⁵³ − 1; without one it
    /// is drawn. A description is text, not an object, since the core bounds its length and its depth.
    #[wasm_bindgen(js_name = fromConfig)]
    pub fn from_config(text: &str, seed: Option<f64>) -> Result<Model> {
        let seed = seed.map_or_else(drawn_seed, |seed| Ok(seed as u64))?;
        convscope_core::Model::from_json(text, seed).map(Model::from).map_err(error)
    }

    /// Builds the model that a safetensors file carries, with its weights.
    #[wasm_bindgen(js_name = fromSafetensors)]
    pub fn from_safetensors(bytes: &[u8]) -> Result<Model> {
        convscope_core::Model::from_safetensors(bytes).map(Model::from).map_err(error)
    }

    /// The seed that the model was created with.
    #[wasm_bindgen(getter)]
    pub fn seed(&self) -> f64 {
        self.model.seed() as f64
    }

    /// The steps that it has taken since it was compiled.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> f64 {
        self.model.steps() as f64
    }

    /// The model as an object of Keras' JSON, from the text that the core writes into files too.
    #[wasm_bindgen(js_name = getConfig, unchecked_return_type = "KerasConfig")]
    pub fn get_config(&self) -> Result<JsValue> {
        js_sys::JSON::parse(&self.model.to_json())
    }

    /// Names, shapes, parameter counts and receptive fields of all layers.
    #[wasm_bindgen(unchecked_return_type = "Summary")]
    pub fn summary(&self) -> Result<JsValue> {
        object(&self.model.summary())
    }

    /// Sets optimiser and loss from JSON `text`: `{ "optimizer": …, "loss": … }`.
    pub fn compile(&mut self, text: &str) -> Result<()> {
        self.model.compile(text).map_err(error)
    }

    /// Loss and accuracy on `batch`: `{ loss, accuracy }`. `loss` is JSON text; without it, it is the compiled one.
    #[wasm_bindgen(unchecked_return_type = "Metrics")]
    pub fn evaluate(&mut self, batch: Batch, loss: Option<String>) -> Result<JsValue> {
        object(&self.model.evaluate_batch(batch.borrow(), loss.as_deref()).map_err(error)?)
    }

    /// As [`Model::evaluate`], with every answer: `{ loss, accuracy, confusion, predictions, probabilities }`.
    #[wasm_bindgen(js_name = evaluateInFull, unchecked_return_type = "Metrics & Evaluation")]
    pub fn evaluate_in_full(&mut self, batch: Batch, loss: Option<String>) -> Result<JsValue> {
        answer(self.model.evaluate_in_full(batch.borrow(), loss.as_deref()).map_err(error)?)
    }

    /// The outputs for examples `x`, one row an example.
    pub fn predict(&mut self, x: &[f32]) -> Result<Vec<f32>> {
        self.model.predict(x).map_err(error)
    }

    /// The outputs for the examples of `data` at `indices`, one row an example.
    #[wasm_bindgen(js_name = predictOn)]
    pub fn predict_on(&mut self, data: &Dataset, indices: &[u32]) -> Result<Vec<f32>> {
        self.model.predict_on(&data.0, indices).map_err(error)
    }

    /// What layer `layer` answers to the one example `x`: `{ shape, planes }`.
    #[wasm_bindgen(js_name = featureMaps, unchecked_return_type = "FeatureMaps")]
    pub fn feature_maps(&mut self, x: &[f32], layer: &str) -> Result<JsValue> {
        answer(self.model.feature_maps(x, layer).map_err(error)?)
    }

    /// What every layer answers to the one example `x`: `{ image, placement, layers: [{ name, shape, planes }], output,
    /// class }`.
    #[wasm_bindgen(unchecked_return_type = "Observation")]
    pub fn observe(&mut self, x: &[f32]) -> Result<JsValue> {
        answer(self.model.observe(x).map_err(error)?)
    }

    /// As [`Model::observe`], of a drawing that is moved by whole pixels; its parts are those of
    /// [`rasterize`](crate::digits::rasterize).
    #[wasm_bindgen(js_name = observeStrokes, unchecked_return_type = "Observation")]
    pub fn observe_strokes(
        &mut self,
        points: &[f32],
        lengths: &[u32],
        right: i32,
        down: i32,
        pen: &Pen,
    ) -> Result<JsValue> {
        let shift = [right as isize, down as isize];
        answer(self.model.observe_strokes(&strokes(points, lengths), &pen.into(), shift).map_err(error)?)
    }

    /// One tensor of weights in Keras' layout: `{ shape, values }`.
    #[wasm_bindgen(unchecked_return_type = "Tensor")]
    pub fn weights(&self, name: &str) -> Result<JsValue> {
        answer(self.model.weights(name).map_err(error)?)
    }

    /// Replaces one tensor of weights, in Keras' layout, or what of it begins at place `at`.
    #[wasm_bindgen(js_name = setWeights)]
    pub fn set_weights(&mut self, name: &str, values: &[f32], at: Option<usize>) -> Result<()> {
        match at {
            Some(at) => self.model.set_weights_at(name, at, values).map_err(error),
            None => self.model.set_weights(name, values).map_err(error),
        }
    }

    /// All weights, one tensor after the other.
    #[wasm_bindgen(js_name = flatWeights)]
    pub fn flat_weights(&self) -> Vec<f32> {
        self.model.flat_weights().to_vec()
    }

    /// Replaces all weights.
    #[wasm_bindgen(js_name = setFlatWeights)]
    pub fn set_flat_weights(&mut self, values: &[f32]) -> Result<()> {
        self.model.set_flat_weights(values).map_err(error)
    }

    /// Description and weights as a safetensors file, with what the optimiser remembers if that is wanted.
    #[wasm_bindgen(js_name = toSafetensors)]
    pub fn to_safetensors(&self, optimizer: bool) -> Result<Vec<u8>> {
        if optimizer { self.model.to_checkpoint().map_err(error) } else { Ok(self.model.to_safetensors()) }
    }

    /// Changes the learning rate of the steps to come.
    #[wasm_bindgen(js_name = setLearningRate)]
    pub fn set_learning_rate(&mut self, rate: f32) -> Result<()> {
        self.model.set_learning_rate(rate).map_err(error)
    }

    /// Takes the weights of a safetensors file.
    #[wasm_bindgen(js_name = loadSafetensors)]
    pub fn load_safetensors(&mut self, bytes: &[u8]) -> Result<()> {
        self.model.load_safetensors(bytes).map_err(error)
    }

    /// Goes back to the first weights.
    pub fn reset(&mut self) {
        self.model.reset();
    }
}

/// A seed that JavaScript can name, from the platform's random numbers.
fn drawn_seed() -> Result<u64> {
    let bits = getrandom::u64().map_err(|error| JsValue::from(error.to_string()))?;
    Ok(bits >> 11)
}
