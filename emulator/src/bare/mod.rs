//! A bare machine: one RV64 hart with machine, supervisor and user mode, RAM and two devices, and no operating system.
//!
//! It runs programs that bring their own environment: architecture tests (riscv-tests, RISCOF), benchmarks for Spike, and C
//! programs of picolibc with semihosting. On a [`BareMachine`] nothing is tracked, every value is certain; semihosted programs that stay
//! in machine mode can run on a tracking [`Machine`](crate::Machine) instead ([`tracked`]). In reading order:
//!
//! * [`BareMachine`]: one run. `run`: the main loop; `code`: what it has decoded.
//! * `instructions`, `csrs`, `traps`: what the privileged architecture adds to user mode, whose instructions are those of `exec`.
//! * `system`: loads, stores and fetches; `paging` (Sv39, Sv48, Sv57, Svnapot, Svade, Svadu), `tlb`, `pmp`, `triggers`.
//! * `ram`; `clint` (timer and software interrupt, at 0x2000000); `htif` (Spike's `tohost`); `console`; `semihosting`; `signature`.
//!
//! A program is one for a bare machine if it has the symbols `tohost` and `fromhost`, or if its code holds the instructions of a
//! semihosting call; see [`Program::is_bare`]. Its segments are loaded at their physical addresses. There is RAM of the core's
//! memory size at 0x80000000, and around every segment elsewhere. `a0` holds the hart's number, 0, and `a1` no device tree.
//!
//! Time is deterministic: `mtime` counts one tick a nanosecond and an instruction takes one. A wait (`wfi`, a jump to itself)
//! lets the timer jump to its next interrupt; where no interrupt can come the run ends and says so.

mod clint;
mod code;
mod console;
mod csrs;
mod exception;
mod htif;
mod instructions;
mod paging;
mod pmp;
mod privilege;
mod ram;
mod run;
mod semihosting;
mod signature;
mod system;
#[cfg(test)]
mod tests;
mod tlb;
mod tracked;
mod traps;
mod triggers;

use std::sync::Arc;
use std::time::Instant;

pub(crate) use tracked::Supervision;

use code::Code;
use console::Console;
use exception::Exception;
use htif::Htif;
use ram::{Ram, RamError};
use semihosting::Semihosting;
use system::System;

use crate::cancel::Cancel;
use crate::cores::MEMORY_SIZE_RANGE;
use crate::hart::Hart;
use crate::host::Host;
use crate::limits::{Limits, Watchdog};
use crate::linux::Files;
use crate::machine::{Report, Task, catch_panic, limited};
use crate::program::Program;
use crate::resources::ThreadClock;
use crate::stats::Stats;

/// RAM that all segments of a program may take together, besides the core's memory.
const SEGMENT_LIMIT: u64 = 1 << 30;

/// Why a program cannot run on a bare machine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BareError {
    /// A segment lies where a device is.
    #[error("the program loads to 0x{address:x}, where the timer (CLINT) is")]
    Device {
        /// Where the device starts.
        address: u64,
    },
    /// Its segments are spread over too much memory.
    #[error(
        "the program's segments need {needed} bytes of memory with what lies between them, more than a bare machine has"
    )]
    TooLarge {
        /// How much RAM it would take, in bytes.
        needed: u64,
    },
}

impl From<RamError> for BareError {
    fn from(error: RamError) -> BareError {
        match error {
            RamError::Device { address } => BareError::Device { address },
            RamError::TooLarge { needed } => BareError::TooLarge { needed },
        }
    }
}

/// One run of a program on a bare machine.
pub struct BareMachine {
    program: Arc<Program>,
    hart: Hart,
    system: System,
    code: Code,
    semihosting: Semihosting,
    console: Console,
    host: Box<dyn Host>,
    cancel: Cancel,
    limits: Limits,
    /// The cycle at which a half-written `tohost` counts as written.
    settle_at: Option<u64>,
    /// The last exception and where it happened, for the message about a handler that traps.
    last_trap: (Exception, u64),
    /// Where and when the last `wfi` had nothing to wait for.
    last_wait: (u64, u64),
    start: Instant,
}

