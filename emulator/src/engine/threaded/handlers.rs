//! The handlers: what the operations of a trace do.
//!
//! Handlers of instructions are instances of a few generic functions with the instruction as a constant; what the instruction does
//! is [`execute_on_host`], which is also what the portable loop runs. Each has a slow twin for what is rare (an access that crosses
//! pages, arithmetic that the host does not prove, a result that nobody wants): it calls functions and so saves registers,
//! which the ordinary handler does not.

use std::hint::{assert_unchecked, cold_path};
use std::ptr;

use isa::{Inst, Op, OpClass, RegFile};

use super::arena::{Arena, Beside};
use super::operation::{Mask, Operation, Return, Way};
use super::{Context, Handler, Left};
use crate::exec::{Flow, execute, execute_on_host};
use crate::hart::Hart;
use crate::memory::{Memory, Watched};

/// What slow twins are compiled for, beside the instruction: the rounding mode stands in the operation.
const ANY: u8 = 8;
/// Rounding modes that handlers are compiled for.
const NEAREST_EVEN: u8 = 0;
const TOWARD_ZERO: u8 = 1;
const DYNAMIC: u8 = 7;

/// Goes on with an operation.
macro_rules! go_on {
    ($next:expr, $hart:expr, $bytes:expr, $flags:expr, $fuel:expr, $context:expr) => {{
        let next: *const Operation = $next;
        ((*next).handler)(next, $hart, $bytes, $flags, $fuel, $context)
    }};
}

/// The instruction of an operation. `RM` is its rounding mode, if known.
///
/// # Safety
///
/// The operation holds the instruction `OP` of `Op::ALL`, with `RM`.
#[inline(always)]
unsafe fn instruction<const OP: usize, const RM: u8>(operation: *const Operation) -> Inst {
    let writes_x = const { matches!(Op::ALL[OP].operands().rd, Some(RegFile::X)) };
    let is_system = const { matches!(Op::ALL[OP].class(), OpClass::System) };
    let reads_three = const { Op::ALL[OP].operands().rs3.is_some() };
    // SAFETY: the operation is valid; register numbers come from decoded instructions, and one that would write x0 has
    // another handler (see `choose`).
    unsafe {
        let Operation { rd, rs1, rs2, imm, .. } = *operation;
        let rs3 = imm as u8;
        assert_unchecked(rd < 32 && rs1 < 32 && rs2 < 32);
        let mut inst = Inst::new(const { Op::ALL[OP] });
        if RM == ANY {
            inst.rm = (imm >> 8) as u8 & 7;
        } else {
            assert_unchecked(!writes_x || rd != 0 || is_system);
            inst.rm = RM;
        }
        if reads_three {
            assert_unchecked(rs3 < 32);
            inst.rs3 = rs3;
        }
        (inst.rd, inst.rs1, inst.rs2, inst.imm) = (rd, rs1, rs2, imm);
        inst.len = 0;
        if is_system {
            // A CSR of floating point, numbered 1 to 3; the handler is compiled for it.
            inst.imm = i32::from(RM);
        }
        inst
    }
}

/// The instruction of an operation in a pair, whose rounding mode is the dynamic one, if it has any.
///
/// # Safety
///
/// The operation holds the instruction `OP` of `Op::ALL`.
#[inline(always)]
unsafe fn instruction_of_pair<const OP: usize>(operation: *const Operation) -> Inst {
    // SAFETY: `pair_handler` takes no other mode.
    unsafe {
        if const { rounds(Op::ALL[OP]) } {
            instruction::<OP, DYNAMIC>(operation)
        } else {
            instruction::<OP, NEAREST_EVEN>(operation)
        }
    }
}

/// Whether an instruction has a rounding mode.
const fn rounds(op: Op) -> bool {
    matches!(op.format().layout().rm, isa::Rm::Rounding)
}

