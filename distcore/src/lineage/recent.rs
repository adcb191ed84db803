//! Columns of the kernels that were evaluated last, for the next question in a loop.
//!
//! A column can be read in another kernel if its sources have the same places in the point set there: if they are the first
//! sources of that kernel (joint points), or all of them (the grid). They are then everything the column depends on: a
//! module of the larger graph is one of the smaller graph too, so no node between is a source there.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use super::NodeId;
use super::kernel::Leaves;
use super::node::Values;
use super::query::Inside;

/// Columns that are kept.
const KEPT: usize = 8;
/// Kernels of fewer nodes are evaluated again.
const LEAST_NODES: usize = 32;

/// What the points of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Points {
    Grid,
    Joint,
}

#[derive(Debug)]
struct Column {
    id: NodeId,
    leaves: Vec<NodeId>,
    points: Points,
    values: Arc<Values>,
}

/// The columns, the newest last.
#[derive(Debug, Default)]
pub(super) struct Recent {
    columns: VecDeque<Column>,
}

impl Recent {
    pub(super) fn clear(&mut self) {
        self.columns.clear();
    }

    pub(super) fn keep(&mut self, id: NodeId, inside: &Inside, points: Points, values: Arc<Values>) {
        if inside.inner.len() < LEAST_NODES {
            return;
        }
        if self.columns.len() == KEPT {
            self.columns.pop_front();
        }
        let leaves = inside.leaves.clone();
        self.columns.push_back(Column {
            id,
            leaves,
            points,
            values,
        });
    }

    /// The leaves of a kernel, and behind them the columns that it can read.
    pub(super) fn usable<L: Leaves>(&self, inside: &Inside, points: Points, leaves: L) -> WithColumns<L> {
        let fits = |column: &&Column| {
            column.points == points
                && inside.leaves.starts_with(&column.leaves)
                && (points == Points::Joint || inside.leaves.len() == column.leaves.len())
        };
        let candidates: Vec<&Column> = self.columns.iter().filter(fits).collect();
        let inner: HashSet<NodeId> = if candidates.is_empty() {
            HashSet::new()
        } else {
            inside.inner.iter().copied().collect()
        };
        let (ids, columns) = candidates
            .into_iter()
            .filter(|column| inner.contains(&column.id))
            .map(|column| (column.id, Arc::clone(&column.values)))
            .unzip();
        WithColumns {
            leaves,
            first: inside.leaves.len(),
            ids,
            columns,
        }
    }
}

/// The sources of a kernel, followed by columns that are known.
pub(super) struct WithColumns<L> {
    leaves: L,
    /// The number of sources.
    first: usize,
    /// The nodes that the columns belong to.
    pub(super) ids: Vec<NodeId>,
    columns: Vec<Arc<Values>>,
}

impl<L> WithColumns<L> {
    fn column(&self, leaf: usize) -> Option<&Values> {
        self.columns.get(leaf.checked_sub(self.first)?).map(|values| &**values)
    }
}

impl<L: Leaves> Leaves for WithColumns<L> {
    fn is_integer(&self, leaf: usize) -> bool {
        match self.column(leaf) {
            Some(values) => matches!(values, Values::Integer(_)),
            None => self.leaves.is_integer(leaf),
        }
    }

    fn reals(&self, leaf: usize, first: usize, to: &mut [f64]) {
        match self.column(leaf) {
            Some(Values::Real(values)) => to.copy_from_slice(&values[first..first + to.len()]),
            Some(Values::Integer(_)) => {}
            None => self.leaves.reals(leaf, first, to),
        }
    }

    fn integers(&self, leaf: usize, first: usize, to: &mut [i128]) {
        match self.column(leaf) {
            Some(Values::Integer(values)) => to.copy_from_slice(&values[first..first + to.len()]),
            Some(Values::Real(_)) => {}
            None => self.leaves.integers(leaf, first, to),
        }
    }
}
