//! The threaded engine: each operation calls the next one in tail position.
//!
//! A block is laid out as [`Operation`]s: a header that checks whether the block may run here, one operation an instruction, and
//! one behind the last that leads to the next block. An operation's handler executes its instruction with [`execute`], which it
//! knows as a constant, and calls the handler of the next operation with the same six arguments. At `opt-level = 3` LLVM turns
//! these calls into jumps, so that registers stay registers from block to block and every handler has an indirect jump of its own to
//! predict. That is an optimisation and no promise: [`is_available`] tries it out once, and without it the portable loop runs
//! the same blocks.
//!
//! A handler decides nothing that is out of the ordinary. What it cannot do (a trap, a system call, a load that meets a
//! distribution) leaves the chain with nothing done, and the portable loop does that instruction.
//!
//! All of the unsafe code is here; its twin is the portable loop, and the tests of both must agree.

use std::cell::Cell;
use std::ptr;
use std::sync::OnceLock;

use isa::{Inst, Op};

use super::Engine;
use super::blocks::Blocks;
use crate::exec::{Flow, execute};
use crate::hart::Hart;
use crate::memory::{Memory, Watched};

/// What every handler gets and passes on: operation, hart, memory, its program counter, fuel left, the rest.
///
/// # Safety
///
/// All pointers are valid, and the operation belongs to a block of `context.blocks`.
type Handler = unsafe extern "sysv64" fn(*const Operation, *mut Hart, *mut Memory, u64, u64, *mut Context<'_>);

/// One step of a block.
pub(super) struct Operation {
    handler: Handler,
    /// The instruction. A header has the number of instructions in `imm`.
    inst: Inst,
    /// Where a jump, or the end of a block, leads: the header of that block, or null until somebody went there.
    link: Cell<*const Operation>,
    /// Of a header: the registers that the block touches.
    mask: u64,
}

// SAFETY: links lead to operations of the same `Blocks`, which owns all of them and moves between threads as a whole; they
// are changed only by the thread that runs it.
unsafe impl Send for Operation {}

/// Why the chain was left; `hart.pc` says where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// At the start of a block that must not run here: too little fuel, or it touches a register that is watched.
    Refused,
    /// At the start of a block that has no link yet: from this operation, if one led there.
    Unlinked(Option<Link>),
    /// At an instruction that is not ordinary.
    Instruction,
}

/// An operation whose link can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link(*const Operation);

impl Link {
    /// Makes it lead to the block of these operations.
    pub(super) fn set(self, block: &[Operation]) {
        // SAFETY: a link is made from an operation of the blocks that are running, and used before they can be cleared.
        unsafe { (*self.0).link.set(block.as_ptr()) }
    }
}

/// What handlers need rarely.
struct Context<'a> {
    blocks: &'a Blocks,
    /// Registers that are watched.
    live: u64,
    /// Header of the block that is running.
    header: *const Operation,
    fuel: u64,
    exit: Exit,
}

/// The operations of a block.
pub(super) fn operations(instructions: &[Inst], mask: u64, watched: bool) -> Box<[Operation]> {
    let operation = |handler, inst, mask| Operation {
        handler,
        inst,
        link: Cell::new(ptr::null()),
        mask,
    };
    let mut header = Inst::new(Op::Addi);
    header.imm = instructions.len() as i32;
    let mut operations = vec![operation(enter as Handler, header, mask)];
    operations.extend(instructions.iter().map(|&inst| {
        let handler = if watched {
            handler::<true>(inst.op)
        } else {
            handler::<false>(inst.op)
        };
        operation(handler, inst, 0)
    }));
    operations.push(operation(follow as Handler, Inst::new(Op::Addi), 0));
    operations.into()
}

/// Runs from the block at `hart.pc`, which has been decoded, for at most `fuel` instructions. Counts them in `hart.instret`.
pub(super) fn run(hart: &mut Hart, memory: &mut Memory, blocks: &Blocks, live: u64, fuel: u64) -> Exit {
    match blocks.operations_at(hart.pc) {
        Some(start) => run_from(start, hart, memory, blocks, live, fuel),
        None => Exit::Unlinked(None),
    }
}

