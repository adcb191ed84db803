//! Instructions that compute: which function of `distcore` each of them is.

use distcore::{BinaryFn, Format, FusedFn, IntegerFn, IntegerType, Rounding, UnaryFn};
use isa::{Inst, Op};

use super::Shadow;
use super::algebra::{Integer, Number, Uncertain};
use super::registers::{Held, RegisterNumber};
use super::values::Kind;
use crate::float::{self, F32};
use crate::hart::Hart;

/// What a floating-point instruction computes, and in which format it reads and writes.
enum Function {
    /// One floating operand.
    Unary(UnaryFn, Format),
    /// Two floating operands.
    Binary(BinaryFn, Format),
    /// Two floating operands, an integer 0 or 1.
    Compare(BinaryFn, Format),
    /// Three floating operands.
    Fused(FusedFn, Format),
    /// A floating operand in the other format.
    FromFormat(Format),
    /// A floating operand, its class as an integer.
    Classify(Format),
    /// A floating operand, an integer.
    ToInteger(IntegerType, Format),
    /// An integer operand of that type, a floating result.
    FromInteger(IntegerType, Format),
}

/// Half precision and the rarer instructions are not tracked: their results are certain.
fn function(op: Op, rounding: Rounding) -> Option<Function> {
    use Format::{F32 as S, F64 as D};
    use Function::{Binary, Classify, Compare, FromFormat, FromInteger, Fused, ToInteger, Unary};
    use IntegerType::{I32, I64, U32, U64};
    Some(match op {
        Op::FaddS => Binary(BinaryFn::Add, S),
        Op::FaddD => Binary(BinaryFn::Add, D),
        Op::FsubS => Binary(BinaryFn::Sub, S),
        Op::FsubD => Binary(BinaryFn::Sub, D),
        Op::FmulS => Binary(BinaryFn::Mul, S),
        Op::FmulD => Binary(BinaryFn::Mul, D),
        Op::FdivS => Binary(BinaryFn::Div, S),
        Op::FdivD => Binary(BinaryFn::Div, D),
        Op::FsqrtS => Unary(UnaryFn::Sqrt, S),
        Op::FsqrtD => Unary(UnaryFn::Sqrt, D),
        Op::FminS | Op::FminmS => Binary(BinaryFn::Min, S),
        Op::FminD | Op::FminmD => Binary(BinaryFn::Min, D),
        Op::FmaxS | Op::FmaxmS => Binary(BinaryFn::Max, S),
        Op::FmaxD | Op::FmaxmD => Binary(BinaryFn::Max, D),
        Op::FsgnjS => Binary(BinaryFn::Copysign, S),
        Op::FsgnjD => Binary(BinaryFn::Copysign, D),
        Op::FsgnjnS => Binary(BinaryFn::CopysignNegated, S),
        Op::FsgnjnD => Binary(BinaryFn::CopysignNegated, D),
        Op::FsgnjxS => Binary(BinaryFn::CopysignXor, S),
        Op::FsgnjxD => Binary(BinaryFn::CopysignXor, D),
        Op::FeqS => Compare(BinaryFn::Equal, S),
        Op::FeqD => Compare(BinaryFn::Equal, D),
        Op::FltS | Op::FltqS => Compare(BinaryFn::Less, S),
        Op::FltD | Op::FltqD => Compare(BinaryFn::Less, D),
        Op::FleS | Op::FleqS => Compare(BinaryFn::LessEqual, S),
        Op::FleD | Op::FleqD => Compare(BinaryFn::LessEqual, D),
        Op::FclassS => Classify(S),
        Op::FclassD => Classify(D),
        Op::FmaddS => Fused(FusedFn::MultiplyAdd, S),
        Op::FmaddD => Fused(FusedFn::MultiplyAdd, D),
        Op::FmsubS => Fused(FusedFn::MultiplySub, S),
        Op::FmsubD => Fused(FusedFn::MultiplySub, D),
        // RISC-V: fnmadd is -(a*b) - c, fnmsub is -(a*b) + c.
        Op::FnmaddS => Fused(FusedFn::NegatedMultiplySub, S),
        Op::FnmaddD => Fused(FusedFn::NegatedMultiplySub, D),
        Op::FnmsubS => Fused(FusedFn::NegatedMultiplyAdd, S),
        Op::FnmsubD => Fused(FusedFn::NegatedMultiplyAdd, D),
        Op::FcvtSD => FromFormat(D),
        Op::FcvtDS => FromFormat(S),
        Op::FroundS | Op::FroundnxS => Unary(UnaryFn::Round(rounding), S),
        Op::FroundD | Op::FroundnxD => Unary(UnaryFn::Round(rounding), D),
        Op::FcvtWS => ToInteger(I32, S),
        Op::FcvtWuS => ToInteger(U32, S),
        Op::FcvtLS => ToInteger(I64, S),
        Op::FcvtLuS => ToInteger(U64, S),
        Op::FcvtWD => ToInteger(I32, D),
        Op::FcvtWuD => ToInteger(U32, D),
        Op::FcvtLD => ToInteger(I64, D),
        Op::FcvtLuD => ToInteger(U64, D),
        Op::FcvtSW => FromInteger(I32, S),
        Op::FcvtSWu => FromInteger(U32, S),
        Op::FcvtSL => FromInteger(I64, S),
        Op::FcvtSLu => FromInteger(U64, S),
        Op::FcvtDW => FromInteger(I32, D),
        Op::FcvtDWu => FromInteger(U32, D),
        Op::FcvtDL => FromInteger(I64, D),
        Op::FcvtDLu => FromInteger(U64, D),
        _ => return None,
    })
}

