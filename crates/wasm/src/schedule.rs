//! Which examples the steps of `fit` take, and when it stops.

use crate::convert::{Result, read};
use crate::data::{Augmentation, Batch, Dataset};
use crate::model::Model;
use serde::Deserialize;
use std::num::NonZero;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The clock of the page or of the worker.
    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static CLOCK: web_sys::Performance;
}

fn now() -> f64 {
    CLOCK.with(web_sys::Performance::now)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Plan {
    batch_size: NonZero<u32>,
    /// Of the order of the examples and of augmentation.
    seed: f64,
    /// How many at most.
    steps: Option<f64>,
    /// The step, counted from when the model was compiled, before which it stops.
    until: Option<f64>,
    /// After which no step begins, except the first.
    milliseconds: Option<f64>,
    /// JSON text.
    augmentation: Option<String>,
}

/// The batches of the steps that are to be taken now, one after the other.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Schedule {
    data: Rc<convscope_core::Dataset>,
    batch_size: NonZero<u32>,
    seed: u64,
    augmentation: Option<Augmentation>,
    first: f64,
    end: f64,
    deadline: f64,
}

#[wasm_bindgen]
impl Schedule {
    /// From the model's next step on, as a plan says: `{ batchSize, seed, steps?, until?, milliseconds?, augmentation?
    /// }`.
    #[wasm_bindgen(constructor)]
    pub fn new(model: &Model, data: &Dataset, plan: JsValue) -> Result<Schedule> {
        let Plan { batch_size, seed, steps, until, milliseconds, augmentation } = read(plan)?;
        let augmentation = augmentation.map(|text| Augmentation::new(&text, seed)).transpose()?;
        let (first, seed) = (model.steps(), seed as u64);
        let end = until.unwrap_or(f64::INFINITY).min(first + steps.unwrap_or(f64::INFINITY));
        let deadline = now() + milliseconds.unwrap_or(f64::INFINITY);
        Ok(Self { data: Rc::clone(&data.0), batch_size, seed, augmentation, first, end, deadline })
    }

    /// The batch of the model's next step; nothing where the plan ends.
    pub fn next(&self, model: &mut Model) -> Option<Batch> {
        let step = model.steps();
        if step >= self.end || step > self.first && now() >= self.deadline {
            return None;
        }
        let (epoch, indices) = model.epochs.batch(&self.data, self.batch_size, self.seed, step as u64);
        Some(Batch::of_epoch(&self.data, indices, self.augmentation.as_ref(), epoch))
    }
}
