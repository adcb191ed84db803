//! Lineage: values that remember how they were made, so that `x - x` is 0 and every repeated use is right.
//!
//! The rule: *operands that are independent give exactly the result of [`Arithmetic`], bit for bit; operands that share a
//! source give the truth.* A [`Graph`] records operations; nothing is computed until somebody asks for a distribution, with
//! [`Graph::marginal`].
//!
//! ```
//! use distcore::{Arithmetic, BinaryFn, Format::F64, Law, Representation, lineage::Graph};
//!
//! let athens = Arithmetic::new(Representation::Athens, 32)?;
//! let mut graph = Graph::new(athens, 1);
//! let (a, b) = (graph.law(&Law::uniform(1.0, 2.0)?, F64), graph.law(&Law::uniform(1.0, 2.0)?, F64));
//!
//! // Independent: what Arithmetic gives.
//! let sum = graph.binary(BinaryFn::Add, a, b, F64);
//! let untracked = athens.binary(BinaryFn::Add, &*graph.marginal(a), &*graph.marginal(b), F64);
//! assert_eq!(*graph.marginal(sum), untracked);
//!
//! // Dependent: x / x is 1.
//! let one = graph.binary(BinaryFn::Div, a, a, F64);
//! assert_eq!(graph.marginal(one).positions(), [1.0]);
//!
//! // (a + b) - a is b.
//! let again = graph.binary(BinaryFn::Sub, sum, a, F64);
//! assert!(graph.marginal(again).wasserstein_1(&*graph.marginal(b)) < 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How a question is answered
//!
//! 1. In the graph below the value that is asked for, the *modules* are found: nodes whose sources reach the root only
//!    through them. Each module's distribution is found first, in the same way; then it stands as one source. A tree
//!    consists of modules only.
//! 2. What is left between a module and the modules below it is a *kernel* over d independent sources:
//!    * an operation whose operands are modules, all different, is the operation of [`Arithmetic`]; a fused multiply-add of
//!      more than one uncertain operand is recorded as a multiplication and an addition;
//!    * d = 1: the source is mapped Dirac by Dirac, masses kept, nothing reduced;
//!    * at most 2^17 combinations of the sources' Diracs: all of them, then the reduction of the representation;
//!    * else M = 64 N joint points (1024 to 65536, a power of two), quasi-random (Sobol with a scramble a source), one
//!      dimension a source, each mapped through the source's quantiles, then the reduction.
//! 3. The answer is kept. Asking changes nothing that is computed later, not a bit.
//!
//! With [`Statistics::Particles`] nothing need be as on real cores: modules that the kernel above them can do without are part
//! of it (`absorb`), others stand as tables of all their points, and M is 128 N (16384 to 65536).
//!
//! A loop that asks for a value again and again (it prints) pays for what is new since its last question only: the graph
//! that was walked is remembered, with the values of its newest nodes at the points of the kernel. Up to eight values can be
//! asked for in turn; more are found by walking the whole graph.
//!
//! # Memory
//!
//! Recording an operation costs some nanoseconds and 24 bytes. Nodes are freed by [`Graph::sweep`], which is told what is
//! still referred to. What remains can still be large: a loop with feedback refers to all its past. Beyond a [budget](Limits) of nodes, modules of the live graph become sources
//! (no result changes by that; with particles none by more than their accuracy); then the values in parts that are much larger than what is referred to in them are
//! *frozen* into columns of M joint points, where dependence stays right at these points; and where even these take too
//! much memory, M is halved, and at last values are *cut* from each other. [`Diagnostics`] counts each.
//!
//! # Limits
//!
//! With a hundred or more equally important sources in one kernel joint points are no better than random ones. Tails
//! beyond 1/M are not seen by them.

mod absorb;
mod arena;
mod cones;
mod kernel;
mod leaves;
mod modules;
mod node;
mod points;
mod query;
mod sweep;

