//! Reading and writing a model's weights.

use super::Model;
use crate::config::{Fields, ModelConfig, parse};
use crate::formats::safetensors::{self, Precision, Tensor};
use crate::{Error, Result, check_finite};
use alloc::{format, string::ToString, vec::Vec};
use serde_json::json;

/// The metadata's one key.
const METADATA_KEY: &str = "convscope";

/// One weight with its shape, in Keras' layout: kernels `[height, width, in, out]` or `[in, out]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Keras' shape.
    pub shape: Vec<usize>,
    /// The values, the last axis fastest.
    pub values: Vec<f32>,
}

impl Model {
    /// The weight called `name` (`conv2d/kernel`).
    ///
    /// # Errors
    /// If there is no such weight.
    pub fn weights(&self, name: &str) -> Result<Weights> {
        let weight = self.network.weights.iter().find(|weight| weight.name == name);
        let weight = weight.ok_or_else(|| {
            let names = self.network.weights.iter().map(|weight| weight.name.as_str()).collect::<Vec<_>>();
            Error::value(format!("expected the name of a weight ({}), got '{name}'", names.join(", ")))
        })?;
        Ok(Weights { shape: weight.shape.clone(), values: self.weights[weight.range.clone()].to_vec() })
    }

    /// All weights, one after the other in the order of the layers.
    pub fn flat_weights(&self) -> &[f32] {
        &self.weights
    }

    /// All weights, to be written in the same order. What is not finite in them comes out of the predictions.
    pub fn flat_weights_mut(&mut self) -> &mut [f32] {
        &mut self.weights
    }

    /// Replaces all weights by values in the same order.
    ///
    /// # Errors
    /// If their number differs or one is not finite.
    pub fn set_flat_weights(&mut self, values: &[f32]) -> Result<()> {
        if values.len() != self.weights.len() {
            return Err(Error::shape(format!("needs {} weights, got {}", self.weights.len(), values.len())));
        }
        check_finite(values, "the weights")?;
        self.weights.copy_from_slice(values);
        Ok(())
    }

    /// The model as a safetensors file: its weights, and its description in the metadata.
    pub fn to_safetensors(&self) -> Vec<u8> {
        self.serialize(Precision::F32)
    }

    /// As [`Model::to_safetensors`] with the weights rounded to half precision, half as large.
    pub fn to_safetensors_f16(&self) -> Vec<u8> {
        self.serialize(Precision::F16)
    }

    fn serialize(&self, precision: Precision) -> Vec<u8> {
        let tensors = self.network.weights.iter().map(|weight| Tensor {
            name: &weight.name,
            shape: &weight.shape,
            values: &self.weights[weight.range.clone()],
        });
        let description = json!({ "model": self.config.to_value() }).to_string();
        safetensors::write(tensors, precision, METADATA_KEY, &description)
    }

    /// Reads a file that [`Model::to_safetensors`] wrote: the description and the weights.
    ///
    /// # Errors
    /// If the bytes are not such a file.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Self> {
        let file = safetensors::read(bytes)?;
        let description = file.metadata(METADATA_KEY).ok_or_else(|| {
            Error::format(format!(
                "the file has no model description: its metadata lacks the key '{METADATA_KEY}'"
            ))
        })?;
        let description = parse(description, "model description")?;
        let fields = Fields::of_object(&description, "the model description")?;
        let model =
            fields.value("model").ok_or_else(|| Error::format("the model description lacks 'model'"))?;
        let mut model = Self::from_config(ModelConfig::from_value(model)?, 0)?;
        model.read_weights(&file)?;
        Ok(model)
    }

    /// Replaces the weights by those of a safetensors file, whose tensors are named and shaped as
    /// this model's weights. A compiled model forgets the steps it has taken.
    ///
    /// # Errors
    /// If the bytes are not safetensors, a tensor is missing, unknown, of another shape or type, or
    /// holds a number that is not finite. The model is then as it was.
    pub fn load_safetensors(&mut self, bytes: &[u8]) -> Result<()> {
        self.read_weights(&safetensors::read(bytes)?)?;
        self.restart();
        Ok(())
    }

    fn read_weights(&mut self, file: &safetensors::File<'_>) -> Result<()> {
        if let Some(name) =
            file.names().find(|name| self.network.weights.iter().all(|weight| weight.name != *name))
        {
            return Err(Error::format(format!("the model has no weight called '{name}'")));
        }
        let mut values = super::zeros(self.weights.len())?;
        for weight in &self.network.weights {
            file.read_into(&weight.name, &weight.shape, &mut values[weight.range.clone()])?;
        }
        self.weights = values;
        Ok(())
    }
}
