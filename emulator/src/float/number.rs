//! Bit patterns taken apart into a sign, an exponent and a significand.

use super::flags;
use super::format::Format;

/// What a bit pattern that is no NaN stands for.
#[derive(Clone, Copy)]
pub(super) enum Number {
    Infinity { negative: bool },
    Zero { negative: bool },
    Finite(Finite),
}

/// A finite number but zero: ± `significand` · 2^(`exponent` − 63) with bit 63 of the significand set, subnormals included.
#[derive(Clone, Copy)]
pub(super) struct Finite {
    pub(super) negative: bool,
    pub(super) exponent: i32,
    pub(super) significand: u64,
}

impl Number {
    /// Takes apart a pattern that is no NaN (see [`propagate`]).
    #[inline]
    pub(super) fn unpack<F: Format>(bits: F::Bits) -> Number {
        let negative = F::is_negative(bits);
        let magnitude = bits.into() & !F::SIGN;
        if magnitude == F::INFINITY {
            return Number::Infinity { negative };
        }
        // A subnormal has the exponent of the smallest normal number and no leading one.
        let field = magnitude >> F::FRACTION_BITS;
        let leading = u64::from(field != 0) << F::FRACTION_BITS;
        let exponent = F::MIN_EXPONENT + (field as i32 - 1).max(0);
        let significand = (magnitude & F::FRACTION | leading) << (63 - F::FRACTION_BITS);
        match Finite::normalised(negative, exponent, significand) {
            Some(finite) => Number::Finite(finite),
            None => Number::Zero { negative },
        }
    }
}

impl Finite {
    /// ± `significand` · 2^(`exponent` − 63) with the leading one moved to bit 63, or `None` for zero.
    #[inline]
    pub(super) fn normalised(negative: bool, exponent: i32, significand: u64) -> Option<Finite> {
        let shift = significand.leading_zeros();
        let significand = significand.checked_shl(shift)?;
        Some(Finite {
            negative,
            exponent: exponent - shift as i32,
            significand,
        })
    }
}

/// The result of an operation that read a NaN, if one of `operands` is a NaN: the canonical one, invalid if any was signalling.
#[inline]
pub(super) fn propagate<F: Format>(operands: &[F::Bits], fflags: &mut u8) -> Option<F::Bits> {
    if !operands.iter().any(|&a| F::is_nan(a)) {
        return None;
    }
    if operands.iter().any(|&a| F::is_signalling(a)) {
        *fflags |= flags::NV;
    }
    Some(F::canonical_nan())
}

/// The result of an operation on numbers that has none, such as ∞ − ∞.
#[inline]
pub(super) fn invalid<F: Format>(fflags: &mut u8) -> F::Bits {
    *fflags |= flags::NV;
    F::canonical_nan()
}
