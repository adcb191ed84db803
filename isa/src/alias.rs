//! Names for common forms of an instruction: the aliases that GNU objdump writes (binutils 2.40, `opcodes/riscv-opc.c`).

use crate::disassemble::{Operand, Text};
use crate::{Inst, Op, csr};

/// The alias for `inst`, if it has one.
pub(crate) fn text(inst: &Inst) -> Option<Text> {
    jumps(inst)
        .or_else(|| integers(inst))
        .or_else(|| floats(inst))
        .or_else(|| csrs(inst))
        .or_else(|| fences(inst))
}

use Operand::{Csr, Decimal, F, Offset, Target, X};

fn jumps(inst: &Inst) -> Option<Text> {
    let &Inst {
        op, rd, rs1, rs2, imm, ..
    } = inst;
    Some(match (op, rd, rs1, rs2) {
        (Op::Jal, 0, ..) => Text::new("j", &[Target(imm)]),
        (Op::Jal, 1, ..) => Text::new("jal", &[Target(imm)]),
        (Op::Jalr, 0, 1, _) if imm == 0 => Text::new("ret", &[]),
        (Op::Jalr, 0, ..) if imm == 0 => Text::new("jr", &[X(rs1)]),
        (Op::Jalr, 0, ..) => Text::new("jr", &[Offset(imm, rs1)]),
        (Op::Jalr, 1, ..) if imm == 0 => Text::new("jalr", &[X(rs1)]),
        (Op::Jalr, 1, ..) => Text::new("jalr", &[Offset(imm, rs1)]),
        (Op::Jalr, ..) if imm == 0 => Text::new("jalr", &[X(rd), X(rs1)]),
        (Op::Beq, _, _, 0) => Text::new("beqz", &[X(rs1), Target(imm)]),
        (Op::Bne, _, _, 0) => Text::new("bnez", &[X(rs1), Target(imm)]),
        (Op::Bge, _, 0, _) => Text::new("blez", &[X(rs2), Target(imm)]),
        (Op::Bge, _, _, 0) => Text::new("bgez", &[X(rs1), Target(imm)]),
        (Op::Blt, _, _, 0) => Text::new("bltz", &[X(rs1), Target(imm)]),
        (Op::Blt, _, 0, _) => Text::new("bgtz", &[X(rs2), Target(imm)]),
        _ => return None,
    })
}

fn integers(inst: &Inst) -> Option<Text> {
    let &Inst {
        op,
        rd,
        rs1,
        rs2,
        imm,
        len,
        ..
    } = inst;
    let unary = |mnemonic, source| Some(Text::new(mnemonic, &[X(rd), X(source)]));
    match (op, rs1, rs2, imm) {
        (Op::Addi, 0, _, 0) if rd == 0 => Some(Text::new("nop", &[])),
        (Op::Addi, 0, _, _) => Some(Text::new("li", &[X(rd), Decimal(imm)])),
        (Op::Addi, _, _, 0) => unary("mv", rs1),
        (Op::Addiw, _, _, 0) => unary("sext.w", rs1),
        (Op::Xori, _, _, -1) => unary("not", rs1),
        (Op::Andi, _, _, 0xff) => unary("zext.b", rs1),
        (Op::Sltiu, _, _, 1) => unary("seqz", rs1),
        (Op::Ori, ..) if rd == 0 => prefetch(inst),
        (Op::Add, 0, 2..=5, _) if rd == 0 => non_temporal(rs2),
        // The 32-bit form keeps its name; the compressed one is `c.mv`.
        (Op::Add, 0, ..) if len == 2 => unary("mv", rs2),
        (Op::Sub, 0, ..) => unary("neg", rs2),
        (Op::Subw, 0, ..) => unary("negw", rs2),
        (Op::Sltu, 0, ..) => unary("snez", rs2),
        (Op::Slt, _, 0, _) => unary("sltz", rs1),
        (Op::Slt, 0, ..) => unary("sgtz", rs2),
        (Op::AddUw, _, 0, _) => unary("zext.w", rs1),
        (Op::Packw, _, 0, _) => unary("zext.h", rs1),
        _ => None,
    }
}

/// Zicbop: an `ori` to x0 whose five low immediate bits tell the kind; the rest is the offset.
fn prefetch(inst: &Inst) -> Option<Text> {
    let mnemonic = match inst.imm & 31 {
        0 => "prefetch.i",
        1 => "prefetch.r",
        3 => "prefetch.w",
        _ => return None,
    };
    Some(Text::new(mnemonic, &[Offset(inst.imm & !31, inst.rs1)]))
}

