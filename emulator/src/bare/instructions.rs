//! The instructions that touch privileged state.

use isa::{Inst, Op};

use super::csrs::{self, environment};
use super::exception::Exception;
use super::privilege::{Privilege, status};
use super::system::{System, View};
use crate::engine::Stop;
use crate::exec::{Change, Flow, execute};
use crate::hart::Hart;

/// What became of an instruction.
pub(super) enum Done {
    /// Execution goes on there.
    Flow(Flow),
    /// Decoded code may be stale; execution goes on behind it.
    CodeChanged,
    /// It waits for an interrupt.
    Waits,
    /// `ebreak`: semihosting, or a breakpoint.
    Break,
    /// It traps.
    Trap(Exception),
}

const NEXT: Done = Done::Flow(Flow::Next);

/// Executes the instruction at `hart.pc`; as [`execute`] it changes neither `hart.pc` nor the instruction count.
pub(super) fn privileged(inst: &Inst, hart: &mut Hart, system: &mut System) -> Result<Done, Stop> {
    let mode = system.csrs.privilege;
    let (rd, rs1) = (usize::from(inst.rd & 31), usize::from(inst.rs1 & 31));
    let allowed = |condition: bool| if condition { Ok(()) } else { Err(Stop::Illegal) };
    let is_set = |bit: u64| system.csrs.mstatus & bit != 0;

    let source = hart.x[rs1];
    let immediate = rs1 as u64;
    let writes = rs1 != 0;
    match inst.op {
        Op::Csrrw => change_csr(inst, Change::Write, Some(source), rd, hart, system),
        Op::Csrrs => change_csr(inst, Change::Set, writes.then_some(source), rd, hart, system),
        Op::Csrrc => change_csr(inst, Change::Clear, writes.then_some(source), rd, hart, system),
        Op::Csrrwi => change_csr(inst, Change::Write, Some(immediate), rd, hart, system),
        Op::Csrrsi => change_csr(inst, Change::Set, writes.then_some(immediate), rd, hart, system),
        Op::Csrrci => change_csr(inst, Change::Clear, writes.then_some(immediate), rd, hart, system),

        Op::Ecall => Ok(Done::Trap(Exception::call(mode))),
        Op::Ebreak => Ok(Done::Break),
        Op::FenceI => Ok(Done::CodeChanged),

        Op::Mret => {
            allowed(mode == Privilege::Machine)?;
            Ok(Done::Flow(Flow::Jump(system.return_from_machine())))
        }
        Op::Sret => {
            allowed(mode == Privilege::Machine || mode == Privilege::Supervisor && !is_set(status::TSR))?;
            Ok(Done::Flow(Flow::Jump(system.return_from_supervisor())))
        }
        // User mode would have to wake up within a bounded time; it may always trap instead.
        Op::Wfi => {
            allowed(mode == Privilege::Machine || mode == Privilege::Supervisor && !is_set(status::TW))?;
            Ok(Done::Waits)
        }
        Op::SfenceVma | Op::SinvalVma => {
            allowed(mode == Privilege::Machine || mode == Privilege::Supervisor && !is_set(status::TVM))?;
            system.forget_translations();
            Ok(NEXT)
        }
        Op::SfenceWInval | Op::SfenceInvalIr => {
            allowed(mode != Privilege::User)?;
            Ok(NEXT)
        }

        Op::CboZero => {
            allowed(is_enabled(environment::CBZE, system))?;
            let cycles = system.cycles(hart);
            execute(inst.op, inst, hart.pc, hart, &mut View { system, cycles }).map(Done::Flow)
        }
        Op::CboClean | Op::CboFlush | Op::CboInval => {
            let bit = if inst.op == Op::CboInval {
                environment::CBIE
            } else {
                environment::CBCFE
            };
            allowed(is_enabled(bit, system))?;
            system.check_block(source)?;
            Ok(NEXT)
        }
        // Waiting for a reservation may end at once.
        Op::WrsNto | Op::WrsSto => Ok(NEXT),

        // The UxHw library's instruction among them: nothing is tracked here.
        _ => Err(Stop::Illegal),
    }
}

fn change_csr(
    inst: &Inst,
    change: Change,
    operand: Option<u64>,
    rd: usize,
    hart: &mut Hart,
    system: &mut System,
) -> Result<Done, Stop> {
    let number = inst.imm as u16 & 0xfff;
    let old = csrs::read(number, operand.is_some(), system, hart).ok_or(Stop::Illegal)?;
    if let Some(operand) = operand {
        csrs::write(number, change.apply(old, operand), system, hart);
    }
    hart.x[rd] = old;
    hart.x[0] = 0;
    Ok(NEXT)
}

/// Whether the cache-block instructions of `bit` are on in the mode that the hart is in.
fn is_enabled(bit: u64, system: &System) -> bool {
    let csrs = &system.csrs;
    (csrs.privilege == Privilege::Machine || csrs.menvcfg & bit != 0)
        && (csrs.privilege != Privilege::User || csrs.senvcfg & bit != 0)
}

/// The words around the `ebreak` of a semihosting call: `slli x0, x0, 0x1f` and `srai x0, x0, 7` (RISC-V semihosting
/// specification, "Semihosting Trap Instruction Sequence").
pub(super) const CALL_ENTRY: u32 = 0x01f0_1013;
/// See [`CALL_ENTRY`].
pub(super) const CALL_EXIT: u32 = 0x4070_5013;

/// Whether the `ebreak` at `pc` is a semihosting call; `word` reads instructions.
pub(super) fn is_semihosting_call(inst: &Inst, pc: u64, mut word: impl FnMut(u64) -> Option<u32>) -> bool {
    inst.len == 4 && word(pc.wrapping_sub(4)) == Some(CALL_ENTRY) && word(pc.wrapping_add(4)) == Some(CALL_EXIT)
}