/// What an integer instruction computes and on which type; word forms have results that are sign-extended.
fn integer_function(op: Op) -> Option<(IntegerFn, IntegerType)> {
    use IntegerFn::{
        Add, And, Div, Less, Max, Min, Mul, MulHigh, MulHighSignedUnsigned, Or, Rem, ShiftLeft, ShiftRight, Sub, Xor,
    };
    use IntegerType::{I32, I64, U32, U64};
    Some(match op {
        Op::Add | Op::Addi => (Add, I64),
        Op::Addw | Op::Addiw => (Add, I32),
        Op::Sub => (Sub, I64),
        Op::Subw => (Sub, I32),
        Op::Mul => (Mul, I64),
        Op::Mulw => (Mul, I32),
        Op::Mulh => (MulHigh, I64),
        Op::Mulhu => (MulHigh, U64),
        Op::Mulhsu => (MulHighSignedUnsigned, I64),
        Op::Div => (Div, I64),
        Op::Divu => (Div, U64),
        Op::Divw => (Div, I32),
        Op::Divuw => (Div, U32),
        Op::Rem => (Rem, I64),
        Op::Remu => (Rem, U64),
        Op::Remw => (Rem, I32),
        Op::Remuw => (Rem, U32),
        Op::And | Op::Andi => (And, I64),
        Op::Or | Op::Ori => (Or, I64),
        Op::Xor | Op::Xori => (Xor, I64),
        Op::Sll | Op::Slli => (ShiftLeft, I64),
        Op::Sllw | Op::Slliw => (ShiftLeft, I32),
        Op::Srl | Op::Srli => (ShiftRight, U64),
        Op::Srlw | Op::Srliw => (ShiftRight, U32),
        Op::Sra | Op::Srai => (ShiftRight, I64),
        Op::Sraw | Op::Sraiw => (ShiftRight, I32),
        Op::Slt | Op::Slti => (Less, I64),
        Op::Sltu | Op::Sltiu => (Less, U64),
        Op::Min => (Min, I64),
        Op::Minu => (Min, U64),
        Op::Max => (Max, I64),
        Op::Maxu => (Max, U64),
        _ => return None,
    })
}

