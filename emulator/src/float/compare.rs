//! Comparison, minimum and maximum, classification: nothing here rounds.

use super::flags::NV;
use super::format::Format;

/// Raises invalid if an operand is a signalling NaN; tells whether any is a NaN.
#[inline]
fn unordered<F: Format>(a: F::Bits, b: F::Bits, fflags: &mut u8) -> bool {
    if F::is_signalling(a) || F::is_signalling(b) {
        *fflags |= NV;
    }
    F::is_nan(a) || F::is_nan(b)
}

/// An integer that orders numbers as their values do, −0 just below +0.
#[inline]
fn order<F: Format>(a: F::Bits) -> i64 {
    let magnitude = (a.into() & !F::SIGN) as i64;
    if F::is_negative(a) { !magnitude } else { magnitude }
}

#[inline]
fn both_zero<F: Format>(a: F::Bits, b: F::Bits) -> bool {
    (a.into() | b.into()) & !F::SIGN == 0
}

/// `feq`: quiet, false if unordered.
pub(super) fn eq<F: Format>(a: F::Bits, b: F::Bits, fflags: &mut u8) -> bool {
    !unordered::<F>(a, b, fflags) && (a == b || both_zero::<F>(a, b))
}

/// `fltq`: quiet, false if unordered.
pub(super) fn lt_quiet<F: Format>(a: F::Bits, b: F::Bits, fflags: &mut u8) -> bool {
    !unordered::<F>(a, b, fflags) && order::<F>(a) < order::<F>(b) && !both_zero::<F>(a, b)
}

/// `fleq`: quiet, false if unordered.
pub(super) fn le_quiet<F: Format>(a: F::Bits, b: F::Bits, fflags: &mut u8) -> bool {
    !unordered::<F>(a, b, fflags) && (order::<F>(a) <= order::<F>(b) || both_zero::<F>(a, b))
}

/// Raises invalid for a NaN of either kind, as the signalling comparisons do.
pub(super) fn signal_nan<F: Format>(a: F::Bits, b: F::Bits, fflags: &mut u8) {
    if F::is_nan(a) || F::is_nan(b) {
        *fflags |= NV;
    }
}

/// Which of two numbers an extremum takes, and what it makes of a NaN.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extremum {
    /// `fmin`: IEEE 754-2019 minimumNumber.
    MinNumber,
    /// `fmax`: maximumNumber.
    MaxNumber,
    /// `fminm`: minimum.
    Min,
    /// `fmaxm`: maximum.
    Max,
}

pub(super) fn extremum<F: Format>(which: Extremum, a: F::Bits, b: F::Bits, fflags: &mut u8) -> F::Bits {
    use Extremum::{MaxNumber, Min, MinNumber};
    if unordered::<F>(a, b, fflags) {
        return match which {
            MinNumber | MaxNumber if !F::is_nan(a) => a,
            MinNumber | MaxNumber if !F::is_nan(b) => b,
            _ => F::canonical_nan(),
        };
    }
    let a_is_less = order::<F>(a) < order::<F>(b);
    if a_is_less == matches!(which, MinNumber | Min) {
        a
    } else {
        b
    }
}

/// The ten classes of `fclass`; the discriminant is the bit that the instruction sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Class {
    /// −∞
    NegativeInfinity = 0,
    /// A negative normal number.
    NegativeNormal = 1,
    /// A negative subnormal number.
    NegativeSubnormal = 2,
    /// −0
    NegativeZero = 3,
    /// +0
    PositiveZero = 4,
    /// A positive subnormal number.
    PositiveSubnormal = 5,
    /// A positive normal number.
    PositiveNormal = 6,
    /// +∞
    PositiveInfinity = 7,
    /// A signalling NaN.
    SignallingNan = 8,
    /// A quiet NaN.
    QuietNan = 9,
}

impl Class {
    /// The class of a bit pattern.
    pub fn of<F: Format>(a: F::Bits) -> Class {
        let magnitude = a.into() & !F::SIGN;
        let (negative, positive) = match magnitude {
            _ if F::is_signalling(a) => return Class::SignallingNan,
            _ if F::is_nan(a) => return Class::QuietNan,
            _ if magnitude == F::INFINITY => (Class::NegativeInfinity, Class::PositiveInfinity),
            0 => (Class::NegativeZero, Class::PositiveZero),
            _ if magnitude <= F::FRACTION => (Class::NegativeSubnormal, Class::PositiveSubnormal),
            _ => (Class::NegativeNormal, Class::PositiveNormal),
        };
        if F::is_negative(a) { negative } else { positive }
    }

    /// What `fclass` writes to its register: one bit set out of ten.
    pub fn mask(self) -> u64 {
        1 << self as u8
    }
}
