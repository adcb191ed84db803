//! What an uncertain number is, and how one is computed from others: the one place that knows in which way a core does it.
//!
//! The rest of the emulator hands an [`Uncertain`] on, lets [`Algebra`] make new ones, and looks at none. A distribution is seen
//! only where the program asks for one: [`Algebra::distribution`].
//!
//! With correlation tracking nothing is computed until then. That a comparison can have only one result, say, is not found out
//! for its own sake: each would be a question about everything that came before, and most results are dead at once.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use distcore::lineage::{Approximation, Diagnostics, Graph, Input, IntegerInput, NodeId, Statistics};
use distcore::ux::UxValue;
use distcore::{
    Arithmetic, BinaryFn, Distribution, Format, FusedFn, Generator, IntegerFn, IntegerType, Law, Representation,
    UnaryFn,
};

use super::drawn::Drawing;
use crate::cancel::Cancel;
use crate::cores::{Core, CoreError, CorrelationTracking, Microarchitecture};

/// A number that is uncertain, beside its particle: a handle, cheap to copy.
#[derive(Debug, Clone)]
pub(crate) enum Uncertain {
    /// Its distribution; it depends on no other number.
    Distribution(Arc<Distribution>),
    /// A value of the lineage graph. All of a machine's are, or none.
    Node(NodeId),
    /// It would be another number in another execution: that is all that a Reference core knows.
    Drawn,
}

impl From<Distribution> for Uncertain {
    fn from(distribution: Distribution) -> Self {
        Uncertain::Distribution(Arc::new(distribution))
    }
}

impl From<NodeId> for Uncertain {
    fn from(id: NodeId) -> Self {
        Uncertain::Node(id)
    }
}

impl Uncertain {
    pub(super) fn node(&self) -> Option<NodeId> {
        match self {
            Uncertain::Node(id) => Some(*id),
            Uncertain::Distribution(_) | Uncertain::Drawn => None,
        }
    }
}

/// A number: an operand, an argument, a result.
#[derive(Debug, Clone)]
pub(crate) struct Number {
    /// What an ordinary processor sees.
    pub(crate) particle: f64,
    /// `None` for a plain number.
    pub(crate) uncertain: Option<Uncertain>,
}

impl Number {
    pub(crate) fn certain(particle: f64) -> Number {
        Number {
            particle,
            uncertain: None,
        }
    }

    fn operand(&self) -> distcore::Operand<'_> {
        match &self.uncertain {
            Some(Uncertain::Distribution(distribution)) => distcore::Operand::Uncertain(distribution),
            Some(Uncertain::Node(_) | Uncertain::Drawn) | None => distcore::Operand::Certain(self.particle),
        }
    }

    fn input(&self) -> Input {
        let node = self.uncertain.as_ref().and_then(Uncertain::node);
        node.map_or(Input::Certain(self.particle), Input::Node)
    }
}

/// An integer of 64 bits: an operand.
#[derive(Debug, Clone)]
pub(crate) struct Integer {
    /// What an ordinary processor sees.
    pub(crate) particle: i64,
    /// `None` for a plain integer.
    pub(crate) uncertain: Option<Uncertain>,
}

impl Integer {
    fn operand(&self) -> distcore::IntegerOperand<'_> {
        match &self.uncertain {
            Some(Uncertain::Distribution(distribution)) => distcore::IntegerOperand::Uncertain(distribution),
            Some(Uncertain::Node(_) | Uncertain::Drawn) | None => {
                distcore::IntegerOperand::Certain(self.particle.into())
            }
        }
    }

    fn input(&self) -> IntegerInput {
        let node = self.uncertain.as_ref().and_then(Uncertain::node);
        node.map_or(IntegerInput::Certain(self.particle), IntegerInput::Node)
    }
}

/// An arithmetic whose long operations give up, with a certain NaN, when the run shall end.
#[derive(Debug)]
pub(crate) struct Interruptible {
    arithmetic: Arithmetic<'static>,
    flag: Arc<AtomicBool>,
}

impl Interruptible {
    pub(crate) fn new(arithmetic: Arithmetic<'static>) -> Interruptible {
        Interruptible {
            arithmetic,
            flag: Arc::default(),
        }
    }

    fn core(&self) -> Arithmetic<'_> {
        self.arithmetic.cancelled_by(&self.flag)
    }
}

