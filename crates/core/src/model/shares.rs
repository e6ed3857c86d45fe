//! Training steps in shares: what several workers compute apart and one of them adds up.
//!
//! A batch is cut into shards by its length alone, and their gradients are summed pairwise, neighbours first,
//! then the sums of neighbours. So workers with equal shares of the shards come to the same bits as one that
//! does it all.

use super::network::{Pass, Setting, Workspace};
use super::{Model, tally};
use crate::batch::Batch;
use crate::losses::Loss;
use crate::numbers::zeros;
use crate::{Error, Result};
use alloc::{format, vec::Vec};
use convscope_kernels::Level;
use convscope_kernels::Write;
use convscope_kernels::elementwise::add;
use core::ops::Range;

/// The most shards that a batch is cut into; so many workers can share it.
pub const MAX_SHARDS: usize = 4;

/// Examples that a shard has at least, where a batch is cut at all.
const MIN_SHARD: usize = 16;

/// Which part of a training step a worker computes.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// From 0 to `of` − 1.
    pub number: usize,
    /// The number of shares: a power of two, at most the batch's number of shards.
    pub of: usize,
    /// The number of examples in the whole batch.
    pub examples: usize,
    /// How many steps the model had taken before.
    pub step: u64,
}

/// What examples of a batch add up to.
#[derive(Clone, Debug)]
pub struct Sum {
    /// The gradient of every weight, in the places of the weights.
    pub gradient: Vec<f32>,
    /// How many they are.
    pub examples: usize,
    /// The losses.
    pub loss: f64,
    /// The examples whose largest output is the right one.
    pub correct: usize,
}

/// Room for the passes of one share through a model, and the sum that comes out. Several threads can compute
/// shares of the same step, each with a replica of its own.
#[derive(Debug)]
pub struct Replica {
    pub(super) workspace: Workspace,
    pub(super) sums: Sums,
}

/// Sums that wait for their neighbours.
#[derive(Debug, Default)]
pub(super) struct Sums(pub(super) Vec<Sum>);

impl Sums {
    /// Makes room for adding up `count` sums, a power of two, of `weights` weights.
    fn reserve(&mut self, count: usize, weights: usize) -> Result<()> {
        while self.0.len() <= count.ilog2() as usize {
            self.0.push(Sum { gradient: zeros(weights)?, examples: 0, loss: 0.0, correct: 0 });
        }
        Ok(())
    }

    /// Lets `fill` write sum number `number`; those before it are there. As in a binary counter, every one
    /// bit of a number is a sum that waits, and every carry adds two.
    fn add(&mut self, level: Level, number: usize, fill: impl FnOnce(&mut Sum)) {
        let mut last = number.count_ones() as usize;
        fill(&mut self.0[last]);
        for _ in 0..number.trailing_ones() {
            let (before, after) = self.0.split_at_mut(last);
            last -= 1;
            add(level, &after[0].gradient, &mut before[last].gradient);
            before[last].examples += after[0].examples;
            before[last].loss += after[0].loss;
            before[last].correct += after[0].correct;
        }
    }
}

impl Replica {
    /// No room yet.
    pub(super) fn empty() -> Self {
        Self { workspace: Workspace::default(), sums: Sums::default() }
    }

    /// The sum of the share that was computed last, and of those that were added to it.
    pub fn sum(&self) -> &Sum {
        &self.sums.0[0]
    }

    pub(super) fn sum_mut(&mut self) -> &mut Sum {
        &mut self.sums.0[0]
    }

    /// Lets `fill` write the sum of share number `number`, after those before it.
    pub(super) fn add(&mut self, level: Level, number: usize, fill: impl FnOnce(&mut Sum)) -> Result<()> {
        let weights = self.sum().gradient.len();
        self.sums.reserve((number + 1).next_power_of_two(), weights)?;
        self.sums.add(level, number, fill);
        Ok(())
    }
}

