//! The printf family: floating conversions print Ux.
//!
//! When the innermost printf function of the guest's C library starts, its format and arguments are replaced by copies in which
//! every floating conversion is a `%s` with the finished text; then the guest's own function goes on, so that buffering,
//! streams, return values and `%n` stay the guest's. A function that it calls with the same arguments sees no floating conversion
//! any more. Positional arguments become ordinary ones: the copies are in the order of the format.
//!
//! A long double is printed by the guest itself, with the Ux text of its double behind it.

use std::borrow::Cow;

use distcore::Format as NumberFormat;

use super::format::{ArgumentKind, Conversion, Format, Number, Piece};
use super::number::Style;
use super::table::Text;
use crate::hart::reg;
use crate::machine::Machine;
use crate::shadow;
use crate::trap::Trap;

/// Longest width or precision that is carried out; what a guest asks beyond it would only be padding.
const LONGEST_NUMBER: usize = 1 << 16;

/// The new format and the new argument area, as they are written.
struct Rewritten {
    format: Vec<u8>,
    slots: Vec<u8>,
    /// What a floating argument is.
    numbers: NumberFormat,
    /// For picolibc.
    is_tiny: bool,
    /// Whether the Ux part of a long double is to be added here.
    adds_to_long_double: bool,
    /// The format as the program wrote it, and how many floating conversions of it have been printed.
    source: Vec<u8>,
    printed: usize,
}

impl Rewritten {
    fn push_word(&mut self, word: u64) {
        self.slots.extend(word.to_le_bytes());
    }

    fn push_long_double(&mut self, bytes: [u64; 2]) {
        let aligned = self.slots.len().next_multiple_of(16);
        self.slots.resize(aligned, 0);
        bytes.into_iter().for_each(|word| self.push_word(word));
    }
}

impl Machine {
    /// A printf function starts; `format` and `arguments` are the numbers of the `a` registers with its format and va_list.
    pub(super) fn enter_printf(&mut self, format: usize, arguments: usize, kind: Text) -> Result<(), Trap> {
        let (format_register, va_register) = (reg::A0 + format, reg::A0 + arguments);
        let format_address = self.hart.x[format_register];
        // A wrapper passes on what was rewritten for it.
        if format_address >= self.memory.scratch_start() {
            return Ok(());
        }
        let text = match kind {
            Text::Narrow | Text::Tiny(_) => self.memory.c_string(format_address)?.to_vec(),
            Text::Wide | Text::WideOverNarrow => match self.wide_string(format_address)? {
                Some(text) => text.into_bytes(),
                None => return Ok(()),
            },
        };
        let Some(format) = Format::parse(&text) else {
            return Ok(());
        };
        let shows_ux = self.shows_values();
        // picolibc takes the next word for a long double, whatever it is: the arguments mean nothing.
        let is_long = |piece: &Piece| matches!(piece, Piece::Conversion(conversion) if conversion.is_long_double());
        if matches!(kind, Text::Tiny(_)) && format.pieces.iter().any(is_long) {
            return Ok(());
        }
        let concerns_us = |piece: &Piece| match piece {
            Piece::Conversion(conversion) => conversion.is_floating() && (shows_ux || conversion.particle_only),
            Piece::Text(_) => false,
        };
        let slots = argument_slots(&format.arguments, self.hart.x[va_register]);
        // An uncertain integer is copied as its particle, so that the guest does not divide distributions to find digits.
        let is_uncertain = |&slot: &u64| self.memory.is_tagged(slot, 8);
        let concerned = format.pieces.iter().any(concerns_us);
        if !(concerned || self.shadow.is_some() && slots.iter().any(is_uncertain)) {
            return Ok(());
        }

        self.hooks.scratch.enter(self.hart.x[reg::SP]);
        let mut rewritten = Rewritten {
            adds_to_long_double: kind != Text::WideOverNarrow,
            format: Vec::new(),
            slots: Vec::new(),
            is_tiny: matches!(kind, Text::Tiny(_)),
            numbers: if let Text::Tiny(numbers) = kind {
                numbers
            } else {
                NumberFormat::F64
            },
            source: text.clone(),
            printed: 0,
        };
        for piece in &format.pieces {
            match piece {
                Piece::Text(text) => rewritten.format.extend_from_slice(text),
                Piece::Conversion(conversion) => self.rewrite(&mut rewritten, conversion, &slots, shows_ux)?,
            }
        }
        rewritten.format.push(0);
        let new_format = match kind {
            Text::Narrow | Text::Tiny(_) => rewritten.format,
            Text::Wide | Text::WideOverNarrow => String::from_utf8_lossy(&rewritten.format)
                .chars()
                .flat_map(|c| u32::from(c).to_le_bytes())
                .collect(),
        };
        let new_format = self.put_scratch(&new_format)?;
        let new_slots = self.put_scratch(&rewritten.slots)?;
        self.hart.x[format_register] = new_format;
        self.hart.x[va_register] = new_slots;
        Ok(())
    }

