//! A kernel: the part of a graph between a root and the modules below it, as a straight program over columns of points.
//!
//! A column is the value of one node at each of a block of points. Nodes are evaluated in the order in which they were
//! recorded, and a column's memory is used again when nobody reads it any more, so a loop of any length needs a few.
//! Loops over a block are compiled for each instruction set; they give the same bits on all, whatever the block.

use std::sync::Arc;

use super::NodeId;
use super::arena::Arena;
use super::leaves::Load;
use super::node::{Choice, Input, IntegerInput, Op, Values};
use crate::arithmetic::Cancel;
use crate::athens::{Job, Kernel as InstructionSet, with_best_kernel};
use crate::{BinaryFn, Format, FusedFn, IntegerFn, IntegerType, UnaryFn};

/// Points that are evaluated at a time. With fewer a step costs more than its points (it takes some 30 ns), with more the
/// columns leave the second cache.
const BLOCK: usize = 1024;

/// A column in use: which of the real or of the integer ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Real(usize),
    Integer(usize),
}

/// An operand of a step.
#[derive(Clone, Copy, Debug)]
enum Argument {
    Certain(f64),
    CertainInteger(i64),
    Column(Slot),
}

/// What a step of the program does.
#[derive(Clone, Debug)]
enum Action {
    /// The values of source number n.
    Load(usize),
    Lookup(Arc<Values>),
    Unary(UnaryFn, Format),
    Binary(BinaryFn, Format),
    Fused(FusedFn, Format),
    Integer(IntegerFn, IntegerType),
    Select,
}

#[derive(Clone, Debug)]
struct Step {
    action: Action,
    arguments: [Argument; 4],
    to: Slot,
    /// Which of the results this is.
    result: Option<usize>,
}

/// A program that computes some nodes from others.
#[derive(Debug)]
pub(super) struct Kernel {
    steps: Vec<Step>,
    loads: Vec<Load>,
    reals: usize,
    integers: usize,
    results: usize,
}

/// Hands out column numbers, those given back first.
#[derive(Default)]
struct Slots {
    count: usize,
    free: Vec<usize>,
}

impl Slots {
    fn take(&mut self) -> usize {
        self.free.pop().unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        })
    }
}

/// What the compiler knows of each node: all zero between kernels.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    nodes: Vec<Place>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// How often the node is still to be read.
    reads: u32,
    /// Which load it is, plus 1.
    load: u32,
    /// Which result it is, plus 1.
    result: u32,
    slot: Option<Slot>,
}

/// A kernel in the making.
struct Compiler<'s> {
    nodes: &'s mut [Place],
    steps: Vec<Step>,
    loads: Vec<Load>,
    reals: Slots,
    integers: Slots,
}

const NOTHING: Argument = Argument::Certain(0.0);

impl Compiler<'_> {
    fn slot(&mut self, is_integer: bool) -> Slot {
        if is_integer {
            Slot::Integer(self.integers.take())
        } else {
            Slot::Real(self.reals.take())
        }
    }

    fn step(&mut self, id: NodeId, action: Action, arguments: [Argument; 4], is_integer: bool) {
        let to = self.slot(is_integer);
        let place = &mut self.nodes[id.index()];
        place.slot = Some(to);
        let result = (place.result as usize).checked_sub(1);
        self.steps.push(Step {
            action,
            arguments,
            to,
            result,
        });
    }

    fn load(&mut self, id: NodeId) {
        let Place { load, slot, .. } = self.nodes[id.index()];
        if let Some(load) = (load as usize).checked_sub(1)
            && slot.is_none()
        {
            self.step(id, Action::Load(load), [NOTHING; 4], self.loads[load].is_integer());
        }
    }

    fn has_been_read(&mut self, id: NodeId) {
        let place = &mut self.nodes[id.index()];
        place.reads = place.reads.saturating_sub(1);
        if place.reads == 0 {
            match place.slot {
                Some(Slot::Real(slot)) => self.reals.free.push(slot),
                Some(Slot::Integer(slot)) => self.integers.free.push(slot),
                None => {}
            }
        }
    }

    fn argument(&self, input: Input) -> Argument {
        match input {
            Input::Certain(value) => Argument::Certain(value),
            Input::Node(id) => self.column(id),
        }
    }

    fn integer_argument(&self, input: IntegerInput) -> Argument {
        match input {
            IntegerInput::Certain(value) => Argument::CertainInteger(value),
            IntegerInput::Node(id) => self.column(id),
        }
    }

    fn column(&self, id: NodeId) -> Argument {
        self.nodes[id.index()]
            .slot
            .map_or(Argument::Certain(f64::NAN), Argument::Column)
    }

    fn node(&mut self, arena: &Arena, id: NodeId) {
        for operand in arena.operands(id) {
            self.load(operand);
        }
        let (action, arguments, is_integer) = match arena.op(id) {
            Op::Source | Op::Rows => return,
            Op::Column { rows, values, .. } => {
                let is_integer = matches!(*values, Values::Integer(_));
                (
                    Action::Lookup(values),
                    [self.column(rows), NOTHING, NOTHING, NOTHING],
                    is_integer,
                )
            }
            Op::Unary(function, x, format) => (
                Action::Unary(function, format),
                [self.column(x), NOTHING, NOTHING, NOTHING],
                crate::integer::is_integer_result(function),
            ),
            Op::Binary(function, x, y, format) => (
                Action::Binary(function, format),
                [self.argument(x), self.argument(y), NOTHING, NOTHING],
                false,
            ),
            Op::Fused(function, [a, b, c], format) => (
                Action::Fused(function, format),
                [self.argument(a), self.argument(b), self.argument(c), NOTHING],
                false,
            ),
            Op::Integer(function, kind, x, y) => (
                Action::Integer(function, kind),
                [self.integer_argument(x), self.integer_argument(y), NOTHING, NOTHING],
                true,
            ),
            Op::Select(choice, _) => {
                let Choice {
                    first,
                    second,
                    p,
                    chooser,
                } = choice;
                let operands = [first, second, p].map(|input| self.argument(input));
                let [first, second, p] = operands;
                (Action::Select, [first, second, p, self.column(chooser)], false)
            }
        };
        // The result's column is taken before operands give theirs back: no step writes what it reads.
        self.step(id, action, arguments, is_integer);
        for operand in arena.operands(id) {
            self.has_been_read(operand);
        }
    }
}

