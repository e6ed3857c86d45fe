//! `cargo xtask results`: what the views show of the shipped models that would take a page long to find out, measured
//! on the part of MNIST that the page carries.

use crate::data;
use crate::pretrain::chosen;
use crate::steps::{at_once, step};
use crate::tools::root;
use anyhow::{Context, Result, ensure};
use convscope_core::explain::Ranking;
use convscope_core::{Dataset, Model, shift_images, split};
use md5::{Digest, Md5};
use serde_json::{Map, Value, json};
use std::fs;
use std::path::Path;

/// How far images are moved, either way, as `web/views/shift/offset-count.js` has it.
const REACH: isize = 8;

/// The part of the training images that the page keeps for validation, as `web/data/files.js` has it.
const VALIDATION: f64 = 1.0 / 6.0;

/// Measures the shipped models and writes `web/models/results/`. Each result names the weights and the images that it
/// belongs to by their digest.
pub(crate) fn results(arguments: &[&str]) -> Result<()> {
    ensure!(arguments.is_empty(), "usage: cargo xtask results");
    let training = data::mnist_sample("train")?;
    let test = data::mnist_sample("t10k")?;
    let folder = root("web/models/results");
    fs::create_dir_all(&folder)?;
    step("accuracy by offset", || {
        let tasks = chosen(&[])?.into_iter().map(|name| {
            let test = &test;
            move || Ok((name.to_owned(), accuracy_by_offset(name, test)?))
        });
        let networks: Map<String, Value> = at_once(tasks)?.into_iter().collect();
        let images = json!({ "count": test.len(), "digest": digest(&data::sample_images("t10k"))? });
        write(&folder.join("accuracy-by-offset.json"), &json!({ "images": images, "networks": networks }))
    })?;
    step("strongest patches", || {
        let digest = digest(&data::sample_images("train"))?;
        let learnt = split(training.labels(), VALIDATION, 0)?.training;
        for name in chosen(&[])? {
            let Some(found) = strongest_patches(name, &training, &learnt)? else { continue };
            let images = json!({ "count": learnt.len(), "digest": digest });
            let content = json!({ "images": images, "weights": weights_digest(name)?, "found": found });
            write(&folder.join(format!("{name}-strongest.json")), &content)?;
        }
        Ok(())
    })
}

fn weights_of(name: &str) -> std::path::PathBuf {
    root("web/models").join(format!("{name}.safetensors"))
}

fn weights_digest(name: &str) -> Result<String> {
    digest(&weights_of(name))
}

fn shipped(name: &str) -> Result<Model> {
    let path = weights_of(name);
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Model::from_safetensors(&bytes)?)
}

fn digest(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Md5::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// How many of the images a network reads right when all are moved: a number for each offset, row by row, the one
/// furthest up and left first.
fn accuracy_by_offset(name: &str, test: &Dataset) -> Result<Value> {
    let mut model = shipped(name)?;
    let images: Vec<f32> = (0..test.len()).flat_map(|index| test.example(index)).collect();
    let mut right = Vec::new();
    for down in -REACH..=REACH {
        for across in -REACH..=REACH {
            let outputs = model.predict(&shift_images(&images, [28, 28, 1], [across, down])?)?;
            ensure!(outputs.len() == 10 * test.len(), "{name}: expected ten outputs an image");
            let answers = outputs.chunks_exact(10).map(|output| {
                // Of equal ones the first, as a page takes it.
                let largest = output.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                output.iter().position(|&value| value == largest)
            });
            let labels = test.labels().iter().map(|&label| Some(usize::from(label)));
            right.push(answers.zip(labels).filter(|(answer, label)| answer == label).count());
        }
    }
    Ok(json!({ "weights": weights_digest(name)?, "right": right }))
}

/// What `Model::strongest_patches` finds in those of the images that the page learns from, numbered as it numbers them,
/// its values to six digits; nothing where a network has no convolution.
fn strongest_patches(name: &str, images: &Dataset, learnt: &[u32]) -> Result<Option<Value>> {
    let mut model = shipped(name)?;
    if model.summary().layers.iter().all(|layer| layer.output_shape.len() < 3) {
        return Ok(None);
    }
    let Ranking { layers, ranking, places } = model.strongest_patches(images, learnt, &[])?;
    let mut numbers: Vec<Value> = Vec::new();
    for &[value, index, row, column] in ranking.as_chunks::<4>().0 {
        // JSON has no −∞: a unit that has no place there responds to nothing.
        let Ok(example) = learnt.binary_search(&(index as u32)) else {
            numbers.extend([0, -1, -1, -1].map(|number| json!(number)));
            continue;
        };
        numbers.push(json!(format!("{value:.5e}").parse::<f64>()?));
        numbers.extend([example, row as usize, column as usize].map(|number| json!(number)));
    }
    Ok(Some(json!({ "layers": layers, "ranking": numbers, "places": places, "examples": learnt.len() })))
}

fn write(path: &Path, content: &Value) -> Result<()> {
    fs::write(path, format!("{content}\n")).with_context(|| format!("cannot write {}", path.display()))?;
    println!("{}: {} bytes", path.display(), fs::metadata(path)?.len());
    Ok(())
}
