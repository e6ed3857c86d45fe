//! Compares this build with the numbers that Keras and PyTorch computed, the files of `tests/vectors`.
//!
//! `tests/vectors/README.md` describes the format. Tensors are in Keras' layouts on both sides.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "only the build that checks itself holds this"
)]

use crate::explain::ReluRule;
use crate::losses::{Loss, Targets};
use crate::optimizers::Optimizer;
use crate::surfaces::{Descent, Surface};
use crate::{Batch, Error, Model, Result};
use alloc::{format, string::String, string::ToString, vec, vec::Vec};
use convscope_kernels as kernels;
use core::ops::Range;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

mod repeated;

pub use repeated::train;

/// What an error may be where the reference is zero, as the norm of a tensor.
const ABSOLUTE_TOLERANCE: f64 = 1e-7;

/// How one file's cases came out.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What computed the reference, with its version.
    pub reference: String,
    /// Every case of the file, in its order.
    pub cases: Vec<Outcome>,
}

/// How one case came out.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// The case's name in the file.
    pub name: String,
    /// Whether it could be computed and every tensor is within its tolerance.
    pub passed: bool,
    /// The largest error of a tensor as a share of what is allowed, ‖a − b‖ / (tolerance·‖b‖ + 1e-7);
    /// infinite where this build's tensor has a NaN or another size, 0 where nothing was compared.
    pub ratio: f64,
    /// The tensor with that error.
    pub tensor: String,
    /// Why the case could not be computed.
    pub error: Option<String>,
}

/// The description of the cases in the file's metadata.
#[derive(Deserialize)]
struct Description {
    reference: String,
    tolerance: f64,
    cases: Vec<CaseDescription>,
}

#[derive(Deserialize)]
struct CaseDescription {
    name: String,
    #[serde(flatten)]
    kind: Kind,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Kind {
    Layer { layer: Value, input_shape: Vec<usize>, training: bool },
    Loss { loss: Value },
    Optimizer { optimizer: Value },
    Path { optimizer: Value },
    Network { model: Value, optimizer: Value, loss: Value, batch: usize },
    Step { model: Value, loss: Value, maps_of: String },
    Projection { model: Value, layer: String, unit: usize, row: usize, column: usize, rule: String },
    Occlusion { model: Value, size: usize, stride: usize, value: f32 },
}

/// Computes every case of the vector file `bytes` and compares the results.
///
/// # Errors
/// If the file is not a vector file. A case that cannot be computed is part of the report.
pub fn check(bytes: &[u8]) -> Result<Report> {
    let unreadable = |error: &dyn core::fmt::Display| Error::format(format!("the vector file: {error}"));
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| unreadable(&error))?;
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| unreadable(&error))?;
    let description = metadata.metadata().as_ref().and_then(|metadata| metadata.get("vectors"));
    let description = description.ok_or_else(|| unreadable(&"no metadata under 'vectors'"))?;
    let description: Description = serde_json::from_str(description).map_err(|error| unreadable(&error))?;
    let cases = description.cases.iter().map(|case| {
        let comparison = Comparison {
            tensors: &tensors,
            case: &case.name,
            tolerance: description.tolerance,
            ratio: 0.0,
            tensor: String::new(),
        };
        comparison.run(&case.kind)
    });
    Ok(Report { cases: cases.collect(), reference: description.reference })
}

/// One case at work: its tensors, and the largest error so far.
struct Comparison<'a> {
    tensors: &'a SafeTensors<'a>,
    case: &'a str,
    tolerance: f64,
    ratio: f64,
    tensor: String,
}

