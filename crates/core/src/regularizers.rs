//! Penalties on weights, named and defined as in `keras.regularizers`.

use crate::config::Arguments::{self, Read};
use crate::config::Fields;
use crate::{Error, Result};
use alloc::format;

/// The penalty `l1 · Σ|w| + l2 · Σw²`, which is part of the reported loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Regularizer {
    pub(crate) l1: f32,
    pub(crate) l2: f32,
}

impl Regularizer {
    /// Reads the field `name`: absent, a name (`"l2"`) or a serialised object.
    pub(crate) fn from_field(fields: &Fields<'_>, name: &str) -> Result<Option<Self>> {
        let Some((class_name, config)) = fields.optional_named(name)? else { return Ok(None) };
        // Keras' defaults: 0.01 where a penalty is asked for by its own name, none in L1L2.
        let (arguments, default_l1, default_l2): (&[Arguments], _, _) = match class_name {
            "L1" | "l1" => (&[Read(&["l1"])], 0.01, 0.0),
            "L2" | "l2" => (&[Read(&["l2"])], 0.0, 0.01),
            "L1L2" | "l1_l2" => (&[Read(&["l1", "l2"])], 0.0, 0.0),
            other => return Err(Error::config(format!("{name}: expected L1, L2 or L1L2, got {other}"))),
        };
        let read = || {
            let config = Fields::new(&config, class_name, arguments)?;
            let factor = |name, default| config.number_in(name, 0.0..=f32::MAX, default);
            Ok(Some(Self { l1: factor("l1", default_l1)?, l2: factor("l2", default_l2)? }))
        };
        read().map_err(|error: Error| error.within(name))
    }

    /// The penalty of `weights`; its gradient is added to `gradients`.
    pub(crate) fn penalize(self, weights: &[f32], gradients: &mut [f32]) -> f64 {
        for (gradient, &weight) in gradients.iter_mut().zip(weights) {
            let sign = if weight > 0.0 {
                self.l1
            } else if weight < 0.0 {
                -self.l1
            } else {
                0.0
            };
            *gradient += sign + 2.0 * self.l2 * weight;
        }
        self.penalty(weights)
    }

    /// The penalty of `weights`.
    pub(crate) fn penalty(self, weights: &[f32]) -> f64 {
        let (l1, l2) = (f64::from(self.l1), f64::from(self.l2));
        weights.iter().map(|&weight| f64::from(weight)).map(|w| l1 * w.abs() + l2 * w * w).sum()
    }
}
