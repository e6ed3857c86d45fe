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
    let files: Vec<Vec<String>> = names.iter().map(|name| files(name)).collect::<Result<_>>()?;
    let everything = [PACKAGES.map(|package| format!("crates/{package}/src/**")).to_vec()];
    let mut command = cargo_subcommand("mutants", "27.1.0")?;
    command.args(["--jobs", JOBS, "--output"]).arg(root("target"));
    for file in if files.is_empty() { &everything[..] } else { &files }.iter().flatten() {
        command.arg("--file").arg(file);
    }
    if let Some(shard) = shard {
        command.args(["--shard", shard]);
    }
    run(&mut command)
}

/// The files that a name like `shape`, `optimizers` or `formats` stands for, as cargo-mutants wants them: a file, the folder
/// of that name beside it, or both.
fn files(name: &str) -> Result<Vec<String>> {
    for package in PACKAGES {
        let folder = PathBuf::from("crates").join(package).join("src").join(name);
        let file = folder.with_extension("rs");
        let is_file = root("").join(&file).is_file().then(|| file.display().to_string());
        let is_folder = root("").join(&folder).is_dir().then(|| format!("{}/**", folder.display()));
        let found: Vec<String> = is_file.into_iter().chain(is_folder).collect();
        if !found.is_empty() {
            return Ok(found);
        }
    }
    bail!("expected files or folders of crates/core/src or crates/kernels/src, without .rs, got {name}")
}
