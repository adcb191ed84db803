//! Raw bits of values in integer registers: what copying and merging code does to them.
//!
//! A memcpy that works on words shifts and merges the bytes of two words; code for fabs, copysign and negation works on the sign
//! bit of a double. Both keep the value. Every other use of the bits of a number as bits has no meaning as a distribution.

use distcore::{BinaryFn, Format, IntegerFn, IntegerType, UnaryFn};
use isa::{Inst, Op};

use super::Shadow;
use super::algebra::{Integer, Number};
use super::registers::{Held, RegisterNumber};
use super::values::Kind;
use crate::hart::Hart;
use crate::memory::{Piece, Pieces};

const SIGN: u64 = 1 << 63;

impl Shadow {
    /// The result of a shift, or-, and- or exclusive-or-instruction on raw bits of values.
    pub(super) fn bitwise(&mut self, inst: &Inst, hart: &Hart) -> Held {
        let a = self.registers.get(RegisterNumber::x(inst.rs1));
        let has_register = inst.op.operands().rs2.is_some();
        let b = if has_register {
            self.registers.get(RegisterNumber::x(inst.rs2))
        } else {
            Held::Nothing
        };
        let b_bits = if has_register {
            hart.x[usize::from(inst.rs2)]
        } else {
            i64::from(inst.imm) as u64
        };
        let a_bits = hart.x[usize::from(inst.rs1)];
        if let Some(held) = self.shifted_sign(inst, a) {
            return held;
        }
        if let Some(held) = self.asked_for_sign(inst, (a, a_bits), (b, b_bits)) {
            return held;
        }
        if let Some(held) = self.sign_bit(inst.op, (a, a_bits), (b, b_bits)) {
            return held;
        }
        let (Some(pieces_a), Some(pieces_b)) = (self.as_pieces(a), self.as_pieces(b)) else {
            return Held::Nothing;
        };
        let shifted = |by: i64| {
            let at = |i: usize| {
                usize::try_from(i as i64 - by)
                    .ok()
                    .and_then(|from| pieces_a.get(from))
                    .copied()
            };
            std::array::from_fn(|i| at(i).unwrap_or_default())
        };
        let pieces: Pieces = match inst.op {
            Op::Sll | Op::Slli if b == Held::Nothing && b_bits & 7 == 0 => shifted((b_bits & 63) as i64 / 8),
            // Whatever an arithmetic shift fills in from above is a copy of a sign, no byte of a value.
            Op::Srl | Op::Srli | Op::Sra | Op::Srai if b == Held::Nothing && b_bits & 7 == 0 => {
                shifted(-((b_bits & 63) as i64 / 8))
            }
            // Code that extends a byte, a half word or a word with its sign: the upper half is fill.
            Op::Sllw | Op::Slliw if b == Held::Nothing && b_bits & 7 == 0 => {
                lower_half(shifted((b_bits & 31) as i64 / 8))
            }
            Op::Srlw | Op::Srliw | Op::Sraw | Op::Sraiw if b == Held::Nothing && b_bits & 7 == 0 => {
                let by = (b_bits & 31) as usize / 8;
                std::array::from_fn(|i| if i + by < 4 { pieces_a[i + by] } else { Piece::default() })
            }
            Op::Addiw if inst.imm == 0 => lower_half(pieces_a),
            Op::SextB => first(1, &pieces_a),
            Op::SextH => first(2, &pieces_a),
            // Bytes of the one where the other is zero.
            Op::Or | Op::Ori | Op::Xor | Op::Xori | Op::Add => {
                merged((&pieces_a, a_bits.to_le_bytes()), (&pieces_b, b_bits.to_le_bytes()))
            }
            // Bytes kept by a mask of whole bytes.
            Op::And | Op::Andi if b == Held::Nothing => masked(&pieces_a, b_bits),
            Op::And if a == Held::Nothing => masked(&pieces_b, a_bits),
            _ => return Held::Nothing,
        };
        self.assemble(pieces)
    }

    /// The absolute value as compilers make it of bits in an integer register: the sign is shifted out, and a zero in.
    fn shifted_sign(&mut self, inst: &Inst, held: Held) -> Option<Held> {
        let format = match inst.imm {
            1 => Format::F64,
            33 => Format::F32,
            _ => return None,
        };
        let Held::Value(tag) = held else { return None };
        let (kind, uncertain) = match inst.op {
            Op::Slli => (Kind::WithoutSign(format), self.values.number(tag, format.into())?),
            Op::Srli => {
                let x = self.values.number(tag, Kind::WithoutSign(format))?;
                self.operations += 1;
                (format.into(), self.algebra.unary(UnaryFn::Abs, &x, format))
            }
            _ => return None,
        };
        Some(Held::Value(self.add(kind, uncertain)))
    }

