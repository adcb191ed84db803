//! Bare programs with distributions: what stands around a semihosted program that the tracking [`Machine`] runs.
//!
//! C programs of picolibc stay in machine mode, with interrupts off, and ask their host by semihosting. Such a program needs no
//! more of the privileged architecture than its start-up code and its trap handler use: CSRs, traps to `mtvec`, `mret`. So the
//! engine, the shadow and the hooks are those of Linux programs, over the same flat memory; what they leave as a trap is answered
//! here. A program that goes on to page tables, interrupts or devices is told that only Bypass cores have them.
//!
//! [`Machine`]: crate::Machine

use loader::Image;

use super::console::Console;
use super::exception::{BREAKPOINT, Exception};
use super::htif::Htif;
use super::instructions::{Done, is_semihosting_call, privileged};
use super::privilege::{Privilege, status};
use super::ram::{self, Ram};
use super::semihosting::Semihosting;
use super::system::System;
use super::{BareError, SEGMENT_LIMIT, clint};
use crate::cores::MEMORY_SIZE_RANGE;
use crate::engine::Stop;
use crate::exec::Flow;
use crate::hart::{Hart, reg};
use crate::host::Host;
use crate::linux::Files;
use crate::machine::Exit;
use crate::memory::{EXECUTE, Memory, READ, WRITE};
use crate::program::Program;
use crate::trap::Trap;

/// The state around a program in machine mode.
pub(crate) struct Supervision {
    /// Its CSRs; RAM and devices are not used.
    system: System,
    semihosting: Semihosting,
    console: Console,
    /// The last exception and where it happened.
    last_trap: (Exception, u64),
}

impl Supervision {
    /// Memory with `image` in it and RAM of `main_size` bytes, as a [`BareMachine`](crate::BareMachine) has it, and what stands around
    /// the program.
    pub(crate) fn start(
        image: &Image,
        main_size: u64,
        files: Files,
        arguments: &[Vec<u8>],
    ) -> Result<(Memory, Supervision), BareError> {
        let regions = ram::layout(image, main_size, clint::ADDRESSES)?;
        let needed = regions.last().map_or(0, |region| region.end);
        if needed > ram::MAIN_START + MEMORY_SIZE_RANGE.end() + SEGMENT_LIMIT {
            return Err(BareError::TooLarge { needed });
        }
        let mut memory = Memory::new(needed);
        for region in &regions {
            memory.change_flags(region.start, region.end - region.start, 0, READ | WRITE | EXECUTE);
        }
        for segment in &image.segments {
            let data = segment.data();
            memory
                .host_slice_mut(segment.physical_address, data.len() as u64)
                .copy_from_slice(data);
        }
        let supervision = Supervision {
            system: System::new(Ram::none(), Htif::new(None, None)),
            semihosting: Semihosting::new(files, arguments),
            console: Console::default(),
            last_trap: (Exception { cause: 0, value: 0 }, 0),
        };
        Ok((memory, supervision))
    }

    /// `ecall`: an exception like others.
    pub(crate) fn call(&mut self, hart: &mut Hart, program: &Program) -> Result<(), Exit> {
        self.raise(Exception::call(Privilege::Machine), hart, program)
    }

    /// The instruction at `hart.pc` could not be executed by the engine. Gives the integer register that has been written, if any.
    ///
    /// # Errors
    ///
    /// How the run ends.
    pub(crate) fn trap(
        &mut self,
        trap: Trap,
        hart: &mut Hart,
        memory: &mut Memory,
        host: &mut dyn Host,
        program: &Program,
    ) -> Result<Option<usize>, Exit> {
        let pc = hart.pc;
        let inst = match trap {
            Trap::IllegalInstruction { word } => isa::decode(word),
            Trap::Breakpoint => word_at(memory, pc).and_then(isa::decode),
            Trap::LoadFault { address } | Trap::StoreFault { address } if clint::ADDRESSES.contains(&address) => {
                return Err(beyond("the timer (CLINT)", pc));
            }
            _ => None,
        };
        let exception = Exception::from_trap(trap, pc, false);
        let Some(inst) = inst else {
            return self.raise(exception, hart, program).map(|()| None);
        };
        let mut next = pc.wrapping_add(u64::from(inst.len));
        let mut written = usize::from(inst.rd & 31);
        match privileged(&inst, hart, &mut self.system) {
            // There is no interrupt to wait for: a wait may end at once.
            Ok(Done::Flow(Flow::Next) | Done::CodeChanged | Done::Waits) => {}
            Ok(Done::Flow(Flow::Jump(target))) => next = target,
            Ok(Done::Break) if is_semihosting_call(&inst, pc, |address| word_at(memory, address)) => {
                let cycles = self.system.cycles(hart);
                if let Some(exit) = self.semihosting.call(hart, memory, cycles, &mut self.console, host) {
                    return Err(exit);
                }
                written = reg::A0;
            }
            Ok(Done::Break) => {
                let exception = Exception {
                    cause: BREAKPOINT,
                    value: pc,
                };
                return self.raise(exception, hart, program).map(|()| None);
            }
            Ok(Done::Trap(exception)) => return self.raise(exception, hart, program).map(|()| None),
            Err(Stop::Trap(trap)) => {
                return self
                    .raise(Exception::from_trap(trap, pc, false), hart, program)
                    .map(|()| None);
            }
            Err(_) => return self.raise(exception, hart, program).map(|()| None),
        }
        let csrs = &self.system.csrs;
        if csrs.privilege != Privilege::Machine || csrs.mstatus & status::MPRV != 0 {
            return Err(beyond("other modes than machine mode", pc));
        }
        if csrs.mie != 0 && csrs.mstatus & status::MIE != 0 {
            return Err(beyond("interrupts", pc));
        }
        hart.pc = next;
        hart.instret += 1;
        Ok(Some(written))
    }

    /// The console's last line, which has no end yet.
    pub(crate) fn finish(&mut self, host: &mut dyn Host) {
        self.console.flush(host);
    }

    fn raise(&mut self, exception: Exception, hart: &mut Hart, program: &Program) -> Result<(), Exit> {
        let pc = hart.pc;
        self.system.take_exception(exception, hart);
        if hart.pc == pc {
            let place = program.locate(self.last_trap.1).map(|place| format!(" in {place}"));
            let why = exception.in_handler(pc, self.last_trap, &place.unwrap_or_default());
            return Err(Exit::Stuck(why));
        }
        self.last_trap = (exception, pc);
        Ok(())
    }
}

/// The end of a program that needs more than this.
fn beyond(what: &str, pc: u64) -> Exit {
    Exit::Stuck(format!(
        "at pc 0x{pc:x} the program uses {what} which bare programs have on Bypass cores only (--core C0-Bypass)"
    ))
}

/// The instruction word at `address`: 16 bits, or 32 if its low two bits are set.
fn word_at(memory: &Memory, address: u64) -> Option<u32> {
    let low = memory.slice(address, 2).ok()?;
    let low = u32::from(u16::from_le_bytes([low[0], low[1]]));
    if low & 3 != 3 {
        return Some(low);
    }
    let word = memory.slice(address, 4).ok()?;
    Some(u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}