pub use node::{Input, IntegerInput, NodeId};
pub use sweep::{Approximation, Limits};

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::{Arithmetic, BinaryFn, Distribution, Format, FusedFn, IntegerFn, IntegerType, Joint, Law, UnaryFn};
use arena::Arena;
use node::{Choice, Values};

/// What the answers of a graph are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Statistics {
    /// Every result is reduced to the N Diracs of the arithmetic: like real cores.
    #[default]
    Diracs,
    /// Results are the joint points themselves, M = 128 N of them (16384 to 65536), sources have 64 N cells (1024 to 8192), and a module
    /// stands as a table of all its points: more accurate, and not what any real core gives.
    /// [`Arithmetic::compressed`] brings a result to N Diracs.
    Particles,
}

/// What a graph could not do exactly, in counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Diagnostics {
    /// Questions that were answered from joint points, not exactly.
    pub sampled: u64,
    /// Results of a Jupiter core with more combinations than the 8192 that it keeps: reduced, so not exact.
    pub compressed: u64,
    /// Modules that a sweep turned into sources. Nothing is lost by that.
    pub collapsed: u64,
    /// Values whose dependence is kept at M joint points only, since the graph had grown beyond its budget.
    pub frozen: u64,
    /// Values whose dependence on others was given up, since even the joint points took too much memory.
    pub cut: u64,
}

/// Values with their lineage.
#[derive(Debug)]
pub struct Graph {
    arithmetic: Arithmetic<'static>,
    statistics: Statistics,
    seed: u64,
    limits: Limits,
    cancel: Option<Arc<AtomicBool>>,
    arena: Arena,
    /// Distributions of nodes that are no sources and that have been asked for.
    answers: HashMap<NodeId, Arc<Distribution>>,
    /// Bytes that these take.
    answer_bytes: usize,
    /// Bytes of the distributions of sources and of columns: at the last sweep, each once, and of those recorded since, each time.
    source_bytes: usize,
    /// Tables that stand for modules, where their distributions have too many points.
    stand_ins: HashMap<NodeId, Arc<Distribution>>,
    /// What remains of questions, for the next one.
    cones: cones::Cones,
    tables: leaves::Tables,
    /// Laws that were used last: a loop makes the same noise again and again.
    laws: Vec<(Law, Format, Arc<Distribution>)>,
    frozen: Option<sweep::Frozen>,
    /// The number of nodes at which a sweep is due.
    sweep_at: usize,
    diagnostics: Diagnostics,
    /// What the last sweep approximated.
    approximated: Vec<(NodeId, Approximation)>,
    /// Scratch of the analysis: a zero for each slot.
    entries: Vec<u32>,
    /// Scratch of a question: what the kernel of each slot's node reads.
    below: Vec<absorb::Below>,
    /// Scratch of a question: bits for each slot, all zero between questions.
    flags: Vec<u8>,
    scratch: kernel::Scratch,
}

/// Distributions that can be found again may take this, in bytes.
const ANSWER_BYTES: usize = 64 << 20;
/// Laws of which the distribution is kept.
const LAWS: usize = 128;

impl Graph {
    /// An empty graph. `seed` selects the joint points: the same seed and the same operations give the same bits.
    #[must_use]
    pub fn new(arithmetic: Arithmetic<'static>, seed: u64) -> Graph {
        let limits = Limits::default();
        Graph {
            arithmetic,
            statistics: Statistics::default(),
            seed,
            limits,
            cancel: None,
            arena: Arena::default(),
            answers: HashMap::new(),
            answer_bytes: 0,
            source_bytes: 0,
            stand_ins: HashMap::new(),
            cones: cones::Cones::default(),
            tables: leaves::Tables::default(),
            laws: Vec::new(),
            frozen: None,
            sweep_at: limits.nodes,
            diagnostics: Diagnostics::default(),
            approximated: Vec::new(),
            entries: Vec::new(),
            below: Vec::new(),
            flags: Vec::new(),
            scratch: kernel::Scratch::default(),
        }
    }

