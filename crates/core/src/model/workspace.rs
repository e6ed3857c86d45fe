//! The memory of a pass through a network, planned once.

#[cfg(feature = "complete")]
use super::graph::Waiting;
use super::network::{MAX_FLOATS, Network, Node};
use super::passes::Setting;
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
    /// The outputs as they were before the activation, of those layers whose activation needs them on the way back.
    pub(super) kept: Vec<Vec<f32>>,
    pub(super) saved: Vec<Vec<f32>>,
    /// Whole numbers that the layers have left of a forward pass for the way back, if there is one.
    pub(super) marks: Vec<Vec<u32>>,
    pub(super) scratch: Vec<f32>,
    /// What every layer has made of its weights for passes forwards and backwards.
    pub(super) prepared: Vec<[PreparedWeights; 2]>,
    pub(super) entries: Vec<Entry>,
    pub(super) places: Vec<Place>,
    /// The gradient of the current layer's output, and of its input.
    pub(crate) gradients: [Vec<f32>; 2],
    /// Those of outputs that several layers read.
    #[cfg(feature = "complete")]
    pub(super) waiting: Waiting,
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
        let gradient = if training { largest.saturating_mul(examples) } else { 0 };
        let (mut total, mut shared) = (gradient.saturating_mul(2), Sizes::default());
        #[cfg(feature = "complete")]
        for len in Waiting::lens(network, if training { examples } else { 0 }) {
            total = total.saturating_add(len);
        }
        for node in &network.nodes {
            let sizes = Sizes::of(node, examples, training);
            for size in [sizes.output, sizes.kept, sizes.saved, sizes.marks, sizes.forward, sizes.backward] {
                total = total.saturating_add(size);
            }
            shared.scratch = shared.scratch.max(sizes.scratch);
            shared.entries = shared.entries.max(sizes.entries);
            shared.places = shared.places.max(sizes.places);
        }
        for size in
            [shared.scratch, shared.entries, shared.entries, shared.places, shared.places, shared.places]
        {
            total = total.saturating_add(size);
        }
        if total > MAX_FLOATS {
            return Err(Error::limit(format!(
                "{examples} examples at once would need {} MiB of memory, the limit is {} MiB",
                total >> 18,
                MAX_FLOATS >> 18
            )));
        }
        let mut workspace = Self {
            capacity: examples,
            training,
            input: zeros(network.input.len() * examples)?,
            scratch: zeros(shared.scratch)?,
            entries: filled(shared.entries, Entry::default())?,
            places: filled(shared.places, Place::default())?,
            gradients: [zeros(gradient)?, zeros(gradient)?],
            #[cfg(feature = "complete")]
            waiting: Waiting::new(network, if training { examples } else { 0 })?,
            ..Self::default()
        };
        for node in &network.nodes {
            let sizes = Sizes::of(node, examples, training);
            workspace.outputs.push(zeros(sizes.output)?);
            workspace.kept.push(zeros(sizes.kept)?);
            workspace.saved.push(zeros(sizes.saved)?);
            workspace.marks.push(filled(sizes.marks, 0)?);
            let [forward, backward] = [zeros(sizes.forward)?, zeros(sizes.backward)?];
            workspace
                .prepared
                .push([forward, backward].map(|values| PreparedWeights { values, made_for: None }));
        }
        *self = workspace;
        Ok(())
    }

    /// Fills with NaN whatever a pass leaves behind and the next may not read, so that what reads it all the same shows.
    #[cfg(any(test, feature = "vectors"))]
    pub(super) fn spoil(&mut self) {
        let Self { input, outputs, kept, saved, marks, scratch, prepared, gradients, .. } = self;
        let [output_gradient, input_gradient] = gradients;
        for prepared in prepared.iter_mut().flatten() {
            prepared.made_for = None;
        }
        let prepared = prepared.iter_mut().flatten().map(|prepared| &mut prepared.values);
        for values in [input, scratch, output_gradient, input_gradient]
            .into_iter()
            .chain(outputs)
            .chain(kept)
            .chain(saved)
            .chain(prepared)
        {
            values.fill(f32::NAN);
        }
        #[cfg(feature = "complete")]
        self.waiting.spoil();
        for marks in marks {
            marks.fill(u32::MAX);
        }
    }

    /// The output of the last layer for `examples` examples.
    pub(crate) fn last_output(&self, len: usize) -> &[f32] {
        self.outputs.last().map_or(&[], |output| &output[..len])
    }
}

/// What one layer needs room for, in numbers, entries and places.
#[derive(Default)]
struct Sizes {
    output: usize,
    kept: usize,
    saved: usize,
    marks: usize,
    forward: usize,
    backward: usize,
    scratch: usize,
    entries: usize,
    places: usize,
}

impl Sizes {
    fn of(node: &Node, examples: usize, training: bool) -> Self {
        let layer = &node.layer;
        let mut sizes = Self {
            output: node.output.len().saturating_mul(examples),
            saved: layer.saved_len(examples),
            forward: layer.prepared_len(Direction::Forward),
            scratch: layer.scratch_len(examples),
            ..Self::default()
        };
        if training {
            sizes.kept = if layer.activation().needs_input() { sizes.output } else { 0 };
            sizes.marks = layer.marks_len(examples);
            [sizes.entries, sizes.places] = layer.lists_len(examples);
            let from_maxima = layer.prepared_len(Direction::BackwardFromMaxima);
            sizes.backward = layer.prepared_len(Direction::Backward).max(from_maxima);
        }
        sizes
    }
}

/// What a layer has made of its weights, and of which.
#[derive(Debug, Default)]
pub(super) struct PreparedWeights {
    values: Vec<f32>,
    made_for: Option<(Version, Direction)>,
}

impl PreparedWeights {
    /// What the layer of `node` makes of the weights as they are now for passes in `direction`: made now, if it isn't there.
    pub(super) fn renew(
        &mut self,
        node: &Node,
        direction: Direction,
        setting: Setting<'_>,
        scratch: &mut [f32],
    ) -> &[f32] {
        if !node.layer.needs_prepared(setting.examples, setting.pass.is_some()) {
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
