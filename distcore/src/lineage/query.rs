//! The distribution of a value: modules first, then what is left between them.

use std::collections::HashSet;
use std::sync::Arc;

use super::cones::{Cone, Points};
use super::kernel::Kernel;
use super::leaves::{Fineness, Leaf, Load, Tables, grid_masses};
use super::node::{Choice, Input, IntegerInput, Op, Values};
use super::points::Dimension;
use super::{Graph, NodeId, Statistics, modules};
use crate::arithmetic::Cancel;
use crate::athens::{self, Item};
use crate::distribution::{are_finite, one_mass};
use crate::{Distribution, Format, IntegerOperand, Operand, Representation, SpecialMass, integer, jupiter};

/// All combinations of the sources of a kernel are formed up to this number.
const GRID: usize = 1 << 17;

/// With particles, kernels of more sources than `MANY` read their quantiles from tables of 2^`COARSE_BITS` entries: no source
/// alone matters much there, and larger tables do not stay in the cache.
const MANY: usize = 16;
const COARSE_BITS: u32 = 10;

/// Whether a kernel with so many sources has coarse tables.
pub(super) fn is_many(sources: usize) -> bool {
    sources > MANY
}

/// What is known of a node while a question is answered: bits of [`Graph`]'s `flags`.
pub(super) const MODULE: u8 = 1;
pub(super) const SEEN: u8 = 2;

/// Graphs of fewer nodes are walked again: that is faster than to remember them.
const LEAST_NODES: usize = 32;

/// The graph below a value that is asked for, its modules flagged.
pub(super) struct Context {
    /// Its nodes, or those that are new above a cone, users first.
    pub(super) nodes: Vec<NodeId>,
    /// The cone below, and how it is read.
    pub(super) cone: Option<(usize, Reading)>,
}

/// What nodes above a cone read of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// The root alone, which is a module and stands as a source.
    AsSource,
    /// The root alone, which is a module and is [absorbed](super::absorb).
    WithItsRoot,
    /// Nodes between as well.
    Inside,
}

/// A module's own graph down to the modules below it.
pub(super) struct Inside {
    /// The nodes between, oldest first, the module itself last.
    pub(super) inner: Vec<NodeId>,
    /// The modules below, oldest first.
    pub(super) leaves: Vec<NodeId>,
    /// The leaves of the cone are leaves as well, and its nodes between.
    joins: bool,
    /// Modules of several sources are [absorbed](super::absorb).
    has_trees: bool,
}

/// Values that have to be known before a question can be answered.
struct Missing(Vec<NodeId>);

impl Graph {
    /// The distribution of a value. It is computed when it is first asked for, and kept.
    ///
    /// Asking does not change what is computed later. A value that has been swept away is a certain NaN.
    pub fn marginal(&mut self, id: NodeId) -> Arc<Distribution> {
        let nothing = || Arc::new(Distribution::certain(f64::NAN));
        if !self.arena.is_alive(id) {
            return nothing();
        }
        if let Some(known) = self.known(id) {
            return Arc::clone(known);
        }
        self.resolve(id);
        let marginal = self.known(id).map_or_else(nothing, Arc::clone);
        if self.answer_bytes > super::ANSWER_BYTES {
            self.forget_answers();
        }
        marginal
    }

    /// The distribution of a source, or of what has been asked for.
    #[inline]
    pub(super) fn known(&self, id: NodeId) -> Option<&Arc<Distribution>> {
        self.arena.source(id).or_else(|| self.answers.get(&id))
    }

    /// Finds the distribution of `root`, and those that it needs, without recursion: graphs are deep.
    fn resolve(&mut self, root: NodeId) {
        self.flags.resize(self.arena.slots().max(self.flags.len()), 0);
        let mut waiting = vec![root];
        while let Some(&id) = waiting.last() {
            if self.is_cancelled() {
                return;
            }
            if self.known(id).is_some() {
                waiting.pop();
            } else if self.is_by_rule(id) {
                let before = waiting.len();
                waiting.extend(self.arena.operands(id).filter(|&operand| self.known(operand).is_none()));
                if waiting.len() == before {
                    let inside = self.operation(id);
                    let marginal = self.answer(id, &inside, None);
                    self.keep(id, Arc::new(marginal));
                }
            } else if let Err(Missing(missing)) = self.question(id) {
                waiting.extend(missing);
            }
        }
    }

