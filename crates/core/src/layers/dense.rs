//! Dense: every unit sees every input.

use super::activation::{ACTIVATION, activation_field};
use super::kernel::{KERNEL_AND_BIAS, kernel_and_bias, weights_of};
use super::{Backward, Forward, Layer, Operation, WeightSpec};
use crate::config::Arguments::{self, Read, Shared, Unsupported};
use crate::config::LayerConfig;
use crate::shape::{MAX_SIZE, Shape};
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
use convscope_kernels::Write;
use convscope_kernels::activations::Activation;
use convscope_kernels::elementwise::add;
use convscope_kernels::matmul::{Rows, Target, product, product_of_rows, transposed_product};
use convscope_kernels::{pad_rows, padded};

const ARGUMENTS: &[Arguments] =
    &[Read(&["units"]), Unsupported(&["quantization_config"]), Shared(KERNEL_AND_BIAS), Shared(ACTIVATION)];

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

    fn scratch_len(&self, examples: usize) -> usize {
        (self.inputs + examples) * padded(self.units)
    }

    fn forward(&self, pass: Forward<'_>) {
        let (kernel, bias) = pass.weights.split_at(self.kernel_len());
        for output in pass.output.chunks_exact_mut(self.units) {
            match bias {
                [] => output.fill(0.0),
                bias => output.copy_from_slice(bias),
            }
        }
        let kernel = rows_of_vectors(kernel, self.units, pass.scratch);
        let size = [pass.examples, self.units, self.inputs];
        let inputs = Rows::new(pass.input, self.inputs);
        product(pass.level, size, inputs, kernel, Target::new(pass.output, self.units, Write::Add));
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
        let target = Target::new(kernel_gradient, self.units, pass.write);
        transposed_product(pass.level, size, inputs, gradient, target);
        if let Some(input_gradient) = pass.input_gradient {
            let kernel = rows_of_vectors(kernel, self.units, kernel_rows);
            let size = [pass.examples, self.inputs, self.units];
            let target = Target::new(input_gradient, self.inputs, Write::Set);
            product_of_rows(pass.level, size, gradient, kernel, target);
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
