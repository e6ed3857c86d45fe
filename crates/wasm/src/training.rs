//! Training steps. Several workers, each with an instance of its own, can take one together: what they
//! exchange are arrays that hold the weights, or their gradient, and after it the examples of a share. So
//! they rank the places of many examples.

use crate::convert::{Result, error, object};
use crate::data::{Batch, Dataset};
use crate::model::Model;
use convscope_core::{Batch as Part, Share, Step, Targets};
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

    /// Writes the weights, and share `number` of `of` of `batch`, to `buffer`, or to a new one where it is
    /// too short.
    #[wasm_bindgen(js_name = writeShare)]
    pub fn write_share(
        &mut self,
        batch: &Batch,
        number: usize,
        of: usize,
        buffer: Float32Array,
    ) -> Result<Float32Array> {
        let (_, part) = Share::new(&self.model, batch.borrow(), number, of).map_err(error)?;
        Ok(write(&self.model, &mut self.examples, part, buffer))
    }

    /// Writes the weights, and the examples of `data` at `indices`, to `buffer`, or to a new one where it is
    /// too short.
    #[wasm_bindgen(js_name = writeExamples)]
    pub fn write_examples(
        &mut self,
        data: &Dataset,
        indices: &[u32],
        buffer: Float32Array,
    ) -> Result<Float32Array> {
        let part = self.model.batch_of(&data.0, indices).map_err(error)?;
        Ok(write(&self.model, &mut self.examples, part, buffer))
    }

    /// Begins a step on `batch`: computes the first of `of` shares, which may be the only one.
    #[wasm_bindgen(js_name = beginStep)]
    pub fn begin_step(&mut self, batch: Batch, of: usize) -> Result<()> {
        self.model.step().and_then(|mut step| step.begin(batch.borrow(), of)).map_err(error)
    }

    /// Adds share `number`, as [`Model::compute_share`] left it in `buffer`.
    #[wasm_bindgen(js_name = addShare)]
    pub fn add_share(
        &mut self,
        number: usize,
        buffer: &Float32Array,
        loss: f64,
        correct: usize,
        examples: usize,
    ) -> Result<()> {
        let mut step = self.model.step().map_err(error)?;
        let add = step.add(number, |sum| {
            buffer.subarray(0, sum.gradient.len() as u32).copy_to(&mut sum.gradient);
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
    /// Computes the share that [`Model::write_share`] left in `buffer`, and replaces the weights there by
    /// their gradient: `[loss, correct, examples]`.
    #[wasm_bindgen(js_name = computeShare)]
    pub fn compute_share(
        &mut self,
        number: usize,
        of: usize,
        examples: usize,
        step: f64,
        buffer: &Float32Array,
    ) -> Result<Vec<f64>> {
        let Self { model, examples: part, .. } = self;
        let share = Share { number, count: of, examples, step: step as u64 };
        let count = share.range(model).map_err(error)?.len();
        let (pixels, outputs) = (count * model.input_shape().len(), count * model.outputs());
        part.resize(pixels + outputs, 0.0);
        let weights = read(model, part, buffer);
        let (x, y) = part.split_at(pixels);
        let mut step = model.step().map_err(error)?;
        step.compute(share, Part::Planes { x, y: Targets::OneHot(y) }).map_err(error)?;
        let sum = step.sum();
        weights.copy_from(&sum.gradient);
        Ok(vec![sum.loss, sum.correct as f64, sum.examples as f64])
    }

    /// The strongest places over the examples that [`Model::write_examples`] left in `buffer`, whose numbers
    /// are `indices`.
    #[wasm_bindgen(js_name = rankExamples)]
    pub fn rank_examples(&mut self, indices: &[u32], buffer: &Float32Array) -> Result<Vec<f32>> {
        let Self { model, examples, .. } = self;
        examples.resize(indices.len() * model.input_shape().len(), 0.0);
        read(model, examples, buffer);
        model.strongest_patches_in(examples, indices).map(|ranking| ranking.ranking).map_err(error)
    }
}

/// Writes the weights and a part of the examples to `buffer`, or to a new one where it is too short.
fn write(
    model: &convscope_core::Model,
    examples: &mut Vec<f32>,
    part: Part<'_>,
    buffer: Float32Array,
) -> Float32Array {
    part.write_planes(model, examples);
    let weights = model.flat_weights();
    let (middle, end) = (weights.len() as u32, (weights.len() + examples.len()) as u32);
    let buffer = if buffer.length() < end { Float32Array::new_with_length(end) } else { buffer };
    buffer.subarray(0, middle).copy_from(weights);
    buffer.subarray(middle, end).copy_from(examples);
    buffer
}

/// Reads what [`write`] wrote, as many numbers of the examples as there is room for; answers with the
/// weights' place.
fn read(model: &mut convscope_core::Model, examples: &mut [f32], buffer: &Float32Array) -> Float32Array {
    let middle = model.flat_weights().len() as u32;
    let weights = buffer.subarray(0, middle);
    weights.copy_to(model.flat_weights_mut());
    buffer.subarray(middle, middle + examples.len() as u32).copy_to(examples);
    weights
}
