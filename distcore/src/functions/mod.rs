//! The functions that map positions: one operand ([`UnaryFn`]), two operands ([`BinaryFn`],
//! [`IntegerFn`]), and what a result is rounded to ([`Format`], [`IntegerType`], [`Rounding`]).
//!
//! Every function is evaluated by correctly rounded hardware operations or by the pure-Rust `libm` crate, so positions
//! have the same bits on every machine. Functions of the C library are found by name with [`UnaryFn::from_name`] and
//! [`BinaryFn::from_name`].

mod binary;
mod format;
mod integer;
mod lanes;
mod unary;

pub use binary::{BinaryFn, FusedFn};
pub use format::{Format, IntegerType, Rounding};
pub use integer::IntegerFn;
pub use unary::UnaryFn;

/// Replaces each number by the result of a function.
#[inline(always)]
fn each(values: &mut [f64], function: impl Fn(f64) -> f64) {
    for value in values {
        *value = function(*value);
    }
}

/// Removes the `f` of a float function's name (`sinf` -> `sin`), where a function of that name exists.
fn lookup<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    let find = |wanted: &str| {
        table
            .iter()
            .find(|(known, _)| *known == wanted)
            .map(|&(_, function)| function)
    };
    find(name).or_else(|| name.strip_suffix('f').and_then(find))
}
