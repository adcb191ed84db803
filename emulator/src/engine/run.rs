//! The main loop.

use isa::Inst;

use super::blocks::{Blocks, fetch_word};
use super::{HOOK_BIT, Stop, Tracker, threaded};
use crate::exec::{Flow, execute};
use crate::hart::Hart;
use crate::hooks::HookTable;
use crate::memory::Memory;
use crate::trap::Trap;

/// Executes from `hart.pc` until something needs the environment, or until `hart.instret` has reached `budget` (overrun by less
/// than one block). `resume` skips the hook of the first block: it has been handled.
pub(crate) fn run<T: Tracker>(
    hart: &mut Hart,
    memory: &mut Memory,
    blocks: &mut Blocks,
    tracker: &mut T,
    hooks: &HookTable,
    budget: u64,
    mut resume: bool,
) -> Stop {
    // Set by an exit of the threaded engine: what led to the block that comes now, and whether its first instruction is for us.
    let mut link = None;
    let always_portable = !blocks.is_threaded();
    let mut portable = always_portable;
    loop {
        if hart.instret >= budget {
            return Stop::Budget;
        }
        if blocks.are_too_many() {
            link = None;
            blocks.clear();
        }
        let block = match blocks.find(hart.pc, memory, hooks) {
            Ok(block) => block,
            Err(stop) => return stop,
        };
        if let Some(link) = link.take() {
            threaded::Link::set(link, &block.operations);
        }
        let touched = block.mask & tracker.live();
        if touched & HOOK_BIT != 0 && !resume {
            return Stop::Hook;
        }
        resume = false;

        let fuel = budget - hart.instret;
        if !portable && touched == 0 && fuel >= block.instructions.len() as u64 {
            match threaded::run(hart, memory, blocks, tracker.live(), fuel) {
                threaded::Exit::Refused => {}
                threaded::Exit::Unlinked(from) => link = from,
                threaded::Exit::Instruction => portable = true,
            }
            continue;
        }
        portable = always_portable;

        let mut stop = None;
        let mut instructions = &*block.instructions;
        if touched & !HOOK_BIT == 0 {
            (instructions, stop) = run_scalar::<T>(hart, memory, instructions);
        }
        if stop.is_none() && !instructions.is_empty() {
            stop = run_tracked(hart, memory, tracker, instructions);
            if stop.is_none() && tracker.is_interrupted() {
                stop = Some(Stop::Budget);
            }
        }
        match stop {
            None => {}
            Some(Stop::Illegal) => {
                return match fetch_word(memory, hart.pc) {
                    Ok(word) => Stop::Trap(Trap::IllegalInstruction { word }),
                    Err(stop) => stop,
                };
            }
            Some(stop) => return stop,
        }
    }
}

/// Executes instructions that stand at `hart.pc` as plain scalars. Returns those that are left for the tracked path: all from
/// the first load that met an uncertain value.
#[inline(always)]
fn run_scalar<'a, T: Tracker>(
    hart: &mut Hart,
    memory: &mut Memory,
    instructions: &'a [Inst],
) -> (&'a [Inst], Option<Stop>) {
    let mut pc = hart.pc;
    for (done, inst) in instructions.iter().enumerate() {
        match execute(inst.op, inst, pc, hart, &mut T::bus(memory)) {
            Ok(Flow::Next) => pc = pc.wrapping_add(u64::from(inst.len)),
            Ok(Flow::Jump(target)) => pc = target,
            Err(stop) => {
                hart.pc = pc;
                hart.instret += done as u64;
                return if stop == Stop::Shadowed {
                    (&instructions[done..], None)
                } else {
                    (&[], Some(stop))
                };
            }
        }
    }
    hart.pc = pc;
    hart.instret += instructions.len() as u64;
    (&[], None)
}

/// Executes instructions that stand at `hart.pc` on both levels.
fn run_tracked<T: Tracker>(
    hart: &mut Hart,
    memory: &mut Memory,
    tracker: &mut T,
    instructions: &[Inst],
) -> Option<Stop> {
    for inst in instructions {
        match tracker.step(inst, hart.pc, hart, memory) {
            Ok(Flow::Next) => hart.pc = hart.pc.wrapping_add(u64::from(inst.len)),
            Ok(Flow::Jump(target)) => hart.pc = target,
            Err(stop) => return Some(stop),
        }
        hart.instret += 1;
    }
    None
}
