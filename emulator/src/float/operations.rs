//! The operations of the instruction set, one function an instruction, for every format.

use super::compare::{self, Class, Extremum};
use super::exact;
use super::fast::{self, MultiplyAdd};
use super::flags::NV;
use super::format::{F16, F32, F64, Format};
use super::rounding::Rounding;

/// The floating-point instructions on one format.
///
/// Operands and results are bit patterns of the format's own width (see [`unboxed`](super::unboxed) for reading a register). Flags
/// that an operation raises are added to `fflags`, a byte of the [`flags`](super::flags); none is ever cleared. A NaN
/// result is the canonical one.
pub trait Float: Format {
    /// `fadd`: a + b.
    #[inline]
    fn add(a: Self::Bits, b: Self::Bits, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        exact::add::<Self>(a, b, rm, fflags)
    }

    /// `fsub`: a − b.
    #[inline]
    fn sub(a: Self::Bits, b: Self::Bits, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        exact::sub::<Self>(a, b, rm, fflags)
    }

    /// `fmul`: a · b.
    #[inline]
    fn mul(a: Self::Bits, b: Self::Bits, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        exact::mul::<Self>(a, b, rm, fflags)
    }

    /// `fdiv`: a / b.
    #[inline]
    fn div(a: Self::Bits, b: Self::Bits, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        exact::div::<Self>(a, b, rm, fflags)
    }

    /// `fsqrt`: √a.
    #[inline]
    fn sqrt(a: Self::Bits, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        exact::sqrt::<Self>(a, rm, fflags)
    }

    /// `fmadd`: a · b + c, rounded once. Invalid for ∞ · 0 even if c is a quiet NaN.
    #[inline]
    fn fused(a: Self::Bits, b: Self::Bits, c: Self::Bits, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        exact::fused::<Self>(a, b, c, rm, fflags)
    }

    /// `fmsub`: a · b − c.
    #[inline]
    fn fused_sub(a: Self::Bits, b: Self::Bits, c: Self::Bits, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        Self::fused(a, b, Self::negated(c), rm, fflags)
    }

    /// `fnmsub`: −(a · b) + c.
    #[inline]
    fn fused_negated_sub(a: Self::Bits, b: Self::Bits, c: Self::Bits, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        Self::fused(Self::negated(a), b, c, rm, fflags)
    }

    /// `fnmadd`: −(a · b) − c.
    #[inline]
    fn fused_negated_add(a: Self::Bits, b: Self::Bits, c: Self::Bits, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        Self::fused(Self::negated(a), b, Self::negated(c), rm, fflags)
    }

    /// `feq`: quiet (invalid for signalling NaNs only), false for a NaN.
    #[inline]
    fn eq(a: Self::Bits, b: Self::Bits, fflags: &mut u8) -> bool {
        compare::eq::<Self>(a, b, fflags)
    }

    /// `flt`: a < b; invalid and false for a NaN.
    #[inline]
    fn lt(a: Self::Bits, b: Self::Bits, fflags: &mut u8) -> bool {
        compare::signal_nan::<Self>(a, b, fflags);
        compare::lt_quiet::<Self>(a, b, fflags)
    }

    /// `fle`: a ≤ b; invalid and false for a NaN.
    #[inline]
    fn le(a: Self::Bits, b: Self::Bits, fflags: &mut u8) -> bool {
        compare::signal_nan::<Self>(a, b, fflags);
        compare::le_quiet::<Self>(a, b, fflags)
    }

    /// `fltq` (Zfa): a < b, invalid for signalling NaNs only.
    #[inline]
    fn lt_quiet(a: Self::Bits, b: Self::Bits, fflags: &mut u8) -> bool {
        compare::lt_quiet::<Self>(a, b, fflags)
    }

    /// `fleq` (Zfa): a ≤ b, invalid for signalling NaNs only.
    #[inline]
    fn le_quiet(a: Self::Bits, b: Self::Bits, fflags: &mut u8) -> bool {
        compare::le_quiet::<Self>(a, b, fflags)
    }

    /// `fmin`: the lesser, −0 below +0; the other operand if one is a NaN. Invalid for signalling NaNs.
    #[inline]
    fn min(a: Self::Bits, b: Self::Bits, fflags: &mut u8) -> Self::Bits {
        compare::extremum::<Self>(Extremum::MinNumber, a, b, fflags)
    }

    /// `fmax`: the greater, −0 below +0; the other operand if one is a NaN. Invalid for signalling NaNs.
    #[inline]
    fn max(a: Self::Bits, b: Self::Bits, fflags: &mut u8) -> Self::Bits {
        compare::extremum::<Self>(Extremum::MaxNumber, a, b, fflags)
    }