    /// An operation alone, on operands that share no source.
    fn operation(&self, id: NodeId) -> Inside {
        let mut leaves: Vec<NodeId> = self.arena.operands(id).collect();
        leaves.sort_unstable_by_key(|&leaf| self.arena.birth(leaf));
        leaves.dedup();
        Inside {
            inner: vec![id],
            leaves,
            joins: false,
            has_trees: false,
        }
    }

    /// Whether a node's operands are modules that must stand as sources, by the rule for independent operands.
    fn is_by_rule(&self, id: NodeId) -> bool {
        self.statistics == Statistics::Diracs && self.arena.is_independent(id)
    }

    /// Finds the distribution of a value whose operands depend on each other, and of the modules below it.
    ///
    /// # Errors
    /// With values of which the distribution must be found first, in graphs of their own.
    fn question(&mut self, root: NodeId) -> Result<(), Missing> {
        let context = self.analyse(root);
        let mut index = context.cone.map(|cone| cone.0);
        let mut result = Ok(());
        let mut waiting = vec![root];
        while let Some(&id) = waiting.last() {
            if self.is_cancelled() {
                break;
            }
            if self.known(id).is_some() || (id != root && self.is_ready(id)) {
                waiting.pop();
                continue;
            }
            let inside = if self.is_by_rule(id) {
                let inside = self.operation(id);
                // The alternatives of a selection may share sources: then they are no modules.
                let is_module = |leaf: &NodeId| self.flags[leaf.index()] & MODULE != 0 || self.known(*leaf).is_some();
                if !inside.leaves.iter().all(is_module) {
                    let unknown = inside.leaves.into_iter().filter(|&leaf| self.known(leaf).is_none());
                    result = Err(Missing(unknown.collect()));
                    break;
                }
                inside
            } else {
                self.inside_context(id, &context)
            };
            let before = waiting.len();
            waiting.extend(inside.leaves.iter().filter(|&&leaf| !self.is_ready(leaf)));
            if waiting.len() > before {
                continue;
            }
            waiting.pop();
            if id == root && index.is_none() && context.nodes.len() >= LEAST_NODES {
                let new = self.cones.start();
                index = Some(new);
            }
            let reads_cone = inside.joins
                || context
                    .cone
                    .is_some_and(|(_, reading)| reading == Reading::AsSource && self.is_over_cone(&inside, &context));
            let cone = index.filter(|_| id == root || reads_cone);
            let marginal = self.answer_over(id, &inside, cone);
            if id == root || !self.has_stand_in(id, &marginal) {
                self.keep(id, Arc::new(marginal));
            } else {
                // Nothing but the kernel above wants to know it, and nothing but this module what was below it: a long sum
                // would fill the memory.
                self.stand_in(id, &marginal);
                inside.leaves.iter().for_each(|leaf| self.forget_stand_in(*leaf));
            }
        }
        for id in &context.nodes {
            self.flags[id.index()] = 0;
        }
        if let Some(index) = index {
            let mut cone = self.cones.take(index);
            cone.bury(&context.nodes);
            self.cones.put_back(index, cone);
        }
        result
    }

    /// Whether the root of the context's cone is a leaf.
    fn is_over_cone(&self, inside: &Inside, context: &Context) -> bool {
        let Some(cone) = context.cone.and_then(|(index, _)| self.cones.get(index)) else {
            return false;
        };
        inside.leaves.iter().any(|&leaf| cone.is_root(leaf))
    }

