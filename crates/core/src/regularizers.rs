//! Penalties on weights, named and defined as in `keras.regularizers`.

use crate::config::Fields;
use crate::{Error, Result};
use alloc::format;
use serde_json::Value;

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
        let (default_l1, default_l2) = match class_name {
            "L1" | "l1" => (0.01, 0.0),
            "L2" | "l2" => (0.0, 0.01),
            "L1L2" | "l1_l2" => (0.0, 0.0),
            other => return Err(Error::config(format!("{name}: expected L1, L2 or L1L2, got {other}"))),
        };
        let config = Fields::new(&config);
        let read = |field, default| {
            config.number_in(field, 0.0..=f32::MAX, default).map_err(|error| error.within(name))
        };
        Ok(Some(Self { l1: read("l1", default_l1)?, l2: read("l2", default_l2)? }))
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

/// Refuses a field that Keras has and this engine does not: constraints, activity regularizers.
pub(crate) fn refuse(fields: &Fields<'_>, names: &[&str]) -> Result<()> {
    names.iter().try_for_each(|name| fields.only(name, &Value::Null))
}
