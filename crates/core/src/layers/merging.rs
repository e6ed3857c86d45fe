//! Add, Subtract, Multiply, Average, Maximum and Minimum: one value from each input, put together.

use super::{Backward, Forward, Layer, Operation};
use crate::config::LayerConfig;
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::{format, vec::Vec};
use convscope_kernels::elementwise::add;

/// The values at the same place of all inputs, put together from the first to the last. As in Keras, an input of one pixel
/// (or a vector) is repeated at all pixels, and one of one channel in all channels.
pub(super) struct Merging {
    operation: Operation,
    inputs: Vec<Shape>,
    output: Shape,
}

/// What the layers of this file do, by the names of their classes.
const OPERATIONS: [(&str, Operation); 6] = [
    ("Add", Operation::Sum),
    ("Subtract", Operation::Difference),
    ("Multiply", Operation::Product),
    ("Average", Operation::MeanOfInputs),
    ("Maximum", Operation::MaximumOfInputs),
    ("Minimum", Operation::MinimumOfInputs),
];

impl Merging {
    /// None where the class of `config` is another.
    pub(super) fn new(config: &LayerConfig, inputs: &[Shape]) -> Result<Option<Self>> {
        let Some(&(_, operation)) = OPERATIONS.iter().find(|(name, _)| *name == config.class_name) else {
            return Ok(None);
        };
        config.fields(&[])?;
        match (operation, inputs.len()) {
            (Operation::Difference, 2) => {}
            (Operation::Difference, count) => {
                return Err(Error::config(format!("Subtract needs 2 inputs, got {count}")));
            }
            (_, 0 | 1) => {
                return Err(Error::config(format!("{} needs at least 2 inputs, got 1", config.class_name)));
            }
            _ => {}
        }
        let output = inputs.iter().copied().try_fold(inputs[0], joined)?;
        Ok(Some(Self { operation, inputs: inputs.to_vec(), output }))
    }

    /// Which value of an example of the input of shape `input` belongs to value number `index` of the output.
    fn place(&self, input: Shape, index: usize) -> usize {
        if input == self.output {
            return index;
        }
        let (position, channel) = (index / self.output.channels(), index % self.output.channels());
        let channel = if input.channels() == 1 { 0 } else { channel };
        if input.positions() == 1 { channel } else { position * input.channels() + channel }
    }

    /// What a value of the input number `place`, whose values at the same place are `values`, counts in the output.
    fn slope(&self, place: usize, values: impl Iterator<Item = f32> + Clone) -> f32 {
        let first = |is_better: fn(f32, f32) -> bool| {
            let mut best = (0, f32::NAN);
            for (number, value) in values.clone().enumerate() {
                if number == 0 || is_better(value, best.1) {
                    best = (number, value);
                }
            }
            if best.0 == place { 1.0 } else { 0.0 }
        };
        match self.operation {
            Operation::Difference if place > 0 => -1.0,
            Operation::Product => values
                .clone()
                .enumerate()
                .filter(|&(number, _)| number != place)
                .map(|(_, value)| value)
                .product(),
            Operation::MeanOfInputs => 1.0 / self.inputs.len() as f32,
            Operation::MaximumOfInputs => first(|value, best| value > best),
            Operation::MinimumOfInputs => first(|value, best| value < best),
            _ => 1.0,
        }
    }
}

/// The shape that two inputs have together.
fn joined(one: Shape, other: Shape) -> Result<Shape> {
    let [one_sizes, other_sizes] = [one, other].map(Shape::maps);
    let sizes = [0, 1, 2].map(|axis| one_sizes[axis].max(other_sizes[axis]));
    let fits = |[height, width, channels]: [usize; 3]| {
        let same = [height, width] == sizes[..2];
        (same || height * width == 1) && (channels == sizes[2] || channels == 1)
    };
    if !fits(one_sizes) || !fits(other_sizes) {
        return Err(Error::shape(format!(
            "inputs need the same shape, or one pixel or one channel in its place, got {one} and {other}"
        )));
    }
    match (one, other) {
        (Shape::Vector(_), Shape::Vector(_)) => Ok(Shape::Vector(sizes[2])),
        _ => Ok(Shape::Image(sizes)),
    }
}

impl Layer for Merging {
    fn output_shape(&self) -> Shape {
        self.output
    }

    fn operation(&self) -> Operation {
        self.operation
    }

    fn forward(&self, pass: Forward<'_>) {
        let Forward { level, inputs, output, .. } = pass;
        for (number, &shape) in self.inputs.iter().enumerate() {
            let values = inputs.get(number);
            for (example, output) in output.chunks_exact_mut(self.output.len()).enumerate() {
                let values = &values[example * shape.len()..][..shape.len()];
                let is_sum = matches!(self.operation, Operation::Sum | Operation::MeanOfInputs);
                if shape == self.output && number == 0 {
                    output.copy_from_slice(values);
                } else if shape == self.output && is_sum {
                    add(level, values, output);
                } else {
                    for (index, output) in output.iter_mut().enumerate() {
                        let value = values[self.place(shape, index)];
                        *output = match self.operation {
                            _ if number == 0 => value,
                            Operation::Difference => *output - value,
                            Operation::Product => *output * value,
                            Operation::MaximumOfInputs => output.max(value),
                            Operation::MinimumOfInputs => output.min(value),
                            _ => *output + value,
                        };
                    }
                }
            }
        }
        if self.operation == Operation::MeanOfInputs {
            let factor = 1.0 / self.inputs.len() as f32;
            output.iter_mut().for_each(|value| *value *= factor);
        }
    }

    /// Of equal values the first is the maximum, or the minimum.
    fn backward(&self, pass: Backward<'_>) {
        let Backward { inputs, place, output_gradient, .. } = pass;
        let Some(input_gradient) = pass.input_gradient else { return };
        let shape = self.inputs[place];
        if shape == self.output && self.operation == Operation::Sum {
            return input_gradient.copy_from_slice(output_gradient);
        }
        input_gradient.fill(0.0);
        let gradients = input_gradient.chunks_exact_mut(shape.len());
        for (example, (input, output)) in
            gradients.zip(output_gradient.chunks_exact(self.output.len())).enumerate()
        {
            for (index, &gradient) in output.iter().enumerate() {
                let values = self.inputs.iter().enumerate().map(|(number, &shape)| {
                    inputs.get(number)[example * shape.len() + self.place(shape, index)]
                });
                input[self.place(shape, index)] += gradient * self.slope(place, values);
            }
        }
    }
}
