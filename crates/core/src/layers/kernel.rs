//! The weights of layers that sum weighted inputs.

use super::WeightSpec;
use crate::Result;
use crate::config::Arguments::{self, Read, Unsupported};
use crate::config::Fields;
use crate::initializers::Initializer;
use crate::regularizers::Regularizer;
use alloc::{vec, vec::Vec};

/// The arguments that [`kernel_and_bias`] reads.
pub(super) const KERNEL_AND_BIAS: &[Arguments] = &[
    Read(&["use_bias", "kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer"]),
    Unsupported(&["kernel_constraint", "bias_constraint", "lora_rank", "lora_alpha"]),
];

/// A kernel with its outputs last, and a bias for each of them.
pub(super) fn kernel_and_bias(fields: &Fields<'_>, shape: Vec<usize>) -> Result<Vec<WeightSpec>> {
    let outputs = vec![shape[shape.len() - 1]];
    let mut weights = vec![WeightSpec {
        name: "kernel",
        shape,
        initializer: Initializer::from_field(fields, "kernel_initializer", Initializer::GLOROT_UNIFORM)?,
        regularizer: Regularizer::from_field(fields, "kernel_regularizer")?,
        trainable: true,
    }];
    if fields.optional_flag("use_bias")?.unwrap_or(true) {
        weights.push(WeightSpec {
            name: "bias",
            shape: outputs,
            initializer: Initializer::from_field(fields, "bias_initializer", Initializer::Zeros)?,
            regularizer: Regularizer::from_field(fields, "bias_regularizer")?,
            trainable: true,
        });
    }
    Ok(weights)
}

/// One output's part of a kernel that has `outputs` of them last, and its bias.
pub(super) fn weights_of(output: usize, (kernel, bias): (&[f32], &[f32]), outputs: usize) -> (Vec<f32>, f32) {
    let column = kernel.chunks_exact(outputs).map(|row| row[output]).collect();
    (column, bias.get(output).copied().unwrap_or(0.0))
}
