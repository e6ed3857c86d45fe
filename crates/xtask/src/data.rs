//! Handwriting to train and measure on, which is not part of the repository: MNIST and pen strokes.

pub(crate) use crate::tools::data_folder;
use crate::tools::root;
use anyhow::{Context, Result, ensure};
use convscope_core::digits::{Rasterize, Stroke, rasterize};
use convscope_core::{Dataset, formats::idx};
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Of so many writers of pen strokes, one is never trained on.
const HELD_OUT_OF: usize = 5;

/// One digit as a person drew it.
pub(crate) struct Drawing {
    pub(crate) label: u16,
    pub(crate) strokes: Vec<Stroke>,
}

/// Pen strokes of real people, split by writer.
pub(crate) struct PenStrokes {
    pub(crate) training: Vec<Drawing>,
    /// Drawings of writers that are never trained on.
    pub(crate) held_out: Vec<Drawing>,
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
    let mut drawings = PenStrokes { training: Vec::new(), held_out: Vec::new() };
    let mut writers = Vec::new();
    for line in BufReader::new(GzDecoder::new(file)).lines() {
        let line: Line = serde_json::from_str(&line?)?;
        ensure!(line.label < 10, "{}: a label goes from 0 to 9, got {}", path.display(), line.label);
        let writer = writers.iter().position(|writer| *writer == line.writer).unwrap_or_else(|| {
            writers.push(line.writer.clone());
            writers.len() - 1
        });
        let part = if writer % HELD_OUT_OF == 0 { &mut drawings.held_out } else { &mut drawings.training };
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
    Ok(Dataset::new(pixels, drawings.iter().map(|drawing| drawing.label).collect(), [28, 28, 1])?)
}
