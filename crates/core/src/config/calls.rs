//! Which layers a layer reads: the calls that Keras writes beside it, in the forms of Keras 3 and of Keras 2.

use super::Arguments::{Ignored, Read};
use super::{Arguments, Fields, echo};
use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};
use serde_json::{Map, Value};

/// What the call of a layer has in Keras 3.
const NODE: &[Arguments] = &[Read(&["args", "kwargs"])];

/// What stands for the output of a layer in Keras 3.
const TENSOR: &[Arguments] =
    &[Read(&["class_name", "config"]), Ignored(&["module", "registered_name", "build_config"])];

/// What is known of it.
const TENSOR_CONFIG: &[Arguments] =
    &[Read(&["keras_history"]), Ignored(&["shape", "dtype", "name", "sparse", "ragged"])];

/// Collects the names of the layers that the call `node` reads, in the form of Keras 3 or of Keras 2.
pub(super) fn call<'a>(node: &'a Value, sources: &mut Vec<&'a str>) -> Result<()> {
    if node.is_array() {
        return references(node, sources);
    }
    let node = Fields::of_object(node, "a call", NODE)?;
    for argument in node.list("args")? {
        tensors(argument, sources)?;
    }
    match node.value("kwargs") {
        Some(Value::Object(arguments)) => keywords(arguments, sources),
        Some(other) => Err(Error::config(format!("kwargs: expected an object, got {}", echo(other)))),
        None => Ok(()),
    }
}

/// Reads what a call has by keyword. Keras writes `training` as false wherever a layer knows it, and asks what it is called with
/// all the same.
fn keywords<'a>(arguments: &'a Map<String, Value>, sources: &mut Vec<&'a str>) -> Result<()> {
    for (name, value) in arguments {
        match value {
            Value::Null | Value::Bool(false) => {}
            value if name == "inputs" => tensors(value, sources)?,
            value => {
                return Err(Error::config(format!(
                    "{name}: a call of a layer has it in Keras but not here, expected null or false, got {}",
                    echo(value)
                )));
            }
        }
    }
    Ok(())
}

/// Collects the names of the layers whose outputs `value` holds in the form of Keras 3.
fn tensors<'a>(value: &'a Value, sources: &mut Vec<&'a str>) -> Result<()> {
    match value {
        Value::Null => Ok(()),
        Value::Array(values) => values.iter().try_for_each(|value| tensors(value, sources)),
        Value::Object(_) => {
            let tensor = Fields::of_object(value, "a tensor", TENSOR)?;
            if tensor.text("class_name")? != "__keras_tensor__" {
                return Err(Error::config(format!("expected the outputs of layers, got {}", echo(value))));
            }
            let config = Fields::new(tensor.object("config")?, "a tensor", TENSOR_CONFIG)?;
            references(config.value("keras_history").unwrap_or(&Value::Null), sources)
        }
        other => Err(Error::config(format!("expected the outputs of layers, got {}", echo(other)))),
    }
}

/// Collects the names of layers, each in a list with the number of the call and of the output, as deep in other lists as Keras
/// likes. The number of the call counts some that are not written, and means the only one.
pub(super) fn references<'a>(value: &'a Value, sources: &mut Vec<&'a str>) -> Result<()> {
    let expected = || Error::config(format!("expected a layer's name and two numbers, got {}", echo(value)));
    match value {
        Value::Array(values) => match &values[..] {
            [Value::String(name), call, output, rest @ ..] => {
                if call.as_u64().is_none() || rest.len() > 1 {
                    return Err(expected());
                }
                if output.as_u64() != Some(0) {
                    return Err(Error::config(format!(
                        "layer '{name}' has one output, got number {}",
                        echo(output)
                    )));
                }
                sources.push(name);
                match rest {
                    [Value::Object(arguments)] => keywords(arguments, sources),
                    [] => Ok(()),
                    _ => Err(expected()),
                }
            }
            values => values.iter().try_for_each(|value| references(value, sources)),
        },
        Value::Object(named) => named.values().try_for_each(|value| references(value, sources)),
        _ => Err(expected()),
    }
}
