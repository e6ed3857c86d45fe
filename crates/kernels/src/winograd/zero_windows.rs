//! Windows that hold nothing but zeros: their sums are zero, whatever rounding has left.

use crate::Window2D;
use crate::frame::{Channels, Frame};

/// Looks for them, for a window that moves by one cell.
#[derive(Clone, Copy)]
pub(super) struct ZeroWindows {
    window: Window2D,
    /// One number a pixel, with what the window reaches around the image.
    frame: Frame,
}

impl ZeroWindows {
    pub(super) fn new(window: Window2D) -> Self {
        Self { window, frame: Frame::around_input(&window, 1) }
    }

    /// Floats of the marks.
    pub(super) fn len(&self) -> usize {
        self.frame.floats()
    }

    /// Writes the values of `bias`, or zeros without one, to the `filters` of `output` where the window holds only zeros
    /// in the `channels` of `image`.
    pub(super) fn overwrite(
        &self,
        image: &[f32],
        channels: Channels,
        marks: &mut [f32],
        bias: &[f32],
        filters: Channels,
        output: &mut [f32],
    ) {
        let marks = &mut marks[..self.len()];
        if !self.mark(image, channels, marks) {
            return;
        }
        let columns = self.window.columns.output;
        let rows = output.chunks_exact_mut(columns * filters.all);
        for (row, marks) in rows.zip(marks.chunks_exact(self.frame.pitch())) {
            for (pixel, &mark) in row.chunks_exact_mut(filters.all).zip(marks) {
                if mark == 0.0 {
                    let pixel = &mut pixel[filters.first..][..filters.count];
                    match bias.get(filters.first..filters.first + filters.count) {
                        Some(bias) => pixel.copy_from_slice(bias),
                        None => pixel.fill(0.0),
                    }
                }
            }
        }
    }

    /// Counts the pixels under each position of the window that hold something else: first by pixel, then the sums along the
    /// rows, then along the columns. Answers whether there is a pixel of zeros at all.
    fn mark(&self, image: &[f32], channels: Channels, marks: &mut [f32]) -> bool {
        let Window2D { rows, columns } = self.window;
        let pitch = self.frame.pitch();
        marks.fill(0.0);
        let mut lit = 0;
        let lines = marks.chunks_exact_mut(pitch).skip(rows.before);
        for (pixels, line) in image.chunks_exact(columns.input * channels.all).zip(lines) {
            let pixels = pixels.chunks_exact(channels.all);
            for (pixel, mark) in pixels.zip(&mut line[columns.before..]) {
                let pixel = &pixel[channels.first..][..channels.count];
                if pixel.iter().any(|&value| value != 0.0) {
                    *mark = 1.0;
                    lit += 1;
                }
            }
        }
        if lit == rows.input * columns.input {
            return false;
        }
        // What is read lies ahead of what is written.
        let used = rows.output + rows.size - 1;
        for line in marks.chunks_exact_mut(pitch).take(used) {
            for column in 0..columns.output {
                line[column] = line[column..column + columns.size].iter().sum();
            }
        }
        for row in 0..rows.output {
            let (line, below) = marks[row * pitch..].split_at_mut(pitch);
            for other in below.chunks_exact(pitch).take(rows.size - 1) {
                line.iter_mut().zip(other).for_each(|(mark, other)| *mark += other);
            }
        }
        true
    }
}
