//! Buffers that were made for plain numbers: a Ux text is longer than the programmer thought.
//!
//! `sprintf` writes past the end of a buffer that is too small. Where the buffer is a variable with a size in the symbol table, that
//! is reported at once, with the call site; else when the program comes to grief afterwards.
//!
//! libstdc++'s `std::to_string` gives `vsnprintf` a buffer of a size that it is told, and trusts the length that comes back: it is told
//! a larger size.

use distcore::Format;

use super::returns::Attachment;
use crate::hart::reg;
use crate::machine::{Exit, Machine, Printing};
use crate::shadow::{Number, RegisterNumber};

/// Characters of a ValueID.
const VALUE_ID: u64 = 4 + 32;

/// Characters of a Ux part before its Diracs: `Ux`, representation, samples, mean, count.
const HEAD: u64 = 2 + 2 + 16 + 16 + 8;

/// Characters of a Dirac.
const DIRAC: u64 = 16 + 16;

/// A call of `sprintf` or `vsprintf` that printed Ux.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unbounded {
    /// Where it returns to.
    site: u64,
    destination: u64,
    /// What it returned; `None` while it is under way.
    length: Option<u64>,
    /// Ux characters that had been printed by all functions before it.
    ux_before: u64,
}

impl Machine {
    /// `sprintf(destination, …)` or one of its relatives starts.
    pub(super) fn enter_unbounded(&mut self) {
        if self.shadow.is_none() || self.hooks.printing != Printing::Ux {
            return;
        }
        let (site, destination) = (self.hart.x[reg::RA], self.hart.x[reg::A0]);
        // `sprintf` calls `vsprintf`: the outer one is the program's call.
        if self
            .hooks
            .unbounded
            .is_some_and(|call| call.length.is_none() && call.destination == destination)
        {
            return;
        }
        let ux_before = self.hooks.ux_characters;
        self.hooks.unbounded = Some(Unbounded {
            site,
            destination,
            length: None,
            ux_before,
        });
        self.call_back(vec![Attachment::Written]);
    }

    /// It has returned.
    pub(super) fn leave_unbounded(&mut self) {
        let Some(call) = &mut self.hooks.unbounded else { return };
        if self.hooks.ux_characters == call.ux_before {
            self.hooks.unbounded = None;
            return;
        }
        let length = self.hart.x[reg::A0];
        call.length = Some(length);
        let call = *call;
        let end = call.destination.saturating_add(length);
        let variable = self.program.image().symbols.iter().find(|symbol| {
            !symbol.is_function()
                && symbol.size > 0
                && (symbol.address..symbol.address + symbol.size).contains(&call.destination)
        });
        let Some(variable) = variable.filter(|variable| end >= variable.address + variable.size) else {
            return;
        };
        let room = variable.address + variable.size - call.destination;
        let message = format!(
            "sprintf wrote {} bytes into `{}`, which has room for {room}: with its Ux part a number is longer{}",
            length + 1,
            variable.name,
            self.call_site(call)
        );
        self.host.diagnose(&message);
        self.hooks.unbounded = None;
    }

    /// Says what a program that has come to grief did last that may be why.
    pub(crate) fn suspect_buffer(&mut self, exit: &Exit) {
        if !matches!(exit, Exit::Fault(_) | Exit::Signal(_)) {
            return;
        }
        let Some(call) = self.hooks.unbounded.take() else {
            return;
        };
        let ux = self.hooks.ux_characters - call.ux_before;
        if ux == 0 {
            return;
        }
        let bytes = call
            .length
            .map_or("is writing".into(), |length| format!("wrote {} bytes", length + 1));
        let message = format!(
            "the last sprintf {bytes} to 0x{:x}, at least {ux} of them Ux text: its buffer may be too small{}",
            call.destination,
            self.call_site(call)
        );
        self.host.diagnose(&message);
    }

    /// libstdc++'s `__to_xstring(result, printf, size, format, value)` starts: it makes a buffer of `size` characters on its stack, enough
    /// for any plain number, and trusts the length that `printf` gives it.
    pub(super) fn enter_to_string(&mut self) {
        if !self.shows_values() {
            return;
        }
        // A variadic double is in an integer register.
        const VALUE: usize = reg::A0 + 4;
        let Some(shadow) = &self.shadow else { return };
        let number = Number {
            particle: f64::from_bits(self.hart.x[VALUE]),
            uncertain: shadow.number(RegisterNumber::x(VALUE as u8), Format::F64),
        };
        let length = if self.recorder.is_some() {
            VALUE_ID
        } else {
            let diracs = self
                .ux_value(&number, Format::F64)
                .map_or(0, |value| value.diracs.len());
            HEAD + DIRAC * diracs as u64
        };
        self.hart.x[reg::A0 + 2] += length;
    }

    fn call_site(&self, call: Unbounded) -> String {
        match self.program.locate(call.site.wrapping_sub(2)) {
            Some(place) => format!(", called in {place}"),
            None => format!(", called before 0x{:x}", call.site),
        }
    }
}
