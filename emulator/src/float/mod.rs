//! RISC-V floating point (F, D, Zfh, Zfa): exact values and exact flags, at the speed of the host where that is possible.
//!
//! ```
//! use emulator::float::{F64, Float, Rounding, flags};
//!
//! let mut fflags = 0;
//! let third = F64::div(1f64.to_bits(), 3f64.to_bits(), Rounding::NearestEven, &mut fflags);
//! assert_eq!((third, fflags), ((1.0f64 / 3.0).to_bits(), flags::NX));
//! ```
//!
//! Numbers are bit patterns ([`Format::Bits`]): an emulated NaN must never pass through a host register that might alter it.
//! Operations are the associated functions of [`Float`], written for the three formats [`F16`], [`F32`] and [`F64`]; they
//! accumulate into a `fflags` byte and never clear a bit of it.
//!
//! Two layers give the same results:
//!
//! * [`exact`]: integer arithmetic on unpacked significands, rounded in one place (`rounding::round_and_pack`). It knows every
//!   rounding mode and every special case, and is what the other layer is measured against.
//! * [`fast`]: the host's arithmetic plus a proof that it raised no flag but inexact, for the mode and the range where the
//!   proof is cheap; everything else falls through to [`exact`].
//!
//! Results follow *The RISC-V Instruction Set Manual, Volume I*, chapters "F", "D", "Zfh" and "Zfa": a NaN result is the canonical
//! one, tininess is detected after rounding, and conversions to integers saturate.

mod compare;
mod constants;
pub mod exact;
pub mod fast;
mod format;
mod number;
mod operations;
mod registers;
mod rounding;

pub use compare::Class;
pub use constants::load_immediate;
pub use exact::modular_i32;
pub use format::{F16, F32, F64, Format};
pub use operations::{Float, convert, convert_on_host};
pub use registers::{boxed, unboxed};
pub use rounding::Rounding;

/// Exception flags, bits of the `fflags` register (Volume I, "Floating-Point Control and Status Register").
pub mod flags {
    /// Inexact: the result is not the infinitely precise one.
    pub const NX: u8 = 1;
    /// Underflow: the result is inexact and tiny, where tiny means below the smallest normal after rounding to full precision.
    pub const UF: u8 = 2;
    /// Overflow: the rounded result exceeds the largest finite number.
    pub const OF: u8 = 4;
    /// Division of a finite number by zero.
    pub const DZ: u8 = 8;
    /// Invalid operation: no sensible result exists, or a signalling NaN was read.
    pub const NV: u8 = 16;
}