/// How a core computes with uncertain numbers.
#[derive(Debug)]
pub(crate) enum Algebra {
    /// Every operation makes a distribution at once, and takes its operands for independent.
    Independent(Interruptible),
    /// Operations are recorded, and carried out when somebody asks: operands that share a source are combined as such.
    Lineage {
        graph: Box<Graph>,
        /// What prints values that are kept finer than the core's precision.
        printer: Option<Arithmetic<'static>>,
    },
    /// Every source gives one random number.
    Drawn(Drawing),
}

impl Algebra {
    /// What `core` has; draws of its own come from `seed`.
    pub(super) fn new(core: &Core, seed: u64) -> Result<Algebra, CoreError> {
        let representation = match core.microarchitecture {
            Microarchitecture::Zurich => Representation::Zurich,
            Microarchitecture::Jupiter => Representation::Jupiter,
            Microarchitecture::Athens
            | Microarchitecture::Delos
            | Microarchitecture::Bypass
            | Microarchitecture::Reference => Representation::Athens,
        };
        let precision = match core.microarchitecture {
            // There it is the number of executions.
            Microarchitecture::Reference => *crate::cores::PRECISION_RANGE.start(),
            _ => core.precision,
        };
        let arithmetic = Arithmetic::new(representation, precision as usize).map_err(|_| CoreError::Precision {
            precision: core.precision,
            microarchitecture: core.microarchitecture,
            min: *crate::cores::PRECISION_RANGE.start(),
            max: *crate::cores::PRECISION_RANGE.end(),
        })?;
        if core.microarchitecture == Microarchitecture::Reference {
            return Ok(Algebra::Drawn(Drawing::new(Generator::new(seed), arithmetic)));
        }
        let graph = Graph::new(arithmetic, seed);
        Ok(match (core.microarchitecture, core.correlation_tracking) {
            (Microarchitecture::Delos, _) => Algebra::Lineage {
                graph: Box::new(graph.with_statistics(Statistics::Particles)),
                printer: Some(arithmetic),
            },
            (_, CorrelationTracking::Autocorrelation) => Algebra::Lineage {
                graph: Box::new(graph),
                printer: None,
            },
            (_, CorrelationTracking::Disable) => Algebra::Independent(Interruptible::new(arithmetic)),
        })
    }

    /// Long operations poll `flag` from now on.
    pub(crate) fn interrupted_by(&mut self, flag: &Arc<AtomicBool>) {
        match self {
            Algebra::Independent(arithmetic) => arithmetic.flag = Arc::clone(flag),
            Algebra::Lineage { graph, .. } => graph.set_cancel(Arc::clone(flag)),
            Algebra::Drawn(_) => {}
        }
    }
}

/// Constructors.
impl Algebra {
    /// A number with this law.
    pub(crate) fn law(&mut self, law: &Law, format: Format) -> Number {
        let particle = law.mean();
        match self {
            Algebra::Drawn(drawing) => drawing.law(law, format),
            Algebra::Independent(arithmetic) => {
                let distribution = arithmetic.core().law(law, format);
                self.made(particle, distribution)
            }
            Algebra::Lineage { graph, .. } => {
                let id = graph.law(law, format);
                let is_uncertain = is_uncertain(&graph.marginal(id));
                Number {
                    particle,
                    uncertain: is_uncertain.then(|| id.into()),
                }
            }
        }
    }

    /// A number of which these were seen, all alike.
    pub(crate) fn samples(&mut self, samples: &[f64], format: Format) -> Number {
        if let Algebra::Drawn(drawing) = self {
            return drawing.samples(samples);
        }
        let arithmetic = self.arithmetic();
        let (mean, distribution) = (arithmetic.mean(samples), arithmetic.samples(samples, format));
        self.made(mean, distribution)
    }

    /// A number of which these (sample, weight) were seen.
    pub(crate) fn weighted_samples(&mut self, samples: &[(f64, f64)], format: Format, cancel: &Cancel) -> Number {
        if let Algebra::Drawn(drawing) = self {
            return drawing.weighted_samples(samples, cancel);
        }
        let distribution = self.arithmetic().weighted_samples(samples, format);
        self.made(weighted_mean(samples, cancel), distribution)
    }

