//! The sources of a kernel at its points: all combinations of their Diracs, or joint points.

use std::collections::HashMap;
use std::sync::Arc;

use super::node::Values;
use super::points::Dimension;
use crate::Distribution;

/// Points that are evaluated at a time: the columns of a kernel stay in the cache next to the core.
pub(super) const BLOCK: usize = 512;

/// The Diracs of a source with mass, special ones included, in the order of the rule or ascending.
#[derive(Debug)]
pub(super) struct Leaf {
    reals: Vec<f64>,
    /// The exact positions, if some are beyond 2^53.
    integers: Option<Vec<i128>>,
    masses: Vec<f64>,
}

impl Leaf {
    pub(super) fn new(source: &Distribution) -> Leaf {
        let with_mass = |dirac: &(f64, f64)| dirac.1 > 0.0;
        let (reals, masses) = source
            .diracs()
            .chain(source.special().diracs())
            .filter(with_mass)
            .unzip();
        let integers = source.wide().map(|wide| {
            let finite = wide.iter().copied().zip(source.masses().iter().copied());
            finite.filter(|atom| atom.1 > 0.0).map(|atom| atom.0).collect()
        });
        Leaf {
            reals,
            integers,
            masses,
        }
    }

    /// The number of Diracs.
    pub(super) fn len(&self) -> usize {
        self.reals.len()
    }

    pub(super) fn masses(&self) -> &[f64] {
        &self.masses
    }

    fn values(self) -> Values {
        match self.integers {
            Some(integers) => Values::Integer(integers),
            None => Values::Real(self.reals),
        }
    }

    fn ascending(mut self) -> Leaf {
        let mut order: Vec<usize> = (0..self.len()).collect();
        match &self.integers {
            Some(integers) => order.sort_by_key(|&k| integers[k]),
            None if self.reals.is_sorted() => return self,
            None => order.sort_by(|&a, &b| self.reals[a].total_cmp(&self.reals[b])),
        }
        self.reals = order.iter().map(|&k| self.reals[k]).collect();
        self.masses = order.iter().map(|&k| self.masses[k]).collect();
        self.integers = self
            .integers
            .map(|integers| order.iter().map(|&k| integers[k]).collect());
        self
    }
}

/// The table of quantiles: for each of 2^bits equal strata of [0, 1) the value of the Dirac that holds its midpoint.
fn quantiles(source: &Distribution, bits: u32) -> Values {
    let strata = 1usize << bits;
    let (positions, masses) = (source.positions(), source.masses());
    let is_plain = source.wide().is_none() && source.special().total() == 0.0 && positions.is_sorted();
    let first = masses.first().copied().unwrap_or(0.0);
    if is_plain && strata.is_multiple_of(positions.len().max(1)) && masses.iter().all(|&mass| mass == first) {
        let each = strata / positions.len().max(1);
        return Values::Real(positions.iter().flat_map(|&x| std::iter::repeat_n(x, each)).collect());
    }
    if is_plain && masses.iter().all(|&mass| mass > 0.0) {
        return Values::Real(spread_out(positions, &ends(masses, strata), strata));
    }
    let leaf = Leaf::new(source).ascending();
    let ends = ends(&leaf.masses, strata);
    match &leaf.integers {
        Some(integers) => Values::Integer(spread_out(integers, &ends, strata)),
        None => Values::Real(spread_out(&leaf.reals, &ends, strata)),
    }
}

/// The stratum that follows the last one of each Dirac. Stratum s belongs to the first Dirac up to which the mass is above
/// (s + 1/2) / strata of the whole.
fn ends(masses: &[f64], strata: usize) -> Vec<usize> {
    let total: f64 = masses.iter().sum();
    let scale = strata as f64 / total;
    let mut below = 0.0;
    let end = |mass: &f64| {
        below += mass;
        ((below * scale - 0.5).ceil().max(0.0) as usize).min(strata)
    };
    let mut ends: Vec<usize> = masses.iter().map(end).collect();
    if let Some(last) = ends.last_mut() {
        *last = strata;
    }
    ends
}

fn spread_out<T: Copy>(values: &[T], ends: &[usize], strata: usize) -> Vec<T> {
    let mut table = Vec::with_capacity(strata);
    for (&value, &end) in values.iter().zip(ends) {
        table.resize(end.max(table.len()), value);
    }
    table
}

/// Where the values of a kernel's source come from, at each of its points.
#[derive(Debug)]
pub(super) enum Load {
    /// A value for each point: a column that is known already.
    Known(Arc<Values>),
    /// The frozen rows: row i is point i.
    Rows,
    /// All combinations: values in turn, each for so many consecutive points.
    Spread { values: Values, stride: usize },
    /// Joint points, by a table of quantiles and a dimension of the point set.
    Quantiles { table: Arc<Values>, dimension: Dimension },
    /// The same where tables of all sources would take too much memory: made when they are wanted, for all points at once.
    LateQuantiles {
        source: Arc<Distribution>,
        dimension: Dimension,
        bits: u32,
    },
}

impl Load {
    /// The values of `source` in the full grid.
    pub(super) fn spread(source: &Distribution, stride: usize) -> Load {
        Load::Spread {
            values: Leaf::new(source).values(),
            stride,
        }
    }

