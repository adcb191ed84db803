//! The main loop: one instruction at a time, decoded once.

use isa::{Inst, Op};

use super::BareMachine;
use super::code::{Code, Decoded, Kind, Page, slot};
use super::exception::{BREAKPOINT, Exception};
use super::htif::Asked;
use super::instructions::{Done, is_semihosting_call, privileged};
use super::privilege::{Privilege, interrupt, status};
use super::ram::PAGE_SHIFT;
use super::system::{System, View};
use crate::engine::Stop;
use crate::exec::{Flow, execute};
use crate::hart::Hart;
use crate::limits::Limit;
use crate::machine::{Exit, requested_end};
use crate::trap::Trap;

/// Instructions between two looks at the cancel flag: a millisecond or two.
const POLL_INTERVAL: u64 = 1 << 18;

/// Instructions after which a half-written `tohost` counts as written.
const HALF_WRITTEN: u64 = 32;

/// Why the fast loop stopped. Nothing of the instruction at `hart.pc` has happened yet, except for `Loop`.
enum Leave {
    /// The deadline is reached, or something needs attention.
    Attention,
    /// A privileged instruction.
    Privileged(Inst),
    /// The instruction traps. The flag tells whether it only reads memory.
    Trap(Trap, bool),
    /// The instruction is illegal, or not allowed in this state.
    Illegal,
    /// The instruction at `hart.pc` jumps to itself.
    Loop,
}

impl BareMachine {
    pub(super) fn run_to_exit(&mut self) -> Exit {
        loop {
            if let Some(exit) = requested_end(&self.cancel) {
                return exit;
            }
            let deadline = match self.attend() {
                Ok(deadline) => deadline,
                Err(exit) => return exit,
            };
            let exit = match advance(&mut self.hart, &mut self.system, &mut self.code, deadline) {
                Leave::Attention => None,
                Leave::Privileged(inst) => self.privileged(&inst),
                Leave::Trap(trap, is_load) => self.trap(Exception::from_trap(trap, self.hart.pc, is_load)),
                Leave::Illegal => self.illegal(),
                Leave::Loop => self.wait_in_loop(),
            };
            if let Some(exit) = exit {
                return exit;
            }
        }
    }

    /// Answers the devices, takes an interrupt if one is due, and says until which instruction count to go on.
    fn attend(&mut self) -> Result<u64, Exit> {
        self.system.needs_attention = false;
        let cycles = self.system.cycles(&self.hart);
        let limit = self.limits.instructions.unwrap_or(u64::MAX);
        if cycles >= limit {
            return Err(Exit::Stopped(Limit::Instructions));
        }
        let mut left = POLL_INTERVAL.min(limit - cycles);

        let is_settled = self.settle_at.is_some_and(|at| cycles >= at);
        match self
            .system
            .htif
            .serve(&mut self.system.ram, &mut self.console, &mut *self.host, is_settled)
        {
            Asked::Exit(status) => return Err(Exit::Status(u8::try_from(status).unwrap_or(u8::MAX))),
            Asked::Nothing => self.settle_at = None,
            Asked::Half => {
                let at = *self.settle_at.get_or_insert(cycles + HALF_WRITTEN);
                left = left.min(at.saturating_sub(cycles).max(1));
            }
        }

        if let Some((cause, privilege)) = self.system.next_interrupt(&self.hart) {
            self.system.take_interrupt(cause, privilege, &mut self.hart);
            self.system.needs_attention = false;
        }
        if self.system.csrs.mie & interrupt::MTI != 0 {
            let time = self.system.clint.time(cycles);
            let to_come = self.system.clint.compare.saturating_sub(time);
            if to_come != 0 {
                left = left.min(to_come);
            }
        }
        Ok(self.hart.instret.saturating_add(left))
    }

    fn privileged(&mut self, inst: &Inst) -> Option<Exit> {
        let mut next = self.hart.pc.wrapping_add(u64::from(inst.len));
        match privileged(inst, &mut self.hart, &mut self.system) {
            Ok(Done::Flow(Flow::Next)) => {}
            Ok(Done::Flow(Flow::Jump(target))) => next = target,
            Ok(Done::CodeChanged) => self.code.clear(),
            Ok(Done::Waits) => {
                if let Some(exit) = self.wait() {
                    return Some(exit);
                }
            }
            Ok(Done::Break) => {
                let system = &mut self.system;
                if !is_semihosting_call(inst, self.hart.pc, |address| system.fetch_word(address).ok()) {
                    return self.trap(Exception {
                        cause: BREAKPOINT,
                        value: self.hart.pc,
                    });
                }
                let cycles = system.cycles(&self.hart);
                let view = View { system, cycles };
                let exit = self
                    .semihosting
                    .call(&mut self.hart, view, cycles, &mut self.console, &mut *self.host);
                if exit.is_some() {
                    return exit;
                }
            }
            Ok(Done::Trap(exception)) => return self.trap(exception),
            Err(Stop::Trap(trap)) => return self.trap(Exception::from_trap(trap, self.hart.pc, false)),
            Err(_) => return self.illegal(),
        }
        self.hart.pc = next;
        self.hart.instret += 1;
        None
    }

    fn illegal(&mut self) -> Option<Exit> {
        let exception = match self.system.fetch_word(self.hart.pc) {
            Ok(word) => Exception::illegal(word),
            Err(trap) => Exception::from_trap(trap, self.hart.pc, false),
        };
        self.trap(exception)
    }

    /// Takes an exception, unless it is one that the handler itself causes at its first instruction: nothing would ever change.
    fn trap(&mut self, exception: Exception) -> Option<Exit> {
        let pc = self.hart.pc;
        let was_in_machine_mode = self.system.csrs.privilege == Privilege::Machine;
        self.system.take_exception(exception, &mut self.hart);
        if was_in_machine_mode && self.hart.pc == pc {
            let place = self.place(self.last_trap.1);
            return Some(Exit::Stuck(exception.in_handler(pc, self.last_trap, &place)));
        }
        self.last_trap = (exception, pc);
        None
    }

