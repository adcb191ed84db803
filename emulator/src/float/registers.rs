//! How an f register, 64 bits wide, holds a narrower number (Volume I, "NaN Boxing of Narrower Values").

use super::format::Format;

/// `bits` in a register: all bits above the number are ones, which makes it a quiet NaN to wider instructions.
#[inline]
pub fn boxed<F: Format>(bits: F::Bits) -> u64 {
    bits.into() | above::<F>()
}

/// The number in a register, or the canonical NaN if it is not boxed. Transfers (`fsw`, `fmv.x.w`) take the low bits instead.
#[inline]
pub fn unboxed<F: Format>(register: u64) -> F::Bits {
    let is_boxed = register & above::<F>() == above::<F>();
    F::from_raw(if is_boxed { register } else { F::CANONICAL_NAN })
}

/// The bits of a register above a number of the format.
const fn above<F: Format>() -> u64 {
    !(F::SIGN | (F::SIGN - 1))
}
