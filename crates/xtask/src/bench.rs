//! `cargo xtask bench`: measurements, which are never tests.

mod peers;

use crate::browsers::{CHROMIUM, FIREFOX};
use crate::build::build;
use crate::earlier::build_earlier;
use crate::steps::run;
use crate::tools::{data_folder, node, root};
use crate::wasm;
use anyhow::{Context, Result, bail};
use std::process::Command;

/// Runs the measurement that `arguments` name: the comparison with other libraries, unless it is another.
pub(crate) fn bench(arguments: &[&str]) -> Result<()> {
    match arguments {
        ["drawing"] => run(&mut measurement("drawing.mjs")?),
        ["editing"] => run(&mut measurement("editing.mjs")?),
        ["patches"] => run(&mut measurement("patches.mjs")?),
        ["page", options @ ..] => page(options),
        ["--layers", options @ ..] => layers(options),
        [name, ..] if !name.starts_with("--") => {
            bail!(
                "expected drawing, editing, patches, page, --layers or the comparison's options, got {name}"
            )
        }
        options => compare(options),
    }
}

/// A script of tests/peers, given the browser and the site that it measures.
fn measurement(script: &str) -> Result<Command> {
    let chromium = CHROMIUM.ensure_installed()?;
    build()?;
    let mut command = node(&format!("tests/peers/{script}"));
    command.arg("--executable").arg(chromium);
    Ok(command)
}

fn page(options: &[&str]) -> Result<()> {
    let mut command = measurement("page.mjs")?;
    match data_folder() {
        Ok(folder) => drop(command.arg("--data").arg(folder)),
        Err(skipped) => println!("{skipped}"),
    }
    run(command.args(options))
}

fn layers(options: &[&str]) -> Result<()> {
    let mut command = measurement("layers.mjs")?;
    build_profile()?;
    run(command.args(options))
}

/// The engine in a build that can do each part of a step on its own, and tells what it comes to.
fn build_profile() -> Result<()> {
    wasm::build(&root("target/web-profile"), wasm::PROFILE)
}

fn compare(options: &[&str]) -> Result<()> {
    let mut command = measurement("compare.mjs")?;
    build_profile()?;
    if !options.contains(&"--ours") {
        peers::ensure_libraries()?;
        match peers::ensure_python() {
            Ok(python) => drop(command.arg("--python").arg(python)),
            Err(error) => println!("- PyTorch, Keras on TensorFlow: left out, since {error:#}"),
        }
    }
    let mut options = options.iter();
    while let Some(&option) = options.next() {
        command.arg(option);
        match option {
            "--firefox" => drop(command.arg(FIREFOX.ensure_installed()?)),
            "--burn" => peers::build_burn()?,
            "--before" => {
                let commit = options.next().context("--before: expected a commit, got nothing")?;
                command.arg(build_earlier(commit)?);
            }
            _ => {}
        }
    }
    run(&mut command)
}