fn run_from(start: &[Operation], hart: &mut Hart, memory: &mut Memory, blocks: &Blocks, live: u64, fuel: u64) -> Exit {
    let mut context = Context {
        blocks,
        live,
        header: ptr::null(),
        fuel,
        exit: Exit::Refused,
    };
    let pc = hart.pc;
    // SAFETY: `start` is a block of `blocks`, which is borrowed and so cannot be cleared meanwhile.
    unsafe { (start[0].handler)(start.as_ptr(), hart, memory, pc, fuel, &raw mut context) };
    hart.instret += fuel - context.fuel;
    context.exit
}

/// A header: may the block run?
unsafe extern "sysv64" fn enter(
    operation: *const Operation,
    hart: *mut Hart,
    memory: *mut Memory,
    pc: u64,
    fuel: u64,
    context: *mut Context<'_>,
) {
    // SAFETY: see `Handler`. A header is followed by at least one operation.
    unsafe {
        let count = (*operation).inst.imm as u64;
        if (*operation).mask & (*context).live != 0 || fuel < count {
            (*hart).pc = pc;
            (*context).fuel = fuel;
            (*context).exit = Exit::Refused;
            return;
        }
        (*context).header = operation;
        let next = operation.add(1);
        ((*next).handler)(next, hart, memory, pc, fuel - count, context);
    }
}

/// To the block that the operation's link leads to, which stands at `pc`.
unsafe extern "sysv64" fn follow(
    operation: *const Operation,
    hart: *mut Hart,
    memory: *mut Memory,
    pc: u64,
    fuel: u64,
    context: *mut Context<'_>,
) {
    // SAFETY: see `Handler`. A link is null or leads to a header.
    unsafe {
        let next = (*operation).link.get();
        if next.is_null() {
            (*hart).pc = pc;
            (*context).fuel = fuel;
            (*context).exit = Exit::Unlinked(Some(Link(operation)));
            return;
        }
        ((*next).handler)(next, hart, memory, pc, fuel, context);
    }
}

/// To the block at `pc`, which the jump computed.
unsafe extern "sysv64" fn look_up(
    _: *const Operation,
    hart: *mut Hart,
    memory: *mut Memory,
    pc: u64,
    fuel: u64,
    context: *mut Context<'_>,
) {
    // SAFETY: see `Handler`.
    unsafe {
        match (*context).blocks.operations_at(pc) {
            Some(next) => (next[0].handler)(next.as_ptr(), hart, memory, pc, fuel, context),
            None => {
                (*hart).pc = pc;
                (*context).fuel = fuel;
                (*context).exit = Exit::Unlinked(None);
            }
        }
    }
}

/// The instruction is not ordinary: nothing of it has happened.
unsafe extern "sysv64" fn leave(
    operation: *const Operation,
    hart: *mut Hart,
    _: *mut Memory,
    pc: u64,
    fuel: u64,
    context: *mut Context<'_>,
) {
    // SAFETY: see `Handler`; the operation belongs to the block of `header`.
    unsafe {
        let header = (*context).header;
        let done = operation.offset_from(header) as u64 - 1;
        (*hart).pc = pc;
        // The header took the fuel of the whole block.
        (*context).fuel = fuel + (*header).inst.imm as u64 - done;
        (*context).exit = Exit::Instruction;
    }
}

/// Executes the instruction `OP` of `Op::ALL`.
unsafe extern "sysv64" fn step<const OP: usize, const WATCHED: bool>(
    operation: *const Operation,
    hart: *mut Hart,
    memory: *mut Memory,
    pc: u64,
    fuel: u64,
    context: *mut Context<'_>,
) {
    let op = const { Op::ALL[OP] };
    // SAFETY: see `Handler`. An instruction's operation is followed by another one.
    unsafe {
        let inst = &(*operation).inst;
        let flow = if WATCHED {
            execute(op, inst, pc, &mut *hart, &mut Watched(&mut *memory))
        } else {
            execute(op, inst, pc, &mut *hart, &mut *memory)
        };
        match flow {
            Ok(Flow::Next) => {
                let next = operation.add(1);
                ((*next).handler)(next, hart, memory, pc.wrapping_add(u64::from(inst.len)), fuel, context);
            }
            Ok(Flow::Jump(target)) if matches!(op, Op::Jalr) => {
                look_up(operation, hart, memory, target, fuel, context);
            }
            Ok(Flow::Jump(target)) => follow(operation, hart, memory, target, fuel, context),
            Err(_) => leave(operation, hart, memory, pc, fuel, context),
        }
    }
}

