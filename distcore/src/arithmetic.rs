//! [`Arithmetic`]: a representation and a precision, and the operations that they define.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::athens::{self, Diracs, Item, Job, Kernel, with_best_kernel};
use crate::distribution::are_finite;
use crate::{
    BinaryFn, Distribution, Format, FusedFn, IntegerFn, IntegerType, Law, SpecialMass, UnaryFn, integer, jupiter,
    zurich,
};

/// How a distribution is held in finitely many Diracs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Representation {
    /// Telescoping torques: a law or a list is split at its mean again and again, and each part becomes one Dirac at
    /// the part's own mean. The mean of a value is always kept.
    ///
    /// Of n Diracs, positions up to the mean get ⌈n/2⌉, those above it ⌊n/2⌋; a part of at most n items is emitted as it is.
    /// So a precision that is no power of two is used in full. Results of an operation with at most N distinct positions are
    /// kept exactly, ascending. Where a mean falls on a position up to rounding (on lattices), the order of summation decides
    /// on which side that goes: ours is fixed, so results are the same everywhere, but no order is the right one.
    #[default]
    Athens,
    /// A regular grid of N positions from the smallest to the largest sample or result, each moved to its nearest point: the mean
    /// is not kept. A law has N cells of equal width with their exact masses, each at its middle; an unbounded one is cut where
    /// 2^-40 of the mass is left. A function of one operand maps the positions and makes no new grid.
    Zurich,
    /// All combinations of the operands' Diracs, uncompressed, while they are at most 8192; more are reduced by the rule of Athens.
    Jupiter,
}

/// A precision outside [`Arithmetic::PRECISIONS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("precision {0} is not between 2 and 8000 Diracs")]
pub struct PrecisionError(pub usize);

/// An operand: a plain number or a distribution.
#[derive(Clone, Copy, Debug)]
pub enum Operand<'a> {
    /// A number that is certain.
    Certain(f64),
    /// A distribution, independent of every other operand.
    Uncertain(&'a Distribution),
}

impl From<f64> for Operand<'_> {
    fn from(value: f64) -> Self {
        Operand::Certain(value)
    }
}

impl<'a> From<&'a Distribution> for Operand<'a> {
    fn from(distribution: &'a Distribution) -> Self {
        Operand::Uncertain(distribution)
    }
}

/// An operand of an operation on integers: a plain integer or a distribution whose positions are integers.
#[derive(Clone, Copy, Debug)]
pub enum IntegerOperand<'a> {
    /// An integer that is certain; it is wrapped into the type of the operation.
    Certain(i128),
    /// A distribution, independent of every other operand. Positions that are no integers are truncated.
    Uncertain(&'a Distribution),
}

impl From<i64> for IntegerOperand<'_> {
    fn from(value: i64) -> Self {
        IntegerOperand::Certain(value.into())
    }
}

impl From<u64> for IntegerOperand<'_> {
    fn from(value: u64) -> Self {
        IntegerOperand::Certain(value.into())
    }
}

impl<'a> From<&'a Distribution> for IntegerOperand<'a> {
    fn from(distribution: &'a Distribution) -> Self {
        IntegerOperand::Uncertain(distribution)
    }
}

/// The items until a flag is set, which is looked at every 2^16 of them: for passes over what may be very much.
pub fn until<T>(flag: Option<&AtomicBool>, items: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
    let cancel = Cancel(flag);
    let is_wanted = move |n: usize| !n.is_multiple_of(1 << 16) || !cancel.is_requested();
    let numbered = items.enumerate().take_while(move |(n, _)| is_wanted(*n));
    numbered.map(|(_, item)| item)
}

/// A flag that a long operation polls.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cancel<'c>(pub(crate) Option<&'c AtomicBool>);

impl Cancel<'_> {
    #[inline]
    pub(crate) fn is_requested(self) -> bool {
        self.0.is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    /// The items, until the flag is set; see [`until`].
    pub(crate) fn while_wanted<T>(self, items: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        until(self.0, items)
    }

    /// A result that may take long by itself, up to milliseconds (`jn` of a large order), or NaN once the flag is set.
    #[inline]
    pub(crate) fn unless_requested(self, result: impl FnOnce() -> f64) -> f64 {
        if self.is_requested() { f64::NAN } else { result() }
    }
}