/// Executes the instruction `OP`.
unsafe extern "sysv64" fn step<const OP: usize, const RM: u8, const WATCHED: bool>(
    operation: *const Operation,
    hart: *mut Hart,
    bytes: *mut u8,
    flags: *const u8,
    fuel: i64,
    context: *mut Context,
) {
    // SAFETY: see `Handler`. An operation that does not always jump is followed by another one.
    unsafe {
        let inst = instruction::<OP, RM>(operation);
        let mut arena = Arena::<WATCHED>::new(bytes, flags, context);
        match execute_on_host(const { Op::ALL[OP] }, &inst, &mut *hart, &mut arena) {
            Ok(_) => go_on!(operation.add(1), hart, bytes, flags, fuel, context),
            Err(_) if WATCHED => {
                cold_path();
                if is_done_beside::<OP>(operation, hart, bytes, flags, context) {
                    return go_on!(operation.add(1), hart, bytes, flags, fuel, context);
                }
                step_slowly::<OP, true>(operation, hart, bytes, flags, fuel, context);
            }
            Err(_) => step_slowly::<OP, WATCHED>(operation, hart, bytes, flags, fuel, context),
        }
    }
}

/// Executes the load or store `OP` on a page that holds distributions, if it does not meet one.
#[inline(always)]
unsafe fn is_done_beside<const OP: usize>(
    operation: *const Operation,
    hart: *mut Hart,
    bytes: *mut u8,
    flags: *const u8,
    context: *mut Context,
) -> bool {
    // SAFETY: see `Handler`.
    unsafe {
        if const { !matches!(Op::ALL[OP].class(), OpClass::Load | OpClass::Store) } {
            return false;
        }
        let inst = instruction::<OP, NEAREST_EVEN>(operation);
        let mut beside = Beside::new(bytes, flags, context);
        execute_on_host(const { Op::ALL[OP] }, &inst, &mut *hart, &mut beside).is_ok()
    }
}

/// What is left of a pair when the load or store `OP` in it meets such a page. Not in line: as part of the pair's handler it slows
/// that down by a tenth, also where there is no such page.
#[inline(never)]
unsafe extern "sysv64" fn step_beside<const OP: usize>(
    operation: *const Operation,
    hart: *mut Hart,
    bytes: *mut u8,
    flags: *const u8,
    fuel: i64,
    context: *mut Context,
) {
    // SAFETY: see `Handler`.
    unsafe {
        if is_done_beside::<OP>(operation, hart, bytes, flags, context) {
            return go_on!(operation.add(1), hart, bytes, flags, fuel, context);
        }
        step_slowly::<OP, true>(operation, hart, bytes, flags, fuel, context);
    }
}

/// Executes the instruction `A` and the one behind it, `B`, of which the source `FORWARDED` (1 or 2; 0 for none) is what `A` writes.
unsafe extern "sysv64" fn pair<const A: usize, const B: usize, const FORWARDED: u8, const WATCHED: bool>(
    operation: *const Operation,
    hart: *mut Hart,
    bytes: *mut u8,
    flags: *const u8,
    fuel: i64,
    context: *mut Context,
) {
    // SAFETY: see `Handler`. The operation is followed by that of `B`, which is followed by another one or by its way.
    unsafe {
        let first = instruction_of_pair::<A>(operation);
        let mut arena = Arena::<WATCHED>::new(bytes, flags, context);
        if execute_on_host(const { Op::ALL[A] }, &first, &mut *hart, &mut arena).is_err() {
            return if WATCHED {
                step_beside::<A>(operation, hart, bytes, flags, fuel, context)
            } else {
                step_slowly::<A, WATCHED>(operation, hart, bytes, flags, fuel, context)
            };
        }
        let operation = operation.add(1);
        let second = instruction_of_pair::<B>(operation);
        assert_unchecked(FORWARDED != 1 || second.rs1 == first.rd);
        assert_unchecked(FORWARDED != 2 || second.rs2 == first.rd);
        match execute_on_host(const { Op::ALL[B] }, &second, &mut *hart, &mut arena) {
            Ok(Flow::Next) if const { matches!(Op::ALL[B].class(), OpClass::Branch) } => {
                go_on!(operation.add(2), hart, bytes, flags, fuel, context);
            }
            Ok(Flow::Next) => go_on!(operation.add(1), hart, bytes, flags, fuel, context),
            Ok(Flow::Jump(_)) => go(operation, hart, bytes, flags, fuel, context),
            Err(_) if WATCHED => step_beside::<B>(operation, hart, bytes, flags, fuel, context),
            Err(_) => step_slowly::<B, WATCHED>(operation, hart, bytes, flags, fuel, context),
        }
    }
}

