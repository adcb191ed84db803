//! Modules: nodes whose sources reach the root only through them.
//!
//! A node is a module if it lies on every way from the root to anything below it. Then its distribution is all that the
//! root needs to know of it: it can stand as one source. In terms of flow graphs (edges from a value to its operands, the
//! entry at the root) the node *dominates* everything below it. Dominators of an acyclic graph are found in one pass
//! with the users first: the immediate dominator of a node is the lowest common ancestor, in the tree of dominators so
//! far, of its users (K. Cooper, T. Harvey, K. Kennedy, "A Simple, Fast Dominance Algorithm", Rice Computer Science TS-06-33870).
//! Ancestors are found over jump pointers in logarithmic time (E. Myers, "An applicative random-access stack",
//! Information Processing Letters 17, 1983).
//!
//! A node v is then a module if and only if no node below it has its immediate dominator above v. (Let w be the highest
//! node below v that v does not dominate. Its immediate dominator lies on every way through v and is not below v, so it
//! is strictly above v.)

use super::NodeId;
use super::arena::Arena;

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

/// Finds the modules among `order`, the nodes below `roots`, users before operands.
///
/// Nodes for which `is_inside` holds, and which are not in `order`, stand together as one source, which comes last and is
/// named by `cone`. `entries` is scratch: one zero for each slot, and so again afterwards.
pub(super) fn find(
    arena: &Arena,
    order: &[NodeId],
    roots: &[NodeId],
    cone: Option<NodeId>,
    is_inside: impl Fn(NodeId) -> bool,
    entries: &mut [u32],
) -> Vec<bool> {
    let all = || order.iter().copied().chain(cone).enumerate();
    let count = order.len() + usize::from(cone.is_some());
    for (position, id) in all() {
        entries[id.index()] = position as u32 + 1;
    }
    let operands = |position: usize, id: NodeId| {
        let of_order = position < order.len();
        let operands = of_order.then(|| arena.operands(id)).into_iter().flatten();
        operands.map(|operand| match cone {
            Some(cone) if is_inside(operand) => cone,
            _ => operand,
        })
    };
    let mut tree = Tree::new(count);
    for root in roots {
        tree.parent[entries[root.index()] as usize] = 0;
    }
    for (position, id) in all() {
        let entry = position + 1;
        tree.settle(entry);
        for operand in operands(position, id) {
            let below = entries[operand.index()] as usize;
            tree.parent[below] = match tree.parent[below] {
                NONE => entry as u32,
                user => tree.common(user as usize, entry) as u32,
            };
        }
    }
    // For each entry the least depth of an immediate dominator below it.
    let mut least = vec![u32::MAX; count + 1];
    for position in (0..count).rev() {
        let id = order.get(position).copied().or(cone);
        least[position + 1] = id
            .into_iter()
            .flat_map(|id| operands(position, id))
            .map(|operand| entries[operand.index()] as usize)
            .map(|below| least[below].min(tree.depth[tree.parent[below] as usize]))
            .fold(u32::MAX, u32::min);
    }
    for (_, id) in all() {
        entries[id.index()] = 0;
    }
    (1..=order.len())
        .map(|entry| least[entry] >= tree.depth[entry])
        .collect()
}

/// All nodes below `roots`, these included, youngest first. `visit` marks a node and says whether it was unmarked.
pub(super) fn below(arena: &Arena, roots: &[NodeId], mut visit: impl FnMut(NodeId) -> bool) -> Vec<NodeId> {
    let mut found: Vec<NodeId> = Vec::new();
    let mut waiting: Vec<NodeId> = roots.iter().copied().filter(|&id| visit(id)).collect();
    while let Some(id) = waiting.pop() {
        found.push(id);
        waiting.extend(arena.operands(id).filter(|&operand| visit(operand)));
    }
    youngest_first(arena, &mut found);
    found
}

/// Sorts nodes so that users come before operands.
pub(super) fn youngest_first(arena: &Arena, nodes: &mut [NodeId]) {
    nodes.sort_by_cached_key(|&id| std::cmp::Reverse(arena.birth(id)));
}
