//! Synchronous exceptions: their causes and what `mtval` says of them.

use super::privilege::Privilege;
use crate::trap::Trap;

/// Why the hart traps (privileged manual, table of `mcause` values), and the value that `mtval` or `stval` gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exception {
    pub(super) cause: u64,
    pub(super) value: u64,
}

pub(super) const ILLEGAL_INSTRUCTION: u64 = 2;
pub(super) const BREAKPOINT: u64 = 3;
pub(super) const USER_CALL: u64 = 8;
pub(super) const SUPERVISOR_CALL: u64 = 9;
pub(super) const MACHINE_CALL: u64 = 11;

/// Causes that may be delegated: all of them but a call from machine mode.
pub(super) const DELEGABLE: u64 = 0xb3ff;

impl Exception {
    pub(super) fn illegal(word: u32) -> Exception {
        Exception {
            cause: ILLEGAL_INSTRUCTION,
            value: word.into(),
        }
    }

    pub(super) fn call(from: Privilege) -> Exception {
        let cause = match from {
            Privilege::User => USER_CALL,
            Privilege::Supervisor => SUPERVISOR_CALL,
            Privilege::Machine => MACHINE_CALL,
        };
        Exception { cause, value: 0 }
    }

    /// What an instruction at `pc` ran into. `is_load` tells whether it only reads memory.
    pub(super) fn from_trap(trap: Trap, pc: u64, is_load: bool) -> Exception {
        let (cause, value) = match trap {
            Trap::IllegalInstruction { word } => (ILLEGAL_INSTRUCTION, word.into()),
            Trap::Breakpoint => (BREAKPOINT, pc),
            Trap::Watchpoint { address } => (BREAKPOINT, address),
            Trap::FetchFault { address } => (1, address),
            Trap::MisalignedAtomic { address } => (if is_load { 4 } else { 6 }, address),
            Trap::LoadFault { address } => (5, address),
            Trap::StoreFault { address } => (7, address),
            Trap::FetchPageFault { address } => (12, address),
            Trap::LoadPageFault { address } => (13, address),
            Trap::StorePageFault { address } => (15, address),
        };
        Exception { cause, value }
    }

    /// The message for an exception that the trap handler at `handler` causes itself; `first` is the one that it was to handle, with
    /// its program counter, which lies in `place`.
    pub(super) fn in_handler(self, handler: u64, first: (Exception, u64), place: &str) -> String {
        let (first, at) = first;
        format!(
            "{} at pc 0x{at:x}{place}, and the trap handler at 0x{handler:x} (mtvec) itself traps: {}",
            Exception::describe(first.cause),
            Exception::describe(self.cause),
        )
    }

    /// What `cause` means, for a message.
    fn describe(cause: u64) -> &'static str {
        match cause {
            0 => "misaligned fetch",
            1 => "fetch access fault",
            2 => "illegal instruction",
            3 => "breakpoint",
            4 => "misaligned load",
            5 => "load access fault",
            6 => "misaligned store",
            7 => "store access fault",
            8 => "ecall from user mode",
            9 => "ecall from supervisor mode",
            11 => "ecall from machine mode",
            12 => "fetch page fault",
            13 => "load page fault",
            15 => "store page fault",
            _ => "trap",
        }
    }
}
