//! The activation functions that the shipped models do without, by Keras' names and with Keras' arguments.

use crate::config::Arguments::{self, Read};
use crate::config::{Fields, layer_fields};
use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};
use convscope_kernels::functions::Function;
use serde_json::{Map, Value};

/// A function as Keras has it.
struct Definition {
    /// Its name, and others that Keras knows it by.
    names: &'static [&'static str],
    arguments: &'static [Arguments],
    read: fn(&Fields<'_>) -> Result<Function>,
}

const fn plain(names: &'static [&'static str], read: fn(&Fields<'_>) -> Result<Function>) -> Definition {
    Definition { names, arguments: &[], read }
}

const RELU: &[Arguments] = &[Read(&["negative_slope", "max_value", "threshold"])];

const DEFINITIONS: &[Definition] = &[
    Definition {
        names: &["celu"],
        arguments: &[Read(&["alpha"])],
        read: |fields| {
            Ok(Function::Celu { alpha: fields.number_in("alpha", f32::MIN_POSITIVE..=f32::MAX, 1.0)? })
        },
    },
    plain(&["exponential"], |_| Ok(Function::Exponential)),
    Definition {
        names: &["gelu"],
        arguments: &[Read(&["approximate"])],
        read: |fields| {
            let approximate = fields.optional_flag("approximate")?.unwrap_or(false);
            Ok(if approximate { Function::ApproximateGelu } else { Function::Gelu })
        },
    },
    Definition {
        names: &["hard_shrink"],
        arguments: &[Read(&["threshold"])],
        read: |fields| {
            Ok(Function::HardShrink { threshold: fields.number_in("threshold", 0.0..=f32::MAX, 0.5)? })
        },
    },
    plain(&["hard_sigmoid"], |_| Ok(Function::HardSigmoid)),
    plain(&["hard_silu", "hard_swish"], |_| Ok(Function::HardSilu)),
    plain(&["hard_tanh"], |_| Ok(Function::HardTanh)),
    plain(&["log_sigmoid"], |_| Ok(Function::LogSigmoid)),
    Definition {
        names: &["log_softmax"],
        arguments: &[Read(&["axis"])],
        read: |fields| fields.only("axis", &Value::from(-1)).map(|()| Function::LogSoftmax),
    },
    plain(&["mish"], |_| Ok(Function::Mish)),
    Definition {
        names: &["relu", "ReLU"],
        arguments: RELU,
        read: |fields| {
            Ok(Function::Relu {
                negative_slope: fields.number_in("negative_slope", 0.0..=f32::MAX, 0.0)?,
                threshold: fields.number_in("threshold", 0.0..=f32::MAX, 0.0)?,
                max_value: fields.number_in("max_value", 0.0..=f32::MAX, f32::INFINITY)?,
            })
        },
    },
    plain(&["relu6"], |_| Ok(RELU_6)),
    plain(&["selu"], |_| Ok(Function::Selu)),
    plain(&["silu", "swish"], |_| Ok(Function::Silu)),
    Definition {
        names: &["soft_shrink"],
        arguments: &[Read(&["threshold"])],
        read: |fields| {
            Ok(Function::SoftShrink { threshold: fields.number_in("threshold", 0.0..=f32::MAX, 0.5)? })
        },
    },
    plain(&["softplus"], |_| Ok(Function::Softplus)),
    plain(&["softsign"], |_| Ok(Function::Softsign)),
    plain(&["sparse_plus"], |_| Ok(Function::SparsePlus)),
    plain(&["sparse_sigmoid"], |_| Ok(Function::SparseSigmoid)),
    Definition {
        names: &["squareplus"],
        arguments: &[Read(&["b"])],
        read: |fields| {
            Ok(Function::Squareplus { b: fields.number_in("b", f32::MIN_POSITIVE..=f32::MAX, 4.0)? })
        },
    },
    plain(&["tanh_shrink"], |_| Ok(Function::TanhShrink)),
    Definition {
        names: &["threshold"],
        arguments: &[Read(&["threshold", "default_value"])],
        read: |fields| {
            let all = f32::MIN..=f32::MAX;
            Ok(Function::Threshold {
                threshold: fields.required_number_in("threshold", all.clone())?,
                default_value: fields.required_number_in("default_value", all)?,
            })
        },
    },
];

const RELU_6: Function = Function::Relu { negative_slope: 0.0, threshold: 0.0, max_value: 6.0 };

/// Whether a ReLU with these arguments is more than one with a slope below 0.
pub(super) fn is_bounded(config: &Map<String, Value>) -> bool {
    let is_set = |name| config.get(name).is_some_and(|value| !value.is_null() && value.as_f64() != Some(0.0));
    is_set("threshold") || config.get("max_value").is_some_and(|value| !value.is_null())
}

/// The function that Keras calls `name`, with the arguments in `config`.
pub(super) fn named(name: &str, config: &Map<String, Value>) -> Result<Function> {
    let Some(definition) = DEFINITIONS.iter().find(|definition| definition.names.contains(&name)) else {
        let known: Vec<&str> = DEFINITIONS.iter().flat_map(|definition| definition.names).copied().collect();
        return Err(Error::config(format!(
            "expected linear, leaky_relu, elu, sigmoid, tanh, softmax, {}, got {name}",
            known.join(", ")
        )));
    };
    (definition.read)(&layer_fields(config, name, definition.arguments)?)
}

/// Keras' name of a function.
pub(super) fn name(function: Function) -> &'static str {
    match function {
        Function::Celu { .. } => "celu",
        Function::Exponential => "exponential",
        Function::Gelu | Function::ApproximateGelu => "gelu",
        Function::HardShrink { .. } => "hard_shrink",
        Function::HardSigmoid => "hard_sigmoid",
        Function::HardSilu => "hard_silu",
        Function::HardTanh => "hard_tanh",
        Function::LogSigmoid => "log_sigmoid",
        Function::LogSoftmax => "log_softmax",
        Function::Mish => "mish",
        RELU_6 => "relu6",
        Function::Relu { .. } => "relu",
        Function::Selu => "selu",
        Function::Silu => "silu",
        Function::SoftShrink { .. } => "soft_shrink",
        Function::Softplus => "softplus",
        Function::Softsign => "softsign",
        Function::SparsePlus => "sparse_plus",
        Function::SparseSigmoid => "sparse_sigmoid",
        Function::Squareplus { .. } => "squareplus",
        Function::TanhShrink => "tanh_shrink",
        Function::Threshold { .. } => "threshold",
    }
}

/// Whether a function gives a number below 0 for any.
pub(super) fn is_signed(function: Function) -> bool {
    match function {
        Function::Exponential
        | Function::HardSigmoid
        | Function::Softplus
        | Function::SparsePlus
        | Function::SparseSigmoid
        | Function::Squareplus { .. } => false,
        Function::Relu { negative_slope, .. } => negative_slope > 0.0,
        Function::Threshold { threshold, default_value } => threshold.min(default_value) < 0.0,
        _ => true,
    }
}
