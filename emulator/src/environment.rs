//! What stands around a program that a [`Machine`](crate::Machine) runs, and answers what its instructions cannot do themselves.

use crate::bare::Supervision;
use crate::host::Host;
use crate::linux::Process;

/// One of two: an operating system, or next to nothing.
pub(crate) enum Environment {
    /// A process of Linux.
    Linux(Box<Process>),
    /// A program in machine mode, with semihosting.
    Bare(Box<Supervision>),
}

impl Environment {
    /// Whether `address` lies in the gap below the stack.
    pub(crate) fn is_stack_guard(&self, address: u64) -> bool {
        match self {
            Environment::Linux(process) => process.is_stack_guard(address),
            Environment::Bare(_) => false,
        }
    }

    /// The process, on a core that runs nothing else.
    pub(crate) fn process(&mut self) -> &mut Process {
        match self {
            Environment::Linux(process) => process,
            Environment::Bare(_) => unreachable!("`Machine::bare` refuses Reference cores, and only they ask"),
        }
    }

    /// Another process in the same state, likewise.
    pub(crate) fn fork(&self) -> Environment {
        match self {
            Environment::Linux(process) => Environment::Linux(Box::new(process.fork())),
            Environment::Bare(_) => unreachable!("`Machine::bare` refuses Reference cores, and only they ask"),
        }
    }

    /// Gives the host what is held back; at the end of a run.
    pub(crate) fn finish(&mut self, host: &mut dyn Host) {
        if let Environment::Bare(supervision) = self {
            supervision.finish(host);
        }
    }
}