impl BareMachine {
    /// Loads `program` into a new machine. Of the task it takes the core's memory size, the arguments (semihosting), the mounts,
    /// the cancel request and the limits (memory is bounded by the core alone).
    ///
    /// # Errors
    ///
    /// The program's segments do not fit the machine.
    pub fn new(program: Arc<Program>, task: Task, host: Box<dyn Host>) -> Result<BareMachine, BareError> {
        let start = Instant::now();
        let image = program.image();
        let memory_size = task.core.memory_size.min(*MEMORY_SIZE_RANGE.end());
        let limit = memory_size.saturating_add(SEGMENT_LIMIT);
        let ram = Ram::new(image, memory_size, clint::ADDRESSES, limit)?;
        let code = Code::new(ram.pages());
        // A word outside RAM is none that a program could store to.
        let word = |address: Option<u64>| address.filter(|address| ram.offset(*address, 8).is_some());
        let htif = Htif::new(word(image.tohost()), word(image.fromhost()));
        let hart = Hart::new(image.entry & !1);
        let cancel = task.cancel.as_ref().map_or_else(Cancel::new, Cancel::child);
        let limits = task.limits;
        let files = Files::new(task.mounts, &task.working_directory, &limits, &cancel);
        Ok(BareMachine {
            hart,
            system: System::new(ram, htif),
            code,
            semihosting: Semihosting::new(files, &task.arguments),
            console: Console::default(),
            host: limited(host, &limits, &cancel),
            cancel,
            limits,
            settle_at: None,
            last_trap: (Exception { cause: 0, value: 0 }, 0),
            last_wait: (0, 0),
            start,
            program,
        })
    }

    /// Runs to the end.
    pub fn run(&mut self) -> Report {
        let clock = ThreadClock::current();
        let used_before = clock.now();
        let watchdog = Watchdog::start(&self.limits, &self.cancel);
        let exit = catch_panic(|| self.run_to_exit());
        drop(watchdog);
        self.console.flush(&mut *self.host);
        self.host.flush();
        let stats = Stats {
            dynamic_instructions: self.hart.instret,
            processor_time: clock.now().saturating_sub(used_before),
            wall_time: self.start.elapsed(),
            peak_memory: crate::resources::peak_memory(),
            uncertain_operations: 0,
            uncertain_branches: 0,
        };
        Report {
            exit,
            stats,
            decisions: Vec::new(),
            approximations: None,
            profile: None,
        }
    }

    /// The memory between the symbols `begin_signature` and `end_signature` as architecture tests compare it, in Spike's form: lines
    /// of `granularity` bytes in hexadecimal, the highest address first. `None` without these symbols.
    #[must_use]
    pub fn signature(&self, granularity: usize) -> Option<String> {
        let symbols = &self.program.image().symbols;
        let begin = symbols.named("begin_signature")?.address;
        let end = symbols.named("end_signature")?.address;
        let memory = self.system.ram.bytes(begin, end.checked_sub(begin)?)?;
        Some(signature::text(memory, granularity))
    }
}

/// Whether code holds the three instructions of a semihosting call.
pub(crate) fn has_semihosting_call(image: &loader::Image) -> bool {
    let ebreak: u32 = 0x0010_0073;
    let mut sequence = [0; 12];
    let words = [instructions::CALL_ENTRY, ebreak, instructions::CALL_EXIT];
    for (bytes, word) in sequence.chunks_exact_mut(4).zip(words) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    let code = image.segments.iter().filter(|segment| segment.executable);
    let finder = memchr::memmem::Finder::new(&sequence);
    code.into_iter()
        .any(|segment| finder.find_iter(segment.data()).any(|place| place % 2 == 0))
}
