//! A training step in parts, each of which can be repeated on its own, for whoever has a clock.

use super::Model;
use super::passes::{Pass, Setting, Stage};
use super::shares::Replica;
use super::step::Chunk;
use crate::batch::Batch;
use crate::layers::Direction;
use crate::losses::Loss;
use crate::{Error, Result};
use alloc::{format, string::String, vec, vec::Vec};
use convscope_kernels::Write;
use convscope_kernels::activations::Activation;
use serde::Serialize;

/// A model, and the buffers of a training step on a few examples as that step leaves them.
#[derive(Debug)]
pub struct Profile {
    model: Model,
    loss: Loss,
    keep_logits: bool,
    examples: usize,
    replica: Replica,
    /// Of every layer, the gradient of its output behind the activation.
    gradients: Vec<Vec<f32>>,
    parts: Vec<Part>,
}

/// A part of a training step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// The layer's name, or none where the part is the whole model's.
    pub layer: Option<String>,
    /// What is done.
    pub work: Work,
    /// Multiply-add operations for one example, by the definition of the layer.
    pub multiply_adds: u64,
    /// Those that the layer's method needs: gradients that are zero, and what fewer multiplications can do, left out.
    pub needed_multiply_adds: u64,
    #[serde(skip)]
    stage: Stage,
}

/// What a part of a training step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Work {
    /// Copies the examples to where the first layer reads them.
    Read,
    /// A layer's output, before its activation.
    Forward,
    /// The max pooling of a layer's output, before its activation.
    Pooling,
    /// The activation of a layer's output, pooled or not.
    Activation,
    /// The losses, and the gradient of the last output.
    Loss,
    /// The gradient of a layer's output, pooled or not, taken back behind its activation.
    ActivationGradient,
    /// The gradient of a layer's weights alone.
    WeightGradient,
    /// The gradients of a layer's weights and of its input.
    Backward,
    /// The optimiser's step.
    Optimizer,
}

impl Profile {
    /// Takes two steps of `model` on `batch`, so that all buffers hold what they hold in training.
    ///
    /// # Errors
    /// If the model is not compiled, the batch doesn't fit it, or so many examples don't go through the
    /// network together.
    pub fn new(mut model: Model, batch: Batch<'_>) -> Result<Self> {
        for _ in 0..2 {
            model.train_batch(batch)?;
        }
        let loss = model.loss()?;
        let keep_logits = loss.absorbs_softmax() && model.network.ends_in_softmax();
        let examples = batch.examples(model.network.input);
        let chunk = model.network.chunk(examples, true);
        if examples > chunk {
            return Err(Error::value(format!(
                "at most {chunk} examples go through the network together, got {examples}"
            )));
        }
        let (replica, gradients) = (Replica::new(&model)?, vec![Vec::new(); model.network.nodes.len()]);
        let mut profile = Self { model, loss, keep_logits, examples, replica, gradients, parts: Vec::new() };
        profile.pass(batch);
        profile.parts = profile.list_parts();
        Ok(profile)
    }

    /// What can be repeated, in the order of a training step.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Does part number `part` of a step on `batch`, the examples that [`Profile::new`] was given, `times`
    /// times over. An activation and its gradient are applied again to what came out, which ReLU doesn't
    /// change.
    ///
    /// # Errors
    /// If there is no such part.
    pub fn run(&mut self, part: usize, times: usize, batch: Batch<'_>) -> Result<()> {
        let Some(&Part { work, stage, .. }) = self.parts.get(part) else {
            return Err(Error::value(format!("there are {} parts, got number {part}", self.parts.len())));
        };
        if work == Work::Optimizer {
            let weights = self.model.weights.to_vec();
            for _ in 0..times {
                self.model.step()?.take();
            }
            self.model.weights.edit().copy_from_slice(&weights);
            return Ok(());
        }
        let (mut chunk, gradients) = self.chunk(batch);
        let (network, setting) = (chunk.network, chunk.setting);
        if matches!(work, Work::ActivationGradient | Work::WeightGradient | Work::Backward) {
            let gradient = &gradients[stage.layer];
            chunk.workspace.gradients[0][..gradient.len()].copy_from_slice(gradient);
        }
        for _ in 0..times {
            match work {
                Work::Read => chunk.read(),
                Work::Forward => network.forward_layer(stage.layer, setting, chunk.workspace),
                Work::Pooling => network.forward_layer(stage.end, setting, chunk.workspace),
                Work::Activation => network.activate_stage(stage, setting, chunk.workspace),
                Work::Loss => chunk.loss(),
                Work::ActivationGradient => network.activate_stage_backward(stage, setting, chunk.workspace),
                Work::WeightGradient | Work::Backward => {
                    for number in 0..network.inputs(stage) {
                        let (workspace, mut targets) = chunk.targets();
                        targets.input = work == Work::Backward;
                        network.backward_stage(stage, number, setting, workspace, targets);
                    }
                }
                Work::Optimizer => {}
            }
        }
        if matches!(work, Work::Forward | Work::Pooling) {
            // What comes next expects the stage's activated output.
            network.activate_stage(stage, setting, chunk.workspace);
        }
        Ok(())
    }

