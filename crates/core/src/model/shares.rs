//! Training steps in shares: what several workers compute apart and one of them adds up.
//!
//! A batch is cut into shards by its length alone, and their gradients are summed pairwise, neighbours first,
//! then the sums of neighbours. So workers with equal shares of the shards come to the same bits as one that
//! does it all.

use super::Model;
use super::network::Network;
use super::workspace::Workspace;
use crate::batch::Batch;
use crate::numbers::zeros;
use crate::{Error, Result};
use alloc::{format, vec::Vec};
use convscope_kernels::Level;
use convscope_kernels::elementwise::add;
use core::ops::Range;

/// The most shards that a batch is cut into; so many workers can share it.
pub const MAX_SHARDS: usize = 4;

/// Examples that a shard has at least, where a batch is cut at all.
const MIN_SHARD: usize = 16;

/// Which part of a training step a worker computes.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// From 0 to `count` − 1.
    pub number: usize,
    /// The number of shares: a power of two, at most [`Share::max_count`].
    pub count: usize,
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
    workspace: Workspace,
    sums: Sums,
}

/// Sums that wait for their neighbours.
#[derive(Debug, Default)]
pub(super) struct Sums(Vec<Sum>);

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
    pub(super) fn add(&mut self, level: Level, number: usize, fill: impl FnOnce(&mut Sum)) {
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
    /// Room for computing shares of the training steps of `model`.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn new(model: &Model) -> Result<Self> {
        let mut replica = Self { workspace: Workspace::default(), sums: Sums::default() };
        replica.reserve(&model.network, model.network.chunk(usize::MAX, false), 1)?;
        Ok(replica)
    }

    /// Makes room for `examples` examples at once and the sums of `shards` shards.
    pub(super) fn reserve(
        &mut self,
        network: &Network,
        examples: usize,
        shards: usize,
    ) -> Result<(&mut Workspace, &mut Sums)> {
        self.workspace.reserve(network, examples, true)?;
        self.sums.reserve(shards, network.weights_len)?;
        Ok((&mut self.workspace, &mut self.sums))
    }

    /// The sum of the share that was computed last, and of those that were added to it.
    pub fn sum(&self) -> &Sum {
        &self.sums.0[0]
    }

    /// What the layers have kept of the last pass, and the sum.
    pub(super) fn parts(&mut self) -> (&mut Workspace, &mut Sum) {
        (&mut self.workspace, &mut self.sums.0[0])
    }

    /// Fills with NaN what the next step may not read.
    #[cfg(any(test, feature = "vectors"))]
    pub(super) fn spoil(&mut self) {
        self.workspace.spoil();
        for sum in &mut self.sums.0 {
            sum.gradient.fill(f32::NAN);
            sum.loss = f64::NAN;
        }
    }

    /// Lets `fill` write the sum of share number `number`, after those before it.
    pub(super) fn add(&mut self, level: Level, number: usize, fill: impl FnOnce(&mut Sum)) -> Result<()> {
        let weights = self.sum().gradient.len();
        self.sums.reserve((number + 1).next_power_of_two(), weights)?;
        self.sums.add(level, number, fill);
        Ok(())
    }
}

/// Into how many shards a batch of `examples` is cut, a power of two: it depends on nothing else, so that the
/// sum of their gradients doesn't either.
fn shards(network: &Network, examples: usize) -> usize {
    if network.needs_whole_batch() {
        return 1;
    }
    1 << (examples / MIN_SHARD).clamp(1, MAX_SHARDS).ilog2()
}

impl Share {
    /// The most shares that a step of `model` on a batch of `examples` can have, a power of two.
    pub fn max_count(model: &Model, examples: usize) -> usize {
        shards(&model.network, examples)
    }

