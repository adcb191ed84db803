//! Sums, products, quotients, roots.

use crate::float::flags::DZ;
use crate::float::format::Format;
use crate::float::number::{Finite, Number, invalid, propagate};
use crate::float::rounding::{Rounding, round_and_pack};

/// A number with room for an exact product: ± `significand` · 2^(`exponent` − 125), bit 125 of the significand set.
#[derive(Clone, Copy)]
struct Wide {
    negative: bool,
    exponent: i32,
    significand: u128,
}

impl Wide {
    fn of(x: Finite) -> Wide {
        Wide {
            negative: x.negative,
            exponent: x.exponent,
            significand: u128::from(x.significand) << 62,
        }
    }

    /// The exact product: significands have at least 11 trailing zeros (64 − 53), so the bits shifted out are zeros.
    fn product(x: Finite, y: Finite) -> Wide {
        let significand = u128::from(x.significand) * u128::from(y.significand);
        let carry = (significand >> 127) as i32;
        Wide {
            negative: x.negative != y.negative,
            exponent: x.exponent + y.exponent + carry,
            significand: significand >> (1 + carry),
        }
    }

    /// The leading 64 bits, the lowest one sticky.
    fn narrow(self) -> Finite {
        let shift = self.significand.leading_zeros();
        let aligned = self.significand << shift;
        let significand = (aligned >> 64) as u64 | u64::from(aligned as u64 != 0);
        Finite {
            negative: self.negative,
            exponent: self.exponent + 2 - shift as i32,
            significand,
        }
    }
}

/// The rounded sum of two numbers that are not zero.
fn sum<F: Format>(x: Wide, y: Wide, rm: Rounding, fflags: &mut u8) -> F::Bits {
    let (large, small) = if x.exponent >= y.exponent { (x, y) } else { (y, x) };
    // What is shifted out is kept as a sticky lowest bit. When anything is shifted out at all the numbers are more than a
    // binade apart, so at most one leading bit cancels and the sticky bit stays far below the rounded ones; it also stays right
    // in a difference, because the large number is even.
    let distance = (large.exponent - small.exponent) as u32;
    let shifted = small.significand.checked_shr(distance).unwrap_or(0);
    let lost = shifted.checked_shl(distance).unwrap_or(0) != small.significand;
    let aligned = shifted | u128::from(lost);

    // With equal exponents, thus nothing lost, the difference may have the other sign.
    let addend = if large.negative == small.negative {
        aligned
    } else {
        aligned.wrapping_neg()
    };
    let signed = large.significand.wrapping_add(addend) as i128;
    let (negative, significand) = (large.negative != (signed < 0), signed.unsigned_abs());
    if significand == 0 {
        return zero::<F>(rm == Rounding::Down);
    }
    round_and_pack::<F>(
        Wide {
            negative,
            significand,
            ..large
        }
        .narrow(),
        rm,
        fflags,
    )
}

fn zero<F: Format>(negative: bool) -> F::Bits {
    F::signed(negative, 0)
}

fn infinity<F: Format>(negative: bool) -> F::Bits {
    F::signed(negative, F::INFINITY)
}

/// The sum of two zeros: theirs if they agree, else the rounding mode's.
fn sum_of_zeros<F: Format>(a_negative: bool, b_negative: bool, rm: Rounding) -> F::Bits {
    zero::<F>(if a_negative == b_negative {
        a_negative
    } else {
        rm == Rounding::Down
    })
}

/// `a + b`.
#[cold]
#[inline(never)]
pub fn add<F: Format>(a: F::Bits, b: F::Bits, rm: Rounding, fflags: &mut u8) -> F::Bits {
    use Number::{Finite, Infinity, Zero};
    if let Some(nan) = propagate::<F>(&[a, b], fflags) {
        return nan;
    }
    match (Number::unpack::<F>(a), Number::unpack::<F>(b)) {
        (Infinity { negative: x }, Infinity { negative: y }) if x != y => invalid::<F>(fflags),
        (Infinity { .. }, _) | (Finite(_), Zero { .. }) => a,
        (_, Infinity { .. }) | (Zero { .. }, Finite(_)) => b,
        (Zero { negative: x }, Zero { negative: y }) => sum_of_zeros::<F>(x, y, rm),
        (Finite(x), Finite(y)) => sum::<F>(Wide::of(x), Wide::of(y), rm, fflags),
    }
}

/// `a − b`.
pub fn sub<F: Format>(a: F::Bits, b: F::Bits, rm: Rounding, fflags: &mut u8) -> F::Bits {
    add::<F>(a, F::negated(b), rm, fflags)
}

