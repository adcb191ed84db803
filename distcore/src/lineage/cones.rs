//! What is remembered of a question, so that the next one in a loop need not walk all the past again.
//!
//! A *cone* is the graph below a value that was asked for: its root, the sources of its kernel (the topmost modules: the
//! *leaves*), the nodes between, and what is below the leaves. When a value r' is asked for that was made from the root r
//! of a cone by a few more operations, only these are walked. Let them, the *new* nodes, read nothing that is strictly
//! below a leaf. Then
//!
//! * the leaves are modules of the graph below r' as well: nothing below them has got another user;
//! * no node between is one: it was none, and has not lost users;
//! * a new node is a module if and only if it is one in the graph in which the whole cone is a single source. For let v
//!   read the cone. If every way into the cone leads through v, it dominates all of it; if some other way does, it enters
//!   at r and reaches whatever v reads there, or at another node, which v reaches over r (if v does not reach r, the
//!   way to r is another one);
//! * and r itself is one if and only if the new nodes read nothing else of the cone.
//!
//! So the answer is, to the bit, the one that a walk over the whole graph would give. The same holds for *columns*: values
//! of nodes at the points of a kernel, which are good for a larger kernel while the sources keep their places in the point
//! set.

use std::collections::VecDeque;
use std::sync::Arc;

use super::NodeId;
use super::arena::Arena;
use super::node::Values;
use super::points::TABULATED;
use super::query::is_many;

/// What the points of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) enum Points {
    #[default]
    Grid,
    Joint,
}

/// Columns of one cone may take so much, in bytes.
const COLUMN_BYTES: usize = 2 << 20;

/// The graph below a root.
#[derive(Debug, Default)]
pub(super) struct Cone {
    root: Option<NodeId>,
    /// For each slot 0 if it is not known, else when it became a node of the cone, times 2, plus 1 for a leaf.
    stamps: Vec<u32>,
    /// What has become a node before is strictly below a leaf.
    floor: u32,
    /// The sources of the kernel, oldest first.
    leaves: Vec<NodeId>,
    kind: Points,
    columns: VecDeque<(NodeId, Arc<Values>)>,
    /// Whether it has grown or risen: then the next question will be about it again.
    is_followed: bool,
    /// Whether a module of several sources is between, not a leaf, since only operations on independent operands read it.
    /// That could change with another reader.
    has_trees: bool,
    used: u64,
}

/// The stamp of what is strictly below a leaf, whatever the floor.
const BELOW: u32 = 1;

impl Cone {
    pub(super) fn leaves(&self) -> &[NodeId] {
        &self.leaves
    }

    pub(super) fn root(&self) -> Option<NodeId> {
        self.root
    }

    pub(super) fn is_root(&self, id: NodeId) -> bool {
        self.root == Some(id)
    }

    /// The leaves, to be [given back](Cone::take_back).
    pub(super) fn lend_leaves(&mut self) -> Vec<NodeId> {
        std::mem::take(&mut self.leaves)
    }

    pub(super) fn take_back(&mut self, leaves: &mut Vec<NodeId>) {
        self.leaves = std::mem::take(leaves);
    }

    #[inline]
    fn stamp(&self, id: NodeId) -> u32 {
        self.stamps.get(id.index()).copied().unwrap_or(0)
    }

    /// Whether a node is the root, a leaf, or between.
    #[inline]
    pub(super) fn has(&self, id: NodeId) -> bool {
        self.stamp(id) >= self.floor << 1
    }

    #[inline]
    pub(super) fn is_leaf(&self, id: NodeId) -> bool {
        self.has(id) && self.stamp(id) & 1 == 1
    }

    #[inline]
    fn has_below(&self, id: NodeId) -> bool {
        let stamp = self.stamp(id);
        stamp > 0 && stamp < self.floor << 1
    }

    fn set_stamp(&mut self, id: NodeId, stamp: u32) {
        if self.stamps.len() <= id.index() {
            self.stamps.resize(id.index() + 1, 0);
        }
        self.stamps[id.index()] = stamp;
    }

    /// The cone grows: `root` reads it and these other nodes, of which `leaves` (oldest first) are sources.
    pub(super) fn grow(&mut self, arena: &Arena, root: NodeId, inner: &[NodeId], leaves: &[NodeId]) {
        inner.iter().for_each(|&id| self.set_stamp(id, self.floor << 1));
        leaves.iter().for_each(|&id| self.set_stamp(id, self.floor << 1 | 1));
        self.is_followed = self.root.is_some();
        self.root = Some(root);
        let (Some(&first), Some(&last)) = (leaves.first(), self.leaves.last()) else {
            return;
        };
        if self.kind == Points::Grid {
            self.columns.clear();
        }
        let sorted = arena.birth(last) < arena.birth(first);
        if !sorted {
            let place = self
                .leaves
                .partition_point(|&leaf| arena.birth(leaf) < arena.birth(first));
            // Beyond the tabulated dimensions it is the source alone that says where it is.
            if place < TABULATED {
                self.columns.clear();
            }
        }
        let was_many = is_many(self.leaves.len());
        self.leaves.extend(leaves);
        if is_many(self.leaves.len()) != was_many {
            self.columns.clear();
        }
        if !sorted {
            self.leaves.sort_by_key(|&leaf| arena.birth(leaf));
        }
    }

