//! `cargo xtask soak`: whether the page stays whole and bounded while it is used by chance, and trains, for long.

use crate::browsers::CHROMIUM;
use crate::build::build;
use crate::steps::run;
use crate::tools::node;
use anyhow::{Context, Result, bail};

pub(crate) fn soak(arguments: &[&str]) -> Result<()> {
    let mut rest = arguments;
    while let [name @ ("--minutes" | "--seed"), value, others @ ..] = rest {
        value.parse::<f32>().with_context(|| format!("{name} {value}: not a number"))?;
        rest = others;
    }
    if !rest.is_empty() {
        bail!("usage: cargo xtask soak [--minutes N] [--seed N]");
    }
    let chromium = CHROMIUM.ensure_installed()?;
    build()?;
    run(node("tests/browser/soak.mjs").args(arguments).arg("--executable").arg(chromium))
}
