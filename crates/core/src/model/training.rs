//! Training: gradients of shards of a batch, summed in a fixed order, then one optimiser step.

use super::network::{Pass, Workspace, zeros};
use super::{Metrics, Model, tally};
use crate::batch::Batch;
use crate::dataset::Dataset;
use crate::losses::{Loss, Targets, parse_compile};
use crate::optimizers::Optimizer;
use crate::{Error, Result};
use alloc::vec::Vec;
use convscope_kernels::elementwise::add;
use convscope_kernels::matmul::Write;

/// The most shards that a batch is cut into; so many workers can share it.
pub const MOST_SHARDS: usize = 4;

/// Examples that a shard has at least, where a batch is cut at all.
const SMALLEST_SHARD: usize = 16;

/// What a compiled model has beyond its weights.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) optimizer: Optimizer,
    pub(super) loss: Loss,
    /// None while a step has it.
    replica: Option<Replica>,
    gradients: Vec<f32>,
    summed: Summed,
}

/// What the shards of a step have added up to.
#[derive(Clone, Copy, Debug, Default)]
struct Summed {
    loss: f64,
    correct: usize,
    examples: usize,
}

/// Room for one shard's pass through a model, and the gradient that comes out. Several threads
/// can compute shards of the same step, each with a replica of its own.
#[derive(Debug)]
pub struct Replica {
    workspace: Workspace,
    gradients: Vec<f32>,
    summed: Summed,
}

impl Model {
    /// Sets the optimiser and the loss: `{"optimizer": …, "loss": …}`, each Keras' name for it or
    /// what Keras serialises. Training starts anew; the weights stay.
    ///
    /// # Errors
    /// If a name or an argument is not supported, or there is no memory for training.
    pub fn compile(&mut self, text: &str) -> Result<()> {
        let (mut optimizer, loss) = parse_compile(text)?;
        let replica = Some(self.replica()?);
        let gradients = zeros(self.network.weights_len)?;
        optimizer.start(self.network.weights_len);
        self.compiled = Some(Compiled { optimizer, loss, replica, gradients, summed: Summed::default() });
        Ok(())
    }

    /// The learning rate of the next step.
    ///
    /// # Errors
    /// If the model is not compiled.
    pub fn learning_rate(&self) -> Result<f32> {
        Ok(self.compiled()?.optimizer.learning_rate())
    }

    /// Changes the learning rate of the steps to come.
    ///
    /// # Errors
    /// If the model is not compiled, or the rate is negative or not finite.
    pub fn set_learning_rate(&mut self, learning_rate: f32) -> Result<()> {
        self.compiled_mut()?.optimizer.set_learning_rate(learning_rate)
    }

    /// One optimiser step on the examples `x`, `[n, …input shape]`, and their targets.
    ///
    /// # Errors
    /// If the model is not compiled, a shape doesn't fit, a number is not finite or a label is out of range.
    pub fn train_step(&mut self, x: &[f32], y: Targets<'_>) -> Result<Metrics> {
        self.step(Batch::Arrays { x, y })
    }

    /// One optimiser step on the examples of `data` that `indices` names.
    ///
    /// # Errors
    /// As for [`Model::train_step`], or if an index is out of range.
    pub fn train_step_on(&mut self, data: &Dataset, indices: &[u32]) -> Result<Metrics> {
        self.step(Batch::Of { data, indices })
    }

    fn step(&mut self, batch: Batch<'_>) -> Result<Metrics> {
        let mut replica = match self.compiled_mut()?.replica.take() {
            Some(replica) => replica,
            None => self.replica()?,
        };
        let shards = self.shards(batch.examples(self.network.input));
        let outcome = (0..shards).try_for_each(|shard| {
            self.shard_gradients(&mut replica, batch, shard)?;
            self.add_shard(&replica, shard)
        });
        let metrics = outcome.and_then(|()| self.apply_gradients(&replica));
        self.compiled_mut()?.replica = Some(replica);
        metrics
    }

