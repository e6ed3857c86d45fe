//! A training step: forward, loss, backward, update. Several workers can compute shares of it.

use super::Model;
use super::evaluate::{Metrics, is_right};
use super::network::Network;
use super::passes::{GradientTargets, Pass, Setting};
use super::shares::{Replica, Share, Sum};
use super::training::{Compiled, not_compiled};
use super::versioned::VersionedWeights;
use super::workspace::Workspace;
use crate::batch::Batch;
use crate::dataset::Dataset;
use crate::losses::{Loss, Targets};
use crate::optimizers::Optimizer;
use crate::{Error, Result};
use alloc::format;
use convscope_kernels::{Level, Write};

impl Model {
    /// One optimiser step on `batch`. The metrics are those before it.
    ///
    /// # Errors
    /// If the model is not compiled, a shape doesn't fit, a number is not finite or a label is out of range.
    pub fn train_batch(&mut self, batch: Batch<'_>) -> Result<Metrics> {
        let mut step = self.step()?;
        step.for_each_chunk(batch, 1, &mut |chunk| {
            chunk.forward();
            chunk.loss();
            chunk.backward();
        })?;
        Ok(step.update())
    }

    /// One optimiser step on the examples `x`, `[n, …input shape]`, and their targets.
    ///
    /// # Errors
    /// As for [`Model::train_batch`].
    pub fn train_step(&mut self, x: &[f32], y: Targets<'_>) -> Result<Metrics> {
        self.train_batch(Batch::Arrays { x, y })
    }

    /// One optimiser step on the examples of `data` that `indices` names.
    ///
    /// # Errors
    /// As for [`Model::train_batch`], or if an index is out of range.
    pub fn train_step_on(&mut self, data: &Dataset, indices: &[u32]) -> Result<Metrics> {
        self.train_batch(Batch::Of { data, indices, augmentation: None })
    }

    /// The step that comes next, to be taken in shares.
    ///
    /// # Errors
    /// If the model is not compiled.
    pub fn step(&mut self) -> Result<Step<'_>> {
        let Self { network, weights, seed, level, compiled, .. } = self;
        let Compiled { optimizer, loss, replica } = compiled.as_mut().ok_or_else(not_compiled)?;
        Ok(Step { network, weights, seed: *seed, level: *level, loss: *loss, optimizer, replica })
    }

    /// What the workers of a step share.
    pub(super) fn trainee(&self) -> Result<Trainee<'_>> {
        let Compiled { optimizer, loss, .. } = self.compiled()?;
        Ok(Trainee {
            network: &self.network,
            weights: &self.weights,
            seed: self.seed,
            level: self.level,
            loss: *loss,
            step: optimizer.steps(),
        })
    }
}

/// A training step of a model that several workers compute, each a share of the batch.
///
/// One worker [begins](Step::begin) with the first share, [adds](Step::add) the sums of the others', from 1
/// upwards, and [takes](Step::take) the step. What has been added stays with the model: the handle may be
/// dropped between these calls and asked for again. Without a first share of its own, a worker adds from 0.
///
/// ```
/// # use convscope_core::{Batch, Dataset, Model, Replica, Share};
/// # let description = r#"{"class_name": "Sequential", "config": {"layers": [
/// #     {"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 1, 1]}},
/// #     {"class_name": "Flatten", "config": {}},
/// #     {"class_name": "Dense", "config": {"units": 2, "activation": "softmax"}}]}}"#;
/// # let mut model = Model::from_json(description, 1)?;
/// # model.compile(r#"{"optimizer": "sgd", "loss": "sparse_categorical_crossentropy"}"#)?;
/// # let data = Dataset::new(vec![9; 64], vec![1; 32], [2, 1, 1])?;
/// # let indices: Vec<u32> = (0..32).collect();
/// let batch = Batch::Of { data: &data, indices: &indices, augmentation: None };
///
/// // One worker, perhaps a thread of its own:
/// let mut replica = Replica::new(&model)?;
/// let (share, examples) = Share::new(&model, batch, 1, 2)?;
/// share.compute(&model, &mut replica, examples)?;
///
/// // The one that has the model:
/// let mut step = model.step()?;
/// step.begin(batch, 2)?;
/// step.add(1, |sum| sum.clone_from(replica.sum()))?;
/// let metrics = step.take();
/// # assert!(metrics.loss > 0.0);
/// # Ok::<(), convscope_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Step<'model> {
    network: &'model Network,
    weights: &'model mut VersionedWeights,
    seed: u64,
    level: Level,
    loss: Loss,
    optimizer: &'model mut Optimizer,
    replica: &'model mut Replica,
}

