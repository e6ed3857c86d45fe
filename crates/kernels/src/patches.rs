//! What lies under a window at every position, as rows of a matrix, and back (im2col and col2im): with them any
//! convolution is a product of matrices, with holes in its window or turned round.

use crate::Window2D;
use crate::frame::Channels;

/// The sizes of such rows.
#[derive(Clone, Copy, Debug)]
pub struct Patches {
    window: Window2D,
    channels: Channels,
}

impl Patches {
    /// Rows of `channels` under `window`.
    pub fn new(window: Window2D, channels: Channels) -> Self {
        Self { window, channels }
    }

    /// Floats of a row: `[rows][columns][channels]` of the window, as in Keras' kernels.
    pub fn row_len(&self) -> usize {
        self.window.rows.size * self.window.columns.size * self.channels.count
    }

    /// Writes `rows` for the positions from number `first` on of one example's `image`; 0 stands in the padding.
    #[inline(never)]
    pub fn gather(&self, image: &[f32], first: usize, rows: &mut [f32]) {
        let count = self.channels.count;
        for (position, row) in (first..).zip(rows.chunks_exact_mut(self.row_len())) {
            for (cell, values) in row.chunks_exact_mut(count).enumerate() {
                match self.pixel(position, cell) {
                    Some(at) => values.copy_from_slice(&image[at..at + count]),
                    None => values.fill(0.0),
                }
            }
        }
    }

    /// Adds `rows`, those of the positions from number `first` on, to the cells of `image` that they are of.
    #[inline(never)]
    pub fn add_to(&self, rows: &[f32], first: usize, image: &mut [f32]) {
        let count = self.channels.count;
        for (position, row) in (first..).zip(rows.chunks_exact(self.row_len())) {
            for (cell, values) in row.chunks_exact(count).enumerate() {
                let Some(at) = self.pixel(position, cell) else { continue };
                for (sum, value) in image[at..at + count].iter_mut().zip(values) {
                    *sum += value;
                }
            }
        }
    }

    /// Where the channels of a window's cell start in the image, or none in the padding.
    #[inline(always)]
    fn pixel(&self, position: usize, cell: usize) -> Option<usize> {
        let Window2D { rows, columns } = &self.window;
        let row = rows.source(position / columns.output, cell / columns.size)?;
        let column = columns.source(position % columns.output, cell % columns.size)?;
        Some((row * columns.input + column) * self.channels.all + self.channels.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Window;
    use crate::reference::for_each_cell;
    use crate::test_support::{Random, axis, same};
    use std::{vec, vec::Vec};

    /// Gathering is compared with the definition of a window, and adding back with gathering: ⟨rows, gather(image)⟩ =
    /// ⟨add_to(rows), image⟩.
    #[test]
    fn rows_are_what_lies_under_the_window_and_go_back_there() {
        let mut random = Random(5);
        let holes = Window { input: 9, size: 3, dilation: 2, stride: 1, before: 2, output: 9 };
        for (rows, columns) in
            [(axis(5, 3, 2, [1, 1]), axis(6, 2, 1, same(2))), (holes, axis(1, 1, 1, [0, 0]))]
        {
            let window = Window2D { rows, columns };
            let channels = Channels { first: 1, count: 2, all: 4 };
            let patches = Patches::new(window, channels);
            let image = random.values(rows.input * columns.input * channels.all);
            let mut expected = vec![0.0; window.outputs() * patches.row_len()];
            for (position, row) in expected.chunks_exact_mut(patches.row_len()).enumerate() {
                for_each_cell(window, position, |cell, y, x| {
                    let at = (y * columns.input + x) * channels.all + channels.first;
                    row[cell * 2..][..2].copy_from_slice(&image[at..at + 2]);
                });
            }
            // In two portions, as callers do it.
            let mut gathered = vec![f32::NAN; expected.len()];
            let (front, behind) = gathered.split_at_mut(3 * patches.row_len());
            patches.gather(&image, 0, front);
            patches.gather(&image, 3, behind);
            assert_eq!(gathered, expected);

            let factors = random.values(expected.len());
            let mut sums = vec![0.0; image.len()];
            let (front, behind) = factors.split_at(3 * patches.row_len());
            patches.add_to(front, 0, &mut sums);
            patches.add_to(behind, 3, &mut sums);
            let dot = |one: &[f32], other: &[f32]| -> f32 {
                one.iter().zip(other).map(|(one, other)| one * other).collect::<Vec<_>>().iter().sum()
            };
            let difference = dot(&factors, &gathered) - dot(&sums, &image);
            assert!(difference.abs() < 1e-4, "{difference}");
        }
    }
}
