//! Where the nodes of a graph lie: 24 bytes each, in one array, with tables for what few of them have.
//!
//! Recording is the one thing that happens for every operation of a program, so it does nothing but write these bytes and
//! join components.
//!
//! # Components
//!
//! Two operands from different connected components of the graph share no source, and never will: then no analysis is
//! needed. Kept as a forest of disjoint sets (R. Tarjan, "Efficiency of a Good But Not Linear Set Union Algorithm",
//! Journal of the ACM 22, 1975), with path halving; the older root wins, which in a loop is the larger set.

use std::sync::Arc;

use super::node::{Choice, Input, IntegerInput, NodeId, Op, Values};
use crate::{BinaryFn, Distribution, Format, FusedFn, IntegerFn, IntegerType, UnaryFn};

/// A node.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// When it was recorded, and in the lowest bits what is known of it. Birth is the higher part, so that heads compare
    /// like ages.
    head: u64,
    code: Code,
    /// The first operand: the tag of a node, or an index into one of the tables.
    x: u32,
    /// The second.
    y: u32,
    /// The slot of the node above in the forest of components.
    parent: u32,
}

const _: () = assert!(
    size_of::<Node>() == 24,
    "the size of a node is what a million live values cost"
);

/// What a node does, and where its operands are.
#[derive(Clone, Copy, Debug)]
enum Code {
    /// The slot is free.
    Vacant,
    /// x: the distribution.
    Source,
    /// x: the distribution of row numbers.
    Rows,
    FrozenRows,
    /// x: the rows, y: the values.
    Column(Format),
    Unary(UnaryFn, Format),
    Binary(BinaryFn, Format),
    /// The place (0 to 2) of the operand that is a node, x; y: the first of the other two, which are numbers.
    Fused(FusedFn, Format, u8),
    Integer(IntegerFn, IntegerType),
    /// y: the operands.
    Select(Format),
}

/// Operands were known to share no source when the node was recorded, and so never will.
const INDEPENDENT: u64 = 1;
/// `x`, or `y`, is a node.
const X: u64 = 2;
const Y: u64 = 4;
/// The operands are in the table of selections.
const WIDE: u64 = 8;
const FLAG_BITS: u32 = 4;

/// Numbers that were used last, by a hash of their bits: a loop has few.
const CACHED: usize = 64;

/// The nodes and their tables.
#[derive(Debug)]
pub(super) struct Arena {
    nodes: Vec<Node>,
    free: Vec<u32>,
    births: u64,
    sources: Vec<Arc<Distribution>>,
    columns: Vec<Arc<Values>>,
    choices: Vec<Choice>,
    /// The bits of operands that are certain.
    numbers: Vec<u64>,
    cached: [u32; CACHED],
}

impl Default for Arena {
    fn default() -> Arena {
        Arena {
            nodes: Vec::new(),
            free: Vec::new(),
            births: 0,
            sources: Vec::new(),
            columns: Vec::new(),
            choices: Vec::new(),
            numbers: Vec::new(),
            cached: [0; CACHED],
        }
    }
}

impl Arena {
    /// The number of slots, free ones included.
    #[inline]
    pub(super) fn slots(&self) -> usize {
        self.nodes.len()
    }

