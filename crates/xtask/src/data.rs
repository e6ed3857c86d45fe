//! Handwriting to train and measure on: MNIST and pen strokes, which are not part of the repository, and digits
//! that the core generates.

pub(crate) use crate::tools::data_folder;
use crate::tools::root;
use anyhow::{Context, Result, ensure};
use convscope_core::digits::generator::MAX_DIGITS;
use convscope_core::digits::rasterize::PIXELS;
use convscope_core::digits::{Rasterize, Stroke, generate_images, rasterize};
use convscope_core::{Dataset, formats::idx};
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Of so many writers of pen strokes, one belongs to the validation set and one to the test set.
const WRITERS_IN_TURN: usize = 5;

/// How many of MNIST's training images, the last ones, belong to the validation set.
const MNIST_VALIDATION: usize = 5000;

const SHAPE: [usize; 3] = [28, 28, 1];

/// One digit as a person drew it.
pub(crate) struct Drawing {
    pub(crate) label: u16,
    pub(crate) strokes: Vec<Stroke>,
}

/// Pen strokes of real people, split by writer: nobody is in two parts.
#[derive(Default)]
pub(crate) struct PenStrokes {
    pub(crate) training: Vec<Drawing>,
    /// In sight of these the recipe of a training is chosen.
    pub(crate) validation: Vec<Drawing>,
    /// These take part in neither, and in what is reported alone.
    pub(crate) test: Vec<Drawing>,
}

/// MNIST's training images without those of the validation set, and these.
pub(crate) fn mnist_training_and_validation() -> Result<(Dataset, Dataset)> {
    let all = mnist("train")?;
    let first = all.len().saturating_sub(MNIST_VALIDATION);
    let part = |of: std::ops::Range<usize>| {
        let pixels = all.pixels()[of.start * PIXELS..of.end * PIXELS].to_vec();
        Dataset::new(pixels, all.labels()[of].to_vec(), SHAPE)
    };
    Ok((part(0..first)?, part(first..all.len())?))
}

/// The MNIST images of `part`, `train` or `t10k`.
pub(crate) fn mnist(part: &str) -> Result<Dataset> {
    read_mnist(&data_folder().map_err(anyhow::Error::msg)?.join("mnist"), part)
}

/// Those of them that the page carries.
pub(crate) fn mnist_sample(part: &str) -> Result<Dataset> {
    read_mnist(&sample_folder(), part)
}

/// The file with the pixels of [`mnist_sample`].
pub(crate) fn sample_images(part: &str) -> PathBuf {
    sample_folder().join(format!("{part}-images-idx3-ubyte.gz"))
}

fn sample_folder() -> PathBuf {
    root("web/data/mnist-sample")
}

fn read_mnist(folder: &Path, part: &str) -> Result<Dataset> {
    let read = |name: &str| -> Result<Vec<u8>> {
        let path = folder.join(format!("{part}-{name}-ubyte.gz"));
        let file = File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
        let mut bytes = Vec::new();
        GzDecoder::new(file)
            .read_to_end(&mut bytes)
            .with_context(|| format!("cannot unpack {}", path.display()))?;
        Ok(bytes)
    };
    Ok(idx::read(&read("images-idx3")?, &read("labels-idx1")?)?)
}

/// The pen strokes, one JSON object a line: `label`, `writer`, `strokes`.
pub(crate) fn pen_strokes() -> Result<PenStrokes> {
    let path = data_folder().map_err(anyhow::Error::msg)?.join("pendigits-train.jsonl.gz");
    let file = File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut drawings = PenStrokes::default();
    let mut writers = Vec::new();
    for line in BufReader::new(GzDecoder::new(file)).lines() {
        let line: Line = serde_json::from_str(&line?)?;
        ensure!(line.label < 10, "{}: a label goes from 0 to 9, got {}", path.display(), line.label);
        let writer = writers.iter().position(|writer| *writer == line.writer).unwrap_or_else(|| {
            writers.push(line.writer.clone());
            writers.len() - 1
        });
        let part = match writer % WRITERS_IN_TURN {
            0 => &mut drawings.validation,
            1 => &mut drawings.test,
            _ => &mut drawings.training,
        };
        part.push(Drawing { label: line.label, strokes: line.strokes });
    }
    Ok(drawings)
}

#[derive(serde::Deserialize)]
struct Line {
    label: u16,
    writer: serde_json::Value,
    strokes: Vec<Stroke>,
}

/// Drawings as the pad shows them to a network.
pub(crate) fn rasterized(drawings: &[Drawing]) -> Result<Dataset> {
    let mut pixels = Vec::new();
    for drawing in drawings {
        let raster = rasterize(&drawing.strokes, &Rasterize::default())?;
        pixels.extend(raster.image.iter().map(|ink| (ink * 255.0).round() as u8));
    }
    Ok(Dataset::new(pixels, drawings.iter().map(|drawing| drawing.label).collect(), SHAPE)?)
}

/// The first `count` digits that the page generates from `seed`.
pub(crate) fn generated(seed: u64, count: usize) -> Result<Dataset> {
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for first in (0..count).step_by(MAX_DIGITS) {
        let (some, of) = generate_images(seed, first as u64, MAX_DIGITS.min(count - first))?;
        pixels.extend(some);
        labels.extend(of.into_iter().map(u16::from));
    }
    Ok(Dataset::new(pixels, labels, SHAPE)?)
}
