//! `strfromd(buffer, size, format, value)` and `strfromf`: they do not go through printf.

use distcore::Format as NumberFormat;

use super::format::{Format, Number, Piece};
use super::number::Style;
use crate::hart::reg;
use crate::machine::Machine;
use crate::trap::Trap;

impl Machine {
    /// `strfromd` or `strfromf` starts. Its whole work is done here where Ux is printed.
    pub(super) fn enter_strfrom(&mut self, number_format: NumberFormat) -> Result<(), Trap> {
        let Some(shadow) = &self.shadow else { return Ok(()) };
        let value = shadow.operand(reg::FA0 as u8, &self.hart, number_format);
        if !self.shows_values() {
            return Ok(());
        }
        let [buffer, size, format] = [0, 1, 2].map(|n| self.hart.x[reg::A0 + n]);
        let format = self.memory.c_string(format)?.to_vec();
        let source = format.clone();
        let Some(format) = Format::parse(&format) else {
            return Ok(());
        };
        // "%", perhaps a precision, and a conversion: nothing else is allowed.
        let [Piece::Conversion(conversion)] = &format.pieces[..] else {
            return Ok(());
        };
        let precision = match conversion.precision {
            Some(Number::Written(precision)) => Some(precision as usize),
            Some(Number::Argument(_)) => return Ok(()),
            None => None,
        };
        if !conversion.is_floating() {
            return Ok(());
        }
        let style = Style {
            flags: b"",
            width: 0,
            precision,
            conversion: conversion.conversion,
            shortest: None,
        };
        let number = style.format(value.particle).number;
        let mut text = Vec::new();
        self.write_ux(&value, &number, (&source, 0), &mut text);
        let length = text.len() as u64;
        if size > 0 {
            text.truncate(size as usize - 1);
            text.push(0);
            self.memory.slice_mut(buffer, text.len() as u64)?.copy_from_slice(&text);
        }
        self.hart.x[reg::A0] = length;
        if let Some(shadow) = &mut self.shadow {
            shadow.clear_x(reg::A0);
        }
        self.hart.pc = self.hart.x[reg::RA];
        Ok(())
    }
}
