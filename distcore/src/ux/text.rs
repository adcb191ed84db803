//! The text form, both directions.

use super::error::{UxError, UxReason};
use super::{Dirac, MAX_DIRACS, PositionWidth, TypeCode, UxValue, hex, narrow, particle, widen};

/// Digits between `Ux` and the first Dirac: type, samples, mean, count.
const HEADER_DIGITS: usize = 2 + 16 + 16 + 8;

/// Digits of a mass.
const MASS_DIGITS: usize = 16;

impl UxValue {
    /// Reads a value from the start of `text`, which begins with a particle or with `Ux`, and says how many bytes it
    /// took. Exactly the digits that the count asks for are taken: what follows, even a hexadecimal letter, is not part
    /// of the value.
    ///
    /// The text does not say how wide its positions are: if there are digits enough for 16-digit (double) positions they
    /// are taken as such, else as 8-digit (float) ones. So a float value must not be followed directly by hexadecimal
    /// digits.
    ///
    /// # Errors
    ///
    /// The offset of the offending field and the reason. Nothing is allocated before the digits have been counted.
    pub fn parse_text(text: &[u8]) -> Result<(UxValue, usize), UxError> {
        let marker = find_marker(text)?;
        let particle = match &text[..marker] {
            [] => None,
            number => Some(particle::parse(number).ok_or(UxReason::BadParticle.at(0))?),
        };
        let start = marker + 2;
        let header = &text[start..];
        let found = hex::count_digits(header, HEADER_DIGITS);
        for (field, from, to) in [
            ("type", 0, 2),
            ("samples", 2, 18),
            ("mean", 18, 34),
            ("count", 34, HEADER_DIGITS),
        ] {
            if found < to {
                return Err(UxReason::ShortText {
                    field,
                    needed: to - from,
                    found: found - from,
                }
                .at(start + from));
            }
        }
        let count = hex::read(&header[34..42]) as u32;
        let diracs = count as usize;
        if diracs > MAX_DIRACS {
            return Err(UxReason::TooManyDiracs { count }.at(start + 34));
        }

        let body = &header[HEADER_DIGITS..];
        let found = hex::count_digits(body, diracs * (16 + MASS_DIGITS));
        let fits = |width: PositionWidth| found >= diracs * (2 * width.bytes() + MASS_DIGITS);
        let width = match (fits(PositionWidth::F64), fits(PositionWidth::F32)) {
            (true, _) => PositionWidth::F64,
            (false, true) => PositionWidth::F32,
            (false, false) => {
                let needed = diracs * (8 + MASS_DIGITS);
                return Err(UxReason::ShortText {
                    field: "list of Diracs",
                    needed,
                    found,
                }
                .at(start + HEADER_DIGITS));
            }
        };
        let body = &body[..diracs * (2 * width.bytes() + MASS_DIGITS)];
        let value = UxValue {
            particle,
            representation: TypeCode(hex::read(&header[..2]) as u8),
            samples: hex::read(&header[2..18]),
            mean: f64::from_bits(hex::read(&header[18..34])),
            width,
            diracs: match width {
                PositionWidth::F64 => read_diracs::<32>(body, |position| f64::from_bits(hex::read(position))),
                PositionWidth::F32 => read_diracs::<24>(body, |position| widen(hex::read(position) as u32)),
            },
        };
        Ok((value, start + HEADER_DIGITS + body.len()))
    }

    /// Appends `particle`, then `Ux` and the digits in upper case. The particle is the caller's text, since a conversion
    /// such as `%.2f` shapes it; the field of the same name is not looked at.
    ///
    /// More than `u32::MAX` Diracs cannot be counted by the format: the rest is left out.
    pub fn write_text(&self, particle: &str, out: &mut Vec<u8>) {
        let count = u32::try_from(self.diracs.len()).unwrap_or(u32::MAX);
        let dirac_digits = 2 * self.width.bytes() + MASS_DIGITS;
        out.reserve(particle.len() + 2 + HEADER_DIGITS + count as usize * dirac_digits);
        out.extend_from_slice(particle.as_bytes());
        out.extend_from_slice(b"Ux");
        out.extend_from_slice(&hex::digits8(u32::from(self.representation.0))[6..]);
        out.extend_from_slice(&hex::digits16(self.samples));
        out.extend_from_slice(&hex::digits16(self.mean.to_bits()));
        out.extend_from_slice(&hex::digits8(count));
        let diracs = &self.diracs[..count as usize];
        match self.width {
            PositionWidth::F64 => {
                for dirac in diracs {
                    out.extend_from_slice(&hex::digits16(dirac.position.to_bits()));
                    out.extend_from_slice(&hex::digits16(dirac.mass));
                }
            }
            PositionWidth::F32 => {
                for dirac in diracs {
                    out.extend_from_slice(&hex::digits8(narrow(dirac.position)));
                    out.extend_from_slice(&hex::digits16(dirac.mass));
                }
            }
        }
    }

    /// The text form as a string: see [`UxValue::write_text`].
    pub fn to_text(&self, particle: &str) -> String {
        let mut out = Vec::new();
        self.write_text(particle, &mut out);
        String::from_utf8(out).expect("a str followed by ASCII digits is UTF-8")
    }
}

/// Diracs of `DIGITS` digits each: a constant, so that reading a number is a handful of instructions without a loop.
fn read_diracs<const DIGITS: usize>(body: &[u8], position: impl Fn(&[u8]) -> f64) -> Vec<Dirac> {
    let (diracs, _) = body.as_chunks::<DIGITS>();
    let read = |digits: &[u8; DIGITS]| {
        let (head, mass) = digits.split_at(DIGITS - MASS_DIGITS);
        Dirac {
            position: position(head),
            mass: hex::read(mass),
        }
    };
    diracs.iter().map(read).collect()
}

/// Where `Ux` begins: at the start, or behind characters that a number may have (none of which is a `U`).
fn find_marker(text: &[u8]) -> Result<usize, UxError> {
    let in_number = |&c: &u8| c != b'U' && (c.is_ascii_alphanumeric() || matches!(c, b'+' | b'-' | b'.'));
    let number = text.iter().position(|c| !in_number(c)).unwrap_or(text.len());
    if text[number..].starts_with(b"Ux") {
        Ok(number)
    } else {
        Err(UxReason::NoMarker.at(0))
    }
}
