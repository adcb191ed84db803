//! A kernel: the part of a graph between a root and the modules below it, as a straight program over columns of points.
//!
//! A column is the value of one node at each of a block of points. Nodes are evaluated in the order in which they were
//! recorded, and a column's memory is used again when nobody reads it any more, so a loop of any length needs a few.

use std::collections::HashMap;
use std::sync::Arc;

use super::node::{Input, IntegerInput, Op, Values};
use super::{Graph, NodeId};
use crate::{BinaryFn, Format, FusedFn, IntegerFn, IntegerType, UnaryFn};

/// A column in use: which of the real or of the integer ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
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
    /// The values of leaf number n.
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
}

/// Where the values of the leaves at the points of a block come from.
pub(super) trait Leaves {
    /// Whether leaf `leaf` has integers beyond 2^53.
    fn is_integer(&self, leaf: usize) -> bool;
    /// Writes the values of `leaf` at points `first`, `first + 1`, …
    fn reals(&self, leaf: usize, first: usize, to: &mut [f64]);
    /// The same for a leaf of integers.
    fn integers(&self, leaf: usize, first: usize, to: &mut [i128]);
}

/// A program that computes some nodes from leaves.
#[derive(Debug)]
pub(super) struct Kernel {
    steps: Vec<Step>,
    reals: usize,
    integers: usize,
    pub(super) results: Vec<Slot>,
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

/// A kernel in the making.
#[derive(Default)]
struct Compiler {
    steps: Vec<Step>,
    places: HashMap<NodeId, Slot>,
    /// How often each node is still to be read.
    reads: HashMap<NodeId, usize>,
    reals: Slots,
    integers: Slots,
}

impl Compiler {
    fn place(&mut self, is_integer: bool) -> Slot {
        if is_integer {
            Slot::Integer(self.integers.take())
        } else {
            Slot::Real(self.reals.take())
        }
    }

    fn read(&mut self, id: NodeId) {
        let Some(reads) = self.reads.get_mut(&id) else { return };
        *reads -= 1;
        if *reads == 0 {
            match self.places.get(&id) {
                Some(&Slot::Real(slot)) => self.reals.free.push(slot),
                Some(&Slot::Integer(slot)) => self.integers.free.push(slot),
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
        self.places
            .get(&id)
            .map_or(Argument::Certain(f64::NAN), |&slot| Argument::Column(slot))
    }
}

impl Kernel {
    /// The program for `results` from `leaves`. `inner` are the nodes between, in the order they were recorded in.
    pub(super) fn new(
        graph: &Graph,
        inner: &[NodeId],
        leaves: &[NodeId],
        results: &[NodeId],
        values: &impl Leaves,
    ) -> Kernel {
        let mut compiler = Compiler::default();
        let leaf_number: HashMap<NodeId, usize> = leaves.iter().enumerate().map(|(k, &leaf)| (leaf, k)).collect();
        for &id in results {
            *compiler.reads.entry(id).or_insert(0) += 1;
        }
        for operand in inner
            .iter()
            .filter_map(|&id| graph.node(id))
            .flat_map(|node| node.op.operands())
        {
            *compiler.reads.entry(operand).or_insert(0) += 1;
        }
        let load = |compiler: &mut Compiler, id: NodeId| {
            if let Some(&leaf) = leaf_number.get(&id)
                && !compiler.places.contains_key(&id)
            {
                let to = compiler.place(values.is_integer(leaf));
                compiler.places.insert(id, to);
                let arguments = [Argument::Certain(0.0); 4];
                compiler.steps.push(Step {
                    action: Action::Load(leaf),
                    arguments,
                    to,
                });
            }
        };
        for &id in inner {
            let Some(node) = graph.node(id) else { continue };
            for operand in node.op.operands() {
                load(&mut compiler, operand);
            }
            let none = Argument::Certain(0.0);
            let (action, arguments, is_integer) = match node.op {
                Op::Source | Op::Rows { .. } => continue,
                Op::Column { rows, ref values, .. } => (
                    Action::Lookup(Arc::clone(values)),
                    [compiler.column(rows), none, none, none],
                    matches!(**values, Values::Integer(_)),
                ),
                Op::Unary(function, x, format) => (
                    Action::Unary(function, format),
                    [compiler.column(x), none, none, none],
                    crate::integer::is_integer_result(function),
                ),
                Op::Binary(function, x, y, format) => (
                    Action::Binary(function, format),
                    [compiler.argument(x), compiler.argument(y), none, none],
                    false,
                ),
                Op::Fused(function, [a, b, c], format) => (
                    Action::Fused(function, format),
                    [compiler.argument(a), compiler.argument(b), compiler.argument(c), none],
                    false,
                ),
                Op::Integer(function, kind, x, y) => (
                    Action::Integer(function, kind),
                    [compiler.integer_argument(x), compiler.integer_argument(y), none, none],
                    true,
                ),
                Op::Select {
                    first,
                    second,
                    p,
                    chooser,
                    ..
                } => (
                    Action::Select,
                    [
                        compiler.argument(first),
                        compiler.argument(second),
                        compiler.argument(p),
                        compiler.column(chooser),
                    ],
                    false,
                ),
            };
            // The result's column is taken before operands give theirs back: no step writes what it reads.
            let to = compiler.place(is_integer);
            compiler.places.insert(id, to);
            for operand in node.op.operands() {
                compiler.read(operand);
            }
            compiler.steps.push(Step { action, arguments, to });
        }
        for &id in results {
            load(&mut compiler, id);
        }
        let places = &compiler.places;
        Kernel {
            results: results.iter().filter_map(|id| places.get(id)).copied().collect(),
            steps: compiler.steps,
            reals: compiler.reals.count,
            integers: compiler.integers.count,
        }
    }

    /// Evaluates points 0 to `points`, `block` at a time, and calls `take` with each block: its first point and columns.
    pub(super) fn run(&self, values: &impl Leaves, points: usize, block: usize, mut take: impl FnMut(usize, &Columns)) {
        let block = block.clamp(1, points.max(1));
        let mut columns = Columns {
            reals: vec![vec![0.0; block]; self.reals],
            integers: vec![vec![0; block]; self.integers],
        };
        for first in (0..points).step_by(block) {
            if points - first < block {
                columns
                    .reals
                    .iter_mut()
                    .for_each(|column| column.truncate(points - first));
                columns
                    .integers
                    .iter_mut()
                    .for_each(|column| column.truncate(points - first));
            }
            for step in &self.steps {
                columns.apply(step, values, first);
            }
            take(first, &columns);
        }
    }
}

/// The columns of a block.
pub(super) struct Columns {
    reals: Vec<Vec<f64>>,
    integers: Vec<Vec<i128>>,
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
    #[inline]
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
    /// The values of a result in this block.
    pub(super) fn get(&self, slot: Slot) -> Block<'_> {
        match slot {
            Slot::Real(slot) => Block::Real(&self.reals[slot]),
            Slot::Integer(slot) => Block::Integer(&self.integers[slot]),
        }
    }

    fn view(&self, argument: Argument) -> View<'_> {
        match argument {
            Argument::Certain(value) => View::Certain(value),
            Argument::CertainInteger(value) => View::CertainInteger(value),
            Argument::Column(Slot::Real(slot)) => View::Reals(&self.reals[slot]),
            Argument::Column(Slot::Integer(slot)) => View::Integers(&self.integers[slot]),
        }
    }

