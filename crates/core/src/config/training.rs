//! What training needs besides the model, in the form of Keras' `compile_config`.

use super::Arguments::{self, Ignored, Read, Unsupported};
use super::{Fields, parse};
use crate::losses::Loss;
use crate::optimizers::Optimizer;
use crate::{Error, Result};
use alloc::format;

/// What `Model::compile` has in Keras. Loss and accuracy are measured whatever metrics are asked for.
const COMPILE: &[Arguments] = &[
    Read(&["optimizer", "loss"]),
    Unsupported(&["loss_weights"]),
    Ignored(&[
        "metrics",
        "weighted_metrics",
        "run_eagerly",
        "steps_per_execution",
        "jit_compile",
        "auto_scale_loss",
    ]),
];

/// What `Model::compile` reads: an optimiser and a loss.
pub(crate) fn parse_compile(text: &str) -> Result<(Optimizer, Loss)> {
    let value = parse(text, "training description")?;
    let fields = Fields::of_object(&value, "compile", COMPILE)?;
    let part = |name| fields.value(name).ok_or_else(|| Error::config(format!("{name}: missing")));
    let optimizer = Optimizer::from_value(part("optimizer")?).map_err(|error| error.within("optimizer"))?;
    let loss = Loss::from_value(part("loss")?).map_err(|error| error.within("loss"))?;
    Ok((optimizer, loss))
}