    /// Numbers that were seen together, `samples[row * dimensions + dimension]`: one for each dimension.
    pub(crate) fn joint_samples(
        &mut self,
        samples: &[f64],
        dimensions: usize,
        format: Format,
        cancel: &Cancel,
    ) -> Vec<Number> {
        let columns = cancel.while_wanted(0..dimensions);
        let columns = columns.map(|dimension| column(samples, dimensions, dimension, cancel));
        match self {
            Algebra::Independent(_) => columns.map(|column| self.samples(&column, format)).collect(),
            Algebra::Drawn(drawing) => drawing.joint_samples(samples, dimensions),
            Algebra::Lineage { graph, .. } => {
                let joint = graph.arithmetic().joint_samples(samples, dimensions, format);
                let nodes = graph.joint(&joint).into_iter();
                let number = |(column, node): (Vec<f64>, NodeId)| Number {
                    particle: graph.arithmetic().mean(&column),
                    // Samples that are all alike are a plain number.
                    uncertain: cancel
                        .while_wanted(column.iter())
                        .any(|x| *x != column[0])
                        .then(|| node.into()),
                };
                columns.zip(nodes).map(number).collect()
            }
        }
    }

    /// The first with probability `p`, else the second. The particle is the mean.
    pub(crate) fn mixture(&mut self, first: &Number, second: &Number, p: &Number, format: Format) -> Number {
        let particle = mixed(self.mean(first), self.mean(second), self.mean(p));
        match self {
            Algebra::Independent(arithmetic) => {
                let mixed = arithmetic
                    .core()
                    .mixture(first.operand(), second.operand(), p.operand(), format);
                self.made(particle, mixed)
            }
            Algebra::Lineage { graph, .. } if [first, second, p].iter().all(|number| number.uncertain.is_none()) => {
                let mixed = graph
                    .arithmetic()
                    .mixture(first.operand(), second.operand(), p.operand(), format);
                self.made(particle, mixed)
            }
            Algebra::Lineage { graph, .. } => Number {
                particle,
                uncertain: Some(graph.mixture(first.input(), second.input(), p.input(), format).into()),
            },
            Algebra::Drawn(drawing) => drawing.mixture(first, second, p.particle),
        }
    }

    /// What is known of a number that lies within [min, max]; NaN if it cannot.
    pub(crate) fn limited(&mut self, x: &Number, min: f64, max: f64) -> Number {
        let Some(distribution) = x.uncertain.as_ref().and_then(|x| self.distribution(x)) else {
            return Number {
                particle: limited(x.particle, min, max),
                uncertain: x.uncertain.clone(),
            };
        };
        let limited = distribution.truncated(min, max);
        let particle = limited.mean();
        if limited.special().nan > 0.0 || limited.is_empty() && particle.is_nan() {
            return Number::certain(f64::NAN);
        }
        self.made(particle, limited)
    }

    /// A number of which something was learned, with the distribution that it has now. It depends on no other; its particle is
    /// its mean.
    pub(crate) fn learned(&mut self, distribution: Distribution) -> Number {
        let mean = distribution.mean();
        if mean.is_nan() {
            return Number::certain(mean);
        }
        self.made(mean, distribution)
    }

    /// A number that was written as Ux. One Dirac stands for a plain number.
    pub(crate) fn read(&mut self, value: &UxValue, format: Format) -> Number {
        if let Algebra::Drawn(drawing) = self {
            return drawing.read(value, format);
        }
        let particle = value.particle.unwrap_or(value.mean);
        match read(value, self.arithmetic(), format) {
            Some(distribution) => self.made(particle, distribution),
            None => Number::certain(particle),
        }
    }

    /// A number with the same distribution that has nothing to do with the first.
    pub(crate) fn independent_copy(&mut self, x: &Uncertain) -> Uncertain {
        match (self, x) {
            (Algebra::Lineage { graph, .. }, Uncertain::Node(x)) => graph.independent_copy(*x).into(),
            // Of a number that was drawn nothing is known that could be drawn from once more.
            _ => x.clone(),
        }
    }

    fn made(&mut self, particle: f64, distribution: Distribution) -> Number {
        Number {
            particle,
            uncertain: is_uncertain(&distribution).then(|| self.source(distribution)),
        }
    }

    /// A number that depends on no other.
    fn source(&mut self, distribution: Distribution) -> Uncertain {
        match self {
            Algebra::Independent(_) => distribution.into(),
            Algebra::Lineage { graph, .. } => graph.source(distribution).into(),
            Algebra::Drawn(_) => Uncertain::Drawn,
        }
    }

