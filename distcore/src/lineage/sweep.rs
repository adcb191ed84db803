//! Memory: what nobody refers to is freed, and what remains is bounded.
//!
//! A loop with feedback refers to all its past through one value. When more nodes are alive than the
//! [budget](Limits::nodes), and many more than the values that are referred to,
//!
//! 1. modules *of the live graph* (nodes whose sources reach everything that is alive only through them) become sources with
//!    their own distributions. In every later graph they would be modules as well: no result changes by a bit;
//! 2. if that is not enough, the values in large connected parts are *frozen*: each becomes a column of its values at M
//!    joint points. Their dependence stays right at these points. All columns share the rows; sources that are recorded
//!    later have dimensions of their own in the same point set;
//! 3. if the columns take more than their [share](Limits::column_bytes), M is halved, down to 256; then values are *cut*:
//!    they become sources, and lose what they shared with others.
//!
//! When a sweep happens is for the caller to say, and part of what determines results; asking for distributions is not.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::kernel::{Block, Kernel};
use super::node::{Op, Values};
use super::{Graph, NodeId};
use crate::Distribution;

/// How large a graph may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The number of nodes beyond which modules become sources and large parts are frozen: 65536.
    pub nodes: usize,
    /// Bytes that the columns of frozen values may take: 256 MB.
    pub column_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            nodes: 1 << 16,
            column_bytes: 256 << 20,
        }
    }
}

/// The rows that all frozen values share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frozen {
    pub(super) rows: NodeId,
    /// The number of rows, a power of two.
    pub(super) points: usize,
    /// The first dimension of the point set that no column depends on.
    pub(super) next_dimension: usize,
}

/// Fewer joint points are not worth having.
const LEAST_POINTS: usize = 256;

/// Distributions that are kept may take this, in bytes; beyond it a sweep drops those that can be found again.
const MARGINAL_BYTES: usize = 64 << 20;

/// A part of the live graph is left as it is while it has no more nodes than this for each value that is referred to.
const NODES_A_ROOT: usize = 16;

impl Graph {
    /// Whether so much has been recorded since the last sweep that one is due.
    #[must_use]
    pub fn is_sweep_due(&self) -> bool {
        // Not for the sake of distributions that were asked for: asking must not change when values are frozen.
        self.len() >= self.sweep_at
    }

    /// Frees every value that `roots` does not mark and that no marked one needs, and bounds what remains.
    ///
    /// Handles that were not marked are no longer good, also if the value is still needed by others.
    pub fn sweep(&mut self, roots: impl FnOnce(&mut dyn FnMut(NodeId))) {
        let mut marked = HashSet::new();
        roots(&mut |id| {
            marked.insert(id);
        });
        let mut roots: Vec<NodeId> = marked.into_iter().filter(|&id| self.node(id).is_some()).collect();
        roots.sort_unstable_by_key(|&id| self.node(id).map_or(0, |node| node.birth));
        self.free_all_but(&roots);
        if self.is_too_large(&roots) {
            self.collapse(&roots);
            self.free_all_but(&roots);
            if self.is_too_large(&roots) {
                self.freeze(&roots);
                self.free_all_but(&roots);
            }
        }
        self.find_components();
        self.count_bytes();
        if self.marginal_bytes > MARGINAL_BYTES {
            // They are found again when they are asked for, the same to the bit.
            let roots: HashSet<NodeId> = roots.into_iter().collect();
            for (index, node) in self.nodes.iter_mut().enumerate() {
                if let Some(node) = node
                    && !node.op.is_source()
                    && !roots.contains(&NodeId::of_index(index))
                {
                    node.marginal = None;
                }
            }
            self.count_bytes();
        }
        self.sweep_at = (2 * self.len()).max(self.limits.nodes);
    }

    fn count_bytes(&mut self) {
        let marginals = self.nodes.iter().flatten().filter_map(|node| node.marginal.as_ref());
        self.marginal_bytes = marginals.map(|marginal| super::bytes(marginal)).sum();
    }

    fn is_too_large(&self, roots: &[NodeId]) -> bool {
        // Half of the budget, so that the next sweep is as far away as this one was.
        self.len() > self.limits.nodes / 2 && self.len() > 4 * roots.len()
    }

