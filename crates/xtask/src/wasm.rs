//! From crates/wasm to what a page loads: one glue module and a wasm file for each instruction set.

use crate::steps::{at_once, run, step};
use crate::tools::{cargo, cargo_target, ensure_npm_packages, ensure_rust_target, is_newer, node, root};
use anyhow::{Context, Result, bail};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use wasm_bindgen_cli_support::Bindgen;

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
const GLUE: &str = "convscope_wasm";

/// What rustc enables for every wasm build. wasm-opt must be told: it would believe the file, and
/// then nothing would notice a build that needs more than browsers have.
const BASE_FEATURES: [&str; 8] = [
    "bulk-memory",
    "bulk-memory-opt",
    "call-indirect-overlong",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
];

/// How eagerly functions are inlined that don't demand it. At 10 training loses a seventh of its speed, at 25 a first
/// load is 3 KB larger, at the compiler's own choice for speed the wasm is larger by a tenth.
const SIZE_FLAGS: &str = "-Cllvm-args=--inline-threshold=12";

/// Loop strength reduction replaces the constant offsets of loads by additions, which browsers' compilers
/// don't fold back: without it the register tiles of the kernels take a fifth fewer instructions.
const SPEED_FLAGS: &str = "-Cllvm-args=--disable-lsr";

/// The stack lies below everything else, so that nothing valid is in the first kilobyte, and sums of
/// addresses can become offsets of loads. Nothing more is inlined than LLVM has inlined: functions that stay
/// apart compress better, and so do those of one kind that lie side by side.
const OPTIMIZATIONS: [&str; 12] = [
    "-O3",
    "--low-memory-unused",
    "--one-caller-inline-max-function-size",
    "0",
    "--always-inline-max-function-size",
    "0",
    "--flexible-inline-max-function-size",
    "0",
    "--converge",
    "--reorder-functions-by-name",
    "--strip-producers",
    "--strip-target-features",
];

struct Variant {
    name: &'static str,
    rustc_features: &'static str,
    wasm_opt_features: &'static [&'static str],
}

const VARIANTS: [Variant; 2] = [
    Variant { name: "simd", rustc_features: "+simd128", wasm_opt_features: &["simd"] },
    Variant {
        name: "relaxed",
        rustc_features: "+simd128,+relaxed-simd",
        wasm_opt_features: &["simd", "relaxed-simd"],
    },
];

/// Builds both variants into `folder`, with the cargo features of crates/wasm named in `features`. The two are
/// built at once, since the last and longest part of compiling one keeps a single core busy.
pub(crate) fn build(folder: &Path, features: &[&str]) -> Result<()> {
    ensure_rust_target(TARGET)?;
    fs::create_dir_all(folder)?;
    let packages = thread::spawn(|| ensure_npm_packages("web"));
    let compiled = at_once(VARIANTS.each_ref().map(|variant| {
        move || {
            let step_name = format!("cargo build convscope-wasm ({})", variant.label(features));
            step(&step_name, || variant.compile(features))
        }
    }))?;
    packages.join().expect("a step returns its errors")?;
    let glue = at_once(
        VARIANTS
            .iter()
            .zip(&compiled)
            .map(|(variant, compiled)| move || variant.finish(compiled, features, folder)),
    )?;
    publish_glue(&glue, folder)
}

impl Variant {
    /// Which build it is, for who waits for it.
    fn label(&self, features: &[&str]) -> String {
        [&[self.name], features].concat().join(", ")
    }

    fn compile(&self, features: &[&str]) -> Result<PathBuf> {
        // Each variant has a target directory of its own, so that neither undoes the other's work. Builds
        // with other features have the same: all but two crates are compiled once for both, which saves more
        // than linking anew costs.
        run(cargo()
            .args([
                "build",
                "--quiet",
                "--package",
                "convscope-wasm",
                "--profile",
                "wasm",
                "--target",
                TARGET,
            ])
            .arg("--features")
            .arg(features.join(","))
            .arg("--target-dir")
            .arg(self.target_dir())
            .env("CARGO_ENCODED_RUSTFLAGS", self.rust_flags().join("\u{1f}")))?;
        Ok(self.compiled())
    }