impl Kernel {
    /// The program for `results`. `inner` are the nodes to compute, in the order in which they were recorded; `loads` those
    /// that are known, a result perhaps among them.
    pub(super) fn new(
        arena: &Arena,
        scratch: &mut Scratch,
        inner: &[NodeId],
        loads: Vec<(NodeId, Load)>,
        results: &[NodeId],
    ) -> Kernel {
        scratch
            .nodes
            .resize(arena.slots().max(scratch.nodes.len()), Place::default());
        let nodes = &mut scratch.nodes[..];
        for (k, (id, _)) in loads.iter().enumerate() {
            nodes[id.index()].load = k as u32 + 1;
        }
        for (k, id) in results.iter().enumerate() {
            nodes[id.index()].result = k as u32 + 1;
        }
        for operand in inner.iter().flat_map(|&id| arena.operands(id)) {
            nodes[operand.index()].reads += 1;
        }
        let (ids, loads): (Vec<NodeId>, Vec<Load>) = loads.into_iter().unzip();
        let mut compiler = Compiler {
            nodes,
            steps: Vec::with_capacity(inner.len() + loads.len()),
            loads,
            reals: Slots::default(),
            integers: Slots::default(),
        };
        for &id in inner {
            compiler.node(arena, id);
            if compiler.nodes[id.index()].reads == 0 {
                // Only copied to the results.
                compiler.has_been_read(id);
            }
        }
        for &id in results {
            compiler.load(id);
        }
        let kernel = Kernel {
            steps: compiler.steps,
            loads: compiler.loads,
            reals: compiler.reals.count,
            integers: compiler.integers.count,
            results: results.len(),
        };
        let operands = inner.iter().flat_map(|&id| arena.operands(id));
        for id in operands
            .chain(ids)
            .chain(inner.iter().copied())
            .chain(results.iter().copied())
        {
            nodes[id.index()] = Place::default();
        }
        kernel
    }

    /// The values of all results at points 0 to `points`, all at once or in blocks; arbitrary ones if that is cancelled.
    ///
    /// With joint points their number is a power of two.
    pub(super) fn run(&self, points: usize, at_once: bool, cancel: Cancel) -> Vec<Values> {
        let is_integer = |result: usize| {
            let step = self.steps.iter().find(|step| step.result == Some(result));
            step.is_some_and(|step| matches!(step.to, Slot::Integer(_)))
        };
        // With room for as many masses: the last result becomes a distribution, mostly.
        let room = |result: usize| points << usize::from(result + 1 == self.results);
        let results = (0..self.results).map(|result| {
            if is_integer(result) {
                Values::Integer(Vec::with_capacity(points))
            } else {
                Values::Real(Vec::with_capacity(room(result)))
            }
        });
        let block = if at_once { points } else { BLOCK };
        let block = block.clamp(1, points.max(1));
        with_best_kernel(Run {
            kernel: self,
            points,
            columns: Columns {
                reals: vec![vec![0.0; block]; self.reals],
                integers: vec![vec![0; block]; self.integers],
                strata: vec![0; block],
            },
            block,
            results: results.collect(),
            cancel,
        })
    }
}