    /// Walks what is below `root`, down to a cone if there is a fitting one, and flags the modules.
    fn analyse(&mut self, root: NodeId) -> Context {
        self.entries.resize(self.arena.slots().max(self.entries.len()), 0);
        let (arena, cones, flags) = (&self.arena, &self.cones, &mut self.flags);
        let visit = |flags: &mut Vec<u8>, id: NodeId| {
            let flag = &mut flags[id.index()];
            let is_new = *flag & SEEN == 0;
            *flag |= SEEN;
            is_new
        };
        // Breadth first: the nearest root of a cone first.
        let mut found = vec![root];
        let mut next = 0;
        let mut cone = None;
        visit(flags, root);
        'search: while let Some(&id) = found.get(next) {
            next += 1;
            for operand in arena.operands(id) {
                if !visit(flags, operand) {
                    continue;
                }
                found.push(operand);
                let Some(index) = cones.of_root(operand) else { continue };
                let mut seen = HashSet::new();
                let (nodes, fits) = cones.new_nodes(arena, index, root, |id| seen.insert(id));
                let Some(of) = cones.get(index).filter(|_| fits) else {
                    continue;
                };
                let mut read = nodes.iter().flat_map(|&id| arena.operands(id)).filter(|&id| of.has(id));
                let reading = if read.all(|id| id == operand) {
                    Reading::AsSource
                } else {
                    Reading::Inside
                };
                if reading == Reading::AsSource || !of.has_trees() {
                    cone = Some((index, operand, nodes, reading));
                    break 'search;
                }
            }
        }
        found.iter().for_each(|id| flags[id.index()] = 0);
        let (mut nodes, cone, cone_root) = match cone {
            None => (found, None, None),
            Some((index, cone_root, nodes, reading)) => (nodes, Some((index, reading)), Some(cone_root)),
        };
        modules::youngest_first(arena, &mut nodes);
        let is_inside = |id| cone.is_some_and(|(index, _)| cones.get(index).is_some_and(|cone| cone.has(id)));
        let is_module = modules::find(arena, &nodes, &[root], cone_root, is_inside, &mut self.entries);
        for (id, is_module) in nodes.iter().zip(is_module) {
            flags[id.index()] = if is_module { MODULE } else { 0 };
        }
        let mut context = Context { nodes, cone };
        if self.statistics == Statistics::Particles {
            self.absorb(&mut context);
        }
        context
    }

    /// The graph of a module of the context, and whether modules of several sources are in it.
    fn inside_context(&mut self, id: NodeId, context: &Context) -> Inside {
        let mut inside = self.inside_modules(id, context);
        if self.statistics == Statistics::Particles {
            let is_tree = |&other: &NodeId| other != id && self.below[other.index()].is_tree();
            inside.has_trees |= inside.inner.iter().any(is_tree);
        }
        inside
    }

    /// The graph of a module of the context down to the flagged modules below it.
    fn inside_modules(&mut self, id: NodeId, context: &Context) -> Inside {
        let Some((index, reading)) = context.cone else {
            return self.inside(&[id], |graph, below| graph.flags[below.index()] & MODULE != 0);
        };
        let (arena, cones, flags) = (&self.arena, &self.cones, &mut self.flags);
        let (mut inner, mut leaves, mut joins) = (Vec::new(), Vec::new(), false);
        let mut seen = vec![id];
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            inner.push(id);
            for operand in arena.operands(id) {
                let flag = &mut flags[operand.index()];
                if *flag & SEEN != 0 {
                    continue;
                }
                *flag |= SEEN;
                seen.push(operand);
                let in_cone = cones.get(index).is_some_and(|cone| cone.has(operand));
                // Modules first: one that has been answered is in the cone by now.
                if *flag & MODULE != 0 || (in_cone && reading == Reading::AsSource) {
                    leaves.push(operand);
                } else if in_cone {
                    joins = true;
                } else {
                    waiting.push(operand);
                }
            }
        }
        seen.iter().for_each(|id| flags[id.index()] &= !SEEN);
        inner.sort_unstable_by_key(|&id| arena.birth(id));
        leaves.sort_unstable_by_key(|&id| arena.birth(id));
        let joined = cones.get(index).map_or(0, |cone| cone.leaves().len());
        Inside {
            inner,
            leaves,
            joins,
            has_trees: joins && reading == Reading::WithItsRoot && joined > 1,
        }
    }

    /// The graph below `roots` down to where `is_leaf` says (the roots themselves are none).
    pub(super) fn inside(&mut self, roots: &[NodeId], is_leaf: impl Fn(&Graph, NodeId) -> bool) -> Inside {
        self.flags.resize(self.arena.slots().max(self.flags.len()), 0);
        let (mut inner, mut leaves) = (Vec::new(), Vec::new());
        let mut waiting = roots.to_vec();
        for root in roots {
            self.flags[root.index()] |= SEEN;
        }
        while let Some(id) = waiting.pop() {
            inner.push(id);
            for operand in self.arena.operands(id) {
                if self.flags[operand.index()] & SEEN != 0 {
                    continue;
                }
                self.flags[operand.index()] |= SEEN;
                if is_leaf(self, operand) {
                    leaves.push(operand);
                } else {
                    waiting.push(operand);
                }
            }
        }
        for id in inner.iter().chain(&leaves) {
            self.flags[id.index()] &= !SEEN;
        }
        inner.sort_unstable_by_key(|&id| self.arena.birth(id));
        leaves.sort_unstable_by_key(|&id| self.arena.birth(id));
        Inside {
            inner,
            leaves,
            joins: false,
            has_trees: false,
        }
    }

    /// The distribution of a module, which the cone with this index is about from now on.
    fn answer_over(&mut self, id: NodeId, inside: &Inside, index: Option<usize>) -> Distribution {
        let Some(index) = index else {
            return self.answer(id, inside, None);
        };
        let mut cone = self.cones.take(index);
        let has_trees = inside.has_trees || (inside.joins && cone.has_trees());
        if inside.joins {
            cone.grow(&self.arena, id, &inside.inner, &inside.leaves);
        } else {
            cone.rise(id, &inside.inner, inside.leaves.clone());
        }
        cone.note_trees(has_trees);
        let marginal = self.answer(id, inside, Some(&mut cone));
        self.cones.put_back(index, cone);
        marginal
    }

    /// The distribution of a module from those of its leaves, or of its operands if these are independent.
    fn answer(&mut self, id: NodeId, inside: &Inside, cone: Option<&mut Cone>) -> Distribution {
        // All operands are modules, and all are different.
        let is_direct =
            !inside.joins && inside.inner.len() == 1 && inside.leaves.len() == self.arena.operands(id).count();
        let is_mixture = self.arena.is_selection(id) && self.is_by_rule(id);
        let leaves = cone.as_ref().map_or(&inside.leaves[..], |cone| cone.leaves());
        // They are older than everything else.
        let is_frozen = leaves.first().is_some_and(|&leaf| self.arena.is_frozen_rows(leaf));
        let keeps_rule = self.statistics == Statistics::Diracs || inside.leaves.len() == 1;
        if !is_frozen && ((is_direct && keeps_rule) || is_mixture) {
            if is_direct {
                let combinations = leaves.iter().map(|&leaf| self.support(leaf)).product();
                self.note_combinations(combinations, leaves.len());
            }
            for &leaf in &inside.leaves {
                self.as_source(leaf);
            }
            return self.direct(&self.arena.op(id));
        }
        self.joint_answer(id, inside, cone, is_frozen)
    }

    /// Counts a result that a Jupiter core cannot keep whole.
    fn note_combinations(&mut self, combinations: usize, sources: usize) {
        let is_jupiter = self.arithmetic.representation() == Representation::Jupiter;
        if is_jupiter && sources > 1 && combinations > jupiter::BOUND {
            self.diagnostics.compressed += 1;
        }
    }

    /// An operation on independent operands: what the arithmetic gives.
    fn direct(&self, op: &Op) -> Distribution {
        let nothing = Arc::new(Distribution::certain(f64::NAN));
        let of = |id: NodeId| self.standing(id).unwrap_or_else(|| Arc::clone(&nothing));
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
            Op::Source | Op::Rows => Distribution::certain(f64::NAN),
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
            Op::Select(choice, format) => {
                let Choice {
                    first,
                    second,
                    p,
                    chooser,
                } = choice;
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
    fn joint_answer(&mut self, id: NodeId, inside: &Inside, cone: Option<&mut Cone>, is_frozen: bool) -> Distribution {
        let format = self.arena.op(id).format();
        let mut unknown = Cone::default();
        let has_cone = cone.is_some();
        let cone = cone.unwrap_or(&mut unknown);
        // Taken out, since the cone changes while they are read.
        let mut of_cone = cone.lend_leaves();
        let leaves = if has_cone { &of_cone[..] } else { &inside.leaves[..] };
        let grid = match self.statistics {
            Statistics::Particles if leaves.len() > 1 => self.particles(),
            _ => GRID,
        };
        // Most kernels with many sources are beyond it after a few.
        let points = leaves.iter().try_fold(1usize, |product, &leaf| {
            Some(product * self.support(leaf)).filter(|&product| product <= grid)
        });
        let Some(points) = points.filter(|_| !is_frozen) else {
            self.diagnostics.sampled += 1;
            let values = self.evaluated(id, inside, leaves, cone, has_cone, Points::Joint, 0);
            cone.take_back(&mut of_cone);
            return self.of_equal_mass(values, format);
        };
        self.note_combinations(points, leaves.len());
        let values = self.evaluated(id, inside, leaves, cone, has_cone, Points::Grid, points);
        let sources: Vec<Leaf> = leaves.iter().map(|&leaf| Leaf::new(&self.as_source(leaf))).collect();
        let is_map = leaves.len() == 1;
        cone.take_back(&mut of_cone);
        self.collected(&values, &grid_masses(&sources), is_map, format)
    }

    /// The values of a kernel's root at all points.
    #[expect(
        clippy::too_many_arguments,
        reason = "what makes up a kernel; all from the one caller above"
    )]
    fn evaluated(
        &mut self,
        id: NodeId,
        inside: &Inside,
        leaves: &[NodeId],
        cone: &mut Cone,
        has_cone: bool,
        kind: Points,
        grid_points: usize,
    ) -> Arc<Values> {
        let mut plan = Plan {
            inner: Vec::new(),
            leaves: Vec::new(),
            columns: Vec::new(),
        };
        if has_cone {
            self.plan(id, cone, kind, &mut plan);
        } else {
            plan.inner.clone_from(&inside.inner);
            plan.leaves.clone_from(&inside.leaves);
        }
        let (mut loads, points, at_once) = match kind {
            Points::Joint => self.joint_loads(leaves, &plan.leaves),
            Points::Grid => (self.grid_loads(leaves, &plan.leaves), grid_points, false),
        };
        loads.extend(plan.columns.into_iter().map(|(id, values)| (id, Load::Known(values))));
        // The newest nodes are those that the next question may read.
        let room = if has_cone { cone.room(points) } else { 1 };
        let kept = plan.inner.len().min(room);
        let results = &plan.inner[plan.inner.len() - kept..];
        let kernel = Kernel::new(&self.arena, &mut self.scratch, &plan.inner, loads, results);
        let columns = kernel.run(points, at_once, Cancel(self.cancel.as_deref()));
        let columns: Vec<Arc<Values>> = columns.into_iter().map(Arc::new).collect();
        let root = columns.last().map(Arc::clone);
        if has_cone && !self.is_cancelled() {
            cone.keep_columns(results.iter().copied().zip(columns), room);
        }
        root.unwrap_or_else(|| Arc::new(Values::Real(vec![f64::NAN])))
    }

    /// What has to be computed for the root of a cone, from its leaves and from columns that are known.
    fn plan(&mut self, id: NodeId, cone: &mut Cone, kind: Points, plan: &mut Plan) {
        let known: Vec<(NodeId, Arc<Values>)> = cone.columns(kind).iter().cloned().collect();
        let (arena, flags) = (&self.arena, &mut self.flags);
        flags[id.index()] |= SEEN;
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            plan.inner.push(id);
            for operand in arena.operands(id) {
                let flag = &mut flags[operand.index()];
                if *flag & SEEN != 0 {
                    continue;
                }
                *flag |= SEEN;
                if cone.is_leaf(operand) {
                    plan.leaves.push(operand);
                } else if let Some((_, values)) = known.iter().rev().find(|column| column.0 == operand) {
                    plan.columns.push((operand, Arc::clone(values)));
                } else {
                    waiting.push(operand);
                }
            }
        }
        let columns = plan.columns.iter().map(|column| &column.0);
        for id in plan.inner.iter().chain(&plan.leaves).chain(columns) {
            flags[id.index()] &= !SEEN;
        }
        plan.inner.sort_unstable_by_key(|&id| arena.birth(id));
    }

    /// The sources among `wanted` in the grid over all `leaves`.
    fn grid_loads(&mut self, leaves: &[NodeId], wanted: &[NodeId]) -> Vec<(NodeId, Load)> {
        let mut stride = 1;
        let mut loads = Vec::new();
        for &leaf in leaves.iter().rev() {
            let source = self.as_source(leaf);
            if wanted.contains(&leaf) {
                loads.push((leaf, Load::spread(&source, stride)));
            }
            stride *= self.support(leaf);
        }
        loads
    }

    /// The sources among `wanted` at the joint points of all `leaves` (oldest first); the number of points, and whether they
    /// are to be evaluated all at once.
    pub(super) fn joint_loads(&mut self, leaves: &[NodeId], wanted: &[NodeId]) -> (Vec<(NodeId, Load)>, usize, bool) {
        let is_frozen = leaves.first().is_some_and(|&leaf| self.arena.is_frozen_rows(leaf));
        let (points, start) = match &self.frozen {
            Some(frozen) if is_frozen => (frozen.points, frozen.next_dimension),
            _ => (self.particles(), 0),
        };
        let bits = points.ilog2();
        let sources: Vec<(NodeId, Arc<Distribution>)> =
            wanted.iter().map(|&leaf| (leaf, self.as_source(leaf))).collect();
        let different: HashSet<*const Distribution> = sources.iter().map(|(_, source)| Arc::as_ptr(source)).collect();
        let entry_bits = match self.statistics {
            Statistics::Particles if is_many(leaves.len()) => bits.min(COARSE_BITS),
            _ => bits,
        };
        let fits = different.len() <= Tables::at_once(entry_bits);
        let loads = sources.into_iter().map(|(leaf, source)| {
            if self.arena.is_frozen_rows(leaf) {
                return (leaf, Load::Rows);
            }
            let birth = self.arena.birth(leaf);
            let place = leaves.partition_point(|&other| self.arena.birth(other) < birth);
            let dimension = start + place - usize::from(is_frozen);
            let dimension = Dimension::new(dimension, bits, self.seed, birth);
            let fineness = Fineness {
                bits,
                entry_bits,
                is_in_order: self.stand_ins.contains_key(&leaf),
            };
            let load = if fits {
                let table = self.tables.of(&source, fineness);
                Load::Quantiles { table, dimension }
            } else {
                Load::LateQuantiles {
                    source,
                    dimension,
                    fineness,
                }
            };
            (leaf, load)
        });
        (loads.collect(), points, !fits)
    }

    /// The number of Diracs with mass that a leaf has as a source.
    fn support(&mut self, leaf: NodeId) -> usize {
        let source = self.as_source(leaf);
        let finite = source.masses().iter().filter(|&&mass| mass > 0.0).count();
        finite + source.special().diracs().count()
    }

    /// The number of joint points, M. Particles are many also where N is small: what they are worth grows faster than what they
    /// cost, for a few sources with M to the power of 1.5.
    pub(super) fn particles(&self) -> usize {
        let (each, least) = match self.statistics {
            Statistics::Diracs => (64, 1 << 10),
            Statistics::Particles => (128, 1 << 14),
        };
        (each * self.arithmetic.precision())
            .clamp(least, 1 << 16)
            .next_power_of_two()
    }

    /// The number of points that a module stands for as a source, where that is not N.
    pub(super) fn table_size(&self) -> usize {
        (8 * self.arithmetic.precision()).max(256)
    }

    /// What stands for a module in the kernels above it: with particles, a table of them in order.
    pub(super) fn as_source(&mut self, id: NodeId) -> Arc<Distribution> {
        if let Some(standing) = self.standing(id) {
            return standing;
        }
        // Kept, since every kernel above asks for it.
        match self.known(id).map(Arc::clone) {
            Some(known) => self.stand_in(id, &known),
            None => Arc::new(Distribution::certain(f64::NAN)),
        }
    }

    /// What stands for a leaf, if that has been made.
    fn standing(&self, id: NodeId) -> Option<Arc<Distribution>> {
        let known = self.known(id).filter(|known| !self.has_stand_in(id, known));
        known.or_else(|| self.stand_ins.get(&id)).map(Arc::clone)
    }

    /// Whether a node with this distribution stands as another one.
    fn has_stand_in(&self, id: NodeId, marginal: &Distribution) -> bool {
        self.statistics == Statistics::Particles && !self.arena.is_source(id) && marginal.len() > self.table_size()
    }

    /// Whether a leaf can be read.
    fn is_ready(&self, id: NodeId) -> bool {
        self.known(id).is_some() || self.stand_ins.contains_key(&id)
    }

    fn stand_in(&mut self, id: NodeId, marginal: &Distribution) -> Arc<Distribution> {
        let made = Arc::new(table(marginal, self.table_size()));
        self.answer_bytes += super::bytes(&made);
        self.stand_ins.insert(id, Arc::clone(&made));
        made
    }

    fn forget_stand_in(&mut self, id: NodeId) {
        // The next question about a cone may read its leaves.
        if self.cones.have_leaf(id) {
            return;
        }
        if let Some(table) = self.stand_ins.remove(&id) {
            self.answer_bytes = self.answer_bytes.saturating_sub(super::bytes(&table));
        }
    }

    /// The distribution of a kernel's root from its values at joint points.
    fn of_equal_mass(&self, values: Arc<Values>, format: Format) -> Distribution {
        let mass = 1.0 / values.len() as f64;
        let is_plain =
            |values: &Values| are_finite(values.reals()) && values.reals().iter().any(|x| *x != values.reals()[0]);
        if self.statistics == Statistics::Diracs || matches!(*values, Values::Integer(_)) || !is_plain(&values) {
            return self.collected(&values, &vec![mass; values.len()], false, format);
        }
        let mut diracs = match Arc::try_unwrap(values) {
            Ok(Values::Real(positions)) => positions,
            Ok(Values::Integer(_)) => Vec::new(),
            Err(kept) => kept.reals().to_vec(),
        };
        diracs.resize(2 * diracs.len(), mass);
        Distribution::from_raw(
            diracs.into_boxed_slice(),
            SpecialMass::default(),
            self.arithmetic.representation(),
        )
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
                if is_map || self.statistics == Statistics::Particles {
                    Distribution::from_points(values, masses, representation)
                } else {
                    self.core().reduced_points(values, masses, format)
                }
            }
        }
    }
}

