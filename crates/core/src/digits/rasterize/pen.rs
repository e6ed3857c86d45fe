//! A round pen drawn along polylines, antialiased.

use crate::digits::{Point, Stroke};
use crate::numbers::clamp;

/// Over how many pixels ink fades from full to none across a stroke's edge, half of them on either
/// side. One is the box filter over a pixel; MNIST's edges are softer: where 0.131 of the ink is,
/// 0.191 of all pixels are not black.
const EDGE: f32 = 1.25;

/// How many pixels more than its middle line a stroke `width` wide needs in each direction, so that
/// no pixel beyond them holds any of its ink.
pub(super) fn margin(width: f32) -> f32 {
    // A pixel holds no ink if its middle, half a pixel inwards, is out of the edge's reach.
    width + EDGE - 1.0
}

/// Draws `strokes`, moved to pixels by `place`, with a pen `width` pixels wide, into the rows of
/// `pixels`, each `columns` long. What was in `pixels` is lost.
///
/// A pixel's ink is its coverage by the pen, from the distance between its middle and the nearest
/// point of any stroke; the smallest distance wins, so strokes unite instead of adding up.
pub(super) fn draw(
    strokes: &[Stroke],
    place: impl Fn(Point) -> Point,
    width: f32,
    columns: usize,
    pixels: &mut [f32],
) {
    let reach = 0.5 * (width + EDGE);
    pixels.fill(reach * reach);
    for stroke in strokes {
        let mut points = stroke.iter().map(|&point| place(point));
        let Some(mut from) = points.next() else { continue };
        if stroke.len() == 1 {
            approach(from, from, reach, columns, pixels);
        }
        for to in points {
            approach(from, to, reach, columns, pixels);
            from = to;
        }
    }
    for pixel in pixels {
        *pixel = clamp((reach - libm::sqrtf(*pixel)) / EDGE, 0.0, 1.0);
    }
}

/// Lowers each pixel's squared distance to that from the segment between `from` and `to`, for all
/// pixels that may be within `reach` of it.
fn approach(from: Point, to: Point, reach: f32, columns: usize, pixels: &mut [f32]) {
    let along = [to[0] - from[0], to[1] - from[1]];
    let length = along[0] * along[0] + along[1] * along[1];
    let per_length = if length > 0.0 { 1.0 / length } else { 0.0 };

    // A cast from f32 saturates: what lies left of or above the image becomes 0.
    let range = |axis: usize, end: usize| {
        let first = from[axis].min(to[axis]) - reach;
        let last = from[axis].max(to[axis]) + reach + 1.0;
        (first as usize).min(end)..(last as usize).min(end)
    };
    let rows = range(1, pixels.len() / columns);
    let span = range(0, columns);
    for row in rows {
        let y = row as f32 + 0.5 - from[1];
        let line = &mut pixels[row * columns..][span.clone()];
        for (pixel, column) in line.iter_mut().zip(span.start as u16..) {
            let x = f32::from(column) + 0.5 - from[0];
            let part = clamp((x * along[0] + y * along[1]) * per_length, 0.0, 1.0);
            let (x, y) = (x - part * along[0], y - part * along[1]);
            *pixel = pixel.min(x * x + y * y);
        }
    }
}
