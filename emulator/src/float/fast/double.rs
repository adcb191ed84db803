//! Doubles: see the [module](super) for the reasons behind every bound.

use super::{MultiplyAdd, host_rounds_like};
use crate::float::flags::NX;
use crate::float::rounding::Rounding;

/// The stored exponent, 2^−1023 being 0.
#[inline(always)]
fn exponent(x: f64) -> u32 {
    (x.to_bits() >> 52) as u32 & 0x7ff
}

/// Stored exponent of 2⁻⁹⁶⁰, below which residuals may be lost to underflow.
const RESIDUAL_FLOOR: u32 = 1023 - 960;

/// 2⁻¹⁰²¹ ≤ |r| < ∞: no flag but inexact is possible.
#[inline(always)]
fn only_inexact(r: f64) -> bool {
    exponent(r).wrapping_sub(2) < 0x7ff - 2
}

/// The result r if it is a zero that follows from a zero operand (and not from underflow): exact.
#[inline(always)]
fn zero(rm: Rounding, r: f64, has_zero_operand: bool) -> Option<u64> {
    (host_rounds_like(rm) && r == 0.0 && has_zero_operand).then_some(r.to_bits())
}

/// `a + b`.
#[inline(always)]
pub fn add(a: u64, b: u64, rm: Rounding, fflags: &mut u8) -> Option<u64> {
    let (x, y) = (f64::from_bits(a), f64::from_bits(b));
    let r = x + y;
    if !host_rounds_like(rm) || exponent(r) >= 0x7fe {
        return None;
    }
    if *fflags & NX == 0 && (r - x != y || r - y != x) {
        *fflags |= NX;
    }
    Some(r.to_bits())
}

/// `a · b`.
#[inline(always)]
pub fn mul(a: u64, b: u64, rm: Rounding, fflags: &mut u8, known: impl FnOnce() -> Option<MultiplyAdd>) -> Option<u64> {
    let (x, y) = (f64::from_bits(a), f64::from_bits(b));
    let r = x * y;
    if host_rounds_like(rm) && only_inexact(r) {
        if *fflags & NX != 0 {
            return Some(r.to_bits());
        }
        if exponent(r) >= RESIDUAL_FLOOR
            && let Some(fma) = known()
        {
            *fflags |= u8::from(fma.f64(x, y, -r) != 0.0) * NX;
            return Some(r.to_bits());
        }
    }
    zero(rm, r, x == 0.0 || y == 0.0)
}

/// `a / b`.
#[inline(always)]
pub fn div(a: u64, b: u64, rm: Rounding, fflags: &mut u8, known: impl FnOnce() -> Option<MultiplyAdd>) -> Option<u64> {
    let (x, y) = (f64::from_bits(a), f64::from_bits(b));
    let r = x / y;
    if host_rounds_like(rm) && only_inexact(r) {
        if *fflags & NX != 0 {
            return Some(r.to_bits());
        }
        if exponent(x) >= RESIDUAL_FLOOR
            && let Some(fma) = known()
        {
            *fflags |= u8::from(fma.f64(r, y, -x) != 0.0) * NX;
            return Some(r.to_bits());
        }
    }
    zero(rm, r, x == 0.0)
}

/// `√a`.
#[inline(always)]
pub fn sqrt(a: u64, rm: Rounding, fflags: &mut u8, known: impl FnOnce() -> Option<MultiplyAdd>) -> Option<u64> {
    let x = f64::from_bits(a);
    let r = x.sqrt();
    if host_rounds_like(rm) && only_inexact(r) {
        if *fflags & NX != 0 {
            return Some(r.to_bits());
        }
        if exponent(x) >= RESIDUAL_FLOOR
            && let Some(fma) = known()
        {
            *fflags |= u8::from(fma.f64(r, r, -x) != 0.0) * NX;
            return Some(r.to_bits());
        }
    }
    zero(rm, r, true)
}

/// `a · b + c`.
#[inline(always)]
pub fn fused(
    a: u64,
    b: u64,
    c: u64,
    rm: Rounding,
    fflags: &mut u8,
    known: impl FnOnce() -> Option<MultiplyAdd>,
) -> Option<u64> {
    if host_rounds_like(rm)
        && let Some(fma) = known()
    {
        let (x, y, z) = (f64::from_bits(a), f64::from_bits(b), f64::from_bits(c));
        let r = fma.f64(x, y, z);
        if only_inexact(r) {
            if *fflags & NX != 0 {
                return Some(r.to_bits());
            }
            let p = x * y;
            let moderate = exponent(p).wrapping_sub(RESIDUAL_FLOOR) < 1023 + 1022 - RESIDUAL_FLOOR;
            if moderate && exponent(z) < 1023 + 1022 {
                let e = fma.f64(x, y, -p);
                let (d, f) = difference(r, z);
                *fflags |= u8::from(p != d || e != f) * NX;
                return Some(r.to_bits());
            }
        }
        if (x == 0.0 || y == 0.0) && r.is_finite() {
            return Some(r.to_bits());
        }
    }
    None
}

/// `a − b` as its rounded value and the error of that, exactly (Knuth's two-sum).
#[inline(always)]
fn difference(a: f64, b: f64) -> (f64, f64) {
    let d = a - b;
    let b_part = a - d;
    let a_part = d + b_part;
    (d, (a - a_part) - (b - b_part))
}
