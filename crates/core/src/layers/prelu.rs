//! PReLU: a ReLU whose slope below zero is learnt.

use super::{Backward, Forward, Layer, Operation, WeightSpec};
use crate::config::Arguments::{self, Complete, Read};
use crate::config::{LayerConfig, echo};
use crate::initializers::Initializer;
use crate::regularizers::Regularizer;
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
use convscope_kernels::Write;
use serde_json::Value;

const ARGUMENTS: &[Arguments] =
    &[Read(&["alpha_initializer", "alpha_regularizer", "shared_axes"]), Complete(&["alpha_constraint"])];

/// x above zero, `alpha · x` below (He et al. 2015), with an alpha for every value of an example; along the axes of
/// `shared_axes`, counted from 1, all values share one.
pub(super) struct PRelu {
    shape: Shape,
    weight: WeightSpec,
    /// Each value's alpha.
    places: Vec<usize>,
}

impl PRelu {
    pub(super) fn new(config: &LayerConfig, shape: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        let sizes = shape.sizes();
        let mut shared = sizes.clone();
        if let Some(value) = fields.value("shared_axes") {
            for axis in value.as_array().map_or(core::slice::from_ref(value), Vec::as_slice) {
                let place = axis.as_u64().and_then(|axis| usize::try_from(axis).ok()?.checked_sub(1));
                *place
                    .and_then(|place| shared.get_mut(place))
                    .ok_or_else(|| not_an_axis(value, sizes.len()))? = 1;
            }
        }
        let place_of = |mut value: usize| {
            let (mut place, mut stride) = (0, 1);
            for (size, shared) in sizes.iter().zip(&shared).rev() {
                place += value % size % shared * stride;
                stride *= shared;
                value /= size;
            }
            place
        };
        let places = (0..shape.len()).map(place_of).collect();
        let weight = WeightSpec {
            name: "alpha",
            shape: shared,
            initializer: Initializer::from_field(&fields, "alpha_initializer", Initializer::Zeros)?,
            regularizer: Regularizer::from_field(&fields, "alpha_regularizer")?,
            trainable: true,
        };
        Ok(Self { shape, weight, places })
    }
}

fn not_an_axis(value: &Value, axes: usize) -> Error {
    Error::config(format!("shared_axes: expected axes from 1 to {axes}, got {}", echo(value)))
}

impl Layer for PRelu {
    fn output_shape(&self) -> Shape {
        self.shape
    }

    fn weights(&self) -> Vec<WeightSpec> {
        vec![self.weight.clone()]
    }

    fn operation(&self) -> Operation {
        Operation::Function
    }

    fn groups(&self) -> usize {
        self.shape.channels()
    }

    fn forward(&self, pass: Forward<'_>) {
        let len = self.shape.len();
        for (inputs, outputs) in pass.input.chunks_exact(len).zip(pass.output.chunks_exact_mut(len)) {
            for ((output, &input), &place) in outputs.iter_mut().zip(inputs).zip(&self.places) {
                *output = if input > 0.0 { input } else { pass.weights[place] * input };
            }
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let len = self.shape.len();
        if pass.write == Write::Set {
            pass.weight_gradients.fill(0.0);
        }
        for (inputs, gradients) in pass.input.chunks_exact(len).zip(pass.output_gradient.chunks_exact(len)) {
            for ((&input, &gradient), &place) in inputs.iter().zip(gradients).zip(&self.places) {
                pass.weight_gradients[place] += if input > 0.0 { 0.0 } else { input * gradient };
            }
        }
        let Some(input_gradient) = pass.input_gradient else { return };
        for (index, value) in input_gradient.iter_mut().enumerate() {
            let slope = if pass.input[index] > 0.0 { 1.0 } else { pass.weights[self.places[index % len]] };
            *value = slope * pass.output_gradient[index];
        }
    }
}
