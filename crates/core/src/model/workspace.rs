//! The memory of a pass through a network, planned once.

use super::network::{MAX_FLOATS, Network, Node, Setting};
use super::versioned::Version;
use crate::layers::{Direction, Preparation};
use crate::numbers::{filled, zeros};
use crate::{Error, Result};
use alloc::{format, vec::Vec};
use convscope_kernels::convolution::{Entry, Place};

/// The memory that passes through a network use. It grows when more examples come, never shrinks.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    capacity: usize,
    training: bool,
    pub(crate) input: Vec<f32>,
    pub(crate) outputs: Vec<Vec<f32>>,
    pub(super) saved: Vec<Vec<f32>>,
    /// Whole numbers that the layers have left of a forward pass.
    pub(super) marks: Vec<Vec<u32>>,
    pub(super) scratch: Vec<f32>,
    /// What every layer has made of its weights for passes forwards and backwards.
    pub(super) prepared: Vec<[PreparedWeights; 2]>,
    pub(super) entries: Vec<Entry>,
    pub(super) places: Vec<Place>,
    /// The gradient of the current layer's output, and of its input.
    pub(crate) gradients: [Vec<f32>; 2],
}

impl Workspace {
    /// Makes room for `examples` examples at once; `training` adds the gradients.
    ///
    /// # Errors
    /// If that is more memory than a model may have, or than there is. The old room stays.
    pub(crate) fn reserve(&mut self, network: &Network, examples: usize, training: bool) -> Result<()> {
        if examples <= self.capacity && (self.training || !training) {
            return Ok(());
        }
        let (examples, training) = (examples.max(self.capacity), training || self.training);
        let largest = network
            .nodes
            .iter()
            .map(|node| node.output.len())
            .chain([network.input.len()])
            .max()
            .unwrap_or(0);
        let layers = |size: &dyn Fn(&Node) -> usize| network.nodes.iter().map(size).collect::<Vec<_>>();
        let most = |size: &dyn Fn(&Node) -> usize| layers(size).into_iter().max().unwrap_or(0);
        let outputs = layers(&|node| node.output.len().saturating_mul(examples));
        let saved = layers(&|node| node.layer.saved_len(examples));
        let marks = layers(&|node| node.layer.marks_len(examples));
        let scratch = most(&|node| node.layer.scratch_len(examples));
        let forward = layers(&|node| node.layer.prepared_len(Direction::Forward));
        let backward = layers(&|node| {
            let directions = [Direction::Backward, Direction::BackwardFromMaxima];
            if training {
                directions.map(|direction| node.layer.prepared_len(direction)).into_iter().fold(0, usize::max)
            } else {
                0
            }
        });
        let lists =
            |list: usize| if training { most(&|node| node.layer.lists_len(examples)[list]) } else { 0 };
        let (entries, places) = (lists(0), lists(1));
        let gradient = if training { largest.saturating_mul(examples) } else { 0 };
        let total = outputs.iter().chain(&saved).chain(&marks).chain(&forward).chain(&backward);
        let lists = [2_usize.saturating_mul(entries), 3_usize.saturating_mul(places)];
        let total = total.chain(&lists).chain([&scratch, &gradient, &gradient]);
        let total = total.fold(0_usize, |sum, &len| sum.saturating_add(len));
        if total > MAX_FLOATS {
            return Err(Error::limit(format!(
                "{examples} examples at once would need {} MiB of memory, the limit is {} MiB",
                total >> 18,
                MAX_FLOATS >> 18
            )));
        }
        let each = |lens: Vec<usize>| lens.into_iter().map(zeros).collect::<Result<Vec<_>>>();
        let prepared = forward.into_iter().zip(backward);
        let prepared = prepared
            .map(|(forward, backward)| Ok([PreparedWeights::new(forward)?, PreparedWeights::new(backward)?]));
        *self = Self {
            capacity: examples,
            training,
            input: zeros(network.input.len() * examples)?,
            outputs: each(outputs)?,
            saved: each(saved)?,
            marks: marks.into_iter().map(|len| filled(len, 0)).collect::<Result<_>>()?,
            scratch: zeros(scratch)?,
            prepared: prepared.collect::<Result<_>>()?,
            entries: filled(entries, Entry::default())?,
            places: filled(places, Place::default())?,
            gradients: [zeros(gradient)?, zeros(gradient)?],
        };
        Ok(())
    }

    /// The output of the last layer for `examples` examples.
    pub(crate) fn last_output(&self, len: usize) -> &[f32] {
        self.outputs.last().map_or(&[], |output| &output[..len])
    }
}

/// What a layer has made of its weights, and of which.
#[derive(Debug, Default)]
pub(super) struct PreparedWeights {
    values: Vec<f32>,
    made_for: Option<(Version, Direction)>,
}

impl PreparedWeights {
    fn new(len: usize) -> Result<Self> {
        Ok(Self { values: zeros(len)?, made_for: None })
    }

    /// What the layer of `node` makes of the weights as they are now for passes in `direction`: made now, if it isn't there.
    pub(super) fn renew(
        &mut self,
        node: &Node,
        direction: Direction,
        setting: Setting<'_>,
        scratch: &mut [f32],
    ) -> &[f32] {
        if !node.layer.needs_prepared(setting.examples) {
            return &[];
        }
        let target = &mut self.values[..node.layer.prepared_len(direction)];
        let wanted = Some((setting.weights.version(), direction));
        if !target.is_empty() && self.made_for != wanted {
            let Setting { level, weights, .. } = setting;
            let weights = &weights[node.weights.clone()];
            node.layer.prepare(direction, Preparation { level, weights, target, scratch });
            self.made_for = wanted;
        }
        target
    }
}
