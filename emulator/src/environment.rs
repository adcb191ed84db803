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

    /// Gives the host what is held back; at the end of a run.
    pub(crate) fn finish(&mut self, host: &mut dyn Host) {
        if let Environment::Bare(supervision) = self {
            supervision.finish(host);
        }
    }
}
