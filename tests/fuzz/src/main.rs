//! Fuzz targets: every reader of bytes and text in the core gets valid input that was edited, and what it makes of that is
//! used. No panic, no execution over a second, no memory over 1 GiB.
//!
//! Reading takes microseconds, using what came out (predicting, explaining, a training step, a checkpoint and back) a
//! hundred times as long. So a long run uses it at every 32nd execution or so ([`Target::used_every`]), and most inputs are
//! made of tiny models; one in 512 ([`targets::REAL`]) is made of a model that the page ships. The tests and `--short` use
//! what comes out of each.

mod edits;
mod memory;
mod run;
mod targets;
mod watch;

use run::{Uses, input, keep, keep_panics, run};
use std::fs;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use targets::{TARGETS, Target};
use watch::{Log, watch};

const USAGE: &str =
    "usage: fuzz [--seconds N] [--executions N] [--short] [--from NUMBER] [TARGET…], or --names";

fn main() -> ExitCode {
    let mut seconds = None;
    let mut most: Option<u64> = None;
    let mut from = 0;
    // As many executions as the tests take.
    let mut short = false;
    let mut chosen: Vec<&'static Target> = Vec::new();
    let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|text| text.parse().ok());
        let known = match argument.as_str() {
            "--seconds" => number().map(|number| seconds = Some(number)).is_some(),
            "--executions" => number().map(|number| most = Some(number)).is_some(),
            "--from" => number().map(|number| from = number).is_some(),
            "--names" => {
                println!("{}", names.join("\n"));
                return ExitCode::SUCCESS;
            }
            "--short" => {
                short = true;
                true
            }
            name => {
                TARGETS.iter().find(|target| target.name == name).map(|target| chosen.push(target)).is_some()
            }
        };
        if !known {
            eprintln!("{USAGE}\ntargets: {}", names.join(", "));
            return ExitCode::from(2);
        }
    }
    if chosen.is_empty() {
        chosen = TARGETS.iter().collect();
    }
    let log = std::env::temp_dir().join("convscope-fuzz");
    fs::create_dir_all(&log).expect("the log can be written");
    keep_panics();
    watch();
    let time = match (seconds, most) {
        // However long so many take.
        (None, Some(_)) => Duration::MAX,
        _ => Duration::from_secs(seconds.unwrap_or(60)) / chosen.len() as u32,
    };
    let mut failed = false;
    for target in chosen {
        let start = Instant::now();
        let executions = if short { target.bounded } else { most.unwrap_or(u64::MAX - from) };
        let uses = if short { Uses::Always } else { Uses::AtTimes };
        let tally = run(target, from, executions, time, uses, Some(&Log::new(&log, target, executions)));
        for (number, _) in &tally.failures {
            keep(target, *number, &input(target, *number));
        }
        println!(
            "{}: {} executions, {:.0} % accepted, {:.0} a second, the slowest {:.0} ms, the largest {:.1} MiB, {} failed",
            target.name,
            tally.executions,
            100.0 * tally.accepted as f64 / tally.executions as f64,
            tally.executions as f64 / start.elapsed().as_secs_f64(),
            tally.slowest.as_secs_f64() * 1000.0,
            tally.most_bytes as f64 / f64::from(1 << 20),
            tally.failures.len()
        );
        for (number, why) in &tally.failures {
            println!("  --from {number} {}: {why}", target.name);
        }
        failed |= !tally.failures.is_empty();
    }
    if failed {
        println!("the inputs that failed are in {}", run::found().display());
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Tally, execute, found};

    /// In one test, since memory is counted for all threads together.
    #[test]
    fn every_reader_holds() {
        keep_panics();
        let mut failures = Vec::new();
        for target in TARGETS {
            let tally = run(target, 0, target.bounded, Duration::MAX, Uses::Always, None);
            failures.extend(
                tally.failures.into_iter().map(|(number, why)| format!("{} {number}: {why}", target.name)),
            );
            for file in fs::read_dir(found().join(target.name)).into_iter().flatten() {
                let path = file.expect("the folder can be read").path();
                let input = fs::read(&path).expect("the file can be read");
                if let Err(why) = execute(target, &input, true, &mut Tally::default()) {
                    failures.push(format!("{}: {why}", path.display()));
                }
            }
        }
        let _ = std::panic::take_hook();
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}