/// A representation with its precision: what one kind of core computes with.
///
/// Operands are independent, always, also when they are the same value twice: `x - x` has a spread. (Dependence is the
/// business of a lineage that knows where values come from.)
///
/// ```
/// use distcore::{Arithmetic, BinaryFn, Format, Representation, UnaryFn};
///
/// let athens = Arithmetic::new(Representation::Athens, 32)?;
/// let die = athens.samples(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], Format::F64);
/// let sum = athens.binary(BinaryFn::Add, &die, &die, Format::F64);
/// assert_eq!(sum.positions(), [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0]);
/// let root = athens.unary(UnaryFn::Sqrt, &sum, Format::F64);
/// assert_eq!(root.support_min(), 2.0_f64.sqrt());
/// # Ok::<(), distcore::PrecisionError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Arithmetic<'c> {
    representation: Representation,
    precision: usize,
    cancel: Cancel<'c>,
}

impl Arithmetic<'static> {
    /// The smallest and the largest number of Diracs that a value may have.
    pub const PRECISIONS: std::ops::RangeInclusive<usize> = 2..=8000;

    /// The arithmetic of `representation` with at most `precision` Diracs a value.
    ///
    /// # Errors
    /// If `precision` is not in [`PRECISIONS`](Arithmetic::PRECISIONS).
    pub fn new(representation: Representation, precision: usize) -> Result<Self, PrecisionError> {
        if Self::PRECISIONS.contains(&precision) {
            Ok(Arithmetic {
                representation,
                precision,
                cancel: Cancel(None),
            })
        } else {
            Err(PrecisionError(precision))
        }
    }
}

