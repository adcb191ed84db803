//! `strtod` and its relatives: a text with a Ux part is a value with that distribution.
//!
//! They act only where the number in the text is followed by `Ux`; then the whole work is done here and the function returns at
//! once. Malformed Ux is no Ux: the guest's own function reads the plain number in front of it, as `strtod` would.

use distcore::Format;
use distcore::ux::UxValue;

use crate::float::{self, F32};
use crate::hart::reg;
use crate::machine::{Failure, Machine};
use crate::shadow::Number;

/// Longest particle that is looked at: no printed number is longer.
const LONGEST_PARTICLE: usize = 1100;

impl Machine {
    /// A function starts that parses the text in `a0`; the result goes to `fa0`, the end of what was read to `*a1`.
    pub(super) fn enter_parse(&mut self, format: Format) -> Result<(), Failure> {
        if self.shadow.is_none() {
            return Ok(());
        }
        let text = self.memory.c_string(self.hart.x[reg::A0])?.to_vec();
        self.parse(&text, 1, format)
    }

    /// The same for a wide text.
    pub(super) fn enter_wide_parse(&mut self, format: Format) -> Result<(), Failure> {
        if self.shadow.is_none() {
            return Ok(());
        }
        // No number has a character that is not ASCII; what it stands for does not matter.
        let text = self.wide_string(self.hart.x[reg::A0])?.unwrap_or_default();
        let text: Vec<u8> = text
            .chars()
            .map(|c| if c.is_ascii() { c as u8 } else { b'?' })
            .collect();
        self.parse(&text, 4, format)
    }

    /// `text` is what stands in `a0`, each of its characters in so many bytes.
    fn parse(&mut self, text: &[u8], character_size: u64, format: Format) -> Result<(), Failure> {
        let blanks = text
            .iter()
            .take_while(|c| c.is_ascii_whitespace() || **c == 0x0b)
            .count();
        let rest = &text[blanks..];
        let number_end = rest.windows(2).take(LONGEST_PARTICLE).position(|pair| pair == b"Ux");
        let Some(number_end) = number_end else {
            let length = rest.len();
            return self.continue_in_stream(length, format);
        };
        if !rest[..number_end]
            .iter()
            .all(|c| c.is_ascii_alphanumeric() || b"+-.".contains(c))
        {
            return Ok(());
        }
        let Ok((value, length)) = UxValue::parse_text(rest) else {
            return Ok(());
        };
        let end = self.hart.x[reg::A0] + (blanks + length) as u64 * character_size;
        let has_end_pointer = !self.is_named(self.hart.pc, "atof");
        self.before_draw()?;
        self.give_value(&value, format);
        if has_end_pointer && self.hart.x[reg::A1] != 0 {
            self.memory
                .slice_mut(self.hart.x[reg::A1], 8)?
                .copy_from_slice(&end.to_le_bytes());
        }
        self.hart.pc = self.hart.x[reg::RA];
        Ok(())
    }

    /// Puts a Ux value into `fa0`: its particle (its mean, if it has none) and its distribution.
    pub(crate) fn give_value(&mut self, value: &UxValue, format: Format) {
        let number = match &mut self.shadow {
            Some(shadow) => shadow.algebra().read(value, format),
            None => Number::certain(value.particle.unwrap_or(value.mean)),
        };
        self.set_result_number(number, format);
    }

    /// Puts a plain number into `fa0`.
    pub(crate) fn set_result(&mut self, number: f64, format: Format) {
        self.set_number(reg::FA0, number, format);
    }

    /// Puts a plain number into `fN`.
    pub(super) fn set_number(&mut self, register: usize, number: f64, format: Format) {
        self.hart.f[register] = match format {
            Format::F64 => number.to_bits(),
            Format::F32 => float::boxed::<F32>((number as f32).to_bits()),
        };
        if let Some(shadow) = &mut self.shadow {
            shadow.clear_f(register);
        }
    }

    fn is_named(&self, address: u64, name: &str) -> bool {
        self.program
            .image()
            .symbols
            .at(address)
            .any(|symbol| symbol.name == name)
    }
}