/// The rounding mode that an instruction's `rm` field selects; reserved ones do not get here.
pub(super) fn rounding(inst: &Inst, hart: &Hart) -> Rounding {
    match hart.rounding(inst.rm) {
        Some(float::Rounding::TowardZero) => Rounding::TowardZero,
        Some(float::Rounding::Down) => Rounding::Down,
        Some(float::Rounding::Up) => Rounding::Up,
        Some(float::Rounding::NearestMaxMagnitude) => Rounding::NearestAway,
        Some(float::Rounding::NearestEven) | None => Rounding::NearestEven,
    }
}

impl Shadow {
    /// The result of an instruction on floating-point numbers of which at least one may be uncertain.
    pub(super) fn floating(&mut self, inst: &Inst, hart: &Hart) -> Held {
        let rounding = rounding(inst, hart);
        let Some(function) = function(inst.op, rounding) else {
            return Held::Nothing;
        };
        let (kind, result) = match function {
            Function::FromInteger(kind, format) => {
                let Some(integer) = self.integer_in(inst.rs1) else {
                    return Held::Nothing;
                };
                let wrapped = self.algebra.unary(UnaryFn::Wrap(kind), &integer, Format::F64);
                (format.into(), self.algebra.unary(UnaryFn::Convert, &wrapped, format))
            }
            Function::Unary(function, format) => {
                let Some(x) = self.number(RegisterNumber::f(inst.rs1), format) else {
                    return Held::Nothing;
                };
                (format.into(), self.algebra.unary(function, &x, format))
            }
            Function::Classify(format) => {
                let Some(x) = self.number(RegisterNumber::f(inst.rs1), format) else {
                    return Held::Nothing;
                };
                let class = self.algebra.unary(UnaryFn::Class(format), &x, Format::F64);
                (Kind::Integer(IntegerType::I64), class)
            }
            Function::FromFormat(from) => {
                let Some(x) = self.number(RegisterNumber::f(inst.rs1), from) else {
                    return Held::Nothing;
                };
                let to = if from == Format::F64 { Format::F32 } else { Format::F64 };
                (to.into(), self.algebra.unary(UnaryFn::Convert, &x, to))
            }
            Function::ToInteger(kind, format) => {
                let Some(x) = self.number(RegisterNumber::f(inst.rs1), format) else {
                    return Held::Nothing;
                };
                let integers = self.algebra.unary(UnaryFn::ToInteger(kind, rounding), &x, Format::F64);
                // fcvt.wu writes its 32 bits sign-extended.
                let integers = if kind == IntegerType::U32 {
                    self.algebra
                        .unary(UnaryFn::Wrap(IntegerType::I32), &integers, Format::F64)
                } else {
                    integers
                };
                (Kind::Integer(IntegerType::I64), integers)
            }
            Function::Binary(BinaryFn::Copysign, format) if inst.rs1 == inst.rs2 => {
                // fmv: the same value, not a new one.
                return match self.number(RegisterNumber::f(inst.rs1), format) {
                    Some(_) => self.registers.get(RegisterNumber::f(inst.rs1)),
                    None => Held::Nothing,
                };
            }
            Function::Compare(function, format) if self.hold_the_same(inst) => {
                let x = self.operand(inst.rs1, hart, format);
                if function == BinaryFn::Less || x.uncertain.is_none() {
                    return Held::Nothing;
                }
                // How programs look for NaN: it alone is not equal to itself, and below no infinity.
                let infinity = Number::certain(f64::INFINITY);
                let result = self.algebra.binary(BinaryFn::LessEqual, &x, &infinity, format);
                (Kind::Integer(IntegerType::I64), result)
            }
            Function::Binary(function, format) | Function::Compare(function, format) => {
                let [a, b] = [inst.rs1, inst.rs2].map(|register| self.operand(register, hart, format));
                if a.uncertain.is_none() && b.uncertain.is_none() {
                    return Held::Nothing;
                }
                // The sign of a number put on itself: negation and absolute value, of one operand.
                let sign = match function {
                    BinaryFn::CopysignNegated => Some(UnaryFn::Neg),
                    BinaryFn::CopysignXor => Some(UnaryFn::Abs),
                    _ => None,
                };
                let result = match (sign, &a.uncertain) {
                    (Some(sign), Some(a)) if inst.rs1 == inst.rs2 => self.algebra.unary(sign, a, format),
                    _ => self.algebra.binary(function, &a, &b, format),
                };
                if function.is_comparison() {
                    (Kind::Integer(IntegerType::I64), result)
                } else {
                    (format.into(), result)
                }
            }
            Function::Fused(function, format) => {
                let operands = [inst.rs1, inst.rs2, inst.rs3].map(|register| self.operand(register, hart, format));
                if operands.iter().all(|operand| operand.uncertain.is_none()) {
                    return Held::Nothing;
                }
                (format.into(), self.algebra.fused(function, operands.each_ref(), format))
            }
        };
        self.operations += 1;
        self.keep(kind, result)
    }

