//! The two-dimensional maps to the points and back: the one-dimensional ones along the columns, then
//! along the rows, for a vector of channels or filters at a time.

use super::image::Image;
use super::points::{POINTS, evaluate, evaluate_transposed, input_gradient, input_points, scale_kernel};
use super::{ExampleTiles, Winograd};
use crate::padded;
use fearless_simd::{Simd, prelude::*};

/// A square of vectors.
type Square<V, const SIDE: usize> = [[V; SIDE]; SIDE];

/// Where a vector's values at the points are: each point has a matrix of its own.
#[derive(Clone, Copy)]
struct PointIndex {
    /// Floats of a matrix.
    matrix: usize,
    /// The index in each matrix.
    at: usize,
}

impl Winograd {
    #[inline(always)]
    pub(super) fn image_to_points<S: Simd>(
        &self,
        simd: S,
        image: &[f32],
        tiles: ExampleTiles,
        points: &mut [f32],
    ) {
        let sizes = self.input_image();
        self.visit_tiles::<S>(
            sizes,
            self.channels,
            tiles,
            #[inline(always)]
            |start, index| {
                let inputs = read::<S, POINTS>(simd, &image[start..], sizes.width);
                write_points::<S>(map_columns_and_rows(inputs, input_points), points, index);
            },
        );
    }

    #[inline(always)]
    pub(super) fn points_to_image<S: Simd>(
        &self,
        simd: S,
        points: &[f32],
        tiles: ExampleTiles,
        image: &mut [f32],
    ) {
        let sizes = self.input_image();
        image[..sizes.len(padded(self.channels))].fill(0.0);
        self.visit_tiles::<S>(
            sizes,
            self.channels,
            tiles,
            #[inline(always)]
            |start, index| {
                let values = map_columns_and_rows(read_points(simd, points, index), input_gradient);
                for row in 0..POINTS {
                    let line =
                        &mut image[start + row * sizes.width * S::f32s::LEN..][..POINTS * S::f32s::LEN];
                    for column in 0..POINTS {
                        let target = &mut line[column * S::f32s::LEN..][..S::f32s::LEN];
                        // Tiles overlap: an input's gradient is the sum of theirs.
                        (S::f32s::from_slice(simd, target) + values[row][column]).store_slice(target);
                    }
                }
            },
        );
    }

    #[inline(always)]
    pub(super) fn outputs_to_points<S: Simd, const SIDE: usize>(
        &self,
        simd: S,
        image: &[f32],
        tiles: ExampleTiles,
        points: &mut [f32],
    ) {
        let sizes = self.output_image();
        self.visit_tiles::<S>(
            sizes,
            self.filters,
            tiles,
            #[inline(always)]
            |start, index| {
                let outputs = read::<S, SIDE>(simd, &image[start..], sizes.width);
                write_points::<S>(
                    map_columns_and_rows(
                        outputs,
                        #[inline(always)]
                        |line| evaluate::<S, SIDE>(simd, line),
                    ),
                    points,
                    index,
                );
            },
        );
    }

    #[inline(always)]
    pub(super) fn points_to_outputs<S: Simd, const SIDE: usize>(
        &self,
        simd: S,
        points: &[f32],
        tiles: ExampleTiles,
        image: &mut [f32],
    ) {
        let sizes = self.output_image();
        self.visit_tiles::<S>(
            sizes,
            self.filters,
            tiles,
            #[inline(always)]
            |start, index| {
                let values = map_columns_and_rows(
                    read_points(simd, points, index),
                    #[inline(always)]
                    |line| evaluate_transposed::<S, SIDE>(simd, line),
                );
                for row in 0..SIDE {
                    let line = &mut image[start + row * sizes.width * S::f32s::LEN..][..SIDE * S::f32s::LEN];
                    for column in 0..SIDE {
                        values[row][column].store_slice(&mut line[column * S::f32s::LEN..][..S::f32s::LEN]);
                    }
                }
            },
        );
    }

    #[inline(always)]
    pub(super) fn kernel_to_points<S: Simd, const SIZE: usize>(
        &self,
        simd: S,
        kernel: &[f32],
        points: &mut [f32],
    ) {
        self.visit_kernel::<S>(
            #[inline(always)]
            |channel, filter, used, index| {
                let mut weights = [[S::f32s::splat(simd, 0.0); SIZE]; SIZE];
                for row in 0..SIZE {
                    for column in 0..SIZE {
                        let at = ((row * SIZE + column) * self.channels + channel) * self.filters + filter;
                        weights[row][column] = if used == S::f32s::LEN {
                            S::f32s::from_slice(simd, &kernel[at..at + S::f32s::LEN])
                        } else {
                            S::f32s::from_fn(simd, |lane| if lane < used { kernel[at + lane] } else { 0.0 })
                        };
                    }
                }
                write_points::<S>(
                    map_columns_and_rows(
                        weights,
                        #[inline(always)]
                        |line| scale_kernel::<S>(evaluate::<S, SIZE>(simd, line)),
                    ),
                    points,
                    index,
                );
            },
        );
    }

