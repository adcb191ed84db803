//! An instruction as text, in the way of GNU objdump (binutils 2.40, its default aliases: `li`, `ret`, `beqz`).
//!
//! Compressed instructions are written as their expansions, as objdump does with aliases on. What objdump 2.40 does not know (Zfa,
//! Zicond, Zimop, ..) is written with its conventions and LLVM's mnemonics and operands.

use core::fmt;

use crate::{Format, Inst, Op, alias, csr, register};

/// The text of an instruction: mnemonic, a tab, operands. Made by [`disassemble`], written by `Display`.
#[derive(Clone, Copy, Debug)]
pub struct Disassembly {
    inst: Inst,
    pc: u64,
}

/// The text of `inst` at address `pc`, which decides how the targets of jumps and branches read.
///
/// ```
/// let inst = isa::decode(0xff01_0113).expect("a legal word");
/// assert_eq!(isa::disassemble(&inst, 0).to_string(), "addi\tsp,sp,-16");
/// ```
pub fn disassemble(inst: &Inst, pc: u64) -> Disassembly {
    Disassembly { inst: *inst, pc }
}

impl fmt::Display for Disassembly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = alias::text(&self.inst).unwrap_or_else(|| plain(&self.inst));
        f.write_str(text.mnemonic)?;
        match text.suffix {
            Suffix::None => {}
            Suffix::Word(word) => f.write_str(word)?,
            Suffix::Number(number) => write!(f, ".{number}")?,
        }
        for (position, operand) in text.operands.iter().flatten().enumerate() {
            f.write_str(if position == 0 { "\t" } else { "," })?;
            operand.write(f, self.pc)?;
        }
        Ok(())
    }
}

/// What an instruction reads like.
pub(crate) struct Text {
    mnemonic: &'static str,
    suffix: Suffix,
    operands: [Option<Operand>; MOST_OPERANDS],
}

/// Operands of the longest: `fmadd.d rd,rs1,rs2,rs3,rm`.
const MOST_OPERANDS: usize = 5;

/// What operands add to a mnemonic.
enum Suffix {
    None,
    Word(&'static str),
    Number(i32),
}

/// One operand.
#[derive(Clone, Copy)]
pub(crate) enum Operand {
    X(u8),
    F(u8),
    Decimal(i32),
    Hex(u32),
    /// `offset(base)`
    Offset(i32, u8),
    /// `(base)`
    Address(u8),
    /// An offset from the pc, written as an address.
    Target(i32),
    Csr(i32),
    Rounding(u8),
    /// The accesses that a fence orders: device input, device output, reads, writes.
    Accesses(i32),
    /// The constants of `fli`, by number.
    Constant(u8),
}

impl Text {
    /// A mnemonic and at most five operands.
    pub(crate) fn new(mnemonic: &'static str, operands: &[Operand]) -> Text {
        let mut text = Text {
            mnemonic,
            suffix: Suffix::None,
            operands: [None; MOST_OPERANDS],
        };
        for (place, operand) in text.operands.iter_mut().zip(operands) {
            *place = Some(*operand);
        }
        text
    }

