//! Executions of a target: each is named by its number, which is the seed of all that is chosen in it.

use crate::memory::most_of;
use crate::targets::Target;
use crate::watch::Log;
use convscope_core::random::Random;
use std::cell::{Cell, RefCell};
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const MOST_TIME: Duration = Duration::from_secs(1);
const MOST_BYTES: usize = 1 << 30;
/// An execution that was too slow gets so many tries, by the processor's time where the system tells it: the machine may have
/// been at something else.
const TRIES: usize = 3;

/// What this thread has had of the processor, on Linux.
fn processor_time() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// Executions of one target.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) executions: u64,
    /// How many of them gave something to use.
    pub(crate) accepted: u64,
    pub(crate) slowest: Duration,
    pub(crate) most_bytes: usize,
    /// What went wrong, by the number of the execution.
    pub(crate) failures: Vec<(u64, String)>,
}

thread_local! {
    /// Whether a target reads, and what its panic said.
    static READS: Cell<bool> = const { Cell::new(false) };
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps what panics of targets say instead of printing it.
pub(crate) fn keep_panics() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if READS.get() {
            SAID.with(|said| *said.borrow_mut() = panic.to_string());
        } else {
            print(panic);
        }
    }));
}

/// Reads `input`, and uses what comes out of it if `used`; tells what was wrong with that.
pub(crate) fn execute(target: &Target, input: &[u8], used: bool, tally: &mut Tally) -> Result<(), String> {
    let mut fastest = Duration::MAX;
    for number in 0..TRIES {
        let start = Instant::now();
        // Asking for it takes longer than most executions.
        let before = (number > 0).then(processor_time).flatten();
        READS.set(true);
        let (outcome, bytes) =
            most_of(|| panic::catch_unwind(AssertUnwindSafe(|| (target.read)(input, used))));
        READS.set(false);
        let accepted = matches!(outcome, Ok(Some(_)));
        let allowed = match outcome {
            Ok(seconds) => MOST_TIME * seconds.unwrap_or(1),
            Err(_) => return Err(SAID.with(|said| said.borrow().clone())),
        };
        tally.most_bytes = tally.most_bytes.max(bytes);
        if bytes > MOST_BYTES {
            return Err(format!("it took {bytes} bytes"));
        }
        let took = before.and_then(|before| Some(processor_time()? - before));
        fastest = fastest.min(took.unwrap_or_else(|| start.elapsed()));
        if fastest <= allowed {
            tally.slowest = tally.slowest.max(fastest);
            tally.accepted += u64::from(accepted);
            return Ok(());
        }
    }
    Err(format!("it took {:.1} s", fastest.as_secs_f32()))
}

/// The input of execution number `number`.
pub(crate) fn input(target: &Target, number: u64) -> Vec<u8> {
    (target.make)(&mut Random::new(number, 0))
}

/// How often what came out of an input is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Uses {
    Always,
    /// As often as the target says, since using takes longer than reading.
    AtTimes,
}

/// Runs the executions from number `from` on until there were `executions`, the time is over, or so many have failed.
pub(crate) fn run(
    target: &Target,
    from: u64,
    executions: u64,
    time: Duration,
    uses: Uses,
    log: Option<&Log>,
) -> Tally {
    const ENOUGH: usize = 20;
    let (mut tally, start) = (Tally::default(), Instant::now());
    for number in from..from.saturating_add(executions) {
        if start.elapsed() >= time || tally.failures.len() >= ENOUGH {
            break;
        }
        let input = input(target, number);
        if let Some(log) = log {
            log.begin(number, &input);
        }
        let used = uses == Uses::Always || number.is_multiple_of(target.used_every);
        if let Err(why) = execute(target, &input, used, &mut tally) {
            tally.failures.push((number, why));
        }
        tally.executions += 1;
    }
    tally
}

/// Where inputs that failed are kept.
pub(crate) fn found() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("found")
}

/// Keeps an input that failed as a file that the tests read again.
pub(crate) fn keep(target: &Target, number: u64, input: &[u8]) {
    let folder = found().join(target.name);
    fs::create_dir_all(&folder).expect("the folder can be made");
    fs::write(folder.join(number.to_string()), input).expect("the input can be kept");
}