/// The handler of an instruction. Those that programs spend no time in leave the chain: a handler each would only cost size.
fn handler<const WATCHED: bool>(op: Op) -> Handler {
    macro_rules! handlers {
        ($($op:ident)*) => {
            match op {
                $(Op::$op => step::<{ Op::$op as usize }, WATCHED> as Handler,)*
                _ => leave as Handler,
            }
        };
    }
    handlers! {
        Lui Auipc Jal Jalr Beq Bne Blt Bge Bltu Bgeu
        Lb Lh Lw Ld Lbu Lhu Lwu Sb Sh Sw Sd
        Addi Slti Sltiu Xori Ori Andi Slli Srli Srai Add Sub Sll Slt Sltu Xor Srl Sra Or And
        Addiw Slliw Srliw Sraiw Addw Subw Sllw Srlw Sraw Fence
        Mul Mulh Mulhsu Mulhu Div Divu Rem Remu Mulw Divw Divuw Remw Remuw
        Flw Fsw FmaddS FmsubS FnmsubS FnmaddS FaddS FsubS FmulS FdivS FsqrtS FsgnjS FsgnjnS FsgnjxS FminS FmaxS FleS FltS FeqS
        FmvXW FmvWX FcvtWS FcvtSW FcvtLS FcvtSL
        Fld Fsd FmaddD FmsubD FnmsubD FnmaddD FaddD FsubD FmulD FdivD FsqrtD FsgnjD FsgnjnD FsgnjxD FminD FmaxD FleD FltD FeqD
        FmvXD FmvDX FcvtWD FcvtDW FcvtDWu FcvtLD FcvtDL FcvtSD FcvtDS
        AddUw Sh1add Sh2add Sh3add Sh1addUw Sh2addUw Sh3addUw SlliUw
        Andn Orn Xnor Clz Ctz Cpop SextB SextH Min Minu Max Maxu Rol Ror Rolw Rorw Rori Roriw OrcB Rev8 Packw
        Bclr Bext Binv Bset Bclri Bexti Binvi Bseti CzeroEqz CzeroNez
        AmoswapW AmoaddW AmoswapD AmoaddD LrW ScW LrD ScD
    }
}

/// Whether the calls between handlers are jumps in this build on this machine. With debug assertions some handler always has
/// something to clean up, and its call is one.
pub(super) fn is_available() -> bool {
    static AVAILABLE: OnceLock<bool> = OnceLock::new();
    *AVAILABLE.get_or_init(|| !cfg!(debug_assertions) && stack_used_by_a_chain() < 1024)
}

/// Bytes of stack between the first and the last of some hundred operations.
fn stack_used_by_a_chain() -> u64 {
    let blocks = Blocks::new(false, Engine::Portable);
    let mut memory = Memory::new(0);
    let mut hart = Hart::new(0);
    let nop = Inst::new(Op::Addi);
    let mut block = operations(&[nop; 256], 0, false).into_vec();
    for place in [0, block.len() - 1] {
        block[place].handler = note_stack_pointer;
    }
    block[0].inst.imm = 0;
    run_from(&block, &mut hart, &mut memory, &blocks, 0, 1000);
    hart.x[1].abs_diff(hart.x[2])
}

/// Keeps the stack pointer: the first call in x1, every call in x2; goes on unless it stands at the end.
unsafe extern "sysv64" fn note_stack_pointer(
    operation: *const Operation,
    hart: *mut Hart,
    memory: *mut Memory,
    pc: u64,
    fuel: u64,
    context: *mut Context<'_>,
) {
    let stack_pointer: u64;
    // SAFETY: reads a register. For the rest see `Handler`; the last operation has x1 set and does not go on.
    unsafe {
        std::arch::asm!("mov {}, rsp", out(reg) stack_pointer, options(nomem, nostack, preserves_flags));
        (*hart).x[2] = stack_pointer;
        if (*hart).x[1] == 0 {
            (*hart).x[1] = stack_pointer;
            let next = operation.add(1);
            ((*next).handler)(next, hart, memory, pc, fuel, context);
        }
    }
}
