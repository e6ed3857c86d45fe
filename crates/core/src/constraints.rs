//! What weights are brought back to after every step, named and defined as in `keras.constraints`.

use crate::config::Arguments::{self, Read};
use crate::config::{Fields, LayerConfig, echo, named};
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
use serde_json::Value;

/// A rule that a weight keeps to. Norms are those of the weights along some axes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Constraint {
    /// No weight below 0.
    NonNeg,
    /// No norm below `min_value` or above `max_value`; norms go the part `rate` of the way there.
    MinMaxNorm { min_value: f32, max_value: f32, rate: f32, along: Vec<bool> },
}

/// What Keras adds to a norm before it divides by it.
const EPSILON: f32 = 1e-7;

impl Constraint {
    /// The rule for the weight called `weight`, of shape `shape`: the layer's argument `kernel_constraint` for `kernel`, and
    /// `depthwise_constraint` for `depthwise_kernel` and for the kernel of a layer that has only that.
    pub(crate) fn of_weight(layer: &LayerConfig, weight: &str, shape: &[usize]) -> Result<Option<Self>> {
        let own = format!("{}_constraint", weight.trim_end_matches("_kernel"));
        let depthwise = "depthwise_constraint";
        let argument =
            if weight == "kernel" && !layer.arguments.contains_key(&own) { depthwise } else { &own };
        match layer.arguments.get(argument) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => Self::from_value(value, shape).map(Some).map_err(|error| error.within(argument)),
        }
    }

    fn from_value(value: &Value, shape: &[usize]) -> Result<Self> {
        let (class_name, config) = named(value)?;
        let any = 0.0..=f32::MAX;
        let fields = |arguments: &[Arguments]| Fields::new(&config, class_name, arguments);
        Ok(match class_name {
            "NonNeg" | "non_neg" => fields(&[]).map(|_| Self::NonNeg)?,
            "MaxNorm" | "max_norm" => {
                let fields = fields(&[Read(&["max_value", "axis"])])?;
                let max_value = fields.number_in("max_value", any, 2.0)?;
                Self::MinMaxNorm { min_value: 0.0, max_value, rate: 1.0, along: axes(&fields, shape)? }
            }
            "UnitNorm" | "unit_norm" => {
                let along = axes(&fields(&[Read(&["axis"])])?, shape)?;
                Self::MinMaxNorm { min_value: 1.0, max_value: 1.0, rate: 1.0, along }
            }
            "MinMaxNorm" | "min_max_norm" => {
                let fields = fields(&[Read(&["min_value", "max_value", "rate", "axis"])])?;
                let min_value = fields.number_in("min_value", any.clone(), 0.0)?;
                Self::MinMaxNorm {
                    min_value,
                    max_value: fields.number_in("max_value", min_value..=f32::MAX, 1.0)?,
                    rate: fields.number_in("rate", 0.0..=1.0, 1.0)?,
                    along: axes(&fields, shape)?,
                }
            }
            other => {
                return Err(Error::config(format!(
                    "expected MaxNorm, MinMaxNorm, NonNeg or UnitNorm, got {other}"
                )));
            }
        })
    }

    /// Brings `weights`, of shape `shape`, back to the rule.
    pub(crate) fn apply(&self, shape: &[usize], weights: &mut [f32]) {
        let Self::MinMaxNorm { min_value, max_value, rate, along } = self else {
            return weights.iter_mut().for_each(|weight| *weight = weight.max(0.0));
        };
        // The place of a weight's norm among all: its place without the axes that the norm goes along.
        let norm_of = |mut place: usize| {
            let (mut norm, mut stride) = (0, 1);
            for (&size, &along) in shape.iter().zip(along).rev() {
                if !along {
                    norm += place % size * stride;
                    stride *= size;
                }
                place /= size;
            }
            norm
        };
        let norms = shape.iter().zip(along).filter(|(_, along)| !**along).map(|(&size, _)| size).product();
        let mut squares = vec![0.0_f64; norms];
        for (place, &weight) in weights.iter().enumerate() {
            squares[norm_of(place)] += f64::from(weight) * f64::from(weight);
        }
        for (place, weight) in weights.iter_mut().enumerate() {
            let norm = libm::sqrt(squares[norm_of(place)]) as f32;
            let wanted = rate * norm.max(*min_value).min(*max_value) + (1.0 - rate) * norm;
            *weight *= wanted / (EPSILON + norm);
        }
    }
}

