//! What an execution that never comes back leaves behind. One that ends, in a panic too, is judged by who called it.

use crate::memory::now;
use crate::run::{input, keep};
use crate::targets::Target;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

/// The target that runs now, and the number of its execution.
static TARGET: Mutex<Option<&Target>> = Mutex::new(None);
static NUMBER: AtomicU64 = AtomicU64::new(u64::MAX);

/// No execution is allowed so long, whatever its size.
const FOREVER: Duration = Duration::from_secs(120);
/// Beyond this the machine may end the whole program before the execution ends.
const TOO_MANY_BYTES: usize = 3 << 30;
const PAUSE: Duration = Duration::from_millis(50);

/// So many executions share one entry in the log, since writing one takes as long as reading a small input.
const BLOCK: u64 = 1024;

/// Where an abort can be traced: it says nothing itself.
pub(crate) struct Log {
    path: PathBuf,
    /// Whether each input is written before it is read.
    whole: bool,
}

impl Log {
    /// A log of `executions` of `target`. A run of one block writes down each input, a longer one only where a block
    /// begins: to find the input of an abort, its block is run again.
    pub(crate) fn new(folder: &Path, target: &'static Target, executions: u64) -> Self {
        *TARGET.lock().expect("nothing panics here") = Some(target);
        Self { path: folder.join(target.name), whole: executions <= BLOCK }
    }

    pub(crate) fn begin(&self, number: u64, input: &[u8]) {
        NUMBER.store(number, Relaxed);
        if self.whole {
            fs::write(&self.path, input).expect("the log can be written");
        } else if number.is_multiple_of(BLOCK) {
            let again = format!("--from {number} --executions {BLOCK}\n");
            fs::write(&self.path, again).expect("the log can be written");
        }
    }
}

/// Watches all executions: one that takes for ever, or memory without end, is kept and ends the program.
pub(crate) fn watch() {
    thread::spawn(|| {
        let (mut last, mut since) = (u64::MAX, Instant::now());
        loop {
            thread::sleep(PAUSE);
            let number = NUMBER.load(Relaxed);
            if number != last {
                (last, since) = (number, Instant::now());
            } else if since.elapsed() > FOREVER {
                end(number, "does not come back");
            }
            if now() > TOO_MANY_BYTES {
                end(number, "takes memory without end");
            }
        }
    });
}

fn end(number: u64, why: &str) {
    let Some(target) = *TARGET.lock().expect("nothing panics here") else { return };
    println!("{}: execution {number} {why}", target.name);
    keep(target, number, &input(target, number));
    process::exit(1)
}
