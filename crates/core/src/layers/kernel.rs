//! The weights of layers that sum weighted inputs.

use super::WeightSpec;
use crate::Result;
use crate::config::Arguments::{self, Complete, Read, Shared, Unsupported};
use crate::config::Fields;
use crate::initializers::Initializer;
use crate::regularizers::Regularizer;
use alloc::{format, vec, vec::Vec};

/// The arguments that [`kernel_and_bias`] reads where Keras calls the kernel that.
pub(super) const KERNEL_AND_BIAS: &[Arguments] = &[
    Read(&["kernel_initializer", "kernel_regularizer"]),
    Complete(&["kernel_constraint"]),
    Unsupported(&["lora_rank", "lora_alpha"]),
    Shared(BIAS),
];

pub(super) const BIAS: &[Arguments] =
    &[Read(&["use_bias", "bias_initializer", "bias_regularizer"]), Complete(&["bias_constraint"])];

/// A kernel of `shape`, and a bias for each of its `outputs`. The kernel's arguments begin with `kernel`.
pub(super) fn kernel_and_bias(
    fields: &Fields<'_>,
    kernel: &str,
    shape: Vec<usize>,
    outputs: usize,
) -> Result<Vec<WeightSpec>> {
    let weight = |name, argument: &str, shape, default| -> Result<WeightSpec> {
        Ok(WeightSpec {
            name,
            shape,
            initializer: Initializer::from_field(fields, &format!("{argument}_initializer"), default)?,
            regularizer: Regularizer::from_field(fields, &format!("{argument}_regularizer"))?,
            trainable: true,
        })
    };
    let mut weights = vec![weight("kernel", kernel, shape, Initializer::GLOROT_UNIFORM)?];
    if fields.optional_flag("use_bias")?.unwrap_or(true) {
        weights.push(weight("bias", "bias", vec![outputs], Initializer::Zeros)?);
    }
    Ok(weights)
}

/// One output's part of a kernel that has `outputs` of them last, and its bias.
pub(super) fn weights_of(output: usize, (kernel, bias): (&[f32], &[f32]), outputs: usize) -> (Vec<f32>, f32) {
    let column = kernel.chunks_exact(outputs).map(|row| row[output]).collect();
    (column, bias.get(output).copied().unwrap_or(0.0))
}
