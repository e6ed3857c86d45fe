//! Pen strokes to 28×28 grey pixels, the way MNIST was made.
//!
//! LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning applied to document recognition",
//! section III.A: the digit is size-normalised to fit a 20×20 box while its aspect ratio is kept,
//! the anti-aliasing of that step gives the grey levels, and the box is put into a 28×28 field so
//! that the centre of mass is in the middle. Counted over the 60,000 training images, the shift
//! is a whole number of pixels and the middle is the middle of pixel (14, 14): every centre of
//! mass lies within half a pixel of (14.5, 14.5), where a pixel `i` covers `[i, i + 1)`.

mod pen;
mod stages;

pub use stages::{Image, Stages, stages};

use super::{Point, Stroke};
use crate::numbers::{clamp, decimal};
use crate::{Error, Result};
use alloc::format;
use serde::Serialize;

/// Pixels along each side of the image that a network sees.
pub const SIDE: usize = 28;
/// Pixels of the image that a network sees.
pub const PIXELS: usize = SIDE * SIDE;
/// Pixels along each side of the box that the digit's ink fills.
pub const BOX_SIDE: usize = 20;
/// The most points that one drawing may have, over all its strokes.
pub const MAX_POINTS: usize = 1 << 15;
/// The largest absolute coordinate, in sides of the writing area.
pub const MAX_COORDINATE: f32 = 1e6;

/// Where the box's corner lands when the centre of mass is left alone.
const MARGIN: usize = (SIDE - BOX_SIDE) / 2;
/// The middle of the pixel that MNIST puts the centre of mass into.
const MIDDLE: f32 = SIDE as f32 / 2.0 + 0.5;
/// A drawing smaller than this, in sides of the writing area, is a dot rather than a tiny digit:
/// a tap whose tremor would otherwise be blown up to fill the box.
const MIN_EXTENT: f32 = 0.01;

/// How strokes become pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Rasterize {
    /// The pen's width in pixels of the 28×28 image, 1 to 8. The default gives pen strokes the
    /// mean ink of MNIST, 0.13 of all pixels.
    pub pen_width: f32,
    /// Whether the centre of mass is moved to the middle; otherwise the box is in the middle.
    pub center: bool,
}

impl Default for Rasterize {
    fn default() -> Self {
        Self { pen_width: 2.5, center: true }
    }
}

impl Rasterize {
    fn check(&self) -> Result<()> {
        if (1.0..=8.0).contains(&self.pen_width) {
            return Ok(());
        }
        Err(Error::value(format!("pen width: needs 1 to 8 pixels, got {}", decimal(self.pen_width))))
    }
}

/// The smallest upright rectangle around the middle line of all strokes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bounds {
    /// The left upper corner, in sides of the writing area.
    pub min: Point,
    /// The right lower corner, in sides of the writing area.
    pub max: Point,
}

impl Bounds {
    /// The bounds of all points, or nothing where there is no point.
    pub(super) fn of(strokes: &[Stroke]) -> Option<Self> {
        strokes.iter().flatten().fold(None, |bounds, &[x, y]| {
            let Self { min, max } = bounds.unwrap_or(Self { min: [x, y], max: [x, y] });
            Some(Self { min: [min[0].min(x), min[1].min(y)], max: [max[0].max(x), max[1].max(y)] })
        })
    }

    /// The point half way between the corners.
    pub(super) fn center(&self) -> Point {
        [0.5 * (self.min[0] + self.max[0]), 0.5 * (self.min[1] + self.max[1])]
    }

    /// Width and height.
    pub(super) fn extent(&self) -> [f32; 2] {
        [self.max[0] - self.min[0], self.max[1] - self.min[1]]
    }

    /// The larger of width and height.
    pub(super) fn longest(&self) -> f32 {
        let [width, height] = self.extent();
        width.max(height)
    }
}

/// A drawing as a network sees it, with the numbers that led there.
#[derive(Clone, Debug, PartialEq)]
pub struct Raster {
    /// 28×28, row after row, 0 black to 1 white ink.
    pub image: [f32; PIXELS],
    /// The 20×20 box before it is placed, row after row.
    pub scaled: [f32; BOX_SIDE * BOX_SIDE],
    /// How the drawing came into the box and the box into the image; nothing where no point was
    /// drawn, and then all pixels are 0.
    pub placement: Option<Placement>,
}

impl Raster {
    /// Whether nothing was drawn, so that there is nothing to classify.
    pub fn is_blank(&self) -> bool {
        self.placement.is_none()
    }
}