/// What a kernel computes and what it is given.
struct Plan {
    inner: Vec<NodeId>,
    leaves: Vec<NodeId>,
    columns: Vec<(NodeId, Arc<Values>)>,
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

/// What stands for a module: its points, nearly in order, or if their masses differ at most `n` of [equal mass](equal_masses).
fn table(x: &Distribution, n: usize) -> Distribution {
    if one_mass(x.masses()).is_none() || x.wide().is_some() {
        return equal_masses(x, n);
    }
    let diracs = [&athens::nearly_sorted(x.positions()), x.masses()]
        .concat()
        .into_boxed_slice();
    Distribution::from_raw(diracs, x.special(), x.representation())
}

/// At most `n` points of equal mass, each the mean of its part of the distribution; special mass as it is.
fn equal_masses(x: &Distribution, n: usize) -> Distribution {
    let mut merged = athens::sorted(x.positions(), x.masses());
    merged.dedup_by(|next, kept| {
        let same = next.position == kept.position;
        if same {
            kept.mass += next.mass;
        }
        same
    });
    if merged.len() <= n {
        let positions = merged.iter().map(|dirac| dirac.position);
        let diracs = positions.chain(merged.iter().map(|dirac| dirac.mass)).collect();
        return Distribution::from_raw(diracs, x.special(), x.representation());
    }
    let cell = x.finite_mass() / n as f64;
    let mut means = Vec::with_capacity(n);
    let (mut mass, mut moment) = (0.0, 0.0);
    for Item {
        position,
        mass: mut left,
    } in merged
    {
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
