//! What a graph remembers: one node for each value, with the operation that made it.

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::{BinaryFn, Format, FusedFn, IntegerFn, IntegerType, UnaryFn};

/// A value of a [`Graph`](super::Graph): a small copyable handle.
///
/// It is good until a [sweep](super::Graph::sweep) that does not mark it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    /// The handle as a number of 32 bits that is never 0, to be kept where a 0 says "no value".
    #[must_use]
    pub fn tag(self) -> u32 {
        self.0.get()
    }

    /// The handle with this [tag](NodeId::tag); `None` for 0.
    #[must_use]
    pub fn from_tag(tag: u32) -> Option<NodeId> {
        NonZeroU32::new(tag).map(NodeId)
    }

    /// Slot `index` of the arena; memory ends long before 2^32 of them.
    pub(super) fn of_index(index: usize) -> NodeId {
        NodeId(NonZeroU32::MIN.saturating_add(index as u32))
    }

    #[inline]
    pub(super) fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// An operand of an operation that is recorded: a plain number or a value of the graph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input {
    /// A number that is certain.
    Certain(f64),
    /// A value of the graph.
    Node(NodeId),
}

impl Input {
    #[inline]
    pub(super) fn node(self) -> Option<NodeId> {
        match self {
            Input::Certain(_) => None,
            Input::Node(id) => Some(id),
        }
    }
}

impl From<f64> for Input {
    fn from(value: f64) -> Self {
        Input::Certain(value)
    }
}

impl From<NodeId> for Input {
    fn from(id: NodeId) -> Self {
        Input::Node(id)
    }
}

/// An operand of an operation on integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntegerInput {
    /// An integer that is certain, as 64 bits; it is wrapped into the type of the operation.
    Certain(i64),
    /// A value of the graph.
    Node(NodeId),
}

impl IntegerInput {
    #[inline]
    pub(super) fn node(self) -> Option<NodeId> {
        match self {
            IntegerInput::Certain(_) => None,
            IntegerInput::Node(id) => Some(id),
        }
    }
}

impl From<i64> for IntegerInput {
    fn from(value: i64) -> Self {
        IntegerInput::Certain(value)
    }
}

impl From<NodeId> for IntegerInput {
    fn from(id: NodeId) -> Self {
        IntegerInput::Node(id)
    }
}

/// A value for each of many points: reals, or integers where 53 bits may not do.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Values {
    Real(Vec<f64>),
    Integer(Vec<i128>),
}

impl Values {
    pub(super) fn len(&self) -> usize {
        match self {
            Values::Real(values) => values.len(),
            Values::Integer(values) => values.len(),
        }
    }

    /// The reals; none of integers.
    pub(super) fn reals(&self) -> &[f64] {
        match self {
            Values::Real(values) => values,
            Values::Integer(_) => &[],
        }
    }

    /// The integers; none of reals.
    pub(super) fn integers(&self) -> &[i128] {
        match self {
            Values::Integer(values) => values,
            Values::Real(_) => &[],
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Values::Real(values) => size_of_val(&values[..]),
            Values::Integer(values) => size_of_val(&values[..]),
        }
    }

    /// Cuts it, or fills it with zeros.
    pub(super) fn resize(&mut self, len: usize) {
        match self {
            Values::Real(values) => values.resize(len, 0.0),
            Values::Integer(values) => values.resize(len, 0),
        }
    }

    pub(super) fn truncated(&self, len: usize) -> Values {
        match self {
            Values::Real(values) => Values::Real(values[..len.min(values.len())].to_vec()),
            Values::Integer(values) => Values::Integer(values[..len.min(values.len())].to_vec()),
        }
    }
}

/// How a value came about, as those read it who evaluate it. The [`Arena`](super::arena::Arena) keeps it smaller.
#[derive(Clone, Debug)]
pub(super) enum Op {
    /// It depends on nothing; its distribution is the node's marginal.
    Source,
    /// The index of a row of joint samples, a source as well. Row i of the frozen rows is point i of every kernel.
    Rows,
    /// The entry of a column in the row that `rows` says.
    Column {
        rows: NodeId,
        values: Arc<Values>,
        format: Format,
    },
    /// A function of one operand.
    Unary(UnaryFn, NodeId, Format),
    /// A function of two operands, one of them at least a node.
    Binary(BinaryFn, Input, Input, Format),
    /// A fused multiply-add with exactly one operand that is a node; others are recorded as two operations.
    Fused(FusedFn, [Input; 3], Format),
    /// A function of two integers, one of them at least a node.
    Integer(IntegerFn, IntegerType, IntegerInput, IntegerInput),
    /// `first` where the source `chooser`, uniform on [0, 1], is below `p`, else `second`.
    Select(Choice, Format),
}

/// The operands of a selection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    pub(super) first: Input,
    pub(super) second: Input,
    pub(super) p: Input,
    pub(super) chooser: NodeId,
}

impl Op {
    /// What the positions of the result are rounded to.
    pub(super) fn format(&self) -> Format {
        match *self {
            Op::Source | Op::Rows | Op::Integer(..) => Format::F64,
            Op::Column { format, .. }
            | Op::Unary(_, _, format)
            | Op::Binary(_, _, _, format)
            | Op::Fused(_, _, format)
            | Op::Select(_, format) => format,
        }
    }
}
