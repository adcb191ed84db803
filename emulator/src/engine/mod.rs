//! The engine: finds pre-decoded blocks and executes them.
//!
//! A [`block`](Blocks) is a straight run of instructions that ends at a jump, at a system instruction, before a hooked address,
//! or at the end of a page. It knows the registers that it touches as one mask. If none of them holds a distribution, the block
//! runs on the scalar path, where only a load from a word that holds one leaves it midway; otherwise each of its instructions
//! takes the tracked path. Which registers and words hold distributions is the business of a [`Tracker`].
//!
//! The scalar path has two engines over the same blocks: a portable loop ([`run`]), which also does everything that is out of
//! the ordinary, and on x86-64 (in optimised builds) a threaded one (`threaded`) that links block to block.

mod blocks;
mod run;
#[cfg(not(target_arch = "x86_64"))]
#[path = "not_threaded.rs"]
mod threaded;
#[cfg(target_arch = "x86_64")]
mod threaded;

pub(crate) use blocks::Blocks;
pub(crate) use run::run;

use isa::Inst;

use crate::exec::{Flow, execute};
use crate::hart::Hart;
use crate::memory::{Bus, Memory};
use crate::trap::Trap;

/// Which engine runs code that touches no distribution. They do the same and count the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    /// The fastest that this build has on this machine.
    #[default]
    Fastest,
    /// A plain loop over decoded instructions.
    Portable,
    /// The same, one instruction at a time: nothing is decoded ahead. For tests of the others.
    Stepping,
    /// The threaded one (x86-64), also in builds where it is not the fastest.
    Threaded,
}

impl Engine {
    /// What [`Engine::Fastest`] is in this build on this machine.
    #[must_use]
    pub fn fastest() -> Engine {
        if threaded::is_available() {
            Engine::Threaded
        } else {
            Engine::Portable
        }
    }
}

/// Why the engine stopped. Nothing of the instruction at `hart.pc` has happened yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The instruction caused an exception.
    Trap(Trap),
    /// The instruction is illegal, or not allowed in this state; [`run`] turns it into a trap with the word that stands there.
    Illegal,
    /// `ecall`.
    EnvironmentCall,
    /// `fence.i`: decoded blocks may be stale.
    FenceI,
    /// A function of the UxHw library, by its number.
    Function(i32),
    /// A load met a distribution; never leaves [`run`].
    Shadowed,
    /// A store to a page that instructions have been decoded from; never leaves [`run`].
    CodeWritten,
    /// The quick way of an engine does not do this; never leaves that engine.
    Unusual,
    /// The function that starts here is hooked.
    Hook,
    /// The instruction budget is used up.
    Budget,
}

impl From<Trap> for Stop {
    fn from(trap: Trap) -> Self {
        Stop::Trap(trap)
    }
}

/// Who knows which registers and memory words hold distributions.
pub(crate) trait Tracker {
    /// Registers that hold a distribution: bit n is `xn`, bit 32 + n is `fn`. Bit 0 is always set: a block that starts with a
    /// hook claims to touch `x0`, so that one test of a block's mask finds both.
    fn live(&self) -> u64;

    /// Whether the run shall end: asked after every block that touches distributions, each of whose instructions may take long.
    fn is_interrupted(&self) -> bool {
        false
    }

    /// Memory as the scalar path shall see it.
    fn bus(memory: &mut Memory) -> impl Bus;

    /// Executes one instruction on both levels, scalar and distribution.
    fn step(&mut self, inst: &Inst, pc: u64, hart: &mut Hart, memory: &mut Memory) -> Result<Flow, Stop>;
}

/// The mask bit of hooked blocks (see [`Tracker::live`]).
pub(crate) const HOOK_BIT: u64 = 1;

/// The tracker of cores that track nothing.
pub(crate) struct NoTracking;

impl Tracker for NoTracking {
    #[inline(always)]
    fn live(&self) -> u64 {
        HOOK_BIT
    }

    #[inline(always)]
    fn bus(memory: &mut Memory) -> impl Bus {
        memory
    }

    fn step(&mut self, inst: &Inst, pc: u64, hart: &mut Hart, memory: &mut Memory) -> Result<Flow, Stop> {
        execute(inst.op, inst, pc, hart, memory)
    }
}
