//! The threaded engine: each operation calls the next one in tail position.
//!
//! A block of instructions is laid out as a trace: [`operation`]s of sixteen bytes, each with a handler ([`handlers`]) that executes
//! one instruction and calls the handler of the next with the same six arguments. At `opt-level = 3` LLVM turns these calls into
//! jumps, so that registers stay registers from trace to trace and every handler has an indirect jump of its own to predict. That
//! is an optimisation and no promise: [`is_available`] tries it out once, and without it the portable loop runs the same
//! blocks. Should some handler call after all, its frames pile up until the chain is left, which happens at least every
//! [`SLICE`] instructions.
//!
//! Traces are linked: an operation that leads to another trace knows it after the first time. What instructions have been done is counted
//! only there; an operation knows its place, and so the count is exact when the chain is left midway.
//!
//! A handler decides nothing that is out of the ordinary. What it cannot do (a trap, a system call, a load that meets a
//! distribution) leaves the chain with nothing done, and the main loop does that instruction.
//!
//! All of the unsafe code of the engine is in this folder; its twin is the portable loop, and the tests of both must agree.

mod arena;
mod handlers;
mod operation;
mod trace;

use std::ptr;
use std::sync::OnceLock;

use isa::{Inst, Op};

use super::blocks::{Starts, decode_block};
use super::{HOOK_BIT, Stop};
use crate::hart::Hart;
use crate::hooks::HookTable;
use crate::memory::{Memory, Parts};
use operation::Operation;
use trace::{Kind, Trace};

/// What every handler gets and passes on: operation, hart, the bytes and the page flags of memory, instructions that may still be
/// executed, the rest.
///
/// # Safety
///
/// All pointers are valid; the operation stands in a trace of the `Traces` that run; nobody else refers to the hart and the memory.
type Handler = unsafe extern "sysv64" fn(*const Operation, *mut Hart, *mut u8, *const u8, i64, *mut Context);

/// What handlers need rarely.
struct Context {
    memory: *mut Memory,
    pages: u64,
    /// Which groups of memory hold distributions, see [`Parts`].
    tagged: *const u8,
    /// Registers that are watched.
    live: u64,
    /// Where computed jumps have led: `KNOWN` entries.
    known: *const Known,
    // The rest says why the chain was left.
    left: Left,
    operation: *const Operation,
    fuel: i64,
}

/// Why the chain was left.
#[derive(Clone, Copy)]
enum Left {
    /// The operation's way has no link yet, or fuel is used up.
    Way,
    /// A computed jump leads to this address, and it is not known or fuel is used up.
    Jump(u64),
    /// The operation is an instruction that is not ordinary.
    Instruction,
    /// A check: the block touches a register that is watched.
    Refused,
    /// A hooked function starts here.
    Hook,
}

/// Why [`Traces::run`] ended; `hart.pc` says where. Nothing of the instruction there has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// Fuel is used up.
    Fuel,
    /// At the start of a block that touches a register that is watched.
    Refused,
    /// At the start of a hooked function.
    Hook,
    /// At an instruction that is not ordinary.
    Instruction(Place),
    /// There is no instruction.
    Stop(Stop),
}

/// An instruction in a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    trace: usize,
    index: usize,
}

/// An entry of the table of computed jumps.
#[derive(Clone, Copy)]
struct Known {
    pc: u64,
    operation: *const Operation,
}

/// Entries of that table: a power of two.
const KNOWN: usize = 1024;
/// No address of an instruction.
const NOWHERE: u64 = 1;

/// Where an address has its place in the table.
#[inline(always)]
fn place_of(pc: u64) -> usize {
    (pc >> 1) as usize & (KNOWN - 1)
}

/// The traces of one kind, and who leads to them.
#[derive(Default)]
struct Laid {
    starts: Starts,
    /// [`KNOWN`] entries as soon as somebody asks for it.
    known: Box<[Known]>,
}

// SAFETY: the operations that it knows belong to the same `Traces`, and move between threads together with it.
unsafe impl Send for Laid {}

/// All traces laid out so far.
pub(super) struct Traces {
    /// Whether loads are watched for distributions.
    watched: bool,
    traces: Vec<Trace>,
    /// Bytes that all of it takes, roughly.
    bytes: usize,
    /// For code that runs while no register is watched.
    free: Laid,
    /// For code that runs while some are.
    checked: Laid,
}

