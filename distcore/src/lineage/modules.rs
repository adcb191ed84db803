//! Modules: nodes whose sources reach the root only through them.
//!
//! A node is a module if it lies on every way from the root to anything below it. Then its distribution is all that the
//! root needs to know of it: it can stand as one source. In terms of flow graphs (edges from a value to its operands, the
//! entry at the root) the node *dominates* everything below it. Dominators of an acyclic graph are found in one pass
//! with the users first: the immediate dominator of a node is the lowest common ancestor, in the tree of dominators so
//! far, of its users (K. Cooper, T. Harvey, K. Kennedy, "A Simple, Fast Dominance Algorithm", Rice University, 2001).
//! Ancestors are found over jump pointers in logarithmic time (E. Myers, "An applicative random-access stack",
//! Information Processing Letters 17, 1983).
//!
//! A node v is then a module if and only if no node below it has its immediate dominator above v. (Let w be the highest
//! node below v that v does not dominate. Its immediate dominator lies on every way through v and is not below v, so it
//! is strictly above v.)

use super::node::{Node, NodeId};

/// The graph below some roots, and which of its nodes are modules.
pub(super) struct Analysis {
    /// All nodes below the roots, these included, users before operands.
    pub(super) order: Vec<NodeId>,
    /// For each of `order`, whether it is a module.
    pub(super) is_module: Vec<bool>,
}

/// The tree of dominators; entry 0 stands above all roots, entry k + 1 for node k of the order.
struct Tree {
    depth: Vec<u32>,
    parent: Vec<u32>,
    /// Some ancestor further up.
    jump: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Tree {
    fn new(nodes: usize) -> Tree {
        Tree {
            depth: vec![0; nodes + 1],
            parent: [vec![0], vec![NONE; nodes]].concat(),
            jump: vec![0; nodes + 1],
        }
    }

    /// Fixes the depth and the jump of an entry whose parent is final.
    fn settle(&mut self, entry: usize) {
        let parent = self.parent[entry] as usize;
        let jump = self.jump[parent] as usize;
        let further = self.jump[jump] as usize;
        self.depth[entry] = self.depth[parent] + 1;
        let equal_strides = self.depth[parent] - self.depth[jump] == self.depth[jump] - self.depth[further];
        self.jump[entry] = if equal_strides { further } else { parent } as u32;
    }

    /// The lowest common ancestor of two settled entries.
    fn common(&self, a: usize, b: usize) -> usize {
        let (mut a, mut b) = if self.depth[a] >= self.depth[b] { (a, b) } else { (b, a) };
        while self.depth[a] > self.depth[b] {
            let jump = self.jump[a] as usize;
            a = if self.depth[jump] >= self.depth[b] {
                jump
            } else {
                self.parent[a] as usize
            };
        }
        // Entries of one depth have jumps of one depth.
        while a != b {
            let (jump_a, jump_b) = (self.jump[a], self.jump[b]);
            (a, b) = if jump_a == jump_b {
                (self.parent[a] as usize, self.parent[b] as usize)
            } else {
                (jump_a as usize, jump_b as usize)
            };
        }
        a
    }
}

/// Finds the modules of the graph below `roots`. `entries` is scratch: one zero for each slot, and so again afterwards.
pub(super) fn analyse(nodes: &[Option<Node>], roots: &[NodeId], entries: &mut [u32]) -> Analysis {
    let node = |id: NodeId| nodes[id.index()].as_ref();
    let order = below(nodes, roots, entries);
    for (position, id) in order.iter().enumerate() {
        entries[id.index()] = position as u32 + 1;
    }
    let mut tree = Tree::new(order.len());
    for root in roots {
        tree.parent[entries[root.index()] as usize] = 0;
    }
    for (position, &id) in order.iter().enumerate() {
        let entry = position + 1;
        tree.settle(entry);
        for operand in node(id).iter().flat_map(|node| node.op.operands()) {
            let below = entries[operand.index()] as usize;
            tree.parent[below] = match tree.parent[below] {
                NONE => entry as u32,
                user => tree.common(user as usize, entry) as u32,
            };
        }
    }
    // For each entry the least depth of an immediate dominator below it.
    let mut least = vec![u32::MAX; order.len() + 1];
    for (position, &id) in order.iter().enumerate().rev() {
        least[position + 1] = node(id)
            .iter()
            .flat_map(|node| node.op.operands())
            .map(|operand| entries[operand.index()] as usize)
            .map(|below| least[below].min(tree.depth[tree.parent[below] as usize]))
            .fold(u32::MAX, u32::min);
    }
    for id in &order {
        entries[id.index()] = 0;
    }
    let is_module = (1..=order.len())
        .map(|entry| least[entry] >= tree.depth[entry])
        .collect();
    Analysis { order, is_module }
}

/// All nodes below `roots`, these included, youngest first; leaves marks in `entries`.
fn below(nodes: &[Option<Node>], roots: &[NodeId], entries: &mut [u32]) -> Vec<NodeId> {
    let mut found: Vec<(u64, NodeId)> = Vec::new();
    let mut waiting = roots.to_vec();
    while let Some(id) = waiting.pop() {
        let Some(node) = &nodes[id.index()] else { continue };
        if entries[id.index()] == 0 {
            entries[id.index()] = NONE;
            found.push((node.birth, id));
            waiting.extend(node.op.operands());
        }
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, id)| id).collect()
}
