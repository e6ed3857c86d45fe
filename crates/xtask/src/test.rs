//! `cargo xtask test`: everything that must hold, from formatting to the pages in three engines.

use crate::browsers::ENGINES;
use crate::build::build;
use crate::format;
use crate::inlining;
use crate::steps::{at_once, run_beside, step};
use crate::tools::{cargo, ensure_npm_packages, ensure_rust_target, node, root};
use crate::wasm;
use anyhow::{Result, bail};
use std::fs;
use std::time::Instant;
use wasmparser::{Validator, WasmFeatures};

/// A processor without an operating system, so without std.
const BARE_TARGET: &str = "thumbv7em-none-eabihf";

type Check = (&'static str, fn() -> Result<()>);

/// Two rows of checks, for two cores: each in an order in which the quick ones fail first, and independent of the other.
/// The rows also keep apart what cargo does one after the other, since it locks what it builds into.
const ROWS: [&[Check]; 2] = [
    &[("clippy", clippy), ("docs", docs), ("bare", bare), ("tests", tests)],
    &[
        ("format", format::check),
        ("lint", lint),
        ("build", build),
        ("modules", modules),
        ("build-vectors", || wasm::build(&root("target/web-vectors"), wasm::VECTORS)),
        ("types", types),
        ("instructions", instructions),
        ("inlining", inlining::check),
    ],
];

/// How many of the slowest checks and tests are named at the end.
const SLOWEST: usize = 10;

/// Runs the checks and engines named in `arguments`, or all; `--only TEXT` chooses browser tests by their
/// names.
pub(crate) fn test(arguments: &[&str]) -> Result<()> {
    let (names, only) = match arguments {
        [names @ .., "--only", only] => (names, *only),
        names => (names, ""),
    };
    let checks = ROWS.iter().flat_map(|row| row.iter()).map(|(name, _)| *name);
    let known: Vec<_> = checks.chain(ENGINES.iter().map(|engine| engine.name)).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        bail!("nothing is named {unknown}; there are: {}", known.join(", "));
    }
    let wanted = |name: &str| names.is_empty() || names.contains(&name);
    let start = Instant::now();
    let rows = ROWS.map(|row| {
        move || {
            let chosen = row.iter().filter(|(name, _)| wanted(name));
            Ok(chosen.map(|(name, check)| (*name, timed(|| step(name, check)))).collect::<Vec<_>>())
        }
    });
    let mut tally = Tally::default();
    for (name, (outcome, seconds)) in at_once(rows)?.into_iter().flatten() {
        tally.durations.push((name.to_owned(), seconds));
        match outcome {
            Ok(()) => tally.passed += 1,
            Err(error) => tally.fail(name, 1, &error),
        }
    }
    // One after the other: a test in a browser can tell when too little of the processor is left for it.
    for engine in ENGINES.iter().filter(|engine| wanted(engine.name)) {
        // Where an engine can't be had, the others still say something; whoever asked for that one wants it.
        if let (Some(obstacle), true) = (engine.obstacle()?, names.is_empty()) {
            println!("- {}: left out, since {obstacle}", engine.name);
            tally.skipped += 1;
            continue;
        }
        let mut failed = 1;
        let outcome = step(engine.name, || {
            let report = engine.test(only)?;
            tally.passed += report.passed;
            tally.skipped += report.skipped;
            tally.durations.extend(report.durations);
            failed = report.failed;
            if failed > 0 {
                bail!("{failed} browser tests failed");
            }
            Ok(())
        });
        if let Err(error) = outcome {
            tally.fail(engine.name, failed, &error);
        }
    }
    println!("\n{:.0} s in all", start.elapsed().as_secs_f32());
    tally.close()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let outcome = work();
    (outcome, start.elapsed().as_secs_f64())
}

#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
    failures: Vec<String>,
    /// Checks and browser tests, and their seconds.
    durations: Vec<(String, f64)>,
}

impl Tally {
    fn fail(&mut self, name: &str, count: u64, error: &anyhow::Error) {
        println!("  {error:#}");
        self.failed += count;
        self.failures.push(format!("{name}: {error:#}"));
    }

    /// Names what took longest and repeats what failed, so that nobody has to scroll, and prints the closing line that
    /// other programs read.
    fn close(mut self) -> Result<()> {
        self.durations.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        println!("the slowest:");
        for (name, seconds) in self.durations.iter().take(SLOWEST) {
            println!("{seconds:>7.1} s  {name}");
        }
        for failure in &self.failures {
            println!("✗ {failure}");
        }
        println!("{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped);
        if self.failed > 0 {
            bail!("not everything holds");
        }
        Ok(())
    }
}

fn lint() -> Result<()> {
    ensure_npm_packages("web")?;
    run_beside(node("web/node_modules/eslint/bin/eslint.js").args([
        "--config",
        "web/eslint.config.js",
        "web",
        "tests",
    ]))
}

/// Every file by its name: what a folder means to `node --test` has changed between versions.
fn modules() -> Result<()> {
    let files = fs::read_dir(root("tests/node"))?.map(|file| Ok(file?.path())).collect::<Result<Vec<_>>>()?;
    run_beside(node("--test").arg("--test-reporter=spec").args(files))
}

fn clippy() -> Result<()> {
    let deny = ["--", "-Dwarnings"];
    run_beside(
        cargo().args(["clippy", "--quiet", "--workspace", "--all-targets", "--all-features"]).args(deny),
    )?;
    ensure_rust_target(wasm::TARGET)?;
    let arguments =
        ["clippy", "--quiet", "--package", "convscope-wasm", "--all-features", "--target", wasm::TARGET];
    run_beside(cargo().args(arguments).args(deny).env("RUSTFLAGS", "-Ctarget-feature=+simd128,+relaxed-simd"))
}

fn docs() -> Result<()> {
    run_beside(cargo().args(["doc", "--quiet", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-Dwarnings"))
}

fn bare() -> Result<()> {
    ensure_rust_target(BARE_TARGET)?;
    let arguments =
        ["check", "--quiet", "--package", "convscope-core", "--no-default-features", "--target", BARE_TARGET];
    run_beside(cargo().args(arguments))
}

fn tests() -> Result<()> {
    // The bindings only run where there is JavaScript: the browser tests are theirs.
    run_beside(cargo().args([
        "test",
        "--quiet",
        "--workspace",
        "--exclude",
        "convscope-wasm",
        "--all-features",
    ]))
}

fn types() -> Result<()> {
    ensure_npm_packages("web")?;
    run_beside(node("web/node_modules/typescript/bin/tsc").args(["--project", "web"]))
}

/// Every browser with simd128 must accept the one build; the other must be worth its bytes.
fn instructions() -> Result<()> {
    let validates = |name: &str| -> Result<_> {
        let bytes = fs::read(wasm::folder().join(name))?;
        Ok(Validator::new_with_features(WasmFeatures::WASM2).validate_all(&bytes).map(|_| ()))
    };
    if let Err(error) = validates("convscope-simd.wasm")? {
        bail!("convscope-simd.wasm needs more than WebAssembly 2.0 with simd128: {error}");
    }
    if validates("convscope-relaxed.wasm")?.is_ok() {
        bail!("convscope-relaxed.wasm has no relaxed-simd instruction");
    }
    Ok(())
}