/// Zihintntl: an `add` of x0 and one of x2 to x5 to x0.
fn non_temporal(rs2: u8) -> Option<Text> {
    let mnemonic = match rs2 {
        2 => "ntl.p1",
        3 => "ntl.pall",
        4 => "ntl.s1",
        5 => "ntl.all",
        _ => return None,
    };
    Some(Text::new(mnemonic, &[]))
}

fn floats(inst: &Inst) -> Option<Text> {
    let mnemonic = match inst.op {
        Op::FsgnjS => "fmv.s",
        Op::FsgnjD => "fmv.d",
        Op::FsgnjH => "fmv.h",
        Op::FsgnjnS => "fneg.s",
        Op::FsgnjnD => "fneg.d",
        Op::FsgnjnH => "fneg.h",
        Op::FsgnjxS => "fabs.s",
        Op::FsgnjxD => "fabs.d",
        Op::FsgnjxH => "fabs.h",
        _ => return None,
    };
    (inst.rs1 == inst.rs2).then(|| Text::new(mnemonic, &[F(inst.rd), F(inst.rs1)]))
}

fn csrs(inst: &Inst) -> Option<Text> {
    let &Inst { op, rd, rs1, imm, .. } = inst;
    let number = u16::try_from(imm).ok()?;
    let immediate = Decimal(i32::from(rs1));
    // A swap whose old value is not wanted has no rd.
    let swap = |mnemonic, new| {
        Some(if rd == 0 {
            Text::new(mnemonic, &[new])
        } else {
            Text::new(mnemonic, &[X(rd), new])
        })
    };
    match (op, number) {
        (Op::Csrrw, csr::CYCLE) if rd == 0 && rs1 == 0 => Some(Text::new("unimp", &[])),
        (Op::Csrrs, csr::FFLAGS) if rs1 == 0 => Some(Text::new("frflags", &[X(rd)])),
        (Op::Csrrs, csr::FRM) if rs1 == 0 => Some(Text::new("frrm", &[X(rd)])),
        (Op::Csrrs, csr::FCSR) if rs1 == 0 => Some(Text::new("frcsr", &[X(rd)])),
        (Op::Csrrs, csr::CYCLE) if rs1 == 0 => Some(Text::new("rdcycle", &[X(rd)])),
        (Op::Csrrs, csr::TIME) if rs1 == 0 => Some(Text::new("rdtime", &[X(rd)])),
        (Op::Csrrs, csr::INSTRET) if rs1 == 0 => Some(Text::new("rdinstret", &[X(rd)])),
        (Op::Csrrw, csr::FFLAGS) => swap("fsflags", X(rs1)),
        (Op::Csrrw, csr::FRM) => swap("fsrm", X(rs1)),
        (Op::Csrrw, csr::FCSR) => swap("fscsr", X(rs1)),
        (Op::Csrrwi, csr::FFLAGS) => swap("fsflagsi", immediate),
        (Op::Csrrwi, csr::FRM) => swap("fsrmi", immediate),
        (Op::Csrrs, _) if rs1 == 0 => Some(Text::new("csrr", &[X(rd), Csr(imm)])),
        (Op::Csrrw, _) if rd == 0 => Some(Text::new("csrw", &[Csr(imm), X(rs1)])),
        (Op::Csrrs, _) if rd == 0 => Some(Text::new("csrs", &[Csr(imm), X(rs1)])),
        (Op::Csrrc, _) if rd == 0 => Some(Text::new("csrc", &[Csr(imm), X(rs1)])),
        (Op::Csrrwi, _) if rd == 0 => Some(Text::new("csrwi", &[Csr(imm), immediate])),
        (Op::Csrrsi, _) if rd == 0 => Some(Text::new("csrsi", &[Csr(imm), immediate])),
        (Op::Csrrci, _) if rd == 0 => Some(Text::new("csrci", &[Csr(imm), immediate])),
        _ => None,
    }
}

fn fences(inst: &Inst) -> Option<Text> {
    let &Inst {
        op, rd, rs1, rs2, imm, ..
    } = inst;
    match (op, rd, rs1, imm) {
        (Op::Fence, 0, 0, 0x0ff) => Some(Text::new("fence", &[])),
        (Op::Fence, 0, 0, 0x833) => Some(Text::new("fence.tso", &[])),
        (Op::Fence, 0, 0, 0x010) => Some(Text::new("pause", &[])),
        (Op::SfenceVma, _, 0, _) if rs2 == 0 => Some(Text::new("sfence.vma", &[])),
        (Op::SfenceVma, ..) if rs2 == 0 => Some(Text::new("sfence.vma", &[X(rs1)])),
        _ => None,
    }
}
