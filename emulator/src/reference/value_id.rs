//! ValueIDs: the names of values in the output of a Reference task.
//!
//! A value has a *place*: the text that it was printed with (the format of the printf call), which of the conversions in that text it
//! was, and how many values had been printed at the same spot before. So values keep their names from run to run, and an execution
//! that takes another way and prints a line more or less does not shift the names of all values behind it.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

/// The name of a value: `val_` and 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueId([u8; 16]);

/// Where in a program's output a value stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The text that it was printed with: a printf format, or what stands for one (`UxHwPrint`, `Fortran`). At most
    /// [`Place::LONGEST_TEXT`] bytes of it.
    pub text: Vec<u8>,
    /// Which conversion of the text, from 0.
    pub conversion: u32,
    /// How many values the same conversion of the same text had printed before in the same execution.
    pub occurrence: u32,
}

impl Place {
    /// As much of a text is kept, in bytes; longer ones are distinguished by as much.
    pub const LONGEST_TEXT: usize = 4096;
}

impl fmt::Display for Place {
    /// `"lift = %f\n", conversion 1, occurrence 3`, both counted from 1.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = String::from_utf8_lossy(&self.text);
        write!(f, "{text:?}, conversion {}", u64::from(self.conversion) + 1)?;
        write!(f, ", occurrence {}", u64::from(self.occurrence) + 1)
    }
}

impl ValueId {
    /// The name of the value at `place` in a task with this seed: the first 16 bytes of a SHA-256 digest of all that.
    #[must_use]
    pub fn new(seed: u64, place: &Place) -> ValueId {
        let digest = Sha256::new()
            .chain_update(b"sigemu value 1\0")
            .chain_update(seed.to_le_bytes())
            .chain_update(place.conversion.to_le_bytes())
            .chain_update(place.occurrence.to_le_bytes())
            .chain_update(&place.text)
            .finalize();
        ValueId(std::array::from_fn(|i| digest[i]))
    }

    /// The name that these bytes are.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> ValueId {
        ValueId(bytes)
    }

    /// Its 16 bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 16] {
        self.0
    }
}

impl fmt::Display for ValueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "val_{:032x}", u128::from_be_bytes(self.0))
    }
}

/// A text that is no ValueID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no ValueID: they are val_ and 32 hexadecimal digits")]
pub struct ValueIdError(String);

impl FromStr for ValueId {
    type Err = ValueIdError;

    fn from_str(text: &str) -> Result<Self, ValueIdError> {
        text.strip_prefix("val_")
            .filter(|digits| digits.len() == 32 && digits.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')))
            .and_then(|digits| u128::from_str_radix(digits, 16).ok())
            .map(|number| ValueId(number.to_be_bytes()))
            .ok_or_else(|| ValueIdError(text.chars().take(64).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, conversion: u32, occurrence: u32) -> Place {
        Place {
            text: text.into(),
            conversion,
            occurrence,
        }
    }

    #[test]
    fn a_name_says_seed_and_place_and_nothing_else() {
        let id = ValueId::new(0, &place("%f\n", 0, 0));
        // sha256sum of the bytes that the documentation of `ValueId::new` tells.
        assert_eq!(id.to_string(), "val_cdf5e348c7a9acdfbd0a91d66ef169e5");
        let others = [
            ValueId::new(1, &place("%f\n", 0, 0)),
            ValueId::new(0, &place("%f", 0, 0)),
            ValueId::new(0, &place("%f\n", 1, 0)),
            ValueId::new(0, &place("%f\n", 0, 1)),
        ];
        assert!(others.iter().all(|other| *other != id));
    }

    #[test]
    fn names_are_read_back_and_nothing_else_is() {
        let id = ValueId::new(7, &place("%g", 2, 3));
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in [
            "",
            "val_",
            "val_0",
            "VAL_00000000000000000000000000000000",
            "val_0000000000000000000000000000000G",
            "val_+0000000000000000000000000000000",
        ] {
            assert!(text.parse::<ValueId>().is_err(), "{text}");
        }
    }
}