/// Executes the instruction `OP` whatever it takes.
#[cold]
#[inline(never)]
unsafe extern "sysv64" fn step_slowly<const OP: usize, const WATCHED: bool>(
    operation: *const Operation,
    hart: *mut Hart,
    bytes: *mut u8,
    flags: *const u8,
    fuel: i64,
    context: *mut Context,
) {
    // SAFETY: see `Handler`.
    unsafe {
        if is_done_slowly::<OP, WATCHED>(operation, hart, (*context).memory) {
            go_on!(operation.add(1), hart, bytes, flags, fuel, context);
        } else {
            leave(operation, hart, bytes, flags, fuel, context);
        }
    }
}

/// Executes the instruction `OP` if that does not stop the engine. A function of its own: its stack must not be its caller's.
#[inline(never)]
unsafe fn is_done_slowly<const OP: usize, const WATCHED: bool>(
    operation: *const Operation,
    hart: *mut Hart,
    memory: *mut Memory,
) -> bool {
    // SAFETY: see `Handler`.
    unsafe {
        let inst = instruction::<OP, ANY>(operation);
        let op = const { Op::ALL[OP] };
        let (hart, memory) = (&mut *hart, &mut *memory);
        if WATCHED {
            execute(op, &inst, 0, hart, &mut Watched(memory)).is_ok()
        } else {
            execute(op, &inst, 0, hart, memory).is_ok()
        }
    }
}

/// Executes the branch `OP`.
unsafe extern "sysv64" fn branch<const OP: usize>(
    operation: *const Operation,
    hart: *mut Hart,
    bytes: *mut u8,
    flags: *const u8,
    fuel: i64,
    context: *mut Context,
) {
    // SAFETY: see `Handler`. A branch is followed by its way and by an operation.
    unsafe {
        let inst = instruction::<OP, NEAREST_EVEN>(operation);
        let mut arena = Arena::<false>::new(bytes, flags, context);
        match execute_on_host(const { Op::ALL[OP] }, &inst, &mut *hart, &mut arena) {
            Ok(Flow::Jump(_)) => go(operation, hart, bytes, flags, fuel, context),
            _ => go_on!(operation.add(2), hart, bytes, flags, fuel, context),
        }
    }
}

/// `jal x0`, or the end of a trace: goes the operation's way.
#[inline(always)]
pub(super) unsafe extern "sysv64" fn go(
    operation: *const Operation,
    hart: *mut Hart,
    bytes: *mut u8,
    flags: *const u8,
    fuel: i64,
    context: *mut Context,
) {
    // SAFETY: see `Handler`. The operation is followed by its way.
    unsafe {
        let way: *const Way = Operation::behind(operation);
        let fuel = fuel - (*way).done as i64;
        if fuel <= 0 || (*way).link.is_null() {
            return stop_before_going(operation, hart, bytes, flags, fuel, context);
        }
        go_on!((*way).link, hart, bytes, flags, fuel, context);
    }
}

/// `jal`, whose return address is its `imm`.
unsafe extern "sysv64" fn call(
    operation: *const Operation,
    hart: *mut Hart,
    bytes: *mut u8,
    flags: *const u8,
    fuel: i64,
    context: *mut Context,
) {
    // SAFETY: see `Handler`.
    unsafe {
        let inst = instruction::<{ Op::Lui as usize }, NEAREST_EVEN>(operation);
        (*hart).x[usize::from(inst.rd)] = i64::from(inst.imm) as u64;
        go(operation, hart, bytes, flags, fuel, context);
    }
}

/// `jalr`; `LINKS` if it writes the return address.
unsafe extern "sysv64" fn jump<const LINKS: bool>(
    operation: *const Operation,
    hart: *mut Hart,
    bytes: *mut u8,
    flags: *const u8,
    fuel: i64,
    context: *mut Context,
) {
    // SAFETY: see `Handler`. A computed jump is followed by its `Return`.
    unsafe {
        let back: *const Return = Operation::behind(operation);
        let Operation { rd, rs1, imm, .. } = *operation;
        assert_unchecked(rd < 32 && rs1 < 32);
        let target = (*hart).x[usize::from(rs1)].wrapping_add(i64::from(imm) as u64) & !1;
        if LINKS {
            (*hart).x[usize::from(rd)] = (*back).address;
        }
        let fuel = fuel - (*back).done as i64;
        let known = (*context).known.add(super::place_of(target));
        if fuel <= 0 || (*known).pc != target {
            return stop_before_jumping(target, hart, bytes, flags, fuel, context);
        }
        go_on!((*known).operation, hart, bytes, flags, fuel, context);
    }
}

