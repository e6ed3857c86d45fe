//! `cargo xtask mnist --sample`: the part of MNIST that is kept in the repository, from the whole of it.

use crate::data;
use crate::tools::root;
use anyhow::{Context, Result};
use convscope_core::Dataset;
use flate2::{Compression, GzBuilder};
use std::fs::{self, File};
use std::io::Write;

/// The parts of MNIST, and of how many of its images one is taken: every twentieth and every tenth, so that all
/// writers and classes are in the sample as they are in the whole.
const PARTS: [(&str, usize); 2] = [("train", 20), ("t10k", 10)];

pub(super) fn write() -> Result<()> {
    let folder = root("web/data/mnist-sample");
    for (part, every) in PARTS {
        let whole = data::mnist(part)?;
        let chosen: Vec<usize> = (0..whole.len()).step_by(every).collect();
        let labels: Vec<u8> = chosen.iter().map(|&index| whole.labels()[index] as u8).collect();
        let images = chosen.iter().flat_map(|&index| pixels(&whole, index)).collect::<Vec<u8>>();
        let count = chosen.len() as u32;
        let files = [
            ("images-idx3", idx(&[0x803, count, 28, 28], &images)),
            ("labels-idx1", idx(&[0x801, count], &labels)),
        ];
        for (kind, content) in files {
            let path = folder.join(format!("{part}-{kind}-ubyte.gz"));
            compress(&content, &path).with_context(|| format!("cannot write {}", path.display()))?;
            println!("{}: {count} examples, {} bytes", path.display(), fs::metadata(&path)?.len());
        }
    }
    Ok(())
}

fn pixels(whole: &Dataset, index: usize) -> Vec<u8> {
    whole.example(index).iter().map(|ink| (ink * 255.0).round() as u8).collect()
}

/// An IDX file: the words of its header, then bytes.
fn idx(header: &[u32], content: &[u8]) -> Vec<u8> {
    header.iter().flat_map(|word| word.to_be_bytes()).chain(content.iter().copied()).collect()
}

/// Without a time in its header, so that a second run writes the same bytes.
fn compress(content: &[u8], path: &std::path::Path) -> Result<()> {
    let mut file = GzBuilder::new().write(File::create(path)?, Compression::best());
    file.write_all(content)?;
    file.finish()?;
    Ok(())
}
