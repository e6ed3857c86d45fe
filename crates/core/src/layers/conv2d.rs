//! Conv2D: a small kernel slides over the image; every position gives one value of every map.

use super::activation::activation_field;
use super::dense::kernel_and_bias;
use super::{Backward, Forward, Layer, WeightSpec, check_data_format};
use crate::config::Fields;
use crate::regularizers::refuse;
use crate::shape::{LARGEST_SIZE, Padding, Shape, Window2D, window_2d};
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
use convscope_kernels::activations::Activation;
use convscope_kernels::matmul::{Into, Rows, product, product_of_rows};
use convscope_kernels::patches::Patches;
use convscope_kernels::{pad_rows, padded};
use serde_json::json;

/// `output[y, x, f] = Σ input[y·s + i − p, x·s + j − p, c] · kernel[i, j, c, f] + bias[f]`, the sum
/// over the window's cells (i, j) and the channels c of f's group.
///
/// Each example's patches are laid out as a matrix, so that the convolution is one matrix product
/// (Chellapilla, Puri, Simard 2006).
#[derive(Debug)]
pub(super) struct Conv2D {
    input: [usize; 3],
    filters: usize,
    groups: usize,
    window: Window2D,
    /// The patches of one group's channels.
    patches: Patches,
    activation: Activation,
    weights: Vec<WeightSpec>,
}

/// Reads `padding`, which Keras writes in lower case and reads in any.
pub(super) fn padding_field(fields: &Fields<'_>) -> Result<Padding> {
    let choices = [
        ("valid", Padding::Valid),
        ("same", Padding::Same),
        ("VALID", Padding::Valid),
        ("SAME", Padding::Same),
    ];
    Ok(fields.choice("padding", &choices)?.unwrap_or(Padding::Valid))
}

impl Conv2D {
    pub(super) fn new(fields: &Fields<'_>, input: Shape) -> Result<Self> {
        check_data_format(fields)?;
        refuse(fields, &["kernel_constraint", "bias_constraint", "activity_regularizer"])?;
        if fields.optional_pair("dilation_rate")?.is_some_and(|rate| rate != [1, 1]) {
            fields.only("dilation_rate", &json!([1, 1]))?;
        }
        let input = input.image("Conv2D")?;
        let [height, width, channels] = input;
        let filters = fields.count("filters")?;
        let groups = fields.optional_count("groups")?.unwrap_or(1);
        if filters > LARGEST_SIZE {
            return Err(Error::limit(format!("filters: at most {LARGEST_SIZE}, got {filters}")));
        }
        if channels % groups != 0 || filters % groups != 0 {
            return Err(Error::config(format!(
                "groups: must divide the {channels} input channels and the {filters} filters, got {groups}"
            )));
        }
        let size =
            fields.optional_pair("kernel_size")?.ok_or_else(|| Error::config("kernel_size: missing"))?;
        let stride = fields.optional_pair("strides")?.unwrap_or([1, 1]);
        let window = window_2d([height, width], size, stride, padding_field(fields)?)?;
        let weights = kernel_and_bias(fields, vec![size[0], size[1], channels / groups, filters])?;
        let patches = Patches::new(window, channels / groups);
        Ok(Self { input, filters, groups, window, patches, activation: activation_field(fields)?, weights })
    }

    fn kernel_len(&self) -> usize {
        self.patches.rows() * self.filters
    }

    fn group_filters(&self) -> usize {
        self.filters / self.groups
    }

    /// Floats of one group's input planes.
    fn group_input_len(&self) -> usize {
        self.input.iter().product::<usize>() / self.groups
    }
}

impl Layer for Conv2D {
    fn output_shape(&self) -> Shape {
        Shape::Image([self.window.rows.output, self.window.columns.output, self.filters])
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

    fn multiply_adds(&self) -> u64 {
        self.kernel_len() as u64 * self.patches.columns() as u64
    }

    fn scratch_len(&self, _examples: usize) -> usize {
        let filters = self.group_filters();
        let row = padded(self.patches.columns());
        self.patches.len() + filters * row + self.patches.rows() * filters
    }

    fn forward(&self, pass: Forward<'_>) {
        let (kernel, bias) = pass.weights.split_at(self.kernel_len());
        let positions = self.patches.columns();
        for planes in pass.output.chunks_exact_mut(self.filters * positions) {
            for (index, plane) in planes.chunks_exact_mut(positions).enumerate() {
                plane.fill(bias.get(index).copied().unwrap_or(0.0));
            }
        }
        let matrix = &mut pass.scratch[..self.patches.len()];
        let size = [self.group_filters(), positions, self.patches.rows()];
        let inputs = pass.input.chunks_exact(self.group_input_len());
        let outputs = pass.output.chunks_exact_mut(self.group_filters() * positions);
        for (index, (input, output)) in inputs.zip(outputs).enumerate() {
            self.patches.gather(input, matrix);
            let first_filter = index % self.groups * self.group_filters();
            let kernel = Rows::new(&kernel[first_filter..], self.filters);
            let patches = Rows::new(matrix, padded(positions));
            product(pass.level, size, kernel, patches, output, positions, Into::Add);
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let (kernel, _) = pass.weights.split_at(self.kernel_len());
        let (kernel_gradient, bias_gradient) = pass.weight_gradients.split_at_mut(self.kernel_len());
        let positions = self.patches.columns();
        if !bias_gradient.is_empty() {
            for planes in pass.output_gradient.chunks_exact(self.filters * positions) {
                for (sum, plane) in bias_gradient.iter_mut().zip(planes.chunks_exact(positions)) {
                    *sum += plane.iter().sum::<f32>();
                }
            }
        }
        let filters = self.group_filters();
        let (matrix, rest) = pass.scratch.split_at_mut(self.patches.len());
        let (gradient_rows, rest) = rest.split_at_mut(filters * padded(positions));
        let kernel_rows = &mut rest[..self.patches.rows() * filters];
        let mut input_gradients = pass.input_gradient.map(|gradient| {
            gradient.fill(0.0);
            gradient.chunks_exact_mut(self.group_input_len())
        });
        let inputs = pass.input.chunks_exact(self.group_input_len());
        let output_gradients = pass.output_gradient.chunks_exact(filters * positions);
        for (index, (input, output_gradient)) in inputs.zip(output_gradients).enumerate() {
            let first_filter = index % self.groups * filters;
            self.patches.gather(input, matrix);
            pad_rows(output_gradient, positions, gradient_rows);
            let gradient = Rows::new(gradient_rows, padded(positions));
            let patches = Rows::new(matrix, padded(positions));
            let size = [self.patches.rows(), filters, positions];
            let target = &mut kernel_gradient[first_filter..];
            product_of_rows(pass.level, size, patches, gradient, target, self.filters, Into::Add);
            if let Some(input_gradient) = input_gradients.as_mut().and_then(Iterator::next) {
                if index == 0 || self.groups > 1 {
                    for (row, kernel) in kernel.chunks_exact(self.filters).enumerate() {
                        for (filter, &weight) in
                            kernel[first_filter..first_filter + filters].iter().enumerate()
                        {
                            kernel_rows[filter * self.patches.rows() + row] = weight;
                        }
                    }
                }
                let size = [self.patches.rows(), positions, filters];
                let kernel = Rows::new(kernel_rows, self.patches.rows());
                product(pass.level, size, kernel, gradient, matrix, padded(positions), Into::Set);
                self.patches.scatter(matrix, input_gradient);
            }
        }
    }
}
