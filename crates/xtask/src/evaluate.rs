//! `cargo xtask evaluate`: how well the shipped models read digits that they were not trained on.

use crate::data;
use crate::tools::root;
use anyhow::{Context, Result};
use convscope_core::{Dataset, Model};
use std::fs;

/// What a model made of a set of digits.
pub(crate) struct Confusion {
    /// `counts[label][answer]`
    counts: [[usize; 10]; 10],
}

impl Confusion {
    pub(crate) fn of(model: &mut Model, data: &Dataset) -> Result<Self> {
        let mut counts = [[0; 10]; 10];
        for (label, image) in data.labels().iter().zip(0..) {
            let prediction = model.predict(&data.example(image))?;
            let answer = (0..10).max_by(|&a, &b| prediction[a].total_cmp(&prediction[b])).unwrap_or(0);
            counts[usize::from(*label)][answer] += 1;
        }
        Ok(Self { counts })
    }

    pub(crate) fn accuracy(&self) -> f64 {
        let right: usize = (0..10).map(|digit| self.counts[digit][digit]).sum();
        right as f64 / self.counts.iter().flatten().sum::<usize>().max(1) as f64
    }

    fn print(&self, name: &str) {
        println!(
            "\n{name}: {:.2} %   rows: what was written, columns: what was read",
            100.0 * self.accuracy()
        );
        println!("     {}", (0..10).map(|digit| format!("{digit:>6}")).collect::<String>());
        for (digit, row) in self.counts.iter().enumerate() {
            println!("{digit:>5}{}", row.iter().map(|count| format!("{count:>6}")).collect::<String>());
        }
    }
}

/// Prints accuracy and confusion matrix of the named models, or of all.
pub(crate) fn evaluate(names: &[&str]) -> Result<()> {
    if let Err(skipped) = data::folder() {
        println!("{skipped}");
        return Ok(());
    }
    let mnist = data::mnist("t10k")?;
    let pen = data::rasterized(&data::pen_strokes()?.held_out)?;
    for name in crate::pretrain::chosen(names)? {
        let path = root("web/models").join(format!("{name}.safetensors"));
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut model = Model::from_safetensors(&bytes)?;
        println!("\n── {name}, {} weights", model.summary().params);
        Confusion::of(&mut model, &mnist)?.print("MNIST, test set");
        Confusion::of(&mut model, &pen)?.print("pen strokes of writers it never saw");
    }
    Ok(())
}