    /// Whether both operands are one value: it is equal to itself, whether or not correlation is tracked.
    fn hold_the_same(&self, inst: &Inst) -> bool {
        let [a, b] = [inst.rs1, inst.rs2].map(|register| self.registers.get(RegisterNumber::f(register)));
        a == b && matches!(a, Held::Value(_))
    }

    /// The result of an instruction on integers of which at least one may be uncertain.
    pub(super) fn integers(&mut self, inst: &Inst, hart: &Hart) -> Held {
        let Some((function, kind)) = integer_function(inst.op) else {
            return Held::Nothing;
        };
        let a = Integer {
            particle: hart.x[usize::from(inst.rs1)] as i64,
            uncertain: self.integer_in(inst.rs1),
        };
        let b = if inst.op.operands().rs2.is_some() {
            Integer {
                particle: hart.x[usize::from(inst.rs2)] as i64,
                uncertain: self.integer_in(inst.rs2),
            }
        } else {
            Integer {
                particle: inst.imm.into(),
                uncertain: None,
            }
        };
        if a.uncertain.is_none() && b.uncertain.is_none() {
            return Held::Nothing;
        }
        let mut result = self.algebra.integer(function, kind, &a, &b);
        if kind == IntegerType::U32 {
            result = self
                .algebra
                .unary(UnaryFn::Wrap(IntegerType::I32), &result, Format::F64);
        }
        self.operations += 1;
        self.keep(Kind::Integer(IntegerType::I64), result)
    }

    /// The number in `fN`.
    pub(crate) fn operand(&self, register: u8, hart: &Hart, format: Format) -> Number {
        Number {
            particle: particle(hart, register, format),
            uncertain: self.number(RegisterNumber::f(register), format),
        }
    }

    /// The uncertain integer in `xN`, if it holds one.
    fn integer_in(&self, register: u8) -> Option<Uncertain> {
        match self.registers.get(RegisterNumber::x(register)) {
            Held::Value(tag) => self
                .values
                .get(tag)
                .filter(|value| matches!(value.kind, Kind::Integer(_)))
                .map(|value| value.uncertain.clone()),
            Held::Nothing | Held::Pieces(_) => None,
        }
    }

    /// An integer that is known to have one possible value is certain; everything else is kept.
    pub(super) fn keep(&mut self, kind: Kind, result: Uncertain) -> Held {
        if matches!(kind, Kind::Integer(_)) && self.algebra.is_certain_integer(&result) {
            Held::Nothing
        } else {
            Held::Value(self.add(kind, result))
        }
    }
}

/// The particle in `fN`.
pub(crate) fn particle(hart: &Hart, register: u8, format: Format) -> f64 {
    let bits = hart.f[usize::from(register)];
    match format {
        Format::F64 => f64::from_bits(bits),
        Format::F32 => f32::from_bits(float::unboxed::<F32>(bits)).into(),
    }
}
