//! Acting when a hooked function returns.
//!
//! A hook that wants to see the result of the guest's own function replaces its return address by that of a trampoline, whose one
//! instruction brings control back here. An entry fires only if the stack pointer is what it was at the call; entries of calls
//! that will never return (longjmp, C++ exceptions) are dropped when the stack has grown past them.

use std::sync::Arc;

use distcore::Format;
use distcore::ux::UxValue;

use super::streams::{Count, Stream};
use crate::hart::reg;
use crate::machine::{Failure, Machine};
use crate::memory::{EXECUTE, Memory, PAGE_SIZE, READ};
use crate::shadow::{RegisterNumber, Uncertain};
use crate::trap::Trap;

/// The immediate of the trampoline's instruction: one of the two largest, which no UxHw function will ever have.
pub(crate) const RETURN_FUNCTION: i32 = 0xfff;

/// The immediate of the instruction behind it, which ends a call from the host (see [`super::calls`]).
pub(crate) const CALLED_FUNCTION: i32 = 0xffe;

/// What to attach to a result; uncertain numbers are [held](crate::shadow::Shadow::hold).
#[derive(Debug, Clone)]
pub(super) enum Attachment {
    /// To the number in `fa0`.
    Number(Arc<Uncertain>, Format),
    /// To the number in `fa1`.
    Imaginary(Arc<Uncertain>, Format),
    /// To the integer in `a0`.
    Integer(Arc<Uncertain>),
    /// To a number in memory.
    NumberAt(u64, Arc<Uncertain>, Format),
    /// To an `int` in memory.
    IntegerAt(u64, Arc<Uncertain>),
    /// On a Reference core: the number in `fa0` is one drawn from this.
    Draw(UxValue, Format),
    /// Not a distribution: the Ux part in this stream, behind the number that the function has read.
    TailOf(Stream),
    /// Not a distribution: these `%n` do not count the Ux parts that were read.
    Counts(Vec<Count>),
    /// Not a distribution: a character that a Fortran program reads.
    FortranCharacter { function: u64, transfer: u64 },
    /// Not a distribution: a field that it reads, whose width stands there.
    FortranField { width: u64 },
    /// Not a distribution: a call inside which plain numbers are printed has ended.
    Plain,
    /// Not a distribution: a buffer of unknown size was written to.
    Written,
    /// Not a distribution: characters that `to_chars` puts behind the number, if there is room before that address.
    Characters { end: u64, ux: Vec<u8> },
    /// Not a distribution: the binary128 number in `a0` and `a1` was read from this; its text ends there, as `*end_pointer` is to say.
    LongDouble { value: UxValue, end_pointer: u64, end: u64 },
}

/// Calls that are remembered at once. Functions that are hooked call few others.
const MOST_ENTRIES: usize = 1024;

#[derive(Clone)]
struct Entry {
    return_address: u64,
    stack_pointer: u64,
    attachments: Vec<Attachment>,
}

#[derive(Clone)]
pub(super) struct Returns {
    trampoline: u64,
    entries: Vec<Entry>,
}

impl Returns {
    /// Writes the trampoline to the last page of the scratch region.
    pub(super) fn new(memory: &mut Memory) -> Returns {
        let trampoline = memory.scratch_start() + Memory::SCRATCH_SIZE - PAGE_SIZE;
        for (place, immediate) in [(trampoline, RETURN_FUNCTION), (trampoline + 4, CALLED_FUNCTION)] {
            let instruction = (immediate as u32) << 20 | sdk::functions::OPCODE;
            memory
                .host_slice_mut(place, 4)
                .copy_from_slice(&instruction.to_le_bytes());
        }
        memory.change_flags(trampoline, PAGE_SIZE, 0, READ | EXECUTE);
        Returns {
            trampoline,
            entries: Vec::new(),
        }
    }

    pub(super) fn trampoline(&self) -> u64 {
        self.trampoline
    }

    /// Where a function that the host calls returns to.
    pub(super) fn call_trampoline(&self) -> u64 {
        self.trampoline + 4
    }
}

impl Machine {
    /// Makes the function that is being entered come back to [`Machine::leave_hook`].
    pub(super) fn call_back(&mut self, attachments: Vec<Attachment>) {
        let stack_pointer = self.hart.x[reg::SP];
        let returns = &mut self.hooks.returns;
        // Calls that were entered deeper in the stack have ended one way or another; and so has one at the same depth, unless it has
        // jumped here to end in this function.
        let is_tail_call = self.hart.x[reg::RA] == returns.trampoline;
        let has_ended = |entry: &Entry| {
            entry.stack_pointer < stack_pointer || entry.stack_pointer == stack_pointer && !is_tail_call
        };
        while returns.entries.last().is_some_and(has_ended) {
            returns.entries.pop();
        }
        // A program whose calls never return loses what was kept for the first ones, and fills no memory.
        if returns.entries.len() >= MOST_ENTRIES {
            returns.entries.drain(..MOST_ENTRIES / 2);
        }
        returns.entries.push(Entry {
            return_address: self.hart.x[reg::RA],
            stack_pointer,
            attachments,
        });
        self.hart.x[reg::RA] = returns.trampoline;
    }