/// The numbers of the normalisation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Placement {
    /// Where the drawing was on the writing area.
    pub bounds: Bounds,
    /// Pixels for one side of the writing area: what makes the ink of the bounds' longest side, the
    /// pen's width and its soft edge included, fill 20 pixels. A dot is only as large as the pen.
    pub scale: f32,
    /// The centre of mass of the ink in the 20×20 box, in pixels from its left upper corner.
    pub center_of_mass: Point,
    /// Where the box's left upper corner is in the image, in whole pixels, each 0 to 8: no ink is
    /// ever pushed out of the image.
    pub offset: [usize; 2],
}

/// Turns pen strokes into the 28×28 image that MNIST's makers would have made of them.
///
/// Size is normalised before the pen's width is applied, so neither the size nor the place of a
/// drawing matters. Strokes are lines with round caps and joins, and where they cross, the ink is
/// their union. A single point is a dot; strokes without points are ignored; without any point
/// the image is blank ([`Raster::is_blank`]). No heap memory is used.
///
/// ```
/// use convscope_core::digits::{Rasterize, rasterize};
///
/// let one = rasterize(&[vec![[0.5, 0.1], [0.5, 0.9]]], &Rasterize::default())?;
/// let small = rasterize(&[vec![[0.2, 0.2], [0.2, 0.4]]], &Rasterize::default())?;
/// assert_eq!(one.image.len(), 28 * 28);
/// assert_eq!(one.image, small.image);
/// # Ok::<(), convscope_core::Error>(())
/// ```
///
/// # Errors
/// `value` for a coordinate that is not finite or beyond [`MAX_COORDINATE`], or a pen width outside
/// 1 to 8; `limit` for more than [`MAX_POINTS`] points.
pub fn rasterize(strokes: &[Stroke], options: &Rasterize) -> Result<Raster> {
    options.check()?;
    check(strokes)?;
    let mut scaled = [0.0; BOX_SIDE * BOX_SIDE];
    let mut image = [0.0; PIXELS];
    let Some(bounds) = Bounds::of(strokes) else {
        return Ok(Raster { image, scaled, placement: None });
    };

    let scale = (BOX_SIDE as f32 - pen::margin(options.pen_width)) / bounds.longest().max(MIN_EXTENT);
    let middle = bounds.center();
    let to_box =
        |point: Point| [0, 1].map(|axis| (point[axis] - middle[axis]) * scale + BOX_SIDE as f32 / 2.0);
    pen::draw(strokes, to_box, options.pen_width, BOX_SIDE, &mut scaled);

    let center_of_mass = center_of_mass(&scaled);
    let offset = match options.center {
        true => center_of_mass.map(|at| clamp(libm::roundf(MIDDLE - at), 0.0, 8.0) as usize),
        false => [MARGIN; 2],
    };
    let rows = image.chunks_exact_mut(SIDE).skip(offset[1]);
    for (row, ink) in rows.zip(scaled.chunks_exact(BOX_SIDE)) {
        row[offset[0]..offset[0] + BOX_SIDE].copy_from_slice(ink);
    }
    let placement = Some(Placement { bounds, scale, center_of_mass, offset });
    Ok(Raster { image, scaled, placement })
}

fn check(strokes: &[Stroke]) -> Result<()> {
    // Strokes are counted too, since a million of them without a point would take as long.
    let points = strokes.iter().fold(0, |sum: usize, stroke| sum.saturating_add(stroke.len().max(1)));
    if points > MAX_POINTS {
        return Err(Error::limit(format!("a drawing can have {MAX_POINTS} points, got {points}")));
    }
    for (stroke, points) in strokes.iter().enumerate() {
        for (index, &[x, y]) in points.iter().enumerate() {
            // Written so that NaN fails too.
            if !(x.abs() <= MAX_COORDINATE && y.abs() <= MAX_COORDINATE) {
                let most = decimal(MAX_COORDINATE);
                return Err(Error::value(format!(
                    "stroke {stroke}, point {index}: needs coordinates from -{most} to \
                     {most}, got ({}, {})",
                    decimal(x),
                    decimal(y)
                )));
            }
        }
    }
    Ok(())
}

/// In pixels from the left upper corner; there is always ink, since the pen is a pixel wide at least.
fn center_of_mass(scaled: &[f32; BOX_SIDE * BOX_SIDE]) -> Point {
    let (mut mass, mut moment) = (0.0, [0.0; 2]);
    for (row, pixels) in scaled.chunks_exact(BOX_SIDE).enumerate() {
        for (column, &ink) in pixels.iter().enumerate() {
            mass += ink;
            moment[0] += ink * (column as f32 + 0.5);
            moment[1] += ink * (row as f32 + 0.5);
        }
    }
    moment.map(|sum| sum / mass)
}

#[cfg(test)]
mod tests;
