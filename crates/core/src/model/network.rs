//! The layers in order, with their places in the flat buffer of weights, and the two passes.

use super::versioned::VersionedWeights;
use super::workspace::Workspace;
use crate::config::ModelConfig;
use crate::initializers::Initializer;
use crate::layers::{self, Backward, Direction, Forward, Layer, Lists, Training};
use crate::random::Random;
use crate::regularizers::Regularizer;
use crate::shape::{ReceptiveField, Shape};
use crate::{Error, Result};
use alloc::{boxed::Box, format, string::String, vec::Vec};
use convscope_kernels::Level;
use convscope_kernels::Write;
use convscope_kernels::activations::{self, Activation};
use core::ops::Range;

/// The most weights that a model may have: 512 MiB of them.
pub const MAX_WEIGHTS: usize = 1 << 27;

/// The most floats of working memory that a model may need: 1 GiB of them.
pub(super) const MAX_FLOATS: usize = 1 << 28;

/// Floats of activations that a chunk of examples should take, so that the processor's second cache
/// holds them and their gradients.
const CACHED_FLOATS: usize = 1 << 16;

/// Examples of a chunk, however small or large their activations: the dense layers' matrix products
/// want some rows.
const CHUNK: core::ops::RangeInclusive<usize> = 3..=32;

/// Floats of activations that a chunk of examples may take.
const CHUNK_FLOATS: usize = 1 << 24;

/// A network whose shapes are settled. It holds no weights.
#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) input: Shape,
    pub(crate) nodes: Vec<Node>,
    pub(crate) weights: Vec<Weight>,
    pub(crate) weights_len: usize,
}

/// A layer and where it stands in the network.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) class_name: String,
    pub(crate) layer: Box<dyn Layer>,
    pub(crate) input: Shape,
    pub(crate) output: Shape,
    /// Whether max pooling comes next, and the layer can go back from the maxima alone.
    is_pooled: bool,
    /// The layer's part of the flat buffer of weights.
    pub(crate) weights: Range<usize>,
    /// What one unit sees of the network's input, or none where that is all of it.
    pub(crate) receptive_field: Option<[ReceptiveField; 2]>,
}

/// A weight and where it lies in the flat buffer.
#[derive(Debug)]
pub(crate) struct Weight {
    /// `layer/weight`
    pub(crate) name: String,
    /// What it is in its layer: the second part of the name.
    pub(crate) role: &'static str,
    pub(crate) shape: Vec<usize>,
    pub(crate) range: Range<usize>,
    pub(crate) trainable: bool,
    regularizer: Option<Regularizer>,
    initializer: Initializer,
}

/// Which training pass this is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pass {
    pub(crate) seed: u64,
    pub(crate) step: u64,
    pub(crate) first_example: usize,
}

/// What a pass through the network gives to every layer alike.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) level: Level,
    pub(crate) weights: &'a VersionedWeights,
    pub(crate) examples: usize,
    /// Which training pass this is, where it is one.
    pub(crate) pass: Option<Pass>,
    /// Whether a softmax at the end is left to the loss.
    pub(crate) keep_logits: bool,
}

/// What a pass does at once: a layer and its activation, or a convolution, the max pooling behind it and then its
/// activation. No activation decreases, so the maxima are the same before and behind it, and they are few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stage {
    pub(super) layer: usize,
    /// The layer whose output is the stage's: this one, or the pooling.
    pub(super) end: usize,
}

impl Stage {
    pub(super) fn of_layer(layer: usize) -> Self {
        Self { layer, end: layer }
    }

    pub(super) fn is_pooled(self) -> bool {
        self.end > self.layer
    }

    /// Which way its gradients go back.
    pub(super) fn direction(self) -> Direction {
        if self.is_pooled() { Direction::BackwardFromMaxima } else { Direction::Backward }
    }
}

/// Where gradients of a backward pass go.
#[derive(Debug)]
pub(crate) struct GradientTargets<'a> {
    /// Those of all weights, in the weights' places.
    pub(crate) weights: &'a mut [f32],
    /// What becomes of the values there.
    pub(crate) write: Write,
    /// Whether that of the input is wanted, too. It stays in the first of the workspace's gradients.
    pub(crate) input: bool,
}

