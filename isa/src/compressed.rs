//! The 16-bit forms: each expands to a base row (C, Zcb, Zcmop; unprivileged manual, "C" chapter, tables "RVC opcode map").
//!
//! Reserved forms are `None`. Hints are legal: they expand to a base instruction that changes nothing (its destination is x0, or it
//! shifts by 0). `c.mop.n` becomes a `nop`.

use crate::{Inst, Op};

/// A 16-bit instruction as its base instruction with `len` 2; `None` when it is illegal.
pub(crate) fn expand(half: u16) -> Option<Inst> {
    let h = Half(half);
    match (half & 3, half >> 13) {
        (0, funct3) => quadrant0(h, funct3),
        (1, funct3) => quadrant1(h, funct3),
        (2, funct3) => quadrant2(h, funct3),
        _ => None,
    }
}

const X0: u8 = 0;
const RA: u8 = 1;
const SP: u8 = 2;

fn quadrant0(h: Half, funct3: u16) -> Option<Inst> {
    let word_offset = h.gather(&[(10, 3, 3), (6, 1, 2), (5, 1, 6)]);
    let double_offset = h.gather(&[(10, 3, 3), (5, 2, 6)]);
    match funct3 {
        // c.addi4spn; with a zero immediate (the all-zero halfword among them) it is illegal.
        0 => match h.gather(&[(11, 2, 4), (7, 4, 6), (6, 1, 2), (5, 1, 3)]) {
            0 => None,
            imm => Some(i(Op::Addi, h.rd_low(), SP, imm)),
        },
        1 => Some(i(Op::Fld, h.rd_low(), h.rs1_low(), double_offset)),
        2 => Some(i(Op::Lw, h.rd_low(), h.rs1_low(), word_offset)),
        3 => Some(i(Op::Ld, h.rd_low(), h.rs1_low(), double_offset)),
        4 => zcb_memory(h),
        5 => Some(store(Op::Fsd, h.rd_low(), h.rs1_low(), double_offset)),
        6 => Some(store(Op::Sw, h.rd_low(), h.rs1_low(), word_offset)),
        _ => Some(store(Op::Sd, h.rd_low(), h.rs1_low(), double_offset)),
    }
}

/// Zcb's loads and stores of bytes and halfwords.
fn zcb_memory(h: Half) -> Option<Inst> {
    let byte_offset = h.gather(&[(6, 1, 0), (5, 1, 1)]);
    let half_offset = h.gather(&[(5, 1, 1)]);
    let (data, base) = (h.rd_low(), h.rs1_low());
    match (h.bits(10, 3), h.bits(6, 1)) {
        (0, _) => Some(i(Op::Lbu, data, base, byte_offset)),
        (1, 0) => Some(i(Op::Lhu, data, base, half_offset)),
        (1, _) => Some(i(Op::Lh, data, base, half_offset)),
        (2, _) => Some(store(Op::Sb, data, base, byte_offset)),
        (3, 0) => Some(store(Op::Sh, data, base, half_offset)),
        _ => None,
    }
}

fn quadrant1(h: Half, funct3: u16) -> Option<Inst> {
    let rd = h.rd();
    let imm6 = h.signed(&[(12, 1, 5), (2, 5, 0)], 6);
    match funct3 {
        // c.nop, c.addi, and their hints.
        0 => Some(i(Op::Addi, rd, rd, imm6)),
        1 => (rd != X0).then(|| i(Op::Addiw, rd, rd, imm6)),
        2 => Some(i(Op::Addi, rd, X0, imm6)),
        3 => upper(h, rd),
        4 => arithmetic(h, imm6),
        5 => {
            let offset = h.signed(
                &[
                    (12, 1, 11),
                    (11, 1, 4),
                    (9, 2, 8),
                    (8, 1, 10),
                    (7, 1, 6),
                    (6, 1, 7),
                    (3, 3, 1),
                    (2, 1, 5),
                ],
                12,
            );
            Some(Inst {
                rd: X0,
                imm: offset,
                ..short(Op::Jal)
            })
        }
        _ => {
            let op = if funct3 == 6 { Op::Beq } else { Op::Bne };
            let offset = h.signed(&[(12, 1, 8), (10, 2, 3), (5, 2, 6), (3, 2, 1), (2, 1, 5)], 9);
            Some(Inst {
                rs1: h.rs1_low(),
                rs2: X0,
                imm: offset,
                ..short(op)
            })
        }
    }
}

/// c.addi16sp, c.lui, and in the place of c.lui's zero immediates Zcmop.
fn upper(h: Half, rd: u8) -> Option<Inst> {
    if rd == SP {
        let imm = h.signed(&[(12, 1, 9), (6, 1, 4), (5, 1, 6), (3, 2, 7), (2, 1, 5)], 10);
        return (imm != 0).then(|| i(Op::Addi, SP, SP, imm));
    }
    let imm = h.signed(&[(12, 1, 17), (2, 5, 12)], 18);
    if imm == 0 {
        let may_be_operation = rd < 16 && rd % 2 == 1;
        return may_be_operation.then(|| i(Op::Addi, X0, X0, 0));
    }
    Some(Inst {
        rd,
        imm,
        ..short(Op::Lui)
    })
}

