//! `cargo xtask fuzz`: every reader of bytes and text, of the core and of the page, on edited input for long.

use crate::build::build;
use crate::steps::{at_once, output, run};
use crate::tools::{cargo, node};
use anyhow::{Context, Result, bail};
use std::process::Command;

/// The fuzz targets of the core, which are a program of their own, optimised and checked.
fn core() -> Command {
    let mut command = cargo();
    command.args(["run", "--quiet", "--profile", "fuzz", "--package", "fuzz", "--"]);
    command
}

/// Runs the named targets, or all, for an hour, `--minutes N` or `--executions N` each: those of the core beside those of the page.
pub(crate) fn fuzz(arguments: &[&str]) -> Result<()> {
    let mut bounds = Vec::new();
    let mut names = arguments;
    while let [option @ ("--minutes" | "--executions"), value, rest @ ..] = names {
        if *option == "--minutes" {
            let minutes: f64 = value.parse().with_context(|| format!("--minutes {value}: not a number"))?;
            bounds.extend(["--seconds".into(), format!("{:.0}", minutes * 60.0)]);
        } else {
            let executions: u64 =
                value.parse().with_context(|| format!("--executions {value}: not a whole number"))?;
            bounds.extend(["--executions".into(), executions.to_string()]);
        }
        names = rest;
    }
    if bounds.is_empty() {
        bounds.extend(["--seconds".into(), "3600".into()]);
    }
    if let Some(option) = names.iter().find(|name| name.starts_with('-')) {
        bail!("usage: cargo xtask fuzz [--minutes N] [--executions N] [TARGET…], got {option}");
    }
    build()?;
    let known = output(core().arg("--names"))?;
    let (of_core, of_page): (Vec<&str>, Vec<&str>) =
        names.iter().partition(|name| known.lines().any(|known| known == **name));
    let of_both = [(core(), of_core), (node("tests/fuzz/run.mjs"), of_page)];
    let tasks = of_both.into_iter().filter(|(_, chosen)| names.is_empty() || !chosen.is_empty()).map(
        |(mut command, chosen)| {
            let bounds: &[String] = &bounds;
            move || run(command.args(bounds).args(chosen))
        },
    );
    at_once(tasks).map(|_| ())
}