    fn free_all_but(&mut self, roots: &[NodeId]) {
        // Handles of what is freed are given out again.
        self.recent.clear();
        let mut alive = vec![false; self.nodes.len()];
        let mut waiting = roots.to_vec();
        while let Some(id) = waiting.pop() {
            if !std::mem::replace(&mut alive[id.index()], true) {
                waiting.extend(self.node(id).iter().flat_map(|node| node.op.operands()));
            }
        }
        for (index, slot) in self.nodes.iter_mut().enumerate() {
            if slot.is_some() && !alive[index] {
                *slot = None;
                self.free.push(NodeId::of_index(index));
            }
        }
        if self.frozen.is_some_and(|frozen| self.node(frozen.rows).is_none()) {
            self.frozen = None;
        }
    }

    /// Turns the topmost modules of the live graph into sources.
    fn collapse(&mut self, roots: &[NodeId]) {
        let analysis = self.analyse(roots);
        let modules: HashSet<NodeId> = analysis
            .order
            .iter()
            .zip(&analysis.is_module)
            .filter(|(_, is_module)| **is_module)
            .map(|(&id, _)| id)
            .collect();
        let mut topmost: Vec<NodeId> = Vec::new();
        let mut seen = HashSet::new();
        let mut waiting = roots.to_vec();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            if modules.contains(&id) {
                topmost.push(id);
            } else {
                waiting.extend(self.node(id).iter().flat_map(|node| node.op.operands()));
            }
        }
        for id in topmost {
            if self.node(id).is_some_and(|node| !node.op.is_source()) {
                self.make_source(id);
                self.diagnostics.collapsed += 1;
            }
        }
    }

    /// A value as a source with its own distribution.
    fn make_source(&mut self, id: NodeId) {
        let marginal = self.marginal(id);
        let marginal = self.as_source(marginal);
        if let Some(node) = &mut self.nodes[id.index()] {
            node.op = Op::Source;
            node.marginal = Some(marginal);
        }
    }

    /// The roots of parts that are much larger than what is referred to in them, and what else must be kept with these:
    /// other roots that they depend on.
    fn oversized(&mut self, roots: &[NodeId]) -> Vec<NodeId> {
        self.find_components();
        let mut sizes: HashMap<u32, (usize, usize)> = HashMap::new();
        let alive: Vec<NodeId> = self.alive().collect();
        for &id in &alive {
            sizes.entry(self.components.find(id)).or_default().0 += 1;
        }
        for &root in roots {
            sizes.entry(self.components.find(root)).or_default().1 += 1;
        }
        let is_oversized = |(nodes, roots): (usize, usize)| nodes > NODES_A_ROOT * roots;
        let mut found = Vec::new();
        for &root in roots {
            let size = sizes.get(&self.components.find(root)).copied().unwrap_or_default();
            if is_oversized(size) && self.frozen_column(root).is_none() {
                found.push(root);
            }
        }
        found
    }

    /// Makes columns of all values in oversized parts.
    fn freeze(&mut self, roots: &[NodeId]) {
        let results = self.oversized(roots);
        if results.is_empty() {
            return;
        }
        if !self.make_room(&results) {
            for &id in &results {
                self.make_source(id);
                self.diagnostics.cut += 1;
            }
            return;
        }
        let Some(frozen) = self.frozen else { return };
        let is_source = |graph: &Graph, id: NodeId| graph.node(id).is_some_and(|node| node.op.is_source());
        let (sources, made): (Vec<NodeId>, Vec<NodeId>) = results.iter().partition(|&&id| is_source(self, id));
        // Leaves are the modules below; they are sources since the collapse.
        let mut inside = self.inside(&made, is_source);
        if !inside.leaves.contains(&frozen.rows) {
            inside.leaves.insert(0, frozen.rows);
        }
        let kept: Vec<NodeId> = sources
            .into_iter()
            .filter(|source| inside.leaves.contains(source) && *source != frozen.rows)
            .collect();
        let results: Vec<NodeId> = made.iter().chain(&kept).copied().collect();
        let particles = self.joint_points(&inside.leaves);
        let kernel = Kernel::new(self, &inside.inner, &inside.leaves, &results, &particles);
        let mut columns: Vec<Values> = Vec::new();
        kernel.run(&particles, particles.points(), particles.block(), |_, block| {
            for (k, &slot) in kernel.results.iter().enumerate() {
                match (block.get(slot), columns.get_mut(k)) {
                    (Block::Real(values), None) => columns.push(Values::Real(values.to_vec())),
                    (Block::Integer(values), None) => columns.push(Values::Integer(values.to_vec())),
                    (Block::Real(values), Some(Values::Real(column))) => column.extend_from_slice(values),
                    (Block::Integer(values), Some(Values::Integer(column))) => column.extend_from_slice(values),
                    _ => {}
                }
            }
        });
        for (&id, values) in results.iter().zip(columns) {
            if let Some(node) = &mut self.nodes[id.index()] {
                node.op = Op::Column {
                    rows: frozen.rows,
                    values: Arc::new(values),
                    format: node.op.format(),
                };
                node.independent = true;
                node.marginal = None;
                self.diagnostics.frozen += 1;
            }
        }
        if let Some(frozen) = &mut self.frozen {
            frozen.next_dimension += inside.leaves.len() - 1;
        }
    }

    /// Sees to it that there are frozen rows and room for `results` as columns; false if there is none.
    fn make_room(&mut self, results: &[NodeId]) -> bool {
        let alive: Vec<NodeId> = self.alive().collect();
        let columns = alive.iter().filter(|&&id| self.frozen_column(id).is_some()).count() + results.len();
        let points = self.frozen.map_or(self.particles(), |frozen| frozen.points);
        let mut fitting = points;
        while fitting >= LEAST_POINTS && columns * fitting * size_of::<f64>() > self.limits.column_bytes {
            fitting /= 2;
        }
        if fitting < LEAST_POINTS {
            return false;
        }
        let indices: Vec<f64> = (0..fitting).map(|row| row as f64).collect();
        let masses = vec![1.0 / fitting as f64; fitting];
        let Ok(rows) = Distribution::from_parts(&indices, &masses) else {
            return false;
        };
        match &mut self.frozen {
            None => {
                let rows = self.rows(rows, true);
                if let Some(node) = &mut self.nodes[rows.index()] {
                    // Older than everything that will be a column.
                    node.birth = 0;
                }
                self.frozen = Some(Frozen {
                    rows,
                    points: fitting,
                    next_dimension: 0,
                });
            }
            Some(frozen) if fitting < frozen.points => {
                frozen.points = fitting;
                let id = frozen.rows;
                if let Some(node) = &mut self.nodes[id.index()] {
                    node.marginal = Some(Arc::new(rows));
                }
                for id in alive {
                    let Some(values) = self.frozen_column(id).map(|values| values.truncated(fitting)) else {
                        continue;
                    };
                    if let Some(node) = &mut self.nodes[id.index()]
                        && let Op::Column { values: column, .. } = &mut node.op
                    {
                        *column = Arc::new(values);
                        node.marginal = None;
                    }
                }
            }
            Some(_) => {}
        }
        true
    }

    /// The column of a frozen value.
    fn frozen_column(&self, id: NodeId) -> Option<&Values> {
        match &self.node(id)?.op {
            Op::Column { rows, values, .. } if self.frozen.is_some_and(|frozen| frozen.rows == *rows) => Some(values),
            _ => None,
        }
    }

    fn alive(&self) -> impl Iterator<Item = NodeId> {
        let occupied = self.nodes.iter().enumerate().filter(|(_, slot)| slot.is_some());
        occupied.map(|(index, _)| NodeId::of_index(index))
    }

    /// Finds anew which nodes are connected.
    fn find_components(&mut self) {
        let alive: Vec<NodeId> = self.alive().collect();
        for &id in &alive {
            self.components.add(id, std::iter::empty());
        }
        for &id in &alive {
            for operand in self.node(id).map(|node| node.op.operands()).into_iter().flatten() {
                self.components.join(id, operand);
            }
        }
    }
}
