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

pub(crate) use algebra::{Algebra, Integer, Number, Uncertain, column, limited, mixed, weighted_mean};
pub use branches::{BranchSite, Decision};
pub(crate) use numbers::particle;
pub(crate) use registers::RegisterNumber;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, Weak};

use distcore::lineage::{Approximation, Diagnostics, NodeId};
use distcore::{Distribution, Format, Generator, IntegerType, Representation};

use crate::cancel::Cancel;
use crate::cores::{Core, CoreError};
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
    /// Numbers that hooks hold while guest code runs.
    pending: Vec<Weak<Uncertain>>,
    /// Where the program's stack is.
    stack: Range<u64>,
    branches: BTreeMap<u64, branches::Counted>,
    /// Times at sites that are not kept.
    unlisted_branches: u64,
    generator: Generator,
    operations: u64,
    /// The instruction that is under way, or that called the function that is.
    place: u64,
    /// Values whose dependence was approximated, by the place where they were made.
    approximations: BTreeMap<(u64, Approximation), u64>,
    options: Options,
    /// What ends long operations, and is told when there are too many values.
    cancel: Cancel,
}

/// Values that one instruction made and whose dependence on others had to be approximated, to bound memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApproximationSite {
    /// Address of the instruction, or of the call of the function that made them.
    pub address: u64,
    /// How.
    pub approximation: Approximation,
    /// How many.
    pub values: u64,
}

/// What correlation tracking could not compute exactly in a run.
#[derive(Debug, Clone, Default)]
pub struct Approximations {
    /// Counts of the whole run.
    pub totals: Diagnostics,
    /// Values whose dependence was approximated, ascending by address.
    pub sites: Vec<ApproximationSite>,
}

/// What a run wants of its shadow.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    /// Send every instruction through the tracked path.
    pub(crate) forced: bool,
    /// Find how probable the other way was wherever a distribution decides.
    pub(crate) weighs_decisions: bool,
}

