//! The host's arithmetic where it provably gives the value and flags of [`exact`](super::exact).
//!
//! The host's own flags are not read: neither Rust nor LLVM says when an operation takes effect on MXCSR or FPSR. Instead every function
//! here computes the host's result *r*, rounded to nearest-even, and proves from its value what the flags must be; where the proof
//! does not hold (another rounding mode, a NaN, an infinity, a subnormal) it gives `None`, and [`Float`](super::Float) asks [`exact`](super::exact).
//!
//! **Which flags can there be?** If *r* is finite, the operation was neither invalid nor a division by zero, and since nearest-even
//! overflows to infinity it did not overflow. It underflows only if the result is tiny after rounding to full precision with an unlimited
//! exponent; such a rounded result is below the smallest normal number *m*, and a subnormal rounding of it reaches *m* at most. So
//! |*r*| ≥ 2*m*, the next power of two, leaves inexact as the only flag: the stored exponent is at least 2. A sum needs no
//! lower bound: a tiny sum is exact.
//!
//! Zeros are common, so they are told from underflow by the operands: a zero factor, dividend or radicand gives an exact zero (or an exact
//! c in a · b + c) if the result is finite at all.
//!
//! **NX is set already** (most of the time in a program that rounds at all): flags are sticky, nothing can change, done.
//!
//! **NX is clear**: a residual tells whether *r* is exact. Code that never rounds stays here.
//!
//! | operation | exact if and only if | because, and where |
//! |---|---|---|
//! | a + b | r − a = b and r − b = a | subtracting the operand of larger magnitude is exact (Dekker 1971, fast two-sum), so one of the two is a proof; if r is exact, both differences are representable. \|r\| < 2¹⁰²³ |
//! | a · b | fma(a, b, −r) = 0 | the rounding error of a product is representable if its last place is: \|r\| ≥ 2⁻⁹⁶⁰ puts it at 2⁻⁹⁶⁰⁻¹⁰⁵ > 2⁻¹⁰⁷⁴ |
//! | a / b | fma(r, b, −a) = 0 | so is the remainder of a division to a normal r (Markstein 1990): \|a\| ≥ 2⁻⁹⁶⁰ |
//! | √a | fma(r, r, −a) = 0 | and of a root: a ≥ 2⁻⁹⁶⁰ |
//! | a · b + c | p = d and e = f, where a · b = p + e and r − c = d + f | both pairs are a rounded value and its error, so equal sums have equal parts. e = fma(a, b, −p) is exact if 2⁻⁹⁶⁰ ≤ \|p\|, f by two-sum (Knuth) if nothing overflows: \|p\|, \|c\| < 2¹⁰²² |
//!
//! Sums and products of floats need no fused operation: a product of two 24-bit significands is exact in a double, whose exponent
//! range also has room for it, so the residuals of ·, /, √ are comparisons of doubles, without bounds.
//!
//! A host without a fused multiply-add ([`MultiplyAdd::known`]) leaves to [`exact`](super::exact) fused operations and those that need a
//! residual while NX is clear. The functions take that function as a parameter so that tests can play such a host.
//!
//! The proofs need the host to round every operation to its own format: x86 without SSE2 does not, and is left out.

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
