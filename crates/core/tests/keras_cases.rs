//! Descriptions that people had trouble with elsewhere, with the right values worked out by hand
//! (`tests/vectors/keras-models.json`, each with the report that it comes from).

#![allow(clippy::disallowed_macros, clippy::disallowed_methods, reason = "tests are not downloaded")]

use convscope_core::{Model, Result};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

const CASES: &str = include_str!("../../../tests/vectors/keras-models.json");

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    config: Value,
    x: Vec<f32>,
    /// Nested lists in Keras' order.
    weights: BTreeMap<String, Value>,
    /// The prediction, or the maps of `layer` as planes.
    expect: Vec<f32>,
    layer: Option<String>,
}

/// What is for `web/exchange` to take out of its wrapper (`tests/node/exchange-cases.test.mjs`), and what the error says here.
const REFUSED: [(&str, &str); 1] =
    [("tfjs-wrapper", "modelTopology: the model has no such argument; it has class_name, config")];

fn numbers(value: &Value, into: &mut Vec<f32>) {
    match value {
        Value::Array(list) => list.iter().for_each(|part| numbers(part, into)),
        number => into.push(number.as_f64().unwrap() as f32),
    }
}

fn answer(case: &Case) -> Result<Vec<f32>> {
    let mut model = Model::from_json(&case.config.to_string(), 1)?;
    for (name, values) in &case.weights {
        let mut flat = Vec::new();
        numbers(values, &mut flat);
        model.set_weights(name, &flat)?;
    }
    match &case.layer {
        Some(layer) => model.feature_maps(&case.x, layer).map(|maps| maps.planes),
        None => model.predict(&case.x),
    }
}

#[test]
fn every_case_is_right_or_refused_by_name() {
    let Cases { cases } = serde_json::from_str(CASES).unwrap();
    for case in &cases {
        let refused = REFUSED.iter().find(|(id, _)| *id == case.id);
        match (answer(case), refused) {
            (Ok(values), None) => {
                assert_eq!(values.len(), case.expect.len(), "{}", case.id);
                for (value, expected) in values.iter().zip(&case.expect) {
                    assert!(
                        (value - expected).abs() < 1e-5,
                        "{}: {values:?}, not {:?}",
                        case.id,
                        case.expect
                    );
                }
            }
            (Err(error), Some((_, words))) => {
                assert!(error.to_string().contains(words), "{}: {error}", case.id);
            }
            (Ok(_), Some(_)) => panic!("{}: it is read now, so it is right or wrong", case.id),
            (Err(error), None) => panic!("{}: {error}", case.id),
        }
    }
    assert!(REFUSED.iter().all(|(id, _)| cases.iter().any(|case| case.id == *id)));
}
