//! Arithmetic in integers: every format, every rounding mode, every special case.
//!
//! Operands are unpacked to 64-bit significands with their leading one in bit 63; an operation computes its exact result, or its
//! leading 64 bits with the lowest one sticky (set when anything below is not zero), and `round_and_pack` does the rest.
//!
//! The functions are marked cold: for floats and doubles they are where [`fast`](super::fast) falls through to.

mod arithmetic;
mod convert;

pub use arithmetic::{add, div, fused, mul, sqrt, sub};
pub use convert::{
    convert, from_i32, from_i64, from_u32, from_u64, modular_i32, round_to_integral, to_i32, to_i64, to_u32, to_u64,
};
