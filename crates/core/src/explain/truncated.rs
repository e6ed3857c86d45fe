//! The network cut off behind one layer: the passes forwards and backwards that gradients, guided
//! back-propagation and the deconvnet share.

use crate::model::{GradientTargets, Network, Setting, Workspace};
use crate::{Error, Result};
use alloc::format;
use convscope_kernels::Write;
use convscope_kernels::activations::Activation;

/// What a ReLU lets through on the way back. All other activations, leaky ones included, multiply by their
/// derivative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReluRule {
    /// What its own input was positive for: the plain gradient (Simonyan, Vedaldi, Zisserman 2014).
    Gradient,
    /// Of that, what is positive (Springenberg et al. 2015).
    Guided,
    /// What is positive, whatever its own input was (Zeiler, Fergus 2014).
    Deconvnet,
}

impl ReluRule {
    /// The rule called `gradient`, `guided` or `deconvnet`.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "gradient" => Ok(Self::Gradient),
            "guided" => Ok(Self::Guided),
            "deconvnet" => Ok(Self::Deconvnet),
            other => Err(Error::value(format!("rule: expected gradient, guided or deconvnet, got {other}"))),
        }
    }
}

/// The network from the input to layer number `last`.
pub(super) struct TruncatedNetwork<'a> {
    pub(super) network: &'a Network,
    pub(super) setting: Setting<'a>,
    pub(super) last: usize,
    /// Whether it ends behind the last layer's activation. A softmax is always left out.
    pub(super) activated: bool,
}

impl TruncatedNetwork<'_> {
    fn activates(&self, index: usize) -> bool {
        let softmax = self.network.nodes[index].layer.activation() == Activation::Softmax;
        index < self.last || (self.activated && !softmax)
    }

    /// Runs the examples in `workspace.input` up to the last layer's output.
    pub(super) fn forward(&self, workspace: &mut Workspace) {
        self.network.observe_to(self.last, self.setting, workspace);
        self.network.forward_layer(self.last, self.setting, workspace);
        if self.activates(self.last) {
            self.network.activate(self.last, self.setting, workspace);
        }
    }

    /// Takes what lies in the first of `workspace.gradients`, a value for each of the last layer's, back to
    /// the input and leaves it in the same place. Gradients of weights come with it, into `weight_gradients`.
    pub(super) fn backward(&self, workspace: &mut Workspace, rule: ReluRule, weight_gradients: &mut [f32]) {
        let targets = GradientTargets { weights: weight_gradients, write: Write::Set, input: true };
        self.network.backward_from(self.last, self.setting, workspace, targets, &mut |index, workspace| {
            if !self.activates(index) {
                return;
            }
            let node = &self.network.nodes[index];
            let rectifies = node.layer.activation() == Activation::Relu;
            if !rectifies || rule != ReluRule::Deconvnet {
                self.network.activate_backward(index, self.setting, workspace);
            }
            if rectifies && rule != ReluRule::Gradient {
                let len = node.output.len() * self.setting.examples;
                for value in &mut workspace.gradients[0][..len] {
                    *value = value.max(0.0);
                }
            }
        });
    }
}
