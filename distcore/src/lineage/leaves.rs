//! The sources of a kernel at its points: all combinations of their Diracs, or joint points.

use std::collections::HashMap;
use std::sync::Arc;

use super::node::Values;
use super::points::Dimension;
use crate::Distribution;
use crate::distribution::{are_ascending, one_mass};

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

/// The quantiles of a source, one for each of a number of equal strata of [0, 1) that is a power of two.
#[derive(Clone, Debug)]
pub(super) enum Table {
    /// The positions of a distribution with that many Diracs of equal mass.
    Own(Arc<Distribution>),
    Made(Arc<Values>),
}

/// Tables have at least so many entries.
const LEAST_ENTRIES: usize = 256;

impl Table {
    fn reals(&self) -> &[f64] {
        match self {
            Table::Own(source) => source.positions(),
            Table::Made(values) => values.reals(),
        }
    }

    fn integers(&self) -> &[i128] {
        match self {
            Table::Own(_) => &[],
            Table::Made(values) => values.integers(),
        }
    }

    fn is_integer(&self) -> bool {
        matches!(self, Table::Made(values) if matches!(**values, Values::Integer(_)))
    }

    fn bytes(&self) -> usize {
        match self {
            Table::Own(_) => 0,
            Table::Made(values) => values.bytes(),
        }
    }
}

/// How fine a table is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Fineness {
    /// For 2^bits strata.
    pub(super) bits: u32,
    /// With at most 2^entry_bits entries where that loses nothing but the spread within a cell.
    pub(super) entry_bits: u32,
    /// Whether the source is known to be in order, or nearly so if its Diracs have equal mass.
    pub(super) is_in_order: bool,
}

/// The table of a source. Of Diracs of equal mass an entry is the mean of those in its cell. Else there is one for each
/// stratum: the Dirac that holds its midpoint.
fn quantiles(source: &Arc<Distribution>, fineness: Fineness) -> Table {
    let Fineness {
        bits,
        entry_bits,
        is_in_order,
    } = fineness;
    let strata = 1usize << bits;
    let (positions, masses) = (source.positions(), source.masses());
    let has_reals = source.wide().is_none() && source.special().total() == 0.0;
    let is_plain = has_reals && (is_in_order || are_ascending(positions));
    let count = positions.len();
    if is_plain && count.is_power_of_two() && count >= LEAST_ENTRIES && count <= strata && one_mass(masses).is_some() {
        let a_cell = count >> entry_bits;
        // A mean of whole numbers is none.
        if a_cell <= 1 || positions.iter().all(|position| position.fract() == 0.0) {
            return Table::Own(Arc::clone(source));
        }
        let mean = |cell: &[f64]| cell.iter().sum::<f64>() / a_cell as f64;
        return Table::Made(Arc::new(Values::Real(positions.chunks(a_cell).map(mean).collect())));
    }
    let is_plain = has_reals && are_ascending(positions);
    Table::Made(Arc::new(if is_plain && masses.iter().all(|&mass| mass > 0.0) {
        Values::Real(spread_out(positions, &ends(masses, strata), strata))
    } else {
        let leaf = Leaf::new(source).ascending();
        let ends = ends(&leaf.masses, strata);
        match &leaf.integers {
            Some(integers) => Values::Integer(spread_out(integers, &ends, strata)),
            None => Values::Real(spread_out(&leaf.reals, &ends, strata)),
        }
    }))
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
    Quantiles { table: Table, dimension: Dimension },
    /// The same where tables of all sources would take too much memory: made when they are wanted, for all points at once.
    LateQuantiles {
        source: Arc<Distribution>,
        dimension: Dimension,
        fineness: Fineness,
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
            Load::Known(values) => matches!(**values, Values::Integer(_)),
            Load::Quantiles { table, .. } => table.is_integer(),
            Load::Spread { values, .. } => matches!(values, Values::Integer(_)),
            Load::LateQuantiles { source, .. } => source.wide().is_some(),
        }
    }

    /// Writes the values at points `first`, `first + 1`, …; `strata` is scratch of that length.
    #[inline(always)]
    pub(super) fn reals(&self, first: usize, to: &mut [f64], strata: &mut [u32]) {
        match self {
            Load::Rows => to.iter_mut().enumerate().for_each(|(k, to)| *to = (first + k) as f64),
            _ => self.write(first, to, strata, Values::reals, Table::reals),
        }
    }

    /// The same for integers.
    pub(super) fn integers(&self, first: usize, to: &mut [i128], strata: &mut [u32]) {
        self.write(first, to, strata, Values::integers, Table::integers);
    }

    #[inline(always)]
    fn write<T: Copy>(
        &self,
        first: usize,
        to: &mut [T],
        strata: &mut [u32],
        of: impl Fn(&Values) -> &[T],
        entries: impl Fn(&Table) -> &[T],
    ) {
        match self {
            Load::Rows => {}
            Load::Known(values) => {
                if let Some(values) = of(values).get(first..first + to.len()) {
                    to.copy_from_slice(values);
                }
            }
            Load::Spread { values, stride } => spread(of(values), *stride, first, to),
            Load::Quantiles { table, dimension } => pick(entries(table), dimension, first, to, strata),
            Load::LateQuantiles {
                source,
                dimension,
                fineness,
            } => {
                let table = quantiles(source, *fineness);
                pick(entries(&table), dimension, first, to, strata);
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
    dimension.strata(first, table.len().checked_ilog2().unwrap_or(0), strata);
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

/// Outside of the code that is compiled for each instruction set: loads one by one are faster than the gathers of AVX-512.
#[inline(never)]
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
    /// By address and size; the distribution is kept alive, so that no other one has its address.
    tables: HashMap<(usize, Fineness), (Arc<Distribution>, Table)>,
    bytes: usize,
}

/// Tables may take so much, in bytes.
const TABLE_BYTES: usize = 16 << 20;

impl Tables {
    /// How many sources of a kernel may have a table at the same time.
    pub(super) fn at_once(entry_bits: u32) -> usize {
        TABLE_BYTES >> (entry_bits + 3)
    }

    /// The [table](quantiles) of a distribution.
    pub(super) fn of(&mut self, of: &Arc<Distribution>, fineness: Fineness) -> Table {
        let key = (Arc::as_ptr(of).addr(), fineness);
        if let Some((_, table)) = self.tables.get(&key) {
            return table.clone();
        }
        if self.bytes > TABLE_BYTES {
            self.tables.clear();
            self.bytes = 0;
        }
        let table = quantiles(of, fineness);
        // With the distribution, which it keeps alive.
        self.bytes += table.bytes() + 2 * size_of::<f64>() * of.len();
        self.tables.insert(key, (Arc::clone(of), table.clone()));
        table
    }
}