    /// What constructors make distributions with.
    fn arithmetic(&self) -> Arithmetic<'_> {
        match self {
            Algebra::Independent(arithmetic) => arithmetic.core(),
            Algebra::Lineage { graph, .. } => graph.arithmetic(),
            Algebra::Drawn(drawing) => drawing.arithmetic(),
        }
    }
}

/// Functions.
impl Algebra {
    /// A function of one number. Functions with integer results have [`Format::F64`].
    pub(crate) fn unary(&mut self, function: UnaryFn, x: &Uncertain, format: Format) -> Uncertain {
        match (self, x) {
            (Algebra::Independent(arithmetic), Uncertain::Distribution(x)) => {
                arithmetic.core().unary(function, x, format).into()
            }
            (Algebra::Lineage { graph, .. }, Uncertain::Node(x)) => graph.unary(function, *x, format).into(),
            // No machine has both kinds.
            _ => x.clone(),
        }
    }

    /// A function of two numbers; comparisons give 0 or 1.
    pub(crate) fn binary(&mut self, function: BinaryFn, x: &Number, y: &Number, format: Format) -> Uncertain {
        match self {
            Algebra::Independent(arithmetic) => arithmetic
                .core()
                .binary(function, x.operand(), y.operand(), format)
                .into(),
            Algebra::Lineage { graph, .. } => graph.binary(function, x.input(), y.input(), format).into(),
            Algebra::Drawn(_) => Uncertain::Drawn,
        }
    }

    /// A fused multiply-add.
    pub(crate) fn fused(&mut self, function: FusedFn, [a, b, c]: [&Number; 3], format: Format) -> Uncertain {
        match self {
            Algebra::Independent(arithmetic) => arithmetic
                .core()
                .fused(function, a.operand(), b.operand(), c.operand(), format)
                .into(),
            Algebra::Lineage { graph, .. } => graph.fused(function, a.input(), b.input(), c.input(), format).into(),
            Algebra::Drawn(_) => Uncertain::Drawn,
        }
    }

    /// A function of two integers of type `kind`, into which operands and result are wrapped.
    pub(crate) fn integer(&mut self, function: IntegerFn, kind: IntegerType, x: &Integer, y: &Integer) -> Uncertain {
        match self {
            Algebra::Independent(arithmetic) => arithmetic
                .core()
                .integer(function, kind, x.operand(), y.operand())
                .into(),
            Algebra::Lineage { graph, .. } => graph.integer(function, kind, x.input(), y.input()).into(),
            Algebra::Drawn(_) => Uncertain::Drawn,
        }
    }
}

/// Questions.
impl Algebra {
    /// The distribution of a number. `None` where it has none to show: then it counts as its particle.
    pub(crate) fn distribution(&mut self, x: &Uncertain) -> Option<Arc<Distribution>> {
        match (self, x) {
            (_, Uncertain::Distribution(distribution)) => Some(Arc::clone(distribution)),
            (Algebra::Lineage { graph, .. }, Uncertain::Node(x)) => Some(graph.marginal(*x)),
            (Algebra::Independent(_) | Algebra::Drawn(_), Uncertain::Node(_)) | (_, Uncertain::Drawn) => None,
        }
    }

    /// The distribution as it is printed: with no more Diracs than the core's precision.
    pub(crate) fn printed(&mut self, x: &Uncertain, format: Format) -> Option<Arc<Distribution>> {
        let distribution = self.distribution(x)?;
        Some(match self {
            Algebra::Lineage {
                printer: Some(printer), ..
            } if distribution.len() > printer.precision() => {
                let reduced = printer.compressed(&distribution);
                Arc::new(match format {
                    Format::F64 => reduced,
                    // The means of floats are none.
                    _ => printer.unary(UnaryFn::Convert, &reduced, format),
                })
            }
            _ => distribution,
        })
    }

    /// The mean of a number.
    pub(crate) fn mean(&mut self, x: &Number) -> f64 {
        let distribution = x.uncertain.as_ref().and_then(|uncertain| self.distribution(uncertain));
        distribution.map_or(x.particle, |distribution| distribution.mean())
    }

    /// Whether an integer that was just computed has only one possible value, as far as that is known without asking.
    pub(crate) fn is_certain_integer(&self, x: &Uncertain) -> bool {
        match x {
            Uncertain::Distribution(distribution) => distribution.merged().len() <= 1,
            Uncertain::Node(_) | Uncertain::Drawn => false,
        }
    }

