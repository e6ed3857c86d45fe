//! Permute: the axes in another order.

use super::{Backward, Cells, Forward, Layer};
use crate::config::Arguments::{self, Read};
use crate::config::LayerConfig;
use crate::shape::{Shape, permuted};
use crate::{Error, Result};
use alloc::vec::Vec;

const ARGUMENTS: &[Arguments] = &[Read(&["dims"])];

/// Axis number `i` of the output is axis number `dims[i]` of the input, from 1.
pub(super) struct Permute {
    output: Shape,
    /// Of each axis of the output: its size, and how many values of the input lie from one to the next along it.
    axes: Vec<(usize, usize)>,
}

impl Permute {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        let dims = config.fields(ARGUMENTS)?.whole_numbers("dims")?;
        let axes: Option<Vec<usize>> =
            dims.iter().map(|&axis| usize::try_from(axis).ok()?.checked_sub(1)).collect();
        let axes = axes.ok_or_else(|| Error::config("dims: axes are counted from 1"))?;
        let output = permuted(input, &axes).map_err(|error| error.within("dims"))?;
        let sizes = input.sizes();
        let axes = axes.iter().map(|&axis| (sizes[axis], sizes[axis + 1..].iter().product())).collect();
        Ok(Self { output, axes })
    }

    /// Which value of the input value number `output` is.
    fn origin(&self, mut output: usize) -> usize {
        let mut input = 0;
        for &(size, stride) in self.axes.iter().rev() {
            input += output % size * stride;
            output /= size;
        }
        input
    }
}

impl Layer for Permute {
    fn output_shape(&self) -> Shape {
        self.output
    }

    fn sees_everything(&self) -> bool {
        true
    }

    fn cells(&self, [row, column, channel]: [usize; 3], source: [usize; 3]) -> Option<Cells> {
        let [_, width, channels] = self.output.maps();
        Some(Cells::number(self.origin((row * width + column) * channels + channel), source))
    }

    fn forward(&self, pass: Forward<'_>) {
        let len = self.output.len();
        for (input, output) in pass.input.chunks_exact(len).zip(pass.output.chunks_exact_mut(len)) {
            output.iter_mut().enumerate().for_each(|(number, value)| *value = input[self.origin(number)]);
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let (Some(input_gradient), len) = (pass.input_gradient, self.output.len()) else { return };
        let gradients = pass.output_gradient.chunks_exact(len);
        for (input, output) in input_gradient.chunks_exact_mut(len).zip(gradients) {
            output.iter().enumerate().for_each(|(number, &value)| input[self.origin(number)] = value);
        }
    }
}
