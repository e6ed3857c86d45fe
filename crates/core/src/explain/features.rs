//! What one layer answers to many examples.

use crate::batch::{Batch, check_examples};
use crate::dataset::Dataset;
use crate::losses::Targets;
use crate::{Model, Result};
use alloc::vec::Vec;

impl Model {
    /// The output of the layer called `layer` for the examples `x`, `[n, …input shape]` → `[n, …output
    /// shape]` in Keras' order.
    ///
    /// # Errors
    /// If there is no such layer, `x` doesn't hold whole examples of finite numbers, or there is no memory
    /// for the outputs.
    pub fn features(&mut self, x: &[f32], layer: &str) -> Result<Vec<f32>> {
        let index = self.network.index(layer)?;
        check_examples(x, self.network.input)?;
        self.answers(Batch::Arrays { x, y: Targets::Labels(&[]) }, index)
    }

    /// As [`Model::features`] for the examples of `data` that `indices` names.
    ///
    /// # Errors
    /// If there is no such layer, the data doesn't fit the model, an index is out of range, or there is no
    /// memory for the outputs.
    pub fn features_on(&mut self, data: &Dataset, indices: &[u32], layer: &str) -> Result<Vec<f32>> {
        let index = self.network.index(layer)?;
        let batch = self.batch_of(data, indices)?;
        self.answers(batch, index)
    }
}
