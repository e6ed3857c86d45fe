//! Gradients of anything that is computed from a model's output.

use super::Model;
use super::passes::{GradientTargets, Pass, Setting};
use super::workspace::Workspace;
use crate::batch::check_examples;
use crate::numbers::zeros;
use crate::{Error, Result};
use alloc::{format, vec::Vec};
use convscope_kernels::Write;

/// What [`Model::backward_from`] gives, all in Keras' order of axes.
#[derive(Clone, Debug)]
pub struct Gradients {
    /// `[n, …output shape]`: the output of the forward pass.
    pub output: Vec<f32>,
    /// `[n, …input shape]`: the gradient of the examples.
    pub input: Vec<f32>,
    /// The gradient of every weight, in the order and the places of the weights.
    pub weights: Vec<f32>,
    /// All weights as the pass leaves them: running statistics have moved in training.
    pub state: Vec<f32>,
}

impl Model {
    /// Takes the gradient of the output, `[n, …output shape]`, back to the examples `x` and to the
    /// weights (back-propagation). The model stays as it is.
    ///
    /// # Errors
    /// If shapes don't fit or there is no memory.
    pub fn backward_from(&self, x: &[f32], output_gradient: &[f32], training: bool) -> Result<Gradients> {
        let network = &self.network;
        let (input_shape, output_shape) = (network.input, network.output());
        let examples = check_examples(x, input_shape)?;
        if output_gradient.len() != examples * output_shape.len() {
            return Err(Error::shape(format!(
                "the gradient of {examples} outputs of shape {output_shape} has {} numbers, got {}",
                examples * output_shape.len(),
                output_gradient.len()
            )));
        }
        let mut workspace = Workspace::default();
        workspace.reserve(network, examples, true)?;
        let mut gradients = Gradients {
            output: zeros(examples * output_shape.len())?,
            input: zeros(x.len())?,
            weights: zeros(network.weights_len)?,
            state: self.weights.to_vec(),
        };
        workspace.input[..x.len()].copy_from_slice(x);
        let pass = training.then_some(Pass { seed: self.seed, step: 0, first_example: 0 });
        let (level, weights) = (self.level, &self.weights);
        let setting = Setting { level, weights, examples, pass, keep_logits: false };
        network.forward_to(network.nodes.len(), setting, &mut workspace);
        let output = workspace.last_output(gradients.output.len());
        gradients.output.copy_from_slice(output);
        workspace.gradients[0][..output_gradient.len()].copy_from_slice(output_gradient);
        let targets = GradientTargets { weights: &mut gradients.weights, write: Write::Set, input: true };
        network.backward(setting, &mut workspace, targets);
        gradients.input.copy_from_slice(&workspace.gradients[0][..x.len()]);
        if training {
            network.update_state(&workspace, &mut gradients.state);
        }
        Ok(gradients)
    }
}
