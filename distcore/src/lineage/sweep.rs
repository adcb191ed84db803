//! Memory: what nobody refers to is freed, and what remains is bounded.
//!
//! A loop with feedback refers to all its past through one value. When more nodes are alive than the
//! [budget](Limits::nodes), and many more than the values that are referred to,
//!
//! 1. modules *of the live graph* (nodes whose sources reach everything that is alive only through them) become sources with
//!    their own distributions. In every later graph they would be modules as well: no result changes by a bit (with particles,
//!    by the points that they would have shared with the kernel above);
//! 2. if that is not enough, the values in large connected parts are *frozen*: each becomes a column of its values at M
//!    joint points. Their dependence stays right at these points. All columns share the rows; sources that are recorded
//!    later have dimensions of their own in the same point set;
//! 3. if the columns take more than their [share](Limits::column_bytes), M is halved, down to 256; then values are *cut*:
//!    they become sources, and lose what they shared with others.
//!
//! When a sweep happens is for the caller to say, and part of what determines results; asking for distributions is not.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::kernel::Kernel;
use super::node::{Op, Values};
use super::query::SEEN;
use super::{Graph, NodeId, modules};
use crate::Distribution;
use crate::arithmetic::Cancel;

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

/// A part of the live graph is left as it is while it has no more nodes than this for each value that is referred to.
const NODES_A_ROOT: usize = 16;

/// How the dependence of a value on others was approximated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Approximation {
    /// It is kept at M joint points only.
    Frozen,
    /// It was given up.
    Cut,
}

