//! `cargo xtask soak`: whether memory stays bounded while the page trains for long.

use crate::browsers::CHROMIUM;
use crate::build::build;
use crate::steps::run;
use crate::tools::node;
use anyhow::{Context, Result, bail};

pub(crate) fn soak(arguments: &[&str]) -> Result<()> {
    let minutes = match arguments {
        [] => "60",
        ["--minutes", minutes] => minutes,
        _ => bail!("usage: cargo xtask soak [--minutes N]"),
    };
    minutes.parse::<f32>().with_context(|| format!("--minutes {minutes}: not a number"))?;
    let chromium = CHROMIUM.ensure_installed()?;
    build()?;
    run(node("tests/browser/soak.mjs").args(["--minutes", minutes]).arg("--executable").arg(chromium))
}
