//! `cargo xtask test`: everything that must hold, from formatting to the pages in three engines.

use crate::browsers::ENGINES;
use crate::build::build;
use crate::steps::{run, step};
use crate::tools::{cargo, ensure_npm_packages, ensure_rust_target, node, root};
use crate::wasm;
use anyhow::{Result, bail};
use std::fs;
use std::time::Instant;
use wasmparser::{Validator, WasmFeatures};

/// A processor without an operating system, so without std.
const BARE_TARGET: &str = "thumbv7em-none-eabihf";

type Check = (&'static str, fn() -> Result<()>);

/// In an order in which the quick ones fail first; those after `build` need what it makes.
const CHECKS: [Check; 11] = [
    ("format", format),
    ("lint", lint),
    ("modules", || run(node("--test").arg("tests/node/"))),
    ("clippy", clippy),
    ("docs", || {
        run(cargo().args(["doc", "--quiet", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-Dwarnings"))
    }),
    ("bare", bare),
    ("tests", tests),
    ("build", build),
    ("build-vectors", || wasm::build(&root("target/web-vectors"), &["vectors"])),
    ("types", types),
    ("instructions", instructions),
];

/// Runs the checks and engines named in `arguments`, or all; `--only TEXT` chooses browser tests by their
/// names.
pub(crate) fn test(arguments: &[&str]) -> Result<()> {
    let (names, only) = match arguments {
        [names @ .., "--only", only] => (names, *only),
        names => (names, ""),
    };
    let known = || CHECKS.iter().map(|(name, _)| *name).chain(ENGINES.iter().map(|engine| engine.name));
    if let Some(unknown) = names.iter().find(|name| !known().any(|known| known == **name)) {
        bail!("nothing is named {unknown}; there are: {}", known().collect::<Vec<_>>().join(", "));
    }
    let wanted = |name: &str| names.is_empty() || names.contains(&name);
    let start = Instant::now();
    let mut tally = Tally::default();
    for (name, check) in CHECKS.iter().filter(|(name, _)| wanted(name)) {
        match step(name, check) {
            Ok(()) => tally.passed += 1,
            Err(error) => tally.fail(name, 1, &error),
        }
    }
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

#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
    failures: Vec<String>,
}

impl Tally {
    fn fail(&mut self, name: &str, count: u64, error: &anyhow::Error) {
        println!("  {error:#}");
        self.failed += count;
        self.failures.push(format!("{name}: {error:#}"));
    }

    /// Repeats what failed, so that nobody has to scroll, and prints the closing line that other programs
    /// read.
    fn close(self) -> Result<()> {
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

fn format() -> Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]))?;
    ensure_npm_packages("web")?;
    run(node("web/node_modules/prettier/bin/prettier.cjs").args([
        "--check",
        "--log-level=warn",
        "web",
        "tests",
    ]))
}

fn lint() -> Result<()> {
    ensure_npm_packages("web")?;
    run(node("web/node_modules/eslint/bin/eslint.js").args([
        "--config",
        "web/eslint.config.js",
        "web",
        "tests",
    ]))
}

fn clippy() -> Result<()> {
    let deny = ["--", "-Dwarnings"];
    run(cargo().args(["clippy", "--quiet", "--workspace", "--all-targets", "--all-features"]).args(deny))?;
    ensure_rust_target(wasm::TARGET)?;
    let arguments =
        ["clippy", "--quiet", "--package", "convscope-wasm", "--all-features", "--target", wasm::TARGET];
    run(cargo().args(arguments).args(deny).env("RUSTFLAGS", "-Ctarget-feature=+simd128,+relaxed-simd"))
}

fn bare() -> Result<()> {
    ensure_rust_target(BARE_TARGET)?;
    let arguments =
        ["check", "--quiet", "--package", "convscope-core", "--no-default-features", "--target", BARE_TARGET];
    run(cargo().args(arguments))
}

fn tests() -> Result<()> {
    // The bindings only run where there is JavaScript: the browser tests are theirs.
    let others = ["--exclude", "convscope-wasm", "--exclude", "xtask"];
    run(cargo().args(["test", "--quiet", "--workspace", "--all-features"]).args(others))?;
    // This tool as it was built to run here: most of what it needs would take minutes to build once more.
    run(cargo().args(["test", "--quiet", "--release", "--package", "xtask"]))
}

fn types() -> Result<()> {
    ensure_npm_packages("web")?;
    run(node("web/node_modules/typescript/bin/tsc").args(["--project", "web"]))
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
