//! An instruction with its operands.

use crate::Op;

/// A decoded instruction. Fields that the instruction does not have are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Inst {
    /// Which instruction; compressed forms are those of their expansion.
    pub op: Op,
    /// Destination register, 0 to 31. [`Op::operands`] tells of which file.
    pub rd: u8,
    /// First source register; the 5-bit immediate of `csrrwi`, `csrrsi`, `csrrci`; the constant's number of `fli.*`.
    pub rs1: u8,
    /// Second source register.
    pub rs2: u8,
    /// Third source register of the fused multiply-adds.
    pub rs3: u8,
    /// Rounding mode of a floating-point instruction (0 to 4, or 7 for the one in `frm`); 2 for `aq` plus 1 for `rl` of an atomic.
    pub rm: u8,
    /// The immediate as the instruction uses it: sign-extended; an offset in bytes; for `lui` and `auipc` already shifted; a shift
    /// amount; a CSR number (0 to 4095); `fm`, `pred` and `succ` of a fence (bits 11:8, 7:4, 3:0); the number of a may-be-operation
    /// or of a UxHw function.
    pub imm: i32,
    /// Bytes it occupies: 2 or 4.
    pub len: u8,
}

impl Inst {
    /// `op` with all operands zero, four bytes long: a base for struct update.
    pub const fn new(op: Op) -> Inst {
        Inst {
            op,
            rd: 0,
            rs1: 0,
            rs2: 0,
            rs3: 0,
            rm: 0,
            imm: 0,
            len: 4,
        }
    }
}
