//! `cargo xtask experiments`: whether what the views claim of their experiments holds, on several seeds.

use crate::build::build;
use crate::steps::{run, step};
use crate::tools::node;
use anyhow::Result;

/// Runs the experiments of the named views, or of all; with `--record` it also writes what the views open with.
pub(crate) fn experiments(arguments: &[&str]) -> Result<()> {
    build()?;
    step("experiments", || run(node("tests/experiments/run.mjs").args(arguments)))
}
