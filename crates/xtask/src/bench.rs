//! `cargo xtask bench`: measurements, which are never tests.

use crate::browsers::CHROMIUM;
use crate::build::build;
use crate::steps::run;
use crate::tools::node;
use anyhow::{Result, bail};

/// Runs the measurement that `arguments` name: the comparison with other libraries, unless it is another.
pub(crate) fn bench(arguments: &[&str]) -> Result<()> {
    match arguments {
        ["drawing"] => measure("drawing.mjs", &[]),
        ["--layers"] => measure("layers.mjs", &[]),
        [name, ..] if !name.starts_with("--") => {
            bail!("expected drawing, --layers or the comparison's options, got {name}")
        }
        options => measure("compare.mjs", options),
    }
}

fn measure(script: &str, options: &[&str]) -> Result<()> {
    let chromium = CHROMIUM.ensure_installed()?;
    build()?;
    run(node(&format!("tests/peers/{script}")).arg("--executable").arg(chromium).args(options))
}