    /// Room for computing shards of this model's training steps.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn replica(&self) -> Result<Replica> {
        let mut workspace = Workspace::default();
        workspace.reserve(&self.network, self.network.chunk(usize::MAX, false), true)?;
        Ok(Replica { workspace, gradients: zeros(self.network.weights_len)?, summed: Summed::default() })
    }

    /// Into how many shards a batch of `examples` is cut: it depends on nothing else, so that the
    /// sum of their gradients doesn't either.
    pub fn shards(&self, examples: usize) -> usize {
        if self.network.needs_whole_batch() { 1 } else { (examples / SMALLEST_SHARD).clamp(1, MOST_SHARDS) }
    }

    /// Computes the gradient of one shard of a batch into `replica`.
    ///
    /// # Errors
    /// If the model is not compiled, or the batch doesn't fit it.
    pub fn shard_gradients(&self, replica: &mut Replica, batch: Batch<'_>, shard: usize) -> Result<()> {
        let compiled = self.compiled()?;
        let (network, outputs) = (&self.network, self.outputs());
        batch.check(network.input, outputs)?;
        let total = batch.examples(network.input);
        let shards = self.shards(total);
        let (mut start, end) = (total * shard / shards, total * (shard + 1) / shards);
        let chunk = network.chunk(end - start, true);
        let Replica { workspace, gradients, summed } = replica;
        workspace.reserve(network, chunk, true)?;
        *summed = Summed { examples: end - start, ..Summed::default() };
        let logits = compiled.loss.absorbs_softmax() && network.ends_in_softmax();
        let step = compiled.optimizer.steps();
        // The first chunk overwrites what an earlier step has left.
        let mut write = Write::Set;
        while start < end {
            let stop = (start + chunk).min(end);
            let examples = stop - start;
            batch.read(start..stop, network.input, &mut workspace.input);
            let pass = Pass { seed: self.seed, step, first_example: start };
            network.forward(self.level, &self.weights, workspace, examples, Some(pass), logits);
            let Workspace { outputs: layers, gradients: [gradient, _], .. } = workspace;
            let output = layers.last().map_or(&[][..], |output| &output[..examples * outputs]);
            let gradient = &mut gradient[..examples * outputs];
            gradient.copy_from_slice(output);
            for (index, gradient) in gradient.chunks_exact_mut(outputs).enumerate() {
                let target = batch.target(start + index, outputs);
                summed.correct += usize::from(tally(gradient, target));
                summed.loss += compiled.loss.gradient(gradient, target, logits, 1.0 / total as f32);
            }
            network.backward(
                self.level,
                &self.weights,
                workspace,
                examples,
                true,
                logits,
                false,
                gradients,
                write,
            );
            write = Write::Add;
            start = stop;
        }
        Ok(())
    }

    /// Adds the gradient of shard number `shard` to those before it. The order matters to the last
    /// bit, so shards are added from 0 upwards.
    ///
    /// # Errors
    /// If the model is not compiled.
    pub fn add_shard(&mut self, replica: &Replica, shard: usize) -> Result<()> {
        let compiled = self.compiled.as_mut().ok_or_else(not_compiled)?;
        if shard == 0 {
            compiled.gradients.copy_from_slice(&replica.gradients);
            compiled.summed = replica.summed;
        } else {
            add(self.level, &replica.gradients, &mut compiled.gradients);
            compiled.summed.loss += replica.summed.loss;
            compiled.summed.correct += replica.summed.correct;
            compiled.summed.examples += replica.summed.examples;
        }
        Ok(())
    }

    /// Takes the optimiser's step with the gradients that were added. `last` is the replica of the
    /// last shard. The metrics are those of the batch before the step, the loss with its penalties.
    ///
    /// # Errors
    /// If the model is not compiled.
    pub fn apply_gradients(&mut self, last: &Replica) -> Result<Metrics> {
        let Self { network, weights, compiled, level, .. } = self;
        let compiled = compiled.as_mut().ok_or_else(not_compiled)?;
        let Compiled { optimizer, gradients, summed, .. } = compiled;
        let mut loss = summed.loss / summed.examples.max(1) as f64;
        for (regularizer, range) in network.penalized() {
            loss += regularizer.penalize(&weights[range.clone()], &mut gradients[range]);
        }
        let trained =
            network.weights.iter().filter(|weight| weight.trainable).map(|weight| weight.range.clone());
        optimizer.step(*level, weights, gradients, trained);
        network.update_state(&last.workspace, weights);
        Ok(Metrics { loss: loss as f32, accuracy: summed.correct as f32 / summed.examples.max(1) as f32 })
    }

    fn compiled(&self) -> Result<&Compiled> {
        self.compiled.as_ref().ok_or_else(not_compiled)
    }

    fn compiled_mut(&mut self) -> Result<&mut Compiled> {
        self.compiled.as_mut().ok_or_else(not_compiled)
    }

    /// The loss that the model is compiled with.
    pub(super) fn loss(&self) -> Result<Loss> {
        Ok(self.compiled()?.loss)
    }

    /// Lets a compiled model forget the steps it has taken.
    pub(super) fn restart(&mut self) {
        let weights = self.network.weights_len;
        if let Some(compiled) = &mut self.compiled {
            compiled.optimizer.start(weights);
        }
    }
}

fn not_compiled() -> Error {
    Error::config("the model needs an optimizer and a loss before it can be trained: call compile first")
}
