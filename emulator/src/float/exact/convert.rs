//! Conversions: between formats, to and from integers, and to integral numbers of the same format.

use crate::float::flags::{NV, NX};
use crate::float::format::{F64, Format};
use crate::float::number::{Finite, Number, propagate};
use crate::float::rounding::{Rounding, round_and_pack, round_at};

/// `a` of one format in another (`fcvt.d.s`, `fcvt.s.d`, `fcvt.h.d` and so on): exact if the target is wider, else rounded.
#[cold]
#[inline(never)]
pub fn convert<From: Format, To: Format>(a: From::Bits, rm: Rounding, fflags: &mut u8) -> To::Bits {
    if propagate::<From>(&[a], fflags).is_some() {
        return To::canonical_nan();
    }
    match Number::unpack::<From>(a) {
        Number::Infinity { negative } => To::signed(negative, To::INFINITY),
        Number::Zero { negative } => To::signed(negative, 0),
        Number::Finite(x) => round_and_pack::<To>(x, rm, fflags),
    }
}

/// ± `magnitude` rounded to the format.
fn from_integer<F: Format>(negative: bool, magnitude: u64, rm: Rounding, fflags: &mut u8) -> F::Bits {
    match Finite::normalised(negative, 63, magnitude) {
        Some(x) => round_and_pack::<F>(x, rm, fflags),
        None => F::signed(false, 0),
    }
}

/// The integer magnitude nearest to `x` as the mode has it, and whether it differs from `x`; `None` if it needs more than 64 bits.
fn round_to_integer(x: Finite, rm: Rounding) -> Option<(u64, bool)> {
    let drop = u32::try_from(63 - x.exponent).ok()?;
    Some(round_at(rm, x.negative, x.significand, drop))
}

/// `a` as an integer in `min..=max`: inexact if rounded; the nearest limit and invalid (not inexact) if the rounded value is outside,
/// the upper limit for a NaN.
fn to_integer<F: Format>(a: F::Bits, (min, max): (i128, i128), rm: Rounding, fflags: &mut u8) -> i128 {
    if F::is_nan(a) {
        *fflags |= NV;
        return max;
    }
    let rounded = match Number::unpack::<F>(a) {
        Number::Zero { .. } => return 0,
        Number::Infinity { .. } => None,
        Number::Finite(x) => round_to_integer(x, rm),
    };
    let signed = |magnitude: u64| {
        if F::is_negative(a) {
            -i128::from(magnitude)
        } else {
            i128::from(magnitude)
        }
    };
    match rounded {
        Some((magnitude, inexact)) if (min..=max).contains(&signed(magnitude)) => {
            if inexact {
                *fflags |= NX;
            }
            signed(magnitude)
        }
        _ => {
            *fflags |= NV;
            if F::is_negative(a) { min } else { max }
        }
    }
}

macro_rules! from_integers {
    ($($name:ident: $integer:ident, $negative:expr, $magnitude:expr, $instruction:literal;)*) => {$(
        #[doc = concat!("`fcvt` from `", $instruction, "`.")]
        #[cold]
        #[inline(never)]
        pub fn $name<F: Format>(integer: $integer, rm: Rounding, fflags: &mut u8) -> F::Bits {
            from_integer::<F>($negative(integer), $magnitude(integer), rm, fflags)
        }
    )*};
}

from_integers! {
    from_i32: i32, |x| x < 0, |x: i32| x.unsigned_abs().into(), "w";
    from_u32: u32, |_| false, u64::from, "wu";
    from_i64: i64, |x| x < 0, i64::unsigned_abs, "l";
    from_u64: u64, |_| false, |x| x, "lu";
}

macro_rules! to_integers {
    ($($name:ident: $integer:ident, $instruction:literal;)*) => {$(
        #[doc = concat!("`", $instruction, "`: saturates, see [`Float`](crate::float::Float).")]
        #[cold]
        #[inline(never)]
        pub fn $name<F: Format>(a: F::Bits, rm: Rounding, fflags: &mut u8) -> $integer {
            to_integer::<F>(a, ($integer::MIN.into(), $integer::MAX.into()), rm, fflags) as $integer
        }
    )*};
}

to_integers! {
    to_i32: i32, "fcvt.w";
    to_u32: u32, "fcvt.wu";
    to_i64: i64, "fcvt.l";
    to_u64: u64, "fcvt.lu";
}

/// `a` rounded to an integral number of the same format and sign; raises inexact only if `exact` asks for it (`froundnx`).
#[cold]
#[inline(never)]
pub fn round_to_integral<F: Format>(a: F::Bits, rm: Rounding, exact: bool, fflags: &mut u8) -> F::Bits {
    if let Some(nan) = propagate::<F>(&[a], fflags) {
        return nan;
    }
    let Number::Finite(x) = Number::unpack::<F>(a) else {
        return a;
    };
    if x.exponent >= F::FRACTION_BITS as i32 {
        return a;
    }
    let (magnitude, inexact) = round_at(rm, x.negative, x.significand, (63 - x.exponent) as u32);
    if exact && inexact {
        *fflags |= NX;
    }
    match Finite::normalised(x.negative, 63, magnitude) {
        // An integer of at most PRECISION bits: nothing is left to round.
        Some(integral) => round_and_pack::<F>(integral, rm, fflags),
        None => F::signed(x.negative, 0),
    }
}

/// `fcvtmod.w.d`: the double `a` truncated to an integer, modulo 2³²; 0 for an infinity or NaN. Flags are those of `fcvt.w.d`.
pub fn modular_i32(a: u64, fflags: &mut u8) -> i32 {
    to_i32::<F64>(a, Rounding::TowardZero, fflags);
    if a & !F64::SIGN >= F64::INFINITY {
        return 0;
    }
    let Number::Finite(x) = Number::unpack::<F64>(a) else {
        return 0;
    };
    let magnitude = match x.exponent {
        ..0 => 0,
        0..=63 => x.significand >> (63 - x.exponent),
        // What is shifted out at the top is a multiple of 2⁶⁴.
        64.. => x.significand.checked_shl((x.exponent - 63) as u32).unwrap_or(0),
    };
    let magnitude = magnitude as i32;
    if x.negative {
        magnitude.wrapping_neg()
    } else {
        magnitude
    }
}