    fn rewrite(
        &mut self,
        rewritten: &mut Rewritten,
        conversion: &Conversion<'_>,
        slots: &[u64],
        shows_ux: bool,
    ) -> Result<(), Trap> {
        let site = rewritten.printed;
        rewritten.printed += usize::from(conversion.is_floating());
        // Where the guest can print a number itself it shall.
        let is_finished = conversion.is_floating() && (shows_ux || conversion.particle_only);
        let finished_here = is_finished && !conversion.is_long_double();
        if let (true, Some(argument)) = (finished_here, conversion.argument) {
            let site = shows_ux.then_some((&*rewritten.source, site));
            let text = self.number_text(conversion, slots, slots[argument], rewritten, site)?;
            if shows_ux {
                // A Ux part, or a ValueID.
                self.hooks.ux_characters += text.iter().skip_while(|&&c| c != b'U' && c != b'v').count() as u64;
            }
            let text = self.put_scratch(&[&*text, b"\0"].concat())?;
            rewritten.format.extend_from_slice(b"%s");
            rewritten.push_word(text);
            return Ok(());
        }
        rewritten.format.push(b'%');
        rewritten.format.extend_from_slice(conversion.flags);
        if let Some(width) = conversion.width {
            self.rewrite_number(rewritten, width, slots)?;
        }
        if let Some(precision) = conversion.precision {
            rewritten.format.push(b'.');
            self.rewrite_number(rewritten, precision, slots)?;
        }
        rewritten.format.extend_from_slice(conversion.length);
        rewritten.format.push(conversion.conversion);
        let Some(argument) = conversion.argument else {
            return Ok(());
        };
        if !conversion.is_long_double() {
            rewritten.push_word(self.word_at(slots[argument])?);
            return Ok(());
        }
        let bits = [self.word_at(slots[argument])?, self.word_at(slots[argument] + 8)?];
        rewritten.push_long_double(bits);
        if shows_ux && !conversion.particle_only && rewritten.adds_to_long_double {
            let particle = double_from_binary128(bits);
            let mut text = Vec::new();
            self.write_ux(
                &shadow::Number::certain(particle),
                "",
                (&rewritten.source, site),
                &mut text,
            );
            text.push(0);
            let text = self.put_scratch(&text)?;
            rewritten.format.extend_from_slice(b"%s");
            rewritten.push_word(text);
        }
        Ok(())
    }

    fn rewrite_number(&self, rewritten: &mut Rewritten, number: Number, slots: &[u64]) -> Result<(), Trap> {
        match number {
            Number::Written(number) => rewritten.format.extend(number.to_string().bytes()),
            Number::Argument(argument) => {
                rewritten.format.push(b'*');
                rewritten.push_word(self.word_at(slots[argument])?);
            }
        }
        Ok(())
    }

    /// The number at `address`.
    pub(super) fn number_at(&self, address: u64, particle: f64, format: NumberFormat) -> shadow::Number {
        let shadow = self.shadow.as_ref();
        shadow::Number {
            particle,
            uncertain: shadow.and_then(|shadow| shadow.number_at(&self.memory, address, format)),
        }
    }

    /// The text of a floating conversion of the double at `address`: particle, Ux, padding.
    fn number_text(
        &mut self,
        conversion: &Conversion<'_>,
        slots: &[u64],
        address: u64,
        rewritten: &Rewritten,
        shown_at: Option<(&[u8], usize)>,
    ) -> Result<Vec<u8>, Trap> {
        let mut flags = Cow::Borrowed(conversion.flags);
        // A negative width from an argument is the flag '-' and its magnitude; a negative precision is none.
        let width = self.number(conversion.width, slots)?.unwrap_or(0);
        if width < 0 {
            flags.to_mut().push(b'-');
        }
        let precision = self
            .number(conversion.precision, slots)?
            .and_then(|number| usize::try_from(number).ok());
        let style = Style {
            flags: &flags,
            width: (width.unsigned_abs() as usize).min(LONGEST_NUMBER),
            precision: precision.map(|precision| precision.min(LONGEST_NUMBER)),
            conversion: conversion.conversion,
            shortest: rewritten.is_tiny.then_some(rewritten.numbers),
        };
        let bits = self.word_at(address)?;
        let number_format = rewritten.numbers;
        let particle = match number_format {
            NumberFormat::F64 => f64::from_bits(bits),
            NumberFormat::F32 => f32::from_bits(bits as u32).into(),
        };
        let formatted = style.format(particle);
        let mut text = Vec::new();
        match shown_at {
            Some(site) if !conversion.particle_only => {
                let number = self.number_at(address, particle, number_format);
                self.write_ux(&number, &formatted.number, site, &mut text);
            }
            _ => text.extend_from_slice(formatted.number.as_bytes()),
        }
        text.resize(text.len() + formatted.right_padding, b' ');
        Ok(text)
    }

