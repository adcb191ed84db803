//! The host's arithmetic where it provably gives the value and flags of [`exact`](super::exact).
//!
//! The host's own flags are not read: neither Rust nor LLVM says when an operation takes effect on MXCSR or FPSR. Instead every
//! function here computes the host's result *r*, rounded to nearest-even, and proves from its value what the flags must be. Where the
//! proof does not hold (another rounding mode, a NaN, an infinity, a subnormal) it gives `None`, and [`Float`](super::Float)
//! asks [`exact`](super::exact).
//!
//! **Which flags can there be?** If *r* is finite, the operation was neither invalid nor a division by zero, and since
//! nearest-even overflows to infinity it did not overflow. It underflows only if the result is tiny: below the smallest normal
//! number *m* after rounding to full precision with an unlimited exponent. As a subnormal such a result can still be rounded up to *m*,
//! but not beyond. So |*r*| ≥ 2*m*, the next power of two (a stored exponent of at least 2), leaves inexact as the only
//! flag. A sum needs no lower bound: a tiny sum is exact.
//!
//! Zeros are common, so they are told from underflow by the operands: a zero factor, dividend or radicand gives an exact zero (or an
//! exact c in a · b + c) if the result is finite at all.
//!
//! **NX is set already** (most of the time in a program that rounds at all): flags are sticky, nothing can change, done.
//!
//! **NX is clear**: a residual tells whether *r* is exact. Code that never rounds stays here. For doubles:
//!
//! | operation | exact if and only if | bounds |
//! |---|---|---|
//! | a + b | r − a = b and r − b = a | \|r\| < 2¹⁰²³ |
//! | a · b | fma(a, b, −r) = 0 | \|r\| ≥ 2⁻⁹⁶⁰ |
//! | a / b | fma(r, b, −a) = 0 | \|a\| ≥ 2⁻⁹⁶⁰ |
//! | √a | fma(r, r, −a) = 0 | a ≥ 2⁻⁹⁶⁰ |
//! | a · b + c | p = d and e = f, where a · b = p + e and r − c = d + f | 2⁻⁹⁶⁰ ≤ \|p\| < 2¹⁰²², \|c\| < 2¹⁰²² |
//!
//! * Sum: subtracting the operand of larger magnitude from r is exact (Dekker 1971, fast two-sum), so one of the two is a proof; and
//!   if r is exact, both differences are representable. The bound is generous: neither difference can overflow first.
//! * Product, quotient, root: the residual has at most 53 bits (the rounding error of a product; the remainder of a division or
//!   root, Markstein 1990), so the fused operation gives it exactly unless its last place is below 2⁻¹⁰⁷⁴. It is at least 2⁻¹⁰⁶
//!   of what is divided or multiplied, which the bounds keep at 2⁻¹⁰⁶⁶ or above.
//! * Fused: p, d are rounded values and e = fma(a, b, −p), f (Knuth's two-sum) their errors, so equal sums have equal parts. The
//!   lower bound keeps e exact as for a product, the upper ones keep the two-sum from overflow.
//!
//! For floats, a product of two 24-bit significands is exact in a double, whose exponent range also has room for it: the residuals of
//! product, quotient and root are comparisons of doubles, without bounds and without a fused operation.
//!
//! A host without a fused multiply-add ([`MultiplyAdd::known`]) leaves to [`exact`](super::exact) fused operations and, while NX is
//! clear, the double operations that need one for their residual. Functions take `known` as a parameter so that tests can play
//! such a host.
//!
//! The proofs need the default environment, which Rust takes for granted too (nearest-even, subnormals kept), and a host that rounds
//! every operation to its own format: x86 without SSE2 does not, and is left out.

pub mod conversions;
pub mod double;
mod multiply_add;
pub mod single;

pub use multiply_add::MultiplyAdd;

use super::flags::NX;
use super::rounding::Rounding;

/// Whether the host rounds each operation once, to nearest-even and in the operands' format, as it does but for x87 registers.
const HOST_ROUNDS_ONCE: bool = cfg!(not(all(target_arch = "x86", not(target_feature = "sse2"))));

/// Whether the host's rounding is the one asked for.
#[inline(always)]
fn host_rounds_like(rm: Rounding) -> bool {
    HOST_ROUNDS_ONCE && rm == Rounding::NearestEven
}

/// Whether an operation whose only flag can be inexact has the host's value and changes no flag.
#[inline(always)]
pub(super) fn only_inexact_again(rm: Rounding, fflags: u8) -> bool {
    host_rounds_like(rm) && fflags & NX != 0
}