    /// The same graph with answers of that kind; to be called before anything is recorded.
    #[must_use]
    pub fn with_statistics(mut self, statistics: Statistics) -> Graph {
        self.statistics = statistics;
        self
    }

    /// The same graph with these limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Graph {
        self.limits = limits;
        self.sweep_at = limits.nodes;
        self
    }

    /// The same graph with a flag that questions and sweeps poll, every millisecond or so (as
    /// [`Arithmetic::cancelled_by`] does). Once it is set they return quickly, and what they return from then on, and what
    /// later questions return, is arbitrary: whoever set it knows not to use it.
    #[must_use]
    pub fn cancelled_by(mut self, flag: Arc<AtomicBool>) -> Graph {
        self.set_cancel(flag);
        self
    }

    /// [`Graph::cancelled_by`] for a graph that exists.
    pub fn set_cancel(&mut self, flag: Arc<AtomicBool>) {
        self.cancel = Some(flag);
    }

    #[inline]
    fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    /// The arithmetic that results are computed with.
    fn core(&self) -> Arithmetic<'_> {
        self.cancelled(self.arithmetic)
    }

    fn cancelled(&self, arithmetic: Arithmetic<'static>) -> Arithmetic<'_> {
        match &self.cancel {
            Some(flag) => arithmetic.cancelled_by(flag),
            None => arithmetic,
        }
    }

    /// What sources are to be made with: the graph's own arithmetic, or for [`Statistics::Particles`] one with 64 times as many
    /// Diracs (1024 to 8000). The flag of [`Graph::cancelled_by`] cancels it.
    #[must_use]
    pub fn arithmetic(&self) -> Arithmetic<'_> {
        match self.statistics {
            Statistics::Diracs => self.core(),
            Statistics::Particles => {
                let precision = self.cells().min(*Arithmetic::PRECISIONS.end());
                let arithmetic = Arithmetic::new(self.arithmetic.representation(), precision);
                self.cancelled(arithmetic.unwrap_or(self.arithmetic))
            }
        }
    }

    /// What could not be done exactly so far.
    #[must_use]
    pub fn diagnostics(&self) -> Diagnostics {
        self.diagnostics
    }

    /// The number of nodes that are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.arena.len()
    }

    /// Whether there are no nodes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that the graph takes, roughly; at most so many. A distribution that several sources share counts for each of them until
    /// the next sweep.
    #[must_use]
    #[inline]
    pub fn bytes(&self) -> usize {
        self.source_bytes + self.answer_bytes + self.arena.bytes()
    }

    /// A new value with this distribution that is independent of all others.
    pub fn source(&mut self, distribution: impl Into<Arc<Distribution>>) -> NodeId {
        let distribution = distribution.into();
        self.source_bytes += bytes(&distribution);
        self.arena.record_source(distribution)
    }

    /// A new value with this law.
    pub fn law(&mut self, law: &Law, format: Format) -> NodeId {
        let is_it = |known: &&(Law, Format, Arc<Distribution>)| known.0 == *law && known.1 == format;
        let distribution = match self.laws.iter().rev().find(is_it) {
            Some((.., distribution)) => Arc::clone(distribution),
            None => {
                let distribution = Arc::new(match self.statistics {
                    Statistics::Diracs => self.arithmetic.law(law, format),
                    Statistics::Particles => self.equal_cells_of(law, format),
                });
                if self.laws.len() == LAWS {
                    self.laws.remove(0);
                }
                self.laws.push((*law, format, Arc::clone(&distribution)));
                distribution
            }
        };
        self.source(distribution)
    }

    /// With particles, the number of cells of a source.
    fn cells(&self) -> usize {
        (64 * self.arithmetic.precision())
            .clamp(1 << 10, 1 << 13)
            .next_power_of_two()
    }

    /// A law as cells of equal mass, each at its mean: its own table of quantiles.
    fn equal_cells_of(&self, law: &Law, format: Format) -> Distribution {
        let cells = self.cells();
        let edge = |k: usize| {
            let below = k as f64 / cells as f64;
            if below <= 0.5 {
                law.quantile(below)
            } else {
                law.upper_quantile(1.0 - below)
            }
        };
        let mut low = edge(0);
        let positions = (0..cells).map(|k| {
            let (from, to) = (low, edge(k + 1));
            low = to;
            let mean = law.cell(from, to).mean;
            // Rounding can take the mean of a narrow cell out of it.
            let mean = if mean.is_finite() { mean.clamp(from, to) } else { from };
            format.round(mean)
        });
        let positions: Vec<f64> = positions.collect();
        let masses = vec![1.0 / cells as f64; cells];
        Distribution::from_points(&positions, &masses, self.arithmetic.representation())
    }

    /// The values of a joint distribution, one a dimension.
    pub fn joint(&mut self, joint: &Joint) -> Vec<NodeId> {
        let indices: Vec<f64> = (0..joint.masses().len()).map(|row| row as f64).collect();
        let rows =
            Distribution::from_parts(&indices, joint.masses()).unwrap_or_else(|_| Distribution::certain(f64::NAN));
        let rows = self.arena.record_rows(Arc::new(rows), false);
        let columns = (0..joint.dimensions()).filter_map(|dimension| joint.positions(dimension));
        columns
            .map(|column| {
                let values = Arc::new(Values::Real(column.to_vec()));
                self.source_bytes += values.bytes();
                self.arena.record_column(rows, values, joint.format())
            })
            .collect()
    }

    /// A function of one value.
    #[inline]
    pub fn unary(&mut self, function: UnaryFn, x: NodeId, format: Format) -> NodeId {
        match self.checked(x.into()) {
            Input::Node(x) => self.arena.record_unary(function, x, format),
            Input::Certain(x) => self.certain(function.evaluate(x, format)),
        }
    }

    /// A function of two operands; comparisons give 0 or 1.
    #[inline]
    pub fn binary(&mut self, function: BinaryFn, x: impl Into<Input>, y: impl Into<Input>, format: Format) -> NodeId {
        let (x, y) = (self.checked(x.into()), self.checked(y.into()));
        if let (Input::Certain(x), Input::Certain(y)) = (x, y) {
            return self.certain(function.evaluate(x, y, format));
        }
        self.arena.record_binary(function, x, y, format)
    }

    /// A fused multiply-add. With more than one uncertain operand it is a multiplication, then an addition.
    pub fn fused(
        &mut self,
        function: FusedFn,
        a: impl Into<Input>,
        b: impl Into<Input>,
        c: impl Into<Input>,
        format: Format,
    ) -> NodeId {
        let inputs = [a.into(), b.into(), c.into()].map(|input| self.checked(input));
        match inputs {
            [Input::Certain(a), Input::Certain(b), Input::Certain(c)] => {
                self.certain(function.evaluate(a, b, c, format))
            }
            [Input::Node(x), Input::Certain(b), Input::Certain(c)] => {
                self.arena.record_fused(function, x, 0, [b, c], format)
            }
            [Input::Certain(a), Input::Node(x), Input::Certain(c)] => {
                self.arena.record_fused(function, x, 1, [a, c], format)
            }
            [Input::Certain(a), Input::Certain(b), Input::Node(x)] => {
                self.arena.record_fused(function, x, 2, [a, b], format)
            }
            [a, b, c] => {
                let product = self.binary(BinaryFn::Mul, a, b, format);
                let product = if function.negates_product() {
                    self.unary(UnaryFn::Neg, product, format)
                } else {
                    product
                };
                let sum = if function.negates_addend() {
                    BinaryFn::Sub
                } else {
                    BinaryFn::Add
                };
                self.binary(sum, product, c, format)
            }
        }
    }

    /// A function of two integers of type `kind`, into which operands and results are wrapped.
    pub fn integer(
        &mut self,
        function: IntegerFn,
        kind: IntegerType,
        x: impl Into<IntegerInput>,
        y: impl Into<IntegerInput>,
    ) -> NodeId {
        let checked = |input: IntegerInput| match input.node() {
            Some(id) if !self.arena.is_alive(id) => IntegerInput::Certain(0),
            _ => input,
        };
        let (x, y) = (checked(x.into()), checked(y.into()));
        if x.node().is_none() && y.node().is_none() {
            let integer = |input| match input {
                IntegerInput::Certain(value) => i128::from(value),
                IntegerInput::Node(_) => 0,
            };
            let result = self.core().integer(
                function,
                kind,
                crate::IntegerOperand::Certain(integer(x)),
                crate::IntegerOperand::Certain(integer(y)),
            );
            return self.source(result);
        }
        self.arena.record_integer(function, kind, x, y)
    }

    /// The mixture: `first` with probability `p` (clipped to [0, 1]), else `second`, decided by a source of its own.
    ///
    /// The decision is one for all that is computed from the result. Where `p` is uncertain, it is made for each value
    /// of `p` with that probability.
    pub fn mixture(
        &mut self,
        first: impl Into<Input>,
        second: impl Into<Input>,
        p: impl Into<Input>,
        format: Format,
    ) -> NodeId {
        let (first, second, p) = (
            self.checked(first.into()),
            self.checked(second.into()),
            self.checked(p.into()),
        );
        let uniform = match p {
            Input::Certain(p) if p.is_nan() => return self.certain(f64::NAN),
            Input::Certain(p) => Arc::new(two_sides(p.clamp(0.0, 1.0))),
            Input::Node(_) => Arc::new(equal_cells(self.arithmetic().precision())),
        };
        let chooser = self.source(uniform);
        let choice = Choice {
            first,
            second,
            p,
            chooser,
        };
        self.arena.record_select(choice, format)
    }

    /// A value with the distribution that `id` has, and independent of it.
    pub fn independent_copy(&mut self, id: NodeId) -> NodeId {
        let marginal = self.marginal(id);
        self.source(marginal)
    }

    /// A number that is certain.
    fn certain(&mut self, value: f64) -> NodeId {
        self.source(Distribution::certain(value))
    }

    /// The input, or NaN for a value that has been swept away.
    #[inline]
    fn checked(&self, input: Input) -> Input {
        match input {
            Input::Node(id) if !self.arena.is_alive(id) => Input::Certain(f64::NAN),
            input => input,
        }
    }

    /// Keeps the distribution of a value that has been asked for.
    fn keep(&mut self, id: NodeId, distribution: Arc<Distribution>) {
        self.answer_bytes += bytes(&distribution);
        self.answers.insert(id, distribution);
    }

    /// Forgets what can be found again, the same to the bit.
    fn forget_answers(&mut self) {
        self.answers.clear();
        self.answer_bytes = 0;
        self.stand_ins.clear();
        // They rely on the distributions of their leaves.
        self.cones.clear();
    }
}

/// Bytes that a distribution takes, roughly.
fn bytes(distribution: &Distribution) -> usize {
    size_of::<Distribution>() + 16 * distribution.len()
}

/// The chooser of a mixture with a certain weight: below `p` with probability p.
fn two_sides(p: f64) -> Distribution {
    match p {
        0.0 => Distribution::certain(1.0),
        1.0 => Distribution::certain(0.0),
        p => Distribution::from_parts(&[0.0, 1.0], &[p, 1.0 - p]).unwrap_or_else(|_| Distribution::certain(1.0)),
    }
}

/// The chooser of a mixture with an uncertain weight: uniform on [0, 1], n midpoints.
fn equal_cells(n: usize) -> Distribution {
    let midpoints: Vec<f64> = (0..n).map(|k| (k as f64 + 0.5) / n as f64).collect();
    Distribution::from_parts(&midpoints, &vec![1.0 / n as f64; n]).unwrap_or_else(|_| Distribution::certain(0.5))
}