impl Network {
    pub(crate) fn new(config: &ModelConfig) -> Result<Self> {
        if config.layers.is_empty() {
            return Err(Error::config("the model has no layers"));
        }
        let mut network =
            Self { input: config.input, nodes: Vec::new(), weights: Vec::new(), weights_len: 0 };
        let mut shape = config.input;
        let mut receptive_field = match shape {
            Shape::Image(_) => Some([ReceptiveField::PIXEL; 2]),
            Shape::Vector(_) => None,
        };
        for (index, layer_config) in config.layers.iter().enumerate() {
            let place = format!("layer {} ({})", index + 1, layer_config.name);
            let layer = layers::build(layer_config, shape).map_err(|error| error.within(&place))?;
            let start = network.weights_len;
            for spec in layer.weights() {
                let len = spec.shape.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
                let len = len.filter(|len| network.weights_len.saturating_add(*len) <= MAX_WEIGHTS);
                let len = len.ok_or_else(|| {
                    Error::limit(format!("{place}: the model would have more than {MAX_WEIGHTS} weights"))
                })?;
                network.weights.push(Weight {
                    name: format!("{}/{}", layer_config.name, spec.name),
                    role: spec.name,
                    shape: spec.shape,
                    range: network.weights_len..network.weights_len + len,
                    trainable: spec.trainable && layer_config.trainable,
                    regularizer: spec.regularizer,
                    initializer: spec.initializer,
                });
                network.weights_len += len;
            }
            if layer.sees_everything() {
                receptive_field = None;
            } else if let (Some([rows, columns]), Some(window)) = (receptive_field, layer.window()) {
                receptive_field = Some([rows.behind(&window.rows), columns.behind(&window.columns)]);
            }
            let output = layer.output_shape();
            if let (Some(pool), Some(before)) = (layer.max_pool(), network.nodes.last_mut()) {
                before.is_pooled = before.layer.activation() != Activation::Softmax
                    && before.layer.go_back_from_maxima(pool);
            }
            network.nodes.push(Node {
                name: layer_config.name.clone(),
                class_name: layer_config.class_name.clone(),
                layer,
                input: shape,
                output,
                is_pooled: false,
                weights: start..network.weights_len,
                receptive_field,
            });
            shape = output;
            network.check_size(&place)?;
        }
        Ok(network)
    }

    /// Refuses a network whose tensors don't fit the memory that it may have, before they are allocated.
    fn check_size(&self, place: &str) -> Result<()> {
        let tensors = self.nodes.iter().map(|node| {
            let sizes = [node.output.sizes(), node.input.sizes()];
            sizes.iter().map(|sizes| sizes.iter().map(|&size| size as u64).product::<u64>()).sum::<u64>()
        });
        // A patch matrix repeats each pixel once for every cell of the window, and columns are padded.
        let patches = self.nodes.iter().map(|node| match node.layer.window() {
            Some(window) if !node.weights.is_empty() => {
                let cells = (window.rows.size * window.columns.size) as u64;
                let columns = convscope_kernels::padded(window.outputs()) as u64;
                cells.saturating_mul(columns).saturating_mul(node.input.channels() as u64)
            }
            _ => 0,
        });
        let floats = tensors.chain(patches).fold(0_u64, u64::saturating_add);
        if floats > MAX_FLOATS as u64 {
            return Err(Error::limit(format!(
                "{place}: one example would need {} MiB of memory, the limit is {} MiB",
                floats >> 18,
                MAX_FLOATS >> 18
            )));
        }
        Ok(())
    }

    /// The number of the layer called `layer`.
    pub(crate) fn index(&self, layer: &str) -> Result<usize> {
        self.nodes.iter().position(|node| node.name == layer).ok_or_else(|| {
            let names = self.nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>();
            Error::value(format!("expected the name of a layer ({}), got '{layer}'", names.join(", ")))
        })
    }

    pub(crate) fn output(&self) -> Shape {
        self.nodes.last().map_or(self.input, |node| node.output)
    }

    /// The weights that the loss is penalised for. As in Keras, frozen ones are not.
    pub(crate) fn penalized(&self) -> impl Iterator<Item = (Regularizer, Range<usize>)> {
        self.weights
            .iter()
            .filter(|weight| weight.trainable)
            .filter_map(|weight| weight.regularizer.map(|regularizer| (regularizer, weight.range.clone())))
    }

    /// Fills `weights` with the starting values that `seed` gives.
    pub(crate) fn initialize(&self, seed: u64, weights: &mut [f32]) {
        for (stream, weight) in self.weights.iter().enumerate() {
            let mut random = Random::new(seed, stream as u64);
            weight.initializer.fill(&mut random, &weight.shape, &mut weights[weight.range.clone()]);
        }
    }

