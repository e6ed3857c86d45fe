//! Reading and writing a model's weights.

use super::Model;
use super::network::Weight;
use crate::config::{Arguments, Fields, ModelConfig, json_object, json_text, parse};
use crate::formats::safetensors::{self, Precision, Tensor};
use crate::numbers::{check_finite, zeros};
use crate::optimizers::Optimizer;
use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};

/// The metadata's one key.
const METADATA_KEY: &str = "convscope";

/// What its text describes: the model, and how many steps the optimiser took.
const DESCRIPTION: &[Arguments] = &[Arguments::Read(&["model", "steps"])];

/// What the names of the optimiser's tensors begin with.
const OPTIMIZER: &str = "optimizer/";

/// One weight with its shape, in Keras' layout: kernels `[height, width, in, out]` or `[in, out]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Keras' shape.
    pub shape: Vec<usize>,
    /// The values, the last axis fastest.
    pub values: Vec<f32>,
}

impl Model {
    fn weight(&self, name: &str) -> Result<&Weight> {
        self.network.weights.iter().find(|weight| weight.name == name).ok_or_else(|| {
            let names = self.network.weights.iter().map(|weight| weight.name.as_str()).collect::<Vec<_>>();
            Error::value(format!("expected the name of a weight ({}), got '{name}'", names.join(", ")))
        })
    }

    /// The weight called `name` (`conv2d/kernel`).
    ///
    /// # Errors
    /// If there is no such weight.
    pub fn weights(&self, name: &str) -> Result<Weights> {
        let weight = self.weight(name)?;
        Ok(Weights { shape: weight.shape.clone(), values: self.weights[weight.range.clone()].to_vec() })
    }

    /// Replaces the weight called `name`.
    ///
    /// # Errors
    /// If there is no such weight, or `values` has another length or a number that is not finite.
    pub fn set_weights(&mut self, name: &str, values: &[f32]) -> Result<()> {
        let range = self.weight(name)?.range.clone();
        if values.len() != range.len() {
            return Err(Error::shape(format!("{name} has {} numbers, got {}", range.len(), values.len())));
        }
        check_finite(values, name)?;
        self.weights.edit()[range].copy_from_slice(values);
        Ok(())
    }

    /// Replaces the numbers from place `at` of the weight called `name` on.
    ///
    /// # Errors
    /// If there is no such weight, `values` goes beyond its end, or holds a number that is not finite.
    pub fn set_weights_at(&mut self, name: &str, at: usize, values: &[f32]) -> Result<()> {
        let range = self.weight(name)?.range.clone();
        if values.len() > range.len().saturating_sub(at) {
            return Err(Error::shape(format!(
                "{name} has {} numbers, got {} from place {at} on",
                range.len(),
                values.len()
            )));
        }
        check_finite(values, name)?;
        self.weights.edit()[range][at..][..values.len()].copy_from_slice(values);
        Ok(())
    }

    /// All weights, one after the other in the order of the layers.
    pub fn flat_weights(&self) -> &[f32] {
        &self.weights
    }

    /// All weights, to be written in the same order. What is not finite in them comes out of the predictions.
    pub fn flat_weights_mut(&mut self) -> &mut [f32] {
        self.weights.edit()
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
        self.weights.edit().copy_from_slice(values);
        Ok(())
    }

    /// The model as a safetensors file: its weights, and its description in the metadata.
    pub fn to_safetensors(&self) -> Vec<u8> {
        self.serialize(Precision::F32, None)
    }

    /// As [`Model::to_safetensors`], with what the optimiser remembers, so that training can go on to the
    /// same bits: its running averages as tensors `optimizer/0`, `optimizer/1`…, each over all weights in
    /// their order, and the number of steps in the metadata.
    ///
    /// # Errors
    /// If the model is not compiled.
    pub fn to_checkpoint(&self) -> Result<Vec<u8>> {
        Ok(self.serialize(Precision::F32, Some(&self.compiled()?.optimizer)))
    }