    /// A wide string as text; `None` if it holds what is no character.
    pub(super) fn wide_string(&self, start: u64) -> Result<Option<String>, Trap> {
        let mut text = String::new();
        for address in (start..).step_by(4) {
            let mut bytes = [0; 4];
            bytes.copy_from_slice(self.memory.slice(address, 4)?);
            match u32::from_le_bytes(bytes) {
                0 => break,
                code => match char::from_u32(code) {
                    Some(c) => text.push(c),
                    None => return Ok(None),
                },
            }
        }
        Ok(Some(text))
    }

    fn number(&self, number: Option<Number>, slots: &[u64]) -> Result<Option<i64>, Trap> {
        Ok(match number {
            None => None,
            Some(Number::Written(number)) => Some(number.into()),
            Some(Number::Argument(argument)) => Some((self.word_at(slots[argument])? as i32).into()),
        })
    }

    pub(super) fn word_at(&self, address: u64) -> Result<u64, Trap> {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(self.memory.slice(address, 8)?);
        Ok(u64::from_le_bytes(bytes))
    }

    /// Bytes for the guest to read. Without room left the guest gets a fault where they would have been.
    pub(super) fn put_scratch(&mut self, bytes: &[u8]) -> Result<u64, Trap> {
        let end = self.memory.scratch_start() + crate::memory::Memory::SCRATCH_SIZE;
        self.hooks
            .scratch
            .put(&mut self.memory, bytes)
            .ok_or(Trap::LoadFault { address: end })
    }
}

/// Where each argument lies in a va_list (RISC-V ELF psABI: 8-byte slots; binary128 in two, 16-aligned).
fn argument_slots(arguments: &[ArgumentKind], start: u64) -> Vec<u64> {
    let mut next = start;
    arguments
        .iter()
        .map(|kind| {
            let (address, size) = match kind {
                ArgumentKind::Word => (next, 8),
                ArgumentKind::LongDouble => (next.wrapping_add(15) & !15, 16),
            };
            next = address.wrapping_add(size);
            address
        })
        .collect()
}

/// The double nearest to a binary128 number (low word first); ties to even.
pub(super) fn double_from_binary128(bits: [u64; 2]) -> f64 {
    let [low, high] = bits;
    let sign = if high >> 63 == 1 { -1.0 } else { 1.0 };
    let exponent = (high >> 48 & 0x7fff) as i32;
    let fraction = u128::from(high & 0xffff_ffff_ffff) << 64 | u128::from(low);
    if exponent == 0x7fff {
        return if fraction == 0 { sign * f64::INFINITY } else { f64::NAN };
    }
    // 113 significant bits; sticky below 64, so that the conversion from u64 rounds once to 53 (normal results).
    let significand = if exponent == 0 { fraction } else { fraction | 1 << 112 };
    let top = (significand >> 49) as u64 | u64::from(significand & ((1 << 49) - 1) != 0);
    let scale = exponent.max(1) - 16383 - 63;
    // Two steps keep powers of two in range; results below the normal doubles may be rounded twice.
    sign * ::libm::ldexp(::libm::ldexp(top as f64, scale / 2), scale - scale / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_doubles_take_two_aligned_slots() {
        use ArgumentKind::{LongDouble, Word};
        assert_eq!(argument_slots(&[Word, LongDouble, Word], 1000), [1000, 1008, 1024]);
        assert_eq!(argument_slots(&[LongDouble], 1000), [1008]);
    }

    #[test]
    fn binary128_becomes_the_nearest_double() {
        // 1.0, -2.5, 1 + 2^-53 + 2^-112 (above the tie: rounds up), infinity.
        assert_eq!(double_from_binary128([0, 0x3fff_0000_0000_0000]), 1.0);
        assert_eq!(double_from_binary128([0, 0xc000_4000_0000_0000]), -2.5);
        assert_eq!(
            double_from_binary128([1 << 59 | 1, 0x3fff_0000_0000_0000]),
            1.0 + f64::EPSILON
        );
        assert_eq!(double_from_binary128([1 << 59, 0x3fff_0000_0000_0000]), 1.0);
        assert_eq!(double_from_binary128([0, 0x7fff_0000_0000_0000]), f64::INFINITY);
        assert_eq!(double_from_binary128([0, 0]), 0.0);
    }
}