    /// `signbit` as compilers make it of bits in an integer register: the sign shifted down, a comparison with zero, or a mask.
    fn asked_for_sign(&mut self, inst: &Inst, a: (Held, u64), b: (Held, u64)) -> Option<Held> {
        let (Held::Value(tag), bits, Held::Nothing, mask) = (if a.0 == Held::Nothing {
            (b.0, b.1, a.0, a.1)
        } else {
            (a.0, a.1, b.0, b.1)
        }) else {
            return None;
        };
        let (particle, format) = match self.values.get(tag)?.kind {
            Kind::F64 => (f64::from_bits(bits), Format::F64),
            // A float's sign is spread over the upper half of the register.
            Kind::F32 => (f32::from_bits(bits as u32).into(), Format::F32),
            _ => return None,
        };
        let is_float = format == Format::F32;
        // What a negative number gives.
        let result = match inst.op {
            Op::Srli if inst.imm == 63 => 1,
            Op::Srai if inst.imm == 63 => -1,
            Op::Srliw if inst.imm == 31 && is_float => 1,
            Op::Sraiw if inst.imm == 31 && is_float => -1,
            Op::Slti if inst.imm == 0 => 1,
            Op::Slt if inst.rs2 == 0 => 1,
            Op::And if mask == SIGN => i64::MIN,
            Op::And if mask as i64 == i64::from(i32::MIN) && is_float => i64::from(i32::MIN),
            _ => return None,
        };
        let x = Number {
            particle,
            uncertain: Some(self.values.number(tag, format.into())?),
        };
        let one = Number {
            particle: 1f64.copysign(particle),
            uncertain: Some(
                self.algebra
                    .binary(BinaryFn::Copysign, &Number::certain(1.0), &x, format),
            ),
        };
        let negative = self.algebra.binary(BinaryFn::Less, &one, &Number::certain(0.0), format);
        let negative = Integer {
            particle: i64::from(particle.is_sign_negative()),
            uncertain: Some(negative),
        };
        let factor = Integer {
            particle: result,
            uncertain: None,
        };
        let result = self
            .algebra
            .integer(IntegerFn::Mul, IntegerType::I64, &negative, &factor);
        self.operations += 1;
        Some(self.keep(Kind::Integer(IntegerType::I64), result))
    }

    /// Operations on the sign bit of a double: and with the rest is the absolute value, exclusive or negates, or makes negative.
    fn sign_bit(&mut self, op: Op, a: (Held, u64), b: (Held, u64)) -> Option<Held> {
        let ((Held::Value(tag), _), (Held::Nothing, mask)) = (if b.0 == Held::Nothing { (a, b) } else { (b, a) })
        else {
            return None;
        };
        let x = self.values.number(tag, Kind::F64)?;
        let result = match (op, mask) {
            (Op::And | Op::Andi, mask) if mask == !SIGN => self.algebra.unary(UnaryFn::Abs, &x, Format::F64),
            (Op::Xor | Op::Xori, SIGN) => self.algebra.unary(UnaryFn::Neg, &x, Format::F64),
            (Op::Or | Op::Ori, SIGN) => {
                let x = self.algebra.unary(UnaryFn::Abs, &x, Format::F64);
                self.algebra.unary(UnaryFn::Neg, &x, Format::F64)
            }
            _ => return None,
        };
        self.operations += 1;
        Some(Held::Value(self.add(Kind::F64, result)))
    }
}

/// The `count` lowest bytes.
fn first(count: usize, pieces: &Pieces) -> Pieces {
    std::array::from_fn(|i| if i < count { pieces[i] } else { Piece::default() })
}

fn lower_half(pieces: Pieces) -> Pieces {
    first(4, &pieces)
}

fn merged(a: (&Pieces, [u8; 8]), b: (&Pieces, [u8; 8])) -> Pieces {
    std::array::from_fn(|i| match (a.0[i], b.0[i]) {
        (piece, Piece { tag: 0, .. }) if b.1[i] == 0 => piece,
        (Piece { tag: 0, .. }, piece) if a.1[i] == 0 => piece,
        _ => Piece::default(),
    })
}

fn masked(pieces: &Pieces, mask: u64) -> Pieces {
    let mask = mask.to_le_bytes();
    std::array::from_fn(|i| if mask[i] == 0xff { pieces[i] } else { Piece::default() })
}
