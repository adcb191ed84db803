//! What each instruction does to the hart: plain scalar RV64, knowing nothing of distributions.
//!
//! [`execute`] is the one place that says so, one to three lines an instruction, in the order of the table in `isa`. What takes
//! more than that stands in a file of its own: [`integer`] (multiplication, division, bit manipulation), [`atomic`], [`csr`],
//! and `float` for IEEE arithmetic.

mod atomic;
mod csr;
mod execute;
mod integer;

pub(crate) use csr::{Change, is_counter};
pub(crate) use execute::{Flow, execute, execute_on_host};