    /// A function starts that looks for the handler of an exception along the return addresses on the stack: it finds those that the
    /// calls would have without us. What was kept for calls under way is dropped: they are being left.
    pub(super) fn enter_unwind(&mut self) -> Result<(), Trap> {
        let trampoline = self.hooks.returns.trampoline;
        let lowest = self.hart.x[reg::SP].next_multiple_of(8);
        while let Some(entry) = self.hooks.returns.entries.pop() {
            // A function saves its return address below the stack pointer that it was called with.
            let mut place = entry.stack_pointer & !7;
            while place > lowest {
                place -= 8;
                if self.word_at(place)? == trampoline {
                    self.memory
                        .slice_mut(place, 8)?
                        .copy_from_slice(&entry.return_address.to_le_bytes());
                    break;
                }
            }
        }
        Ok(())
    }

    /// The trampoline: attaches what was kept for the call that has just returned, and returns to its caller.
    pub(crate) fn leave_hook(&mut self) -> Result<(), Failure> {
        let stack_pointer = self.hart.x[reg::SP];
        let draws = |attachment: &Attachment| matches!(attachment, Attachment::Draw(..));
        if self
            .hooks
            .returns
            .entries
            .iter()
            .any(|entry| entry.attachments.iter().any(draws))
        {
            self.before_draw()?;
        }
        let entry = loop {
            match self.hooks.returns.entries.pop() {
                Some(entry) if entry.stack_pointer == stack_pointer => break entry,
                Some(_) => {}
                // Nobody was called from here: the guest jumped to the trampoline on its own.
                None => return Err(Trap::FetchFault { address: self.hart.pc }.into()),
            }
        };
        self.hart.pc = entry.return_address;
        for attachment in entry.attachments {
            self.attach(attachment)?;
        }
        Ok(())
    }

    fn attach(&mut self, attachment: Attachment) -> Result<(), Failure> {
        match attachment {
            Attachment::TailOf(stream) => return self.leave_floatscan(stream),
            Attachment::Counts(counts) => return Ok(self.leave_scanf(&counts)?),
            Attachment::FortranCharacter { function, transfer } => return self.leave_next_char(function, transfer),
            Attachment::FortranField { width } => return Ok(self.leave_read_block(width)?),
            Attachment::Draw(value, format) => {
                self.give_value(&value, format);
                return Ok(());
            }
            Attachment::Plain => {
                self.hooks.plain = self.hooks.plain.saturating_sub(1);
                return Ok(());
            }
            Attachment::Characters { end, ux } => return Ok(self.leave_to_chars(end, &ux)?),
            Attachment::LongDouble {
                value,
                end_pointer,
                end,
            } => return Ok(self.leave_strtold(value, end_pointer, end)?),
            Attachment::Written => {
                self.leave_unbounded();
                return Ok(());
            }
            _ => {}
        }
        let Some(shadow) = &mut self.shadow else { return Ok(()) };
        // The call is the instruction before the one that it returns to.
        shadow.set_place(self.hart.pc.wrapping_sub(2));
        match attachment {
            Attachment::Number(number, format) => {
                shadow.set_number(RegisterNumber::f(reg::FA0 as u8), Uncertain::clone(&number), format);
            }
            Attachment::Imaginary(number, format) => {
                shadow.set_number(RegisterNumber::f(reg::FA0 as u8 + 1), Uncertain::clone(&number), format);
            }
            Attachment::Integer(integer) => {
                shadow.set_integer(RegisterNumber::x(reg::A0 as u8), Uncertain::clone(&integer));
            }
            Attachment::NumberAt(address, number, format) => {
                let size = if format == Format::F64 { 8 } else { 4 };
                self.memory.slice(address, size)?;
                shadow.set_number_at(&mut self.memory, address, Uncertain::clone(&number), format);
            }
            Attachment::IntegerAt(address, integer) => {
                self.memory.slice(address, 4)?;
                shadow.set_int_at(&mut self.memory, address, Uncertain::clone(&integer));
            }
            // These have returned above.
            _ => {}
        }
        Ok(())
    }
}