    /// Whether a training step cannot cut the batch, since some layer takes statistics over it.
    pub(crate) fn needs_whole_batch(&self) -> bool {
        self.nodes.iter().any(|node| node.layer.needs_whole_batch())
    }

    /// How many of `examples` examples go through the network together.
    pub(crate) fn chunk(&self, examples: usize, training: bool) -> usize {
        if training && self.needs_whole_batch() {
            return examples;
        }
        let floats: usize = self.nodes.iter().map(|node| node.output.len()).sum();
        let wanted = (CACHED_FLOATS / floats.max(1)).clamp(*CHUNK.start(), *CHUNK.end());
        let most = (CHUNK_FLOATS / floats.max(1)).clamp(1, wanted);
        // As few chunks as that allows, of the same length.
        examples.div_ceil(examples.div_ceil(most).max(1))
    }

    pub(super) fn activation(&self, index: usize, keep_logits: bool) -> Activation {
        match self.nodes[index].layer.activation() {
            Activation::Softmax if keep_logits && index + 1 == self.nodes.len() => Activation::Linear,
            activation => activation,
        }
    }

    pub(crate) fn ends_in_softmax(&self) -> bool {
        self.nodes.last().is_some_and(|node| node.layer.activation() == Activation::Softmax)
    }

    /// The stages of the first `layers` layers, in order.
    pub(super) fn stages(&self, layers: usize) -> impl DoubleEndedIterator<Item = Stage> {
        let is_inside = |&layer: &usize| layer == 0 || !self.nodes[layer - 1].is_pooled;
        (0..layers).filter(is_inside).map(move |layer| {
            let end = if self.nodes[layer].is_pooled && layer + 1 < layers { layer + 1 } else { layer };
            Stage { layer, end }
        })
    }

    /// Runs the examples in `workspace.input` through the first `layers` layers. Of the outputs, the last one is sure to be
    /// there afterwards.
    pub(crate) fn forward_to(&self, layers: usize, setting: Setting<'_>, workspace: &mut Workspace) {
        for stage in self.stages(layers) {
            self.forward_stage(stage, setting, workspace);
            self.activate_stage(stage, setting, workspace);
        }
    }

    /// As [`Network::forward_to`], but leaves the outputs of all these layers.
    pub(crate) fn observe_to(&self, layers: usize, setting: Setting<'_>, workspace: &mut Workspace) {
        for index in 0..layers {
            self.forward_layer(index, setting, workspace);
            self.activate(index, setting, workspace);
        }
    }

    /// Computes the output of a stage, before its activation.
    pub(super) fn forward_stage(&self, stage: Stage, setting: Setting<'_>, workspace: &mut Workspace) {
        for index in stage.layer..=stage.end {
            self.forward_layer(index, setting, workspace);
        }
    }

    /// Computes the output of one layer, before its activation.
    pub(crate) fn forward_layer(&self, index: usize, setting: Setting<'_>, workspace: &mut Workspace) {
        let Setting { level, weights, examples, pass, .. } = setting;
        let node = &self.nodes[index];
        let Workspace { input, outputs, saved, marks, scratch, prepared, .. } = workspace;
        let (before, rest) = outputs.split_at_mut(index);
        let input = before.last().unwrap_or(input);
        node.layer.forward(Forward {
            level,
            examples,
            training: pass.map(|Pass { seed, step, first_example }| Training {
                seed,
                step,
                first_example,
                layer: index,
            }),
            weights: &weights[node.weights.clone()],
            prepared: prepared[index][0].renew(node, Direction::Forward, setting, scratch),
            input: &input[..node.input.len() * examples],
            output: &mut rest[0][..node.output.len() * examples],
            saved: &mut saved[index],
            marks: &mut marks[index],
            scratch,
        });
    }

    /// Applies the activation of one layer to its output.
    pub(crate) fn activate(&self, index: usize, setting: Setting<'_>, workspace: &mut Workspace) {
        self.activate_stage(Stage::of_layer(index), setting, workspace);
    }

    /// Applies the activation of a stage to its output.
    pub(super) fn activate_stage(&self, stage: Stage, setting: Setting<'_>, workspace: &mut Workspace) {
        let shape = self.nodes[stage.end].output;
        let output = &mut workspace.outputs[stage.end][..shape.len() * setting.examples];
        let activation = self.activation(stage.layer, setting.keep_logits);
        activations::apply(setting.level, activation, output, shape.channels());
    }

