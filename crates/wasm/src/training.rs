//! Training steps. Several workers, each with an instance of its own, can take one together: what goes to and
//! fro between them is an array with the weights, in which the gradient comes back.

use crate::convert::{Result, error, object};
use crate::data::Batch;
use crate::model::Model;
use convscope_core::{Share, Step};
use js_sys::Float32Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What the worker that owns the model calls.
#[wasm_bindgen]
impl Model {
    /// How a step on `batch` could be shared: `[examples, shards, steps taken before]`.
    pub fn plan(&self, batch: &Batch) -> Result<Vec<f64>> {
        let (share, _) = Share::new(&self.model, batch.borrow(), 0, 1).map_err(error)?;
        let shards = Share::max_count(&self.model, share.examples);
        Ok(vec![share.examples as f64, shards as f64, share.step as f64])
    }

    /// Writes the weights to `buffer`, or to a new one where that has another length.
    #[wasm_bindgen(js_name = writeWeights)]
    pub fn write_weights(&self, buffer: Float32Array) -> Float32Array {
        let weights = self.model.flat_weights();
        if buffer.length() as usize != weights.len() {
            return Float32Array::from(weights);
        }
        buffer.copy_from(weights);
        buffer
    }

    /// Begins a step on `batch`: computes the first of `of` shares, which may be the only one.
    #[wasm_bindgen(js_name = beginStep)]
    pub fn begin_step(&mut self, batch: Batch, of: usize) -> Result<()> {
        self.model.step().and_then(|mut step| step.begin(batch.borrow(), of)).map_err(error)
    }

    /// Adds share `number`, whose gradient is `gradient`.
    #[wasm_bindgen(js_name = addShare)]
    pub fn add_share(
        &mut self,
        number: usize,
        gradient: &Float32Array,
        loss: f64,
        correct: usize,
        examples: usize,
    ) -> Result<()> {
        let mut step = self.model.step().map_err(error)?;
        let add = step.add(number, |sum| {
            gradient.copy_to(&mut sum.gradient);
            (sum.loss, sum.correct, sum.examples) = (loss, correct, examples);
        });
        add.map_err(error)
    }

    /// Completes the step: `{ loss, accuracy }`.
    #[wasm_bindgen(js_name = takeStep, unchecked_return_type = "Metrics")]
    pub fn take_step(&mut self) -> Result<JsValue> {
        object(&self.model.step().map(Step::take).map_err(error)?)
    }
}

/// What a helper calls.
#[wasm_bindgen]
impl Model {
    /// Takes the weights that [`Model::write_weights`] wrote for a model of the same description.
    #[wasm_bindgen(js_name = readWeights)]
    pub fn read_weights(&mut self, buffer: &Float32Array) {
        buffer.copy_to(self.model.flat_weights_mut());
    }

    /// Computes share `number` of `of` of step `step` on a batch of `examples`. Those of the share are `part`. Writes
    /// their gradient to `gradient`, and answers with the rest of the sum: `[loss, correct, examples]`.
    #[wasm_bindgen(js_name = computeShare)]
    pub fn compute_share(
        &mut self,
        number: usize,
        of: usize,
        examples: usize,
        step: f64,
        part: Batch,
        gradient: &Float32Array,
    ) -> Result<Vec<f64>> {
        let share = Share { number, count: of, examples, step: step as u64 };
        let mut step = self.model.step().map_err(error)?;
        step.compute(share, part.borrow()).map_err(error)?;
        let sum = step.sum();
        gradient.copy_from(&sum.gradient);
        Ok(vec![sum.loss, sum.correct as f64, sum.examples as f64])
    }
}