    fn apply(&mut self, step: &Step, values: &impl Leaves, first: usize) {
        // The column is taken out while the others are read.
        match step.to {
            Slot::Real(slot) => {
                let mut to = std::mem::take(&mut self.reals[slot]);
                match &step.action {
                    Action::Load(leaf) => values.reals(*leaf, first, &mut to),
                    action => self.compute(action, step.arguments, &mut to),
                }
                self.reals[slot] = to;
            }
            Slot::Integer(slot) => {
                let mut to = std::mem::take(&mut self.integers[slot]);
                match &step.action {
                    Action::Load(leaf) => values.integers(*leaf, first, &mut to),
                    action => self.compute_integers(action, step.arguments, &mut to),
                }
                self.integers[slot] = to;
            }
        }
    }

    fn compute(&self, action: &Action, arguments: [Argument; 4], to: &mut [f64]) {
        let [a, b, c, d] = arguments.map(|argument| self.view(argument));
        match action {
            Action::Lookup(values) => {
                if let Values::Real(values) = &**values {
                    fill(to, |k| values.get(a.real(k) as usize).copied().unwrap_or(f64::NAN));
                }
            }
            Action::Unary(UnaryFn::Convert, Format::F32) => match a {
                // A single rounding from the exact integer to float.
                View::Integers(values) => fill(to, |k| f64::from(values[k] as f32)),
                _ => fill(to, |k| f64::from(a.real(k) as f32)),
            },
            Action::Unary(function, format) => fill(to, |k| function.evaluate(a.real(k), *format)),
            // Written out so that each loop is compiled for its operation.
            Action::Binary(BinaryFn::Add, Format::F64) => pairs(a, b, to, |x, y| x + y),
            Action::Binary(BinaryFn::Sub, Format::F64) => pairs(a, b, to, |x, y| x - y),
            Action::Binary(BinaryFn::Mul, Format::F64) => pairs(a, b, to, |x, y| x * y),
            Action::Binary(BinaryFn::Div, Format::F64) => pairs(a, b, to, |x, y| x / y),
            Action::Binary(function, format) => fill(to, |k| function.evaluate(a.real(k), b.real(k), *format)),
            Action::Fused(function, format) => {
                fill(to, |k| function.evaluate(a.real(k), b.real(k), c.real(k), *format));
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
        let [a, b, ..] = arguments.map(|argument| self.view(argument));
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

/// The values of a node in a block.
#[derive(Clone, Copy)]
pub(super) enum Block<'a> {
    Real(&'a [f64]),
    Integer(&'a [i128]),
}

#[inline]
fn fill<T>(to: &mut [T], value: impl Fn(usize) -> T) {
    for (k, to) in to.iter_mut().enumerate() {
        *to = value(k);
    }
}

#[inline]
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