/// Instructions after which a chain is left and started anew.
const SLICE: i64 = 1 << 14;
/// Bytes of new traces after which [`Traces::run`] ends.
const MOST_NEW_BYTES: usize = 8 << 20;

impl Traces {
    pub(super) fn new(watched: bool) -> Self {
        Traces {
            watched,
            traces: Vec::new(),
            bytes: 0,
            free: Laid::default(),
            checked: Laid::default(),
        }
    }

    /// None yet, for another machine of the same kind.
    pub(super) fn sibling(&self) -> Self {
        Traces::new(self.watched)
    }

    /// Forgets everything: code has changed.
    pub(super) fn clear(&mut self) {
        *self = Traces::new(self.watched);
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    fn laid(&mut self, kind: Kind) -> &mut Laid {
        let laid = match kind {
            Kind::Checked => &mut self.checked,
            Kind::Free | Kind::Watched => &mut self.free,
        };
        if laid.known.is_empty() {
            let nowhere = Known {
                pc: NOWHERE,
                operation: ptr::null(),
            };
            laid.known = vec![nowhere; KNOWN].into();
        }
        laid
    }

    /// The instructions of a trace from `place` on.
    pub(super) fn rest(&self, place: Place) -> &[Inst] {
        &self.traces[place.trace].instructions[place.index..]
    }

    /// Runs from `hart.pc` for about `fuel` instructions, at most one block more; counts them in `hart.instret`. `live` is that
    /// of the tracker. `resume` skips a hook at `hart.pc`; `behind` says that the instruction before `hart.pc` is that one, in a
    /// trace that has been left there.
    #[expect(clippy::too_many_arguments, reason = "the parts of a machine, borrowed one by one")]
    pub(super) fn run(
        &mut self,
        hart: &mut Hart,
        memory: &mut Memory,
        hooks: &HookTable,
        live: u64,
        fuel: u64,
        resume: bool,
        behind: Option<Place>,
    ) -> Exit {
        let kind = match (self.watched, live == HOOK_BIT) {
            (false, _) => Kind::Free,
            (true, true) => Kind::Watched,
            (true, false) => Kind::Checked,
        };
        let granted = fuel.min(i64::MAX as u64) as i64;
        let mut fuel = granted;
        let mut operation = match behind {
            Some(place) if self.traces[place.trace].kind == kind => {
                fuel += place.index as i64 + 1;
                self.traces[place.trace].operation_of(place.index + 1)
            }
            _ => match self.entry(kind, hart.pc, memory, hooks) {
                Ok(entry) if resume => self.behind_hook(entry),
                Ok(entry) => entry,
                Err(stop) => return Exit::Stop(stop),
            },
        };
        // Code that never runs twice is forgotten now and then: see `Blocks::are_too_many`.
        let most_bytes = self.bytes + MOST_NEW_BYTES;
        let exit = loop {
            let slice = fuel.min(SLICE);
            let (left, at, rest) = self.chain(kind, operation, hart, memory, live, slice);
            fuel += rest - slice;
            match self.after(kind, left, at, hart, memory, hooks, &mut fuel) {
                Ok(_) if self.bytes > most_bytes => break Exit::Fuel,
                Ok(next) => operation = next,
                Err(exit) => break exit,
            }
        };
        hart.instret += (granted - fuel) as u64;
        exit
    }

    /// Runs handlers until one leaves: why, at which operation, and what fuel is left.
    fn chain(
        &mut self,
        kind: Kind,
        operation: *const Operation,
        hart: &mut Hart,
        memory: &mut Memory,
        live: u64,
        fuel: i64,
    ) -> (Left, *const Operation, i64) {
        let Parts {
            bytes,
            flags,
            pages,
            tagged,
        } = memory.parts();
        let mut context = Context {
            memory,
            pages,
            tagged,
            live,
            known: self.laid(kind).known.as_ptr(),
            left: Left::Way,
            operation,
            fuel,
        };
        // SAFETY: the operation belongs to these traces, which are borrowed and so cannot be cleared meanwhile; hart and memory
        // are borrowed too, and `parts` are those of this memory, which keeps its size.
        unsafe { ((*operation).handler)(operation, hart, bytes, flags, fuel, &raw mut context) };
        (context.left, context.operation, context.fuel)
    }

    /// Where the chain goes on, or why it does not.
    #[expect(clippy::too_many_arguments, reason = "the parts of a machine, borrowed one by one")]
    fn after(
        &mut self,
        kind: Kind,
        left: Left,
        operation: *const Operation,
        hart: &mut Hart,
        memory: &mut Memory,
        hooks: &HookTable,
        fuel: &mut i64,
    ) -> Result<*const Operation, Exit> {
        let place = |traces: &Self| {
            // SAFETY: the operation stands in a trace of ours: handlers pass on no other.
            let (trace, slot) = unsafe { (Operation::trace(operation), (*operation).slot) };
            Place {
                trace,
                index: traces.traces[trace].instruction_of(slot),
            }
        };
        match left {
            Left::Way => {
                let Place { trace, index } = place(self);
                hart.pc = self.traces[trace].target(index);
            }
            Left::Jump(target) => hart.pc = target,
            Left::Instruction | Left::Refused | Left::Hook => {
                let place = place(self);
                hart.pc = self.traces[place.trace].address_of(place.index);
                *fuel -= place.index as i64;
                return Err(match left {
                    Left::Refused => Exit::Refused,
                    Left::Hook => Exit::Hook,
                    _ => Exit::Instruction(place),
                });
            }
        }
        let entry = self.entry(kind, hart.pc, memory, hooks).map_err(Exit::Stop)?;
        match left {
            Left::Jump(target) => {
                self.laid(kind).known[place_of(target)] = Known {
                    pc: target,
                    operation: entry,
                };
            }
            // SAFETY: this operation is followed by its way; no handler runs.
            _ => unsafe { trace::link(operation, entry) },
        }
        if *fuel > 0 { Ok(entry) } else { Err(Exit::Fuel) }
    }

    /// The first operation of the trace that starts at `pc`, laid out if this is the first time.
    fn entry(&mut self, kind: Kind, pc: u64, memory: &mut Memory, hooks: &HookTable) -> Result<*const Operation, Stop> {
        let number = match self.laid(kind).starts.get(pc) {
            Some(number) => number,
            None => {
                let block = decode_block(pc, memory, hooks, super::blocks::LONGEST_BLOCK)?;
                let number = self.traces.len();
                let trace = Trace::new(number, kind, pc, block);
                self.bytes += trace.bytes() + self.laid(kind).starts.set(pc, number);
                self.traces.push(trace);
                number
            }
        };
        Ok(self.traces[number].entry())
    }

    /// The operation behind the hook that a trace starts with, if it does.
    fn behind_hook(&self, entry: *const Operation) -> *const Operation {
        // SAFETY: the operation stands in a trace.
        let trace = unsafe { Operation::trace(entry) };
        self.traces[trace].behind_hook()
    }
}

/// Whether the calls between handlers are jumps in this build on this machine: only then is this engine the faster one.
pub(super) fn is_available() -> bool {
    static AVAILABLE: OnceLock<bool> = OnceLock::new();
    *AVAILABLE.get_or_init(|| stack_used_by_a_chain() < 1024)
}

/// Whether this engine exists at all.
pub(super) const IS_POSSIBLE: bool = true;

/// Bytes of stack between the first and the last of some hundred operations.
fn stack_used_by_a_chain() -> u64 {
    let mut traces = Traces::new(false);
    let (mut hart, mut memory) = (Hart::new(0), Memory::empty());
    let block = super::blocks::Decoded {
        instructions: vec![Inst::new(Op::Addi); 100],
        mask: 0,
        needs_uncertainty: false,
    };
    let mut trace = Trace::new(0, Kind::Free, 0, block);
    for place in [0, 99] {
        trace.note_stack_pointer(place);
    }
    let entry = trace.entry();
    traces.traces.push(trace);
    traces.chain(Kind::Free, entry, &mut hart, &mut memory, 0, 1000);
    hart.x[1].abs_diff(hart.x[2])
}

/// Keeps the stack pointer: the first call in x1, every call in x2; goes on unless it is the second.
unsafe extern "sysv64" fn note_stack_pointer(
    operation: *const Operation,
    hart: *mut Hart,
    bytes: *mut u8,
    flags: *const u8,
    fuel: i64,
    context: *mut Context,
) {
    let stack_pointer: u64;
    // SAFETY: reads a register. Else see `Handler`; the first operation is followed by others, and the last one has x1 set.
    unsafe {
        std::arch::asm!("mov {}, rsp", out(reg) stack_pointer, options(nomem, nostack, preserves_flags));
        (*hart).x[2] = stack_pointer;
        if (*hart).x[1] == 0 {
            (*hart).x[1] = stack_pointer;
            let next = operation.add(1);
            ((*next).handler)(next, hart, bytes, flags, fuel, context);
        }
    }
}
