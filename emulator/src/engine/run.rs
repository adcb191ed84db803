//! The main loop.

use isa::Inst;
use loader::Symbols;

use super::blocks::{Blocks, LONGEST_BLOCK, fetch, fetch_word};
use super::threaded::Exit;
use super::{HOOK_BIT, Stop, Tracker};
use crate::exec::{Flow, execute};
use crate::hart::Hart;
use crate::hooks::HookTable;
use crate::memory::Memory;
use crate::profile::Profiler;
use crate::trap::Trap;

/// Executes from `hart.pc` until something needs the environment, or until `hart.instret` is `budget`. `resume` skips the hook of
/// the first block: it has been handled. With `profile`, the portable engine does it all and tells the profiler.
#[expect(clippy::too_many_arguments, reason = "the parts of a machine, borrowed one by one")]
pub(crate) fn run<T: Tracker>(
    hart: &mut Hart,
    memory: &mut Memory,
    blocks: &mut Blocks,
    tracker: &mut T,
    hooks: &HookTable,
    budget: u64,
    mut resume: bool,
    profile: Option<(&mut Profiler, &Symbols)>,
) -> Stop {
    if let Some(profile) = profile {
        return run_profiled(hart, memory, blocks, tracker, hooks, budget, resume, profile);
    }
    // Whether the threaded engine leaves the block at hart.pc to the portable one.
    let mut refused = false;
    // The instruction before hart.pc, if the threaded engine left just that one to us.
    let mut behind = None;
    if memory.was_code_written() {
        blocks.clear();
    }
    let stop = loop {
        if hart.instret >= budget {
            break Stop::Budget;
        }
        if blocks.are_too_many() {
            behind = None;
            blocks.clear();
        }
        let fuel = budget - hart.instret;
        // It may overrun its fuel by a block.
        if let Some(traces) = &mut blocks.traces
            && !refused
            && fuel > LONGEST_BLOCK as u64
        {
            let fuel = fuel - LONGEST_BLOCK as u64;
            let live = tracker.live();
            let start = (hart.pc, hart.instret);
            match traces.run(hart, memory, hooks, live, fuel, resume, behind.take()) {
                Exit::Fuel => {}
                Exit::Refused => {
                    refused = true;
                    // Refused at once: the hook has still been handled.
                    if start == (hart.pc, hart.instret) {
                        continue;
                    }
                }
                Exit::Hook => break Stop::Hook,
                Exit::Stop(stop) => break stop,
                Exit::Instruction(place) => {
                    let rest = traces.rest(place);
                    let next = hart.pc.wrapping_add(u64::from(rest[0].len));
                    let mut stop = run_tracked(hart, memory, tracker, &rest[..1]);
                    if stop.is_none() && tracker.live() == live && hart.pc == next {
                        behind = Some(place);
                    } else if stop.is_none() && hart.pc == next {
                        stop = run_tracked(hart, memory, tracker, &rest[1..]);
                    }
                    match stop {
                        None if tracker.is_interrupted() => break Stop::Budget,
                        None => {}
                        Some(Stop::CodeWritten) => {
                            behind = None;
                            if let Some(stop) = rewrite_code(hart, memory, blocks, tracker) {
                                break stop;
                            }
                        }
                        Some(stop) => break stop,
                    }
                }
            }
            resume = false;
            continue;
        }
        refused = false;
        behind = None;

        if let Err(stop) = run_block(hart, memory, blocks, tracker, hooks, fuel, resume) {
            break stop;
        }
        resume = false;
    };
    with_word(stop, hart, memory)
}

/// [`run`] on the portable engine; every block is told to `profiler`.
#[expect(clippy::too_many_arguments, reason = "the parts of a machine, borrowed one by one")]
fn run_profiled<T: Tracker>(
    hart: &mut Hart,
    memory: &mut Memory,
    blocks: &mut Blocks,
    tracker: &mut T,
    hooks: &HookTable,
    budget: u64,
    mut resume: bool,
    (profiler, symbols): (&mut Profiler, &Symbols),
) -> Stop {
    if memory.was_code_written() {
        blocks.clear();
    }
    while hart.instret < budget {
        let (start, before) = (hart.pc, hart.instret);
        profiler.enter(start, before, tracker.operations(), symbols);
        let ended = run_block(hart, memory, blocks, tracker, hooks, budget - before, resume);
        let done = hart.instret - before;
        let last = blocks.instruction_after(start, done);
        profiler.leave(hart.pc, done, last, tracker.operations(), symbols);
        if let Err(stop) = ended {
            return with_word(stop, hart, memory);
        }
        resume = false;
    }
    Stop::Budget
}

/// An illegal instruction is a trap with the word that stands there.
fn with_word(stop: Stop, hart: &Hart, memory: &Memory) -> Stop {
    match stop {
        Stop::Illegal => match fetch_word(memory, hart.pc) {
            Ok(word) => Stop::Trap(Trap::IllegalInstruction { word }),
            Err(stop) => stop,
        },
        stop => stop,
    }
}

/// Executes the block at `hart.pc`, or as much of it as `fuel` allows.
#[inline(always)]
fn run_block<T: Tracker>(
    hart: &mut Hart,
    memory: &mut Memory,
    blocks: &mut Blocks,
    tracker: &mut T,
    hooks: &HookTable,
    fuel: u64,
    resume: bool,
) -> Result<(), Stop> {
    let block = blocks.find(hart.pc, memory, hooks)?;
    let live = tracker.live();
    let touched = block.mask & live;
    if touched & HOOK_BIT != 0 && !resume && !(block.needs_uncertainty && live == HOOK_BIT) {
        return Err(Stop::Hook);
    }
    let mut stop = None;
    let mut instructions = &*block.instructions;
    if instructions.len() as u64 > fuel {
        instructions = &instructions[..fuel as usize];
    }
    if touched & !HOOK_BIT == 0 {
        (instructions, stop) = run_scalar::<T>(hart, memory, instructions);
    }
    if stop.is_none() && !instructions.is_empty() {
        stop = run_tracked(hart, memory, tracker, instructions);
        if stop.is_none() && tracker.is_interrupted() {
            stop = Some(Stop::Budget);
        }
    }
    if stop == Some(Stop::CodeWritten) {
        stop = rewrite_code(hart, memory, blocks, tracker);
    }
    stop.map_or(Ok(()), Err)
}

/// Executes the store at `hart.pc`, which changes lines of decoded instructions: all are forgotten first, so that every engine
/// sees the new ones from the next instruction on.
#[cold]
fn rewrite_code<T: Tracker>(
    hart: &mut Hart,
    memory: &mut Memory,
    blocks: &mut Blocks,
    tracker: &mut T,
) -> Option<Stop> {
    blocks.clear();
    memory.watch_no_code();
    match fetch(memory, hart.pc) {
        Ok(inst) => run_tracked(hart, memory, tracker, &[inst]),
        Err(stop) => Some(stop),
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
