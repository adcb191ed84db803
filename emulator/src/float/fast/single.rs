//! Floats: see the [module](super) for the reasons behind every bound.

use super::{MultiplyAdd, host_rounds_like};
use crate::float::flags::NX;
use crate::float::rounding::Rounding;

/// The stored exponent, 2^−127 being 0.
#[inline(always)]
fn exponent(x: f32) -> u32 {
    x.to_bits() >> 23 & 0xff
}

/// 2⁻¹²⁵ ≤ |r| < ∞: no flag but inexact is possible.
#[inline(always)]
pub(super) fn only_inexact(r: f32) -> bool {
    exponent(r).wrapping_sub(2) < 0xff - 2
}

/// The result r if it is a zero that follows from a zero operand (and not from underflow): exact.
#[inline(always)]
fn zero(rm: Rounding, r: f32, has_zero_operand: bool) -> Option<u32> {
    (host_rounds_like(rm) && r == 0.0 && has_zero_operand).then_some(r.to_bits())
}

/// `a + b`.
#[inline(always)]
pub fn add(a: u32, b: u32, rm: Rounding, fflags: &mut u8) -> Option<u32> {
    let (x, y) = (f32::from_bits(a), f32::from_bits(b));
    let r = x + y;
    if !host_rounds_like(rm) || exponent(r) >= 0xfe {
        return None;
    }
    if *fflags & NX == 0 && (r - x != y || r - y != x) {
        *fflags |= NX;
    }
    Some(r.to_bits())
}

/// `a · b`.
#[inline(always)]
pub fn mul(a: u32, b: u32, rm: Rounding, fflags: &mut u8) -> Option<u32> {
    let (x, y) = (f32::from_bits(a), f32::from_bits(b));
    let r = x * y;
    if !host_rounds_like(rm) || !only_inexact(r) {
        return zero(rm, r, x == 0.0 || y == 0.0);
    }
    if *fflags & NX == 0 && f64::from(x) * f64::from(y) != f64::from(r) {
        *fflags |= NX;
    }
    Some(r.to_bits())
}

/// `a / b`.
#[inline(always)]
pub fn div(a: u32, b: u32, rm: Rounding, fflags: &mut u8) -> Option<u32> {
    let (x, y) = (f32::from_bits(a), f32::from_bits(b));
    let r = x / y;
    if !host_rounds_like(rm) || !only_inexact(r) {
        return zero(rm, r, x == 0.0);
    }
    if *fflags & NX == 0 && f64::from(r) * f64::from(y) != f64::from(x) {
        *fflags |= NX;
    }
    Some(r.to_bits())
}

/// `√a`.
#[inline(always)]
pub fn sqrt(a: u32, rm: Rounding, fflags: &mut u8) -> Option<u32> {
    let x = f32::from_bits(a);
    let r = x.sqrt();
    if !host_rounds_like(rm) || !only_inexact(r) {
        return zero(rm, r, true);
    }
    if *fflags & NX == 0 && f64::from(r) * f64::from(r) != f64::from(x) {
        *fflags |= NX;
    }
    Some(r.to_bits())
}

/// `a · b + c`.
#[inline(always)]
pub fn fused(
    a: u32,
    b: u32,
    c: u32,
    rm: Rounding,
    fflags: &mut u8,
    known: impl FnOnce() -> Option<MultiplyAdd>,
) -> Option<u32> {
    if host_rounds_like(rm)
        && let Some(fma) = known()
    {
        let (x, y, z) = (f32::from_bits(a), f32::from_bits(b), f32::from_bits(c));
        let r = fma.f32(x, y, z);
        if only_inexact(r) {
            if *fflags & NX == 0 {
                // The product p is exact; r = p + z if and only if their sum in double is exact and is r.
                let (p, z) = (f64::from(x) * f64::from(y), f64::from(z));
                let s = p + z;
                let exact = s == f64::from(r) && s - p == z && s - z == p;
                *fflags |= u8::from(!exact) * NX;
            }
            return Some(r.to_bits());
        }
        if (x == 0.0 || y == 0.0) && r.is_finite() {
            return Some(r.to_bits());
        }
    }
    None
}