/// A kernel at work.
struct Run<'a> {
    kernel: &'a Kernel,
    points: usize,
    block: usize,
    columns: Columns,
    results: Vec<Values>,
    cancel: Cancel<'a>,
}

impl Job for Run<'_> {
    type Output = Vec<Values>;

    #[inline(always)]
    fn run<S: InstructionSet>(self, _: S) -> Vec<Values> {
        let Run {
            kernel,
            points,
            block,
            mut columns,
            mut results,
            cancel,
        } = self;
        for first in (0..points).step_by(block) {
            let len = block.min(points - first);
            for step in &kernel.steps {
                if cancel.is_requested() {
                    results.iter_mut().for_each(|values| values.resize(points));
                    return results;
                }
                columns.apply(step, &kernel.loads, first, len, cancel);
                if let Some(result) = step.result {
                    match (&mut results[result], step.to) {
                        (Values::Real(to), Slot::Real(slot)) => {
                            to.extend_from_slice(&columns.reals[slot][..len]);
                        }
                        (Values::Integer(to), Slot::Integer(slot)) => {
                            to.extend_from_slice(&columns.integers[slot][..len]);
                        }
                        _ => {}
                    }
                }
            }
        }
        results
    }
}

/// The columns of a block.
struct Columns {
    reals: Vec<Vec<f64>>,
    integers: Vec<Vec<i128>>,
    strata: Vec<u32>,
}

/// An operand as the inner loops read it.
#[derive(Clone, Copy)]
enum View<'a> {
    Certain(f64),
    CertainInteger(i64),
    Reals(&'a [f64]),
    Integers(&'a [i128]),
}

impl View<'_> {
    #[inline(always)]
    fn real(&self, k: usize) -> f64 {
        match self {
            View::Certain(value) => *value,
            View::CertainInteger(value) => *value as f64,
            View::Reals(values) => values[k],
            View::Integers(values) => values[k] as f64,
        }
    }

    /// As `Arithmetic` reads integers: NaN and infinities count as 0.
    #[inline]
    fn integer(&self, k: usize) -> i128 {
        let from = |value: f64| if value.is_finite() { value as i128 } else { 0 };
        match self {
            View::Certain(value) => from(*value),
            View::CertainInteger(value) => i128::from(*value),
            View::Reals(values) => from(values[k]),
            View::Integers(values) => values[k],
        }
    }
}

