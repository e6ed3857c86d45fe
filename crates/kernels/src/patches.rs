//! The patches under a sliding window, as the columns of a matrix (im2col) and back (col2im).

use super::padded;
use crate::Window2D;

/// Where the windows of one convolution lie, worked out once.
///
/// Row `k` of the patch matrix is one cell of the window and one channel, in the order of a Keras
/// kernel's rows (window row, window column, channel); column `p` is one output position.
#[derive(Clone, Debug)]
pub struct Patches {
    window: Window2D,
    channels: usize,
}

impl Patches {
    /// The patches of `channels` planes under `window`.
    pub fn new(window: Window2D, channels: usize) -> Self {
        Self { window, channels }
    }

    /// Rows of the patch matrix: window cells times channels.
    pub fn rows(&self) -> usize {
        self.window.rows.size * self.window.columns.size * self.channels
    }

    /// Columns of the patch matrix that hold an output position.
    pub fn columns(&self) -> usize {
        self.window.rows.output * self.window.columns.output
    }

    /// Floats of the patch matrix, its rows padded to whole vectors.
    #[expect(clippy::len_without_is_empty, reason = "a window has at least one cell and one position")]
    pub fn len(&self) -> usize {
        self.rows() * padded(self.columns())
    }

    /// Copies every patch of `planes` (one plane a channel) into a column of `matrix`.
    #[inline(never)]
    pub fn gather(&self, planes: &[f32], matrix: &mut [f32]) {
        let stride = padded(self.columns());
        self.for_each_run(|row, run| {
            let target = &mut matrix[row * stride + run.column..][..run.length + run.before + run.after];
            let (before, rest) = target.split_at_mut(run.before);
            let (inside, after) = rest.split_at_mut(run.length);
            before.fill(0.0);
            after.fill(0.0);
            if run.step == 1 {
                inside.copy_from_slice(&planes[run.source..run.source + run.length]);
            } else {
                for (value, &source) in inside.iter_mut().zip(planes[run.source..].iter().step_by(run.step)) {
                    *value = source;
                }
            }
        });
        for row in matrix.chunks_exact_mut(stride) {
            row[self.columns()..].fill(0.0);
        }
    }

    /// Adds every column of `matrix` to the pixels of `planes` that [`Patches::gather`] copied it from.
    #[inline(never)]
    pub fn scatter(&self, matrix: &[f32], planes: &mut [f32]) {
        let stride = padded(self.columns());
        self.for_each_run(|row, run| {
            let source = &matrix[row * stride + run.column + run.before..][..run.length];
            if run.step == 1 {
                for (pixel, &value) in planes[run.source..].iter_mut().zip(source) {
                    *pixel += value;
                }
            } else {
                for (pixel, &value) in planes[run.source..].iter_mut().step_by(run.step).zip(source) {
                    *pixel += value;
                }
            }
        });
    }

    /// Visits the patch matrix in runs: one row of it, one row of output positions.
    fn for_each_run(&self, mut visit: impl FnMut(usize, Run)) {
        let Window2D { rows, columns } = &self.window;
        let mut row = 0;
        for cell_row in 0..rows.size {
            for cell_column in 0..columns.size {
                let (first, last) = columns.inside(cell_column);
                for channel in 0..self.channels {
                    let plane = channel * rows.input * columns.input;
                    for output_row in 0..rows.output {
                        let mut run = Run {
                            column: output_row * columns.output,
                            before: columns.output,
                            length: 0,
                            after: 0,
                            source: 0,
                            step: columns.stride,
                        };
                        if let Some(input_row) = rows.source(output_row, cell_row)
                            && first < last
                        {
                            run.before = first;
                            run.length = last - first;
                            run.after = columns.output - last;
                            let input_column = first * columns.stride + cell_column - columns.before;
                            run.source = plane + input_row * columns.input + input_column;
                        }
                        visit(row, run);
                    }
                    row += 1;
                }
            }
        }
    }
}

/// One output row's share of one row of the patch matrix: padding, pixels, padding.
struct Run {
    column: usize,
    before: usize,
    length: usize,
    after: usize,
    source: usize,
    step: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::for_each_cell;
    use crate::test_support::{Random, axis};
    use std::vec;

    #[test]
    fn gather_reads_what_the_definition_says_and_scatter_is_its_transpose() {
        let mut random = Random(5);
        for (input, size, stride, before) in [
            ([5, 7], [3, 3], [1, 1], [1, 1]),
            ([6, 5], [2, 3], [2, 1], [0, 0]),
            ([7, 4], [5, 4], [3, 2], [2, 1]),
            ([2, 2], [5, 4], [1, 1], [2, 1]),
        ] {
            let axis = |number: usize| axis(input[number], size[number], stride[number], [before[number]; 2]);
            let window = Window2D { rows: axis(0), columns: axis(1) };
            let patches = Patches::new(window, 2);
            let pixels = input[0] * input[1];
            let planes = random.values(2 * pixels);
            let mut matrix = vec![f32::NAN; patches.len()];
            patches.gather(&planes, &mut matrix);
            let stride = padded(patches.columns());
            let mut expected = vec![0.0; patches.len()];
            for output in 0..window.outputs() {
                for_each_cell(window, output, |cell, y, x| {
                    for channel in 0..2 {
                        expected[(2 * cell + channel) * stride + output] =
                            planes[channel * pixels + y * input[1] + x];
                    }
                });
            }
            assert_eq!(matrix, expected);
            let weights = random.values(patches.len());
            let mut back = vec![0.0; planes.len()];
            patches.scatter(&weights, &mut back);
            let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| f64::from(x * y)).sum::<f64>();
            assert!((dot(&matrix, &weights) - dot(&planes, &back)).abs() < 1e-4);
        }
    }
}