/// `a · b`.
#[cold]
#[inline(never)]
pub fn mul<F: Format>(a: F::Bits, b: F::Bits, rm: Rounding, fflags: &mut u8) -> F::Bits {
    use Number::{Finite, Infinity, Zero};
    if let Some(nan) = propagate::<F>(&[a, b], fflags) {
        return nan;
    }
    let negative = F::is_negative(a) != F::is_negative(b);
    match (Number::unpack::<F>(a), Number::unpack::<F>(b)) {
        (Infinity { .. }, Zero { .. }) | (Zero { .. }, Infinity { .. }) => invalid::<F>(fflags),
        (Infinity { .. }, _) | (_, Infinity { .. }) => infinity::<F>(negative),
        (Zero { .. }, _) | (_, Zero { .. }) => zero::<F>(negative),
        (Finite(x), Finite(y)) => round_and_pack::<F>(Wide::product(x, y).narrow(), rm, fflags),
    }
}

/// `a / b`.
#[cold]
#[inline(never)]
pub fn div<F: Format>(a: F::Bits, b: F::Bits, rm: Rounding, fflags: &mut u8) -> F::Bits {
    use Number::{Finite, Infinity, Zero};
    if let Some(nan) = propagate::<F>(&[a, b], fflags) {
        return nan;
    }
    let negative = F::is_negative(a) != F::is_negative(b);
    match (Number::unpack::<F>(a), Number::unpack::<F>(b)) {
        (Infinity { .. }, Infinity { .. }) | (Zero { .. }, Zero { .. }) => invalid::<F>(fflags),
        (Infinity { .. }, _) => infinity::<F>(negative),
        (Zero { .. }, _) | (_, Infinity { .. }) => zero::<F>(negative),
        (Finite(_), Zero { .. }) => {
            *fflags |= DZ;
            infinity::<F>(negative)
        }
        (Finite(x), Finite(y)) => round_and_pack::<F>(quotient(negative, x, y), rm, fflags),
    }
}

/// The leading 63 or 64 bits of a quotient and a sticky bit.
fn quotient(negative: bool, x: Finite, y: Finite) -> Finite {
    let dividend = u128::from(x.significand) << 63;
    let divisor = u128::from(y.significand);
    let quotient = (dividend / divisor) as u64; // in (2^62, 2^64)
    let sticky = u64::from(!dividend.is_multiple_of(divisor));
    let shift = quotient.leading_zeros();
    Finite {
        negative,
        exponent: x.exponent - y.exponent - shift as i32,
        significand: quotient << shift | sticky,
    }
}

/// `√a`.
#[cold]
#[inline(never)]
pub fn sqrt<F: Format>(a: F::Bits, rm: Rounding, fflags: &mut u8) -> F::Bits {
    if let Some(nan) = propagate::<F>(&[a], fflags) {
        return nan;
    }
    match Number::unpack::<F>(a) {
        Number::Zero { .. } => a,
        _ if F::is_negative(a) => invalid::<F>(fflags),
        Number::Infinity { .. } => a,
        Number::Finite(x) => {
            // An even exponent halves; the root of a radicand in [2^126, 2^128) has its leading one in bit 63.
            let radicand = u128::from(x.significand) << (63 + (x.exponent & 1));
            let root = radicand.isqrt();
            let significand = root as u64 | u64::from(root * root != radicand);
            let root = Finite {
                negative: false,
                exponent: x.exponent >> 1,
                significand,
            };
            round_and_pack::<F>(root, rm, fflags)
        }
    }
}

/// `a · b + c`, rounded once.
#[cold]
#[inline(never)]
pub fn fused<F: Format>(a: F::Bits, b: F::Bits, c: F::Bits, rm: Rounding, fflags: &mut u8) -> F::Bits {
    use Number::{Finite, Infinity, Zero};
    // ∞ · 0 is invalid even if the addend is a quiet NaN, where IEEE 754 leaves the choice.
    let is_infinity = |x: F::Bits| x.into() & !F::SIGN == F::INFINITY;
    let is_zero = |x: F::Bits| x.into() & !F::SIGN == 0;
    if (is_infinity(a) && is_zero(b)) || (is_zero(a) && is_infinity(b)) {
        return invalid::<F>(fflags);
    }
    if let Some(nan) = propagate::<F>(&[a, b, c], fflags) {
        return nan;
    }
    let negative = F::is_negative(a) != F::is_negative(b);
    match (Number::unpack::<F>(a), Number::unpack::<F>(b), Number::unpack::<F>(c)) {
        (Infinity { .. }, _, Infinity { negative: z }) | (_, Infinity { .. }, Infinity { negative: z })
            if negative != z =>
        {
            invalid::<F>(fflags)
        }
        (Infinity { .. }, ..) | (_, Infinity { .. }, _) => infinity::<F>(negative),
        (.., Infinity { .. }) => c,
        (Zero { .. }, _, Zero { negative: z }) | (_, Zero { .. }, Zero { negative: z }) => {
            sum_of_zeros::<F>(negative, z, rm)
        }
        (Zero { .. }, ..) | (_, Zero { .. }, _) => c,
        (Finite(x), Finite(y), Zero { .. }) => round_and_pack::<F>(Wide::product(x, y).narrow(), rm, fflags),
        (Finite(x), Finite(y), Finite(z)) => sum::<F>(Wide::product(x, y), Wide::of(z), rm, fflags),
    }
}