    /// Whether the values are integers beyond 2^53.
    pub(super) fn is_integer(&self) -> bool {
        match self {
            Load::Rows => false,
            Load::Known(values) | Load::Quantiles { table: values, .. } => matches!(**values, Values::Integer(_)),
            Load::Spread { values, .. } => matches!(values, Values::Integer(_)),
            Load::LateQuantiles { source, .. } => source.wide().is_some(),
        }
    }

    /// Writes the values at points `first`, `first + 1`, …; `strata` is scratch of that length.
    #[inline(always)]
    pub(super) fn reals(&self, first: usize, to: &mut [f64], strata: &mut [u32]) {
        match self {
            Load::Rows => to.iter_mut().enumerate().for_each(|(k, to)| *to = (first + k) as f64),
            _ => self.write(first, to, strata, |values| match values {
                Values::Real(values) => values,
                Values::Integer(_) => &[],
            }),
        }
    }

    /// The same for integers.
    pub(super) fn integers(&self, first: usize, to: &mut [i128], strata: &mut [u32]) {
        self.write(first, to, strata, |values| match values {
            Values::Integer(values) => values,
            Values::Real(_) => &[],
        });
    }

    #[inline(always)]
    fn write<T: Copy>(&self, first: usize, to: &mut [T], strata: &mut [u32], of: impl Fn(&Values) -> &[T]) {
        match self {
            Load::Rows => {}
            Load::Known(values) => {
                if let Some(values) = of(values).get(first..first + to.len()) {
                    to.copy_from_slice(values);
                }
            }
            Load::Spread { values, stride } => spread(of(values), *stride, first, to),
            Load::Quantiles { table, dimension } => pick(of(table), dimension, first, to, strata),
            Load::LateQuantiles {
                source,
                dimension,
                bits,
            } => {
                let table = quantiles(source, *bits);
                pick(of(&table), dimension, first, to, strata);
            }
        }
    }
}

fn spread<T: Copy>(values: &[T], stride: usize, first: usize, to: &mut [T]) {
    if values.is_empty() {
        return;
    }
    let (mut index, mut left) = (first / stride % values.len(), stride - first % stride);
    let mut rest = to;
    while !rest.is_empty() {
        let (now, later) = rest.split_at_mut(left.min(rest.len()));
        now.fill(values[index]);
        index = if index + 1 == values.len() { 0 } else { index + 1 };
        left = stride;
        rest = later;
    }
}

#[inline(always)]
fn pick<T: Copy>(table: &[T], dimension: &Dimension, first: usize, to: &mut [T], strata: &mut [u32]) {
    let strata = &mut strata[..to.len()];
    dimension.strata(first, strata);
    // For each size a loop of its own, in which no index can be out of bounds.
    match table.len().checked_ilog2().unwrap_or(0) {
        8 => pick_of::<T, 256>(table, strata, to),
        9 => pick_of::<T, 512>(table, strata, to),
        10 => pick_of::<T, 1024>(table, strata, to),
        11 => pick_of::<T, 2048>(table, strata, to),
        12 => pick_of::<T, 4096>(table, strata, to),
        13 => pick_of::<T, 8192>(table, strata, to),
        14 => pick_of::<T, 16384>(table, strata, to),
        15 => pick_of::<T, 32768>(table, strata, to),
        16 => pick_of::<T, 65536>(table, strata, to),
        _ => {}
    }
}

#[inline(always)]
fn pick_of<T: Copy, const SIZE: usize>(table: &[T], strata: &[u32], to: &mut [T]) {
    let Some(table) = table.first_chunk::<SIZE>() else {
        return;
    };
    for (to, &stratum) in to.iter_mut().zip(strata) {
        *to = table[stratum as usize & (SIZE - 1)];
    }
}

/// The mass of each point of the full grid, the first source outermost: the product of its Diracs' masses.
pub(super) fn grid_masses(leaves: &[Leaf]) -> Vec<f64> {
    let mut masses = vec![1.0];
    for leaf in leaves {
        let pairs = |outer: &f64| {
            let outer = *outer;
            leaf.masses().iter().map(move |mass| outer * mass)
        };
        masses = masses.iter().flat_map(pairs).collect();
    }
    masses
}

/// Tables of quantiles, by the distribution that they were made of.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// By address; the distribution is kept alive, so that no other one has it.
    tables: HashMap<(usize, u32), (Arc<Distribution>, Arc<Values>)>,
    bytes: usize,
}

/// Tables may take so much, in bytes.
const TABLE_BYTES: usize = 16 << 20;

impl Tables {
    /// How many sources of a kernel may have a table at the same time.
    pub(super) fn at_once(bits: u32) -> usize {
        TABLE_BYTES >> (bits + 3)
    }

    /// The table of a distribution at 2^bits points.
    pub(super) fn of(&mut self, of: &Arc<Distribution>, bits: u32) -> Arc<Values> {
        let key = (Arc::as_ptr(of).addr(), bits);
        if let Some((_, values)) = self.tables.get(&key) {
            return Arc::clone(values);
        }
        if self.bytes > TABLE_BYTES {
            self.tables.clear();
            self.bytes = 0;
        }
        let values = Arc::new(quantiles(of, bits));
        self.bytes += values.len() * size_of::<f64>();
        self.tables.insert(key, (Arc::clone(of), Arc::clone(&values)));
        values
    }
}