    /// Share `number` of `count` of the model's next step on `batch`, and the examples that belong to it.
    ///
    /// # Errors
    /// If the model is not compiled, the batch doesn't fit it, or there is no such share.
    pub fn new<'a>(
        model: &Model,
        batch: Batch<'a>,
        number: usize,
        count: usize,
    ) -> Result<(Self, Batch<'a>)> {
        model.trainee()?.share(batch, number, count)
    }

    /// Computes the share, given the examples that belong to it, into `replica`.
    ///
    /// # Errors
    /// If the model is not compiled, the examples don't fit it or the share, or there is no memory.
    pub fn compute(self, model: &Model, replica: &mut Replica, batch: Batch<'_>) -> Result<()> {
        let trainee = model.trainee()?;
        trainee.check(&self, &batch)?;
        trainee.for_each_chunk(replica, self, batch, &mut |chunk| chunk.gradient())
    }

    /// Where the examples of the share lie in the batch.
    ///
    /// # Errors
    /// If the batch has no such share.
    pub fn range(&self, model: &Model) -> Result<Range<usize>> {
        self.examples_of(&model.network)
    }

    pub(super) fn examples_of(&self, network: &Network) -> Result<Range<usize>> {
        let Self { number, count, examples, .. } = *self;
        let shards = shards(network, examples);
        if !count.is_power_of_two() || count > shards || number >= count {
            return Err(Error::value(format!(
                "a batch of {examples} examples has {shards} shards, got share {number} of {count}"
            )));
        }
        Ok(examples * number / count..examples * (number + 1) / count)
    }

    /// Examples of the longest shard of the whole batch: it depends on the batch's length alone, as what is made of it must.
    pub(super) fn longest_shard(&self, network: &Network) -> usize {
        self.examples.div_ceil(shards(network, self.examples))
    }

    /// Where the shards of the share lie in the batch.
    pub(super) fn shards_of(&self, network: &Network) -> impl Iterator<Item = Range<usize>> + use<> {
        let Self { number, count, examples, .. } = *self;
        let shards = shards(network, examples);
        let each = shards / count;
        (number * each..(number + 1) * each)
            .map(move |shard| examples * shard / shards..examples * (shard + 1) / shards)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ModelConfig;

    fn network(layers: &str) -> Network {
        let description = format!(
            r#"{{"class_name": "Sequential", "config": {{"layers": [
                {{"class_name": "InputLayer", "config": {{"batch_shape": [null, 3]}}}}, {layers}
                {{"class_name": "Dense", "config": {{"units": 2}}}}]}}}}"#
        );
        Network::new(&ModelConfig::from_value(&serde_json::from_str(&description).unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn shards_lie_one_behind_the_other_whoever_computes_them() {
        let network = network("");
        for examples in 1..200 {
            let whole = Share { number: 0, count: 1, examples, step: 0 };
            let shards: Vec<_> = whole.shards_of(&network).collect();
            assert_eq!(
                shards.iter().flat_map(Clone::clone).collect::<Vec<_>>(),
                (0..examples).collect::<Vec<_>>()
            );
            let lengths: Vec<_> = shards.iter().map(Range::len).collect();
            let (shortest, longest) = (*lengths.iter().min().unwrap(), *lengths.iter().max().unwrap());
            assert!(longest - shortest <= 1 && (lengths.len() == 1 || shortest >= MIN_SHARD), "{lengths:?}");
            for count in [1, 2, 4].into_iter().filter(|&count| count <= shards.len()) {
                let shares = (0..count).map(|number| Share { number, count, ..whole });
                for share in shares.clone() {
                    let examples: Vec<_> = share.shards_of(&network).flatten().collect();
                    assert_eq!(examples, share.examples_of(&network).unwrap().collect::<Vec<_>>());
                    assert_eq!(share.longest_shard(&network), longest);
                }
                assert_eq!(shares.flat_map(|share| share.shards_of(&network)).collect::<Vec<_>>(), shards);
            }
        }
    }

    #[test]
    fn sums_add_up_to_those_of_all_examples() {
        for count in [1, 2, 4, 8] {
            let mut sums = Sums::default();
            sums.reserve(count, 3).unwrap();
            for number in 0..count {
                sums.add(convscope_kernels::level(), number, |sum| {
                    let place = number as f32;
                    sum.gradient.copy_from_slice(&[place, -place, 0.5]);
                    (sum.examples, sum.loss, sum.correct) = (16 + number, f64::from(place) + 0.5, number + 1);
                });
            }
            let places = count * (count - 1) / 2;
            let Sum { gradient, examples, loss, correct } = &sums.0[0];
            assert_eq!(gradient, &[places as f32, -(places as f32), 0.5 * count as f32]);
            assert_eq!((*examples, *correct), (16 * count + places, count + places));
            assert_eq!(*loss, places as f64 + 0.5 * count as f64);
        }
    }

    #[test]
    fn a_batch_that_a_layer_needs_as_a_whole_is_one_shard() {
        let network = network(r#"{"class_name": "BatchNormalization", "config": {}},"#);
        assert_eq!(shards(&network, 200), 1);
        assert!(Share { number: 0, count: 2, examples: 200, step: 0 }.examples_of(&network).is_err());
    }
}
