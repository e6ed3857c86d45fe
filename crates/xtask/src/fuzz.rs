//! `cargo xtask fuzz`: every reader of bytes and text, of the core and of the page, on edited input for long.

use crate::build::build;
use crate::steps::{at_once, output, run_beside};
use crate::tools::{cargo, node};
use anyhow::{Context, Result, bail};
use std::process::Command;

/// The fuzz targets of the core, which are a program of their own.
fn core() -> Command {
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "fuzz", "--"]);
    command
}

/// Runs the named targets, or all, for an hour or `--minutes N`: those of the core beside those of the page.
pub(crate) fn fuzz(arguments: &[&str]) -> Result<()> {
    let (minutes, names) = match arguments {
        ["--minutes", minutes, names @ ..] => (*minutes, names),
        names => ("60", names),
    };
    if let Some(option) = names.iter().find(|name| name.starts_with('-')) {
        bail!("usage: cargo xtask fuzz [--minutes N] [TARGET…], got {option}");
    }
    let minutes: f64 = minutes.parse().with_context(|| format!("--minutes {minutes}: not a number"))?;
    let seconds = format!("{:.0}", minutes * 60.0);
    build()?;
    let known = output(core().arg("--names"))?;
    let (of_core, of_page): (Vec<&str>, Vec<&str>) =
        names.iter().partition(|name| known.lines().any(|known| known == **name));
    let of_both = [(core(), of_core), (node("tests/fuzz/run.mjs"), of_page)];
    let tasks = of_both.into_iter().filter(|(_, chosen)| names.is_empty() || !chosen.is_empty()).map(
        |(mut command, chosen)| {
            let seconds = &seconds;
            move || run_beside(command.args(["--seconds", seconds]).args(chosen))
        },
    );
    at_once(tasks).map(|_| ())
}
