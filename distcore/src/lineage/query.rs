//! The distribution of a value: modules first, then what is left between them.

use std::collections::HashSet;
use std::sync::Arc;

use super::kernel::{Block, Kernel, Leaves};
use super::leaves::{BLOCK, Grid, Leaf, Particles};
use super::modules::{self, Analysis};
use super::node::{Input, IntegerInput, Op, Values};
use super::recent::Points;
use super::{Graph, NodeId, Statistics};
use crate::athens::Item;
use crate::{Distribution, Format, IntegerOperand, Operand, SpecialMass, integer};

/// All combinations of the sources of a kernel are formed up to this number.
const GRID: usize = 1 << 17;

/// What is known of a node while a question is answered: bits of [`Graph`]'s `flags`.
const ANALYSED: u8 = 1;
const MODULE: u8 = 2;
const SEEN: u8 = 4;

/// A module's own graph down to the modules below it.
pub(super) struct Inside {
    /// The nodes between, oldest first, the module itself last.
    pub(super) inner: Vec<NodeId>,
    /// The modules below, oldest first.
    pub(super) leaves: Vec<NodeId>,
}

impl Graph {
    /// The distribution of a value. It is computed when it is first asked for, and kept.
    ///
    /// Asking does not change what is computed later. A value that has been swept away is a certain NaN.
    pub fn marginal(&mut self, id: NodeId) -> Arc<Distribution> {
        let nothing = || Arc::new(Distribution::certain(f64::NAN));
        match self.node(id) {
            None => return nothing(),
            Some(node) => {
                if let Some(marginal) = &node.marginal {
                    return Arc::clone(marginal);
                }
            }
        }
        self.resolve(id);
        self.known(id).unwrap_or_else(nothing)
    }

    fn known(&self, id: NodeId) -> Option<Arc<Distribution>> {
        self.node(id)?.marginal.clone()
    }

    /// Finds the distribution of `root`, and those that it needs, without recursion: graphs are deep.
    fn resolve(&mut self, root: NodeId) {
        self.flags.resize(self.nodes.len(), 0);
        let mut analysed = Vec::new();
        let mut waiting = vec![root];
        while let Some(&id) = waiting.last() {
            if self.is_cancelled() {
                break;
            }
            let Some(node) = self.node(id) else { break };
            if node.marginal.is_some() {
                waiting.pop();
                continue;
            }
            let inside = if node.independent {
                None
            } else {
                if self.flags[id.index()] & ANALYSED == 0 {
                    let analysis = self.analyse(&[id]);
                    for (&id, &is_module) in analysis.order.iter().zip(&analysis.is_module) {
                        self.flags[id.index()] = ANALYSED | if is_module { MODULE } else { 0 };
                    }
                    analysed.extend(analysis.order);
                }
                Some(self.inside(&[id], |graph, below| graph.flags[below.index()] & MODULE != 0))
            };
            let needed: Vec<NodeId> = match (&inside, self.node(id)) {
                (Some(inside), _) => inside.leaves.clone(),
                (None, Some(node)) => node.op.operands().collect(),
                (None, None) => Vec::new(),
            };
            let before = waiting.len();
            waiting.extend(needed.iter().filter(|&&id| self.known(id).is_none()));
            if waiting.len() > before {
                continue;
            }
            waiting.pop();
            let marginal = self.answer(id, inside);
            self.keep(id, Arc::new(marginal));
        }
        for id in analysed {
            self.flags[id.index()] = 0;
        }
    }

    /// The graph below `roots` down to where `is_leaf` says (the roots themselves are none).
    pub(super) fn inside(&mut self, roots: &[NodeId], is_leaf: impl Fn(&Graph, NodeId) -> bool) -> Inside {
        self.flags.resize(self.nodes.len(), 0);
        let (mut inner, mut leaves) = (Vec::new(), Vec::new());
        let mut waiting = roots.to_vec();
        for root in roots {
            self.flags[root.index()] |= SEEN;
        }
        while let Some(id) = waiting.pop() {
            let Some(node) = self.node(id) else { continue };
            inner.push((node.birth, id));
            for operand in node.op.operands() {
                if self.flags[operand.index()] & SEEN != 0 {
                    continue;
                }
                self.flags[operand.index()] |= SEEN;
                if is_leaf(self, operand) {
                    leaves.push((self.node(operand).map_or(0, |node| node.birth), operand));
                } else {
                    waiting.push(operand);
                }
            }
        }
        for (_, id) in inner.iter().chain(&leaves) {
            self.flags[id.index()] &= !SEEN;
        }
        let ascending = |mut nodes: Vec<(u64, NodeId)>| {
            nodes.sort_unstable();
            nodes.into_iter().map(|(_, id)| id).collect()
        };
        Inside {
            inner: ascending(inner),
            leaves: ascending(leaves),
        }
    }