    #[inline(always)]
    pub(super) fn points_to_kernel<S: Simd, const SIZE: usize>(
        &self,
        simd: S,
        points: &[f32],
        gradient: &mut [f32],
    ) {
        self.visit_kernel::<S>(
            #[inline(always)]
            |channel, filter, used, index| {
                let values = map_columns_and_rows(
                    read_points(simd, points, index),
                    #[inline(always)]
                    |line| evaluate_transposed::<S, SIZE>(simd, scale_kernel::<S>(line)),
                );
                for row in 0..SIZE {
                    for column in 0..SIZE {
                        let at = ((row * SIZE + column) * self.channels + channel) * self.filters + filter;
                        let (value, sums) = (values[row][column], &mut gradient[at..at + used]);
                        if used == S::f32s::LEN {
                            (S::f32s::from_slice(simd, sums) + value).store_slice(sums);
                        } else {
                            sums.iter_mut().zip(value.as_slice()).for_each(|(sum, value)| *sum += value);
                        }
                    }
                }
            },
        );
    }

    /// Visits every tile of an image for every vector of its channels, with the index of the tile's
    /// first value in the image and that of its values at the points.
    #[inline(always)]
    fn visit_tiles<S: Simd>(
        &self,
        image: Image,
        channels: usize,
        tiles: ExampleTiles,
        mut visit: impl FnMut(usize, PointIndex),
    ) {
        let lanes = S::f32s::LEN;
        let row_length = padded(channels);
        for first in (0..channels).step_by(lanes) {
            for row in 0..self.tiles[0] {
                for column in 0..self.tiles[1] {
                    let tile = tiles.first + row * self.tiles[1] + column;
                    let index =
                        PointIndex { matrix: tiles.total * row_length, at: tile * row_length + first };
                    let pixel = (row * image.width + column) * self.side;
                    visit(image.len(first) + pixel * lanes, index);
                }
            }
        }
    }

    /// Visits every vector of filters for every channel: the channel, the first filter, how many
    /// filters the vector has, and the index at the points.
    #[inline(always)]
    fn visit_kernel<S: Simd>(&self, mut visit: impl FnMut(usize, usize, usize, PointIndex)) {
        let row_length = padded(self.filters);
        for channel in 0..self.channels {
            for filter in (0..self.filters).step_by(S::f32s::LEN) {
                let used = (self.filters - filter).min(S::f32s::LEN);
                let matrix = self.channels * row_length;
                visit(channel, filter, used, PointIndex { matrix, at: channel * row_length + filter });
            }
        }
    }
}

/// A square of vectors from an image `width` pixels wide.
#[inline(always)]
fn read<S: Simd, const SIDE: usize>(simd: S, image: &[f32], width: usize) -> Square<S::f32s, SIDE> {
    let mut values = [[S::f32s::splat(simd, 0.0); SIDE]; SIDE];
    for row in 0..SIDE {
        let line = &image[row * width * S::f32s::LEN..][..SIDE * S::f32s::LEN];
        for column in 0..SIDE {
            values[row][column] = S::f32s::from_slice(simd, &line[column * S::f32s::LEN..][..S::f32s::LEN]);
        }
    }
    values
}

#[inline(always)]
fn read_points<S: Simd>(simd: S, points: &[f32], index: PointIndex) -> Square<S::f32s, POINTS> {
    let mut values = [[S::f32s::splat(simd, 0.0); POINTS]; POINTS];
    let mut at = index.at;
    for row in 0..POINTS {
        for column in 0..POINTS {
            values[row][column] = S::f32s::from_slice(simd, &points[at..at + S::f32s::LEN]);
            at += index.matrix;
        }
    }
    values
}

#[inline(always)]
fn write_points<S: Simd>(values: Square<S::f32s, POINTS>, points: &mut [f32], index: PointIndex) {
    let mut at = index.at;
    for row in 0..POINTS {
        for column in 0..POINTS {
            values[row][column].store_slice(&mut points[at..at + S::f32s::LEN]);
            at += index.matrix;
        }
    }
}

/// Maps every column, then every row of what comes out.
#[inline(always)]
fn map_columns_and_rows<V: Copy, const FROM: usize, const TO: usize>(
    square: Square<V, FROM>,
    map: impl Fn([V; FROM]) -> [V; TO],
) -> Square<V, TO> {
    let mut half = [[square[0][0]; FROM]; TO];
    for column in 0..FROM {
        let mut line = [square[0][0]; FROM];
        for row in 0..FROM {
            line[row] = square[row][column];
        }
        let line = map(line);
        for row in 0..TO {
            half[row][column] = line[row];
        }
    }
    let mut whole = [[square[0][0]; TO]; TO];
    for row in 0..TO {
        whole[row] = map(half[row]);
    }
    whole
}
