//! What the other rooms need from the machine: where things are, and what must be installed first.

use crate::steps::{output, run, step};
use anyhow::{Context, Result, bail};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// The oldest major version of Node.js that runs the build and the tests.
const NODE_VERSION: u32 = 20;

/// The environment variable that names the folder with `mnist/` and `pendigits-train.jsonl.gz`.
const DATA_VARIABLE: &str = "CONVSCOPE_DATA";

/// A path below the repository's root.
pub(crate) fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("crates/xtask lies two folders down")
        .join(path)
}

/// A path below cargo's target directory, for what only cargo reads.
pub(crate) fn cargo_target(path: &str) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root("target"), PathBuf::from).join(path)
}

/// The cargo that started this tool.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root(""));
    command
}

/// A subcommand of cargo at the version that this repository is written for. What is asked for seldom is compiled at its
/// first use, into target/tools/, and not optimised: that would take longer than it saves.
pub(crate) fn cargo_subcommand(name: &str, version: &str) -> Result<Command> {
    let package = format!("cargo-{name}");
    let folder = root("target/tools").join(format!("{package}-{version}"));
    let program = folder.join("bin").join(&package);
    if !program.exists() {
        step(&format!("cargo install {package} {version} (minutes)"), || {
            let install =
                ["install", "--quiet", "--locked", "--debug", "--version", version, &package, "--root"];
            run(cargo().args(install).arg(&folder).env_remove("CARGO_TARGET_DIR"))
        })?;
    }
    let mut command = Command::new(program);
    command.current_dir(root("")).arg(name);
    Ok(command)
}

/// Node.js, to be given a script below the repository's root.
pub(crate) fn node(script: &str) -> Command {
    let mut command = Command::new("node");
    command.current_dir(root("")).arg(script);
    command
}

/// Makes sure that Rust's standard library for `target` is installed. One caller at a time: checks and builds run at once,
/// and rustup does not expect itself.
pub(crate) fn ensure_rust_target(target: &str) -> Result<()> {
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _one = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]).current_dir(root("")))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(target).exists() {
        return Ok(());
    }
    step(&format!("rustup target add {target}"), || {
        run(Command::new("rustup").args(["target", "add", target]).current_dir(root(""))).with_context(|| {
            format!("the Rust target {target} is missing: rustup (https://rustup.rs) adds it")
        })
    })
}

/// Makes sure that Node.js is recent enough and that `folder`'s locked npm packages are installed.
pub(crate) fn ensure_npm_packages(folder: &str) -> Result<()> {
    let advice = format!("Node.js {NODE_VERSION} or later is needed, with npm: https://nodejs.org");
    let version = output(Command::new("node").arg("--version")).context(advice.clone())?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    if major.is_none_or(|major: u32| major < NODE_VERSION) {
        bail!("{advice} (found {})", version.trim());
    }
    let path = root(folder);
    if is_newer(&path.join("node_modules/.package-lock.json"), &[path.join("package-lock.json")])? {
        return Ok(());
    }
    step(&format!("npm ci in {folder}/"), || {
        let arguments = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
        run(Command::new("npm").args(arguments).current_dir(&path)).context(advice)
    })
}

/// Whether `output` exists and none of its `sources` has changed since.
pub(crate) fn is_newer(output: &Path, sources: &[PathBuf]) -> Result<bool> {
    let Ok(made) = fs::metadata(output).and_then(|metadata| metadata.modified()) else {
        return Ok(false);
    };
    for source in sources {
        let changed = fs::metadata(source).and_then(|metadata| metadata.modified());
        if changed.with_context(|| format!("cannot read {}", source.display()))? > made {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The folder of the data, or none with the words for the user where it is missing.
pub(crate) fn data_folder() -> Result<PathBuf, String> {
    let Some(folder) = env::var_os(DATA_VARIABLE).map(PathBuf::from) else {
        return Err(format!("skipped: no MNIST at ${DATA_VARIABLE}, which is not set"));
    };
    let missing = || format!("skipped: no MNIST at {}", folder.join("mnist").display());
    if folder.join("mnist").is_dir() { Ok(folder) } else { Err(missing()) }
}
