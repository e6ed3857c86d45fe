//! Training: a step is the gradient of a batch, then the optimiser.

use super::shares::{Replica, Share, Sum};
use super::{Metrics, Model};
use crate::batch::Batch;
use crate::dataset::Dataset;
use crate::losses::{Loss, Targets, parse_compile};
use crate::optimizers::Optimizer;
use crate::{Error, Result};
use alloc::vec::Vec;
use core::mem;

/// What a compiled model has beyond its weights.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) optimizer: Optimizer,
    pub(super) loss: Loss,
    replica: Replica,
}

impl Model {
    /// Sets the optimiser and the loss: `{"optimizer": …, "loss": …}`, each Keras' name for it or
    /// what Keras serialises. Training starts anew; the weights stay.
    ///
    /// # Errors
    /// If a name or an argument is not supported, or there is no memory for training.
    pub fn compile(&mut self, text: &str) -> Result<()> {
        let (mut optimizer, loss) = parse_compile(text)?;
        let replica = self.replica()?;
        optimizer.start(self.network.weights_len);
        self.compiled = Some(Compiled { optimizer, loss, replica });
        Ok(())
    }

    /// The steps taken since the model was compiled, or with the checkpoint that was loaded; 0 if it is not
    /// compiled.
    pub fn steps(&self) -> u64 {
        self.compiled.as_ref().map_or(0, |compiled| compiled.optimizer.steps())
    }

    /// The learning rate of the next step.
    ///
    /// # Errors
    /// If the model is not compiled.
    pub fn learning_rate(&self) -> Result<f32> {
        Ok(self.compiled()?.optimizer.learning_rate())
    }

    /// Changes the learning rate of the steps to come; where it has a schedule, the rate that this starts
    /// from.
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
        self.step(Batch::Of { data, indices, augmentation: None })
    }

    fn step(&mut self, batch: Batch<'_>) -> Result<Metrics> {
        self.begin_step(batch, 1)?;
        self.take_step()
    }

    /// Computes the first of `of` shares of a step on `batch`, which [`Model::add_share`] and
    /// [`Model::take_step`] complete.
    ///
    /// # Errors
    /// As for [`Model::share`], or if there is no memory for it.
    pub fn begin_step(&mut self, batch: Batch<'_>, of: usize) -> Result<()> {
        let (share, batch) = self.share(batch, 0, of)?;
        self.in_replica(|model, replica| model.compute(replica, share, batch))
    }

    /// As [`Model::share_gradients`] in the model's own room; what comes out is [`Model::sum`].
    ///
    /// # Errors
    /// As for [`Model::share_gradients`].
    pub fn compute_share(&mut self, share: Share, batch: Batch<'_>) -> Result<()> {
        self.in_replica(|model, replica| model.share_gradients(replica, share, batch))
    }

    fn in_replica(&mut self, work: impl FnOnce(&Self, &mut Replica) -> Result<()>) -> Result<()> {
        let mut replica = mem::replace(&mut self.compiled_mut()?.replica, Replica::empty());
        let outcome = work(self, &mut replica);
        self.compiled_mut()?.replica = replica;
        outcome
    }

    /// What the shares so far add up to.
    ///
    /// # Errors
    /// If the model is not compiled.
    pub fn sum(&self) -> Result<&Sum> {
        Ok(self.compiled()?.replica.sum())
    }

    /// Adds share `number`, whose sum `fill` writes, to those before it. The order matters to the last bit,
    /// so shares are added from 1 upwards.
    ///
    /// # Errors
    /// If the model is not compiled.
    pub fn add_share(&mut self, number: usize, fill: impl FnOnce(&mut Sum)) -> Result<()> {
        let level = self.level;
        self.compiled_mut()?.replica.add(level, number, fill)
    }

    /// Takes the optimiser's step with the sum of all shares. The metrics are those of the batch before the
    /// step, the loss with its penalties.
    ///
    /// # Errors
    /// If the model is not compiled.
    pub fn take_step(&mut self) -> Result<Metrics> {
        let Self { network, weights, compiled, level, .. } = self;
        let Compiled { optimizer, replica, .. } = compiled.as_mut().ok_or_else(not_compiled)?;
        let Sum { gradient, examples, loss, correct } = replica.sum_mut();
        let examples = (*examples).max(1);
        let mut loss = *loss / examples as f64;
        for (regularizer, range) in network.penalized() {
            loss += regularizer.penalize(&weights[range.clone()], &mut gradient[range]);
        }
        let trained =
            network.weights.iter().filter(|weight| weight.trainable).map(|weight| weight.range.clone());
        optimizer.step(*level, weights, gradient, trained);
        let accuracy = *correct as f32 / examples as f32;
        network.update_state(&replica.workspace, weights);
        Ok(Metrics { loss: loss as f32, accuracy })
    }

    pub(super) fn compiled(&self) -> Result<&Compiled> {
        self.compiled.as_ref().ok_or_else(not_compiled)
    }

    fn compiled_mut(&mut self) -> Result<&mut Compiled> {
        self.compiled.as_mut().ok_or_else(not_compiled)
    }

    /// The loss that the model is compiled with.
    pub(super) fn loss(&self) -> Result<Loss> {
        Ok(self.compiled()?.loss)
    }

    /// Lets a compiled model go on after `steps` steps with the optimiser's running averages.
    pub(super) fn resume(&mut self, steps: u64, slots: Vec<Vec<f32>>) {
        if let Some(compiled) = &mut self.compiled {
            compiled.optimizer.resume(steps, slots);
        }
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
