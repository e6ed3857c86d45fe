//! `cargo xtask coverage`: which lines the tests run, of core and kernels and of the JavaScript that needs no page.

use crate::build::build;
use crate::steps::{output, run};
use crate::tools::{cargo_subcommand, cargo_target, node, root};
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Files of which fewer than this share of the lines is run are named one by one.
const LOW: f64 = 0.9;

/// The lines of a file that are code, and those of them that were run.
#[derive(Clone, Copy, Default)]
struct Lines {
    run: u64,
    all: u64,
}

impl Lines {
    fn share(self) -> f64 {
        if self.all == 0 { 1.0 } else { self.run as f64 / self.all as f64 }
    }
}

/// Lines by file, named from the repository's root.
type Coverage = BTreeMap<String, Lines>;

/// Runs the tests with counters and prints the lines they reach.
pub(crate) fn coverage() -> Result<()> {
    print("Rust: core and kernels, by their own tests", &rust()?);
    print("JavaScript: by the tests in Node.js alone; those in browsers are not counted", &javascript()?);
    Ok(())
}

fn rust() -> Result<Coverage> {
    run(Command::new("rustup").args(["component", "add", "llvm-tools"]).current_dir(root("")))
        .context("rustup (https://rustup.rs) adds what reads the counters")?;
    let packages = ["--package", "convscope-core", "--package", "convscope-kernels", "--all-features"];
    // The tests write to where the report would go otherwise.
    let report = cargo_target("coverage.json");
    let arguments = ["--json", "--summary-only", "--output-path"];
    run(cargo_subcommand("llvm-cov", "0.9.1")?.args(packages).args(arguments).arg(&report))?;
    let report = fs::read(&report).with_context(|| format!("cannot read {}", report.display()))?;
    let report: Value = serde_json::from_slice(&report)?;
    let files = report["data"][0]["files"].as_array().context("llvm-cov reports no files")?;
    let lines = |file: &Value| {
        let [all, run] =
            ["count", "covered"].map(|what| file["summary"]["lines"][what].as_u64().unwrap_or_default());
        Some((from_root(file["filename"].as_str()?)?, Lines { run, all }))
    };
    Ok(files.iter().filter_map(lines).collect())
}

/// What Node.js counts of the modules that its tests load.
fn javascript() -> Result<Coverage> {
    build()?;
    let tests = fs::read_dir(root("tests/node"))?.map(|file| Ok(file?.path())).collect::<Result<Vec<_>>>()?;
    let counted = ["--experimental-test-coverage", "--test-reporter=lcov"];
    let report = output(node("--test").args(counted).args(tests))?;
    let mut coverage = Coverage::new();
    let (mut file, mut lines) = (None, Lines::default());
    for line in report.lines() {
        match line.split_once(':') {
            Some(("SF", name)) => file = from_root(name).filter(|name| name.starts_with("web/")),
            Some(("LF", count)) => lines.all = count.parse()?,
            Some(("LH", count)) => lines.run = count.parse()?,
            _ if line == "end_of_record" => coverage.extend(file.take().map(|file| (file, lines))),
            _ => {}
        }
    }
    Ok(coverage)
}

/// The path of a file of this repository from its root.
fn from_root(path: &str) -> Option<String> {
    let path = Path::new(path);
    let path = if path.is_absolute() { path.strip_prefix(root("")).ok()? } else { path };
    let known = !path.components().any(|part| part.as_os_str() == "node_modules");
    known.then(|| path.display().to_string())
}

/// A line for each folder, and below it for each file that is hardly reached.
fn print(title: &str, coverage: &Coverage) {
    println!("\n{title}");
    let mut folders: BTreeMap<&str, Vec<(&str, Lines)>> = BTreeMap::new();
    for (path, &lines) in coverage {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        folders.entry(folder).or_default().push((name, lines));
    }
    for (folder, files) in &folders {
        row(folder, files.iter().map(|&(_, lines)| lines));
        for &(name, lines) in files.iter().filter(|(_, lines)| lines.share() < LOW) {
            row(&format!("  {name}"), [lines].into_iter());
        }
    }
    row("all", coverage.values().copied());
}

fn row(name: &str, lines: impl Iterator<Item = Lines>) {
    let sum =
        lines.fold(Lines::default(), |sum, next| Lines { run: sum.run + next.run, all: sum.all + next.all });
    println!("{:>6.1} %  {:>6} of {:>6}  {name}", 100.0 * sum.share(), sum.run, sum.all);
}
