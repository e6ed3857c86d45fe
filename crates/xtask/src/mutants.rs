//! `cargo xtask mutants`: which small faults in core and kernels no test would notice.

use crate::steps::run;
use crate::tools::{cargo_subcommand, root};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// How many mutants are compiled and tested at once.
const JOBS: &str = "2";

/// The crates that are tested so.
const PACKAGES: [&str; 2] = ["core", "kernels"];

/// Tests the mutants of the named files or folders below a crate's src/, or all, or the part K/N of them.
pub(crate) fn mutants(arguments: &[&str]) -> Result<()> {
    let (shard, names) = match arguments {
        ["--shard", shard, names @ ..] => (Some(*shard), names),
        names => (None, names),
    };
    if let Some(option) = names.iter().find(|name| name.starts_with('-')) {
        bail!("usage: cargo xtask mutants [--shard K/N] [FILE…], got {option}");
    }
    let files = names.iter().map(|name| file(name)).collect::<Result<Vec<_>>>()?;
    let everything = PACKAGES.map(|package| format!("crates/{package}/src/**"));
    let mut command = cargo_subcommand("mutants", "27.1.0")?;
    command.args(["--jobs", JOBS, "--output"]).arg(root("target"));
    for file in if files.is_empty() { &everything[..] } else { &files } {
        command.arg("--file").arg(file);
    }
    if let Some(shard) = shard {
        command.args(["--shard", shard]);
    }
    run(&mut command)
}

/// The files that a name like `shape` or `model/shares` stands for, as cargo-mutants wants them.
fn file(name: &str) -> Result<String> {
    for package in PACKAGES {
        let sources = PathBuf::from("crates").join(package).join("src").join(name);
        if root("").join(&sources).is_dir() {
            return Ok(format!("{}/**", sources.display()));
        }
        let file = sources.with_extension("rs");
        if root("").join(&file).is_file() {
            return Ok(file.display().to_string());
        }
    }
    bail!("expected files or folders of crates/core/src or crates/kernels/src, without .rs, got {name}")
}
