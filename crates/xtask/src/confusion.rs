//! What a model takes digits for.

use anyhow::Result;
use convscope_core::{Dataset, Model};

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

    pub(crate) fn print(&self, name: &str) {
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
