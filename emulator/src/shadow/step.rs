//! One instruction on both levels.
//!
//! The distribution of the result comes from the operands as they are before the instruction; then the scalar instruction runs,
//! and may trap; then the result is attached.

use isa::{Inst, Op, OpClass, RegFile};

use super::Shadow;
use super::branches::Decision;
use super::registers::{Held, RegisterNumber};
use super::values::Kind;
use crate::engine::{Stop, Tracker};
use crate::exec::{Flow, execute};
use crate::hart::{Hart, reg};
use crate::memory::{Bus, Memory, Watched};

impl Tracker for Shadow {
    #[inline(always)]
    fn live(&self) -> u64 {
        if self.options.forced {
            u64::MAX
        } else {
            self.registers.live()
        }
    }

    fn is_interrupted(&self) -> bool {
        Shadow::is_interrupted(self)
    }

    #[inline(always)]
    fn bus(memory: &mut Memory) -> impl Bus {
        Watched(memory)
    }

    fn step(&mut self, inst: &Inst, pc: u64, hart: &mut Hart, memory: &mut Memory) -> Result<Flow, Stop> {
        self.sweep_if_due(memory, hart.x[reg::SP]);
        self.set_place(pc);
        let address = hart.x[usize::from(inst.rs1)].wrapping_add(i64::from(inst.imm) as u64);
        let result = match inst.op.class() {
            OpClass::Load => {
                self.note_value(pc, Decision::Address, inst.rs1, hart);
                self.loaded(memory, inst.op, address)
            }
            OpClass::Store => {
                self.note_value(pc, Decision::Address, inst.rs1, hart);
                let flow = execute(inst.op, inst, pc, hart, memory)?;
                if let Some(file) = inst.op.operands().rs2 {
                    self.stored(memory, inst.op, RegisterNumber::of(file, inst.rs2), address);
                }
                return Ok(flow);
            }
            OpClass::IntegerArithmetic | OpClass::IntegerCompare | OpClass::Shift | OpClass::Bitwise => {
                self.integer_result(inst, hart)
            }
            OpClass::MinMax | OpClass::FloatCompare | OpClass::FloatConvert => {
                if inst.op.operands().rs1 == Some(RegFile::X) && inst.op.operands().rd == Some(RegFile::X) {
                    self.integers(inst, hart)
                } else {
                    self.floating(inst, hart)
                }
            }
            OpClass::FloatArithmetic | OpClass::FloatFused | OpClass::FloatSign => self.floating(inst, hart),
            OpClass::BitMove => self.moved_bits(inst),
            OpClass::Select => {
                self.note_zero(pc, inst.rs2, hart);
                self.selected(inst, hart)
            }
            OpClass::Atomic => return self.atomic(inst, pc, hart, memory),
            OpClass::Branch => {
                self.note_branch(pc, inst, hart);
                Held::Nothing
            }
            OpClass::Jump => {
                if inst.op == Op::Jalr {
                    self.note_value(pc, Decision::Jump, inst.rs1, hart);
                }
                Held::Nothing
            }
            OpClass::Constant | OpClass::Ordering | OpClass::System => Held::Nothing,
        };
        let flow = execute(inst.op, inst, pc, hart, memory)?;
        if let Some(file) = inst.op.operands().rd {
            self.registers.set(RegisterNumber::of(file, inst.rd), result);
        }
        Ok(flow)
    }
}

impl Shadow {
    fn integer_result(&mut self, inst: &Inst, hart: &Hart) -> Held {
        let a = self.registers.get(RegisterNumber::x(inst.rs1));
        let has_register = inst.op.operands().rs2.is_some();
        let b = if has_register {
            self.registers.get(RegisterNumber::x(inst.rs2))
        } else {
            Held::Nothing
        };
        // Copies: `mv` is addi with 0, `c.mv` is add with x0; they move whatever the register holds.
        match inst.op {
            Op::Addi if inst.imm == 0 => return a,
            Op::Add | Op::Or if inst.rs1 == 0 => return b,
            Op::Add | Op::Or | Op::Sub if has_register && inst.rs2 == 0 => return a,
            _ => {}
        }
        if a == Held::Nothing && b == Held::Nothing {
            return Held::Nothing;
        }
        if self.holds_bits(a) || self.holds_bits(b) {
            return self.bitwise(inst, hart);
        }
        self.integers(inst, hart)
    }

    /// Whether a register holds bytes of values rather than an integer.
    fn holds_bits(&self, held: Held) -> bool {
        match held {
            Held::Nothing => false,
            Held::Pieces(_) => true,
            Held::Value(tag) => self
                .values
                .get(tag)
                .is_some_and(|value| !matches!(value.kind, Kind::Integer(_))),
        }
    }

    /// `fmv` between the files: the bits of a number move with its distribution; the bits of an integer become no number.
    fn moved_bits(&self, inst: &Inst) -> Held {
        let operands = inst.op.operands();
        let Some(file) = operands.rs1 else { return Held::Nothing };
        let held = self.registers.get(RegisterNumber::of(file, inst.rs1));
        let kind = match inst.op {
            Op::FmvXD | Op::FmvDX => Kind::F64,
            Op::FmvXW | Op::FmvWX => Kind::F32,
            _ => return Held::Nothing,
        };
        match held {
            Held::Value(tag) if self.values.get(tag).is_some_and(|value| value.kind == kind) => held,
            _ => Held::Nothing,
        }
    }

    /// `czero`: the particle of the condition decides.
    fn selected(&self, inst: &Inst, hart: &Hart) -> Held {
        let is_zero = hart.x[usize::from(inst.rs2)] == 0;
        if is_zero == (inst.op == Op::CzeroEqz) {
            Held::Nothing
        } else {
            self.registers.get(RegisterNumber::x(inst.rs1))
        }
    }

    /// Atomics move values (load-reserved, store-conditional, swap); what they compute becomes certain.
    fn atomic(&mut self, inst: &Inst, pc: u64, hart: &mut Hart, memory: &mut Memory) -> Result<Flow, Stop> {
        self.note_value(pc, Decision::Address, inst.rs1, hart);
        let address = hart.x[usize::from(inst.rs1)];
        let (load, store) = match inst.op {
            Op::LrW | Op::ScW | Op::AmoswapW => (Op::Lw, Op::Sw),
            _ => (Op::Ld, Op::Sd),
        };
        let old = self.loaded(memory, load, address);
        let flow = execute(inst.op, inst, pc, hart, memory)?;
        let result = match inst.op {
            Op::LrW | Op::LrD => old,
            Op::ScW | Op::ScD => {
                if hart.x[usize::from(inst.rd)] == 0 {
                    self.stored(memory, store, RegisterNumber::x(inst.rs2), address);
                }
                Held::Nothing
            }
            Op::AmoswapW | Op::AmoswapD => {
                self.stored(memory, store, RegisterNumber::x(inst.rs2), address);
                old
            }
            _ => Held::Nothing,
        };
        self.registers.set(RegisterNumber::x(inst.rd), result);
        Ok(flow)
    }
}
