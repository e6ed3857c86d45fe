//! A model: a network, its weights, and, once compiled, what it takes to train it.

mod describe;
mod evaluate;
mod gradients;
#[cfg(feature = "complete")]
mod graph;
mod network;
mod observe;
mod passes;
#[cfg(feature = "profile")]
pub mod profile;
mod shares;
mod step;
mod training;
mod versioned;
mod weights;
mod workspace;

pub use describe::{
    ActivationSummary, Answers, KernelSummary, LayerSummary, ReceptiveFieldSummary, Summary, WeightSummary,
    WindowSummary,
};
pub use evaluate::{Evaluation, Metrics};
pub use gradients::Gradients;
pub use network::MAX_WEIGHTS;
pub use observe::{FeatureMaps, LayerMaps, Observation};
pub use shares::{MAX_SHARDS, Replica, Share, Sum};
pub use step::Step;
pub use weights::Weights;

use crate::batch::{Batch, check_examples};
use crate::config::{ModelConfig, json_text, parse};
use crate::dataset::Dataset;
use crate::losses::Targets;
use crate::numbers::zeros;
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};
use convscope_kernels::Level;
use core::ops::Range;
pub(crate) use network::{Network, Node};
pub(crate) use passes::{GradientTargets, Setting};
use training::Compiled;
use versioned::VersionedWeights;
pub(crate) use workspace::Workspace;

/// A network with its weights.
///
/// Examples go in as Keras orders them, `[n, height, width, channels]` (or `[n, length]`), pixels
/// from 0 to 1. A call that returns an error has changed nothing.
#[derive(Debug)]
pub struct Model {
    config: ModelConfig,
    pub(crate) network: Network,
    pub(crate) weights: VersionedWeights,
    seed: u64,
    pub(crate) level: Level,
    pub(crate) workspace: Workspace,
    compiled: Option<Compiled>,
}

impl Model {
    /// Builds the model that `text` describes: what `to_json()` of `keras.Sequential` writes, and
    /// of `keras.Functional` with one input and one output. The same seed gives the same starting weights.
    ///
    /// # Errors
    /// If the text is not such a description, something in it is not supported, shapes don't fit
    /// each other, or the model is too large.
    pub fn from_json(text: &str, seed: u64) -> Result<Self> {
        Self::from_config(ModelConfig::from_value(&parse(text, "model description")?)?, seed)
    }

    fn from_config(config: ModelConfig, seed: u64) -> Result<Self> {
        let network = Network::new(&config)?;
        let mut weights = zeros(network.weights_len)?;
        network.initialize(seed, &mut weights);
        Ok(Self::from_parts(config, network, weights, seed))
    }

    fn from_parts(config: ModelConfig, network: Network, weights: Vec<f32>, seed: u64) -> Self {
        Self {
            config,
            network,
            weights: VersionedWeights::new(weights),
            seed,
            level: convscope_kernels::level(),
            workspace: Workspace::default(),
            compiled: None,
        }
    }

    /// The layers and sizes of the model that `text` describes, without its weights: those of a large one take
    /// seconds to make.
    ///
    /// # Errors
    /// As [`Model::from_json`].
    #[cfg(feature = "complete")]
    pub fn describe(text: &str) -> Result<Summary> {
        let config = ModelConfig::from_value(&parse(text, "model description")?)?;
        let network = Network::new(&config)?;
        Ok(Self::from_parts(config, network, Vec::new(), 0).summary())
    }

    /// The description of the model as Keras writes it.
    pub fn to_json(&self) -> String {
        json_text(&self.config.to_value())
    }

    /// Back to the starting weights; a compiled model forgets the steps it has taken.
    pub fn reset(&mut self) {
        self.network.initialize(self.seed, self.weights.edit());
        self.restart();
    }

    /// The seed that the model was created with.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The shape of one input example.
    pub fn input_shape(&self) -> Shape {
        self.network.input
    }

    /// The length of one prediction.
    pub fn outputs(&self) -> usize {
        self.network.output().len()
    }