impl Shadow {
    /// The shadow of a process whose stack is at `stack`.
    pub(crate) fn new(core: &Core, seed: u64, stack: Range<u64>, options: Options) -> Result<Shadow, CoreError> {
        Ok(Shadow {
            algebra: Algebra::new(core, seed)?,
            values: Values::default(),
            registers: Registers::default(),
            saved: Vec::new(),
            pending: Vec::new(),
            stack,
            branches: BTreeMap::new(),
            unlisted_branches: 0,
            generator: Generator::new(seed),
            operations: 0,
            place: 0,
            approximations: BTreeMap::new(),
            options,
            cancel: Cancel::new(),
        })
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
    pub(crate) fn check_limit(&mut self, memory: &mut Memory, stack_pointer: u64) {
        if self.values.are_too_many(memory.tag_bytes() + self.algebra.bytes()) {
            self.sweep(memory, stack_pointer);
        }
    }

    /// Starts an execution of a Reference core, with its own random draws: nothing is uncertain yet.
    pub(crate) fn restart(&mut self, generator: Generator) {
        if let Algebra::Drawn(drawing) = &mut self.algebra {
            drawing.restart(generator);
        }
        self.registers = Registers::default();
        self.saved.clear();
        self.pending.clear();
    }

    /// The shadow of another machine of the same Reference task; `None` on other cores.
    pub(crate) fn sibling(&self) -> Option<Shadow> {
        let Algebra::Drawn(drawing) = &self.algebra else {
            return None;
        };
        Some(Shadow {
            algebra: Algebra::Drawn(drawing.clone()),
            values: Values::default(),
            registers: Registers::default(),
            saved: Vec::new(),
            pending: Vec::new(),
            stack: self.stack.clone(),
            branches: BTreeMap::new(),
            unlisted_branches: 0,
            generator: self.generator.clone(),
            operations: 0,
            place: 0,
            approximations: BTreeMap::new(),
            options: self.options,
            cancel: self.cancel.clone(),
        })
    }

    /// Operations in which an operand was a distribution.
    pub(crate) fn operations(&self) -> u64 {
        self.operations
    }

    /// Times that a branch, a jump or an address depended on a distribution.
    pub(crate) fn uncertain_branches(&self) -> u64 {
        self.branches.values().map(|site| site.times).sum::<u64>() + self.unlisted_branches
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

    /// The distribution of a number that is printed.
    pub(crate) fn printed(&mut self, x: &Number, format: Format) -> Option<Arc<Distribution>> {
        self.algebra.printed(x.uncertain.as_ref()?, format)
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
    pub(crate) fn set_number(&mut self, register: RegisterNumber, uncertain: Uncertain, format: Format) {
        let tag = self.add(format.into(), uncertain);
        self.registers.set(register, Held::Value(tag));
    }

    /// Says that the number in memory at `address` is uncertain.
    pub(crate) fn set_number_at(&mut self, memory: &mut Memory, address: u64, uncertain: Uncertain, format: Format) {
        let tag = self.add(format.into(), uncertain);
        memory.put_tag(address, Kind::from(format).size(), tag);
    }

    /// Says that the integer in `register` is uncertain.
    pub(crate) fn set_integer(&mut self, register: RegisterNumber, uncertain: Uncertain) {
        let tag = self.add(Kind::Integer(IntegerType::I64), uncertain);
        self.registers.set(register, Held::Value(tag));
    }

    /// Says that the `int` in memory at `address` is uncertain.
    pub(crate) fn set_int_at(&mut self, memory: &mut Memory, address: u64, uncertain: Uncertain) {
        let tag = self.add(Kind::Integer(IntegerType::I32), uncertain);
        memory.put_tag(address, 4, tag);
    }

    /// Keeps a number alive that a hook holds while guest code runs.
    pub(crate) fn hold(&mut self, uncertain: Uncertain) -> Arc<Uncertain> {
        let held = Arc::new(uncertain);
        self.pending.push(Arc::downgrade(&held));
        held
    }

    /// What correlation tracking could not compute exactly so far; `None` without it.
    pub(crate) fn approximations(&self) -> Option<Approximations> {
        let site = |(&(address, approximation), &values): (&(u64, Approximation), &u64)| ApproximationSite {
            address,
            approximation,
            values,
        };
        Some(Approximations {
            totals: self.algebra.diagnostics()?,
            sites: self.approximations.iter().map(site).collect(),
        })
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

    /// Gives a number a tag.
    fn add(&mut self, kind: Kind, uncertain: Uncertain) -> Tag {
        self.values.add(Value {
            kind,
            uncertain,
            place: self.place,
        })
    }

    /// Says which instruction makes the numbers that come next.
    pub(crate) fn set_place(&mut self, address: u64) {
        self.place = address;
    }

    /// Drops what nothing refers to any more, if that is due. To be called where no number is under way: between instructions, and
    /// when a hook starts.
    #[inline]
    pub(crate) fn sweep_if_due(&mut self, memory: &mut Memory, stack_pointer: u64) {
        if self.values.is_sweep_due(self.algebra.bytes()) || self.algebra.is_sweep_due() {
            self.sweep(memory, stack_pointer);
        }
    }

    /// Words of the stack below the stack pointer are dead: nothing reads them before it writes them (psABI: there is no red zone).
    /// A coroutine whose stack is a variable on the program's own stack is out of luck.
    #[cold]
    fn sweep(&mut self, memory: &mut Memory, stack_pointer: u64) {
        if self.stack.contains(&stack_pointer) {
            memory.clear_tags(self.stack.start, stack_pointer - self.stack.start);
        }
        let registers = self.saved.iter().chain([&self.registers]);
        self.values.sweep(|mark| {
            registers.for_each(|registers| registers.for_each_tag(&mut *mark));
            memory.for_each_tag(mark);
        });
        self.pending.retain(|held| held.strong_count() > 0);
        let held: Vec<Arc<Uncertain>> = self.pending.iter().filter_map(Weak::upgrade).collect();
        let values = self.values.iter().map(|value| &value.uncertain);
        let approximated = self.algebra.sweep(values.chain(held.iter().map(|held| &**held)));
        if !approximated.is_empty() {
            let places: HashMap<NodeId, u64> = self
                .values
                .iter()
                .filter_map(|value| Some((value.uncertain.node()?, value.place)))
                .collect();
            for (id, approximation) in approximated {
                let place = places.get(id).copied().unwrap_or_default();
                *self.approximations.entry((place, *approximation)).or_default() += 1;
            }
        }
        if self.values.are_too_many(memory.tag_bytes() + self.algebra.bytes()) {
            self.cancel.stop(Limit::DistributionMemory);
        }
    }
}
