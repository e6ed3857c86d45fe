//! `cargo xtask format`: every file as the check of its format wants it.

use crate::steps::{run, run_beside, step};
use crate::tools::{cargo, ensure_npm_packages, node};
use anyhow::Result;
use std::process::Command;

/// Rewrites what is formatted in another way.
pub(crate) fn format() -> Result<()> {
    step("cargo fmt", || run(cargo().args(["fmt", "--all"])))?;
    let mut prettier = prettier()?;
    step("prettier", || run(prettier.arg("--write")))
}

/// Says which files are formatted in another way, and fails if there are any.
pub(crate) fn check() -> Result<()> {
    run_beside(cargo().args(["fmt", "--all", "--check"]))?;
    run_beside(prettier()?.arg("--check"))
}

fn prettier() -> Result<Command> {
    ensure_npm_packages("web")?;
    let mut command = node("web/node_modules/prettier/bin/prettier.cjs");
    command.args(["web", "tests", "--log-level=warn"]);
    Ok(command)
}
