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

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use serde_json::{Value, json};

    const BOTH: Regularizer = Regularizer { l1: 0.5, l2: 0.25 };

    /// One weight to be moved, one below 0 and one at 0.
    fn penalty(weight: f32) -> f64 {
        BOTH.penalty(&[weight, -2.0, 0.0])
    }

    #[test]
    fn a_penalty_is_that_of_sizes_and_squares() {
        // ½·(3 + 2) + ¼·(9 + 4)
        assert_eq!(penalty(3.0), 5.75);
        assert_eq!(penalty(-3.0), 5.75);
    }

    #[test]
    fn what_is_added_to_the_gradient_is_how_the_penalty_changes() {
        let step = 2.0_f32.powi(-10);
        for weight in [3.0, 0.25, -0.125, -4.0] {
            let mut gradients = [10.0, 0.0, 0.0];
            assert_eq!(BOTH.penalize(&[weight, -2.0, 0.0], &mut gradients), penalty(weight));
            let change = (penalty(weight + step) - penalty(weight - step)) / f64::from(2.0 * step);
            assert_eq!(f64::from(gradients[0] - 10.0), change, "{weight}");
            // At its kink the size has none.
            assert_eq!(gradients[2], 0.0);
        }
    }

    fn read(penalty: Value) -> Result<Option<Regularizer>> {
        let config = json!({ "kernel_regularizer": penalty });
        let arguments = &[Read(&["kernel_regularizer"])];
        Regularizer::from_field(&Fields::of_object(&config, "a layer", arguments)?, "kernel_regularizer")
    }

    #[test]
    fn a_penalty_without_numbers_has_those_of_keras() {
        for (name, l1, l2) in
            [("L1", 0.01, 0.0), ("l1", 0.01, 0.0), ("L2", 0.0, 0.01), ("l2", 0.0, 0.01), ("L1L2", 0.0, 0.0)]
        {
            let expected = Some(Regularizer { l1, l2 });
            assert_eq!(read(json!(name)).unwrap(), expected, "{name}");
            assert_eq!(read(json!({ "class_name": name, "config": {} })).unwrap(), expected, "{name}");
        }
        let both = json!({ "class_name": "L1L2", "config": { "l1": 0.5, "l2": 0.25 } });
        assert_eq!(read(both).unwrap(), Some(BOTH));
        assert_eq!(read(Value::Null).unwrap(), None);
        let error = read(json!("OrthogonalRegularizer")).unwrap_err().to_string();
        assert!(error.contains("kernel_regularizer: expected L1, L2 or L1L2"), "{error}");
    }
}