    /// The outputs for the examples `x`, `[n, …input shape]` → `[n, outputs]`. A network that ends
    /// in an image gives `[n, height, width, channels]`.
    ///
    /// # Errors
    /// If `x` doesn't hold whole examples of finite numbers, or there is no memory for them.
    pub fn predict(&mut self, x: &[f32]) -> Result<Vec<f32>> {
        check_examples(x, self.network.input)?;
        self.answers(Batch::Arrays { x, y: Targets::Labels(&[]) }, self.network.nodes.len() - 1)
    }

    /// The outputs for the examples of `data` that `indices` names, `[n, outputs]`.
    ///
    /// # Errors
    /// If the data doesn't fit the model, an index is out of range, or there is no memory for the outputs.
    pub fn predict_on(&mut self, data: &Dataset, indices: &[u32]) -> Result<Vec<f32>> {
        let batch = self.batch_of(data, indices)?;
        self.answers(batch, self.network.nodes.len() - 1)
    }

    /// The examples of `data` that `indices` names.
    ///
    /// # Errors
    /// If the data doesn't fit the model, or an index is out of range.
    pub fn batch_of<'a>(&self, data: &'a Dataset, indices: &'a [u32]) -> Result<Batch<'a>> {
        let batch = Batch::Of { data, indices, augmentation: None };
        batch.check(self.network.input, self.outputs())?;
        Ok(batch)
    }

    /// The outputs of layer number `index` for checked examples, whatever their targets.
    pub(crate) fn answers(&mut self, batch: Batch<'_>, index: usize) -> Result<Vec<f32>> {
        let output = self.network.nodes[index].output;
        let mut answers = zeros(batch.examples(self.network.input).saturating_mul(output.len()))?;
        let mut rest = answers.as_mut_slice();
        self.for_each_chunk(batch, &mut |workspace, network, setting, examples| {
            network.forward_to(index + 1, setting, workspace);
            let part = rest.split_off_mut(..examples.len() * output.len()).unwrap_or_default();
            part.copy_from_slice(&workspace.outputs[index][..part.len()]);
        })?;
        Ok(answers)
    }

    /// Reads checked examples, as many at a time as is good for the processor's caches, and calls `visit` with them in the
    /// workspace, the network, the setting of a pass and the places in the batch of its examples.
    #[expect(clippy::type_complexity, reason = "what is visited is named once, here")]
    pub(crate) fn for_each_chunk(
        &mut self,
        batch: Batch<'_>,
        visit: &mut dyn FnMut(&mut Workspace, &Network, Setting<'_>, Range<usize>),
    ) -> Result<()> {
        let Self { network, weights, level, workspace, .. } = self;
        let examples = batch.examples(network.input);
        let chunk = network.chunk(examples, false);
        workspace.reserve(network, chunk, false)?;
        for start in (0..examples).step_by(chunk) {
            let range = start..(start + chunk).min(examples);
            batch.read(*level, range.clone(), network.input, &mut workspace.input);
            let setting =
                Setting { level: *level, weights, examples: range.len(), pass: None, keep_logits: false };
            visit(workspace, network, setting, range);
        }
        Ok(())
    }

    /// Reads the one example `x`; `gradients` makes room for them.
    pub(crate) fn read_one(&mut self, x: &[f32], gradients: bool) -> Result<()> {
        if check_examples(x, self.network.input)? != 1 {
            return Err(Error::shape(format!(
                "needs one example of shape {}, that is {} numbers, got {}",
                self.network.input,
                self.network.input.len(),
                x.len()
            )));
        }
        self.workspace.reserve(&self.network, 1, gradients)?;
        self.workspace.input[..x.len()].copy_from_slice(x);
        Ok(())
    }

    /// Computes the outputs of all layers for the example that was read.
    pub(crate) fn observe_one(&mut self) {
        let Self { network, weights, level, workspace, .. } = self;
        let setting = Setting { level: *level, weights, examples: 1, pass: None, keep_logits: false };
        network.observe_to(network.nodes.len(), setting, workspace);
    }
}
