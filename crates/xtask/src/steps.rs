//! Steps that say what they do and how long it took, and the programs they start.

use anyhow::{Context, Result, bail};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

/// Carries out one step: its name is printed before, its seconds after.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("▸ {name}");
    let start = Instant::now();
    let outcome = work();
    let verdict = if outcome.is_ok() { "✓" } else { "✗" };
    println!("{verdict} {name}: {:.1} s", start.elapsed().as_secs_f32());
    outcome
}

/// Runs a program to its end, its output going where this tool's output goes.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| cannot_start(command))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// The same beside other programs: its output comes in one piece, once it has ended.
pub(crate) fn run_beside(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output().with_context(|| cannot_start(command))?;
    let text = [output.stdout, output.stderr].concat();
    print!("{}", String::from_utf8_lossy(&text));
    if !output.status.success() {
        bail!("{} ended with {}", shown(command), output.status);
    }
    Ok(())
}

/// Does several things at once, and returns what all of them made.
pub(crate) fn at_once<T: Send>(
    tasks: impl IntoIterator<Item = impl FnOnce() -> Result<T> + Send>,
) -> Result<Vec<T>> {
    thread::scope(|scope| {
        let threads: Vec<_> = tasks.into_iter().map(|task| scope.spawn(task)).collect();
        threads.into_iter().map(|thread| thread.join().expect("a step returns its errors")).collect()
    })
}

/// Runs a program and returns what it wrote to its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| cannot_start(command))?;
    if !output.status.success() {
        bail!("{} ended with {}: {}", shown(command), output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start {}", shown(command))
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