impl Step<'_> {
    /// Computes the first of `count` shares of the step on `batch`, which may be the only one.
    ///
    /// # Errors
    /// As for [`Share::new`], or if there is no memory for it.
    pub fn begin(&mut self, batch: Batch<'_>, count: usize) -> Result<()> {
        self.for_each_chunk(batch, count, &mut |chunk| chunk.gradient())
    }

    /// Computes any share, whose examples are `batch`: what comes out is [`Step::sum`].
    ///
    /// # Errors
    /// As for [`Share::compute`].
    pub fn compute(&mut self, share: Share, batch: Batch<'_>) -> Result<()> {
        let (trainee, replica) = self.parts();
        trainee.check(&share, &batch)?;
        trainee.for_each_chunk(replica, share, batch, &mut |chunk| chunk.gradient())
    }

    /// What the shares so far add up to.
    pub fn sum(&self) -> &Sum {
        self.replica.sum()
    }

    /// Adds share `number`, whose sum `fill` writes, to those before it. The order matters to the last bit.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn add(&mut self, number: usize, fill: impl FnOnce(&mut Sum)) -> Result<()> {
        self.replica.add(self.level, number, fill)
    }

    /// Takes the optimiser's step with the sum of all shares. The metrics are those of the batch before the
    /// step, the loss with its penalties.
    pub fn take(mut self) -> Metrics {
        self.update()
    }

    fn update(&mut self) -> Metrics {
        let Self { network, weights, level, optimizer, replica, .. } = self;
        let (workspace, Sum { gradient, examples, loss, correct }) = replica.parts();
        let examples = (*examples).max(1);
        let mut loss = *loss / examples as f64;
        for (regularizer, range) in network.penalized() {
            loss += regularizer.penalize(&weights[range.clone()], &mut gradient[range]);
        }
        let trained =
            network.weights.iter().filter(|weight| weight.trainable).map(|weight| weight.range.clone());
        optimizer.step(*level, weights.edit(), gradient, trained);
        #[cfg(feature = "complete")]
        network.constrain(weights.edit());
        network.update_state(workspace, weights.edit());
        Metrics { loss: loss as f32, accuracy: *correct as f32 / examples as f32 }
    }

    /// Visits the chunks of the first of `count` shares of `batch`.
    fn for_each_chunk(
        &mut self,
        batch: Batch<'_>,
        count: usize,
        visit: &mut dyn FnMut(&mut Chunk<'_>),
    ) -> Result<()> {
        let (trainee, replica) = self.parts();
        let (share, batch) = trainee.share(batch, 0, count)?;
        trainee.for_each_chunk(replica, share, batch, visit)
    }

    fn parts(&mut self) -> (Trainee<'_>, &mut Replica) {
        let Self { network, weights, seed, level, loss, optimizer, replica } = self;
        let step = optimizer.steps();
        (Trainee { network, weights, seed: *seed, level: *level, loss: *loss, step }, replica)
    }
}

/// A model as the workers of a step see it: nothing of it changes before the update.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trainee<'a> {
    pub(super) network: &'a Network,
    weights: &'a VersionedWeights,
    seed: u64,
    level: Level,
    loss: Loss,
    step: u64,
}

