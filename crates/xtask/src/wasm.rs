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

/// Which part of the engine is built, and what its files are called.
pub(crate) struct Extent {
    name: &'static str,
    /// Cargo features of crates/wasm.
    features: &'static [&'static str],
}

/// What a page loads at first: enough for the shipped models.
const FIRST: Extent = Extent { name: "convscope-first", features: &[] };
/// All that the engine knows.
const COMPLETE: Extent = Extent { name: "convscope", features: &["complete"] };
/// For the page's own files.
pub(crate) const SITE: &[Extent] = &[FIRST, COMPLETE];
/// With the checker of the golden vectors.
pub(crate) const VECTORS: &[Extent] = &[Extent { name: "convscope", features: &["complete", "vectors"] }];
/// With the clock of a training step's parts.
pub(crate) const PROFILE: &[Extent] = &[Extent { name: "convscope", features: &["profile"] }];

/// Builds each extent in both variants into `folder`. The variants are built at once, since the last and longest part of
/// compiling one keeps a single core busy.
pub(crate) fn build(folder: &Path, extents: &'static [Extent]) -> Result<()> {
    ensure_rust_target(TARGET)?;
    fs::create_dir_all(folder)?;
    let packages = thread::spawn(|| ensure_npm_packages("web"));
    let bound = at_once(VARIANTS.each_ref().map(|variant| {
        move || extents.iter().map(|extent| variant.compile(extent)).collect::<Result<Vec<_>>>()
    }))?;
    packages.join().expect("a step returns its errors")?;
    at_once(VARIANTS.iter().zip(&bound).map(|(variant, bound)| {
        move || {
            extents.iter().zip(bound).try_for_each(|(extent, bound)| variant.optimize(extent, bound, folder))
        }
    }))?;
    publish_glue(&bound.concat(), folder)
}

impl Variant {
    /// Which build it is, for who waits for it.
    fn label(&self, extent: &Extent) -> String {
        [&[self.name], extent.features].concat().join(", ")
    }

    /// Compiles the crate, and returns the folder with what was compiled and its glue.
    fn compile(&self, extent: &Extent) -> Result<PathBuf> {
        // What a page may load has a target directory of its own, so that nothing undoes another's work. Builds with the
        // features of tests have that of the complete one: compiling the dependencies once saves more than linking anew costs.
        step(&format!("cargo build convscope-wasm ({})", self.label(extent)), || {
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
                .arg(extent.features.join(","))
                .arg("--target-dir")
                .arg(self.target_dir(extent))
                .env("CARGO_ENCODED_RUSTFLAGS", self.rust_flags().join("\u{1f}")))
        })?;
        let compiled = self.compiled(extent);
        let bound = compiled.with_file_name([&["bound"], extent.features].concat().join("-"));
        if !is_newer(&bound_module(&bound), &[compiled.clone(), env::current_exe()?])? {
            bind(&compiled, &bound)?;
        }
        Ok(bound)
    }

    fn target_dir(&self, extent: &Extent) -> PathBuf {
        cargo_target("wasm").join(extent.name).join(self.name)
    }

    fn compiled(&self, extent: &Extent) -> PathBuf {
        self.target_dir(extent).join(TARGET).join("wasm").join(format!("{GLUE}.wasm"))
    }

    /// Makes of what was compiled the wasm file in `folder`.
    fn optimize(&self, extent: &Extent, bound: &Path, folder: &Path) -> Result<()> {
        let module = bound_module(bound);
        let finished = folder.join(format!("{}-{}.wasm", extent.name, self.name));
        if is_newer(&finished, &[module.clone(), env::current_exe()?])? {
            return Ok(());
        }
        step(&format!("wasm-opt ({})", self.label(extent)), || {
            optimize(&module, self.wasm_opt_features, &finished)
        })
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

/// The module beside its glue.
fn bound_module(bound: &Path) -> PathBuf {
    bound.join(format!("{GLUE}_bg.wasm"))
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

/// What cargo last made of each variant of the first load, with the names of its functions.
pub(crate) fn compiled() -> [PathBuf; VARIANTS.len()] {
    VARIANTS.each_ref().map(|variant| variant.compiled(&FIRST))
}

/// The folder that the sources below web/ import the glue from.
pub(crate) fn folder() -> PathBuf {
    root("target/web")
}
