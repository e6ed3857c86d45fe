//! Conv2D: a small kernel slides over the image; every position gives one value of every map.

mod direct;
mod unrolled;
mod winograd;

use super::activation::{ACTIVATION, activation_field};
use super::kernel::{KERNEL_AND_BIAS, kernel_and_bias, weights_of};
use super::window::{WINDOW, window_fields};
use super::{Backward, Forward, Layer, Operation, WeightSpec};
use crate::config::Arguments::{self, Read, Shared};
use crate::config::{Fields, LayerConfig};
use crate::shape::{MAX_SIZE, Shape, Window2D};
use crate::{Error, Result};
use alloc::{boxed::Box, format, vec, vec::Vec};
use convscope_kernels::Write;
use convscope_kernels::activations::Activation;
use convscope_kernels::convolution::KernelPart;
use convscope_kernels::elementwise::add_sums;

const ARGUMENTS: &[Arguments] =
    &[Read(&["filters", "groups"]), Shared(SLIDING_KERNEL), Shared(KERNEL_AND_BIAS), Shared(ACTIVATION)];

/// The arguments that [`sliding_kernel`] reads.
pub(super) const SLIDING_KERNEL: &[Arguments] = &[Read(&["kernel_size", "dilation_rate"]), Shared(WINDOW)];

/// The window in which a kernel slides over `image`.
pub(super) fn sliding_kernel(fields: &Fields<'_>, image: [usize; 2]) -> Result<Window2D> {
    if fields.optional_pair("dilation_rate")?.is_some_and(|rate| rate != [1, 1]) {
        fields.only("dilation_rate", &[1, 1].into())?;
    }
    let size = fields.optional_pair("kernel_size")?.ok_or_else(|| Error::config("kernel_size: missing"))?;
    window_fields(fields, image, size, [1, 1])
}

/// `output[y, x, f] = Σ input[y·s + i − p, x·s + j − p, c] · kernel[i, j, c, f] + bias[f]`, the sum
/// over the window's cells (i, j) and the channels c of f's group.
pub(super) struct Conv2D {
    groups: Groups,
    window: Window2D,
    method: Box<dyn Method>,
    activation: Activation,
    weights: Vec<WeightSpec>,
}

/// How the channels are divided: each group of filters sees its own group of channels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Groups {
    count: usize,
    channels: usize,
    filters: usize,
}

impl Groups {
    /// Divides all channels and all filters into `count` groups.
    pub(super) fn new(count: usize, channels: usize, filters: usize) -> Result<Self> {
        if filters > MAX_SIZE {
            return Err(Error::limit(format!("filters: at most {MAX_SIZE}, got {filters}")));
        }
        if !channels.is_multiple_of(count) || !filters.is_multiple_of(count) {
            return Err(Error::config(format!(
                "groups: must divide the {channels} input channels and the {filters} filters, got {count}"
            )));
        }
        Ok(Self { count, channels: channels / count, filters: filters / count })
    }

    /// Where a group's weights lie in the kernel.
    fn part(&self, group: usize) -> KernelPart {
        KernelPart { first: group * self.filters, stride: self.count * self.filters }
    }
}

/// A way to compute a convolution. The bias' gradient is not its business.
trait Method: Send + Sync {
    fn saved_len(&self, examples: usize) -> usize;
    fn scratch_len(&self, examples: usize) -> usize;
    /// As [`Layer::forward`], with the weights cut into kernel and bias (which may be empty).
    fn forward(&self, pass: Forward<'_>, kernel: &[f32], bias: &[f32]);
    /// As [`Layer::backward`], with the kernel's gradient in the place of the weights'.
    fn backward(&self, pass: Backward<'_>, kernel: &[f32]);
}

impl Conv2D {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        let [height, width, channels] = input.image("Conv2D")?;
        let filters = fields.count("filters")?;
        let groups = Groups::new(fields.optional_count("groups")?.unwrap_or(1), channels, filters)?;
        let window = sliding_kernel(&fields, [height, width])?;
        let shape = vec![window.rows.size, window.columns.size, groups.channels, filters];
        let weights = kernel_and_bias(&fields, "kernel", shape, filters)?;
        Ok(Self::of(window, groups, activation_field(&fields)?, weights))
    }

    /// The convolution with the method that is fastest for it.
    pub(super) fn of(
        window: Window2D,
        groups: Groups,
        activation: Activation,
        weights: Vec<WeightSpec>,
    ) -> Self {
        let method: Box<dyn Method> = if let Some(winograd) = winograd::Winograd::new(window, groups) {
            Box::new(winograd)
        } else if [window.rows.stride, window.columns.stride] == [1, 1] {
            Box::new(direct::Direct::new(window, groups))
        } else {
            Box::new(unrolled::Unrolled::new(window, groups))
        };
        Self { groups, window, method, activation, weights }
    }

    fn kernel_len(&self) -> usize {
        self.weights[0].shape.iter().product()
    }
}

impl Layer for Conv2D {
    fn output_shape(&self) -> Shape {
        Shape::Image([
            self.window.rows.output,
            self.window.columns.output,
            self.groups.count * self.groups.filters,
        ])
    }

    fn weights(&self) -> Vec<WeightSpec> {
        self.weights.clone()
    }

    fn activation(&self) -> Activation {
        self.activation
    }

    fn window(&self) -> Option<Window2D> {
        Some(self.window)
    }

    fn operation(&self) -> Operation {
        Operation::WeightedSum
    }

    fn groups(&self) -> usize {
        self.groups.count
    }

    fn weights_of(&self, channel: usize, weights: &[f32]) -> (Vec<f32>, f32) {
        weights_of(channel, weights.split_at(self.kernel_len()), self.groups.count * self.groups.filters)
    }

    fn multiply_adds(&self) -> u64 {
        self.kernel_len() as u64 * self.window.outputs() as u64
    }

    fn saved_len(&self, examples: usize) -> usize {
        self.method.saved_len(examples)
    }

    fn scratch_len(&self, examples: usize) -> usize {
        self.method.scratch_len(examples)
    }

    fn forward(&self, pass: Forward<'_>) {
        let (kernel, bias) = pass.weights.split_at(self.kernel_len());
        self.method.forward(pass, kernel, bias);
    }

    fn backward(&self, pass: Backward<'_>) {
        let (kernel, _) = pass.weights.split_at(self.kernel_len());
        let (weight_gradients, bias_gradient) = pass.weight_gradients.split_at_mut(self.kernel_len());
        if pass.write == Write::Set {
            bias_gradient.fill(0.0);
        }
        if !bias_gradient.is_empty() {
            let positions = self.window.outputs();
            for planes in pass.output_gradient.chunks_exact(bias_gradient.len() * positions) {
                add_sums(pass.level, planes, positions, bias_gradient);
            }
        }
        self.method.backward(Backward { weight_gradients, ..pass }, kernel);
    }
}