impl Comparison<'_> {
    fn run(mut self, kind: &Kind) -> Outcome {
        let result = match kind {
            Kind::Layer { layer, input_shape, training } => self.layer(layer, input_shape, *training),
            Kind::Loss { loss } => self.loss(loss),
            Kind::Optimizer { optimizer } => self.optimizer(optimizer),
            Kind::Path { optimizer } => self.path(optimizer),
            Kind::Network { model, optimizer, loss, batch } => self.network(model, optimizer, loss, *batch),
            Kind::Step { model, loss, maps_of } => self.step(model, loss, maps_of),
            Kind::Projection { model, layer, unit, row, column, rule } => {
                self.projection(model, layer, *unit, [*row, *column], rule)
            }
            Kind::Occlusion { model, size, stride, value } => self.occlusion(model, *size, *stride, *value),
        };
        Outcome {
            name: self.case.to_string(),
            passed: result.is_ok() && self.ratio <= 1.0,
            ratio: self.ratio,
            tensor: self.tensor,
            error: result.err().map(|error| error.to_string()),
        }
    }

    fn layer(&mut self, layer: &Value, input_shape: &[usize], training: bool) -> Result<()> {
        let mut batch_shape = vec![Value::Null];
        batch_shape.extend(input_shape.iter().copied().map(Value::from));
        let input = json!({ "class_name": "InputLayer", "config": { "batch_shape": batch_shape } });
        let description = json!({ "class_name": "Sequential", "config": { "layers": [input, layer] } });
        let mut model = Model::from_json(&description.to_string(), 0)?;
        let weights = weights_of(&model);
        self.load(&mut model, &weights, |weight| format!("parameter/{}", own_name(weight)))?;

        let gradients =
            model.backward_from(&self.values("input")?, &self.values("output_gradient")?, training)?;
        self.compare("output", &gradients.output)?;
        self.compare("input_gradient", &gradients.input)?;
        for NamedRange { name, range } in weights {
            let name = own_name(&name);
            // Only trained weights have a gradient. PyTorch's running variance is another one than
            // Keras', so it is left out there.
            for (part, values) in [("gradient", &gradients.weights), ("state", &gradients.state)] {
                let key = format!("{part}/{name}");
                if self.has(&key) {
                    self.compare(&key, &values[range.clone()])?;
                }
            }
        }
        Ok(())
    }

    fn loss(&mut self, loss: &Value) -> Result<()> {
        let loss = Loss::from_value(loss)?;
        let mut gradient = self.values("prediction")?;
        let targets = self.targets("target")?;
        let examples = self.shape("prediction")?[0];
        let outputs = gradient.len() / examples;
        let mut total = 0.0;
        for (index, output) in gradient.chunks_exact_mut(outputs).enumerate() {
            let target = targets.all().target(index, outputs);
            total += loss.gradient(output, target, false, 1.0 / examples as f32);
        }
        self.compare("loss", &[(total / examples as f64) as f32])?;
        self.compare("prediction_gradient", &gradient)
    }

    fn optimizer(&mut self, optimizer: &Value) -> Result<()> {
        let mut optimizer = Optimizer::from_value(optimizer)?;
        let mut weights = self.values("initial")?;
        optimizer.start(weights.len());
        let mut values = Vec::new();
        let variable = 0..weights.len();
        for gradient in self.values("gradients")?.chunks_exact_mut(variable.end) {
            optimizer.step(kernels::level(), &mut weights, gradient, [variable.clone()].into_iter());
            values.extend_from_slice(&weights);
        }
        self.compare("values", &values)
    }

    fn path(&mut self, optimizer: &Value) -> Result<()> {
        let examples = self.values("examples")?.as_chunks::<2>().0.to_vec();
        let (start, batches) = (self.values("start")?, self.values("batches")?);
        let [steps, batch_size] = self.shape("batches")?[..] else {
            return Err(Error::format("batches: needs one row a step"));
        };
        let start = <[f32; 2]>::try_from(start).map_err(|_| Error::format("start: needs two numbers"))?;
        let order = batches.iter().map(|&index| index as usize).collect();
        let mut descent = Descent::new(Surface::Regression(examples), optimizer, start, batch_size, 0)?;
        descent.follow(order);
        let mut values = Vec::new();
        for _ in 0..steps {
            descent.step();
            values.extend(descent.parameters());
        }
        self.compare("values", &values)
    }

    fn network(&mut self, model: &Value, optimizer: &Value, loss: &Value, batch: usize) -> Result<()> {
        let mut model = self.initial(model)?;
        let weights = weights_of(&model);
        model.compile(&json!({ "optimizer": optimizer, "loss": loss }).to_string())?;

        let (x, y) = (self.values("x")?, self.targets("y")?);
        let batch_len = x.len() / self.shape("x")?[0] * batch;
        let mut losses = vec![];
        for (step, x) in x.chunks_exact(batch_len).enumerate() {
            model.spoil();
            losses.push(model.train_step(x, y.of(step * batch..(step + 1) * batch))?.loss);
        }
        self.compare("losses", &losses)?;
        for NamedRange { name, range } in weights {
            self.compare(&format!("final/{name}"), &model.flat_weights()[range])?;
        }
        self.compare("prediction", &model.predict(&x[x.len() - batch_len..])?)
    }

    /// The first step as training computes it: its gradients are those that an optimiser would get.
    fn step(&mut self, model: &Value, loss: &Value, maps_of: &str) -> Result<()> {
        let mut model = self.initial(model)?;
        model.compile(&json!({ "optimizer": "sgd", "loss": loss }).to_string())?;
        let (x, y) = (self.values("x")?, self.targets("y")?);
        let maps = model.features(&x, maps_of)?;
        self.compare("maps", &maps)?;
        self.compare("prediction", &model.predict(&x)?)?;

        let weights = weights_of(&model);
        model.spoil();
        let mut step = model.step()?;
        step.begin(Batch::Arrays { x: &x, y: y.all() }, 1)?;
        let sum = step.sum();
        self.compare("loss", &[(sum.loss / sum.examples as f64) as f32])?;
        for NamedRange { name, range } in weights {
            self.compare(&format!("gradient/{name}"), &sum.gradient[range])?;
        }
        self.check_zeros("maps", &maps)
    }

    fn projection(
        &mut self,
        model: &Value,
        layer: &str,
        unit: usize,
        place: [usize; 2],
        rule: &str,
    ) -> Result<()> {
        let mut model = self.initial(model)?;
        let x = self.values("x")?;
        let found = model.project(&x, layer, unit, Some(place), ReluRule::named(rule)?)?;
        self.compare("value", &[found.value])?;
        self.compare("image", &found.image)?;
        // The place is the strongest of its map, which is also what comes without one.
        let strongest = model.project(&x, layer, unit, None, ReluRule::named(rule)?)?;
        self.compare("image", &strongest.image)
    }

    fn occlusion(&mut self, model: &Value, size: usize, stride: usize, value: f32) -> Result<()> {
        let found = self.initial(model)?.occlude(&self.values("x")?, size, stride, value)?;
        self.compare("probabilities", &found.probabilities)
    }

    /// The model with the case's weights.
    fn initial(&self, model: &Value) -> Result<Model> {
        let mut model = Model::from_json(&model.to_string(), 0)?;
        let weights = weights_of(&model);
        self.load(&mut model, &weights, |weight| format!("initial/{weight}"))?;
        Ok(model)
    }

    /// Gives `model` the tensors that `key` names for its weights.
    fn load(&self, model: &mut Model, weights: &[NamedRange], key: impl Fn(&str) -> String) -> Result<()> {
        let values = weights.iter().map(|weight| self.values(&key(&weight.name)));
        model.set_flat_weights(&values.collect::<Result<Vec<_>>>()?.concat())
    }

    fn compare(&mut self, key: &str, values: &[f32]) -> Result<()> {
        let reference = self.values(key)?;
        let differences = reference.iter().zip(values).map(|(&a, &b)| f64::from(a) - f64::from(b));
        let allowed = self.tolerance * norm(reference.iter().copied().map(f64::from)) + ABSOLUTE_TOLERANCE;
        let ratio = norm(differences) / allowed;
        let comparable = values.len() == reference.len() && !ratio.is_nan();
        let ratio = if comparable { ratio } else { f64::INFINITY };
        if ratio > self.ratio || self.tensor.is_empty() {
            self.ratio = ratio;
            self.tensor = key.to_string();
        }
        Ok(())
    }

    /// What is exactly zero in the reference is no rounded sum, so it has to be exactly zero here.
    fn check_zeros(&self, key: &str, values: &[f32]) -> Result<()> {
        let reference = self.values(key)?;
        let noise: Vec<f32> = reference
            .iter()
            .zip(values)
            .filter_map(|(&expected, &value)| (expected == 0.0 && value != 0.0).then_some(value))
            .collect();
        if noise.is_empty() {
            return Ok(());
        }
        let largest = noise.iter().fold(0.0, |largest: f32, value| largest.max(value.abs()));
        let zeros = reference.iter().filter(|&&value| value == 0.0).count();
        Err(Error::value(format!(
            "{key}: {} of {zeros} values that are exactly zero are not, by up to {largest:e}",
            noise.len()
        )))
    }

    fn has(&self, key: &str) -> bool {
        self.tensors.tensor(&format!("{}/{key}", self.case)).is_ok()
    }

    fn tensor(&self, key: &str) -> Result<TensorView<'_>> {
        let name = format!("{}/{key}", self.case);
        match self.tensors.tensor(&name) {
            Ok(tensor) if tensor.dtype() == Dtype::F32 => Ok(tensor),
            Ok(tensor) => Err(Error::format(format!("{name}: expected F32, got {:?}", tensor.dtype()))),
            Err(error) => Err(Error::format(format!("{name}: {error}"))),
        }
    }

    fn shape(&self, key: &str) -> Result<Vec<usize>> {
        Ok(self.tensor(key)?.shape().to_vec())
    }

    fn values(&self, key: &str) -> Result<Vec<f32>> {
        let tensor = self.tensor(key)?;
        let (words, _) = tensor.data().as_chunks::<4>();
        Ok(words.iter().map(|&word| f32::from_le_bytes(word)).collect())
    }

    /// One number an example is a label, a row of them is a wanted output.
    fn targets(&self, key: &str) -> Result<OwnedTargets> {
        let values = self.values(key)?;
        Ok(match self.shape(key)?[..] {
            [_, outputs] => OwnedTargets::Values { values, outputs },
            _ => OwnedTargets::Labels(values.into_iter().map(|label| label as u16).collect()),
        })
    }
}

