//! `cargo xtask evaluate --generated`: how well the default network reads people's digits when it has seen
//! only generated ones.

use crate::confusion::Confusion;
use crate::data;
use crate::pretrain::{parallel_step, replicas};
use crate::tools::root;
use anyhow::{Context, Result, bail, ensure};
use convscope_core::digits::{Augmentation, ImageAugmentation};
use convscope_core::{Batch, Dataset, Model, Share};
use serde_json::{Value, json};
use std::fs;
use std::time::Instant;

/// What is trained, and on how much: by default what the page begins with, which two idle cores do in a
/// minute.
struct Regime {
    /// Digits that are generated, once, before the training.
    digits: usize,
    epochs: u32,
    batch: usize,
    /// Where it starts; from there it falls to 0 along half a cosine.
    learning_rate: f32,
    augmentation: ImageAugmentation,
    /// Of the digits, the first weights, the order and the augmentation.
    seed: u64,
}

impl Default for Regime {
    fn default() -> Self {
        Self {
            digits: 20_000,
            epochs: 4,
            batch: 32,
            learning_rate: 0.002,
            augmentation: ImageAugmentation {
                shift: 0.0,
                rotation: 0.0,
                scale: 0.0,
                shear: 0.0,
                elastic: 0.8,
                elastic_sigma: 3.0,
            },
            seed: 1,
        }
    }
}

impl Regime {
    fn of(arguments: &[&str]) -> Result<Self> {
        let mut regime = Self::default();
        for pair in arguments.chunks(2) {
            let &[name, value] = pair else { bail!("{}: a value is missing", pair[0]) };
            let number = || value.parse().with_context(|| format!("{name} {value}: not a number"));
            match name {
                "--digits" => regime.digits = number()?,
                "--epochs" => regime.epochs = u32::try_from(number()?)?,
                "--batch" => regime.batch = number()?,
                "--seed" => regime.seed = number()? as u64,
                _ => bail!(
                    "usage: cargo xtask evaluate --generated [--digits N] [--epochs N] [--batch N] [--seed N]"
                ),
            }
        }
        ensure!((10..=1 << 20).contains(&regime.digits), "--digits: from 10 to {}", 1 << 20);
        ensure!((1..=regime.digits).contains(&regime.batch), "--batch: from 1 to {}", regime.digits);
        Ok(regime)
    }
}

/// Trains the default network on generated digits and prints accuracy and confusion matrix on people's.
pub(super) fn evaluate(arguments: &[&str]) -> Result<()> {
    let regime = Regime::of(arguments)?;
    if let Err(skipped) = data::data_folder() {
        println!("{skipped}");
        return Ok(());
    }
    let mnist = data::mnist("t10k")?;
    let pen = data::rasterized(&data::pen_strokes()?.test)?;
    let start = Instant::now();
    let digits = data::generated(regime.seed, regime.digits)?;
    println!("{} digits generated in {:.1} s", digits.len(), start.elapsed().as_secs_f32());
    let start = Instant::now();
    let mut model = train(&regime, &digits)?;
    println!("{} epochs in {:.1} s", regime.epochs, start.elapsed().as_secs_f32());
    Confusion::of(&mut model, &mnist)?.print("MNIST, test set");
    Confusion::of(&mut model, &pen)?.print("pen strokes, test writers");
    Ok(())
}

fn train(regime: &Regime, data: &Dataset) -> Result<Model> {
    let mut model = Model::from_json(&default_network()?, regime.seed)?;
    let steps = regime.epochs as usize * regime.digits.div_ceil(regime.batch);
    let decay = json!({ "initial_learning_rate": regime.learning_rate, "decay_steps": steps });
    let rate = json!({ "class_name": "CosineDecay", "config": decay });
    let optimizer = json!({ "class_name": "Adam", "config": { "learning_rate": rate } });
    model
        .compile(&json!({ "optimizer": optimizer, "loss": "sparse_categorical_crossentropy" }).to_string())?;
    let mut replicas = replicas(&model, regime.batch)?;
    for epoch in 0..regime.epochs {
        let augmentation =
            Some(Augmentation { image: &regime.augmentation, seed: regime.seed, epoch: epoch.into() });
        for indices in data.order(regime.seed, epoch).chunks(regime.batch) {
            let shares = replicas.len().min(Share::max_count(&model, indices.len()));
            let batch = Batch::Of { data, indices, augmentation };
            parallel_step(&mut model, &mut replicas[..shares], batch)?;
        }
    }
    Ok(model)
}

/// The description of the network that the page opens with.
fn default_network() -> Result<String> {
    let folder = root("web/models");
    let catalogue: Vec<Value> = serde_json::from_str(&fs::read_to_string(folder.join("catalogue.json"))?)?;
    let default = catalogue.iter().find(|model| model["default"] == true);
    let name = default
        .and_then(|model| model["name"].as_str())
        .context("no model of the catalogue is the default")?;
    Ok(fs::read_to_string(folder.join(format!("{name}.json")))?)
}