    /// Takes the gradient of the last output, the first of `workspace.gradients`, back through all layers, after
    /// [`Network::forward_to`].
    pub(crate) fn backward(
        &self,
        setting: Setting<'_>,
        workspace: &mut Workspace,
        mut targets: GradientTargets<'_>,
    ) {
        for stage in self.stages(self.nodes.len()).rev() {
            self.activate_stage_backward(stage, setting, workspace);
            let input = targets.input || stage.layer > 0;
            let GradientTargets { weights, write, .. } = &mut targets;
            let targets = GradientTargets { weights, write: *write, input };
            self.backward_stage(stage, setting, workspace, targets);
            workspace.gradients.swap(0, 1);
        }
    }

    /// As [`Network::backward`], but after [`Network::observe_to`], from the output of layer number `last`, layer by layer,
    /// and with `activate` to take the gradient of each layer's output back behind its activation.
    pub(crate) fn backward_from(
        &self,
        last: usize,
        setting: Setting<'_>,
        workspace: &mut Workspace,
        mut targets: GradientTargets<'_>,
        activate: &mut dyn FnMut(usize, &mut Workspace),
    ) {
        for index in (0..=last).rev() {
            activate(index, workspace);
            let input = targets.input || index > 0;
            let GradientTargets { weights, write, .. } = &mut targets;
            let targets = GradientTargets { weights, write: *write, input };
            self.backward_stage(Stage::of_layer(index), setting, workspace, targets);
            workspace.gradients.swap(0, 1);
        }
    }

    /// Takes the gradient of one layer's output, the first of `workspace.gradients`, back behind its
    /// activation.
    pub(crate) fn activate_backward(&self, index: usize, setting: Setting<'_>, workspace: &mut Workspace) {
        self.activate_stage_backward(Stage::of_layer(index), setting, workspace);
    }

    /// The same for a stage.
    pub(super) fn activate_stage_backward(
        &self,
        stage: Stage,
        setting: Setting<'_>,
        workspace: &mut Workspace,
    ) {
        let shape = self.nodes[stage.end].output;
        let len = shape.len() * setting.examples;
        let (output, gradient) = (&workspace.outputs[stage.end][..len], &mut workspace.gradients[0][..len]);
        let activation = self.activation(stage.layer, setting.keep_logits);
        activations::apply_derivative(setting.level, activation, output, gradient, shape.channels());
    }

    /// Computes the gradients of a stage's weights and, where that is wanted, of its input: the second of
    /// `workspace.gradients`.
    pub(super) fn backward_stage(
        &self,
        stage: Stage,
        setting: Setting<'_>,
        workspace: &mut Workspace,
        targets: GradientTargets<'_>,
    ) {
        let Setting { level, weights, examples, pass, .. } = setting;
        let (node, end) = (&self.nodes[stage.layer], &self.nodes[stage.end]);
        let Workspace { input, outputs, saved, marks, scratch, prepared, gradients, entries, places, .. } =
            workspace;
        let input = stage.layer.checked_sub(1).map_or(&*input, |before| &outputs[before]);
        let [output_gradient, input_gradient] = gradients;
        let (input_len, output_len) = (node.input.len() * examples, end.output.len() * examples);
        let direction = stage.direction();
        // Only the input's gradient needs the weights.
        let prepared = match targets.input {
            true => prepared[stage.layer][1].renew(node, direction, setting, scratch),
            false => &[],
        };
        let pass = Backward {
            level,
            examples,
            training: pass.is_some(),
            weights: &weights[node.weights.clone()],
            prepared,
            input: &input[..input_len],
            saved: &saved[stage.layer],
            marks: &marks[stage.end],
            output_gradient: &output_gradient[..output_len],
            input_gradient: targets.input.then_some(&mut input_gradient[..input_len]),
            weight_gradients: &mut targets.weights[node.weights.clone()],
            write: targets.write,
            scratch,
            lists: Lists { entries, places },
        };
        match direction {
            Direction::BackwardFromMaxima => node.layer.backward_from_maxima(pass),
            _ => node.layer.backward(pass),
        }
    }

    /// Lets the layers renew the weights that are not trained by gradients.
    pub(crate) fn update_state(&self, workspace: &Workspace, weights: &mut [f32]) {
        for (node, saved) in self.nodes.iter().zip(&workspace.saved) {
            node.layer.update_state(saved, &mut weights[node.weights.clone()]);
        }
    }
}
