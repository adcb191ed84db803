//! The split tree: nodes that wait, with the boundaries that delimit them.

use super::rows::Boundaries;
use crate::athens::simd::Sums;

/// Where sums come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Differences of running sums.
    RunningSums,
    /// The difference of two such sums.
    Difference,
    /// The results themselves.
    Results,
}

/// What is known of a part of the pairs.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// The moment is about the center of the sweep.
    pub(super) sums: Sums,
    pub(super) origin: Origin,
    /// About how much rounding may have moved the moment, from which the mean was made: about the center, or, of results, about 0.
    pub(super) error: f64,
    pub(super) mean: f64,
    pub(super) pairs: usize,
    /// What its results are above, and at most.
    pub(super) above: f64,
    pub(super) up_to: f64,
}

/// A node of the split tree: in each row of the blocks from `first` to `end` the columns between two boundaries.
pub(super) struct Node {
    pub(super) part: Part,
    /// The number of Diracs that it is to become.
    pub(super) n: usize,
    /// Which arrays of boundaries delimit it.
    pub(super) low: usize,
    pub(super) high: usize,
    /// Which array is free for its split.
    pub(super) free: usize,
    pub(super) first: usize,
    pub(super) end: usize,
}

/// Nodes that wait, the last one for the next step, and the boundaries of all.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    /// Arrays of `block_count` each.
    pub(super) arrays: Vec<Boundaries>,
    /// The number of blocks of rows.
    pub(super) block_count: usize,
}

/// A node with its boundaries by block.
pub(super) struct View<'a> {
    pub(super) node: &'a Node,
    pub(super) low: &'a [Boundaries],
    pub(super) high: &'a [Boundaries],
}

impl Tree {
    /// One of the arrays of boundaries.
    #[inline(always)]
    pub(super) fn array(&self, index: usize) -> &[Boundaries] {
        &self.arrays[index * self.block_count..][..self.block_count]
    }

    /// The last node, and the array of boundaries that its split is to set.
    #[inline(always)]
    pub(super) fn last_to_split(&mut self) -> Option<(View<'_>, &mut [Boundaries])> {
        let (node, block_count) = (self.nodes.last()?, self.block_count);
        let (earlier, free) = self.arrays.split_at_mut(node.free * block_count);
        let view = View {
            node,
            low: &earlier[node.low * block_count..][..block_count],
            high: &earlier[node.high * block_count..][..block_count],
        };
        Some((view, &mut free[..block_count]))
    }
}

/// A range of blocks without the empty ones at both ends.
#[inline(always)]
pub(super) fn narrowed(
    (mut first, mut end): (usize, usize),
    low: &[Boundaries],
    high: &[Boundaries],
) -> (usize, usize) {
    while first < end && low[first] == high[first] {
        first += 1;
    }
    while first < end && low[end - 1] == high[end - 1] {
        end -= 1;
    }
    (first, end)
}
