//! What can be wrong with a Ux text or byte string.

use thiserror::Error;

/// Malformed Ux data: where reading stopped, and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("malformed Ux data at byte {offset}: {reason}")]
pub struct UxError {
    /// Bytes from the start of the input.
    pub offset: usize,
    /// What is wrong there.
    pub reason: UxReason,
}

/// Why Ux data was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UxReason {
    /// The text has no `Ux` after an optional number.
    #[error("no `Ux` after an optional number")]
    NoMarker,
    /// What stands before `Ux` is not a number.
    #[error("what stands before `Ux` is not a number")]
    BadParticle,
    /// The text ends or a character other than a hexadecimal digit stands inside a field.
    #[error("{field} needs {needed} hexadecimal digits, found {found}")]
    ShortText {
        /// The field.
        field: &'static str,
        /// Digits that the field takes (all Diracs together: with the narrower, 8-digit positions).
        needed: usize,
        /// Digits that there are.
        found: usize,
    },
    /// The bytes end inside a field.
    #[error("{field} needs {needed} bytes, found {found}")]
    ShortBinary {
        /// The field.
        field: &'static str,
        /// Bytes that the field takes.
        needed: usize,
        /// Bytes that there are.
        found: usize,
    },
    /// The first byte of the marker `F0 00 00` is there, the others are not.
    #[error("a marker F0 must continue 00 00")]
    BadMarker,
    /// More Diracs than any core makes.
    #[error("{count} Diracs are more than the {max} that a reader accepts", max = super::MAX_DIRACS)]
    TooManyDiracs {
        /// The count that the data states.
        count: u32,
    },
}

impl UxReason {
    pub(super) fn at(self, offset: usize) -> UxError {
        UxError { offset, reason: self }
    }
}
