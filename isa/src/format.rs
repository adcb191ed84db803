//! Which operands an instruction has, and where their bits are.

use crate::Immediate;

/// A register file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegFile {
    /// The integer registers x0 to x31.
    X,
    /// The floating-point registers f0 to f31.
    F,
}

/// The files of an instruction's register operands; `None` where it has no such operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operands {
    /// Destination.
    pub rd: Option<RegFile>,
    /// First source.
    pub rs1: Option<RegFile>,
    /// Second source.
    pub rs2: Option<RegFile>,
    /// Third source.
    pub rs3: Option<RegFile>,
}

/// What a five-bit register field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// Nothing: its bits belong to the opcode or to an immediate.
    Absent,
    /// The number of an x register.
    X,
    /// The number of an f register.
    F,
    /// A number that is no register: a small immediate, or a field that hardware must ignore.
    Number,
}

/// What [`Inst::rm`](crate::Inst::rm) holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rm {
    /// Nothing.
    Absent,
    /// A rounding mode, bits 14:12. 5 and 6 are reserved and decode to nothing.
    Rounding,
    /// `aq` and `rl`, bits 26:25.
    Ordering,
}

/// The fields of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Layout {
    /// Bits 11:7.
    pub rd: Slot,
    /// Bits 19:15.
    pub rs1: Slot,
    /// Bits 24:20.
    pub rs2: Slot,
    /// Bits 31:27.
    pub rs3: Slot,
    /// Rounding mode or memory ordering.
    pub rm: Rm,
    /// The immediate.
    pub imm: Immediate,
}

/// The operands of an instruction: their fields ([`Format::layout`]) and the way assembly writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// No operands.
    Nullary,
    /// `rd, rs1, rs2`
    R,
    /// `rd, rs1`
    RUnary,
    /// `rd, rs1, imm`
    I,
    /// `rd, rs1, shamt` with 64-bit shifts.
    Shift6,
    /// `rd, rs1, shamt` with 32-bit shifts.
    Shift5,
    /// `rd, imm`: the upper 20 bits.
    U,
    /// `rd, target`
    Jal,
    /// `rd, imm(rs1)`
    Jalr,
    /// `rs1, rs2, target`
    Branch,
    /// `rd, imm(rs1)`
    Load,
    /// `rs2, imm(rs1)`
    Store,
    /// `pred, succ`; rd and rs1 are reserved and ignored.
    Fence,
    /// `rd, csr, rs1`
    Csr,
    /// `rd, csr, imm` with the immediate in the field of rs1.
    CsrImmediate,
    /// `rd, (rs1)`
    LoadReserved,
    /// `rd, rs2, (rs1)`
    Amo,
    /// `rd, imm(rs1)` with rd an f register.
    FloatLoad,
    /// `rs2, imm(rs1)` with rs2 an f register.
    FloatStore,
    /// `rd, rs1, rs2, rs3, rm`, f registers.
    FloatFused,
    /// `rd, rs1, rs2, rm`, f registers.
    FloatR,
    /// `rd, rs1, rs2`, f registers.
    FloatRUnrounded,
    /// `rd, rs1, rm`, f registers.
    FloatUnary,
    /// `rd, rs1, rm`, f registers, where nothing is ever rounded and assemblers leave rm zero.
    FloatUnaryExact,
    /// `rd, rs1, rs2` from f registers to an x register.
    FloatCompare,
    /// `rd, rs1` from f to x, not rounded.
    FloatToBits,
    /// `rd, rs1` from x to f, not rounded.
    BitsToFloat,
    /// `rd, rs1, rm` from f to x.
    FloatToInteger,
    /// `rd, rs1, rtz` from f to x: rounding is fixed.
    FloatToIntegerModular,
    /// `rd, rs1, rm` from x to f.
    IntegerToFloat,
    /// `rd, rs1, rm` from x to f, where nothing is ever rounded and assemblers leave rm zero.
    IntegerToFloatExact,
    /// `rd, constant` with the number of the constant in the field of rs1.
    FloatConstant,
    /// `(rs1)`
    CacheBlock,
    /// `rs1, rs2`: an address and an address space.
    AddressFence,
    /// `rd, rs1`, numbered.
    MopR,
    /// `rd, rs1, rs2`, numbered.
    MopRR,
    /// A function number.
    Function,
}