/// An instruction without effect.
unsafe extern "sysv64" fn nothing(
    operation: *const Operation,
    hart: *mut Hart,
    bytes: *mut u8,
    flags: *const u8,
    fuel: i64,
    context: *mut Context,
) {
    // SAFETY: see `Handler`.
    unsafe { go_on!(operation.add(1), hart, bytes, flags, fuel, context) }
}

/// Leaves before a block that touches a register that is watched.
pub(super) unsafe extern "sysv64" fn check(
    operation: *const Operation,
    hart: *mut Hart,
    bytes: *mut u8,
    flags: *const u8,
    fuel: i64,
    context: *mut Context,
) {
    // SAFETY: see `Handler`. A check is followed by its mask and by an operation.
    unsafe {
        let mask: *const Mask = Operation::behind(operation);
        if (*mask).touched & (*context).live != 0 {
            return note(Left::Refused, operation, fuel, context);
        }
        go_on!(operation.add(2), hart, bytes, flags, fuel, context);
    }
}

/// A hooked function starts here.
pub(super) unsafe extern "sysv64" fn hook(
    operation: *const Operation,
    _: *mut Hart,
    _: *mut u8,
    _: *const u8,
    fuel: i64,
    context: *mut Context,
) {
    // SAFETY: see `Handler`.
    unsafe { note(Left::Hook, operation, fuel, context) }
}

/// The instruction is not ordinary: nothing of it has happened.
pub(super) unsafe extern "sysv64" fn leave(
    operation: *const Operation,
    _: *mut Hart,
    _: *mut u8,
    _: *const u8,
    fuel: i64,
    context: *mut Context,
) {
    // SAFETY: see `Handler`.
    unsafe { note(Left::Instruction, operation, fuel, context) }
}

#[cold]
#[inline(never)]
unsafe extern "sysv64" fn stop_before_going(
    operation: *const Operation,
    _: *mut Hart,
    _: *mut u8,
    _: *const u8,
    fuel: i64,
    context: *mut Context,
) {
    // SAFETY: see `Handler`.
    unsafe { note(Left::Way, operation, fuel, context) }
}

#[cold]
#[inline(never)]
unsafe extern "sysv64" fn stop_before_jumping(
    target: u64,
    _: *mut Hart,
    _: *mut u8,
    _: *const u8,
    fuel: i64,
    context: *mut Context,
) {
    // SAFETY: see `Handler`.
    unsafe { note(Left::Jump(target), ptr::null(), fuel, context) }
}

unsafe fn note(left: Left, operation: *const Operation, fuel: i64, context: *mut Context) {
    // SAFETY: see `Handler`.
    unsafe {
        (*context).left = left;
        (*context).operation = operation;
        (*context).fuel = fuel;
    }
}

/// What stands behind an operation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    Operation,
    Way,
    Return,
}

