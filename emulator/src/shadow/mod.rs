//! The shadow: which registers and memory words hold distributions, and what happens to them.
//!
//! In reading order:
//!
//! * [`algebra`]: what an uncertain number is, and how one is computed from others.
//! * [`drawn`]: what a Reference core has for one.
//! * [`values`]: those that registers and memory refer to, each with its kind, found by tag; swept when too many are dead.
//! * [`registers`]: what each register holds beside its bits: nothing, a value, or loose bytes of values.
//! * [`step`]: one instruction on both levels, by class of instruction.
//! * [`numbers`], [`bits`], [`transfer`]: what the classes do to numbers, to raw bits, and between registers and memory.
//! * [`branches`]: where the program's way depended on a distribution.
//!
//! The particle of a value is what stands in the register or memory word itself: the scalar instruction computes it, always.

mod algebra;
mod bits;
mod branches;
mod drawn;
mod numbers;
mod registers;
mod step;
mod transfer;
mod values;

use algebra::Interruptible;
pub(crate) use algebra::{Algebra, Number, Uncertain, column, limited, mixed, weighted_mean};
pub use branches::{BranchSite, Decision};
pub(crate) use drawn::Drawing;
pub(crate) use numbers::particle;
pub(crate) use registers::RegisterNumber;

use std::collections::BTreeMap;
use std::sync::Arc;

use distcore::{Arithmetic, Distribution, Format, Generator, IntegerType, Representation};

use crate::cancel::Cancel;
use crate::cores::{Core, CoreError, Microarchitecture};
use crate::limits::Limit;
use crate::memory::{Memory, Tag};
use registers::{Held, Registers};
use values::{Kind, Value, Values};

/// The distribution level of a machine.
pub(crate) struct Shadow {
    algebra: Algebra,
    values: Values,
    registers: Registers,
    /// Registers of the callers of functions that the host has called; their values are kept alive.
    saved: Vec<Registers>,
    branches: BTreeMap<u64, branches::Counted>,
    generator: Generator,
    operations: u64,
    forced: bool,
    /// What ends long operations, and is told when there are too many values.
    cancel: Cancel,
}

impl Shadow {
    pub(crate) fn new(core: &Core, seed: u64, forced: bool) -> Result<Shadow, CoreError> {
        let representation = match core.microarchitecture {
            Microarchitecture::Zurich => Representation::Zurich,
            Microarchitecture::Jupiter => Representation::Jupiter,
            Microarchitecture::Athens | Microarchitecture::Bypass | Microarchitecture::Reference => {
                Representation::Athens
            }
        };
        let algebra = if core.microarchitecture == Microarchitecture::Reference {
            Algebra::Drawn(Drawing::new(Generator::new(seed)))
        } else {
            let arithmetic =
                Arithmetic::new(representation, core.precision as usize).map_err(|_| CoreError::Precision {
                    precision: core.precision,
                    microarchitecture: core.microarchitecture,
                    min: *crate::cores::PRECISION_RANGE.start(),
                    max: *crate::cores::PRECISION_RANGE.end(),
                })?;
            Algebra::Independent(Interruptible::new(arithmetic))
        };
        Ok(Shadow {
            algebra,
            values: Values::default(),
            registers: Registers::default(),
            saved: Vec::new(),
            branches: BTreeMap::new(),
            generator: Generator::new(seed),
            operations: 0,
            forced,
            cancel: Cancel::new(),
        })
    }

    /// Starts an execution of a Reference core, with its own random draws: nothing is uncertain yet.
    pub(crate) fn restart(&mut self, drawing: Drawing) {
        self.algebra = Algebra::Drawn(drawing);
        self.registers = Registers::default();
        self.saved.clear();
    }

    /// The shadow of another machine of a Reference core, which has drawn nothing yet.
    pub(crate) fn sibling(&self) -> Shadow {
        Shadow {
            algebra: Algebra::Drawn(Drawing::new(self.generator.clone())),
            values: Values::default(),
            registers: Registers::default(),
            saved: Vec::new(),
            branches: BTreeMap::new(),
            generator: self.generator.clone(),
            operations: 0,
            forced: self.forced,
            cancel: self.cancel.clone(),
        }
    }

    /// Values and tags may take this many bytes; `cancel` ends long operations, and is told when they take more.
    pub(crate) fn set_limit(&mut self, bytes: u64, cancel: &Cancel) {
        self.values.set_limit(usize::try_from(bytes).unwrap_or(usize::MAX));
        self.algebra.interrupted_by(cancel.flag());
        self.cancel = cancel.clone();
    }

    /// Whether the run shall end.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Stops the run where values and tags take more than they may.
    pub(crate) fn check_limit(&mut self, memory: &Memory) {
        if self.values.are_too_many(memory.tag_bytes()) {
            self.sweep(memory);
            if self.values.are_too_many(memory.tag_bytes()) {
                self.cancel.stop(Limit::DistributionMemory);
            }
        }
    }