    /// The number of nodes.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.nodes.len() - self.free.len()
    }

    #[inline]
    pub(super) fn is_alive(&self, id: NodeId) -> bool {
        self.nodes
            .get(id.index())
            .is_some_and(|node| !matches!(node.code, Code::Vacant))
    }

    /// All nodes, by their slots.
    pub(super) fn alive(&self) -> impl Iterator<Item = NodeId> {
        let occupied = self.nodes.iter().enumerate();
        occupied
            .filter(|(_, node)| !matches!(node.code, Code::Vacant))
            .map(|(index, _)| NodeId::of_index(index))
    }

    /// When a node was recorded: operands are older than what is made of them. It also numbers the sources.
    #[inline]
    pub(super) fn birth(&self, id: NodeId) -> u64 {
        self.nodes[id.index()].head >> FLAG_BITS
    }

    /// Whether the operands were known to share no source when the node was recorded.
    #[inline]
    pub(super) fn is_independent(&self, id: NodeId) -> bool {
        self.nodes[id.index()].head & INDEPENDENT != 0
    }

    #[inline]
    pub(super) fn is_source(&self, id: NodeId) -> bool {
        matches!(
            self.nodes[id.index()].code,
            Code::Source | Code::Rows | Code::FrozenRows
        )
    }

    #[inline]
    pub(super) fn is_frozen_rows(&self, id: NodeId) -> bool {
        matches!(self.nodes[id.index()].code, Code::FrozenRows)
    }

    pub(super) fn is_selection(&self, id: NodeId) -> bool {
        matches!(self.nodes[id.index()].code, Code::Select(_))
    }

    /// The distribution of a source.
    #[inline]
    pub(super) fn source(&self, id: NodeId) -> Option<&Arc<Distribution>> {
        let node = self.nodes.get(id.index())?;
        match node.code {
            Code::Source | Code::Rows | Code::FrozenRows => self.sources.get(node.x as usize),
            _ => None,
        }
    }

    /// The column of a node that is one, and its rows.
    pub(super) fn column(&self, id: NodeId) -> Option<(NodeId, &Arc<Values>)> {
        let node = self.nodes.get(id.index())?;
        match node.code {
            Code::Column(_) => Some((NodeId::from_tag(node.x)?, self.columns.get(node.y as usize)?)),
            _ => None,
        }
    }

    /// The nodes that a node is made of, in order; one that is read twice comes twice.
    #[inline]
    pub(super) fn operands(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        let node = &self.nodes[id.index()];
        let all = if node.head & WIDE == 0 {
            let x = if node.head & X != 0 { node.x } else { 0 };
            let y = if node.head & Y != 0 { node.y } else { 0 };
            [x, y, 0, 0]
        } else {
            self.wide_operands(node.y)
        };
        all.into_iter().filter_map(NodeId::from_tag)
    }

    #[cold]
    fn wide_operands(&self, choice: u32) -> [u32; 4] {
        let Choice {
            first,
            second,
            p,
            chooser,
        } = self.choices[choice as usize];
        [first.node(), second.node(), p.node(), Some(chooser)].map(|node| node.map_or(0, NodeId::tag))
    }

    /// How a value came about.
    pub(super) fn op(&self, id: NodeId) -> Op {
        let Some(&Node { head, code, x, y, .. }) = self.nodes.get(id.index()) else {
            return Op::Source;
        };
        let number = |index: u32| self.numbers.get(index as usize).copied().unwrap_or(0);
        let operand = |at: u32, is_node: u64| match NodeId::from_tag(at) {
            Some(node) if head & is_node != 0 => Ok(node),
            _ => Err(number(at)),
        };
        let real = |at, is_node| match operand(at, is_node) {
            Ok(node) => Input::Node(node),
            Err(bits) => Input::Certain(f64::from_bits(bits)),
        };
        let integer = |at, is_node| match operand(at, is_node) {
            Ok(node) => IntegerInput::Node(node),
            Err(bits) => IntegerInput::Certain(bits as i64),
        };
        match code {
            Code::Vacant | Code::Source => Op::Source,
            Code::Rows | Code::FrozenRows => Op::Rows,
            Code::Column(format) => match (NodeId::from_tag(x), self.columns.get(y as usize)) {
                (Some(rows), Some(values)) => Op::Column {
                    rows,
                    values: Arc::clone(values),
                    format,
                },
                _ => Op::Source,
            },
            Code::Unary(function, format) => match NodeId::from_tag(x) {
                Some(x) => Op::Unary(function, x, format),
                None => Op::Source,
            },
            Code::Binary(function, format) => Op::Binary(function, real(x, X), real(y, Y), format),
            Code::Fused(function, format, place) => {
                let mut others = [y, y + 1].into_iter();
                let inputs = [0u8, 1, 2].map(|at| {
                    if at == place {
                        real(x, X)
                    } else {
                        real(others.next().unwrap_or(y), Y)
                    }
                });
                Op::Fused(function, inputs, format)
            }
            Code::Integer(function, kind) => Op::Integer(function, kind, integer(x, X), integer(y, Y)),
            Code::Select(format) => Op::Select(self.choices[y as usize], format),
        }
    }

    // Recording.

    #[inline]
    pub(super) fn record_source(&mut self, distribution: Arc<Distribution>) -> NodeId {
        self.sources.push(distribution);
        let x = self.sources.len() as u32 - 1;
        self.push(Code::Source, x, 0, INDEPENDENT, None)
    }

    /// A source of row numbers.
    pub(super) fn record_rows(&mut self, numbers: Arc<Distribution>, frozen: bool) -> NodeId {
        let code = if frozen { Code::FrozenRows } else { Code::Rows };
        self.sources.push(numbers);
        let x = self.sources.len() as u32 - 1;
        let id = self.push(code, x, 0, INDEPENDENT, None);
        if frozen {
            // Older than everything that will be a column.
            self.nodes[id.index()].head = INDEPENDENT;
        }
        id
    }

    pub(super) fn record_column(&mut self, rows: NodeId, values: Arc<Values>, format: Format) -> NodeId {
        self.columns.push(values);
        let y = self.columns.len() as u32 - 1;
        let parent = self.find(rows);
        self.push(Code::Column(format), rows.tag(), y, INDEPENDENT | X, Some(parent))
    }

    #[inline]
    pub(super) fn record_unary(&mut self, function: UnaryFn, x: NodeId, format: Format) -> NodeId {
        let parent = self.find(x);
        self.push(Code::Unary(function, format), x.tag(), 0, INDEPENDENT | X, Some(parent))
    }

    /// Operands are nodes, or the bits of a number.
    #[inline]
    fn record_pair(&mut self, code: Code, x: Result<NodeId, u64>, y: Result<NodeId, u64>) -> NodeId {
        let (x_tag, y_tag, flags, parent) = match (x, y) {
            (Ok(x), Ok(y)) => {
                let (a, b) = (self.find(x), self.find(y));
                let independent = if a != b { INDEPENDENT } else { 0 };
                (x.tag(), y.tag(), X | Y | independent, Some(self.join(a, b)))
            }
            (Ok(x), Err(y)) => (x.tag(), self.number(y), X | INDEPENDENT, Some(self.find(x))),
            (Err(x), Ok(y)) => (self.number(x), y.tag(), Y | INDEPENDENT, Some(self.find(y))),
            (Err(x), Err(y)) => (self.number(x), self.number(y), INDEPENDENT, None),
        };
        self.push(code, x_tag, y_tag, flags, parent)
    }

    #[inline]
    pub(super) fn record_binary(&mut self, function: BinaryFn, x: Input, y: Input, format: Format) -> NodeId {
        let operand = |input| match input {
            Input::Node(id) => Ok(id),
            Input::Certain(value) => Err(f64::to_bits(value)),
        };
        self.record_pair(Code::Binary(function, format), operand(x), operand(y))
    }

    #[inline]
    pub(super) fn record_integer(
        &mut self,
        function: IntegerFn,
        kind: IntegerType,
        x: IntegerInput,
        y: IntegerInput,
    ) -> NodeId {
        let operand = |input| match input {
            IntegerInput::Node(id) => Ok(id),
            IntegerInput::Certain(value) => Err(value as u64),
        };
        self.record_pair(Code::Integer(function, kind), operand(x), operand(y))
    }

    /// A fused multiply-add of a node at `place` and two numbers.
    pub(super) fn record_fused(
        &mut self,
        function: FusedFn,
        x: NodeId,
        place: u8,
        others: [f64; 2],
        format: Format,
    ) -> NodeId {
        self.numbers.extend(others.map(f64::to_bits));
        let y = self.numbers.len() as u32 - 2;
        let parent = self.find(x);
        let code = Code::Fused(function, format, place);
        self.push(code, x.tag(), y, INDEPENDENT | X, Some(parent))
    }

    /// Independent if `p` shares no source with the two alternatives; these may with each other.
    pub(super) fn record_select(&mut self, choice: Choice, format: Format) -> NodeId {
        let Choice {
            first,
            second,
            p,
            chooser,
        } = choice;
        let mut root_of = |input: Input| input.node().map(|id| self.find(id));
        let (first, second, p) = (root_of(first), root_of(second), root_of(p));
        let is_independent = p.is_none() || (p != first && p != second);
        let mut parent = self.find(chooser);
        for other in [first, second, p].into_iter().flatten() {
            // A join above may have put another root on top.
            let other = self.find(NodeId::of_index(other as usize));
            parent = self.join(parent, other);
        }
        self.choices.push(choice);
        let y = self.choices.len() as u32 - 1;
        let flags = WIDE | if is_independent { INDEPENDENT } else { 0 };
        self.push(Code::Select(format), 0, y, flags, Some(parent))
    }

    #[inline]
    fn push(&mut self, code: Code, x: u32, y: u32, flags: u64, parent: Option<u32>) -> NodeId {
        self.births += 1;
        let head = self.births << FLAG_BITS | flags;
        let slot = self.free.pop();
        let index = slot.unwrap_or(self.nodes.len() as u32);
        let parent = parent.unwrap_or(index);
        let node = Node {
            head,
            code,
            x,
            y,
            parent,
        };
        match self.nodes.get_mut(index as usize) {
            Some(free) => *free = node,
            None => self.nodes.push(node),
        }
        NodeId::of_index(index as usize)
    }

    /// The place of a number in the table.
    #[inline]
    fn number(&mut self, bits: u64) -> u32 {
        // Fibonacci hashing.
        let cached = &mut self.cached[(bits.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - CACHED.ilog2())) as usize];
        if self.numbers.get(*cached as usize) != Some(&bits) {
            *cached = self.numbers.len() as u32;
            self.numbers.push(bits);
        }
        *cached
    }

    // Components.

    /// The name of a node's component: the slot of its root.
    #[inline]
    fn find(&mut self, id: NodeId) -> u32 {
        let mut index = id.index() as u32;
        loop {
            let parent = self.nodes[index as usize].parent;
            if parent == index {
                return index;
            }
            let grandparent = self.nodes[parent as usize].parent;
            if grandparent == parent {
                return parent;
            }
            self.nodes[index as usize].parent = grandparent;
            index = grandparent;
        }
    }

    /// Makes the components of two roots one; returns its root.
    #[inline]
    fn join(&mut self, a: u32, b: u32) -> u32 {
        let (older, younger) = if self.nodes[a as usize].head <= self.nodes[b as usize].head {
            (a, b)
        } else {
            (b, a)
        };
        self.nodes[younger as usize].parent = older;
        older
    }

    /// The name of a node's component, for those that compare them.
    pub(super) fn component(&mut self, id: NodeId) -> u32 {
        self.find(id)
    }

    /// Finds anew which nodes are connected: some have been freed, or have become sources.
    pub(super) fn find_components(&mut self) {
        for index in 0..self.nodes.len() {
            self.nodes[index].parent = index as u32;
        }
        for index in 0..self.nodes.len() {
            if matches!(self.nodes[index].code, Code::Vacant) {
                continue;
            }
            let id = NodeId::of_index(index);
            for operand in self.operands(id) {
                let (a, b) = (self.find(id), self.find(operand));
                if a != b {
                    self.join(a, b);
                }
            }
        }
    }

    // Changes.

    /// A node becomes a source with this distribution.
    pub(super) fn make_source(&mut self, id: NodeId, distribution: Arc<Distribution>) {
        self.sources.push(distribution);
        let node = &mut self.nodes[id.index()];
        node.head = node.head >> FLAG_BITS << FLAG_BITS | INDEPENDENT;
        node.code = Code::Source;
        node.x = self.sources.len() as u32 - 1;
    }

    /// The distribution of a source is another.
    pub(super) fn replace_source(&mut self, id: NodeId, distribution: Arc<Distribution>) {
        if self.is_source(id) {
            self.sources.push(distribution);
            self.nodes[id.index()].x = self.sources.len() as u32 - 1;
        }
    }

    /// A node becomes a column.
    pub(super) fn make_column(&mut self, id: NodeId, rows: NodeId, values: Arc<Values>, format: Format) {
        self.columns.push(values);
        let node = &mut self.nodes[id.index()];
        node.head = node.head >> FLAG_BITS << FLAG_BITS | INDEPENDENT | X;
        node.code = Code::Column(format);
        node.x = rows.tag();
        node.y = self.columns.len() as u32 - 1;
    }

    /// Frees all nodes but those that `is_kept` says by their slots, and what the tables hold for them.
    pub(super) fn retain(&mut self, is_kept: impl Fn(usize) -> bool) {
        self.free.clear();
        let (mut sources, mut columns, mut choices) = (Vec::new(), Vec::new(), Vec::new());
        let numbers = std::mem::take(&mut self.numbers);
        // Where a number has gone; numbers are shared.
        let mut moved = vec![u32::MAX; numbers.len()];
        for index in 0..self.nodes.len() {
            let node = &mut self.nodes[index];
            if !is_kept(index) {
                node.code = Code::Vacant;
                node.head = 0;
                continue;
            }
            let mut number = |at: &mut u32| {
                let old = *at as usize;
                if moved[old] == u32::MAX {
                    moved[old] = self.numbers.len() as u32;
                    self.numbers.push(numbers[old]);
                }
                *at = moved[old];
            };
            match node.code {
                Code::Vacant | Code::Unary(..) => {}
                Code::Source | Code::Rows | Code::FrozenRows => {
                    sources.push(Arc::clone(&self.sources[node.x as usize]));
                    node.x = sources.len() as u32 - 1;
                }
                Code::Column(_) => {
                    columns.push(Arc::clone(&self.columns[node.y as usize]));
                    node.y = columns.len() as u32 - 1;
                }
                Code::Select(_) => {
                    choices.push(self.choices[node.y as usize]);
                    node.y = choices.len() as u32 - 1;
                }
                Code::Fused(..) => {
                    let old = node.y as usize;
                    node.y = self.numbers.len() as u32;
                    self.numbers.extend_from_slice(&numbers[old..old + 2]);
                }
                Code::Binary(..) | Code::Integer(..) => {
                    if node.head & X == 0 {
                        number(&mut node.x);
                    }
                    if node.head & Y == 0 {
                        number(&mut node.y);
                    }
                }
            }
        }
        // From the end, so that the first slots are taken first.
        let vacant = |index: &usize| matches!(self.nodes[*index].code, Code::Vacant);
        self.free
            .extend((0..self.nodes.len()).rev().filter(vacant).map(|index| index as u32));
        self.sources = sources;
        self.columns = columns;
        self.choices = choices;
    }
}
