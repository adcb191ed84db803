//! Buffers that were made for plain numbers: a Ux text is longer than the programmer thought.
//!
//! `sprintf` writes past the end of a buffer that is too small. Where the buffer is a variable with a size in the symbol table, that
//! is reported at once, with the call site; else when the program comes to grief afterwards.
//!
//! libstdc++'s `std::to_string` gives `vsnprintf` a fixed buffer and trusts the length that comes back. It gets the plain number
//! where the Ux text does not fit, and the user is told.

use super::returns::Attachment;
use crate::hart::reg;
use crate::machine::{Exit, Machine, Printing};
use crate::trap::Trap;

/// Buffer sizes of libstdc++'s `to_string` (`ext/string_conversions.h`): the greatest decimal exponent plus 20.
const TO_STRING_SIZES: [u64; 2] = [308 + 20, 38 + 20];

/// Characters of a ValueID.
const VALUE_ID: u64 = 4 + 32;

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

    /// `vsnprintf(buffer, size, format, arguments)` starts.
    pub(super) fn enter_bounded(&mut self) -> Result<(), Trap> {
        if self.shadow.is_none()
            || self.hooks.printing != Printing::Ux
            || !TO_STRING_SIZES.contains(&self.hart.x[reg::A1])
        {
            return Ok(());
        }
        let size = self.hart.x[reg::A1];
        if self.memory.c_string(self.hart.x[reg::A0 + 2])? != b"%f" {
            return Ok(());
        }
        let length = self.ux_length(self.hart.x[reg::A0 + 3]);
        if length < size {
            return Ok(());
        }
        let site = self.program.locate(self.hart.x[reg::RA].wrapping_sub(2));
        let place = site.map_or(String::new(), |place| format!(", in {place}"));
        if !std::mem::replace(&mut self.hooks.told_of_to_string, true) {
            self.host.diagnose(&format!(
                "std::to_string has a buffer of {size} characters and the Ux text has {length}: it gives the plain number{place}"
            ));
        }
        self.hooks.plain += 1;
        self.call_back(vec![Attachment::Plain]);
        Ok(())
    }

    /// Characters of the Ux part of the double at `address`, roughly a number before it included.
    fn ux_length(&mut self, address: u64) -> u64 {
        if self.recorder.is_some() {
            return 8 + VALUE_ID;
        }
        let number = self.number_at(address, 0.0, distcore::Format::F64);
        let value = self.ux_value(&number, distcore::Format::F64);
        let diracs = value.map_or(1, |value| value.diracs.len());
        // `Ux`, type, samples, mean, count, and 32 digits a Dirac; eight characters for the shortest number.
        (2 + 2 + 16 + 16 + 8 + 8 + 32 * diracs) as u64
    }

    fn call_site(&self, call: Unbounded) -> String {
        match self.program.locate(call.site.wrapping_sub(2)) {
            Some(place) => format!(", called in {place}"),
            None => format!(", called before 0x{:x}", call.site),
        }
    }
}
