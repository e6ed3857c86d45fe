//! The two passes through a network, stage by stage.

use super::network::Network;
use super::versioned::VersionedWeights;
use super::workspace::Workspace;
use crate::layers::{Backward, Direction, Forward, Lists, Training};
use convscope_kernels::activations::{self, Activation};
use convscope_kernels::{Level, Write};

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
/// activation. No activation that this is done with decreases, so the maxima are the same before and behind it, and they are
/// few.
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
    pub(super) fn activation(&self, index: usize, keep_logits: bool) -> Activation {
        match self.nodes[index].layer.activation() {
            Activation::Softmax if keep_logits && index + 1 == self.nodes.len() => Activation::Linear,
            activation => activation,
        }
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
        if let Some(kept) = workspace.kept[stage.end].get_mut(..output.len()) {
            kept.copy_from_slice(output);
        }
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
        let Workspace { kept, outputs, gradients: [gradient, _], .. } = workspace;
        let from = kept[stage.end].get(..len).unwrap_or(&outputs[stage.end][..len]);
        let activation = self.activation(stage.layer, setting.keep_logits);
        activations::apply_derivative(
            setting.level,
            activation,
            from,
            &mut gradient[..len],
            shape.channels(),
        );
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