    fn target_dir(&self) -> PathBuf {
        cargo_target("wasm").join(self.name)
    }

    fn compiled(&self) -> PathBuf {
        self.target_dir().join(TARGET).join("wasm").join(format!("{GLUE}.wasm"))
    }

    /// Makes of what was compiled the wasm file in `folder`, and returns where its glue is.
    fn finish(&self, compiled: &Path, features: &[&str], folder: &Path) -> Result<PathBuf> {
        let bound = compiled.with_file_name([&["bound"], features].concat().join("-"));
        let finished = folder.join(format!("convscope-{}.wasm", self.name));
        if !is_newer(&finished, &[compiled.to_path_buf(), env::current_exe()?])? {
            step(&format!("wasm-bindgen and wasm-opt ({})", self.label(features)), || {
                bind(compiled, &bound)?;
                optimize(&bound.join(format!("{GLUE}_bg.wasm")), self.wasm_opt_features, &finished)
            })?;
        }
        Ok(bound)
    }

    fn rust_flags(&self) -> Vec<String> {
        let mut flags =
            vec![format!("-Ctarget-feature={}", self.rustc_features), SIZE_FLAGS.into(), SPEED_FLAGS.into()];
        // Messages of panics name source files: the same on every machine, and nobody's home folder.
        if let Some(home) = cargo_home() {
            flags.push(format!("--remap-path-prefix={}=cargo", home.display()));
        }
        flags
    }
}

/// Where cargo keeps the sources of dependencies.
fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")))
}

/// Writes the glue for a compiled crate into `folder`, beside the wasm file that it goes with.
pub(crate) fn bind(compiled: &Path, folder: &Path) -> Result<()> {
    // The worker never resolves a URL: it is handed a compiled module, so the glue must not know one.
    Bindgen::new()
        .input_path(compiled)
        .web(true)?
        .omit_default_module_path(true)
        .typescript(true)
        .generate(folder)
}

/// Optimises a wasm file that may use `features` besides what rustc always enables.
pub(crate) fn optimize(input: &Path, features: &[&str], output: &Path) -> Result<()> {
    run(node("web/node_modules/binaryen/bin/wasm-opt")
        .args(OPTIMIZATIONS)
        .arg("--mvp-features")
        .args(BASE_FEATURES.iter().chain(features).map(|feature| format!("--enable-{feature}")))
        .arg(input)
        .arg("-o")
        .arg(output))
}

/// One glue serves both files, so that a page can choose between them after it has loaded.
fn publish_glue(bound: &[PathBuf], folder: &Path) -> Result<()> {
    for extension in ["js", "d.ts"] {
        let name = format!("{GLUE}.{extension}");
        let texts = bound
            .iter()
            .map(|variant| fs::read(variant.join(&name)).with_context(|| format!("cannot read {name}")))
            .collect::<Result<Vec<_>>>()?;
        if texts.windows(2).any(|pair| pair[0] != pair[1]) {
            bail!(
                "the builds differ in {name}: compare {}",
                bound
                    .iter()
                    .map(|path| path.join(&name).display().to_string())
                    .collect::<Vec<_>>()
                    .join(" with ")
            );
        }
        fs::write(folder.join(&name), &texts[0])?;
    }
    Ok(())
}

/// What cargo last made of each variant, with the names of its functions.
pub(crate) fn compiled() -> [PathBuf; VARIANTS.len()] {
    VARIANTS.each_ref().map(Variant::compiled)
}

/// The folder that the sources below web/ import the glue from.
pub(crate) fn folder() -> PathBuf {
    root("target/web")
}