/// The handler of an instruction at `pc`, its immediate, and what stands behind it.
pub(super) fn choose<const WATCHED: bool>(inst: &Inst, pc: u64) -> (Handler, i32, Behind) {
    let (op, operands) = (inst.op, inst.op.operands());
    let plain = |handler, imm| (handler, imm, Behind::Operation);
    let writes_x0 = operands.rd == Some(RegFile::X) && inst.rd == 0;
    let constant = |value: u64| i32::try_from(value as i64).ok();
    match op.class() {
        OpClass::Branch => return (branch_handler(op), 0, Behind::Way),
        OpClass::Jump if op == Op::Jal && writes_x0 => return (go as Handler, 0, Behind::Way),
        OpClass::Jump if op == Op::Jal => {
            return match constant(pc.wrapping_add(u64::from(inst.len))) {
                Some(address) => (call as Handler, address, Behind::Way),
                None => plain(leave as Handler, 0),
            };
        }
        OpClass::Jump if writes_x0 => return (jump::<false> as Handler, inst.imm, Behind::Return),
        OpClass::Jump => return (jump::<true> as Handler, inst.imm, Behind::Return),
        OpClass::Ordering if op == Op::Fence => return plain(nothing, 0),
        OpClass::Constant
        | OpClass::IntegerArithmetic
        | OpClass::IntegerCompare
        | OpClass::Shift
        | OpClass::Bitwise
        | OpClass::Select
            if writes_x0 =>
        {
            return plain(nothing, 0);
        }
        _ => {}
    }
    if op == Op::Auipc {
        return match constant(pc.wrapping_add(i64::from(inst.imm) as u64)) {
            Some(value) => plain(step::<{ Op::Lui as usize }, NEAREST_EVEN, WATCHED>, value),
            None => plain(leave as Handler, 0),
        };
    }
    if let Some(handler) = csr_handler(op, inst.imm) {
        return plain(handler, 0);
    }
    let rounding = i32::from(inst.rs3) | i32::from(inst.rm) << 8;
    match (
        handler::<WATCHED>(op, writes_x0),
        rounding_handler(op, inst.rm, writes_x0),
    ) {
        (Some(handler), _) => plain(handler, inst.imm),
        (None, Some(handler)) => plain(handler, rounding),
        (None, None) => plain(leave, 0),
    }
}

fn branch_handler(op: Op) -> Handler {
    match op {
        Op::Beq => branch::<{ Op::Beq as usize }>,
        Op::Bne => branch::<{ Op::Bne as usize }>,
        Op::Blt => branch::<{ Op::Blt as usize }>,
        Op::Bge => branch::<{ Op::Bge as usize }>,
        Op::Bltu => branch::<{ Op::Bltu as usize }>,
        Op::Bgeu => branch::<{ Op::Bgeu as usize }>,
        _ => leave,
    }
}

/// The handler of an access to `fflags`, `frm` or `fcsr`.
fn csr_handler(op: Op, csr: i32) -> Option<Handler> {
    macro_rules! handlers {
        ($($op:ident)*) => {
            Some(match (op, csr) {
                $((Op::$op, 1) => step::<{ Op::$op as usize }, 1, false> as Handler,)*
                $((Op::$op, 2) => step::<{ Op::$op as usize }, 2, false> as Handler,)*
                $((Op::$op, 3) => step::<{ Op::$op as usize }, 3, false> as Handler,)*
                _ => return None,
            })
        };
    }
    handlers! { Csrrw Csrrs Csrrc Csrrwi Csrrsi Csrrci }
}

/// The handler of an instruction that does not round. Those that programs spend no time in have none: a handler each would only
/// cost size.
fn handler<const WATCHED: bool>(op: Op, slowly: bool) -> Option<Handler> {
    macro_rules! handlers {
        ($($op:ident)*) => {
            Some(match op {
                $(Op::$op if slowly => step_slowly::<{ Op::$op as usize }, WATCHED> as Handler,)*
                $(Op::$op => step::<{ Op::$op as usize }, NEAREST_EVEN, WATCHED> as Handler,)*
                _ => return None,
            })
        };
    }
    handlers! {
        Lui Lb Lh Lw Ld Lbu Lhu Lwu Sb Sh Sw Sd
        Addi Slti Sltiu Xori Ori Andi Slli Srli Srai Add Sub Sll Slt Sltu Xor Srl Sra Or And
        Addiw Slliw Srliw Sraiw Addw Subw Sllw Srlw Sraw
        Mul Mulh Mulhsu Mulhu Div Divu Rem Remu Mulw Divw Divuw Remw Remuw
        Flw Fsw FsgnjS FsgnjnS FsgnjxS FminS FmaxS FleS FltS FeqS FmvXW FmvWX
        Fld Fsd FsgnjD FsgnjnD FsgnjxD FminD FmaxD FleD FltD FeqD FmvXD FmvDX
        AddUw Sh1add Sh2add Sh3add Sh1addUw Sh2addUw Sh3addUw SlliUw
        Andn Orn Xnor Clz Ctz Cpop SextB SextH Min Minu Max Maxu Rol Ror Rolw Rorw Rori Roriw OrcB Rev8 Packw
        Bclr Bext Binv Bset Bclri Bexti Binvi Bseti CzeroEqz CzeroNez
        AmoswapW AmoaddW AmoswapD AmoaddD LrW ScW LrD ScD
    }
}

