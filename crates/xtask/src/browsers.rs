//! The browser engines that the tests run in: where they are, how they are installed, how they are driven.

use crate::steps::{output, run, step};
use crate::tools::{node, root};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// An engine and what Debian calls it.
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    /// Programs that must all be there, each under one of its names; the first is the one to start.
    programs: &'static [&'static [&'static str]],
    packages: &'static [&'static str],
}

pub(crate) const CHROMIUM: Engine = Engine {
    name: "chromium",
    programs: &[&["chromium", "chromium-browser", "google-chrome"]],
    packages: &["chromium"],
};

pub(crate) const FIREFOX: Engine =
    Engine { name: "firefox", programs: &[&["firefox-esr", "firefox"]], packages: &["firefox-esr"] };

pub(crate) const ENGINES: [Engine; 3] = [
    CHROMIUM,
    FIREFOX,
    Engine {
        name: "webkit",
        programs: &[&["WebKitWebDriver"], &["Xvfb"]],
        packages: &["webkit2gtk-driver", "xvfb"],
    },
];

/// How many browser tests passed, failed and were left out, and the seconds of each.
pub(crate) struct Report {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
    pub(crate) durations: Vec<(String, f64)>,
}

impl Engine {
    /// The program to start, if everything that the engine needs is installed.
    fn executable(&self) -> Option<PathBuf> {
        let found = self.programs.iter().map(|names| names.iter().find_map(|name| find_program(name)));
        found.collect::<Option<Vec<_>>>()?.into_iter().next()
    }

    /// Why the engine can be neither used nor installed here, and how to change that.
    pub(crate) fn obstacle(&self) -> Result<Option<String>> {
        let packages = self.packages.join(" ");
        Ok(if self.executable().is_some() {
            None
        } else if find_program("apt-get").is_none() {
            Some(format!("{} is not installed; on Debian: apt-get install {packages}", self.name))
        } else if output(Command::new("id").arg("-u"))?.trim() != "0" {
            Some(format!("{} is not installed; as root: apt-get install {packages}", self.name))
        } else {
            None
        })
    }

    /// The program to start, installed first if it has to be.
    pub(crate) fn ensure_installed(&self) -> Result<PathBuf> {
        if let Some(obstacle) = self.obstacle()? {
            bail!(obstacle);
        }
        if let Some(executable) = self.executable() {
            return Ok(executable);
        }
        let packages = self.packages.join(" ");
        step(&format!("apt-get install {packages}"), || {
            let apt = |arguments: &[&str]| {
                run(Command::new("apt-get")
                    .arg("-qq")
                    .args(arguments)
                    .env("DEBIAN_FRONTEND", "noninteractive"))
            };
            apt(&["update"])?;
            apt(&[&["install", "--yes", "--no-install-recommends"], self.packages].concat())
        })?;
        self.executable()
            .with_context(|| format!("{} is still missing after apt-get install {packages}", self.name))
    }

    /// Runs the browser tests whose name contains `only`.
    pub(crate) fn test(&self, only: &str) -> Result<Report> {
        let executable = self.ensure_installed()?;
        let path = root("target/browser-tests").join(self.name).with_extension("json");
        fs::create_dir_all(path.parent().expect("it was just joined"))?;
        // A runner that dies must not leave an older run's numbers to be read.
        if path.exists() {
            fs::remove_file(&path)?;
        }
        let status = node("tests/browser/run.mjs")
            .args(["--engine", self.name, "--only", only])
            .arg("--executable")
            .arg(executable)
            .arg("--report")
            .arg(&path)
            .status()?;
        let text = fs::read_to_string(&path)
            .with_context(|| format!("the runner ended with {status} and no report"))?;
        let report: Value = serde_json::from_str(&text)?;
        let count =
            |key: &str| report[key].as_u64().with_context(|| format!("{}: no number {key}", path.display()));
        let durations = report["tests"].as_array().into_iter().flatten().filter_map(|test| {
            Some((format!("{}: {}", self.name, test["name"].as_str()?), test["seconds"].as_f64()?))
        });
        Ok(Report {
            passed: count("passed")?,
            failed: count("failed")?,
            skipped: count("skipped")?,
            durations: durations.collect(),
        })
    }
}

fn find_program(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}