    /// `fminm` (Zfa): as [`min`](Self::min), but a NaN if either operand is one.
    #[inline]
    fn min_nan(a: Self::Bits, b: Self::Bits, fflags: &mut u8) -> Self::Bits {
        compare::extremum::<Self>(Extremum::Min, a, b, fflags)
    }

    /// `fmaxm` (Zfa): as [`max`](Self::max), but a NaN if either operand is one.
    #[inline]
    fn max_nan(a: Self::Bits, b: Self::Bits, fflags: &mut u8) -> Self::Bits {
        compare::extremum::<Self>(Extremum::Max, a, b, fflags)
    }

    /// `fclass`: see [`Class::mask`].
    #[inline]
    fn class(a: Self::Bits) -> Class {
        Class::of::<Self>(a)
    }

    /// `fsgnj`: a with the sign of b.
    #[inline]
    fn sign_inject(a: Self::Bits, b: Self::Bits) -> Self::Bits {
        Self::from_raw(a.into() & !Self::SIGN | b.into() & Self::SIGN)
    }

    /// `fsgnjn`: a with the opposite of the sign of b.
    #[inline]
    fn sign_inject_negated(a: Self::Bits, b: Self::Bits) -> Self::Bits {
        Self::sign_inject(a, Self::negated(b))
    }

    /// `fsgnjx`: a with its sign flipped if b is negative.
    #[inline]
    fn sign_inject_xor(a: Self::Bits, b: Self::Bits) -> Self::Bits {
        Self::from_raw(a.into() ^ b.into() & Self::SIGN)
    }

    /// `fround` (Zfa): the integral number that the mode rounds to; never inexact.
    #[inline]
    fn round(a: Self::Bits, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        exact::round_to_integral::<Self>(a, rm, false, fflags)
    }

    /// `froundnx` (Zfa): as [`round`](Self::round), inexact if the result differs from a.
    #[inline]
    fn round_exact(a: Self::Bits, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        exact::round_to_integral::<Self>(a, rm, true, fflags)
    }

    /// `fcvt.w`: saturates; a NaN gives the largest value. Invalid (and not inexact) if out of range.
    #[inline]
    fn to_i32(a: Self::Bits, rm: Rounding, fflags: &mut u8) -> i32 {
        exact::to_i32::<Self>(a, rm, fflags)
    }

    /// `fcvt.wu`: as [`to_i32`](Self::to_i32); −0.5 rounded up is 0, −1 is out of range. (The register gets it sign-extended.)
    #[inline]
    fn to_u32(a: Self::Bits, rm: Rounding, fflags: &mut u8) -> u32 {
        exact::to_u32::<Self>(a, rm, fflags)
    }

    /// `fcvt.l`: as [`to_i32`](Self::to_i32).
    #[inline]
    fn to_i64(a: Self::Bits, rm: Rounding, fflags: &mut u8) -> i64 {
        exact::to_i64::<Self>(a, rm, fflags)
    }

    /// `fcvt.lu`: as [`to_u32`](Self::to_u32).
    #[inline]
    fn to_u64(a: Self::Bits, rm: Rounding, fflags: &mut u8) -> u64 {
        exact::to_u64::<Self>(a, rm, fflags)
    }

    /// `fcvt` from `w`: rounded if the format has too few bits.
    #[inline]
    fn from_i32(integer: i32, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        exact::from_integer::<Self>(integer < 0, integer.unsigned_abs().into(), rm, fflags)
    }

    /// `fcvt` from `wu`.
    #[inline]
    fn from_u32(integer: u32, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        exact::from_integer::<Self>(false, integer.into(), rm, fflags)
    }

    /// `fcvt` from `l`.
    #[inline]
    fn from_i64(integer: i64, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        exact::from_integer::<Self>(integer < 0, integer.unsigned_abs(), rm, fflags)
    }

    /// `fcvt` from `lu`.
    #[inline]
    fn from_u64(integer: u64, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        exact::from_integer::<Self>(false, integer, rm, fflags)
    }
}

/// `a` of one format in another (`fcvt.d.s`, `fcvt.s.d`, `fcvt.h.d` and so on): exact if the target is wider, else rounded.
#[inline]
pub fn convert<From: Format, To: Format>(a: From::Bits, rm: Rounding, fflags: &mut u8) -> To::Bits {
    match (From::WIDTH, To::WIDTH) {
        (32, 64) => To::from_raw(fast::conversions::f32_to_f64(a.into() as u32, fflags)),
        (64, 32) => To::from_raw(fast::conversions::f64_to_f32(a.into(), rm, fflags).into()),
        _ => exact::convert::<From, To>(a, rm, fflags),
    }
}

impl Float for F16 {}

