//! From an instruction to bits.

use crate::{Inst, Rm, Slot};

/// The 32-bit encoding of `inst`, whatever its `len`; `None` when an operand does not fit or the instruction has no such operand.
///
/// `decode(encode(i)) == i` for four-byte instructions, and `encode(decode(w)) == w` for every legal 32-bit word.
pub fn encode(inst: &Inst) -> Option<u32> {
    let row = inst.op.row();
    let layout = row.format.layout();
    let register = |slot: Slot, low: u32, value: u8| match slot {
        Slot::Absent => (value == 0).then_some(0),
        Slot::X | Slot::F | Slot::Number => (value < 32).then(|| u32::from(value) << low),
    };
    let rm = match (layout.rm, inst.rm) {
        (Rm::Absent, 0) => 0,
        (Rm::Rounding, mode @ (0..=4 | 7)) => u32::from(mode) << 12,
        (Rm::Ordering, bits @ 0..=3) => u32::from(bits) << 25,
        _ => return None,
    };
    Some(
        row.bits
            | register(layout.rd, 7, inst.rd)?
            | register(layout.rs1, 15, inst.rs1)?
            | register(layout.rs2, 20, inst.rs2)?
            | register(layout.rs3, 27, inst.rs3)?
            | rm
            | layout.imm.insert(inst.imm)?,
    )
}
