//! What a model is trained with: the optimiser and the loss that it is compiled with.

use super::Model;
use super::shares::Replica;
use crate::config::parse_compile;
use crate::losses::Loss;
use crate::optimizers::Optimizer;
use crate::{Error, Result};
use alloc::vec::Vec;

/// What a compiled model has beyond its weights.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) optimizer: Optimizer,
    pub(super) loss: Loss,
    pub(super) replica: Replica,
}

impl Model {
    /// Sets the optimiser and the loss: `{"optimizer": …, "loss": …}`, each Keras' name for it or
    /// what Keras serialises. Training starts anew; the weights stay.
    ///
    /// # Errors
    /// If a name or an argument is not supported, or there is no memory for training.
    pub fn compile(&mut self, text: &str) -> Result<()> {
        let (mut optimizer, loss) = parse_compile(text)?;
        let replica = Replica::new(self)?;
        optimizer.start(self.network.weights_len);
        self.compiled = Some(Compiled { optimizer, loss, replica });
        Ok(())
    }

    /// The steps taken since the model was compiled, or with the checkpoint that was loaded; 0 if it is not
    /// compiled.
    pub fn steps(&self) -> u64 {
        self.compiled.as_ref().map_or(0, |compiled| compiled.optimizer.steps())
    }

    /// The learning rate of the next step.
    ///
    /// # Errors
    /// If the model is not compiled.
    pub fn learning_rate(&self) -> Result<f32> {
        Ok(self.compiled()?.optimizer.learning_rate())
    }

    /// Changes the learning rate of the steps to come; where it has a schedule, the rate that this starts
    /// from.
    ///
    /// # Errors
    /// If the model is not compiled, or the rate is negative or not finite.
    pub fn set_learning_rate(&mut self, learning_rate: f32) -> Result<()> {
        self.compiled_mut()?.optimizer.set_learning_rate(learning_rate)
    }

    /// Fills with NaN all memory that a pass or a step leaves behind and none may read.
    #[cfg(any(test, feature = "vectors"))]
    pub(crate) fn spoil(&mut self) {
        self.workspace.spoil();
        if let Some(Compiled { replica, .. }) = &mut self.compiled {
            replica.spoil();
        }
    }

    pub(super) fn compiled(&self) -> Result<&Compiled> {
        self.compiled.as_ref().ok_or_else(not_compiled)
    }

    fn compiled_mut(&mut self) -> Result<&mut Compiled> {
        self.compiled.as_mut().ok_or_else(not_compiled)
    }

    /// The loss that the model is compiled with.
    pub(super) fn loss(&self) -> Result<Loss> {
        Ok(self.compiled()?.loss)
    }

    /// Lets a compiled model go on after `steps` steps with the optimiser's running averages.
    pub(super) fn resume(&mut self, steps: u64, slots: Vec<Vec<f32>>) {
        if let Some(compiled) = &mut self.compiled {
            compiled.optimizer.resume(steps, slots);
        }
    }

    /// Lets a compiled model forget the steps it has taken.
    pub(super) fn restart(&mut self) {
        let weights = self.network.weights_len;
        if let Some(compiled) = &mut self.compiled {
            compiled.optimizer.start(weights);
        }
    }
}

pub(super) fn not_compiled() -> Error {
    Error::config("the model needs an optimizer and a loss before it can be trained: call compile first")
}
