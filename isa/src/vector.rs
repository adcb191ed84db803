//! The vector extension, which the table does not have: only enough to say so.

/// Whether a word that does not [`decode`](crate::decode) is an instruction of the V extension: OP-V, or a load or store of the
/// floating-point opcodes with one of the widths that V took (unprivileged manual, "Vector Instruction Formats").
pub const fn is_vector(word: u32) -> bool {
    match word & 0x7f {
        0x57 => true,
        // Widths 1 to 4 are those of flh, flw, fld, flq; V has 0 and 5 to 7.
        0x07 | 0x27 => matches!(word >> 12 & 7, 0 | 5..=7),
        _ => false,
    }
}
