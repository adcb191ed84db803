//! What a run may use, and who watches over it.
//!
//! * Counted where it is used, before it is used: instructions, memory, output, files, distributions.
//! * Watched by a thread of its own, and only if asked for: time. The watcher sets the flag that a long operation on
//!   distributions, a read and a sleep poll, so that none of them outlasts the limit.

use std::fmt;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::cancel::Cancel;
use crate::resources::ThreadClock;

/// What a run may use at most. `None` (the default of all but distribution memory) is no limit but what the core itself sets:
/// its memory size, and 1024 open files.
///
/// A run that reaches a limit ends as [`Exit::Stopped`](crate::Exit::Stopped) with the [`Limit`]: what it printed before is
/// delivered, and its program learns nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Instructions that the guest executes. Overrun by less than one block of code (64 instructions).
    pub instructions: Option<u64>,
    /// Time on a processor of the thread that runs the guest. Elsewhere than on Linux, wall time stands for it.
    pub processor_time: Option<Duration>,
    /// Time from the start of the run, waits included.
    pub wall_time: Option<Duration>,
    /// Bytes of guest memory that are mapped at once: the program, its stack (as a whole), its heap and its mappings, whether they
    /// have been touched or not.
    pub memory: Option<u64>,
    /// Bytes written to standard output and standard error together. What fits is delivered.
    pub output_bytes: Option<u64>,
    /// Bytes by which the guest's files on the host are written: every byte of a `write`, the holes that are left when a file grows
    /// beyond its end, and 4096 for every file and directory that is made.
    pub written_bytes: Option<u64>,
    /// Descriptors open at once, the three streams included.
    pub open_files: Option<u64>,
    /// Bytes of the distributions that registers and memory name, an eighth kept free for those that have just been dropped. By
    /// default a quarter of the machine's memory where that is known, and 4 GB elsewhere.
    pub distribution_memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            instructions: None,
            processor_time: None,
            wall_time: None,
            memory: None,
            output_bytes: None,
            written_bytes: None,
            open_files: None,
            distribution_memory: default_distribution_memory(),
        }
    }
}

/// Something that [`Limits`] bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// [`Limits::instructions`].
    Instructions,
    /// [`Limits::processor_time`].
    ProcessorTime,
    /// [`Limits::wall_time`].
    WallTime,
    /// [`Limits::memory`].
    Memory,
    /// [`Limits::output_bytes`].
    OutputBytes,
    /// [`Limits::written_bytes`].
    WrittenBytes,
    /// [`Limits::open_files`].
    OpenFiles,
    /// [`Limits::distribution_memory`].
    DistributionMemory,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Limit::Instructions => "instruction limit",
            Limit::ProcessorTime => "processor time limit",
            Limit::WallTime => "wall time limit",
            Limit::Memory => "memory limit",
            Limit::OutputBytes => "output limit",
            Limit::WrittenBytes => "limit of bytes written to files",
            Limit::OpenFiles => "open file limit",
            Limit::DistributionMemory => "distribution memory limit",
        })
    }
}

/// A quarter of this machine's memory in bytes, or 4 GB where it is not known.
fn default_distribution_memory() -> u64 {
    crate::resources::physical_memory().map_or(4 << 30, |bytes| bytes / 4)
}

/// What is left of a number of bytes or things; running out of it stops the run.
#[derive(Debug, Clone)]
pub(crate) struct Allowance {
    /// `None` if there is no limit: nothing uses it up, however often a guest asks for 2^63 bytes.
    left: Option<u64>,
    limit: Limit,
    cancel: Cancel,
}

impl Allowance {
    /// `amount` of what `limit` bounds, or any amount.
    pub(crate) fn new(amount: Option<u64>, limit: Limit, cancel: &Cancel) -> Allowance {
        Allowance {
            left: amount,
            limit,
            cancel: cancel.clone(),
        }
    }

    /// Takes `amount`, or stops the run and takes nothing.
    pub(crate) fn take(&mut self, amount: u64) -> bool {
        let Some(left) = &mut self.left else { return true };
        match left.checked_sub(amount) {
            Some(less) => {
                *left = less;
                true
            }
            None => {
                self.cancel.stop(self.limit);
                false
            }
        }
    }

