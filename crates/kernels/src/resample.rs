//! Images read at the places that an affine map gives, and the way back.

/// What lies beyond the edges of an image, with the names of `keras.ops.image.affine_transform`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fill {
    /// One value everywhere.
    Constant(f32),
    /// The pixel at the edge: `a a a | a b c d | d d d`.
    Nearest,
    /// The image mirrored at its edge: `c b a | a b c d | d c b`.
    Reflect,
    /// The image again: `b c d | a b c d | a b c`.
    Wrap,
}

/// How an image of `input` = `[height, width, channels]` becomes one of `output` = `[height, width]`: the pixel at column x
/// and row y is read at column `map[0] · x + map[1] · y + map[2]` and row `map[3] · x + map[4] · y + map[5]`, all counted from
/// the middle of the first pixel.
#[derive(Clone, Copy, Debug)]
pub struct Resampling {
    /// The affine map.
    pub map: [f32; 6],
    /// What is read beyond the edges.
    pub fill: Fill,
    /// Between pixels, bilinear from four of them; else the nearest one.
    pub bilinear: bool,
    /// The size of what is read.
    pub input: [usize; 3],
    /// The size of what is written.
    pub output: [usize; 2],
}

impl Resampling {
    /// Writes the image that is read off `image`.
    #[inline(never)]
    pub fn read(&self, image: &[f32], target: &mut [f32]) {
        let channels = self.input[2];
        target.fill(0.0);
        self.for_each_part(|output, input, weight| {
            let target = &mut target[output * channels..][..channels];
            match (input, self.fill) {
                (Some(input), _) => {
                    for (sum, value) in target.iter_mut().zip(&image[input * channels..]) {
                        *sum += value * weight;
                    }
                }
                (None, Fill::Constant(value)) => target.iter_mut().for_each(|sum| *sum += value * weight),
                (None, _) => {}
            }
        });
    }

    /// Writes the gradient of the image whose reading has the gradient `gradient`.
    #[inline(never)]
    pub fn gradient(&self, gradient: &[f32], target: &mut [f32]) {
        let channels = self.input[2];
        target.fill(0.0);
        self.for_each_part(|output, input, weight| {
            let Some(input) = input else { return };
            let target = &mut target[input * channels..][..channels];
            for (sum, value) in target.iter_mut().zip(&gradient[output * channels..]) {
                *sum += value * weight;
            }
        });
    }

    /// Calls `visit` with the number of an output's pixel, that of a pixel it is made of, none beyond the edges, and its part.
    fn for_each_part(&self, mut visit: impl FnMut(usize, Option<usize>, f32)) {
        let [a0, a1, a2, b0, b1, b2] = self.map;
        let [height, width, _] = self.input;
        for output in 0..self.output[0] * self.output[1] {
            let (x, y) = ((output % self.output[1]) as f32, (output / self.output[1]) as f32);
            let columns = self.neighbours(a0 * x + a1 * y + a2, width);
            for (row, of_row) in self.neighbours(b0 * x + b1 * y + b2, height) {
                for (column, of_column) in columns {
                    let weight = of_row * of_column;
                    if weight != 0.0 {
                        let input = row.zip(column).map(|(row, column)| row * width + column);
                        visit(output, input, weight);
                    }
                }
            }
        }
    }

    /// The one or two cells of an axis that a place on it is read from, and their parts.
    fn neighbours(&self, place: f32, size: usize) -> [(Option<usize>, f32); 2] {
        if !self.bilinear {
            return [(self.cell(libm::rintf(place), size), 1.0), (None, 0.0)];
        }
        let lower = libm::floorf(place);
        let part = place - lower;
        [(self.cell(lower, size), 1.0 - part), (self.cell(lower + 1.0, size), part)]
    }

    /// The cell of an axis that stands for number `cell`.
    fn cell(&self, cell: f32, size: usize) -> Option<usize> {
        let (cell, size) = (cell as i64, size as i64);
        let inside = match self.fill {
            Fill::Constant(_) if !(0..size).contains(&cell) => return None,
            Fill::Constant(_) => cell,
            Fill::Nearest => cell.clamp(0, size - 1),
            Fill::Wrap => cell.rem_euclid(size),
            Fill::Reflect => {
                let place = cell.rem_euclid(2 * size);
                place.min(2 * size - 1 - place)
            }
        };
        Some(inside as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// A line of four pixels, read from three before it to three behind it, moved by `by`.
    fn line(fill: Fill, bilinear: bool, by: f32) -> Vec<f32> {
        let map = [1.0, 0.0, by - 3.0, 0.0, 1.0, 0.0];
        let mut target = [f32::NAN; 10];
        Resampling { map, fill, bilinear, input: [1, 4, 1], output: [1, 10] }
            .read(&[1.0, 2.0, 3.0, 4.0], &mut target);
        target.to_vec()
    }

    #[test]
    fn beyond_the_edges_lies_what_is_asked_for() {
        for (fill, expected) in [
            (Fill::Constant(9.0), [9.0, 9.0, 9.0, 1.0, 2.0, 3.0, 4.0, 9.0, 9.0, 9.0]),
            (Fill::Nearest, [1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 4.0, 4.0, 4.0, 4.0]),
            (Fill::Reflect, [3.0, 2.0, 1.0, 1.0, 2.0, 3.0, 4.0, 4.0, 3.0, 2.0]),
            (Fill::Wrap, [2.0, 3.0, 4.0, 1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0]),
        ] {
            for bilinear in [false, true] {
                assert_eq!(line(fill, bilinear, 0.0), expected, "{fill:?}");
            }
            let between: Vec<f32> = expected.windows(2).map(|pair| 0.75 * pair[0] + 0.25 * pair[1]).collect();
            assert_eq!(line(fill, true, 0.25)[..9], between, "{fill:?}");
            assert_eq!(line(fill, false, 0.25), expected, "{fill:?}");
        }
    }

    #[test]
    fn the_way_back_is_the_transpose() {
        let mut random = crate::test_support::Random(5);
        let (input, output) = ([5, 4, 2], [3, 6]);
        for fill in [Fill::Constant(0.0), Fill::Nearest, Fill::Reflect, Fill::Wrap] {
            for bilinear in [false, true] {
                let map = core::array::from_fn(|_| random.uniform(-2.0, 2.0));
                let resampling = Resampling { map, fill, bilinear, input, output };
                let (image, gradient) = (random.values(40), random.values(36));
                let (mut read, mut back) = ([0.0; 36], [0.0; 40]);
                resampling.read(&image, &mut read);
                resampling.gradient(&gradient, &mut back);
                let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
                assert!((dot(&read, &gradient) - dot(&image, &back)).abs() < 1e-4, "{fill:?}");
            }
        }
    }
}