    /// Operations in which an operand was a distribution.
    pub(crate) fn operations(&self) -> u64 {
        self.operations
    }

    /// Times that a branch, a jump or an address depended on a distribution.
    pub(crate) fn uncertain_branches(&self) -> u64 {
        self.branches.values().map(|site| site.times).sum()
    }

    /// What makes uncertain numbers, and answers questions about them.
    pub(crate) fn algebra(&mut self) -> &mut Algebra {
        &mut self.algebra
    }

    /// How distributions are represented.
    pub(crate) fn representation(&self) -> Representation {
        self.algebra.representation()
    }

    /// The distribution of a number that the program asks about, if it has one to show.
    pub(crate) fn distribution(&mut self, x: &Number) -> Option<Arc<Distribution>> {
        self.algebra.distribution(x.uncertain.as_ref()?)
    }

    pub(crate) fn generator(&mut self) -> &mut Generator {
        &mut self.generator
    }

    /// Counts an operation on distributions that is not an instruction (a library function).
    pub(crate) fn count_operation(&mut self) {
        self.operations += 1;
    }

    /// The uncertain number in `register`, if it holds one of that format.
    #[inline]
    pub(crate) fn number(&self, register: RegisterNumber, format: Format) -> Option<Uncertain> {
        match self.registers.get(register) {
            Held::Value(tag) => self.values.number(tag, Kind::from(format)),
            Held::Nothing | Held::Pieces(_) => None,
        }
    }

    /// The uncertain number in memory at `address`, if there is one of that format.
    pub(crate) fn number_at(&self, memory: &Memory, address: u64, format: Format) -> Option<Uncertain> {
        let kind = Kind::from(format);
        match self.held_at(memory, address, kind.size()) {
            Held::Value(tag) => self.values.number(tag, kind),
            Held::Nothing | Held::Pieces(_) => None,
        }
    }

    /// Says that the number in `register` is uncertain.
    pub(crate) fn set_number(
        &mut self,
        memory: &Memory,
        register: RegisterNumber,
        uncertain: Uncertain,
        format: Format,
    ) {
        let tag = self.add(memory, Value::number(uncertain, format));
        self.registers.set(register, Held::Value(tag));
    }

    /// Says that the number in memory at `address` is uncertain.
    pub(crate) fn set_number_at(&mut self, memory: &mut Memory, address: u64, uncertain: Uncertain, format: Format) {
        let tag = self.add(memory, Value::number(uncertain, format));
        memory.put_tag(address, Kind::from(format).size(), tag);
    }

    /// Says that the integer in `register` is uncertain.
    pub(crate) fn set_integer(&mut self, memory: &Memory, register: RegisterNumber, uncertain: Uncertain) {
        let tag = self.add(memory, Value::integer(uncertain, IntegerType::I64));
        self.registers.set(register, Held::Value(tag));
    }

    /// Says that the `int` in memory at `address` is uncertain.
    pub(crate) fn set_int_at(&mut self, memory: &mut Memory, address: u64, uncertain: Uncertain) {
        let tag = self.add(memory, Value::integer(uncertain, IntegerType::I32));
        memory.put_tag(address, 4, tag);
    }

    /// Puts all registers aside and starts with empty ones; gives the number to restore them with.
    pub(crate) fn save_registers(&mut self) -> usize {
        self.saved.push(std::mem::take(&mut self.registers));
        self.saved.len() - 1
    }

    /// Makes all registers what they were at [`Shadow::save_registers`]; those that were saved since are forgotten.
    pub(crate) fn restore_registers(&mut self, number: usize) {
        self.saved.truncate(number + 1);
        self.registers = self.saved.pop().unwrap_or_default();
    }

    /// Whatever `xN` held is gone.
    pub(crate) fn clear_x(&mut self, number: usize) {
        self.registers.set(RegisterNumber::x(number as u8), Held::Nothing);
    }

    /// Whatever `fN` held is gone.
    pub(crate) fn clear_f(&mut self, number: usize) {
        self.registers.set(RegisterNumber::f(number as u8), Held::Nothing);
    }

    /// Keeps a value, after sweeping dead ones if that is due.
    fn add(&mut self, memory: &Memory, value: Value) -> Tag {
        if self.values.is_sweep_due() {
            self.sweep(memory);
            self.check_limit(memory);
        }
        self.values.add(value)
    }

    /// Drops the values that nothing names.
    fn sweep(&mut self, memory: &Memory) {
        let registers = self.saved.iter().chain([&self.registers]);
        self.values.sweep(|mark| {
            registers.for_each(|registers| registers.for_each_tag(&mut *mark));
            memory.for_each_tag(mark);
        });
    }
}