/// The operations that the host computes, for `f32` or `f64`: arithmetic, then what both formats do alike.
macro_rules! on_the_host {
    ($format:ident, $host:ident, $bits:ident, $module:ident, detect ($($detect:expr)?)) => {
        impl Float for $format {
            #[inline(always)]
            fn add(a: $bits, b: $bits, rm: Rounding, fflags: &mut u8) -> $bits {
                fast::$module::add(a, b, rm, fflags)
            }

            #[inline(always)]
            fn sub(a: $bits, b: $bits, rm: Rounding, fflags: &mut u8) -> $bits {
                fast::$module::add(a, Self::negated(b), rm, fflags)
            }

            #[inline(always)]
            fn mul(a: $bits, b: $bits, rm: Rounding, fflags: &mut u8) -> $bits {
                fast::$module::mul(a, b, rm, fflags $(, $detect)?)
            }

            #[inline(always)]
            fn div(a: $bits, b: $bits, rm: Rounding, fflags: &mut u8) -> $bits {
                fast::$module::div(a, b, rm, fflags $(, $detect)?)
            }

            #[inline(always)]
            fn sqrt(a: $bits, rm: Rounding, fflags: &mut u8) -> $bits {
                fast::$module::sqrt(a, rm, fflags $(, $detect)?)
            }

            #[inline(always)]
            fn fused(a: $bits, b: $bits, c: $bits, rm: Rounding, fflags: &mut u8) -> $bits {
                fast::$module::fused(a, b, c, rm, fflags, MultiplyAdd::detect)
            }

            #[inline(always)]
            fn eq(a: $bits, b: $bits, fflags: &mut u8) -> bool {
                let (x, y) = ($host::from_bits(a), $host::from_bits(b));
                if x.is_nan() || y.is_nan() { compare::eq::<Self>(a, b, fflags) } else { x == y }
            }

            #[inline(always)]
            fn lt(a: $bits, b: $bits, fflags: &mut u8) -> bool {
                let (x, y) = ($host::from_bits(a), $host::from_bits(b));
                *fflags |= u8::from(x.is_nan() || y.is_nan()) * NV;
                x < y
            }

            #[inline(always)]
            fn le(a: $bits, b: $bits, fflags: &mut u8) -> bool {
                let (x, y) = ($host::from_bits(a), $host::from_bits(b));
                *fflags |= u8::from(x.is_nan() || y.is_nan()) * NV;
                x <= y
            }

            #[inline(always)]
            fn to_i32(a: $bits, rm: Rounding, fflags: &mut u8) -> i32 {
                fast::conversions::to_i32($host::from_bits(a).into(), rm, fflags)
                    .unwrap_or_else(|| exact::to_i32::<Self>(a, rm, fflags))
            }

            #[inline(always)]
            fn to_u32(a: $bits, rm: Rounding, fflags: &mut u8) -> u32 {
                fast::conversions::to_u32($host::from_bits(a).into(), rm, fflags)
                    .unwrap_or_else(|| exact::to_u32::<Self>(a, rm, fflags))
            }

            #[inline(always)]
            fn to_i64(a: $bits, rm: Rounding, fflags: &mut u8) -> i64 {
                fast::conversions::to_i64($host::from_bits(a).into(), rm, fflags)
                    .unwrap_or_else(|| exact::to_i64::<Self>(a, rm, fflags))
            }

            #[inline(always)]
            fn to_u64(a: $bits, rm: Rounding, fflags: &mut u8) -> u64 {
                fast::conversions::to_u64($host::from_bits(a).into(), rm, fflags)
                    .unwrap_or_else(|| exact::to_u64::<Self>(a, rm, fflags))
            }

            #[inline(always)]
            fn from_i32(integer: i32, rm: Rounding, fflags: &mut u8) -> $bits {
                Self::from_i64(integer.into(), rm, fflags)
            }

            #[inline(always)]
            fn from_u32(integer: u32, rm: Rounding, fflags: &mut u8) -> $bits {
                Self::from_i64(integer.into(), rm, fflags)
            }

            #[inline(always)]
            fn from_i64(integer: i64, rm: Rounding, fflags: &mut u8) -> $bits {
                // Integers of no more bits than the significand has are exact; all are far from the limits of the range.
                if integer.unsigned_abs() <= 1 << Self::PRECISION || fast::only_inexact_again(rm, *fflags) {
                    return (integer as $host).to_bits();
                }
                exact::from_integer::<Self>(integer < 0, integer.unsigned_abs(), rm, fflags)
            }

            #[inline(always)]
            fn from_u64(integer: u64, rm: Rounding, fflags: &mut u8) -> $bits {
                if integer <= 1 << Self::PRECISION || fast::only_inexact_again(rm, *fflags) {
                    return (integer as $host).to_bits();
                }
                exact::from_integer::<Self>(false, integer, rm, fflags)
            }
        }
    };
}

on_the_host!(F32, f32, u32, single, detect());
on_the_host!(F64, f64, u64, double, detect(MultiplyAdd::detect));