impl<'c> Arithmetic<'c> {
    /// The same arithmetic with a flag that long operations poll. Once the flag is set, operations give up and return a
    /// certain NaN; whoever set it knows not to use results.
    ///
    /// Between two looks at the flag lies at most one function of the C library, one row of N pairs, a pass over the
    /// rows of a node of the tree (N binary searches), or a pass over the pairs that are held in memory (2^22): a
    /// millisecond or a few, whatever the precision and however many samples there are.
    #[must_use]
    pub fn cancelled_by<'d>(self, flag: &'d AtomicBool) -> Arithmetic<'d> {
        Arithmetic {
            representation: self.representation,
            precision: self.precision,
            cancel: Cancel(Some(flag)),
        }
    }

    /// The flag.
    pub(crate) fn cancel(&self) -> Cancel<'_> {
        self.cancel
    }

    /// The representation.
    #[must_use]
    pub fn representation(&self) -> Representation {
        self.representation
    }

    /// The number of Diracs that a value has at most (for Jupiter: a value that was made from a law or from samples).
    #[must_use]
    pub fn precision(&self) -> usize {
        self.precision
    }

    /// The distribution of a law.
    ///
    /// Athens and Jupiter split the exact law at its mean, both halves at theirs, and so on; Zurich takes cells of
    /// equal width.
    #[must_use]
    pub fn law(&self, law: &Law, format: Format) -> Distribution {
        let items = match self.representation {
            Representation::Zurich => zurich::law(law, self.precision),
            Representation::Athens | Representation::Jupiter => athens::law(law, self.precision),
        };
        self.collect(items, SpecialMass::default(), format)
    }

    /// The mean of samples as [`mean`](crate::mean) has it, the particle of their [empirical
    /// distribution](Arithmetic::samples); that of some of them once the flag is set.
    #[must_use]
    pub fn mean(&self, samples: &[f64]) -> f64 {
        crate::mean_until(self.cancel.0, samples)
    }

    /// The empirical distribution of samples, all of the same weight. Samples that are NaN or infinite become special
    /// mass. No samples give a certain NaN.
    #[must_use]
    pub fn samples(&self, samples: &[f64], format: Format) -> Distribution {
        let mass = 1.0 / samples.len() as f64;
        self.gather(samples.iter().map(|&position| Item { position, mass }), format)
    }

    /// The empirical distribution of weighted samples (value, weight). Weights are normalised; negative weights and
    /// those that are not finite count as 0. Without any weight the result is a certain NaN.
    #[must_use]
    pub fn weighted_samples(&self, samples: &[(f64, f64)], format: Format) -> Distribution {
        let weight = |weight: f64| if weight.is_finite() { weight.max(0.0) } else { 0.0 };
        let sum = |weight: &dyn Fn(f64) -> f64| {
            let weights = samples.iter().map(|sample| weight(sample.1));
            crate::sums::compensated(self.cancel.while_wanted(weights))
        };
        let total = sum(&weight);
        // So large that their sum overflows: all of them smaller.
        let scale = if total.is_finite() {
            1.0
        } else {
            1.0 / samples.len() as f64
        };
        let weight = |w: f64| weight(w) * scale;
        let total = if total.is_finite() { total } else { sum(&weight) };
        if total > 0.0 {
            self.gather(
                samples.iter().map(|sample| Item {
                    position: sample.0,
                    mass: weight(sample.1) / total,
                }),
                format,
            )
        } else {
            Distribution::certain(f64::NAN)
        }
    }

    /// Applies a function of one operand: positions are mapped, masses and order stay. Results that are NaN or
    /// infinite move to the special mass.
    #[must_use]
    pub fn unary(&self, function: UnaryFn, x: &Distribution, format: Format) -> Distribution {
        if integer::is_integer_result(function) || x.wide().is_some() {
            integer::unary(function, x, format)
        } else {
            self.mapped(x, OneOperand::Of(function), format)
        }
    }

    /// Applies a function of two operands.
    ///
    /// If one of them is certain, the positions of the other are mapped. Two distributions are combined as independent
    /// ones: all pairs, reduced to the precision by the rule of the representation.
    #[must_use]
    pub fn binary<'a>(
        &self,
        function: BinaryFn,
        x: impl Into<Operand<'a>>,
        y: impl Into<Operand<'a>>,
        format: Format,
    ) -> Distribution {
        match (x.into(), y.into()) {
            (Operand::Certain(x), Operand::Certain(y)) => self.certain(function.evaluate(x, y, format)),
            (Operand::Uncertain(x), Operand::Certain(y)) => self.mapped(x, OneOperand::First(function, y), format),
            (Operand::Certain(x), Operand::Uncertain(y)) => self.mapped(y, OneOperand::Second(function, x), format),
            (Operand::Uncertain(x), Operand::Uncertain(y)) => self.pairs(function, x, y, format),
        }
    }

    /// Applies a function of two integers of type `kind`, into which operands and results are wrapped.
    ///
    /// At most N distinct results are exact atoms, also beyond 2^53. More are reduced like floating results, and the
    /// positions rounded to integers. Special mass of an operand, which no integer has, counts as 0.
    ///
    /// ```
    /// use distcore::{Arithmetic, Format, IntegerFn, IntegerType, Representation};
    /// let athens = Arithmetic::new(Representation::Athens, 32)?;
    /// let byte = athens.samples(&[250.0, 255.0], Format::F64);
    /// let next = athens.integer(IntegerFn::Add, IntegerType::U8, &byte, 1i64);
    /// assert_eq!(next.positions(), [251.0, 0.0]);
    /// # Ok::<(), distcore::PrecisionError>(())
    /// ```
    #[must_use]
    pub fn integer<'a>(
        &self,
        function: IntegerFn,
        kind: IntegerType,
        x: impl Into<IntegerOperand<'a>>,
        y: impl Into<IntegerOperand<'a>>,
    ) -> Distribution {
        use IntegerOperand::{Certain, Uncertain};
        match (x.into(), y.into()) {
            (Certain(x), Certain(y)) => integer::certain(function.evaluate(x, y, kind), self.representation),
            (Uncertain(x), Certain(y)) => integer::map(x, |x| function.evaluate(x, y, kind)),
            (Certain(x), Uncertain(y)) => integer::map(y, |y| function.evaluate(x, y, kind)),
            (Uncertain(x), Uncertain(y)) => {
                let (x, y) = (integer::atoms_of(x), integer::atoms_of(y));
                if let Some(atoms) = integer::few_atoms(&x, &y, self.precision, self.cancel, |x, y| {
                    function.evaluate(x, y, kind)
                }) {
                    return integer::collect(atoms, self.representation);
                }
                // Positions relative to one of the results keep their digits beyond 2^53 as well.
                let (rows, columns) = (integer::indices(&x), integer::indices(&y));
                let at = |i: f64, j: f64| function.evaluate(x[i as usize].0, y[j as usize].0, kind);
                let origin = at(0.0, 0.0);
                let (items, _) = self.all_pairs(&rows, &columns, |i, j| (at(i, j) - origin) as f64);
                // A mean is rounded to double, which may be beyond the end of the type.
                let value = |item: &Item| {
                    let value = origin.saturating_add(item.position.round_ties_even() as i128);
                    value.clamp(kind.min(), kind.max())
                };
                let atoms = items.iter().map(|item| (value(item), item.mass)).collect();
                if self.cancel.is_requested() {
                    return Distribution::certain(f64::NAN);
                }
                integer::collect(atoms, self.representation)
            }
        }
    }

    /// A fused multiply-add. With at most one uncertain operand positions are mapped and rounded once; else it is a
    /// multiplication, then an addition.
    #[must_use]
    pub fn fused<'a>(
        &self,
        function: FusedFn,
        a: impl Into<Operand<'a>>,
        b: impl Into<Operand<'a>>,
        c: impl Into<Operand<'a>>,
        format: Format,
    ) -> Distribution {
        use Operand::{Certain, Uncertain};
        match (a.into(), b.into(), c.into()) {
            (Certain(a), Certain(b), Certain(c)) => self.certain(function.evaluate(a, b, c, format)),
            (Uncertain(a), Certain(b), Certain(c)) => map(a, |a| function.evaluate(a, b, c, format)),
            (Certain(a), Uncertain(b), Certain(c)) => map(b, |b| function.evaluate(a, b, c, format)),
            (Certain(a), Certain(b), Uncertain(c)) => map(c, |c| function.evaluate(a, b, c, format)),
            (a, b, c) => {
                let product = self.binary(BinaryFn::Mul, a, b, format);
                let product = if function.negates_product() {
                    self.unary(UnaryFn::Neg, &product, format)
                } else {
                    product
                };
                let sum = if function.negates_addend() {
                    BinaryFn::Sub
                } else {
                    BinaryFn::Add
                };
                self.binary(sum, Uncertain(&product), c, format)
            }
        }
    }

    /// The mixture: `first` with probability `p`, `second` with probability 1 - p. `p` is clipped to [0, 1]; where it
    /// is uncertain, its mean (of the clipped values) decides, by the law of total probability. Integers beyond 2^53 become
    /// doubles.
    #[must_use]
    pub fn mixture<'a>(
        &self,
        first: impl Into<Operand<'a>>,
        second: impl Into<Operand<'a>>,
        p: impl Into<Operand<'a>>,
        format: Format,
    ) -> Distribution {
        let p = match p.into() {
            Operand::Certain(p) => p.clamp(0.0, 1.0),
            Operand::Uncertain(p) => map(p, |p| p.clamp(0.0, 1.0)).mean(),
        };
        if p.is_nan() {
            return Distribution::certain(f64::NAN);
        }
        let mut items = Vec::new();
        let mut special = SpecialMass::default();
        for (part, weight) in [(first.into(), p), (second.into(), 1.0 - p)] {
            match part {
                Operand::Certain(value) => push(&mut items, &mut special, format.round(value), weight),
                Operand::Uncertain(part) => {
                    for (value, mass) in part.diracs().chain(part.special().diracs()) {
                        push(&mut items, &mut special, format.round(value), mass * weight);
                    }
                }
            }
        }
        self.reduce(items, special, Reduction::MergeIfFew, format)
    }

    /// The same value in at most N Diracs, by the rule of the representation: what an operation makes of its results. A
    /// value of integers beyond 2^53 keeps these.
    ///
    /// ```
    /// use distcore::{Arithmetic, Format, Law, Representation};
    /// let value = Arithmetic::new(Representation::Athens, 512)?.law(&Law::gauss(0.0, 1.0)?, Format::F64);
    /// assert_eq!(Arithmetic::new(Representation::Athens, 32)?.compressed(&value).len(), 32);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn compressed(&self, x: &Distribution) -> Distribution {
        if x.len() <= self.precision {
            return x.clone();
        }
        if x.wide().is_some() {
            return self.reduced_integers(&integer::atoms_of(x));
        }
        if x.special().total() == 0.0 {
            return self.reduced_points(x.positions(), x.masses(), Format::F64);
        }
        let (positions, masses): (Vec<f64>, Vec<f64>) = x.diracs().chain(x.special().diracs()).unzip();
        self.reduced_points(&positions, &masses, Format::F64)
    }

    /// The value with these Diracs, which are the results of an operation, reduced.
    pub(crate) fn reduced_points(&self, positions: &[f64], masses: &[f64], format: Format) -> Distribution {
        let n = match self.representation {
            Representation::Athens => self.precision,
            Representation::Jupiter => jupiter::reduced(self.precision),
            Representation::Zurich => 0,
        };
        let all = || {
            positions
                .iter()
                .zip(masses)
                .map(|(&position, &mass)| Item { position, mass })
        };
        let few = if self.representation == Representation::Jupiter {
            jupiter::BOUND
        } else {
            n
        };
        if positions.len() <= few || n == 0 || !are_finite(positions) {
            let mut special = SpecialMass::default();
            let items = all().filter(|item| !special.absorb(item.position, item.mass)).collect();
            return self.reduce(items, special, Reduction::MergeIfFew, format);
        }
        let items = athens::merge_if_few(all(), n).unwrap_or_else(|| match crate::distribution::one_mass(masses) {
            Some(mass) => athens::split_equal(positions, mass, n, self.cancel),
            None => athens::split_points(positions, masses, n, self.cancel),
        });
        self.collect(items, SpecialMass::default(), format)
    }

    /// The value with these integers, which are the results of an operation, reduced as in
    /// [`integer`](Arithmetic::integer).
    pub(crate) fn reduced_integers(&self, atoms: &[(i128, f64)]) -> Distribution {
        let mut merged = BTreeMap::new();
        for &(value, mass) in atoms {
            *merged.entry(value).or_insert(0.0) += mass;
        }
        if merged.len() <= self.precision {
            return integer::collect(merged.into_iter().collect(), self.representation);
        }
        let origin = atoms.first().map_or(0, |atom| atom.0);
        let ends = atoms
            .iter()
            .fold((origin, origin), |ends, atom| (ends.0.min(atom.0), ends.1.max(atom.0)));
        let items = atoms.iter().map(|&(value, mass)| Item {
            position: (value - origin) as f64,
            mass,
        });
        let reduced = self.reduce(
            items.collect(),
            SpecialMass::default(),
            Reduction::KeepOrder,
            Format::F64,
        );
        // A mean is rounded to double, which may be beyond all of them.
        let value = |position: f64| {
            let value = origin.saturating_add(position.round_ties_even() as i128);
            value.clamp(ends.0, ends.1)
        };
        let atoms = reduced.diracs().map(|(position, mass)| (value(position), mass));
        integer::collect(atoms.collect(), self.representation)
    }

    fn certain(&self, value: f64) -> Distribution {
        Distribution::certain(value).in_representation(self.representation)
    }

    fn mapped(&self, x: &Distribution, function: OneOperand, format: Format) -> Distribution {
        map_all(x, |values| {
            with_best_kernel(Each(values, function, format, self.cancel))
        })
    }

    /// All pairs of two distributions, reduced.
    ///
    /// The rule takes the pairs with the first operand outer, and the order decides ties and the last bits of sums. Compilers
    /// swap operands as they like; so those of a commutative function are put in an order of their own first. Only Jupiter,
    /// whose results show the order, keeps it.
    fn pairs(&self, function: BinaryFn, x: &Distribution, y: &Distribution, format: Format) -> Distribution {
        let (mut x, mut y) = (Diracs::of(x), Diracs::of(y));
        if let Some(atoms) = athens::compare(function, &x, &y) {
            return self.collect(atoms, SpecialMass::default(), format);
        }
        let function = match function {
            // The same in IEEE 754, signs of zeros included.
            BinaryFn::Sub => {
                y = y.negated();
                BinaryFn::Add
            }
            other => other,
        };
        if self.representation != Representation::Jupiter && function.is_commutative() && y.precedes(&x) {
            std::mem::swap(&mut x, &mut y);
        }
        let (items, special) = match self.representation {
            Representation::Athens => athens::combine(function, x, y, format, self.precision, self.cancel),
            Representation::Jupiter if x.len() * y.len() > jupiter::BOUND => {
                athens::combine(function, x, y, format, jupiter::reduced(self.precision), self.cancel)
            }
            _ => self.all_pairs(&x, &y, |x, y| {
                self.cancel.unless_requested(|| function.evaluate(x, y, format))
            }),
        };
        self.collect(items, special, format)
    }

    /// All pairs under any function, reduced by the rule of the representation.
    fn all_pairs(&self, x: &Diracs, y: &Diracs, function: impl Fn(f64, f64) -> f64 + Copy) -> (Vec<Item>, SpecialMass) {
        match self.representation {
            Representation::Athens => athens::all_pairs(x, y, self.precision, self.cancel, function),
            Representation::Zurich => zurich::all_pairs(x, y, self.precision, self.cancel, function),
            Representation::Jupiter if x.len() * y.len() <= jupiter::BOUND => jupiter::all_pairs(x, y, function),
            Representation::Jupiter => athens::all_pairs(x, y, jupiter::reduced(self.precision), self.cancel, function),
        }
    }

    fn gather(&self, items: impl Iterator<Item = Item>, format: Format) -> Distribution {
        let mut special = SpecialMass::default();
        let items: Vec<Item> = (self.cancel.while_wanted(items))
            .map(|item| Item {
                position: format.round(item.position),
                ..item
            })
            .filter(|item| !special.absorb(item.position, item.mass))
            .collect();
        self.reduce(items, special, Reduction::KeepOrder, format)
    }

    /// Brings a list of Diracs to the form of the representation.
    fn reduce(&self, mut items: Vec<Item>, special: SpecialMass, reduction: Reduction, format: Format) -> Distribution {
        let athens = |items: &mut Vec<Item>, n| {
            if reduction == Reduction::MergeIfFew
                && let Some(merged) = athens::merge_if_few(items.iter().copied(), n)
            {
                return merged;
            }
            athens::split_long(std::mem::take(items), n, self.cancel)
        };
        let items = match self.representation {
            Representation::Athens => athens(&mut items, self.precision),
            Representation::Zurich => zurich::grid(&items, self.precision, self.cancel),
            Representation::Jupiter if reduction == Reduction::KeepOrder => athens(&mut items, self.precision),
            Representation::Jupiter if items.len() <= jupiter::BOUND => items,
            Representation::Jupiter => athens(&mut items, jupiter::reduced(self.precision)),
        };
        self.collect(items, special, format)
    }

    /// Makes the value: positions rounded to the format, which may send them to infinity.
    fn collect(&self, mut items: Vec<Item>, mut special: SpecialMass, format: Format) -> Distribution {
        if self.cancel.is_requested() || (items.is_empty() && special.total() <= 0.0) {
            return Distribution::certain(f64::NAN);
        }
        items.retain_mut(|item| {
            item.position = format.round(item.position);
            !special.absorb(item.position, item.mass)
        });
        let positions = items.iter().map(|item| item.position);
        let diracs = positions.chain(items.iter().map(|item| item.mass)).collect();
        Distribution::from_raw(diracs, special, self.representation)
    }
}

