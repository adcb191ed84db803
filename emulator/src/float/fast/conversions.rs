//! Conversions by the host's instructions, between floats and doubles and to integers.

use super::{host_rounds_like, single};
use crate::float::flags::NX;
use crate::float::format::Format;
use crate::float::rounding::Rounding;

/// `fcvt.d.s`: exact but for NaNs.
#[inline(always)]
pub fn f32_to_f64(a: u32) -> Option<u64> {
    let x = f32::from_bits(a);
    if x.is_nan() { None } else { Some(f64::from(x).to_bits()) }
}

/// `fcvt.s.d`.
#[inline(always)]
pub fn f64_to_f32(a: u64, rm: Rounding, fflags: &mut u8) -> Option<u32> {
    let x = f64::from_bits(a);
    let r = x as f32;
    if !host_rounds_like(rm) || !single::only_inexact(r) {
        return None;
    }
    *fflags |= u8::from(f64::from(r) != x) * NX;
    Some(r.to_bits())
}

/// Whether an integer of this magnitude surely has no more bits than the significand.
#[inline(always)]
pub fn is_exact<F: Format>(magnitude: u64) -> bool {
    magnitude <= 1 << F::PRECISION
}

macro_rules! to_integers {
    ($($(#[$doc:meta])* $name:ident: $integer:ident above $low:literal below $high:literal;)*) => {$(
        $(#[$doc])*
        ///
        /// `None` unless the truncated number is in range and is what the mode rounds to: because the number is an integer (the
        /// truncated one has no more bits than a double), or because the mode is towards zero.
        #[inline(always)]
        pub fn $name(x: f64, rm: Rounding, fflags: &mut u8) -> Option<$integer> {
            if !(x > $low && x < $high) {
                return None;
            }
            // SAFETY: no NaN, and truncated it is an integer of the type, as was just compared.
            let truncated = unsafe { x.to_int_unchecked::<$integer>() };
            let inexact = truncated as f64 != x;
            if inexact && rm != Rounding::TowardZero {
                return None;
            }
            *fflags |= u8::from(inexact) * NX;
            Some(truncated)
        }
    )*};
}

// Limits are 2^31, 2^32, 2^63, 2^64, and −2^31 − 1, −1, −2^63, −1; −2^63 itself is left to the exact layer.
to_integers! {
    /// `fcvt.w`.
    to_i32: i32 above -2147483649.0 below 2147483648.0;
    /// `fcvt.wu`.
    to_u32: u32 above -1.0 below 4294967296.0;
    /// `fcvt.l`.
    to_i64: i64 above -9223372036854775808.0 below 9223372036854775808.0;
    /// `fcvt.lu`.
    to_u64: u64 above -1.0 below 18446744073709551616.0;
}
