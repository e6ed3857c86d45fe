//! An endless supply of handwritten digits, each from a seed.
//!
//! A digit is written in one of several styles, which differ in what strokes there are and where
//! they turn: a style is a trace through a few places, with the proportions that vary together. A
//! hand then carries it out: off the mark, rounded by haste, slanted, stretched and bent, with
//! points as far apart as the pen was fast.

mod hand;
mod trace;

mod eight;
mod five;
mod four;
mod nine;
mod one;
mod seven;
mod six;
mod three;
mod two;
mod zero;

use super::{ImageAugmentation, Rasterize, Stroke, rasterize};
use crate::digits::rasterize::PIXELS;
use crate::numbers::clamp;
use crate::random::Random;
use crate::{Error, Result};
use alloc::format;
use alloc::vec::Vec;
use hand::Hand;
use serde::Serialize;
use trace::Trace;

/// Keeps the generator's random numbers apart from others of the same seed.
const STREAM: u64 = 0x6469_6769_7473;

/// What paper and scanner do to a line: its edges are rough and its width is uneven.
const PAPER: ImageAugmentation = ImageAugmentation {
    shift: 0.0,
    rotation: 0.0,
    scale: 0.0,
    shear: 0.0,
    elastic: 0.34,
    elastic_sigma: 2.0,
};

/// How much steeper than the paper's the scanner's edge from white to black is: it saturates at both ends.
const CONTRAST: (f32, f32) = (1.1, 2.2);

/// A generated digit.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Generated {
    /// In sides of the writing area, all within it.
    pub strokes: Vec<Stroke>,
    /// The name of the handwriting style, one of [`styles`] of the digit.
    pub style: &'static str,
    /// A width for the pen, in pixels of the 28×28 image, 1.3 to 6.
    pub pen_width: f32,
}

/// One way of writing a digit.
struct Style {
    name: &'static str,
    /// How common it is, relative to the other styles of the digit.
    weight: f32,
    traces: fn(&mut Hand) -> Vec<Trace>,
}

const DIGITS: [&[Style]; 10] = [
    zero::STYLES,
    one::STYLES,
    two::STYLES,
    three::STYLES,
    four::STYLES,
    five::STYLES,
    six::STYLES,
    seven::STYLES,
    eight::STYLES,
    nine::STYLES,
];

/// Writes the digit `label`, 0 to 9; the same seed gives the same strokes.
///
/// # Errors
/// `value` for a label above 9.
pub fn generate(label: u8, seed: u64) -> Result<Generated> {
    let styles = styles_of(label)?;
    let mut hand = Hand::new(Random::new(seed, STREAM + u64::from(label)));
    let style = &styles[hand.choose(styles.iter().map(|style| style.weight))];
    Ok(written(style, &mut hand))
}

/// The most digits of one call of [`generate_images`].
pub const MAX_DIGITS: usize = 1 << 14;

/// Writes digits number `first` up to `first + count` of an endless supply, as if written on paper and
/// scanned: pixels as bytes, `[count, 28, 28]`, and labels. All ten digits are equally common. A digit
/// depends on `seed` and its number alone.
///
/// # Errors
/// `limit` for more than [`MAX_DIGITS`].
pub fn generate_images(seed: u64, first: u64, count: usize) -> Result<(Vec<u8>, Vec<u8>)> {
    if count > MAX_DIGITS {
        return Err(Error::limit(format!("count: at most {MAX_DIGITS} digits at a time, got {count}")));
    }
    let (mut pixels, mut labels) = (Vec::with_capacity(count * PIXELS), Vec::with_capacity(count));
    for number in first..first + count as u64 {
        let label = (number % 10) as u8;
        let mut random = Random::new(seed, STREAM.rotate_left(32) ^ number);
        let digit = generate(label, u64::from(random.bits()) << 32 | u64::from(random.bits()))?;
        let options = Rasterize { pen_width: digit.pen_width, ..Rasterize::default() };
        let image = rasterize(&digit.strokes, &options)?.image;
        let mut scanned = [0.0; PIXELS];
        PAPER.apply(&image, &mut random, &mut scanned);
        let contrast = random.uniform(CONTRAST.0, CONTRAST.1);
        pixels.extend(scanned.iter().map(|ink| {
            let ink = clamp(0.5 + contrast * (ink - 0.5), 0.0, 1.0);
            (ink * 255.0 + 0.5) as u8
        }));
        labels.push(label);
    }
    Ok((pixels, labels))
}

/// The names of the handwriting styles of the digit `label`, 0 to 9.
///
/// # Errors
/// `value` for a label above 9.
pub fn styles(label: u8) -> Result<impl Iterator<Item = &'static str>> {
    Ok(styles_of(label)?.iter().map(|style| style.name))
}

fn styles_of(label: u8) -> Result<&'static [Style]> {
    let styles = DIGITS.get(usize::from(label)).copied();
    styles.ok_or_else(|| Error::value(format!("digit: needs 0 to 9, got {label}")))
}

fn written(style: &Style, hand: &mut Hand) -> Generated {
    let traces = (style.traces)(hand);
    let strokes = hand.write(traces);
    let pen_width = hand.pen_width(&strokes);
    Generated { strokes, style: style.name, pen_width }
}

#[cfg(test)]
mod tests;