impl Graph {
    /// The values whose dependence the last sweep approximated.
    #[must_use]
    pub fn approximated(&self) -> &[(NodeId, Approximation)] {
        &self.approximated
    }

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
        self.approximated.clear();
        self.flags.resize(self.arena.slots().max(self.flags.len()), 0);
        let mut marked = Vec::new();
        let (arena, flags) = (&self.arena, &mut self.flags);
        roots(&mut |id| {
            if arena.is_alive(id) && flags[id.index()] == 0 {
                flags[id.index()] = SEEN;
                marked.push(id);
            }
        });
        let mut roots = marked;
        roots.iter().for_each(|id| self.flags[id.index()] = 0);
        roots.sort_unstable_by_key(|&id| self.arena.birth(id));
        self.free_all_but(&roots);
        if self.is_too_large(&roots) {
            self.collapse(&roots);
            self.free_all_but(&roots);
            if self.is_too_large(&roots) && !self.is_cancelled() {
                self.freeze(&roots);
                self.free_all_but(&roots);
            }
        }
        self.arena.find_components();
        self.sweep_at = (2 * self.len()).max(self.limits.nodes);
        self.source_bytes = self.arena.distinct_bytes();
    }

    fn is_too_large(&self, roots: &[NodeId]) -> bool {
        // Half of the budget, so that the next sweep is as far away as this one was.
        self.len() > self.limits.nodes / 2 && self.len() > 4 * roots.len()
    }

    fn free_all_but(&mut self, roots: &[NodeId]) {
        let (arena, flags) = (&self.arena, &mut self.flags);
        flags.resize(arena.slots().max(flags.len()), 0);
        let mut waiting = roots.to_vec();
        while let Some(id) = waiting.pop() {
            let flag = &mut flags[id.index()];
            if *flag == 0 {
                *flag = SEEN;
                waiting.extend(arena.operands(id));
            }
        }
        let is_kept = |index: usize| self.flags.get(index).is_some_and(|&flag| flag != 0);
        self.arena.retain(is_kept);
        // Handles of what is freed are given out again.
        self.cones.retain(is_kept);
        self.answers.retain(|id, _| is_kept(id.index()));
        self.stand_ins.retain(|id, _| is_kept(id.index()));
        let kept = self.answers.values().chain(self.stand_ins.values());
        self.answer_bytes = kept.map(|distribution| super::bytes(distribution)).sum();
        self.flags.fill(0);
        if self.frozen.is_some_and(|frozen| !self.arena.is_alive(frozen.rows)) {
            self.frozen = None;
        }
    }

    /// Turns the topmost modules of the live graph into sources.
    fn collapse(&mut self, roots: &[NodeId]) {
        self.entries.resize(self.arena.slots().max(self.entries.len()), 0);
        let (arena, flags) = (&self.arena, &mut self.flags);
        let order = modules::below(arena, roots, |id| std::mem::replace(&mut flags[id.index()], SEEN) == 0);
        let is_module = modules::find(arena, &order, roots, None, |_| false, &mut self.entries);
        order.iter().for_each(|id| flags[id.index()] = 0);
        let modules: HashSet<NodeId> = order
            .iter()
            .zip(is_module)
            .filter(|(_, is_module)| *is_module)
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
                waiting.extend(self.arena.operands(id));
            }
        }
        for id in topmost {
            if !self.arena.is_source(id) {
                self.make_source(id);
                self.diagnostics.collapsed += 1;
            }
        }
        self.cones.clear();
    }

    /// A value as a source with its own distribution.
    fn make_source(&mut self, id: NodeId) {
        self.marginal(id);
        let marginal = self.as_source(id);
        self.arena.make_source(id, marginal);
        self.answers.remove(&id);
        self.stand_ins.remove(&id);
    }

    /// The roots of parts that are much larger than what is referred to in them, and what else must be kept with these:
    /// other roots that they depend on.
    fn oversized(&mut self, roots: &[NodeId]) -> Vec<NodeId> {
        self.arena.find_components();
        let mut sizes: HashMap<u32, (usize, usize)> = HashMap::new();
        let alive: Vec<NodeId> = self.arena.alive().collect();
        for &id in &alive {
            sizes.entry(self.arena.component(id)).or_default().0 += 1;
        }
        for &root in roots {
            sizes.entry(self.arena.component(root)).or_default().1 += 1;
        }
        let is_oversized = |(nodes, roots): (usize, usize)| nodes > NODES_A_ROOT * roots;
        let mut found = Vec::new();
        for &root in roots {
            let size = sizes.get(&self.arena.component(root)).copied().unwrap_or_default();
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
                self.approximated.push((id, Approximation::Cut));
            }
            return;
        }
        let Some(frozen) = self.frozen else { return };
        let (sources, made): (Vec<NodeId>, Vec<NodeId>) = results.iter().partition(|&&id| self.arena.is_source(id));
        // Leaves are the modules below; they are sources since the collapse.
        let mut inside = self.inside(&made, |graph, id| graph.arena.is_source(id));
        if !inside.leaves.contains(&frozen.rows) {
            inside.leaves.insert(0, frozen.rows);
        }
        let kept: Vec<NodeId> = sources
            .into_iter()
            .filter(|source| inside.leaves.contains(source) && *source != frozen.rows)
            .collect();
        let results: Vec<NodeId> = made.iter().chain(&kept).copied().collect();
        let (loads, points, at_once) = self.joint_loads(&inside.leaves, &inside.leaves);
        let kernel = Kernel::new(&self.arena, &mut self.scratch, &inside.inner, loads, &results);
        let columns = kernel.run(points, at_once, Cancel(self.cancel.as_deref()));
        for (&id, values) in results.iter().zip(columns) {
            let format = self.arena.op(id).format();
            self.arena.make_column(id, frozen.rows, Arc::new(values), format);
            self.answers.remove(&id);
            self.stand_ins.remove(&id);
            self.diagnostics.frozen += 1;
            self.approximated.push((id, Approximation::Frozen));
        }
        self.cones.clear();
        if let Some(frozen) = &mut self.frozen {
            frozen.next_dimension += inside.leaves.len() - 1;
        }
    }

    /// Sees to it that there are frozen rows and room for `results` as columns; false if there is none.
    fn make_room(&mut self, results: &[NodeId]) -> bool {
        let alive: Vec<NodeId> = self.arena.alive().collect();
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
                self.frozen = Some(Frozen {
                    rows: self.arena.record_rows(Arc::new(rows), true),
                    points: fitting,
                    next_dimension: 0,
                });
            }
            Some(frozen) if fitting < frozen.points => {
                frozen.points = fitting;
                self.arena.replace_source(frozen.rows, Arc::new(rows));
                for id in alive {
                    let Some(values) = self.frozen_column(id).map(|values| values.truncated(fitting)) else {
                        continue;
                    };
                    let Op::Column { rows, format, .. } = self.arena.op(id) else {
                        continue;
                    };
                    self.arena.make_column(id, rows, Arc::new(values), format);
                }
                // Everything that was asked for of a column had more points.
                self.forget_answers();
            }
            Some(_) => {}
        }
        true
    }

    /// The column of a frozen value.
    fn frozen_column(&self, id: NodeId) -> Option<&Values> {
        let (rows, values) = self.arena.column(id)?;
        self.frozen.is_some_and(|frozen| frozen.rows == rows).then_some(values)
    }
}
