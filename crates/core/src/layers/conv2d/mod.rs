//! Conv2D: a small kernel slides over the image; every position gives one value of every map.

mod depthwise;
mod direct;
mod groups;
mod maxima;
#[cfg(feature = "complete")]
mod unfolded;
mod winograd;

use super::activation::{ACTIVATION, activation_field};
#[cfg(feature = "complete")]
pub(super) use super::dilation::sliding_kernel;
use super::kernel::{KERNEL_AND_BIAS, kernel_and_bias, weights_of};
use super::window::WINDOW;
#[cfg(not(feature = "complete"))]
use super::window::window_fields;
use super::{Backward, Direction, Forward, Layer, Operation, Preparation, WeightSpec};
use crate::config::Arguments::{self, Read, Shared};
use crate::config::{Fields, LayerConfig};
use crate::shape::{Shape, Window2D};
use crate::{Error, Result};
use alloc::{boxed::Box, vec, vec::Vec};
use convscope_kernels::activations::Activation;
use convscope_kernels::elementwise::add_rows;
use convscope_kernels::{Level, Write};
pub(super) use groups::Groups;
use maxima::Pooled;

const ARGUMENTS: &[Arguments] =
    &[Read(&["filters", "groups"]), Shared(SLIDING_KERNEL), Shared(KERNEL_AND_BIAS), Shared(ACTIVATION)];

/// The arguments that [`sliding_kernel`] reads.
pub(super) const SLIDING_KERNEL: &[Arguments] = &[Read(&["kernel_size", "dilation_rate"]), Shared(WINDOW)];

/// The window in which a kernel slides over `image`.
#[cfg(not(feature = "complete"))]
pub(super) fn sliding_kernel(fields: &Fields<'_>, image: [usize; 2]) -> Result<Window2D> {
    if fields.optional_pair("dilation_rate")?.is_some_and(|rate| rate != [1, 1]) {
        fields.only("dilation_rate", &[1, 1].into())?;
    }
    window_fields(fields, image, kernel_size(fields)?, [1, 1])
}

/// Height and width of a kernel.
pub(super) fn kernel_size(fields: &Fields<'_>) -> Result<[usize; 2]> {
    fields.optional_pair("kernel_size")?.ok_or_else(|| Error::config("kernel_size: missing"))
}

/// `output[y, x, f] = Σ input[y·s + i − p, x·s + j − p, c] · kernel[i, j, c, f] + bias[f]`, the sum
/// over the window's cells (i, j) and the channels c of f's group.
pub(super) struct Conv2D {
    groups: Groups,
    window: Window2D,
    output: Shape,
    method: Box<dyn Method>,
    /// Present where max pooling comes next.
    pooled: Option<Pooled>,
    activation: Activation,
    weights: Vec<WeightSpec>,
}

