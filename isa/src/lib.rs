//! What RISC-V is: one instruction table; decode, encode, disassemble.
//!
//! A tour, in reading order:
//!
//! * [`for_each_instruction!`]: the table, one row an instruction (`table.rs`); [`TABLE`] is the same as data.
//! * [`Op`] names an instruction; [`Inst`] is an instruction with its operands.
//! * [`Format`] says which operands a row has and where its bits are; [`OpClass`] what kind of work it does, in words that would
//!   suit any abstract domain; [`Extension`] where it is defined.
//! * [`decode`] turns bits into an [`Inst`], compressed forms included; [`encode`] is its inverse; [`disassemble`] writes it as GNU
//!   objdump does.
//! * [`register`] and [`csr`] hold names.
//!
//! No state, no allocation, no dependencies: this crate can be used by an assembler as well as by an emulator.

#![no_std]
#![forbid(unsafe_code)]

mod alias;
mod class;
mod compressed;
pub mod csr;
mod decode;
mod disassemble;
mod encode;
mod extension;
mod format;
mod immediate;
mod inst;
mod op;
pub mod register;
mod table;
mod vector;

pub use class::OpClass;
pub use decode::decode;
pub use disassemble::{Disassembly, disassemble};
pub use encode::encode;
pub use extension::Extension;
pub use format::{Format, Layout, Operands, RegFile, Rm, Slot};
pub use immediate::Immediate;
pub use inst::Inst;
pub use op::Op;
pub use table::{Row, TABLE};
pub use vector::is_vector;
