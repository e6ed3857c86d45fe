//! The steps from the pad to the network, as pictures to look at.

use super::{Bounds, MIN_EXTENT, Placement, Raster, Rasterize, SIDE, pen, rasterize};
use crate::Result;
use crate::digits::{Point, Stroke};
use alloc::vec;
use alloc::vec::Vec;

/// Pixels of the raw picture for each pixel of the final image, along a side.
const ZOOM: usize = 4;

/// Grey pixels, row after row, 0 black to 1 white ink.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Image {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `height · width` values.
    pub pixels: Vec<f32>,
}

/// Every step from a drawing to the image that a network sees.
#[derive(Clone, Debug, PartialEq)]
pub struct Stages {
    /// The writing area as it was drawn on, 112×112, with a pen that is `pen_width` wide where the
    /// writing area is 28.
    pub raw: Image,
    /// The part of it that holds ink, at most 112 pixels plus the pen along a side; 0×0 where
    /// nothing was drawn.
    pub cropped: Image,
    /// The last two steps: the 20×20 box and the 28×28 image, with the numbers.
    pub raster: Raster,
}

/// Like [`rasterize`], with the steps before the 20×20 box as pictures.
///
/// # Errors
/// Those of [`rasterize`].
pub fn stages(strokes: &[Stroke], options: &Rasterize) -> Result<Stages> {
    let raster = rasterize(strokes, options)?;
    let side = SIDE * ZOOM;
    let pen_width = options.pen_width * ZOOM as f32;

    let mut raw = Image { width: side, height: side, pixels: vec![0.0; side * side] };
    let to_raw = |point: Point| point.map(|at| at * side as f32);
    pen::draw(strokes, to_raw, pen_width, side, &mut raw.pixels);

    let cropped = match &raster.placement {
        Some(Placement { bounds, .. }) => crop(strokes, bounds, pen_width, side),
        None => Image::default(),
    };
    Ok(Stages { raw, cropped, raster })
}

/// The drawing at the scale of the raw picture, or smaller where it is larger than the area.
fn crop(strokes: &[Stroke], bounds: &Bounds, pen_width: f32, side: usize) -> Image {
    let scale = side as f32 / bounds.longest().max(1.0);
    let [width, height] = bounds
        .extent()
        .map(|extent| libm::ceilf(extent.max(MIN_EXTENT) * scale + pen::margin(pen_width)) as usize);
    let middle = bounds.center();
    let place = |[x, y]: Point| {
        [(x - middle[0]) * scale + 0.5 * width as f32, (y - middle[1]) * scale + 0.5 * height as f32]
    };
    let mut pixels = vec![0.0; width * height];
    pen::draw(strokes, place, pen_width, width, &mut pixels);
    Image { width, height, pixels }
}
