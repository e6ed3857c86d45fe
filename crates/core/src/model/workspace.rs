//! The memory of a pass through a network, planned once.

use super::network::{MAX_FLOATS, Network, Node};
use crate::numbers::zeros;
use crate::{Error, Result};
use alloc::{format, vec::Vec};

/// The memory that passes through a network use. It grows when more examples come, never shrinks.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    capacity: usize,
    training: bool,
    pub(crate) input: Vec<f32>,
    pub(crate) outputs: Vec<Vec<f32>>,
    pub(super) saved: Vec<Vec<f32>>,
    pub(super) scratch: Vec<f32>,
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
        let outputs = layers(&|node| node.output.len().saturating_mul(examples));
        let saved = layers(&|node| node.layer.saved_len(examples));
        let scratch = layers(&|node| node.layer.scratch_len(examples)).into_iter().max().unwrap_or(0);
        let gradient = if training { largest.saturating_mul(examples) } else { 0 };
        let total = outputs.iter().chain(&saved).chain([&scratch, &gradient, &gradient]);
        let total = total.fold(0_usize, |sum, &len| sum.saturating_add(len));
        if total > MAX_FLOATS {
            return Err(Error::limit(format!(
                "{examples} examples at once would need {} MiB of memory, the limit is {} MiB",
                total >> 18,
                MAX_FLOATS >> 18
            )));
        }
        let each = |lens: Vec<usize>| lens.into_iter().map(zeros).collect::<Result<Vec<_>>>();
        *self = Self {
            capacity: examples,
            training,
            input: zeros(network.input.len() * examples)?,
            outputs: each(outputs)?,
            saved: each(saved)?,
            scratch: zeros(scratch)?,
            gradients: [zeros(gradient)?, zeros(gradient)?],
        };
        Ok(())
    }

    /// The output of the last layer for `examples` examples.
    pub(crate) fn last_output(&self, len: usize) -> &[f32] {
        self.outputs.last().map_or(&[], |output| &output[..len])
    }
}