    /// The cone is another one: what it was is strictly below `leaves` (oldest first) now, if it is below `root` at all.
    pub(super) fn rise(&mut self, root: NodeId, inner: &[NodeId], leaves: Vec<NodeId>) {
        self.floor += 1;
        if self.floor > u32::MAX >> 2 {
            // Stamps are used up: nobody will find this cone again.
            self.root = None;
            return;
        }
        inner.iter().for_each(|&id| self.set_stamp(id, self.floor << 1));
        leaves.iter().for_each(|&id| self.set_stamp(id, self.floor << 1 | 1));
        self.is_followed = self.root.is_some();
        self.root = Some(root);
        self.leaves = leaves;
        self.columns.clear();
    }

    /// Nodes below the root that are not of the cone are strictly below a leaf.
    pub(super) fn bury(&mut self, nodes: &[NodeId]) {
        for &id in nodes {
            if self.stamp(id) == 0 {
                self.set_stamp(id, BELOW);
            }
        }
    }

    /// The columns that a kernel over the leaves may read if its points are of this kind.
    pub(super) fn columns(&mut self, kind: Points) -> &VecDeque<(NodeId, Arc<Values>)> {
        if self.kind != kind {
            self.kind = kind;
            self.columns.clear();
        }
        &self.columns
    }

    /// How many columns of so many points are to be kept: those for which there is room, but only the root's while nobody
    /// knows that there will be more questions.
    pub(super) fn room(&self, points: usize) -> usize {
        if self.is_followed {
            (COLUMN_BYTES / (points * size_of::<f64>())).clamp(2, 64)
        } else {
            1
        }
    }

    pub(super) fn has_trees(&self) -> bool {
        self.has_trees
    }

    /// From now on.
    pub(super) fn note_trees(&mut self, has_trees: bool) {
        self.has_trees = has_trees;
    }

    /// Keeps columns, the newest last.
    pub(super) fn keep_columns(&mut self, columns: impl IntoIterator<Item = (NodeId, Arc<Values>)>, room: usize) {
        for column in columns {
            if self.columns.len() >= room {
                self.columns.pop_front();
            }
            self.columns.push_back(column);
        }
    }
}

/// The cones of the last questions.
#[derive(Debug, Default)]
pub(super) struct Cones {
    cones: Vec<Cone>,
    uses: u64,
}

/// Cones that are kept: values that a loop asks for in turn.
const KEPT: usize = 8;

impl Cones {
    pub(super) fn clear(&mut self) {
        self.cones.clear();
    }

    /// Whether a node is a leaf of any.
    pub(super) fn have_leaf(&self, id: NodeId) -> bool {
        self.cones.iter().any(|cone| cone.is_leaf(id))
    }

    /// Which cone has this root.
    #[inline]
    pub(super) fn of_root(&self, id: NodeId) -> Option<usize> {
        self.cones.iter().position(|cone| cone.root == Some(id))
    }

    /// The cone, to be put back.
    pub(super) fn take(&mut self, index: usize) -> Cone {
        self.cones.get_mut(index).map(std::mem::take).unwrap_or_default()
    }

    pub(super) fn put_back(&mut self, index: usize, mut cone: Cone) {
        self.uses += 1;
        cone.used = self.uses;
        if let Some(place) = self.cones.get_mut(index) {
            *place = cone;
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<&Cone> {
        self.cones.get(index)
    }

    /// An empty cone, in the place of the one that has not been used for longest.
    pub(super) fn start(&mut self) -> usize {
        let index = if self.cones.len() < KEPT {
            self.cones.push(Cone::default());
            self.cones.len() - 1
        } else {
            let oldest = (0..KEPT).min_by_key(|&k| self.cones[k].used);
            oldest.unwrap_or(0)
        };
        let cone = &mut self.cones[index];
        let mut stamps = std::mem::take(&mut cone.stamps);
        stamps.fill(0);
        *cone = Cone {
            stamps,
            floor: 1,
            ..Cone::default()
        };
        index
    }

    /// Forgets nodes that are freed, and cones whose root is among them.
    pub(super) fn retain(&mut self, is_alive: impl Fn(usize) -> bool) {
        self.cones
            .retain(|cone| cone.root.is_some_and(|root| is_alive(root.index())));
        for cone in &mut self.cones {
            cone.columns.retain(|(id, _)| is_alive(id.index()));
            for (index, stamp) in cone.stamps.iter_mut().enumerate() {
                if *stamp != 0 && !is_alive(index) {
                    *stamp = 0;
                }
            }
        }
    }

    /// The nodes below `id` that are not of the cone; `None` if one of them, or what it reads, is strictly below a leaf.
    ///
    /// `visit` marks a node and says whether it was unmarked.
    pub(super) fn new_nodes(
        &self,
        arena: &Arena,
        index: usize,
        id: NodeId,
        mut visit: impl FnMut(NodeId) -> bool,
    ) -> (Vec<NodeId>, bool) {
        let cone = &self.cones[index];
        let (mut nodes, mut waiting) = (Vec::new(), Vec::new());
        let mut fits = true;
        visit(id);
        waiting.push(id);
        while let Some(id) = waiting.pop() {
            nodes.push(id);
            for operand in arena.operands(id) {
                if cone.has(operand) || !visit(operand) {
                    continue;
                }
                fits &= !cone.has_below(operand);
                waiting.push(operand);
            }
            if !fits {
                break;
            }
        }
        nodes.extend(waiting);
        (nodes, fits)
    }
}