/// The handler that does an instruction and the one behind it, where two such instructions often follow each other. `None` if
/// there is none, or if one of the two writes x0 and so has a handler of its own.
pub(super) fn pair_handler<const WATCHED: bool>(first: &Inst, second: &Inst) -> Option<Handler> {
    let writes_x0 = |inst: &Inst| inst.op.operands().rd == Some(RegFile::X) && inst.rd == 0;
    let rounds_otherwise = |inst: &Inst| rounds(inst.op) && inst.rm != DYNAMIC;
    if [first, second]
        .into_iter()
        .any(|inst| writes_x0(inst) || rounds_otherwise(inst))
    {
        return None;
    }
    let (written, read) = (first.op.operands().rd, second.op.operands());
    let forwarded = match written {
        Some(_) if read.rs1 == written && second.rs1 == first.rd => 1,
        Some(_) if read.rs2 == written && second.rs2 == first.rd => 2,
        _ => 0,
    };
    macro_rules! second {
        ($first:ident [$($second:ident)*]) => {
            match (second.op, forwarded) {
                $(
                    (Op::$second, 1) => pair::<{ Op::$first as usize }, { Op::$second as usize }, 1, WATCHED>,
                    (Op::$second, 2) => {
                        pair::<{ Op::$first as usize }, { Op::$second as usize }, { second_source(Op::$second) }, WATCHED>
                    }
                    (Op::$second, _) => pair::<{ Op::$first as usize }, { Op::$second as usize }, 0, WATCHED>,
                )*
                _ => return None,
            }
        };
    }
    macro_rules! first {
        ($([$($first:ident)*] before $second:tt)*) => {
            Some(match first.op {
                $($(Op::$first => second!($first $second),)*)*
                _ => return None,
            })
        };
    }
    first! {
        [Addi Add Sub Addw Addiw Slli Srli Slliw Srliw And Andi Or Xor Lw Ld Lbu] before [
            Addi Add Sub Addw Addiw Slli Srli Slliw Srliw And Andi Or Xor Lw Ld Lbu Sb Sw Sd Fld Fsd
            Beq Bne Blt Bge Bltu Bgeu
        ]
        [Sb Sw Sd Fsd] before [Addi Add Addiw Lw Ld Lbu Sb Sw Sd Fld Fsd Beq Bne Blt Bge Bltu Bgeu]
        [Fld FaddD FsubD FmulD FmaddD] before [Addi Add Fld Fsd FaddD FsubD FmulD FmaddD FnmsubD FltD]
    }
}

/// 2 if the instruction has a second source, else 0: no pair is compiled for a source that there is not.
const fn second_source(op: Op) -> u8 {
    if op.operands().rs2.is_some() { 2 } else { 0 }
}

/// The handler of an instruction that rounds. Two modes and the dynamic one are compiled in; the others are rare.
fn rounding_handler(op: Op, rm: u8, slowly: bool) -> Option<Handler> {
    macro_rules! handlers {
        ($($op:ident)*) => {
            Some(match (op, rm) {
                $((Op::$op, NEAREST_EVEN) if !slowly => step::<{ Op::$op as usize }, NEAREST_EVEN, false> as Handler,)*
                $((Op::$op, TOWARD_ZERO) if !slowly => step::<{ Op::$op as usize }, TOWARD_ZERO, false> as Handler,)*
                $((Op::$op, DYNAMIC) if !slowly => step::<{ Op::$op as usize }, DYNAMIC, false> as Handler,)*
                $((Op::$op, _) => step_slowly::<{ Op::$op as usize }, false> as Handler,)*
                _ => return None,
            })
        };
    }
    handlers! {
        FmaddS FmsubS FnmsubS FnmaddS FaddS FsubS FmulS FdivS FsqrtS
        FcvtWS FcvtWuS FcvtSW FcvtSWu FcvtLS FcvtLuS FcvtSL FcvtSLu
        FmaddD FmsubD FnmsubD FnmaddD FaddD FsubD FmulD FdivD FsqrtD
        FcvtWD FcvtWuD FcvtDW FcvtDWu FcvtLD FcvtLuD FcvtDL FcvtDLu FcvtSD FcvtDS
    }
}
