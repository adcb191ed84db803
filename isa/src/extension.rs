//! Where an instruction is defined.

/// An extension of the instruction set (for Zfh's loads, stores and conversions: the smallest that has them).
///
/// Extensions without a row of their own: C, Zcb and Zcmop expand to base rows; Zicntr and Zihpm are CSRs; Zihintpause, Zihintntl
/// and Zicbop are names for forms of base rows that do nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    missing_docs,
    reason = "the names are those of the manual; a sentence each would repeat the table's headings"
)]
pub enum Extension {
    I,
    M,
    A,
    F,
    D,
    Zicsr,
    Zifencei,
    Zba,
    Zbb,
    Zbc,
    Zbkb,
    Zbkx,
    Zbs,
    Zfa,
    Zfh,
    Zfhmin,
    Zicond,
    Zimop,
    Zicbom,
    Zicboz,
    Zawrs,
    /// The privileged architecture: returns from traps, `wfi`, `sfence.vma`.
    Privileged,
    Svinval,
    /// sigemu's own instruction for the UxHw library, in custom-0.
    Xuxhw,
}
