//! The Linux that a guest process sees: enough of the kernel for static programs of one thread.
//!
//! * [`start`]: what memory and registers hold when the process starts.
//! * [`calls`](Process::call): the system calls, by number.
//! * [`files`], [`mount`]: descriptors, and which files exist at all.
//! * [`private`]: files that an execution of a Reference task writes.
//! * [`signals`]: handlers of signals that the process raises itself.

mod calls;
mod errno;
mod files;
mod mount;
mod private;
mod signals;
mod start;
mod status;

pub(crate) use calls::argument_count;
pub(crate) use errno::Errno;
pub(crate) use files::{AT_FDCWD, Files, O_APPEND, O_CREAT, O_RDWR, O_TRUNC, O_WRONLY};
pub(crate) use mount::check_mounted;
pub use mount::{Mount, check_working_directory};
pub(crate) use signals::{Delivery, SavedRegisters};
pub(crate) use start::load_segments;

use loader::Image;

use crate::cancel::Cancel;
use crate::hart::Hart;
use crate::limits::Limits;
use crate::memory::{AddressSpace, Bound, Memory};
use crate::trap::Trap;

/// The user and group that the guest runs as, to itself.
const USER_ID: u64 = 1000;
/// The one process and its one thread.
const PROCESS_ID: u64 = 1000;

/// A program that cannot be started on this core.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// Its segments end beyond the core's memory.
    #[error(
        "the program ends at address {end} and the core has {available} bytes of memory: choose a core with a larger MemorySize"
    )]
    ProgramTooLarge {
        /// End of the last segment.
        end: u64,
        /// Bytes of guest memory.
        available: u64,
    },
    /// Nothing is left for the stack.
    #[error(
        "the program ends at address {program_end} and a stack of {stack_size} bytes does not fit behind it in the core's \
         {available} bytes of memory: choose a larger MemorySize or a smaller stack"
    )]
    NoRoomForStack {
        /// End of the last segment.
        program_end: u64,
        /// The stack that was asked for.
        stack_size: u64,
        /// Bytes of guest memory.
        available: u64,
    },
    /// Arguments and environment take more than half of the stack.
    #[error("the arguments and environment do not fit into half of the stack: choose a larger stack or pass less")]
    ArgumentsTooLong,
    /// The working directory is not there.
    #[error("{path:?} is no directory of the program: choose an absolute path of one that exists; it sees {seen}")]
    WorkingDirectory {
        /// The directory that was asked for.
        path: String,
        /// The names of the mounts.
        seen: String,
    },
}

/// What a system call leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Execution goes on behind the call.
    Continue,
    /// The process has exited with this status.
    Exit(i32),
    /// A signal handler returned: the registers are those of the code that it interrupted.
    HandlerLeft(SavedRegisters),
    /// The process did what no process may do.
    Fault(Trap),
    /// The process asked for something that this environment does not have, and cannot be told no.
    Unsupported(&'static str),
    /// Execution goes on behind the call, and code may have changed.
    CodeChanged,
}

/// What to start a process with.
pub(crate) struct StartOptions<'a> {
    pub(crate) arguments: Vec<Vec<u8>>,
    pub(crate) environment: Vec<Vec<u8>>,
    pub(crate) mounts: Vec<Mount>,
    pub(crate) working_directory: String,
    pub(crate) stack_size: Option<u64>,
    /// The bytes behind `AT_RANDOM` (stack protector, pointer guard).
    pub(crate) random: [u8; 16],
    pub(crate) limits: &'a Limits,
    /// What ends waits and long work, and is told of limits.
    pub(crate) cancel: &'a Cancel,
}

/// A guest process.
pub(crate) struct Process {
    space: AddressSpace,
    files: Files,
    signals: signals::Signals,
    cancel: Cancel,
}

impl Process {
    /// Where the stack is.
    pub(crate) fn stack(&self, memory: &Memory) -> std::ops::Range<u64> {
        self.space.stack_low()..memory.scratch_start()
    }

    /// Loads `image` into memory and points `hart` at its first instruction.
    pub(crate) fn start(
        image: &Image,
        memory: &mut Memory,
        hart: &mut Hart,
        options: StartOptions<'_>,
    ) -> Result<Process, StartError> {
        let bound = Bound {
            most: options.limits.memory.unwrap_or(u64::MAX),
            cancel: options.cancel.clone(),
        };
        let space = start::address_space(memory, image, options.stack_size, bound)?;
        start::prepare_stack(
            memory,
            hart,
            &space,
            image,
            &options.arguments,
            &options.environment,
            options.random,
        )?;
        signals::write_trampoline(memory);
        let files = Files::new(
            options.mounts,
            &options.working_directory,
            options.limits,
            options.cancel,
        );
        Ok(Process {
            space,
            files,
            signals: signals::Signals::default(),
            cancel: options.cancel.clone(),
        })
    }

    /// From now on what the process does to files is kept from the host; each file may have `most_bytes`.
    pub(crate) fn make_private(&mut self, most_bytes: u64) {
        self.files.make_private(most_bytes);
    }

    /// The same process once more: neither sees what the other does from now on, as long as files are private.
    pub(crate) fn fork(&self) -> Process {
        Process {
            space: self.space.clone(),
            files: self.files.fork(),
            signals: self.signals.clone(),
            cancel: self.cancel.clone(),
        }
    }

    /// Does to the host's files what was kept from it. Returns what could not be done, a line each.
    pub(crate) fn carry_out(&mut self) -> Vec<String> {
        self.files.carry_out()
    }

    /// Whether `address` lies in the gap below the stack.
    pub(crate) fn is_stack_guard(&self, address: u64) -> bool {
        self.space.is_stack_guard(address)
    }
}