/// Which axes of `shape` the argument `axis` names: one number or several, negative ones from the end.
fn axes(fields: &Fields<'_>, shape: &[usize]) -> Result<Vec<bool>> {
    let mut along = vec![false; shape.len()];
    let first = Value::from(0);
    let value = fields.value("axis").unwrap_or(&first);
    for axis in value.as_array().map_or(core::slice::from_ref(value), Vec::as_slice) {
        let count = shape.len() as i64;
        let place = axis.as_i64().map(|axis| if axis < 0 { axis + count } else { axis });
        let place = place.and_then(|place| usize::try_from(place).ok()).filter(|&place| place < shape.len());
        match place {
            Some(place) => along[place] = true,
            None => {
                return Err(Error::config(format!(
                    "axis: the weight has axes from 0 to {}, got {}",
                    count - 1,
                    echo(value)
                )));
            }
        }
    }
    Ok(along)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use serde_json::json;

    fn applied(value: Value, shape: &[usize], mut weights: Vec<f32>) -> Vec<f32> {
        Constraint::from_value(&value, shape).unwrap().apply(shape, &mut weights);
        weights
    }

    fn assert_close(got: &[f32], expected: &[f32]) {
        assert!(got.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{got:?}, not {expected:?}");
    }

    #[test]
    fn norms_go_along_the_axes_that_are_named() {
        // Columns of norm 5 and 0.5.
        let weights = vec![3.0, 0.3, -4.0, 0.4];
        assert_close(&applied(json!("max_norm"), &[2, 2], weights.clone()), &[1.2, 0.3, -1.6, 0.4]);
        assert_close(&applied(json!("UnitNorm"), &[2, 2], weights.clone()), &[0.6, 0.6, -0.8, 0.8]);
        let rows = json!({ "class_name": "UnitNorm", "config": { "axis": [-1] } });
        let (one, other) = (9.09_f32.sqrt(), 16.16_f32.sqrt());
        assert_close(
            &applied(rows, &[2, 2], weights.clone()),
            &[3.0 / one, 0.3 / one, -4.0 / other, 0.4 / other],
        );
        let half =
            json!({ "class_name": "MinMaxNorm", "config": { "min_value": 1, "max_value": 3, "rate": 0.5 } });
        assert_close(&applied(half, &[2, 2], weights.clone()), &[2.4, 0.45, -3.2, 0.6]);
        let all = json!({ "class_name": "UnitNorm", "config": { "axis": [0, 1] } });
        let squares: f32 = applied(all, &[2, 2], weights.clone()).iter().map(|weight| weight * weight).sum();
        assert!((squares - 1.0).abs() < 1e-6);
        assert_eq!(applied(json!("non_neg"), &[4], weights), [3.0, 0.3, 0.0, 0.4]);
        assert_eq!(applied(json!("UnitNorm"), &[2], vec![0.0, 0.0]), [0.0, 0.0]);
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for (value, words) in [
            (json!("orthogonal"), "expected MaxNorm"),
            (json!({ "class_name": "MaxNorm", "config": { "axis": 2 } }), "axes from 0 to 1, got 2"),
            (
                json!({ "class_name": "MinMaxNorm", "config": { "min_value": 2, "max_value": 1 } }),
                "max_value",
            ),
            (json!({ "class_name": "NonNeg", "config": { "axis": 0 } }), "axis"),
        ] {
            let error = Constraint::from_value(&value, &[2, 2]).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
