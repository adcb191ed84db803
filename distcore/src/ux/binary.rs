//! The binary form, both directions.

use super::error::{UxError, UxReason};
use super::{Dirac, MAX_DIRACS, PositionWidth, TypeCode, UxValue, narrow, widen};

/// Stands between particle and type. The legacy form lacks it and has the type there, which is never F0.
const MARKER: [u8; 3] = [0xF0, 0x00, 0x00];

/// Bytes of a mass.
const MASS_BYTES: usize = 8;

impl UxValue {
    /// Reads a value from the start of `bytes`, with the marker or in the legacy form without, and says how many bytes it
    /// took.
    ///
    /// The data do not say how wide their positions are. Give `width` when it is known (a `float` program reads floats);
    /// with `None` they are taken as doubles if there are bytes enough for that, else as floats.
    ///
    /// # Errors
    ///
    /// The offset of the offending field and the reason. Nothing is allocated before the length has been checked.
    pub fn parse_binary(bytes: &[u8], width: Option<PositionWidth>) -> Result<(UxValue, usize), UxError> {
        let mut reader = Reader { bytes, offset: 0 };
        let particle = f64::from_le_bytes(reader.take("particle")?);
        if bytes.get(reader.offset) == Some(&MARKER[0]) {
            let offset = reader.offset;
            if reader.take("marker")? != MARKER {
                return Err(UxReason::BadMarker.at(offset));
            }
        }
        let [representation] = reader.take("type")?;
        let samples = u64::from_le_bytes(reader.take("samples")?);
        let mean = f64::from_le_bytes(reader.take("mean")?);
        let count_offset = reader.offset;
        let count = u32::from_le_bytes(reader.take("count")?);
        let diracs = count as usize;
        if diracs > MAX_DIRACS {
            return Err(UxReason::TooManyDiracs { count }.at(count_offset));
        }

        let body = &bytes[reader.offset..];
        let length = |width: PositionWidth| diracs * (width.bytes() + MASS_BYTES);
        let width = width.unwrap_or(if body.len() >= length(PositionWidth::F64) {
            PositionWidth::F64
        } else {
            PositionWidth::F32
        });
        let needed = length(width);
        if body.len() < needed {
            return Err(UxReason::ShortBinary {
                field: "list of Diracs",
                needed,
                found: body.len(),
            }
            .at(reader.offset));
        }
        let mut list = Vec::with_capacity(diracs);
        for _ in 0..diracs {
            let position = match width {
                PositionWidth::F64 => f64::from_le_bytes(reader.take("position")?),
                PositionWidth::F32 => widen(u32::from_le_bytes(reader.take("position")?)),
            };
            list.push(Dirac {
                position,
                mass: u64::from_le_bytes(reader.take("mass")?),
            });
        }
        let representation = TypeCode(representation);
        Ok((
            UxValue {
                particle: Some(particle),
                representation,
                samples,
                mean,
                width,
                diracs: list,
            },
            reader.offset,
        ))
    }

    /// Appends the binary form, with the marker. The form has no way to omit the particle: without one the mean takes its
    /// place, as it does when a core makes a distribution.
    ///
    /// More than `u32::MAX` Diracs cannot be counted by the format: the rest is left out.
    pub fn write_binary(&self, out: &mut Vec<u8>) {
        let count = u32::try_from(self.diracs.len()).unwrap_or(u32::MAX);
        out.reserve(8 + MARKER.len() + 21 + count as usize * (self.width.bytes() + MASS_BYTES));
        out.extend_from_slice(&self.particle.unwrap_or(self.mean).to_le_bytes());
        out.extend_from_slice(&MARKER);
        out.push(self.representation.0);
        out.extend_from_slice(&self.samples.to_le_bytes());
        out.extend_from_slice(&self.mean.to_le_bytes());
        out.extend_from_slice(&count.to_le_bytes());
        for dirac in &self.diracs[..count as usize] {
            match self.width {
                PositionWidth::F64 => out.extend_from_slice(&dirac.position.to_le_bytes()),
                PositionWidth::F32 => out.extend_from_slice(&narrow(dirac.position).to_le_bytes()),
            }
            out.extend_from_slice(&dirac.mass.to_le_bytes());
        }
    }

    /// The binary form as a new byte string: see [`UxValue::write_binary`].
    pub fn to_binary(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write_binary(&mut out);
        out
    }
}

/// Takes fields off the front of a byte string.
struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl Reader<'_> {
    fn take<const SIZE: usize>(&mut self, field: &'static str) -> Result<[u8; SIZE], UxError> {
        let rest = &self.bytes[self.offset..];
        match rest.first_chunk() {
            Some(chunk) => {
                self.offset += SIZE;
                Ok(*chunk)
            }
            None => Err(UxReason::ShortBinary {
                field,
                needed: SIZE,
                found: rest.len(),
            }
            .at(self.offset)),
        }
    }
}
