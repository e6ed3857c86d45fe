//! The two-dimensional maps to the points and back: the one-dimensional ones along the columns, then
//! along the rows, for a vector of channels or filters at a time.

use super::points::{POINTS, evaluate, evaluate_transposed, input_gradient, input_points, scale_kernel};
use super::{ExampleTiles, Winograd};
use crate::frame::{Channels, Frame};
use crate::padded;
use crate::tiles::store_line;
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

/// A tile, and the channel that its vector starts with.
#[derive(Clone, Copy)]
struct TileVector {
    row: usize,
    column: usize,
    channel: usize,
}

impl Winograd {
    #[inline(always)]
    pub(super) fn image_to_points<S: Simd>(
        &self,
        simd: S,
        frame: Frame,
        image: &[f32],
        tiles: ExampleTiles,
        points: &mut [f32],
    ) {
        self.visit_tiles::<S>(
            self.channels,
            tiles,
            #[inline(always)]
            |tile, index| {
                let inputs = read::<S, POINTS>(simd, &image[self.start(tile, frame)..], frame);
                write_points::<S>(map_columns_and_rows(inputs, input_points), points, index);
            },
        );
    }

    #[inline(always)]
    pub(super) fn points_to_image<S: Simd>(
        &self,
        simd: S,
        frame: Frame,
        points: &[f32],
        tiles: ExampleTiles,
        image: &mut [f32],
    ) {
        image[..frame.floats()].fill(0.0);
        self.visit_tiles::<S>(
            self.channels,
            tiles,
            #[inline(always)]
            |tile, index| {
                let values = map_columns_and_rows(read_points(simd, points, index), input_gradient);
                let start = self.start(tile, frame);
                for row in 0..POINTS {
                    for column in 0..POINTS {
                        let at = start + row * frame.pitch() + column * frame.pixel();
                        let target = &mut image[at..at + S::f32s::LEN];
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
        frame: Frame,
        image: &[f32],
        tiles: ExampleTiles,
        points: &mut [f32],
    ) {
        self.visit_tiles::<S>(
            self.filters,
            tiles,
            #[inline(always)]
            |tile, index| {
                let outputs = read::<S, SIDE>(simd, &image[self.start(tile, frame)..], frame);
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
        bias: &[f32],
        tiles: ExampleTiles,
        filters: Channels,
        output: &mut [f32],
    ) {
        let [height, width] = [self.window.rows.output, self.window.columns.output];
        self.visit_tiles::<S>(
            self.filters,
            tiles,
            #[inline(always)]
            |tile, index| {
                let values = map_columns_and_rows(
                    read_points(simd, points, index),
                    #[inline(always)]
                    |line| evaluate_transposed::<S, SIDE>(simd, line),
                );
                let used = (self.filters - tile.channel).min(S::f32s::LEN);
                let bias =
                    load_start::<S>(simd, bias.get(filters.first + tile.channel..).unwrap_or(&[]), used);
                for row in 0..SIDE.min(height - tile.row * SIDE) {
                    for column in 0..SIDE.min(width - tile.column * SIDE) {
                        let pixel = (tile.row * SIDE + row) * width + tile.column * SIDE + column;
                        let at = pixel * filters.all + filters.first + tile.channel;
                        store_line(simd, [values[row][column] + bias], &mut output[at..at + used]);
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
        filters: Channels,
        points: &mut [f32],
    ) {
        self.visit_kernel::<S>(
            #[inline(always)]
            |channel, filter, used, index| {
                let mut weights = [[S::f32s::splat(simd, 0.0); SIZE]; SIZE];
                for row in 0..SIZE {
                    for column in 0..SIZE {
                        let at = ((row * SIZE + column) * self.channels + channel) * filters.all
                            + filters.first
                            + filter;
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
        filters: Channels,
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
                        let at = ((row * SIZE + column) * self.channels + channel) * filters.all
                            + filters.first
                            + filter;
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

    /// Where a tile's first pixel lies in a frame.
    #[inline(always)]
    fn start(&self, tile: TileVector, frame: Frame) -> usize {
        self.side * (tile.row * frame.pitch() + tile.column * frame.pixel()) + tile.channel
    }

    /// Visits every tile of an image for every vector of its channels, with the index of its values at the points.
    #[inline(always)]
    fn visit_tiles<S: Simd>(
        &self,
        channels: usize,
        tiles: ExampleTiles,
        mut visit: impl FnMut(TileVector, PointIndex),
    ) {
        let row_length = padded(channels);
        for row in 0..self.tiles[0] {
            for column in 0..self.tiles[1] {
                let tile = tiles.first + row * self.tiles[1] + column;
                for channel in (0..channels).step_by(S::f32s::LEN) {
                    let index =
                        PointIndex { matrix: tiles.total * row_length, at: tile * row_length + channel };
                    visit(TileVector { row, column, channel }, index);
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

/// A square of vectors from an image in a frame.
#[inline(always)]
fn read<S: Simd, const SIDE: usize>(simd: S, image: &[f32], frame: Frame) -> Square<S::f32s, SIDE> {
    let mut values = [[S::f32s::splat(simd, 0.0); SIDE]; SIDE];
    for row in 0..SIDE {
        for column in 0..SIDE {
            let at = row * frame.pitch() + column * frame.pixel();
            values[row][column] = S::f32s::from_slice(simd, &image[at..at + S::f32s::LEN]);
        }
    }
    values
}

/// The first `used` of `values`, and zeros; zeros alone where there are no values.
#[inline(always)]
fn load_start<S: Simd>(simd: S, values: &[f32], used: usize) -> S::f32s {
    match values.get(..S::f32s::LEN) {
        Some(values) if used == S::f32s::LEN => S::f32s::from_slice(simd, values),
        _ => {
            S::f32s::from_fn(simd, |lane| values[..used.min(values.len())].get(lane).copied().unwrap_or(0.0))
        }
    }
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
