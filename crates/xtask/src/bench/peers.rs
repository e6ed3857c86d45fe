//! What is compared with this project: installed only for the comparison, below tests/peers and target/peers.

use crate::steps::{run, step};
use crate::tools::{cargo, ensure_npm_packages, ensure_rust_target, is_newer, root};
use crate::wasm;
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The JavaScript libraries.
pub(crate) fn ensure_libraries() -> Result<()> {
    ensure_npm_packages("tests/peers")
}

/// A Python that has PyTorch and Keras on TensorFlow.
pub(crate) fn ensure_python() -> Result<PathBuf> {
    let requirements = root("tests/peers/native/requirements.txt");
    let environment = root("target/peers/venv");
    let python = environment.join("bin/python");
    let complete = environment.join("complete");
    if is_newer(&complete, std::slice::from_ref(&requirements))? {
        return Ok(python);
    }
    step("pip install PyTorch and Keras on TensorFlow (6 GB on the disk)", || {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
        run(Command::new(&python).args(install).arg("--requirement").arg(&requirements))?;
        fs::write(&complete, "").with_context(|| format!("cannot write {}", complete.display()))
    })?;
    Ok(python)
}

/// Burn's Flex back end with simd128, into target/peers/burn.
pub(crate) fn build_burn() -> Result<()> {
    ensure_rust_target(wasm::TARGET)?;
    let folder = root("target/peers/burn");
    step("build Burn (minutes, the first time)", || {
        run(cargo()
            .args(["build", "--quiet", "--locked", "--release", "--target", wasm::TARGET])
            .args(["--manifest-path", "tests/peers/burn/Cargo.toml"])
            .arg("--target-dir")
            .arg(&folder)
            .env("CARGO_ENCODED_RUSTFLAGS", "-Ctarget-feature=+simd128"))
    })?;
    let compiled = folder.join(wasm::TARGET).join("release/convscope_peer_burn.wasm");
    let finished = folder.join("burn.wasm");
    if is_newer(&finished, std::slice::from_ref(&compiled))? {
        return Ok(());
    }
    step("wasm-bindgen and wasm-opt (Burn)", || {
        wasm::bind(&compiled, &folder)?;
        wasm::optimize(&folder.join("convscope_peer_burn_bg.wasm"), &["simd"], &finished)
    })
}