    /// The same with another operand at the end.
    fn and(mut self, operand: Option<Operand>) -> Text {
        if let Some(place) = self.operands.iter_mut().find(|place| place.is_none()) {
            *place = operand;
        }
        self
    }
}

/// An instruction in its own name.
fn plain(inst: &Inst) -> Text {
    use Operand::{Accesses, Address, Constant, Csr, Decimal, F, Hex, Offset, Target, X};
    let &Inst {
        op,
        rd,
        rs1,
        rs2,
        rs3,
        rm,
        imm,
        ..
    } = inst;
    let is = |operands: &[Operand]| Text::new(op.mnemonic(), operands);
    match op.format() {
        Format::Nullary => is(&[]),
        Format::R => is(&[X(rd), X(rs1), X(rs2)]),
        Format::RUnary => is(&[X(rd), X(rs1)]),
        Format::I => is(&[X(rd), X(rs1), Decimal(imm)]),
        Format::Shift6 | Format::Shift5 => is(&[X(rd), X(rs1), Hex(imm as u32)]),
        Format::U => is(&[X(rd), Hex(imm as u32 >> 12)]),
        Format::Jal => is(&[X(rd), Target(imm)]),
        Format::Jalr | Format::Load => is(&[X(rd), Offset(imm, rs1)]),
        Format::Branch => is(&[X(rs1), X(rs2), Target(imm)]),
        Format::Store => is(&[X(rs2), Offset(imm, rs1)]),
        Format::Fence if op == Op::FenceI => is(&[]),
        Format::Fence => is(&[Accesses(imm >> 4 & 15), Accesses(imm & 15)]),
        Format::Csr => is(&[X(rd), Csr(imm), X(rs1)]),
        Format::CsrImmediate => is(&[X(rd), Csr(imm), Decimal(i32::from(rs1))]),
        Format::LoadReserved => Text {
            suffix: ordering(rm),
            ..is(&[X(rd), Address(rs1)])
        },
        Format::Amo => Text {
            suffix: ordering(rm),
            ..is(&[X(rd), X(rs2), Address(rs1)])
        },
        Format::FloatLoad => is(&[F(rd), Offset(imm, rs1)]),
        Format::FloatStore => is(&[F(rs2), Offset(imm, rs1)]),
        Format::FloatFused => is(&[F(rd), F(rs1), F(rs2), F(rs3)]).and(rounding(rm)),
        Format::FloatR => is(&[F(rd), F(rs1), F(rs2)]).and(rounding(rm)),
        Format::FloatRUnrounded => is(&[F(rd), F(rs1), F(rs2)]),
        Format::FloatUnary => is(&[F(rd), F(rs1)]).and(rounding(rm)),
        Format::FloatUnaryExact => is(&[F(rd), F(rs1)]).and(rounding_of_exact(rm)),
        Format::FloatCompare => is(&[X(rd), F(rs1), F(rs2)]),
        Format::FloatToBits => is(&[X(rd), F(rs1)]),
        Format::BitsToFloat => is(&[F(rd), X(rs1)]),
        Format::FloatToInteger => is(&[X(rd), F(rs1)]).and(rounding(rm)),
        Format::FloatToIntegerModular => is(&[X(rd), F(rs1), Operand::Rounding(ROUND_TO_ZERO)]),
        Format::IntegerToFloat => is(&[F(rd), X(rs1)]).and(rounding(rm)),
        Format::IntegerToFloatExact => is(&[F(rd), X(rs1)]).and(rounding_of_exact(rm)),
        Format::FloatConstant => is(&[F(rd), Constant(rs1)]),
        Format::CacheBlock => is(&[Address(rs1)]),
        Format::AddressFence => is(&[X(rs1), X(rs2)]),
        Format::MopR => Text {
            suffix: Suffix::Number(imm),
            ..is(&[X(rd), X(rs1)])
        },
        Format::MopRR => Text {
            suffix: Suffix::Number(imm),
            ..is(&[X(rd), X(rs1), X(rs2)])
        },
        Format::Function => is(&[Hex(imm as u32)]),
    }
}

const ROUND_TO_ZERO: u8 = 1;
const DYNAMIC: u8 = 7;

/// The default, the mode in `frm`, is not written.
fn rounding(rm: u8) -> Option<Operand> {
    (rm != DYNAMIC).then_some(Operand::Rounding(rm))
}

/// Where nothing is rounded the default is 0.
fn rounding_of_exact(rm: u8) -> Option<Operand> {
    (rm != 0).then_some(Operand::Rounding(rm))
}

fn ordering(rm: u8) -> Suffix {
    match rm {
        0 => Suffix::None,
        1 => Suffix::Word(".rl"),
        2 => Suffix::Word(".aq"),
        _ => Suffix::Word(".aqrl"),
    }
}

impl Operand {
    fn write(self, f: &mut fmt::Formatter<'_>, pc: u64) -> fmt::Result {
        let named = |names: &[&'static str], number: u8| names.get(usize::from(number)).copied().unwrap_or("?");
        match self {
            Operand::X(number) => f.write_str(named(&register::X_NAMES, number)),
            Operand::F(number) => f.write_str(named(&register::F_NAMES, number)),
            Operand::Decimal(value) => write!(f, "{value}"),
            Operand::Hex(value) => write!(f, "{value:#x}"),
            Operand::Offset(offset, base) => write!(f, "{offset}({})", named(&register::X_NAMES, base)),
            Operand::Address(base) => write!(f, "({})", named(&register::X_NAMES, base)),
            Operand::Target(offset) => write!(f, "{:x}", pc.wrapping_add_signed(i64::from(offset))),
            Operand::Csr(number) => match u16::try_from(number).ok().and_then(csr::name) {
                Some(name) => write!(f, "{name}"),
                None => write!(f, "{number:#x}"),
            },
            Operand::Rounding(mode) => f.write_str(named(&ROUNDING_MODES, mode)),
            Operand::Accesses(0) => f.write_str("unknown"),
            Operand::Accesses(set) => [(8, "i"), (4, "o"), (2, "r"), (1, "w")]
                .iter()
                .filter(|(bit, _)| set & bit != 0)
                .try_for_each(|(_, letter)| f.write_str(letter)),
            Operand::Constant(number) => f.write_str(named(&FLOAT_CONSTANTS, number)),
        }
    }
}

const ROUNDING_MODES: [&str; 8] = ["rne", "rtz", "rdn", "rup", "rmm", "unknown", "unknown", "dyn"];

/// What `fli` loads (unprivileged manual, "Zfa", table of immediates); `min` is the smallest normal number of the format.
const FLOAT_CONSTANTS: [&str; 32] = [
    "-1.0",
    "min",
    "1.52587890625e-05",
    "3.0517578125e-05",
    "0.00390625",
    "0.0078125",
    "0.0625",
    "0.125",
    "0.25",
    "0.3125",
    "0.375",
    "0.4375",
    "0.5",
    "0.625",
    "0.75",
    "0.875",
    "1.0",
    "1.25",
    "1.5",
    "1.75",
    "2.0",
    "2.5",
    "3.0",
    "4.0",
    "8.0",
    "16.0",
    "128.0",
    "256.0",
    "32768.0",
    "65536.0",
    "inf",
    "nan",
];