/// What happens to a list of at most N distinct positions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reduction {
    /// Equal positions are merged and come out ascending: results of operations, so that dice stay exact.
    MergeIfFew,
    /// Nothing is merged, order stays: samples.
    KeepOrder,
}

fn push(items: &mut Vec<Item>, special: &mut SpecialMass, position: f64, mass: f64) {
    if mass > 0.0 && !special.absorb(position, mass) {
        items.push(Item { position, mass });
    }
}

/// Maps positions, special ones included; masses and order stay.
pub(crate) fn map(x: &Distribution, function: impl Fn(f64) -> f64) -> Distribution {
    map_all(x, |values| {
        values.iter_mut().for_each(|value| *value = function(*value))
    })
}

/// The same with what maps all of some positions.
fn map_all(x: &Distribution, function: impl FnOnce(&mut [f64])) -> Distribution {
    // Room for the masses behind the positions.
    let special = x.special().diracs();
    let mut diracs = Vec::with_capacity(2 * x.len());
    diracs.extend_from_slice(x.positions());
    diracs.extend(special.map(|(value, _)| value));
    function(&mut diracs);
    if diracs.len() == x.len() && are_finite(&diracs) {
        diracs.extend_from_slice(x.masses());
        return Distribution::from_raw(diracs.into(), SpecialMass::default(), x.representation());
    }
    let masses = x
        .masses()
        .iter()
        .copied()
        .chain(x.special().diracs().map(|(_, mass)| mass));
    Distribution::from_points(&diracs, &masses.collect::<Vec<f64>>(), x.representation())
}

/// A function one operand of which is uncertain.
#[derive(Clone, Copy)]
enum OneOperand {
    Of(UnaryFn),
    /// The first operand is; the second one is given.
    First(BinaryFn, f64),
    Second(BinaryFn, f64),
}

/// Replaces each number by a function's value. (No closure: it would not be compiled for the kernel's instruction set.)
struct Each<'a, 'c>(&'a mut [f64], OneOperand, Format, Cancel<'c>);

impl Job for Each<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<K: Kernel>(self, _: K) {
        let Each(values, function, format, cancel) = self;
        match function {
            OneOperand::Of(function) => function.evaluate_each(values, format),
            OneOperand::First(function, y) => function.evaluate_each(values, y, format, cancel),
            OneOperand::Second(function, x) => function.evaluate_each_from(x, values, format, cancel),
        }
    }
}