impl Model {
    /// Room for computing shares of this model's training steps.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn replica(&self) -> Result<Replica> {
        let mut replica = Replica::empty();
        replica.workspace.reserve(&self.network, self.network.chunk(usize::MAX, false), true)?;
        replica.sums.reserve(1, self.network.weights_len)?;
        Ok(replica)
    }

    /// Into how many shards a batch of `examples` is cut, a power of two: it depends on nothing else, so that
    /// the sum of their gradients doesn't either.
    pub fn shards(&self, examples: usize) -> usize {
        if self.network.needs_whole_batch() {
            return 1;
        }
        1 << (examples / MIN_SHARD).clamp(1, MAX_SHARDS).ilog2()
    }

    /// Share `number` of `of` of the next step on `batch`, and the examples that belong to it.
    ///
    /// # Errors
    /// If the model is not compiled, the batch doesn't fit it, or there is no such share.
    pub fn share<'a>(&self, batch: Batch<'a>, number: usize, of: usize) -> Result<(Share, Batch<'a>)> {
        let step = self.compiled()?.optimizer.steps();
        batch.check(self.network.input, self.outputs())?;
        let share = Share { number, of, examples: batch.examples(self.network.input), step };
        let examples = self.examples_of(&share)?;
        Ok((share, batch.part(examples, self.network.input, self.outputs())))
    }

    /// Writes the examples of a share as channel planes, and after them the wanted outputs, `[n, outputs]`:
    /// what a worker that doesn't have the batch needs, as [`Batch::Planes`].
    pub fn write_examples(&self, batch: Batch<'_>, target: &mut Vec<f32>) {
        let (input, outputs) = (self.network.input, self.outputs());
        let examples = batch.examples(input);
        target.resize(examples * (input.len() + outputs), 0.0);
        let (x, y) = target.split_at_mut(examples * input.len());
        batch.read(self.level, 0..examples, input, x);
        for (index, y) in y.chunks_exact_mut(outputs).enumerate() {
            let target = batch.target(index, outputs);
            y.iter_mut().enumerate().for_each(|(class, wanted)| *wanted = target.value(class));
        }
    }

    /// Computes a share of a step, given the examples that belong to it, into `replica`.
    ///
    /// # Errors
    /// If the model is not compiled, or the examples don't fit it or the share.
    pub fn share_gradients(&self, replica: &mut Replica, share: Share, batch: Batch<'_>) -> Result<()> {
        batch.check(self.network.input, self.outputs())?;
        let (needed, got) = (self.examples_of(&share)?.len(), batch.examples(self.network.input));
        if needed != got {
            return Err(Error::shape(format!("the share needs {needed} examples, got {got}")));
        }
        self.compute(replica, share, batch)
    }

    /// Where the shards of a share lie in the batch.
    fn shards_of(&self, share: &Share) -> impl Iterator<Item = Range<usize>> + use<> {
        let Share { number, of, examples, .. } = *share;
        let shards = self.shards(examples);
        let each = shards / of;
        (number * each..(number + 1) * each)
            .map(move |shard| examples * shard / shards..examples * (shard + 1) / shards)
    }

    /// Where the examples of a share lie in the batch.
    ///
    /// # Errors
    /// If the batch has no such share.
    pub fn examples_of(&self, share: &Share) -> Result<Range<usize>> {
        let Share { number, of, examples, .. } = *share;
        let shards = self.shards(examples);
        if !of.is_power_of_two() || of > shards || number >= of {
            return Err(Error::value(format!(
                "a batch of {examples} examples has {shards} shards, got share {number} of {of}"
            )));
        }
        Ok(examples * number / of..examples * (number + 1) / of)
    }

    /// Computes a share that was checked.
    pub(super) fn compute(&self, replica: &mut Replica, share: Share, batch: Batch<'_>) -> Result<()> {
        let (network, outputs, loss) = (&self.network, self.outputs(), self.loss()?);
        let Replica { workspace, sums } = replica;
        let each = self.shards(share.examples) / share.of;
        let longest = self.shards_of(&share).map(|shard| shard.len()).max().unwrap_or(0);
        let chunk = network.chunk(longest, true);
        workspace.reserve(network, chunk, true)?;
        sums.reserve(each, network.weights_len)?;
        let logits = loss.absorbs_softmax() && network.ends_in_softmax();
        let first = share.examples * share.number / share.of;
        let scale = 1.0 / share.examples as f32;
        for (number, shard) in self.shards_of(&share).enumerate() {
            sums.add(self.level, number, |sum| {
                (sum.examples, sum.loss, sum.correct) = (shard.len(), 0.0, 0);
                // The first chunk overwrites what an earlier step has left.
                let mut write = Write::Set;
                for start in shard.clone().step_by(chunk) {
                    let stop = (start + chunk).min(shard.end);
                    let batch = batch.part(start - first..stop - first, network.input, outputs);
                    batch.read(self.level, 0..stop - start, network.input, &mut workspace.input);
                    let setting = Setting {
                        level: self.level,
                        weights: &self.weights,
                        examples: stop - start,
                        pass: Some(Pass { seed: self.seed, step: share.step, first_example: start }),
                        keep_logits: logits,
                    };
                    network.forward(setting, workspace);
                    self.add_losses(loss, setting, batch, scale, workspace, sum);
                    network.backward(setting, workspace, false, &mut sum.gradient, write);
                    write = Write::Add;
                }
            });
        }
        Ok(())
    }

    /// Adds the losses of the examples of `batch`, whose outputs are in `workspace`, to `sum`, and leaves
    /// their gradients, times `scale`, in `workspace`.
    pub(super) fn add_losses(
        &self,
        loss: Loss,
        setting: Setting<'_>,
        batch: Batch<'_>,
        scale: f32,
        workspace: &mut Workspace,
        sum: &mut Sum,
    ) {
        let outputs = self.outputs();
        let Workspace { outputs: layers, gradients: [gradient, _], .. } = workspace;
        let gradient = &mut gradient[..setting.examples * outputs];
        gradient.copy_from_slice(layers.last().map_or(&[], |output| &output[..gradient.len()]));
        for (index, gradient) in gradient.chunks_exact_mut(outputs).enumerate() {
            let target = batch.target(index, outputs);
            sum.correct += usize::from(tally(gradient, target));
            sum.loss += loss.gradient(gradient, target, setting.keep_logits, scale);
        }
    }
}
