//! What can go wrong in the guest, and what a Unix process would have died of.
//!
//! A [`Trap`] is guest behaviour, never an error of the emulator.

use std::fmt;

/// A synchronous exception of the hart (privileged architecture, table of `mcause` values).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trap {
    /// The instruction word is not one that this hart implements.
    IllegalInstruction {
        /// The word as fetched; 16 bits long when its two low bits are not both set.
        word: u32,
    },
    /// `ebreak`, or `c.ebreak`.
    Breakpoint,
    /// Instruction fetch from memory that is not mapped executable.
    FetchFault {
        /// The address that could not be fetched.
        address: u64,
    },
    /// Load from memory that is not mapped readable.
    LoadFault {
        /// The address of the access.
        address: u64,
    },
    /// Store or atomic operation to memory that is not mapped writable.
    StoreFault {
        /// The address of the access.
        address: u64,
    },
    /// Atomic operation at an address that is no multiple of its size.
    MisalignedAtomic {
        /// The address of the access.
        address: u64,
    },
    /// Instruction fetch that page tables do not allow. This and the following ones happen on a bare machine only.
    FetchPageFault {
        /// The virtual address that could not be fetched.
        address: u64,
    },
    /// Load that page tables do not allow.
    LoadPageFault {
        /// The virtual address of the access.
        address: u64,
    },
    /// Store or atomic operation that page tables do not allow.
    StorePageFault {
        /// The virtual address of the access.
        address: u64,
    },
    /// Access or fetch at an address that machine code has set a trigger on.
    Watchpoint {
        /// The virtual address of the access.
        address: u64,
    },
}

/// A signal of Linux, by number and name, as it ends a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signal(pub u8);

impl Signal {
    /// Illegal instruction.
    pub const ILL: Signal = Signal(4);
    /// Breakpoint.
    pub const TRAP: Signal = Signal(5);
    /// `abort()`.
    pub const ABRT: Signal = Signal(6);
    /// Bad alignment of an atomic access.
    pub const BUS: Signal = Signal(7);
    /// Invalid memory access.
    pub const SEGV: Signal = Signal(11);

    /// The exit status that a shell reports for a process ended by this signal: 128 + number.
    #[must_use]
    pub fn exit_status(self) -> u8 {
        128u8.saturating_add(self.0)
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            1 => "SIGHUP",
            2 => "SIGINT",
            3 => "SIGQUIT",
            4 => "SIGILL",
            5 => "SIGTRAP",
            6 => "SIGABRT",
            7 => "SIGBUS",
            8 => "SIGFPE",
            9 => "SIGKILL",
            10 => "SIGUSR1",
            11 => "SIGSEGV",
            12 => "SIGUSR2",
            13 => "SIGPIPE",
            14 => "SIGALRM",
            15 => "SIGTERM",
            number => return write!(f, "signal {number}"),
        };
        f.write_str(name)
    }
}

impl Trap {
    /// The signal that Linux sends to a process which causes this trap.
    #[must_use]
    pub fn signal(self) -> Signal {
        match self {
            Trap::IllegalInstruction { .. } => Signal::ILL,
            Trap::Breakpoint | Trap::Watchpoint { .. } => Signal::TRAP,
            Trap::MisalignedAtomic { .. } => Signal::BUS,
            Trap::FetchFault { .. }
            | Trap::LoadFault { .. }
            | Trap::StoreFault { .. }
            | Trap::FetchPageFault { .. }
            | Trap::LoadPageFault { .. }
            | Trap::StorePageFault { .. } => Signal::SEGV,
        }
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Trap::IllegalInstruction { word } if isa::is_vector(word) => write!(
                f,
                "illegal instruction 0x{word:08x}: a vector instruction, and this hart has no V extension (compile with -march=rv64gc)"
            ),
            Trap::IllegalInstruction { word } if word & 3 == 3 => write!(f, "illegal instruction 0x{word:08x}"),
            Trap::IllegalInstruction { word } => write!(f, "illegal instruction 0x{:04x}", word & 0xffff),
            Trap::Breakpoint => f.write_str("breakpoint (ebreak)"),
            Trap::FetchFault { address } => write!(
                f,
                "instruction fetch from 0x{address:x}, which is not executable memory"
            ),
            Trap::LoadFault { address } => write!(f, "load from 0x{address:x}, which is not readable memory"),
            Trap::StoreFault { address } => write!(f, "store to 0x{address:x}, which is not writable memory"),
            Trap::FetchPageFault { address } => write!(f, "page fault at instruction fetch from 0x{address:x}"),
            Trap::LoadPageFault { address } => write!(f, "page fault at load from 0x{address:x}"),
            Trap::StorePageFault { address } => write!(f, "page fault at store to 0x{address:x}"),
            Trap::Watchpoint { address } => write!(f, "breakpoint at 0x{address:x}"),
            Trap::MisalignedAtomic { address } => write!(f, "misaligned atomic access to 0x{address:x}"),
        }
    }
}
