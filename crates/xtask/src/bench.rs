//! `cargo xtask bench`: measurements, which are never tests.

use crate::browsers::CHROMIUM;
use crate::build::build;
use crate::steps::run;
use crate::tools::node;
use anyhow::{Result, bail};

/// Runs the named measurement.
pub(crate) fn bench(name: &str) -> Result<()> {
    let script = match name {
        "drawing" => "tests/peers/drawing.mjs",
        "training" => "tests/peers/training.mjs",
        other => bail!("expected the name of a measurement (drawing, training), got {other}"),
    };
    let chromium = CHROMIUM.ensure_installed()?;
    build()?;
    run(node(script).arg("--executable").arg(chromium))
}
