//! Fortran input: `read` of real numbers, list-directed and formatted, real and complex.
//!
//! * List-directed: `read_real` (`parse_real` for the parts of a complex number) takes character after character from `next_char_…` and
//!   calls `convert_real(dtp, destination, text, kind)` when a separator comes. So the `U` behind a number is not given out: the Ux part
//!   is read on the spot, by the same function, and `read_real` gets what follows. Text that is no Ux part is an error, as any other
//!   text behind a number is.
//! * Formatted: `read_f` gets its field by `read_block_form(dtp, &width)`, which is told to end where the Ux part starts. A Ux part that
//!   is cut off by the end of its field is not read.

use distcore::Format;
use distcore::ux::UxValue;

use super::GuestArgument;
use super::returns::Attachment;
use crate::hart::reg;
use crate::machine::{Failure, Machine};
use crate::trap::Trap;

/// Digits and fields of a Ux part before its Diracs.
const HEADER: usize = 2 + 2 + 16 + 16 + 8;
/// Longest Ux part that is read, in Diracs.
const MOST_DIRACS: usize = 10_000;

/// Numbers on their way in.
#[derive(Debug, Clone, Default)]
pub(super) struct Input {
    /// Stack pointers of the functions under way that read a number.
    numbers: Vec<u64>,
    /// The last character of the number was a digit or the point.
    may_end: bool,
    /// The next calls of `next_char_…` are our own.
    is_own: bool,
    /// What the program's next call gets: a character that was read in vain.
    waiting: Option<i32>,
    /// The Ux part of the number that is converted next.
    tail: Option<UxValue>,
}

impl Machine {
    /// `read_real`, `parse_real` or `read_f` starts.
    pub(super) fn enter_fortran_number(&mut self) {
        if self.shadow.is_some() {
            let stack_pointer = self.hart.x[reg::SP];
            let input = &mut self.hooks.fortran_input;
            input.numbers.retain(|&other| other > stack_pointer);
            input.numbers.push(stack_pointer);
            input.tail = None;
            input.may_end = false;
        }
    }

    fn is_in_fortran_number(&mut self) -> bool {
        let stack_pointer = self.hart.x[reg::SP];
        let numbers = &mut self.hooks.fortran_input.numbers;
        numbers.retain(|&number| number > stack_pointer);
        !numbers.is_empty()
    }

    /// `next_char_…(dtp)` starts.
    pub(super) fn enter_next_char(&mut self) {
        if self.shadow.is_none() || self.hooks.fortran_input.is_own {
            return;
        }
        if let Some(character) = self.hooks.fortran_input.waiting.take() {
            self.hart.x[reg::A0] = i64::from(character) as u64;
            self.hart.pc = self.hart.x[reg::RA];
        } else if self.is_in_fortran_number() {
            let (function, transfer) = (self.hart.pc, self.hart.x[reg::A0]);
            self.call_back(vec![Attachment::FortranCharacter { function, transfer }]);
        }
    }

    /// It has returned a character to a function that reads a number.
    pub(super) fn leave_next_char(&mut self, function: u64, transfer: u64) -> Result<(), Failure> {
        let character = self.hart.x[reg::A0] as u8;
        let input = &mut self.hooks.fortran_input;
        let may_start = std::mem::replace(&mut input.may_end, character.is_ascii_digit() || character == b'.');
        if character != b'U' || !may_start {
            return Ok(());
        }
        input.is_own = true;
        let read = self.read_fortran_tail(function, transfer);
        self.hooks.fortran_input.is_own = false;
        let (tail, next) = read?;
        match UxValue::parse_text(&tail) {
            Ok((value, length)) if length == tail.len() => {
                self.hooks.fortran_input.tail = Some(value);
                self.hart.x[reg::A0] = i64::from(next) as u64;
            }
            _ => self.hooks.fortran_input.waiting = Some(next),
        }
        Ok(())
    }

    /// The Ux part whose `U` has been read, or what there is of one, and the character behind it.
    fn read_fortran_tail(&mut self, function: u64, transfer: u64) -> Result<(Vec<u8>, i32), Failure> {
        let mut tail = vec![b'U'];
        let mut wanted = HEADER;
        loop {
            let next = self.call_guest(function, &[GuestArgument::Integer(transfer)])?.integer as i32;
            let fits = match u8::try_from(next) {
                Ok(byte) if tail.len() == 1 => byte == b'x',
                Ok(byte) => byte.is_ascii_hexdigit(),
                Err(_) => false,
            };
            if !fits || tail.len() == wanted {
                return Ok((tail, next));
            }
            tail.push(next as u8);
            if tail.len() == HEADER {
                let count = std::str::from_utf8(&tail[HEADER - 8..])
                    .ok()
                    .and_then(|hex| usize::from_str_radix(hex, 16).ok());
                wanted += 32 * count.filter(|&count| count <= MOST_DIRACS).unwrap_or(0);
            }
        }
    }

    /// `read_block_form(dtp, &width)` starts.
    pub(super) fn enter_read_block(&mut self) {
        if self.shadow.is_some() && self.is_in_fortran_number() {
            let width = self.hart.x[reg::A1];
            self.call_back(vec![Attachment::FortranField { width }]);
        }
    }

    /// It has returned the characters of a field, and their number at `width`.
    pub(super) fn leave_read_block(&mut self, width: u64) -> Result<(), Trap> {
        let text = self.hart.x[reg::A0];
        let length = self.word_at(width & !7)?.wrapping_shr(8 * (width & 4) as u32) as u32 as i32;
        let (Ok(length), true) = (u64::try_from(length), text != 0) else {
            return Ok(());
        };
        let field = self.memory.slice(text, length)?;
        let Some(start) = field.windows(2).position(|pair| pair == b"Ux") else {
            return Ok(());
        };
        let tail = field[start..].trim_ascii_end();
        let is_behind_number = start > 0 && (field[start - 1].is_ascii_digit() || field[start - 1] == b'.');
        if let (true, Ok((value, read))) = (is_behind_number, UxValue::parse_text(tail))
            && read == tail.len()
        {
            self.hooks.fortran_input.tail = Some(value);
            self.memory
                .slice_mut(width, 4)?
                .copy_from_slice(&(start as u32).to_le_bytes());
        }
        Ok(())
    }

    /// `convert_real(dtp, destination, text, kind)` starts.
    pub(super) fn enter_convert_real(&mut self) {
        let (destination, kind) = (self.hart.x[reg::A1], self.hart.x[reg::A0 + 3]);
        let (Some(value), Some(shadow)) = (self.hooks.fortran_input.tail.take(), &mut self.shadow) else {
            return;
        };
        let format = match kind {
            4 => Format::F32,
            8 => Format::F64,
            _ => return, // a quadruple-precision number has no distribution
        };
        if let Some(uncertain) = shadow.algebra().read(&value, format).uncertain {
            let number = shadow.hold(uncertain);
            self.call_back(vec![Attachment::NumberAt(destination, number, format)]);
        }
    }
}
