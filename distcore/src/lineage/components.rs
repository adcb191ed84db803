//! Which nodes may share a source: nodes of one connected component of the graph.
//!
//! Two operands from different components share nothing, and never will: then no analysis is needed. Kept as a forest of
//! disjoint sets (R. Tarjan, "Efficiency of a Good But Not Linear Set Union Algorithm", Journal of the ACM 22, 1975),
//! with path halving.

use super::NodeId;

/// The forest: a parent for each slot of the arena.
#[derive(Debug, Default)]
pub(super) struct Components {
    parents: Vec<u32>,
}

impl Components {
    /// Makes the node in a slot (new, or free before) a member of its operands' component, which become one.
    pub(super) fn add(&mut self, id: NodeId, operands: impl Iterator<Item = NodeId>) {
        let index = id.index();
        if self.parents.len() <= index {
            self.parents.resize(index + 1, 0);
        }
        self.parents[index] = index as u32;
        for operand in operands {
            self.join(id, operand);
        }
    }

    /// Makes the components of two nodes one.
    pub(super) fn join(&mut self, a: NodeId, b: NodeId) {
        let (a, b) = (self.find(a), self.find(b));
        self.parents[a as usize] = b;
    }

    /// The name of a node's component.
    #[inline]
    pub(super) fn find(&mut self, id: NodeId) -> u32 {
        let mut index = id.index();
        while self.parents[index] as usize != index {
            let grandparent = self.parents[self.parents[index] as usize];
            self.parents[index] = grandparent;
            index = grandparent as usize;
        }
        index as u32
    }
}