    /// The distribution of a module from those of its leaves, or of its operands if these are independent.
    fn answer(&mut self, id: NodeId, inside: Option<Inside>) -> Distribution {
        let Some(node) = self.node(id) else {
            return Distribution::certain(f64::NAN);
        };
        let operands: Vec<NodeId> = node.op.operands().collect();
        let inside = inside.unwrap_or_else(|| {
            let mut leaves = operands.clone();
            leaves.sort_unstable_by_key(|&leaf| self.node(leaf).map_or(0, |node| node.birth));
            leaves.dedup();
            Inside {
                inner: vec![id],
                leaves,
            }
        });
        // All operands are modules, and all are different.
        let is_direct = inside.inner.len() == 1 && inside.leaves.len() == operands.len();
        let is_frozen = inside.leaves.iter().any(|&leaf| self.is_frozen(leaf));
        let keeps_rule = self.statistics == Statistics::Diracs || operands.len() == 1;
        if !is_frozen && ((is_direct && keeps_rule) || matches!(node.op, Op::Select { .. }) && node.independent) {
            return self.direct(&node.op);
        }
        self.joint_answer(id, &inside, is_frozen)
    }

    fn is_frozen(&self, id: NodeId) -> bool {
        self.node(id)
            .is_some_and(|node| matches!(node.op, Op::Rows { frozen: true }))
    }

