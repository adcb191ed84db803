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
        let position_digits = 2 * width.bytes();
        let dirac_digits = position_digits + MASS_DIGITS;
        let value = UxValue {
            particle,
            representation: TypeCode(hex::read(&header[..2]) as u8),
            samples: hex::read(&header[2..18]),
            mean: f64::from_bits(hex::read(&header[18..34])),
            width,
            diracs: body[..diracs * dirac_digits]
                .chunks_exact(dirac_digits)
                .map(|digits| {
                    let (position, mass) = digits.split_at(position_digits);
                    let position = match width {
                        PositionWidth::F64 => f64::from_bits(hex::read(position)),
                        PositionWidth::F32 => widen(hex::read(position) as u32),
                    };
                    Dirac {
                        position,
                        mass: hex::read(mass),
                    }
                })
                .collect(),
        };
        Ok((value, start + HEADER_DIGITS + diracs * dirac_digits))
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

/// Where `Ux` begins: at the start or behind characters that a number may have.
fn find_marker(text: &[u8]) -> Result<usize, UxError> {
    let number = text
        .iter()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'-' | b'.'))
        .count();
    text[..number]
        .windows(2)
        .position(|pair| pair == b"Ux")
        .ok_or(UxReason::NoMarker.at(0))
}
