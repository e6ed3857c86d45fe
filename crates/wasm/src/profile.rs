//! The parts of a training step, for a page that times them.

use crate::convert::{Result, error, object};
use crate::data::Batch;
use crate::model::Model;
use convscope_core::profile;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A model that was trained for a step or two on a batch, and can do each part of that again.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Profile {
    profile: profile::Profile,
    batch: Batch,
}

#[wasm_bindgen]
impl Profile {
    /// Takes a compiled model and the examples of one chunk.
    #[wasm_bindgen(constructor)]
    pub fn new(model: Model, batch: Batch) -> Result<Profile> {
        let profile = profile::Profile::new(model.model, batch.borrow()).map_err(error)?;
        Ok(Profile { profile, batch })
    }

    /// The parts in the order of a step: `[{ layer, work, multiplyAdds }]`.
    pub fn parts(&self) -> Result<JsValue> {
        object(&self.profile.parts())
    }

    /// Does one part `times` times.
    pub fn run(&mut self, part: usize, times: usize) -> Result<()> {
        self.profile.run(part, times, self.batch.borrow()).map_err(error)
    }
}
