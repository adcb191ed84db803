//! With particles: modules that stand as no source, since the kernel above them does better with their own.
//!
//! A module costs a kernel, and its table forgets which points its values belong to. So a module is *absorbed* by the kernel
//! above it
//!
//! * if it has one source: that kernel has no more sources then. (a·a - b·b is evaluated at the same points as
//!   (a + b)(a - b), and is equal to it point by point.)
//! * if it has [few](TREE_SOURCES), and only an operation on independent operands reads it.
//!
//! This depends on the graph below a module alone, so it is the same whatever else is asked for. How many sources a module
//! has is found in one pass, operands first.

use super::query::{Context, MODULE, Reading};
use super::{Graph, NodeId};

/// A module of an operation on independent operands is absorbed with up to so many sources, so a long sum takes up two more
/// values with each kernel. With one it takes twice as long; with more the points, which are best in few dimensions, are two to
/// four times as far from the truth.
const TREE_SOURCES: u32 = 2;

/// More sources than are counted.
const MANY: u32 = u32::MAX;

/// What the kernel of a node reads.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Below {
    /// How many sources; [`MANY`] where operands depend on each other and there is more than one.
    sources: u32,
    /// The source, if there is one only.
    only: Option<NodeId>,
    is_module: bool,
}

impl Below {
    fn source(id: NodeId, is_module: bool) -> Below {
        Below {
            sources: 1,
            only: Some(id),
            is_module,
        }
    }

    /// Whether it is a module that was absorbed with several sources.
    pub(super) fn is_tree(&self) -> bool {
        self.is_module && self.sources > 1
    }
}

impl Graph {
    /// Takes the flag from modules of the context that are absorbed.
    pub(super) fn absorb(&mut self, context: &mut Context) {
        self.below
            .resize(self.arena.slots().max(self.below.len()), Below::default());
        let (arena, flags, below) = (&self.arena, &mut self.flags, &mut self.below);
        let is_leaf = |id: NodeId| arena.is_source(id) || arena.column(id).is_some();
        let is_tree = |id: NodeId| arena.is_independent(id) && !arena.is_selection(id) && !is_leaf(id);
        let cone = context.cone.and_then(|(index, _)| self.cones.get(index));
        // The cone as an operand.
        let of_cone = cone.map(|cone| {
            let is_module = matches!(context.cone, Some((_, Reading::AsSource)));
            let only = (cone.leaves().len() == 1).then(|| cone.leaves()[0]);
            let is_counted = only.is_some() || (is_module && cone.root().is_some_and(is_tree));
            Below {
                sources: if is_counted { cone.leaves().len() as u32 } else { MANY },
                only,
                is_module,
            }
        });
        let mut absorbs_cone = false;
        for &id in context.nodes.iter().rev() {
            let is_module = flags[id.index()] & MODULE != 0;
            if arena.is_source(id) || (is_module && is_leaf(id)) {
                below[id.index()] = Below::source(id, is_module);
                continue;
            }
            let is_tree = is_module && is_tree(id);
            let limit = if is_tree { TREE_SOURCES } else { 1 };
            let (mut sources, mut only, mut is_first) = (0u32, None, true);
            for operand in arena.operands(id) {
                let in_cone = cone.is_some_and(|cone| cone.has(operand));
                let of = match of_cone {
                    Some(of_cone) if in_cone => of_cone,
                    _ => below[operand.index()],
                };
                let its = if of.is_module && of.sources > limit {
                    Below::source(operand, true)
                } else {
                    if of.is_module && in_cone {
                        absorbs_cone = true;
                    } else if of.is_module && !is_leaf(operand) {
                        flags[operand.index()] &= !MODULE;
                    }
                    of
                };
                sources = sources.saturating_add(its.sources);
                only = if is_first || only == its.only { its.only } else { None };
                is_first = false;
            }
            below[id.index()] = Below {
                sources: match only {
                    Some(_) => 1,
                    None if is_tree => sources,
                    None => MANY,
                },
                only,
                is_module,
            };
        }
        if absorbs_cone && let Some((_, reading)) = &mut context.cone {
            *reading = Reading::WithItsRoot;
        }
    }
}