    /// As [`Model::to_safetensors`] with the weights rounded to half precision, half as large.
    pub fn to_safetensors_f16(&self) -> Vec<u8> {
        self.serialize(Precision::F16, None)
    }

    fn serialize(&self, precision: Precision, optimizer: Option<&Optimizer>) -> Vec<u8> {
        let slots = optimizer.map_or(&[][..], Optimizer::slots);
        let names: Vec<String> = (0..slots.len()).map(|number| format!("{OPTIMIZER}{number}")).collect();
        let whole = [self.weights.len()];
        let slots = names.iter().zip(slots).map(|(name, values)| Tensor { name, shape: &whole, values });
        let tensors = self.network.weights.iter().map(|weight| Tensor {
            name: &weight.name,
            shape: &weight.shape,
            values: &self.weights[weight.range.clone()],
        });
        let model = ("model", self.config.to_value());
        let description = match optimizer {
            Some(optimizer) => json_object([model, ("steps", optimizer.steps().into())]),
            None => json_object([model]),
        };
        safetensors::write(tensors.chain(slots), precision, METADATA_KEY, &json_text(&description))
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
        let fields = Fields::of_object(&description, "the model description", DESCRIPTION)?;
        let model =
            fields.value("model").ok_or_else(|| Error::format("the model description lacks 'model'"))?;
        let mut model = Self::from_config(ModelConfig::from_value(model)?, 0)?;
        model.read_weights(&file)?;
        Ok(model)
    }

    /// Replaces the weights by those of a safetensors file, whose tensors are named and shaped as
    /// this model's weights. A compiled model forgets the steps it has taken, or takes up those of a file
    /// that [`Model::to_checkpoint`] wrote.
    ///
    /// # Errors
    /// If the bytes are not safetensors, a tensor is missing, unknown, of another shape or type, or
    /// holds a number that is not finite. The model is then as it was.
    pub fn load_safetensors(&mut self, bytes: &[u8]) -> Result<()> {
        let file = safetensors::read(bytes)?;
        let state = self.read_optimizer(&file)?;
        self.read_weights(&file)?;
        self.restart();
        if let Some((steps, slots)) = state {
            self.resume(steps, slots);
        }
        Ok(())
    }

    /// The steps taken and the running averages of the file's optimiser, if it has them and this model is
    /// compiled.
    fn read_optimizer(&self, file: &safetensors::File<'_>) -> Result<Option<(u64, Vec<Vec<f32>>)>> {
        let Some(description) = file.metadata(METADATA_KEY) else { return Ok(None) };
        let description = parse(description, "model description")?;
        let (Some(steps), Ok(compiled)) = (description["steps"].as_u64(), self.compiled()) else {
            return Ok(None);
        };
        let (needed, whole) = (compiled.optimizer.slots().len(), self.weights.len());
        let got = file.names().filter(|name| name.starts_with(OPTIMIZER)).count();
        if got != needed {
            return Err(Error::format(format!(
                "the file comes from another optimiser: it has {got} running averages, this model's needs {needed}"
            )));
        }
        let slots = (0..needed).map(|number| {
            let mut slot = zeros(whole)?;
            file.read_into(&format!("{OPTIMIZER}{number}"), &[whole], &mut slot)?;
            Ok(slot)
        });
        Ok(Some((steps, slots.collect::<Result<_>>()?)))
    }

    fn read_weights(&mut self, file: &safetensors::File<'_>) -> Result<()> {
        let known = |name: &str| {
            name.starts_with(OPTIMIZER) || self.network.weights.iter().any(|weight| weight.name == name)
        };
        if let Some(name) = file.names().find(|name| !known(name)) {
            return Err(Error::format(format!("the model has no weight called '{name}'")));
        }
        let mut values = zeros(self.weights.len())?;
        for weight in &self.network.weights {
            file.read_into(&weight.name, &weight.shape, &mut values[weight.range.clone()])?;
        }
        self.weights.edit().copy_from_slice(&values);
        Ok(())
    }
}