    /// Takes as much of `amount` as there is, and stops the run if that is less. Gives what it took.
    pub(crate) fn take_some(&mut self, amount: u64) -> u64 {
        let Some(left) = &mut self.left else { return amount };
        let taken = amount.min(*left);
        *left -= taken;
        if taken < amount {
            self.cancel.stop(self.limit);
        }
        taken
    }
}

/// The thread that stops a run when its time is up; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Watchdog {
    running: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watchdog {
    /// Watches the calling thread from now on, if there is a limit of time.
    pub(crate) fn start(limits: &Limits, cancel: &Cancel) -> Watchdog {
        let mut watchdog = Watchdog {
            running: None,
            thread: None,
        };
        if limits.processor_time.is_none() && limits.wall_time.is_none() {
            return watchdog;
        }
        let (running, ended) = mpsc::channel();
        let clock = ThreadClock::current();
        let (start, used) = (Instant::now(), clock.now());
        let (processor_time, wall_time) = (limits.processor_time, limits.wall_time);
        let watched = cancel.clone();
        let watch = move || {
            loop {
                let mut left = Duration::MAX;
                for (limit, allowed, used) in [
                    (Limit::WallTime, wall_time, start.elapsed()),
                    (Limit::ProcessorTime, processor_time, clock.now().saturating_sub(used)),
                ] {
                    let Some(allowed) = allowed else { continue };
                    if used >= allowed {
                        watched.stop(limit);
                        return;
                    }
                    left = left.min(allowed - used);
                }
                if ended.recv_timeout(left) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        };
        match std::thread::Builder::new().name("sigemu-watchdog".into()).spawn(watch) {
            Ok(thread) => {
                watchdog.running = Some(running);
                watchdog.thread = Some(thread);
            }
            // A run that cannot be watched must not start.
            Err(_) => cancel.stop(if wall_time.is_some() {
                Limit::WallTime
            } else {
                Limit::ProcessorTime
            }),
        }
        watchdog
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.running = None;
        if let Some(thread) = self.thread.take() {
            // The clock of the watched thread must not be read once that is gone.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::Reason;

    #[test]
    fn an_allowance_is_used_up() {
        let cancel = Cancel::new();
        let mut allowance = Allowance::new(Some(10), Limit::OutputBytes, &cancel);
        assert!(allowance.take(4) && !cancel.is_cancelled());
        assert_eq!(allowance.take_some(6), 6);
        assert!(!cancel.is_cancelled(), "used up is not more than allowed");
        assert_eq!(allowance.take_some(1), 0);
        assert_eq!(cancel.reason(), Some(Reason::Limit(Limit::OutputBytes)));
        let cancel = Cancel::new();
        let mut endless = Allowance::new(None, Limit::OutputBytes, &cancel);
        assert!(endless.take(u64::MAX) && endless.take(u64::MAX));
        assert_eq!(endless.take_some(u64::MAX), u64::MAX);
        assert!(!cancel.is_cancelled());
    }

    #[test]
    fn the_watchdog_tells_waiting_from_working() {
        let run = |limits: &Limits, work: &dyn Fn(&Cancel)| {
            let cancel = Cancel::new();
            let watchdog = Watchdog::start(limits, &cancel);
            work(&cancel);
            drop(watchdog);
            cancel.reason()
        };
        let millisecond = Some(Duration::from_millis(1));
        let wall = Limits {
            wall_time: millisecond,
            ..Limits::default()
        };
        let processor = Limits {
            processor_time: millisecond,
            ..Limits::default()
        };
        let wait = |cancel: &Cancel| {
            cancel.wait(Duration::from_millis(200));
        };
        let spin = |cancel: &Cancel| while !cancel.is_cancelled() {};
        assert_eq!(run(&wall, &wait), Some(Reason::Limit(Limit::WallTime)));
        assert_eq!(run(&processor, &spin), Some(Reason::Limit(Limit::ProcessorTime)));
        if cfg!(target_os = "linux") {
            // The wait itself takes some microseconds of the processor, far from a millisecond.
            assert_eq!(run(&processor, &wait), None);
        }
    }
}