    /// What could not be computed exactly so far; `None` without correlation tracking.
    pub(crate) fn diagnostics(&self) -> Option<Diagnostics> {
        match self {
            Algebra::Independent(_) | Algebra::Drawn(_) => None,
            Algebra::Lineage { graph, .. } => Some(graph.diagnostics()),
        }
    }

    /// How distributions are represented.
    pub(crate) fn representation(&self) -> Representation {
        self.arithmetic().representation()
    }
}

/// Memory.
impl Algebra {
    /// Whether so much was recorded that what nobody needs should be dropped.
    #[inline]
    pub(super) fn is_sweep_due(&self) -> bool {
        match self {
            Algebra::Independent(_) | Algebra::Drawn(_) => false,
            Algebra::Lineage { graph, .. } => graph.is_sweep_due(),
        }
    }

    /// Bytes that are kept beside the numbers themselves.
    #[inline]
    pub(super) fn bytes(&self) -> usize {
        match self {
            Algebra::Independent(_) | Algebra::Drawn(_) => 0,
            Algebra::Lineage { graph, .. } => graph.bytes(),
        }
    }

    /// Drops what none of `numbers` needs. Gives those whose dependence on others had to be approximated to bound memory.
    pub(super) fn sweep<'a>(&mut self, numbers: impl Iterator<Item = &'a Uncertain>) -> &[(NodeId, Approximation)] {
        match self {
            Algebra::Independent(_) | Algebra::Drawn(_) => &[],
            Algebra::Lineage { graph, .. } => {
                graph.sweep(|mark| numbers.filter_map(Uncertain::node).for_each(mark));
                graph.approximated()
            }
        }
    }
}

impl Uncertain {
    /// Bytes that it keeps, roughly.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Uncertain::Distribution(distribution) => bytes(distribution),
            // The graph counts its own.
            Uncertain::Node(_) | Uncertain::Drawn => 0,
        }
    }
}

/// Bytes that a distribution takes, roughly.
fn bytes(distribution: &Distribution) -> usize {
    size_of::<Distribution>() + 16 * distribution.len()
}

/// A distribution with nothing but one Dirac is a plain number.
fn is_uncertain(distribution: &Distribution) -> bool {
    distribution.len() > 1 || distribution.special().total() > 0.0
}

/// Particles of what constructors make; on a core without tracking that is all there is.
///
/// The first with probability `p`, else the second: the mean.
pub(crate) fn mixed(first: f64, second: f64, p: f64) -> f64 {
    let p = p.clamp(0.0, 1.0);
    p * first + (1.0 - p) * second
}

/// A number that lies within [min, max], or NaN.
pub(crate) fn limited(x: f64, min: f64, max: f64) -> f64 {
    if min <= x && x <= max { x } else { f64::NAN }
}

/// One dimension of joint samples.
pub(crate) fn column(samples: &[f64], dimensions: usize, dimension: usize, cancel: &Cancel) -> Vec<f64> {
    let column = samples.iter().skip(dimension).step_by(dimensions);
    cancel.while_wanted(column).copied().collect()
}

pub(crate) fn weighted_mean(samples: &[(f64, f64)], cancel: &Cancel) -> f64 {
    let total: f64 = cancel.while_wanted(samples.iter()).map(|&(_, weight)| weight).sum();
    let samples = cancel.while_wanted(samples.iter());
    samples.map(|&(sample, weight)| sample * (weight / total)).sum()
}

/// The distribution of a Ux value as `arithmetic` holds it: reduced if it has more Diracs than the core's values. `None` for a
/// plain number, which is what a single Dirac stands for, and for a value without mass.
fn read(value: &UxValue, arithmetic: Arithmetic<'_>, format: Format) -> Option<Distribution> {
    if value.diracs.len() < 2 {
        return None;
    }
    let read = Distribution::from_ux(value).ok()?;
    let representation = arithmetic.representation();
    if read.len() > arithmetic.precision() && representation != Representation::Jupiter {
        let pairs: Vec<(f64, f64)> = read.diracs().chain(read.special().diracs()).collect();
        return Some(arithmetic.weighted_samples(&pairs, format));
    }
    let positions: Vec<f64> = read
        .positions()
        .iter()
        .map(|&position| format.round(position))
        .collect();
    Distribution::from_all_parts(&positions, read.masses(), read.special(), representation).ok()
}
