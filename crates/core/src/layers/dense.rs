//! Dense: every unit sees every input.

use super::activation::{ACTIVATION, activation_field};
use super::kernel::{KERNEL_AND_BIAS, kernel_and_bias, weights_of};
use super::{Backward, Direction, Forward, Layer, Operation, Preparation, WeightSpec};
use crate::config::Arguments::{self, Read, Shared, Unsupported};
use crate::config::LayerConfig;
use crate::shape::{MAX_SIZE, Shape};
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
use convscope_kernels::Write;
use convscope_kernels::activations::Activation;
use convscope_kernels::elementwise::add;
use convscope_kernels::matmul::{
    Rows, Target, pack_panels, pack_transposed_panels, panels_len, product_of_panels, product_of_rows,
    streamed_product, times_zero, transposed_product,
};
use convscope_kernels::{pad_rows, padded};

const ARGUMENTS: &[Arguments] =
    &[Read(&["units"]), Unsupported(&["quantization_config"]), Shared(KERNEL_AND_BIAS), Shared(ACTIVATION)];

/// A kernel of more floats doesn't stay in a processor's nearer caches: it is read as seldom as can be.
const STREAMED: usize = 1 << 18;

/// `output[u] = Σᵢ input[i] · kernel[i, u] + bias[u]`
pub(super) struct Dense {
    inputs: usize,
    units: usize,
    activation: Activation,
    weights: Vec<WeightSpec>,
}

impl Dense {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        let Shape::Vector(inputs) = input else {
            return Err(Error::shape(format!(
                "Dense needs a vector, got an image {input}: put Flatten in front"
            )));
        };
        let units = fields.count("units")?;
        if units > MAX_SIZE {
            return Err(Error::limit(format!("units: at most {MAX_SIZE}, got {units}")));
        }
        let weights = kernel_and_bias(&fields, "kernel", vec![inputs, units], units)?;
        Ok(Self { inputs, units, activation: activation_field(&fields)?, weights })
    }

    fn kernel_len(&self) -> usize {
        self.inputs * self.units
    }

    fn is_streamed(&self) -> bool {
        self.kernel_len() > STREAMED
    }
}

impl Layer for Dense {
    fn output_shape(&self) -> Shape {
        Shape::Vector(self.units)
    }

    fn weights(&self) -> Vec<WeightSpec> {
        self.weights.clone()
    }

    fn activation(&self) -> Activation {
        self.activation
    }

    fn sees_everything(&self) -> bool {
        true
    }

    fn operation(&self) -> Operation {
        Operation::WeightedSum
    }

    fn weights_of(&self, channel: usize, weights: &[f32]) -> (Vec<f32>, f32) {
        weights_of(channel, weights.split_at(self.kernel_len()), self.units)
    }

    fn multiply_adds(&self) -> u64 {
        self.kernel_len() as u64
    }

    fn prepared_len(&self, direction: Direction) -> usize {
        match direction {
            Direction::Forward if self.is_streamed() => self.inputs,
            Direction::Forward => panels_len(self.units, self.inputs),
            _ if self.is_streamed() => 0,
            _ => panels_len(self.inputs, self.units),
        }
    }

    /// A step with a single example would put the kernel in another order for itself alone.
    fn needs_prepared(&self, examples: usize, training: bool) -> bool {
        examples > 1 || !training || self.is_streamed()
    }

    fn prepare(&self, direction: Direction, preparation: Preparation<'_>) {
        let Preparation { level, weights, target, .. } = preparation;
        let kernel = &weights[..self.kernel_len()];
        let rows = Rows::new(kernel, self.units);
        match direction {
            Direction::Forward if self.is_streamed() => times_zero(level, kernel, self.units, target),
            Direction::Forward => pack_panels(level, [self.units, self.inputs], rows, target),
            _ => pack_transposed_panels(level, [self.inputs, self.units], rows, target),
        }
    }

    fn scratch_len(&self, examples: usize) -> usize {
        (self.inputs + examples) * padded(self.units)
    }

    fn forward(&self, pass: Forward<'_>) {
        let (kernel, bias) = pass.weights.split_at(self.kernel_len());
        let size = [pass.examples, self.units, self.inputs];
        let inputs = Rows::new(pass.input, self.inputs);
        if self.is_streamed() || pass.prepared.is_empty() {
            streamed_product(pass.level, size, inputs, kernel, pass.prepared, pass.output);
        } else {
            let target = Target::new(&mut *pass.output, self.units);
            product_of_panels(pass.level, size, inputs, pass.prepared, target);
        }
        if !bias.is_empty() {
            for output in pass.output.chunks_exact_mut(self.units) {
                add(pass.level, bias, output);
            }
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let (kernel, _) = pass.weights.split_at(self.kernel_len());
        let (kernel_gradient, bias_gradient) = pass.weight_gradients.split_at_mut(self.kernel_len());
        if pass.write == Write::Set {
            bias_gradient.fill(0.0);
        }
        if !bias_gradient.is_empty() {
            for gradient in pass.output_gradient.chunks_exact(self.units) {
                add(pass.level, gradient, bias_gradient);
            }
        }
        let (gradient_rows, kernel_rows) = pass.scratch.split_at_mut(pass.examples * padded(self.units));
        let gradient = rows_of_vectors(pass.output_gradient, self.units, gradient_rows);
        let size = [self.inputs, self.units, pass.examples];
        let inputs = Rows::new(pass.input, self.inputs);
        let target = Target::new(kernel_gradient, self.units);
        transposed_product(pass.level, size, inputs, gradient, target, pass.write);
        if let Some(input_gradient) = pass.input_gradient {
            let size = [pass.examples, self.inputs, self.units];
            let target = Target::new(input_gradient, self.inputs);
            if pass.prepared.is_empty() {
                let kernel = rows_of_vectors(kernel, self.units, kernel_rows);
                product_of_rows(pass.level, size, gradient, kernel, target);
            } else {
                product_of_panels(pass.level, size, gradient, pass.prepared, target);
            }
        }
    }
}

/// The rows as they are where their length is one of whole vectors, else a padded copy in `scratch`.
fn rows_of_vectors<'a>(rows: &'a [f32], columns: usize, scratch: &'a mut [f32]) -> Rows<'a> {
    if columns == padded(columns) {
        return Rows::new(rows, columns);
    }
    let copy = &mut scratch[..rows.len() / columns * padded(columns)];
    pad_rows(rows, columns, copy);
    Rows::new(copy, padded(columns))
}
