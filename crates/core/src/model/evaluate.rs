//! How well a model's answers match the right ones.

use super::{Model, Setting};
use crate::batch::Batch;
use crate::config::parse;
use crate::dataset::Dataset;
use crate::losses::{Loss, Target, Targets};
use crate::numbers::argmax;
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
use serde::Serialize;

/// The most classes of a confusion matrix.
const MAX_CLASSES: usize = 1 << 10;

/// How well predictions match their targets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Metrics {
    /// The mean loss of the examples, plus the weights' penalties.
    pub loss: f32,
    /// The share of examples whose largest output is the right one, 0 to 1.
    pub accuracy: f32,
}

/// [`Metrics`] with the answers that they come from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// As in [`Metrics`].
    pub loss: f32,
    /// As in [`Metrics`].
    pub accuracy: f32,
    /// `[classes, classes]`: how many examples of the row's class were answered with the column's.
    pub confusion: Vec<u32>,
    /// `[n]`: the answer to each example, the class of the largest output.
    pub predictions: Vec<u16>,
    /// `[n]`: that largest output; behind a softmax the probability of the answer.
    pub probabilities: Vec<f32>,
}

impl Model {
    /// Loss and accuracy on the examples `x`, `[n, …input shape]`, with their targets.
    ///
    /// # Errors
    /// If the model is not compiled, or `x` and `y` don't fit it.
    pub fn evaluate(&mut self, x: &[f32], y: Targets<'_>) -> Result<Metrics> {
        self.evaluate_batch(Batch::Arrays { x, y }, None)
    }

    /// Loss and accuracy on the examples of `data` that `indices` names.
    ///
    /// # Errors
    /// If the model is not compiled, or the data doesn't fit it.
    pub fn evaluate_on(&mut self, data: &Dataset, indices: &[u32]) -> Result<Metrics> {
        self.evaluate_batch(Batch::Of { data, indices, augmentation: None }, None)
    }

    /// Loss and accuracy on `batch`. `loss` is JSON text: Keras' name of a loss or what Keras serialises; without
    /// it, it is the loss that the model is compiled with.
    ///
    /// # Errors
    /// If the batch doesn't fit the model, the loss is not supported, or there is none and the model is not
    /// compiled.
    pub fn evaluate_batch(&mut self, batch: Batch<'_>, loss: Option<&str>) -> Result<Metrics> {
        self.examine(batch, loss, &mut |_, _| {})
    }

    /// As [`Model::evaluate_batch`], with the confusion matrix and every answer.
    ///
    /// # Errors
    /// As for [`Model::evaluate_batch`], or if the model has more than 1024 outputs.
    pub fn evaluate_in_full(&mut self, batch: Batch<'_>, loss: Option<&str>) -> Result<Evaluation> {
        let classes = self.outputs();
        if classes > MAX_CLASSES {
            return Err(Error::limit(format!(
                "a confusion matrix has at most {MAX_CLASSES} classes, the model has {classes}"
            )));
        }
        let mut confusion = vec![0; classes * classes];
        let (mut predictions, mut probabilities) = (Vec::new(), Vec::new());
        let Metrics { loss, accuracy } = self.examine(batch, loss, &mut |output, target| {
            let answer = argmax(output);
            confusion[target.class() * classes + answer] += 1;
            predictions.push(answer as u16);
            probabilities.push(output[answer]);
        })?;
        Ok(Evaluation { loss, accuracy, confusion, predictions, probabilities })
    }

    /// Calls `visit` with the output and the target of each example in turn.
    fn examine(
        &mut self,
        batch: Batch<'_>,
        loss: Option<&str>,
        visit: &mut dyn FnMut(&[f32], Target<'_>),
    ) -> Result<Metrics> {
        let function = match loss {
            Some(text) => Loss::from_value(&parse(text, "loss")?).map_err(|error| error.within("loss"))?,
            None => self.loss()?,
        };
        let outputs = self.outputs();
        batch.check(self.network.input, outputs)?;
        let examples = batch.examples(self.network.input);
        let last = self.network.nodes.len() - 1;
        let keep_logits = function.absorbs_softmax() && self.network.ends_in_softmax();
        let (mut loss, mut correct) = (0.0, 0);
        let mut gradient = vec![0.0; outputs];
        // The last layer is left to this function, since the loss may want its logits.
        self.for_each_chunk(batch, &mut |workspace, network, setting, places| {
            network.forward_to(last, setting, workspace);
            network.forward_layer(last, setting, workspace);
            network.activate(last, Setting { keep_logits, ..setting }, workspace);
            for (index, output) in places.clone().zip(workspace.outputs[last].chunks_exact(outputs)) {
                let target = batch.target(index, outputs);
                correct += usize::from(is_right(output, target));
                gradient.copy_from_slice(output);
                loss += function.gradient(&mut gradient, target, keep_logits, 1.0);
            }
            if keep_logits {
                network.activate(last, setting, workspace);
            }
            for (index, output) in places.zip(workspace.outputs[last].chunks_exact(outputs)) {
                visit(output, batch.target(index, outputs));
            }
        })?;
        let penalties =
            self.network.penalized().map(|(regularizer, range)| regularizer.penalty(&self.weights[range]));
        let loss = loss / examples as f64 + penalties.sum::<f64>();
        Ok(Metrics { loss: loss as f32, accuracy: correct as f32 / examples as f32 })
    }
}

/// Whether the largest output is the target's class.
pub(super) fn is_right(output: &[f32], target: Target<'_>) -> bool {
    // As Keras counts it where there is a single output: both above one half, or neither.
    #[cfg(feature = "complete")]
    if let [value] = output {
        return (*value > 0.5) == (target.value(0) > 0.5);
    }
    argmax(output) == target.class()
}
