//! UpSampling2D: an image enlarged by whole factors.

use super::{Backward, Cells, DATA_FORMAT, Forward, Layer, Operation, check_data_format};
use crate::Result;
use crate::config::Arguments::{self, Read, Shared};
use crate::config::LayerConfig;
use crate::shape::{Shape, enlarged};
use alloc::{vec, vec::Vec};

const ARGUMENTS: &[Arguments] = &[Read(&["size", "interpolation"]), Shared(DATA_FORMAT)];

/// Every pixel becomes `size` = (rows, columns) of them: repeated, or with `interpolation` "bilinear" as straight lines
/// between the pixels' middles, beyond which the border goes on as it is.
pub(super) struct UpSampling2D {
    input: [usize; 3],
    rows: Axis,
    columns: Axis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Interpolation {
    Nearest,
    Bilinear,
}

/// Which cells of an axis make one that is `factor` times as long.
struct Axis {
    input: usize,
    output: usize,
    factor: usize,
    interpolation: Interpolation,
}

impl Axis {
    fn new(input: usize, factor: usize, interpolation: Interpolation) -> Result<Self> {
        Ok(Self { input, output: enlarged(input, factor)?, factor, interpolation })
    }

    /// How many cells make one.
    fn cells(&self) -> usize {
        match self.interpolation {
            Interpolation::Bilinear if self.input > 1 => 2,
            _ => 1,
        }
    }

    /// The first of them, and what each counts.
    fn parts(&self, output: usize) -> (usize, [f32; 2]) {
        if self.cells() == 1 {
            return (output / self.factor, [1.0, 0.0]);
        }
        let middle = (output as f32 + 0.5) / self.factor as f32 - 0.5;
        let middle = middle.max(0.0).min((self.input - 1) as f32);
        let first = (middle as usize).min(self.input - 2);
        let second = middle - first as f32;
        (first, [1.0 - second, second])
    }
}

impl UpSampling2D {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        check_data_format(&fields)?;
        let [height, width, channels] = input.image(&config.class_name)?;
        let [rows, columns] = fields.optional_pair("size")?.unwrap_or([2, 2]);
        let choices = [("nearest", Interpolation::Nearest), ("bilinear", Interpolation::Bilinear)];
        let interpolation = fields.choice("interpolation", &choices)?.unwrap_or(Interpolation::Nearest);
        Ok(Self {
            input: [height, width, channels],
            rows: Axis::new(height, rows, interpolation)?,
            columns: Axis::new(width, columns, interpolation)?,
        })
    }

    fn is_sum(&self) -> bool {
        self.rows.interpolation == Interpolation::Bilinear
    }

    /// Visits every pixel of an input that counts for a pixel of its output: where the channels of both start, and how much
    /// it counts.
    fn for_each_part(&self, mut visit: impl FnMut(usize, usize, f32)) {
        let [_, width, channels] = self.input;
        for row in 0..self.rows.output {
            let (top, vertical) = self.rows.parts(row);
            for column in 0..self.columns.output {
                let (left, horizontal) = self.columns.parts(column);
                let output = (row * self.columns.output + column) * channels;
                for (down, vertical) in vertical.iter().enumerate().take(self.rows.cells()) {
                    for (right, horizontal) in horizontal.iter().enumerate().take(self.columns.cells()) {
                        let input = ((top + down) * width + left + right) * channels;
                        visit(input, output, vertical * horizontal);
                    }
                }
            }
        }
    }

    fn lens(&self) -> [usize; 2] {
        [self.input.iter().product(), self.output_shape().len()]
    }
}

impl Layer for UpSampling2D {
    fn output_shape(&self) -> Shape {
        Shape::Image([self.rows.output, self.columns.output, self.input[2]])
    }

    fn operation(&self) -> Operation {
        if self.is_sum() { Operation::WeightedSum } else { Operation::Copy }
    }

    fn keeps_sign(&self) -> bool {
        true
    }

    fn cells(&self, [row, column, channel]: [usize; 3], _source: [usize; 3]) -> Option<Cells> {
        let along = |axis: &Axis, output| (axis.input, axis.parts(output).0, axis.cells());
        Some(Cells::of([along(&self.rows, row), along(&self.columns, column)], channel..channel + 1))
    }

    fn weights_at(&self, [row, column, _]: [usize; 3], _weights: &[f32]) -> (Vec<f32>, f32) {
        let mut parts = vec![];
        if self.is_sum() {
            for vertical in &self.rows.parts(row).1[..self.rows.cells()] {
                let horizontal = &self.columns.parts(column).1[..self.columns.cells()];
                parts.extend(horizontal.iter().map(|horizontal| vertical * horizontal));
            }
        }
        (parts, 0.0)
    }

    fn multiply_adds(&self) -> u64 {
        let cells = if self.is_sum() { self.rows.cells() * self.columns.cells() } else { 0 };
        cells as u64 * self.output_shape().len() as u64
    }

    fn forward(&self, pass: Forward<'_>) {
        let ([input, output], channels) = (self.lens(), self.input[2]);
        pass.output.fill(0.0);
        for (image, target) in pass.input.chunks_exact(input).zip(pass.output.chunks_exact_mut(output)) {
            self.for_each_part(|from, to, part| {
                let sums = target[to..to + channels].iter_mut();
                sums.zip(&image[from..from + channels]).for_each(|(sum, value)| *sum += part * value);
            });
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        let ([input, output], channels) = (self.lens(), self.input[2]);
        input_gradient.fill(0.0);
        let gradients = pass.output_gradient.chunks_exact(output);
        for (target, gradient) in input_gradient.chunks_exact_mut(input).zip(gradients) {
            self.for_each_part(|to, from, part| {
                let sums = target[to..to + channels].iter_mut();
                sums.zip(&gradient[from..from + channels]).for_each(|(sum, value)| *sum += part * value);
            });
        }
    }
}
