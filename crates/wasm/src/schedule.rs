//! Which examples the steps of `fit` take, and when it stops.

use crate::data::Dataset;
use crate::model::Model;
use crate::records::Plan;
use std::num::NonZero;
use std::rc::Rc;
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

/// The examples of the steps that are to be taken now, one batch after the other.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Schedule {
    data: Rc<convscope_core::Dataset>,
    batch_size: NonZero<u32>,
    seed: u64,
    first: f64,
    end: f64,
    deadline: f64,
    epoch: u32,
}

#[wasm_bindgen]
impl Schedule {
    /// From the model's next step on, as a plan says: `{ batchSize, seed, steps?, until?, milliseconds? }`.
    #[wasm_bindgen(constructor)]
    pub fn new(model: &Model, data: &Dataset, plan: &Plan) -> Schedule {
        let (first, or_never) = (model.steps(), |number: Option<f64>| number.unwrap_or(f64::INFINITY));
        Self {
            data: Rc::clone(&data.0),
            batch_size: NonZero::new(plan.batch_size()).unwrap_or(NonZero::<u32>::MIN),
            seed: plan.seed() as u64,
            first,
            end: or_never(plan.until()).min(first + or_never(plan.steps())),
            deadline: now() + or_never(plan.milliseconds()),
            epoch: 0,
        }
    }

    /// Which examples the model's next step takes; nothing where the plan ends.
    pub fn next(&mut self, model: &mut Model) -> Option<Vec<u32>> {
        let step = model.steps();
        if step >= self.end || step > self.first && now() >= self.deadline {
            return None;
        }
        let (epoch, indices) = model.epochs.batch(&self.data, self.batch_size, self.seed, step as u64);
        self.epoch = epoch;
        Some(indices.to_vec())
    }

    /// The epoch of the examples that were told last.
    #[wasm_bindgen(getter)]
    pub fn epoch(&self) -> u32 {
        self.epoch
    }
}