impl Format {
    /// Where the operands are.
    pub const fn layout(self) -> Layout {
        use Immediate as Imm;
        use Slot::{Absent, F, Number, X};
        const fn of(rd: Slot, rs1: Slot, rs2: Slot, rm: Rm, imm: Immediate) -> Layout {
            Layout {
                rd,
                rs1,
                rs2,
                rs3: Slot::Absent,
                rm,
                imm,
            }
        }
        match self {
            Format::Nullary => of(Absent, Absent, Absent, Rm::Absent, Imm::None),
            Format::R => of(X, X, X, Rm::Absent, Imm::None),
            Format::RUnary => of(X, X, Absent, Rm::Absent, Imm::None),
            Format::I | Format::Jalr | Format::Load => of(X, X, Absent, Rm::Absent, Imm::I),
            Format::Shift6 => of(X, X, Absent, Rm::Absent, Imm::Shift6),
            Format::Shift5 => of(X, X, Absent, Rm::Absent, Imm::Shift5),
            Format::U => of(X, Absent, Absent, Rm::Absent, Imm::U),
            Format::Jal => of(X, Absent, Absent, Rm::Absent, Imm::J),
            Format::Branch => of(Absent, X, X, Rm::Absent, Imm::B),
            Format::Store => of(Absent, X, X, Rm::Absent, Imm::S),
            Format::Fence => of(Number, Number, Absent, Rm::Absent, Imm::Unsigned12),
            Format::Csr => of(X, X, Absent, Rm::Absent, Imm::Unsigned12),
            Format::CsrImmediate => of(X, Number, Absent, Rm::Absent, Imm::Unsigned12),
            Format::LoadReserved => of(X, X, Absent, Rm::Ordering, Imm::None),
            Format::Amo => of(X, X, X, Rm::Ordering, Imm::None),
            Format::FloatLoad => of(F, X, Absent, Rm::Absent, Imm::I),
            Format::FloatStore => of(Absent, X, F, Rm::Absent, Imm::S),
            Format::FloatFused => Layout {
                rd: F,
                rs1: F,
                rs2: F,
                rs3: F,
                rm: Rm::Rounding,
                imm: Imm::None,
            },
            Format::FloatR => of(F, F, F, Rm::Rounding, Imm::None),
            Format::FloatRUnrounded => of(F, F, F, Rm::Absent, Imm::None),
            Format::FloatUnary | Format::FloatUnaryExact => of(F, F, Absent, Rm::Rounding, Imm::None),
            Format::FloatCompare => of(X, F, F, Rm::Absent, Imm::None),
            Format::FloatToBits | Format::FloatToIntegerModular => of(X, F, Absent, Rm::Absent, Imm::None),
            Format::BitsToFloat => of(F, X, Absent, Rm::Absent, Imm::None),
            Format::FloatToInteger => of(X, F, Absent, Rm::Rounding, Imm::None),
            Format::IntegerToFloat | Format::IntegerToFloatExact => of(F, X, Absent, Rm::Rounding, Imm::None),
            Format::FloatConstant => of(F, Number, Absent, Rm::Absent, Imm::None),
            Format::CacheBlock => of(Absent, X, Absent, Rm::Absent, Imm::None),
            Format::AddressFence => of(Absent, X, X, Rm::Absent, Imm::None),
            Format::MopR => of(X, X, Absent, Rm::Absent, Imm::MopR),
            Format::MopRR => of(X, X, X, Rm::Absent, Imm::MopRR),
            Format::Function => of(Absent, Absent, Absent, Rm::Absent, Imm::Unsigned12),
        }
    }

    /// The register files of the operands.
    pub const fn operands(self) -> Operands {
        const fn file(slot: Slot) -> Option<RegFile> {
            match slot {
                Slot::X => Some(RegFile::X),
                Slot::F => Some(RegFile::F),
                Slot::Absent | Slot::Number => None,
            }
        }
        let layout = self.layout();
        Operands {
            rd: file(layout.rd),
            rs1: file(layout.rs1),
            rs2: file(layout.rs2),
            rs3: file(layout.rs3),
        }
    }

    /// The bits of a word that operands occupy.
    pub const fn operand_bits(self) -> u32 {
        const fn register(slot: Slot, low: u32) -> u32 {
            match slot {
                Slot::Absent => 0,
                Slot::X | Slot::F | Slot::Number => 31 << low,
            }
        }
        let layout = self.layout();
        let rm = match layout.rm {
            Rm::Absent => 0,
            Rm::Rounding => 7 << 12,
            Rm::Ordering => 3 << 25,
        };
        register(layout.rd, 7)
            | register(layout.rs1, 15)
            | register(layout.rs2, 20)
            | register(layout.rs3, 27)
            | rm
            | layout.imm.bits()
    }
}
