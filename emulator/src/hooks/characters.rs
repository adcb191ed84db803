//! C++'s `std::to_chars` and `std::from_chars`, which go through neither printf nor strtod.
//!
//! `to_chars` gets the Ux part behind its number where the program's buffer has room for it; a program with a buffer for plain numbers
//! gets the plain number. (`std::format` is made of `to_chars` into a buffer of its own.)

use distcore::Format;
use distcore::ux::UxValue;

use super::returns::Attachment;
use crate::hart::reg;
use crate::machine::{Failure, Machine};
use crate::trap::Trap;

impl Machine {
    /// `to_chars(first, last, value, …)` starts; it gives the end of its text, or `last`, and an error number.
    pub(super) fn enter_to_chars(&mut self, format: Format) {
        let Some(shadow) = &self.shadow else { return };
        if !self.shows_values() {
            return;
        }
        let number = shadow.operand(reg::FA0 as u8, &self.hart, format);
        let end = self.hart.x[reg::A1];
        let mut ux = Vec::new();
        self.write_ux(&number, "", (b"to_chars", 0), &mut ux);
        self.call_back(vec![Attachment::Characters { end, ux }]);
    }

    /// It has returned.
    pub(super) fn leave_to_chars(&mut self, end: u64, ux: &[u8]) -> Result<(), Trap> {
        let (written, error) = (self.hart.x[reg::A0], self.hart.x[reg::A1] as u32);
        if error == 0 && end.saturating_sub(written) >= ux.len() as u64 {
            self.memory.slice_mut(written, ux.len() as u64)?.copy_from_slice(ux);
            self.hart.x[reg::A0] = written + ux.len() as u64;
        }
        Ok(())
    }

    /// `from_chars(first, last, value, …)` starts. Its whole work is done here where a Ux part follows the number.
    pub(super) fn enter_from_chars(&mut self, format: Format) -> Result<(), Failure> {
        if self.shadow.is_none() {
            return Ok(());
        }
        let [first, last, place] = [0, 1, 2].map(|n| self.hart.x[reg::A0 + n]);
        let text = self.memory.slice(first, last.saturating_sub(first))?;
        // No blanks and no plus sign in front.
        if !text
            .first()
            .is_some_and(|c| c.is_ascii_alphanumeric() || b"-.".contains(c))
        {
            return Ok(());
        }
        let Ok((value, length)) = UxValue::parse_text(text) else {
            return Ok(());
        };
        self.before_draw()?;
        if let Some(shadow) = &mut self.shadow {
            let number = shadow.algebra().read(&value, format);
            self.put_number(place, number, format)?;
        }
        self.hart.x[reg::A0] = first + length as u64;
        self.hart.x[reg::A1] = 0;
        if let Some(shadow) = &mut self.shadow {
            shadow.clear_x(reg::A0);
            shadow.clear_x(reg::A1);
        }
        self.hart.pc = self.hart.x[reg::RA];
        Ok(())
    }

    /// `strtold(text, end)` starts: the number is read by it, and has the distribution as soon as it becomes a double or a float.
    pub(super) fn enter_strtold(&mut self) -> Result<(), Trap> {
        if self.shadow.is_none() {
            return Ok(());
        }
        let (start, end_pointer) = (self.hart.x[reg::A0], self.hart.x[reg::A1]);
        let text = self.memory.c_string(start)?;
        let blanks = text
            .iter()
            .take_while(|c| c.is_ascii_whitespace() || **c == 0x0b)
            .count();
        if let Ok((value, length)) = UxValue::parse_text(&text[blanks..]) {
            self.call_back(vec![Attachment::LongDouble {
                value,
                end_pointer,
                end: start + (blanks + length) as u64,
            }]);
        }
        Ok(())
    }

    /// It has returned.
    pub(super) fn leave_strtold(&mut self, value: UxValue, end_pointer: u64, end: u64) -> Result<(), Trap> {
        self.hooks.long_double = Some(([self.hart.x[reg::A0], self.hart.x[reg::A1]], value));
        if end_pointer != 0 {
            self.memory
                .slice_mut(end_pointer, 8)?
                .copy_from_slice(&end.to_le_bytes());
        }
        Ok(())
    }
}