/// A way to compute a convolution. The bias' gradient is not its business.
trait Method: Send + Sync {
    /// As [`Layer::prepared_len`].
    fn prepared_len(&self, side: Side) -> usize;
    /// As [`Layer::prepare`].
    fn prepare(&self, side: Side, into: Prepared<'_>);
    fn saved_len(&self, examples: usize) -> usize;
    fn scratch_len(&self, examples: usize) -> usize;
    /// Multiply-add operations for one example, where they are fewer than the definition's.
    #[cfg(feature = "profile")]
    fn needed_multiply_adds(&self) -> Option<u64> {
        None
    }
    /// As [`Layer::lists_len`].
    fn lists_len(&self) -> [usize; 2] {
        [0; 2]
    }
    /// As [`Layer::forward`]; `bias` may be empty.
    fn forward(&self, pass: Forward<'_>, bias: &[f32]);
    /// As [`Layer::backward`], with the kernel's gradient in the place of the weights'.
    fn backward(&self, pass: Backward<'_>);
}

/// Which passes weights are prepared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Forward,
    Backward,
}

/// The weights that are to be prepared, where what comes of them goes, and room to work in.
struct Prepared<'a> {
    level: Level,
    kernel: &'a [f32],
    bias: &'a [f32],
    target: &'a mut [f32],
    scratch: &'a mut [f32],
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

    /// The convolution of an image.
    pub(super) fn of(
        window: Window2D,
        groups: Groups,
        activation: Activation,
        weights: Vec<WeightSpec>,
    ) -> Self {
        let output = Shape::Image([window.rows.output, window.columns.output, groups.all_filters()]);
        let method = method(window, groups);
        Self { groups, window, output, method, pooled: None, activation, weights }
    }

    /// The same along the steps of a sequence: the image's one row.
    #[cfg(feature = "complete")]
    pub(super) fn of_sequence(
        window: Window2D,
        groups: Groups,
        activation: Activation,
        weights: Vec<WeightSpec>,
    ) -> Self {
        let output = Shape::Sequence([window.columns.output, groups.all_filters()]);
        Self { output, ..Self::of(window, groups, activation, weights) }
    }

    pub(super) fn kernel_len(&self) -> usize {
        self.weights[0].shape.iter().product()
    }
}

/// The method that is fastest for a convolution.
fn method(window: Window2D, groups: Groups) -> Box<dyn Method> {
    if let Some(depthwise) = depthwise::Depthwise::new(window, groups) {
        return Box::new(depthwise);
    }
    #[cfg(feature = "complete")]
    if window.has_holes() {
        return Box::new(unfolded::Unfolded::new(window, groups));
    }
    match winograd::Winograd::new(window, groups) {
        Some(winograd) => Box::new(winograd),
        None => Box::new(direct::Direct::new(window, groups)),
    }
}

impl Layer for Conv2D {
    fn output_shape(&self) -> Shape {
        self.output
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

    #[cfg(feature = "profile")]
    fn needed_multiply_adds(&self, direction: Direction, gradients: u64) -> u64 {
        match direction {
            Direction::BackwardFromMaxima => {
                gradients * (self.kernel_len() / self.groups.all_filters()) as u64
            }
            _ => self.method.needed_multiply_adds().unwrap_or(self.multiply_adds()),
        }
    }

    fn go_back_from_maxima(&mut self, pool: Window2D) -> bool {
        self.pooled = Pooled::new(self.window, self.groups, pool);
        self.pooled.is_some()
    }

    fn prepared_len(&self, direction: Direction) -> usize {
        match direction {
            Direction::Forward => self.method.prepared_len(Side::Forward),
            Direction::Backward => self.method.prepared_len(Side::Backward),
            Direction::BackwardFromMaxima => self.pooled.as_ref().map_or(0, Pooled::prepared_len),
        }
    }

    fn prepare(&self, direction: Direction, preparation: Preparation<'_>) {
        let Preparation { level, weights, target, scratch } = preparation;
        let (kernel, bias) = weights.split_at(self.kernel_len());
        let into = Prepared { level, kernel, bias, target, scratch };
        match (direction, &self.pooled) {
            (Direction::Forward, _) => self.method.prepare(Side::Forward, into),
            (Direction::BackwardFromMaxima, Some(pooled)) => pooled.prepare(kernel, into.target),
            _ => self.method.prepare(Side::Backward, into),
        }
    }

    fn saved_len(&self, examples: usize) -> usize {
        self.method.saved_len(examples)
    }

    fn lists_len(&self, examples: usize) -> [usize; 2] {
        let [entries, places] = self.pooled.as_ref().map_or([0; 2], |pooled| pooled.lists_len(examples));
        let of_method = self.method.lists_len();
        [entries.max(of_method[0]), places.max(of_method[1])]
    }

    fn scratch_len(&self, examples: usize) -> usize {
        let pooled = self.pooled.as_ref().map_or(0, |pooled| pooled.scratch_len(examples));
        pooled.max(self.method.scratch_len(examples))
    }

    fn forward(&self, pass: Forward<'_>) {
        let (_, bias) = pass.weights.split_at(self.kernel_len());
        self.method.forward(pass, bias);
    }

    fn backward(&self, pass: Backward<'_>) {
        self.method.backward(self.add_bias_gradient(pass));
    }

    fn backward_from_maxima(&self, pass: Backward<'_>) {
        let Some(pooled) = &self.pooled else { return };
        pooled.backward(self.add_bias_gradient(pass));
    }
}

impl Conv2D {
    /// Computes the bias' gradient, the sum of all outputs' gradients, and leaves that of the kernel to be computed.
    fn add_bias_gradient<'a>(&self, pass: Backward<'a>) -> Backward<'a> {
        let (weight_gradients, bias_gradient) = pass.weight_gradients.split_at_mut(self.kernel_len());
        if pass.write == Write::Set {
            bias_gradient.fill(0.0);
        }
        if !bias_gradient.is_empty() {
            add_rows(pass.level, pass.output_gradient, bias_gradient.len(), bias_gradient);
        }
        Backward { weight_gradients, ..pass }
    }
}
