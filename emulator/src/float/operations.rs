//! The operations of the instruction set, one function an instruction, for every format.

use super::compare::{self, Class, Extremum};
use super::convert;
use super::exact;
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
        convert::round_to_integral::<Self>(a, rm, false, fflags)
    }

    /// `froundnx` (Zfa): as [`round`](Self::round), inexact if the result differs from a.
    #[inline]
    fn round_exact(a: Self::Bits, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        convert::round_to_integral::<Self>(a, rm, true, fflags)
    }

    /// `fcvt.w`: saturates; a NaN gives the largest value. Invalid (and not inexact) if out of range.
    #[inline]
    fn to_i32(a: Self::Bits, rm: Rounding, fflags: &mut u8) -> i32 {
        convert::to_integer::<Self>(a, (i32::MIN.into(), i32::MAX.into()), rm, fflags) as i32
    }

    /// `fcvt.wu`: as [`to_i32`](Self::to_i32); −0.5 rounded up is 0, −1 is out of range. (The register gets it sign-extended.)
    #[inline]
    fn to_u32(a: Self::Bits, rm: Rounding, fflags: &mut u8) -> u32 {
        convert::to_integer::<Self>(a, (0, u32::MAX.into()), rm, fflags) as u32
    }

    /// `fcvt.l`: as [`to_i32`](Self::to_i32).
    #[inline]
    fn to_i64(a: Self::Bits, rm: Rounding, fflags: &mut u8) -> i64 {
        convert::to_integer::<Self>(a, (i64::MIN.into(), i64::MAX.into()), rm, fflags) as i64
    }

    /// `fcvt.lu`: as [`to_u32`](Self::to_u32).
    #[inline]
    fn to_u64(a: Self::Bits, rm: Rounding, fflags: &mut u8) -> u64 {
        convert::to_integer::<Self>(a, (0, u64::MAX.into()), rm, fflags) as u64
    }

    /// `fcvt` from `w`: rounded if the format has too few bits.
    #[inline]
    fn from_i32(integer: i32, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        convert::from_integer::<Self>(integer < 0, integer.unsigned_abs().into(), rm, fflags)
    }

    /// `fcvt` from `wu`.
    #[inline]
    fn from_u32(integer: u32, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        convert::from_integer::<Self>(false, integer.into(), rm, fflags)
    }

    /// `fcvt` from `l`.
    #[inline]
    fn from_i64(integer: i64, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        convert::from_integer::<Self>(integer < 0, integer.unsigned_abs(), rm, fflags)
    }

    /// `fcvt` from `lu`.
    #[inline]
    fn from_u64(integer: u64, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        convert::from_integer::<Self>(false, integer, rm, fflags)
    }
}

impl Float for F16 {}
impl Float for F32 {}
impl Float for F64 {}