/// Shifts, `andi`, and the register forms, Zcb's included.
fn arithmetic(h: Half, imm6: i32) -> Option<Inst> {
    let rd = h.rs1_low();
    let rs2 = h.rd_low();
    let op = match (h.bits(10, 2), h.bits(12, 1), h.bits(5, 2)) {
        (0, ..) => return Some(i(Op::Srli, rd, rd, imm6 & 63)),
        (1, ..) => return Some(i(Op::Srai, rd, rd, imm6 & 63)),
        (2, ..) => return Some(i(Op::Andi, rd, rd, imm6)),
        (_, 0, 0) => Op::Sub,
        (_, 0, 1) => Op::Xor,
        (_, 0, 2) => Op::Or,
        (_, 0, _) => Op::And,
        (_, _, 0) => Op::Subw,
        (_, _, 1) => Op::Addw,
        (_, _, 2) => Op::Mul,
        _ => return zcb_unary(h, rd),
    };
    Some(r(op, rd, rd, rs2))
}

/// Zcb's extensions of bytes, halfwords and words, and `not`.
fn zcb_unary(h: Half, rd: u8) -> Option<Inst> {
    match h.bits(2, 3) {
        0 => Some(i(Op::Andi, rd, rd, 0xff)),
        1 => Some(r(Op::SextB, rd, rd, X0)),
        2 => Some(r(Op::Packw, rd, rd, X0)),
        3 => Some(r(Op::SextH, rd, rd, X0)),
        4 => Some(r(Op::AddUw, rd, rd, X0)),
        5 => Some(i(Op::Xori, rd, rd, -1)),
        _ => None,
    }
}

fn quadrant2(h: Half, funct3: u16) -> Option<Inst> {
    let rd = h.rd();
    let rs2 = h.rs2();
    let load_word = h.gather(&[(12, 1, 5), (4, 3, 2), (2, 2, 6)]);
    let load_double = h.gather(&[(12, 1, 5), (5, 2, 3), (2, 3, 6)]);
    let store_word = h.gather(&[(9, 4, 2), (7, 2, 6)]);
    let store_double = h.gather(&[(10, 3, 3), (7, 3, 6)]);
    match funct3 {
        0 => Some(i(Op::Slli, rd, rd, h.gather(&[(12, 1, 5), (2, 5, 0)]))),
        1 => Some(i(Op::Fld, rd, SP, load_double)),
        2 => (rd != X0).then(|| i(Op::Lw, rd, SP, load_word)),
        3 => (rd != X0).then(|| i(Op::Ld, rd, SP, load_double)),
        4 => match (h.bits(12, 1), rd, rs2) {
            (0, 0, 0) => None,
            (0, _, 0) => Some(i(Op::Jalr, X0, rd, 0)),
            (0, _, _) => Some(r(Op::Add, rd, X0, rs2)),
            (_, 0, 0) => Some(short(Op::Ebreak)),
            (_, _, 0) => Some(i(Op::Jalr, RA, rd, 0)),
            _ => Some(r(Op::Add, rd, rd, rs2)),
        },
        5 => Some(store(Op::Fsd, rs2, SP, store_double)),
        6 => Some(store(Op::Sw, rs2, SP, store_word)),
        _ => Some(store(Op::Sd, rs2, SP, store_double)),
    }
}

const fn short(op: Op) -> Inst {
    Inst {
        len: 2,
        ..Inst::new(op)
    }
}

const fn r(op: Op, rd: u8, rs1: u8, rs2: u8) -> Inst {
    Inst {
        rd,
        rs1,
        rs2,
        ..short(op)
    }
}

const fn i(op: Op, rd: u8, rs1: u8, imm: i32) -> Inst {
    Inst {
        rd,
        rs1,
        imm,
        ..short(op)
    }
}

const fn store(op: Op, rs2: u8, rs1: u8, imm: i32) -> Inst {
    Inst {
        rs1,
        rs2,
        imm,
        ..short(op)
    }
}

/// A halfword and its fields.
#[derive(Clone, Copy)]
struct Half(u16);

impl Half {
    fn bits(self, low: u32, width: u32) -> u16 {
        self.0 >> low & ((1 << width) - 1)
    }

    /// The five-bit register field in 11:7.
    fn rd(self) -> u8 {
        self.bits(7, 5) as u8
    }

    /// The five-bit register field in 6:2.
    fn rs2(self) -> u8 {
        self.bits(2, 5) as u8
    }

    /// The three-bit field in 4:2, which names registers 8 to 15.
    fn rd_low(self) -> u8 {
        8 + self.bits(2, 3) as u8
    }

    /// The three-bit field in 9:7, which names registers 8 to 15.
    fn rs1_low(self) -> u8 {
        8 + self.bits(7, 3) as u8
    }

    /// An immediate put together from pieces (lowest bit in the halfword, width, lowest bit in the immediate).
    fn gather(self, pieces: &[(u32, u32, u32)]) -> i32 {
        pieces.iter().fold(0, |imm, &(from, width, to)| {
            imm | i32::from(self.bits(from, width)) << to
        })
    }

    /// The same, with bit `width - 1` as its sign.
    fn signed(self, pieces: &[(u32, u32, u32)], width: u32) -> i32 {
        let unused = 32 - width;
        self.gather(pieces) << unused >> unused
    }
}
