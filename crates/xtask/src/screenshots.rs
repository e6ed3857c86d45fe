//! `cargo xtask screenshots`: pictures of the built pages, the one in the README and those in the menu.

use crate::browsers::CHROMIUM;
use crate::build::build;
use crate::steps::{run, step};
use crate::tools::node;
use anyhow::{Result, bail};

pub(crate) fn screenshots(arguments: &[&str]) -> Result<()> {
    if !matches!(
        arguments,
        [] | ["--readme"] | ["--thumbnails"] | ["--only", _] | ["--thumbnails", "--only", _]
    ) {
        bail!("usage: cargo xtask screenshots [--readme | [--thumbnails] [--only TEXT]]");
    }
    let chromium = CHROMIUM.ensure_installed()?;
    build()?;
    step("screenshots", || {
        run(node("tests/browser/screenshots.mjs").arg("--executable").arg(chromium).args(arguments))
    })
}