    /// `wfi`: goes on at once, and lets the timer jump to where it interrupts.
    fn wait(&mut self) -> Option<Exit> {
        let hart = &self.hart;
        let system = &mut self.system;
        if system.pending(hart) & system.csrs.mie != 0 {
            return None;
        }
        if system.csrs.mie & interrupt::MTI != 0 && system.clint.compare != u64::MAX {
            system.clint.skip_to_interrupt(hart.instret.wrapping_add(system.traps));
            system.needs_attention = true;
            return None;
        }
        // A loop of `wfi` and a jump changes nothing; no other device can interrupt.
        let (pc, instret) = self.last_wait;
        self.last_wait = (hart.pc, hart.instret);
        if pc == hart.pc && hart.instret - instret <= 2 && hart.instret != instret {
            return Some(self.stuck("waits for an interrupt (wfi) that nothing can raise"));
        }
        None
    }

    /// A jump to itself: only an interrupt can end it.
    fn wait_in_loop(&mut self) -> Option<Exit> {
        self.hart.instret += 1;
        if self.settle_at.is_some() {
            self.settle_at = Some(0);
            self.system.needs_attention = true;
            return None;
        }
        if self.system.next_interrupt(&self.hart).is_some() {
            return None;
        }
        if self.system.awaits_timer() {
            let cycles = self.system.cycles(&self.hart);
            self.system.clint.skip_to_interrupt(cycles);
            return None;
        }
        Some(self.stuck("loops in one instruction for ever"))
    }

    fn stuck(&self, what: &str) -> Exit {
        let pc = self.hart.pc;
        Exit::Stuck(format!("the program {what}, at pc 0x{pc:x}{}", self.place(pc)))
    }

    fn place(&self, pc: u64) -> String {
        self.program
            .locate(pc)
            .map(|location| format!(" in {location}"))
            .unwrap_or_default()
    }
}

/// Executes from `hart.pc` until something needs the machine, or until `hart.instret` reaches `deadline`.
fn advance(hart: &mut Hart, system: &mut System, code: &mut Code, deadline: u64) -> Leave {
    while hart.instret < deadline && !system.needs_attention {
        let pc = hart.pc;
        if system.breaks_at(pc) {
            return Leave::Trap(Trap::Watchpoint { address: pc }, false);
        }
        let left = match system.fetch(pc) {
            Ok((offset, true)) => in_page(hart, system, code.page(offset), deadline),
            // A page that is watched, or that may be executed in parts only: nothing about it is kept.
            Ok((_, false)) => match decode(system, pc) {
                Ok(decoded) => step(hart, system, decoded).err(),
                Err(leave) => Some(leave),
            },
            Err(trap) => Some(Leave::Trap(trap, false)),
        };
        if let Some(leave) = left {
            return leave;
        }
    }
    Leave::Attention
}

/// Executes inside one page of code.
fn in_page(hart: &mut Hart, system: &mut System, page: &mut Page, deadline: u64) -> Option<Leave> {
    let number = hart.pc >> PAGE_SHIFT;
    loop {
        let pc = hart.pc;
        let mut decoded = page[slot(pc)];
        if decoded.kind == Kind::Unknown {
            decoded = match decode(system, pc) {
                Ok(decoded) => decoded,
                Err(leave) => return Some(leave),
            };
            // What reaches into the next page depends on where that page is mapped.
            if pc.wrapping_add(u64::from(decoded.inst.len) - 1) >> PAGE_SHIFT == number {
                page[slot(pc)] = decoded;
            }
        }
        if let Err(leave) = step(hart, system, decoded) {
            return Some(leave);
        }
        if hart.instret >= deadline || system.needs_attention || hart.pc >> PAGE_SHIFT != number {
            return None;
        }
    }
}

#[cold]
fn decode(system: &mut System, pc: u64) -> Result<Decoded, Leave> {
    match system.fetch_word(pc) {
        Ok(word) => match isa::decode(word) {
            Some(inst) => Ok(Decoded::new(inst)),
            None => Err(Leave::Trap(Trap::IllegalInstruction { word }, false)),
        },
        Err(trap) => Err(Leave::Trap(trap, false)),
    }
}

/// Executes one instruction and counts it.
#[inline(always)]
fn step(hart: &mut Hart, system: &mut System, decoded: Decoded) -> Result<(), Leave> {
    let Decoded { inst, kind } = decoded;
    match kind {
        Kind::System => return Err(Leave::Privileged(inst)),
        Kind::Float | Kind::FloatWrite if !system.csrs.float_is_on() => return Err(Leave::Illegal),
        Kind::Float | Kind::FloatWrite | Kind::Plain | Kind::Unknown => {}
    }
    let flags = hart.fflags;
    let pc = hart.pc;
    let cycles = system.cycles(hart);
    match execute(inst.op, &inst, pc, hart, &mut View { system, cycles }) {
        Ok(Flow::Next) => hart.pc = pc.wrapping_add(u64::from(inst.len)),
        Ok(Flow::Jump(target)) if target == pc => return Err(Leave::Loop),
        Ok(Flow::Jump(target)) => hart.pc = target,
        Err(Stop::Trap(trap)) => return Err(Leave::Trap(trap, matches!(inst.op, Op::LrW | Op::LrD))),
        Err(_) => return Err(Leave::Illegal),
    }
    hart.instret += 1;
    if kind == Kind::FloatWrite || hart.fflags != flags {
        system.csrs.mstatus |= status::FS;
    }
    Ok(())
}
