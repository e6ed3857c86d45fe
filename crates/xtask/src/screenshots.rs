//! `cargo xtask screenshots`: pictures of the built pages, and the one in the README.

use crate::browsers::CHROMIUM;
use crate::build::build;
use crate::steps::{run, step};
use crate::tools::node;
use anyhow::{Result, bail};

pub(crate) fn screenshots(arguments: &[&str]) -> Result<()> {
    if !matches!(arguments, [] | ["--readme"] | ["--only", _]) {
        bail!("usage: cargo xtask screenshots [--readme | --only TEXT]");
    }
    let chromium = CHROMIUM.ensure_installed()?;
    build()?;
    step("screenshots", || {
        run(node("tests/browser/screenshots.mjs").arg("--executable").arg(chromium).args(arguments))
    })
}
