//! `cargo xtask bench`: measurements, which are never tests.

mod peers;

use crate::browsers::{CHROMIUM, FIREFOX};
use crate::build::build;
use crate::steps::run;
use crate::tools::{data_folder, node, root};
use crate::wasm;
use anyhow::{Result, bail};
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
    wasm::build(&root("target/web-profile"), &["profile"])?;
    run(command.args(options))
}

fn compare(options: &[&str]) -> Result<()> {
    let mut command = measurement("compare.mjs")?;
    if !options.contains(&"--ours") {
        peers::ensure_libraries()?;
        match peers::ensure_python() {
            Ok(python) => drop(command.arg("--python").arg(python)),
            Err(error) => println!("- PyTorch, Keras on TensorFlow: left out, since {error:#}"),
        }
    }
    for option in options {
        command.arg(option);
        match *option {
            "--firefox" => drop(command.arg(FIREFOX.ensure_installed()?)),
            "--burn" => peers::build_burn()?,
            _ => {}
        }
    }
    run(&mut command)
}
