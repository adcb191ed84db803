//! Rounding modes, and the one place where a result is rounded, packed and its flags are found.

use super::flags::{NX, OF, UF};
use super::format::Format;
use super::number::Finite;

/// A rounding mode; the discriminant is its code in `frm` and in an instruction's `rm` field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Rounding {
    /// RNE: to the nearest number, ties to the one with an even significand.
    NearestEven = 0,
    /// RTZ: towards zero.
    TowardZero = 1,
    /// RDN: towards −∞.
    Down = 2,
    /// RUP: towards +∞.
    Up = 3,
    /// RMM: to the nearest number, ties away from zero.
    NearestMaxMagnitude = 4,
}

impl Rounding {
    /// All modes in the order of their codes.
    pub const ALL: [Rounding; 5] = [
        Rounding::NearestEven,
        Rounding::TowardZero,
        Rounding::Down,
        Rounding::Up,
        Rounding::NearestMaxMagnitude,
    ];

    /// The mode with this code; `None` for the reserved codes 5 and 6 and for 7, which in an instruction means "as `frm` says".
    #[inline]
    pub fn from_code(code: u8) -> Option<Rounding> {
        Rounding::ALL.get(usize::from(code)).copied()
    }

    /// Whether a number of this sign that lies between two representable ones goes to the one of larger magnitude. `odd` tells of
    /// the smaller one's last bit, `remainder` is the excess over it in units in which half the distance is `half`, not zero.
    #[inline]
    fn away_from_zero(self, negative: bool, odd: bool, remainder: u64, half: u64) -> bool {
        match self {
            Rounding::NearestEven => remainder > half || (remainder == half && odd),
            Rounding::TowardZero => false,
            Rounding::Down => negative,
            Rounding::Up => !negative,
            Rounding::NearestMaxMagnitude => remainder >= half,
        }
    }
}

/// ± `significand` / 2^`drop` rounded to an integer, and whether that changed it.
///
/// The lowest bit of `significand` may be sticky (stand for any excess below it) when `drop` is at least 2.
#[inline]
pub(super) fn round_at(rm: Rounding, negative: bool, significand: u64, drop: u32) -> (u64, bool) {
    let (kept, remainder, half) = match drop {
        0 => return (significand, false),
        1..=63 => (significand >> drop, significand & ((1 << drop) - 1), 1 << (drop - 1)),
        64 => (0, significand, 1 << 63),
        // Below a quarter of the last place: only that it is not zero matters.
        _ => (0, u64::from(significand != 0), 2),
    };
    if remainder == 0 {
        return (kept, false);
    }
    let up = rm.away_from_zero(negative, kept & 1 == 1, remainder, half);
    (kept + u64::from(up), true)
}

/// Rounds a number to the format and raises inexact, underflow and overflow as due.
///
/// The significand's lowest bit may be sticky: every format leaves more than two bits below its last place.
pub(super) fn round_and_pack<F: Format>(number: Finite, rm: Rounding, fflags: &mut u8) -> F::Bits {
    let Finite {
        negative,
        exponent,
        significand,
    } = number;
    if exponent > F::MAX_EXPONENT {
        return overflow::<F>(negative, rm, fflags);
    }
    let drop = 64 - F::PRECISION;
    let below_normal = (F::MIN_EXPONENT - exponent).max(0) as u32;
    let (kept, inexact) = round_at(rm, negative, significand, drop + below_normal);

    if inexact {
        *fflags |= NX;
        // Tininess after rounding: rounded as if the exponent had no lower limit, is it below the smallest normal? Only a number
        // in the binade below that can be rounded up to it.
        let reaches_normal = || round_at(rm, negative, significand, drop).0 >> F::PRECISION != 0;
        if below_normal > 0 && !(below_normal == 1 && reaches_normal()) {
            *fflags |= UF;
        }
    }

    // `kept` holds the leading one of a normal number, so the stored exponent is one less; a carry out of the significand moves into
    // the exponent, from the subnormals to the smallest normal and from the largest finite number to infinity alike.
    let stored_exponent = (exponent + below_normal as i32 - F::MIN_EXPONENT) as u64;
    let magnitude = (stored_exponent << F::FRACTION_BITS) + kept;
    if magnitude >= F::INFINITY {
        return overflow::<F>(negative, rm, fflags);
    }
    F::signed(negative, magnitude)
}

/// What a number beyond the largest finite one becomes.
fn overflow<F: Format>(negative: bool, rm: Rounding, fflags: &mut u8) -> F::Bits {
    *fflags |= OF | NX;
    let to_infinity = match rm {
        Rounding::NearestEven | Rounding::NearestMaxMagnitude => true,
        Rounding::TowardZero => false,
        Rounding::Down => negative,
        Rounding::Up => !negative,
    };
    F::signed(negative, F::INFINITY - u64::from(!to_infinity))
}
