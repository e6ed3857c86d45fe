//! `cargo xtask evaluate`: how well the shipped models read digits that they were not trained on.

mod generated;

use crate::confusion::Confusion;
use crate::data;
use crate::tools::{data_folder, root};
use anyhow::{Context, Result};
use convscope_core::Model;
use std::fs;

/// The models learnt from generated digits of another seed.
const FRESH_SEED: u64 = 2;

const GENERATED: usize = 10_000;

/// Prints accuracy and confusion matrix of the named models, or of all; with `--generated` those of the
/// default network after training on generated digits alone.
pub(crate) fn evaluate(arguments: &[&str]) -> Result<()> {
    let names = match arguments {
        ["--generated", rest @ ..] => return generated::evaluate(rest),
        names => names,
    };
    if let Err(skipped) = data_folder() {
        println!("{skipped}");
        return Ok(());
    }
    let mnist = data::mnist("t10k")?;
    let pen = data::rasterized(&data::pen_strokes()?.test)?;
    let generated = data::generated(FRESH_SEED, GENERATED)?;
    for name in crate::pretrain::chosen(names)? {
        let path = root("web/models").join(format!("{name}.safetensors"));
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut model = Model::from_safetensors(&bytes)?;
        println!("\n── {name}, {} weights", model.summary().params);
        Confusion::of(&mut model, &mnist)?.print("MNIST, test set");
        Confusion::of(&mut model, &pen)?.print("pen strokes, test writers");
        Confusion::of(&mut model, &generated)?.print("generated digits");
    }
    Ok(())
}
