//! Conv1D: a small kernel slides along a sequence; every position gives one value of every filter.

use super::activation::{ACTIVATION, activation_field};
use super::conv2d::{Conv2D, Groups, SLIDING_KERNEL};
use super::dilation::sliding_kernel_1d;
use super::kernel::{KERNEL_AND_BIAS, kernel_and_bias};
use crate::Result;
use crate::config::Arguments::{self, Read, Shared};
use crate::config::LayerConfig;
use crate::shape::Shape;
use alloc::vec;

const ARGUMENTS: &[Arguments] =
    &[Read(&["filters", "groups"]), Shared(SLIDING_KERNEL), Shared(KERNEL_AND_BIAS), Shared(ACTIVATION)];

/// `output[t, f] = Σ input[t·s + i·d − p, c] · kernel[i, c, f] + bias[f]`, the sum over the window's cells i and the
/// channels c of f's group: a convolution of an image of one row.
pub(super) fn conv1d(config: &LayerConfig, input: Shape) -> Result<Conv2D> {
    let fields = config.fields(ARGUMENTS)?;
    let [steps, channels] = input.sequence(&config.class_name)?;
    let filters = fields.count("filters")?;
    let groups = Groups::new(fields.optional_count("groups")?.unwrap_or(1), channels, filters)?;
    let window = sliding_kernel_1d(&fields, steps)?;
    let shape = vec![window.columns.size, groups.channels, filters];
    let weights = kernel_and_bias(&fields, "kernel", shape, filters)?;
    Ok(Conv2D::of_sequence(window, groups, activation_field(&fields)?, weights))
}
