//! The operations of the instruction set, one function an instruction, for every format.

use super::compare::{self, Class, Extremum};
use super::exact;
use super::fast::{self, MultiplyAdd};
use super::flags::NV;
use super::format::{F16, F32, F64, Format};
use super::rounding::Rounding;

/// Methods of [`Float`] in pairs: the operation, and what the host does of it.
macro_rules! on_host_or_exact {
    ($(
        $(#[$doc:meta])*
        $name:ident, $on_host:ident: ($($operand:ident: $type:ty),*) -> $result:ty;
    )*) => {$(
        $(#[$doc])*
        #[inline]
        fn $name($($operand: $type,)* rm: Rounding, fflags: &mut u8) -> $result {
            if let Some(result) = Self::$on_host($($operand,)* rm, fflags) {
                return result;
            }
            // Make sure of the host's abilities, for the sake of the next operation.
            MultiplyAdd::ask();
            exact::$name::<Self>($($operand,)* rm, fflags)
        }

        #[doc = concat!("[`", stringify!($name), "`](Self::", stringify!($name), ") if the host's arithmetic proves value and flags, \
            else `None` with nothing changed.")]
        #[inline(always)]
        fn $on_host($($operand: $type,)* rm: Rounding, fflags: &mut u8) -> Option<$result> {
            let _ = ($($operand,)* rm, fflags);
            None
        }
    )*};
}

/// The floating-point instructions on one format.
///
/// Operands and results are bit patterns of the format's own width (see [`unboxed`](super::unboxed) for reading a register). Flags
/// that an operation raises are added to `fflags`, a byte of the [`flags`](super::flags); none is ever cleared. A NaN
/// result is the canonical one.
///
/// Arithmetic comes twice: `mul` is the operation, `mul_on_host` its common case, small and without a call. An interpreter whose
/// handlers jump to each other keeps its registers by calling `mul_on_host` in the handler and leaving it, when that gives `None`, for
/// another handler that calls `mul` (not [`exact::mul`]: `mul` also finds out what the host can do).
pub trait Float: Format {
    on_host_or_exact! {
        /// `fadd`: a + b.
        add, add_on_host: (a: Self::Bits, b: Self::Bits) -> Self::Bits;
        /// `fsub`: a − b.
        sub, sub_on_host: (a: Self::Bits, b: Self::Bits) -> Self::Bits;
        /// `fmul`: a · b.
        mul, mul_on_host: (a: Self::Bits, b: Self::Bits) -> Self::Bits;
        /// `fdiv`: a / b.
        div, div_on_host: (a: Self::Bits, b: Self::Bits) -> Self::Bits;
        /// `fsqrt`: √a.
        sqrt, sqrt_on_host: (a: Self::Bits) -> Self::Bits;
        /// `fmadd`: a · b + c, rounded once. Invalid for ∞ · 0 even if c is a quiet NaN.
        fused, fused_on_host: (a: Self::Bits, b: Self::Bits, c: Self::Bits) -> Self::Bits;

        /// `fcvt.w`: saturates; a NaN gives the largest value. Invalid (and not inexact) if out of range.
        to_i32, to_i32_on_host: (a: Self::Bits) -> i32;
        /// `fcvt.wu`: as [`to_i32`](Self::to_i32); −0.5 rounded up is 0, −1 is out of range. (A register gets it sign-extended.)
        to_u32, to_u32_on_host: (a: Self::Bits) -> u32;
        /// `fcvt.l`: as [`to_i32`](Self::to_i32).
        to_i64, to_i64_on_host: (a: Self::Bits) -> i64;
        /// `fcvt.lu`: as [`to_u32`](Self::to_u32).
        to_u64, to_u64_on_host: (a: Self::Bits) -> u64;

        /// `fcvt` from `w`: rounded if the format has too few bits.
        from_i32, from_i32_on_host: (integer: i32) -> Self::Bits;
        /// `fcvt` from `wu`.
        from_u32, from_u32_on_host: (integer: u32) -> Self::Bits;
        /// `fcvt` from `l`.
        from_i64, from_i64_on_host: (integer: i64) -> Self::Bits;
        /// `fcvt` from `lu`.
        from_u64, from_u64_on_host: (integer: u64) -> Self::Bits;
    }

    /// `fmsub`: a · b − c.
    #[inline]
    fn fused_sub(a: Self::Bits, b: Self::Bits, c: Self::Bits, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        Self::fused(a, b, Self::negated(c), rm, fflags)
    }

    /// [`fused_sub`](Self::fused_sub) as [`fused_on_host`](Self::fused_on_host).
    #[inline(always)]
    fn fused_sub_on_host(
        a: Self::Bits,
        b: Self::Bits,
        c: Self::Bits,
        rm: Rounding,
        fflags: &mut u8,
    ) -> Option<Self::Bits> {
        Self::fused_on_host(a, b, Self::negated(c), rm, fflags)
    }

    /// `fnmsub`: −(a · b) + c.
    #[inline]
    fn fused_negated_sub(a: Self::Bits, b: Self::Bits, c: Self::Bits, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        Self::fused(Self::negated(a), b, c, rm, fflags)
    }

    /// [`fused_negated_sub`](Self::fused_negated_sub) as [`fused_on_host`](Self::fused_on_host).
    #[inline(always)]
    fn fused_negated_sub_on_host(
        a: Self::Bits,
        b: Self::Bits,
        c: Self::Bits,
        rm: Rounding,
        fflags: &mut u8,
    ) -> Option<Self::Bits> {
        Self::fused_on_host(Self::negated(a), b, c, rm, fflags)
    }

    /// `fnmadd`: −(a · b) − c.
    #[inline]
    fn fused_negated_add(a: Self::Bits, b: Self::Bits, c: Self::Bits, rm: Rounding, fflags: &mut u8) -> Self::Bits {
        Self::fused(Self::negated(a), b, Self::negated(c), rm, fflags)
    }

    /// [`fused_negated_add`](Self::fused_negated_add) as [`fused_on_host`](Self::fused_on_host).
    #[inline(always)]
    fn fused_negated_add_on_host(
        a: Self::Bits,
        b: Self::Bits,
        c: Self::Bits,
        rm: Rounding,
        fflags: &mut u8,
    ) -> Option<Self::Bits> {
        Self::fused_on_host(Self::negated(a), b, Self::negated(c), rm, fflags)
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
}

/// `a` of one format in another (`fcvt.d.s`, `fcvt.s.d`, `fcvt.h.d` and so on): exact if the target is wider, else rounded.
#[inline]
pub fn convert<From: Format, To: Format>(a: From::Bits, rm: Rounding, fflags: &mut u8) -> To::Bits {
    match convert_on_host::<From, To>(a, rm, fflags) {
        Some(result) => result,
        None => exact::convert::<From, To>(a, rm, fflags),
    }
}

/// [`convert`] if the host's conversion proves value and flags, else `None` with nothing changed.
#[inline(always)]
pub fn convert_on_host<From: Format, To: Format>(a: From::Bits, rm: Rounding, fflags: &mut u8) -> Option<To::Bits> {
    match (From::WIDTH, To::WIDTH) {
        (32, 64) => fast::conversions::f32_to_f64(a.into() as u32).map(To::from_raw),
        (64, 32) => fast::conversions::f64_to_f32(a.into(), rm, fflags).map(|r| To::from_raw(r.into())),
        _ => None,
    }
}

/// Hosts rarely have arithmetic on halves: integers do all of it, and every `_on_host` is `None`.
impl Float for F16 {}

/// The operations that the host computes, for `f32` or `f64`: arithmetic, then what both formats do alike.
macro_rules! on_the_host {
    ($format:ident, $host:ident, $bits:ident, $module:ident, known ($($known:expr)?)) => {
        impl Float for $format {
            #[inline(always)]
            fn add_on_host(a: $bits, b: $bits, rm: Rounding, fflags: &mut u8) -> Option<$bits> {
                fast::$module::add(a, b, rm, fflags)
            }

            #[inline(always)]
            fn sub_on_host(a: $bits, b: $bits, rm: Rounding, fflags: &mut u8) -> Option<$bits> {
                fast::$module::add(a, Self::negated(b), rm, fflags)
            }

            #[inline(always)]
            fn mul_on_host(a: $bits, b: $bits, rm: Rounding, fflags: &mut u8) -> Option<$bits> {
                fast::$module::mul(a, b, rm, fflags $(, $known)?)
            }

            #[inline(always)]
            fn div_on_host(a: $bits, b: $bits, rm: Rounding, fflags: &mut u8) -> Option<$bits> {
                fast::$module::div(a, b, rm, fflags $(, $known)?)
            }

            #[inline(always)]
            fn sqrt_on_host(a: $bits, rm: Rounding, fflags: &mut u8) -> Option<$bits> {
                fast::$module::sqrt(a, rm, fflags $(, $known)?)
            }

            #[inline(always)]
            fn fused_on_host(a: $bits, b: $bits, c: $bits, rm: Rounding, fflags: &mut u8) -> Option<$bits> {
                fast::$module::fused(a, b, c, rm, fflags, MultiplyAdd::known)
            }

            #[inline(always)]
            fn eq(a: $bits, b: $bits, fflags: &mut u8) -> bool {
                let (x, y) = ($host::from_bits(a), $host::from_bits(b));
                if (x.is_nan() && Self::is_signalling(a)) || (y.is_nan() && Self::is_signalling(b)) {
                    *fflags |= NV;
                }
                x == y
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
            fn to_i32_on_host(a: $bits, rm: Rounding, fflags: &mut u8) -> Option<i32> {
                fast::conversions::to_i32($host::from_bits(a).into(), rm, fflags)
            }

            #[inline(always)]
            fn to_u32_on_host(a: $bits, rm: Rounding, fflags: &mut u8) -> Option<u32> {
                fast::conversions::to_u32($host::from_bits(a).into(), rm, fflags)
            }

            #[inline(always)]
            fn to_i64_on_host(a: $bits, rm: Rounding, fflags: &mut u8) -> Option<i64> {
                fast::conversions::to_i64($host::from_bits(a).into(), rm, fflags)
            }

            #[inline(always)]
            fn to_u64_on_host(a: $bits, rm: Rounding, fflags: &mut u8) -> Option<u64> {
                fast::conversions::to_u64($host::from_bits(a).into(), rm, fflags)
            }

            #[inline(always)]
            fn from_i32_on_host(integer: i32, rm: Rounding, fflags: &mut u8) -> Option<$bits> {
                // No conversion from an integer comes near the limits of the range: inexact is the only possible flag.
                let exact = fast::conversions::is_exact::<Self>(u64::from(integer.unsigned_abs()));
                (exact || fast::only_inexact_again(rm, *fflags)).then_some((integer as $host).to_bits())
            }

            #[inline(always)]
            fn from_u32_on_host(integer: u32, rm: Rounding, fflags: &mut u8) -> Option<$bits> {
                // No conversion from an integer comes near the limits of the range: inexact is the only possible flag.
                let exact = fast::conversions::is_exact::<Self>(u64::from(integer));
                (exact || fast::only_inexact_again(rm, *fflags)).then_some((integer as $host).to_bits())
            }

            #[inline(always)]
            fn from_i64_on_host(integer: i64, rm: Rounding, fflags: &mut u8) -> Option<$bits> {
                // No conversion from an integer comes near the limits of the range: inexact is the only possible flag.
                let exact = fast::conversions::is_exact::<Self>(integer.unsigned_abs());
                (exact || fast::only_inexact_again(rm, *fflags)).then_some((integer as $host).to_bits())
            }

            #[inline(always)]
            fn from_u64_on_host(integer: u64, rm: Rounding, fflags: &mut u8) -> Option<$bits> {
                // No conversion from an integer comes near the limits of the range: inexact is the only possible flag.
                let exact = fast::conversions::is_exact::<Self>(integer);
                (exact || fast::only_inexact_again(rm, *fflags)).then_some((integer as $host).to_bits())
            }
        }
    };
}

on_the_host!(F32, f32, u32, single, known());
on_the_host!(F64, f64, u64, double, known(MultiplyAdd::known));