    /// An operation on independent operands: what the arithmetic gives.
    fn direct(&self, op: &Op) -> Distribution {
        let nothing = Arc::new(Distribution::certain(f64::NAN));
        let of = |id: NodeId| self.known(id).unwrap_or_else(|| Arc::clone(&nothing));
        let loaded = |input: Input| (input, input.node().map(of));
        fn real(loaded: &(Input, Option<Arc<Distribution>>)) -> Operand<'_> {
            match loaded {
                (_, Some(distribution)) => Operand::Uncertain(distribution),
                (Input::Certain(value), None) => Operand::Certain(*value),
                (Input::Node(_), None) => Operand::Certain(f64::NAN),
            }
        }
        let loaded_integer = |input: IntegerInput| (input, input.node().map(of));
        fn integer(loaded: &(IntegerInput, Option<Arc<Distribution>>)) -> IntegerOperand<'_> {
            match loaded {
                (_, Some(distribution)) => IntegerOperand::Uncertain(distribution),
                (IntegerInput::Certain(value), None) => IntegerOperand::Certain(i128::from(*value)),
                (IntegerInput::Node(_), None) => IntegerOperand::Certain(0),
            }
        }
        let core = self.core();
        match *op {
            Op::Source | Op::Rows { .. } => Distribution::certain(f64::NAN),
            Op::Column {
                rows,
                ref values,
                format,
            } => column(&of(rows), values, format),
            Op::Unary(function, x, format) => core.unary(function, &of(x), format),
            Op::Binary(function, x, y, format) => core.binary(function, real(&loaded(x)), real(&loaded(y)), format),
            Op::Fused(function, inputs, format) => {
                let [a, b, c] = inputs.map(loaded);
                core.fused(function, real(&a), real(&b), real(&c), format)
            }
            Op::Integer(function, kind, x, y) => {
                core.integer(function, kind, integer(&loaded_integer(x)), integer(&loaded_integer(y)))
            }
            Op::Select {
                first,
                second,
                p,
                chooser,
                format,
            } => {
                let p = match p {
                    // As the chooser has it.
                    Input::Certain(_) => (Input::Certain(of(chooser).mass_at(0.0)), None),
                    p => loaded(p),
                };
                core.mixture(real(&loaded(first)), real(&loaded(second)), real(&p), format)
            }
        }
    }

    /// A kernel over its sources.
    fn joint_answer(&mut self, id: NodeId, inside: &Inside, is_frozen: bool) -> Distribution {
        let format = self.node(id).map_or(Format::F64, |node| node.op.format());
        let points = inside
            .leaves
            .iter()
            .map(|&leaf| self.support(leaf))
            .try_fold(1usize, |product, len| product.checked_mul(len));
        let grid = match self.statistics {
            Statistics::Diracs => GRID,
            Statistics::Particles if inside.leaves.len() > 1 => self.particles(),
            Statistics::Particles => GRID,
        };
        if !is_frozen && points.is_some_and(|points| points <= grid) {
            let grid = Grid::new(self.leaves(&inside.leaves).into_iter().map(|(_, leaf)| leaf).collect());
            let (points, masses) = (grid.points(), grid.masses());
            let values = self.evaluated(id, inside, grid, Points::Grid, points, BLOCK);
            return self.collected(&values, &masses, inside.leaves.len() == 1, format);
        }
        self.diagnostics.sampled += 1;
        let particles = self.joint_points(&inside.leaves);
        let (points, block) = (particles.points(), particles.block());
        let values = self.evaluated(id, inside, particles, Points::Joint, points, block);
        self.collected(&values, &vec![1.0 / points as f64; points], false, format)
    }

    /// The values of a kernel's root at all points.
    ///
    /// A loop that prints asks for a value that is a few operations away from the one before: its column, if it is at the
    /// same points, is read instead of computed again.
    fn evaluated<L: Leaves>(
        &mut self,
        id: NodeId,
        inside: &Inside,
        leaves: L,
        kind: Points,
        points: usize,
        block: usize,
    ) -> Arc<Values> {
        let with_columns = self.recent.usable(inside, kind, leaves);
        let known = with_columns.ids.clone();
        let kernel = if known.is_empty() {
            Kernel::new(self, &inside.inner, &inside.leaves, &[id], &with_columns)
        } else {
            let all: HashSet<NodeId> = inside.leaves.iter().chain(&known).copied().collect();
            let inner = self.inside(&[id], |_, below| all.contains(&below)).inner;
            Kernel::new(
                self,
                &inner,
                &[&inside.leaves[..], &known].concat(),
                &[id],
                &with_columns,
            )
        };
        let values = Arc::new(gather(&kernel, &with_columns, points, block));
        self.recent.keep(id, inside, kind, Arc::clone(&values));
        values
    }

    /// The joint points of a kernel's sources.
    pub(super) fn joint_points(&self, leaves: &[NodeId]) -> Particles {
        let (points, dimension) = match &self.frozen {
            Some(frozen) if leaves.iter().any(|&leaf| self.is_frozen(leaf)) => (frozen.points, frozen.next_dimension),
            _ => (self.particles(), 0),
        };
        let sources = leaves.iter().zip(self.leaves(leaves)).map(|(&id, (number, leaf))| {
            let leaf = (!self.is_frozen(id)).then_some(leaf);
            (number, leaf)
        });
        Particles::new(sources.collect(), points, self.seed, dimension)
    }

    /// The sources of a kernel, each with its number.
    fn leaves(&self, ids: &[NodeId]) -> Vec<(u64, Leaf)> {
        let leaf = |&id: &NodeId| {
            let number = self.node(id).map_or(0, |node| node.birth);
            let marginal = self
                .known(id)
                .unwrap_or_else(|| Arc::new(Distribution::certain(f64::NAN)));
            match self.node(id).map(|node| &node.op) {
                Some(Op::Rows { .. }) => (number, Leaf::new(&marginal)),
                _ => (number, Leaf::new(&self.as_source(marginal))),
            }
        };
        ids.iter().map(leaf).collect()
    }

    /// The number of Diracs that a leaf has.
    fn support(&self, leaf: NodeId) -> usize {
        let marginal = self.known(leaf);
        let len = marginal.map_or(1, |marginal| marginal.len() + marginal.special().diracs().count());
        match self.statistics {
            Statistics::Diracs => len,
            Statistics::Particles => len.min(self.table_size()),
        }
    }

    /// The number of joint points, M.
    pub(super) fn particles(&self) -> usize {
        (64 * self.arithmetic.precision())
            .clamp(1 << 10, 1 << 16)
            .next_power_of_two()
    }

    /// The number of points that a module stands for as a source, where that is not N.
    pub(super) fn table_size(&self) -> usize {
        (8 * self.arithmetic.precision()).max(256)
    }

    /// What stands for a module in the kernels above it: with particles, a table of points of equal mass.
    pub(super) fn as_source(&self, marginal: Arc<Distribution>) -> Arc<Distribution> {
        let size = self.table_size();
        match self.statistics {
            Statistics::Particles if marginal.len() > size => Arc::new(equal_masses(&marginal, size)),
            _ => marginal,
        }
    }

    /// The distribution of a kernel's root.
    fn collected(&self, answers: &Values, masses: &[f64], is_map: bool, format: Format) -> Distribution {
        let representation = self.arithmetic.representation();
        match answers {
            Values::Integer(values) => {
                let atoms: Vec<(i128, f64)> = values.iter().copied().zip(masses.iter().copied()).collect();
                match atoms.first() {
                    Some(&(value, _)) if atoms.iter().all(|atom| atom.0 == value) => {
                        integer::certain(value, representation)
                    }
                    Some(_) if is_map => integer::collect(atoms, representation),
                    _ => self.core().reduced_integers(&atoms),
                }
            }
            Values::Real(values) => {
                if let Some(&value) = values.first()
                    && value.is_finite()
                    && values.iter().all(|&other| other == value)
                {
                    return Distribution::from_raw(Box::new([value, 1.0]), SpecialMass::default(), representation);
                }
                let mut special = SpecialMass::default();
                let items = values.iter().copied().zip(masses.iter().copied());
                let items: Vec<Item> = items
                    .filter(|&(position, mass)| !special.absorb(position, mass))
                    .map(|(position, mass)| Item { position, mass })
                    .collect();
                if is_map || self.statistics == Statistics::Particles {
                    let positions = items.iter().map(|item| item.position);
                    let diracs = positions.chain(items.iter().map(|item| item.mass)).collect();
                    Distribution::from_raw(diracs, special, representation)
                } else {
                    self.core().reduced(items, special, format)
                }
            }
        }
    }

    /// The modules below some roots.
    pub(super) fn analyse(&mut self, roots: &[NodeId]) -> Analysis {
        self.entries.resize(self.nodes.len(), 0);
        modules::analyse(&self.nodes, roots, &mut self.entries)
    }
}