impl Trainee<'_> {
    /// Share `number` of `count` of the step on `batch`, and the examples that belong to it.
    pub(super) fn share<'b>(
        &self,
        batch: Batch<'b>,
        number: usize,
        count: usize,
    ) -> Result<(Share, Batch<'b>)> {
        let (input, outputs) = (self.network.input, self.network.output().len());
        batch.check(input, outputs)?;
        let share = Share { number, count, examples: batch.examples(input), step: self.step };
        let examples = share.examples_of(self.network)?;
        Ok((share, batch.part(examples, input, outputs)))
    }

    /// Checks that the examples of `batch` fit the network and the share.
    pub(super) fn check(&self, share: &Share, batch: &Batch<'_>) -> Result<()> {
        batch.check(self.network.input, self.network.output().len())?;
        let (needed, got) = (share.examples_of(self.network)?.len(), batch.examples(self.network.input));
        if needed != got {
            return Err(Error::shape(format!("the share needs {needed} examples, got {got}")));
        }
        Ok(())
    }

    /// Visits the chunks of a checked share, each read into the workspace of `replica`, and leaves the sum of
    /// them all there: shards are cut into chunks, whose gradients are added as they come, and the shards'
    /// gradients pairwise.
    pub(super) fn for_each_chunk(
        &self,
        replica: &mut Replica,
        share: Share,
        batch: Batch<'_>,
        visit: &mut dyn FnMut(&mut Chunk<'_>),
    ) -> Result<()> {
        let Self { network, weights, seed, level, loss, .. } = *self;
        let outputs = network.output().len();
        let length = network.chunk(share.longest_shard(network), true);
        let shards = share.shards_of(network).count();
        let (workspace, sums) = replica.reserve(network, length, shards)?;
        let keep_logits = loss.absorbs_softmax() && network.ends_in_softmax();
        let first = share.examples * share.number / share.count;
        for (number, shard) in share.shards_of(network).enumerate() {
            sums.add(level, number, |sum| {
                (sum.examples, sum.loss, sum.correct) = (shard.len(), 0.0, 0);
                // The first chunk overwrites what an earlier step has left.
                let mut write = Write::Set;
                for start in shard.clone().step_by(length) {
                    let stop = (start + length).min(shard.end);
                    let setting = Setting {
                        level,
                        weights,
                        examples: stop - start,
                        pass: Some(Pass { seed, step: share.step, first_example: start }),
                        keep_logits,
                    };
                    let mut chunk = Chunk {
                        network,
                        setting,
                        batch: batch.part(start - first..stop - first, network.input, outputs),
                        loss,
                        scale: 1.0 / share.examples as f32,
                        workspace,
                        sum,
                        write,
                    };
                    chunk.read();
                    visit(&mut chunk);
                    write = Write::Add;
                }
            });
        }
        Ok(())
    }
}

/// Examples that go through the network together.
pub(super) struct Chunk<'a> {
    pub(super) network: &'a Network,
    pub(super) setting: Setting<'a>,
    pub(super) batch: Batch<'a>,
    pub(super) loss: Loss,
    /// What the losses' gradients are multiplied by: 1 / examples of the whole batch.
    pub(super) scale: f32,
    pub(super) workspace: &'a mut Workspace,
    pub(super) sum: &'a mut Sum,
    /// What becomes of the gradient that is in `sum`.
    pub(super) write: Write,
}

impl Chunk<'_> {
    /// Copies the examples to where the first layer reads them.
    pub(super) fn read(&mut self) {
        let Setting { level, examples, .. } = self.setting;
        self.batch.read(level, 0..examples, self.network.input, &mut self.workspace.input);
    }

    /// Computes the outputs of all layers.
    pub(super) fn forward(&mut self) {
        self.network.forward_to(self.network.nodes.len(), self.setting, self.workspace);
    }

    /// Adds up the losses of the outputs, and leaves their gradients in the workspace.
    pub(super) fn loss(&mut self) {
        let outputs = self.network.output().len();
        let Workspace { outputs: layers, gradients: [gradient, _], .. } = &mut *self.workspace;
        let gradient = &mut gradient[..self.setting.examples * outputs];
        gradient.copy_from_slice(layers.last().map_or(&[], |output| &output[..gradient.len()]));
        for (index, gradient) in gradient.chunks_exact_mut(outputs).enumerate() {
            let target = self.batch.target(index, outputs);
            self.sum.correct += usize::from(is_right(gradient, target));
            self.sum.loss += self.loss.gradient(gradient, target, self.setting.keep_logits, self.scale);
        }
    }

    /// Takes the losses' gradients back to the weights of all layers.
    fn backward(&mut self) {
        let (network, setting) = (self.network, self.setting);
        let (workspace, targets) = self.targets();
        network.backward(setting, workspace, targets);
    }

    /// What a backward pass works in, and where its gradients go.
    pub(super) fn targets(&mut self) -> (&mut Workspace, GradientTargets<'_>) {
        let weights = &mut self.sum.gradient;
        (self.workspace, GradientTargets { weights, write: self.write, input: false })
    }

    /// Forward, loss and backward.
    pub(super) fn gradient(&mut self) {
        self.forward();
        self.loss();
        self.backward();
    }
}