impl Columns {
    #[inline(always)]
    fn view(&self, argument: Argument, len: usize) -> View<'_> {
        match argument {
            Argument::Certain(value) => View::Certain(value),
            Argument::CertainInteger(value) => View::CertainInteger(value),
            Argument::Column(Slot::Real(slot)) => View::Reals(&self.reals[slot][..len]),
            Argument::Column(Slot::Integer(slot)) => View::Integers(&self.integers[slot][..len]),
        }
    }

    #[inline(always)]
    fn apply(&mut self, step: &Step, loads: &[Load], first: usize, len: usize, cancel: Cancel) {
        // The column is taken out while the others are read.
        match step.to {
            Slot::Real(slot) => {
                let mut column = std::mem::take(&mut self.reals[slot]);
                let to = &mut column[..len];
                match &step.action {
                    Action::Load(load) => loads[*load].reals(first, to, &mut self.strata),
                    action => self.compute(action, step.arguments, to, cancel),
                }
                self.reals[slot] = column;
            }
            Slot::Integer(slot) => {
                let mut column = std::mem::take(&mut self.integers[slot]);
                let to = &mut column[..len];
                match &step.action {
                    Action::Load(load) => loads[*load].integers(first, to, &mut self.strata),
                    action => self.compute_integers(action, step.arguments, to),
                }
                self.integers[slot] = column;
            }
        }
    }

    #[inline(always)]
    fn compute(&self, action: &Action, arguments: [Argument; 4], to: &mut [f64], cancel: Cancel) {
        use Format::{F32, F64};
        let [a, b, c, d] = arguments.map(|argument| self.view(argument, to.len()));
        match *action {
            Action::Lookup(ref values) => {
                if let Values::Real(values) = &**values {
                    lookup(a, values, to);
                }
            }
            Action::Unary(UnaryFn::Convert, F32) => match a {
                // A single rounding from the exact integer to float.
                View::Integers(values) => fill(to, |k| f64::from(values[k] as f32)),
                _ => each(a, to, |x| f64::from(x as f32)),
            },
            Action::Unary(function, format) => {
                each(a, to, |x| x);
                function.evaluate_each(to, format);
            }
            // Written out so that each loop is compiled for its operation.
            Action::Binary(BinaryFn::Add, F64) => pairs(a, b, to, |x, y| x + y),
            Action::Binary(BinaryFn::Sub, F64) => pairs(a, b, to, |x, y| x - y),
            Action::Binary(BinaryFn::Mul, F64) => pairs(a, b, to, |x, y| x * y),
            Action::Binary(BinaryFn::Div, F64) => pairs(a, b, to, |x, y| x / y),
            Action::Binary(BinaryFn::Add, F32) => pairs(a, b, to, |x, y| f64::from((x + y) as f32)),
            Action::Binary(BinaryFn::Sub, F32) => pairs(a, b, to, |x, y| f64::from((x - y) as f32)),
            Action::Binary(BinaryFn::Mul, F32) => pairs(a, b, to, |x, y| f64::from((x * y) as f32)),
            Action::Binary(BinaryFn::Div, F32) => pairs(a, b, to, |x, y| f64::from((x / y) as f32)),
            Action::Binary(BinaryFn::Min, F64) => pairs(a, b, to, |x, y| BinaryFn::Min.evaluate(x, y, F64)),
            Action::Binary(BinaryFn::Max, F64) => pairs(a, b, to, |x, y| BinaryFn::Max.evaluate(x, y, F64)),
            Action::Binary(BinaryFn::Fmin, F64) => pairs(a, b, to, |x, y| BinaryFn::Fmin.evaluate(x, y, F64)),
            Action::Binary(BinaryFn::Fmax, F64) => pairs(a, b, to, |x, y| BinaryFn::Fmax.evaluate(x, y, F64)),
            Action::Binary(BinaryFn::Less, _) => pairs(a, b, to, |x, y| f64::from(x < y)),
            Action::Binary(BinaryFn::LessEqual, _) => pairs(a, b, to, |x, y| f64::from(x <= y)),
            Action::Binary(BinaryFn::Equal, _) => pairs(a, b, to, |x, y| f64::from(x == y)),
            Action::Binary(function, format) => fill(to, |k| {
                cancel.unless_requested(|| function.evaluate(a.real(k), b.real(k), format))
            }),
            Action::Fused(function, format) => {
                fill(to, |k| function.evaluate(a.real(k), b.real(k), c.real(k), format));
            }
            Action::Select => {
                fill(to, |k| {
                    let p = c.real(k);
                    if p.is_nan() {
                        f64::NAN
                    } else if d.real(k) < p {
                        a.real(k)
                    } else {
                        b.real(k)
                    }
                });
            }
            Action::Load(_) | Action::Integer(..) => {}
        }
    }

    fn compute_integers(&self, action: &Action, arguments: [Argument; 4], to: &mut [i128]) {
        let [a, b, ..] = arguments.map(|argument| self.view(argument, to.len()));
        match action {
            Action::Lookup(values) => {
                if let Values::Integer(values) = &**values {
                    fill(to, |k| values.get(a.real(k) as usize).copied().unwrap_or(0));
                }
            }
            Action::Integer(function, kind) => fill(to, |k| function.evaluate(a.integer(k), b.integer(k), *kind)),
            Action::Unary(UnaryFn::Wrap(kind), _) => fill(to, |k| kind.wrap(a.integer(k))),
            Action::Unary(UnaryFn::ToInteger(kind, rounding), _) => match a {
                View::Integers(values) => fill(to, |k| values[k].clamp(kind.min(), kind.max())),
                _ => fill(to, |k| kind.from_f64(a.real(k), *rounding)),
            },
            _ => {}
        }
    }
}

/// The entries of a column in the rows that `rows` says.
#[inline(always)]
fn lookup(rows: View, values: &[f64], to: &mut [f64]) {
    fill(to, |k| values.get(rows.real(k) as usize).copied().unwrap_or(f64::NAN));
}

#[inline(always)]
fn fill<T>(to: &mut [T], value: impl Fn(usize) -> T) {
    for (k, to) in to.iter_mut().enumerate() {
        *to = value(k);
    }
}

#[inline(always)]
fn each(x: View, to: &mut [f64], function: impl Fn(f64) -> f64) {
    match x {
        View::Reals(x) => {
            for (to, &x) in to.iter_mut().zip(x) {
                *to = function(x);
            }
        }
        _ => fill(to, |k| function(x.real(k))),
    }
}

#[inline(always)]
fn pairs(x: View, y: View, to: &mut [f64], function: impl Fn(f64, f64) -> f64) {
    match (x, y) {
        (View::Reals(x), View::Reals(y)) => {
            for ((to, &x), &y) in to.iter_mut().zip(x).zip(y) {
                *to = function(x, y);
            }
        }
        (View::Reals(x), View::Certain(y)) => {
            for (to, &x) in to.iter_mut().zip(x) {
                *to = function(x, y);
            }
        }
        (View::Certain(x), View::Reals(y)) => {
            for (to, &y) in to.iter_mut().zip(y) {
                *to = function(x, y);
            }
        }
        _ => fill(to, |k| function(x.real(k), y.real(k))),
    }
}