    /// One pass forwards and backwards, which fills all buffers.
    fn pass(&mut self, batch: Batch<'_>) {
        let (mut chunk, gradients) = self.chunk(batch);
        let (network, setting) = (chunk.network, chunk.setting);
        chunk.read();
        chunk.forward();
        chunk.loss();
        let (workspace, mut targets) = chunk.targets();
        network.begin_backward(network.nodes.len() - 1, setting, workspace);
        for stage in network.stages(network.nodes.len()).rev() {
            network.take_gradient(Some(stage.end), setting, workspace);
            network.activate_stage_backward(stage, setting, workspace);
            let len = network.nodes[stage.end].output.len() * setting.examples;
            gradients[stage.layer] = workspace.gradients[0][..len].to_vec();
            network.pass_back(stage, setting, workspace, &mut targets);
        }
    }

    /// The parts of a step, given the gradients that its passes have.
    fn list_parts(&self) -> Vec<Part> {
        let Self { model, keep_logits, examples, gradients, .. } = self;
        let network = &model.network;
        let whole = |work| Part {
            layer: None,
            work,
            multiply_adds: 0,
            needed_multiply_adds: 0,
            stage: Stage::of_layer(0),
        };
        let part = |stage: Stage, work, multiply_adds, needed_multiply_adds| Part {
            layer: Some(network.nodes[stage.layer].name.clone()),
            work,
            multiply_adds,
            needed_multiply_adds,
            stage,
        };
        let activated = |stage: Stage| network.activation(stage.layer, *keep_logits) != Activation::Linear;
        let mut parts = vec![whole(Work::Read)];
        for stage in network.stages(network.nodes.len()) {
            let layer = &network.nodes[stage.layer].layer;
            let needed = layer.needed_multiply_adds(Direction::Forward, 0);
            parts.push(part(stage, Work::Forward, layer.multiply_adds(), needed));
            parts.extend(stage.is_pooled().then(|| part(stage, Work::Pooling, 0, 0)));
            parts.extend(activated(stage).then(|| part(stage, Work::Activation, 0, 0)));
        }
        parts.push(whole(Work::Loss));
        for stage in network.stages(network.nodes.len()).rev() {
            let node = &network.nodes[stage.layer];
            let nonzero = gradients[stage.layer].iter().filter(|&&gradient| gradient != 0.0).count();
            let direction = stage.direction();
            let needed = node.layer.needed_multiply_adds(direction, (nonzero / examples) as u64);
            let definition = node.layer.multiply_adds();
            parts.extend(activated(stage).then(|| part(stage, Work::ActivationGradient, 0, 0)));
            let has_weights = !node.weights.is_empty();
            parts.extend(has_weights.then(|| part(stage, Work::WeightGradient, definition, needed)));
            let reads_a_layer =
                (0..network.inputs(stage)).any(|number| network.source_of(stage, number).is_some());
            parts.extend(reads_a_layer.then(|| part(stage, Work::Backward, 2 * definition, 2 * needed)));
        }
        parts.push(whole(Work::Optimizer));
        parts
    }

    /// The whole batch as a chunk, and the gradients behind the activations.
    fn chunk<'a>(&'a mut self, batch: Batch<'a>) -> (Chunk<'a>, &'a mut [Vec<f32>]) {
        let Self { model, loss, keep_logits, examples, replica, gradients, .. } = self;
        let setting = Setting {
            level: model.level,
            weights: &model.weights,
            examples: *examples,
            pass: Some(Pass { seed: model.seed, step: 0, first_example: 0 }),
            keep_logits: *keep_logits,
        };
        let (workspace, sum) = replica.parts();
        let (network, scale) = (&model.network, 1.0 / *examples as f32);
        let chunk = Chunk { network, setting, batch, loss: *loss, scale, workspace, sum, write: Write::Set };
        (chunk, gradients)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::losses::Targets;
    use serde_json::json;

    fn layer(class_name: &str, config: serde_json::Value) -> serde_json::Value {
        json!({"class_name": class_name, "config": config})
    }

    #[test]
    fn the_parts_make_a_step() {
        let layers = [
            layer("InputLayer", json!({"name": "input", "batch_shape": [null, 9, 8, 2]})),
            layer(
                "Conv2D",
                json!({"name": "convolution", "filters": 3, "kernel_size": 3, "activation": "relu"}),
            ),
            layer("MaxPooling2D", json!({"name": "pooling", "pool_size": 2})),
            layer("Flatten", json!({"name": "flatten"})),
            layer("Dense", json!({"name": "dense", "units": 4, "activation": "softmax"})),
        ];
        let description = layer("Sequential", json!({"name": "small", "layers": layers}));
        let mut model = Model::from_json(&serde_json::to_string(&description).unwrap(), 1).unwrap();
        model.compile(r#"{"optimizer": "sgd", "loss": "sparse_categorical_crossentropy"}"#).unwrap();
        let x: Vec<f32> = (0..3 * 9 * 8 * 2).map(|index| (index * 37 % 101) as f32 / 101.0).collect();
        let batch = Batch::Arrays { x: &x, y: Targets::Labels(&[0, 3, 1]) };

        let mut profile = Profile::new(model, batch).unwrap();
        profile.replica.parts().1.gradient.fill(f32::NAN);
        for part in 0..profile.parts().len() {
            profile.run(part, 2, batch).unwrap();
        }
        let mut step = profile.model.step().unwrap();
        step.begin(batch, 1).unwrap();
        assert_eq!(profile.replica.sum().gradient, step.sum().gradient);
        assert!(profile.run(profile.parts().len(), 1, batch).is_err());
    }
}
