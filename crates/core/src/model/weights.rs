//! Reading and writing a model's weights.

use super::Model;
use super::network::Weight;
use crate::config::{Arguments, Fields, ModelConfig, echo, json_object, json_text, parse};
use crate::formats::safetensors::{self, Precision, Tensor};
use crate::numbers::zeros;
use crate::optimizers::{AVERAGES, MAX_STEPS, Optimizer};
use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};
use serde_json::Value;

/// The metadata's one key.
const METADATA_KEY: &str = "convscope";

/// What its text describes: the model, and which optimiser took how many steps.
const DESCRIPTION: &[Arguments] = &[Arguments::Read(&["model", "optimizer", "steps"])];

/// What an optimiser remembers.
struct Memory {
    steps: u64,
    slots: Vec<Vec<f32>>,
}

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
    /// If there is no such weight, or `values` has another length, a number that is not finite, or a variance below 0.
    pub fn set_weights(&mut self, name: &str, values: &[f32]) -> Result<()> {
        let weight = self.weight(name)?;
        let range = weight.range.clone();
        if values.len() != range.len() {
            return Err(Error::shape(format!("{name} has {} numbers, got {}", range.len(), values.len())));
        }
        weight.check(values)?;
        self.weights.edit()[range].copy_from_slice(values);
        Ok(())
    }

    /// Replaces the numbers from place `at` of the weight called `name` on.
    ///
    /// # Errors
    /// If there is no such weight, `values` goes beyond its end, or holds a number that is not finite or a variance
    /// below 0.
    pub fn set_weights_at(&mut self, name: &str, at: usize, values: &[f32]) -> Result<()> {
        let weight = self.weight(name)?;
        let range = weight.range.clone();
        if values.len() > range.len().saturating_sub(at) {
            return Err(Error::shape(format!(
                "{name} has {} numbers, got {} from place {at} on",
                range.len(),
                values.len()
            )));
        }
        weight.check(values)?;
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
    /// If their number differs, one is not finite, or a variance is below 0.
    pub fn set_flat_weights(&mut self, values: &[f32]) -> Result<()> {
        if values.len() != self.weights.len() {
            return Err(Error::shape(format!("needs {} weights, got {}", self.weights.len(), values.len())));
        }
        self.check_weights(values)?;
        self.weights.edit().copy_from_slice(values);
        Ok(())
    }

    fn check_weights(&self, values: &[f32]) -> Result<()> {
        self.network.weights.iter().try_for_each(|weight| weight.check(&values[weight.range.clone()]))
    }

    /// The model as a safetensors file: its weights, and its description in the metadata.
    pub fn to_safetensors(&self) -> Vec<u8> {
        self.serialize(Precision::F32, None)
    }

    /// As [`Model::to_safetensors`], with what the optimiser remembers, so that training can go on to the
    /// same bits: its running averages as tensors `optimizer/0`, `optimizer/1`…, each over all weights in
    /// their order, and the optimiser's name and number of steps in the metadata.
    ///
    /// # Errors
    /// If the model is not compiled, or training has gone where no finite numbers are: nobody could go on from there.
    pub fn to_checkpoint(&self) -> Result<Vec<u8>> {
        let optimizer = &self.compiled()?.optimizer;
        self.check_weights(&self.weights)?;
        optimizer.check(self.level, &self.weights, optimizer.steps(), optimizer.slots())?;
        Ok(self.serialize(Precision::F32, Some(optimizer)))
    }

    /// As [`Model::to_safetensors`] with the weights rounded to half precision, half as large.
    pub fn to_safetensors_f16(&self) -> Vec<u8> {
        self.serialize(Precision::F16, None)
    }

    fn serialize(&self, precision: Precision, optimizer: Option<&Optimizer>) -> Vec<u8> {
        let slots = optimizer.map_or(&[][..], Optimizer::slots);
        let names: Vec<String> = (0..slots.len()).map(|number| format!("{AVERAGES}{number}")).collect();
        let whole = [self.weights.len()];
        let slots = names.iter().zip(slots).map(|(name, values)| Tensor { name, shape: &whole, values });
        let tensors = self.network.weights.iter().map(|weight| Tensor {
            name: &weight.name,
            shape: &weight.shape,
            values: &self.weights[weight.range.clone()],
        });
        let model = ("model", self.config.to_value());
        let description = match optimizer {
            Some(optimizer) => json_object([
                model,
                ("optimizer", optimizer.class_name().into()),
                ("steps", optimizer.steps().into()),
            ]),
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
        let weights = model.read_weights(&file)?;
        model.read_memory(&file, &weights)?;
        model.weights.edit().copy_from_slice(&weights);
        Ok(model)
    }

    /// Replaces the weights by those of a safetensors file, whose tensors are named and shaped as
    /// this model's weights. A compiled model forgets the steps it has taken, or takes up those of a file
    /// that [`Model::to_checkpoint`] wrote.
    ///
    /// # Errors
    /// If the bytes are not safetensors, a tensor is missing, unknown, of another shape or type, or
    /// holds a number that is not finite or a variance below 0; and if what the optimiser remembers is another
    /// optimiser's, is not whole, or would leave no finite weights. The model is then as it was.
    pub fn load_safetensors(&mut self, bytes: &[u8]) -> Result<()> {
        let file = safetensors::read(bytes)?;
        let weights = self.read_weights(&file)?;
        let memory = self.read_memory(&file, &weights)?;
        self.weights.edit().copy_from_slice(&weights);
        self.restart();
        if let Some(Memory { steps, slots }) = memory {
            self.resume(steps, slots);
        }
        Ok(())
    }

    /// What the file's optimiser remembers, if it has one. A model that is not compiled checks it and takes nothing.
    fn read_memory(&self, file: &safetensors::File<'_>, weights: &[f32]) -> Result<Option<Memory>> {
        let got = file.names().filter(|name| self.is_average(name)).count();
        let owner = "the model description";
        let description = match file.metadata(METADATA_KEY) {
            Some(text) => parse(text, "model description")?,
            None => json_object([]),
        };
        let fields = Fields::of_object(&description, owner, DESCRIPTION)?;
        let name = fields.optional_text("optimizer").map_err(|error| error.within(owner))?;
        let steps = fields.value("steps").unwrap_or(&Value::Null);
        if steps.is_null() && got == 0 {
            return Ok(None);
        }
        let Some(steps) = steps.as_u64().filter(|&steps| steps <= MAX_STEPS) else {
            return Err(Error::format(format!(
                "{owner}: steps: expected a whole number from 0 to {MAX_STEPS}, got {}",
                echo(steps)
            )));
        };
        let whole = [weights.len()];
        let mut slots = (0..got).map(|number| {
            let mut slot = zeros(weights.len())?;
            file.read_into(&format!("{AVERAGES}{number}"), &whole, &mut slot)?;
            Ok(slot)
        });
        let Ok(compiled) = self.compiled() else {
            slots.try_for_each(|slot| slot.map(drop))?;
            return Ok(None);
        };
        let optimizer = &compiled.optimizer;
        let (own, needed) = (optimizer.class_name(), optimizer.slots().len());
        if got != needed || name.is_some_and(|name| name != own) {
            return Err(Error::format(format!(
                "the file comes from another optimiser: it has {got} running averages of {}, this model's {own} needs {needed}",
                echo(&name.unwrap_or("unknown").into())
            )));
        }
        let slots = slots.collect::<Result<Vec<_>>>()?;
        optimizer.check(self.level, weights, steps, &slots)?;
        Ok(Some(Memory { steps, slots }))
    }

    /// All weights of the file in their order, which this model could have.
    fn read_weights(&self, file: &safetensors::File<'_>) -> Result<Vec<f32>> {
        let known = |name: &str| self.is_average(name) || self.is_weight(name);
        if let Some(name) = file.names().find(|name| !known(name)) {
            return Err(Error::format(format!("the model has no weight called '{name}'")));
        }
        let mut values = zeros(self.weights.len())?;
        for weight in &self.network.weights {
            let target = &mut values[weight.range.clone()];
            file.read_into(&weight.name, &weight.shape, target)?;
            weight.check(target)?;
        }
        Ok(values)
    }

    fn is_weight(&self, name: &str) -> bool {
        self.network.weights.iter().any(|weight| weight.name == name)
    }

    /// Whether a tensor is one of an optimiser's running averages: a layer may be called `optimizer` too.
    fn is_average(&self, name: &str) -> bool {
        name.starts_with(AVERAGES) && !self.is_weight(name)
    }
}
