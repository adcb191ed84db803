//! Fortran output: `write` and `print` of real numbers, formatted and list-directed, real and complex.
//!
//! libgfortran turns a number into text in `get_float_string(…, source, kind, …, result, …)`, which edits digits that `snprintf`
//! made, and hands that text on with `write_float_string(…, string, length)`. The first is told to work on plain numbers; the
//! second gets the text with its Ux part behind the last digit, before the blanks that fill the field.
//!
//! A character variable that is written to (an internal unit) has a fixed length: it gets the plain number.

use distcore::Format;

use super::returns::Attachment;
use crate::hart::reg;
use crate::machine::{Machine, Printing};
use crate::shadow::Number;
use crate::trap::Trap;

/// `IOPARM_DT_HAS_INTERNAL_UNIT` of libgfortran's `io.h`, in the first word of the transfer's state.
const INTERNAL_UNIT: u64 = 1 << 14;

/// A finished Ux part and the text that it belongs to.
#[derive(Debug)]
struct Pending {
    text: u64,
    ux: Vec<u8>,
}

/// Numbers on their way out.
#[derive(Debug, Default)]
pub(super) struct Fortran {
    pending: Vec<Pending>,
}

/// A complex number has two; more than that were never written.
const MOST_PENDING: usize = 8;

impl Machine {
    /// `get_float_string(dtp, format, source, kind, …, buffer, precision, size, result, length)` starts.
    pub(super) fn enter_get_float_string(&mut self) -> Result<(), Trap> {
        let Some(shadow) = &self.shadow else { return Ok(()) };
        // Its snprintf must give the digits alone.
        self.hooks.plain += 1;
        let (transfer, source, kind) = (
            self.hart.x[reg::A0],
            self.hart.x[reg::A0 + 2],
            self.hart.x[reg::A0 + 3] as i32,
        );
        let is_internal = self.word_at(transfer)? & INTERNAL_UNIT != 0;
        if self.hooks.printing == Printing::Ux && !is_internal {
            let format = if kind == 4 { Format::F32 } else { Format::F64 };
            let particle = match kind {
                4 => f64::from(f32::from_bits(
                    self.word_at(source & !7)?.wrapping_shr(8 * (source & 4) as u32) as u32,
                )),
                8 => f64::from_bits(self.word_at(source)?),
                _ => super::printf::double_from_binary128([self.word_at(source)?, self.word_at(source + 8)?]),
            };
            let uncertain = if kind <= 8 {
                shadow.number_at(&self.memory, source, format)
            } else {
                None
            };
            let mut ux = Vec::new();
            self.write_ux(&Number { particle, uncertain }, "", &mut ux);
            let text = self.word_at(self.hart.x[reg::SP])?;
            let pending = &mut self.hooks.fortran.pending;
            pending.retain(|other| other.text != text);
            if pending.len() >= MOST_PENDING {
                pending.remove(0);
            }
            pending.push(Pending { text, ux });
        }
        self.call_back(vec![Attachment::Plain]);
        Ok(())
    }

    /// `write_float_string(dtp, string, length)` starts.
    pub(super) fn enter_write_float_string(&mut self) -> Result<(), Trap> {
        let (string, length) = (self.hart.x[reg::A1], self.hart.x[reg::A0 + 2]);
        let pending = &mut self.hooks.fortran.pending;
        let Some(index) = pending.iter().position(|pending| pending.text == string) else {
            return Ok(());
        };
        let ux = pending.remove(index).ux;
        let text = self.memory.slice(string, length)?;
        let end = text.len() - text.iter().rev().take_while(|&&c| c == b' ').count();
        let text = [&text[..end], &ux, &text[end..]].concat();
        self.hooks.scratch.enter(self.hart.x[reg::SP]);
        self.hart.x[reg::A1] = self.put_scratch(&text)?;
        self.hart.x[reg::A0 + 2] = text.len() as u64;
        Ok(())
    }
}