/// A column of joint rows as a distribution of its own.
fn column(rows: &Distribution, values: &Values, format: Format) -> Distribution {
    match values {
        Values::Real(values) => {
            let at = |row: f64| values.get(row as usize).copied().unwrap_or(f64::NAN);
            crate::arithmetic::map(rows, |row| format.round(at(row)))
        }
        Values::Integer(values) => integer::map(rows, |row| {
            usize::try_from(row)
                .ok()
                .and_then(|row| values.get(row))
                .copied()
                .unwrap_or(0)
        }),
    }
}

/// The root's values at all points.
fn gather(kernel: &Kernel, leaves: &impl Leaves, points: usize, block: usize) -> Values {
    let (mut reals, mut integers) = (Vec::new(), Vec::new());
    kernel.run(leaves, points, block, |_, columns| {
        for &slot in &kernel.results {
            match columns.get(slot) {
                Block::Real(values) => reals.extend_from_slice(values),
                Block::Integer(values) => integers.extend_from_slice(values),
            }
        }
    });
    if integers.is_empty() {
        Values::Real(reals)
    } else {
        Values::Integer(integers)
    }
}

/// At most `n` points of equal mass, each the mean of its part of the distribution; special mass as it is.
fn equal_masses(x: &Distribution, n: usize) -> Distribution {
    let merged = x.merged();
    if merged.len() <= n {
        let positions = merged.iter().map(|dirac| dirac.0);
        let diracs = positions.chain(merged.iter().map(|dirac| dirac.1)).collect();
        return Distribution::from_raw(diracs, x.special(), x.representation());
    }
    let cell = x.finite_mass() / n as f64;
    let mut means = Vec::with_capacity(n);
    let (mut mass, mut moment) = (0.0, 0.0);
    for (position, mut left) in merged {
        while mass + left >= cell && means.len() + 1 < n {
            let part = cell - mass;
            means.push((moment + part * position) / cell);
            left -= part;
            (mass, moment) = (0.0, 0.0);
        }
        mass += left.max(0.0);
        moment += left.max(0.0) * position;
    }
    if mass > 0.0 {
        means.push(moment / mass);
    }
    let masses = std::iter::repeat_n(cell, means.len());
    let diracs = means.iter().copied().chain(masses).collect();
    Distribution::from_raw(diracs, x.special(), x.representation())
}