enum OwnedTargets {
    Labels(Vec<u16>),
    Values { values: Vec<f32>, outputs: usize },
}

impl OwnedTargets {
    fn all(&self) -> Targets<'_> {
        match self {
            Self::Labels(labels) => Targets::Labels(labels),
            Self::Values { values, .. } => Targets::OneHot(values),
        }
    }

    fn of(&self, examples: Range<usize>) -> Targets<'_> {
        match self {
            Self::Labels(labels) => Targets::Labels(&labels[examples]),
            Self::Values { values, outputs } => {
                Targets::OneHot(&values[examples.start * outputs..examples.end * outputs])
            }
        }
    }
}

/// √Σ v²
fn norm(values: impl Iterator<Item = f64>) -> f64 {
    libm::sqrt(values.map(|value| value * value).sum())
}

/// A weight's name, `layer/weight`, and its place among all weights of the model.
struct NamedRange {
    name: String,
    range: Range<usize>,
}

fn weights_of(model: &Model) -> Vec<NamedRange> {
    let mut end = 0;
    let weights = model.summary().layers.into_iter().flat_map(|layer| layer.weights);
    weights
        .map(|weight| {
            let start = end;
            end += weight.shape.iter().product::<usize>();
            NamedRange { name: weight.name, range: start..end }
        })
        .collect()
}

/// `kernel` of `conv2d/kernel`.
fn own_name(weight: &str) -> &str {
    weight.rsplit('/').next().unwrap_or(weight)
}
