//! The sources of a kernel at its points: all combinations of their Diracs, or joint points.

use std::cell::OnceCell;

use super::kernel::Leaves;
use super::points::Dimension;
use crate::Distribution;

/// The Diracs of a source with mass, special ones included, in the order of the rule or ascending.
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

    /// For each of `strata` equal strata of [0, 1) the number of the Dirac that is the quantile of its midpoint.
    fn quantiles(&self, strata: usize) -> Vec<u32> {
        let total: f64 = self.masses.iter().sum();
        let (mut dirac, mut below) = (0, self.masses.first().copied().unwrap_or(0.0));
        (0..strata)
            .map(|stratum| {
                let target = (stratum as f64 + 0.5) / strata as f64 * total;
                while below <= target && dirac + 1 < self.len() {
                    dirac += 1;
                    below += self.masses[dirac];
                }
                dirac as u32
            })
            .collect()
    }
}

/// All combinations, the first source outermost.
pub(super) struct Grid {
    leaves: Vec<Leaf>,
    /// How many consecutive points share a Dirac of the source.
    strides: Vec<usize>,
    points: usize,
}

impl Grid {
    pub(super) fn new(leaves: Vec<Leaf>) -> Grid {
        let mut points = 1;
        let mut strides: Vec<usize> = leaves
            .iter()
            .rev()
            .map(|leaf| {
                let stride = points;
                points *= leaf.len();
                stride
            })
            .collect();
        strides.reverse();
        Grid {
            leaves,
            strides,
            points,
        }
    }

    pub(super) fn points(&self) -> usize {
        self.points
    }

    /// The mass of each point: the product of its Diracs' masses.
    pub(super) fn masses(&self) -> Vec<f64> {
        let mut masses = vec![1.0];
        for leaf in &self.leaves {
            masses = masses
                .iter()
                .flat_map(|outer| leaf.masses.iter().map(move |mass| outer * mass))
                .collect();
        }
        masses
    }

    fn spread<T: Copy>(&self, leaf: usize, values: &[T], first: usize, to: &mut [T]) {
        let stride = self.strides[leaf];
        let (mut index, mut left) = (first / stride % values.len(), stride - first % stride);
        for to in to {
            if left == 0 {
                index = if index + 1 == values.len() { 0 } else { index + 1 };
                left = stride;
            }
            *to = values[index];
            left -= 1;
        }
    }
}

impl Leaves for Grid {
    fn is_integer(&self, leaf: usize) -> bool {
        self.leaves[leaf].integers.is_some()
    }

    fn reals(&self, leaf: usize, first: usize, to: &mut [f64]) {
        self.spread(leaf, &self.leaves[leaf].reals, first, to);
    }

    fn integers(&self, leaf: usize, first: usize, to: &mut [i128]) {
        if let Some(integers) = &self.leaves[leaf].integers {
            self.spread(leaf, integers, first, to);
        }
    }
}

/// One source of joint points.
enum Particle {
    /// The frozen rows: row i is point i.
    Rows,
    /// Any other, ascending, by its quantiles in a dimension of the point set; and the values at all points, once they
    /// have been worked out.
    Quantiles {
        leaf: Leaf,
        dimension: Dimension,
        column: OnceCell<Vec<f64>>,
    },
}

/// 2^bits joint points of equal mass.
pub(super) struct Particles {
    bits: u32,
    leaves: Vec<Particle>,
    block: usize,
}

/// Points that are evaluated at a time: the columns of a kernel stay in the cache next to the core.
pub(super) const BLOCK: usize = 512;
/// Columns of sources are kept from block to block if they take no more than this, in bytes; else all points are one block.
const KEPT_BYTES: usize = 16 << 20;

impl Particles {
    /// Joint points of these sources (number and Diracs; `None` for the frozen rows), whose dimensions start at `dimension`.
    pub(super) fn new(sources: Vec<(u64, Option<Leaf>)>, points: usize, seed: u64, dimension: usize) -> Particles {
        let bits = points.max(2).ilog2();
        let is_kept = sources.len() << bits << 3 <= KEPT_BYTES;
        let mut next = dimension;
        let leaves = sources
            .into_iter()
            .map(|(number, leaf)| {
                let Some(leaf) = leaf else { return Particle::Rows };
                let dimension = Dimension::new(next, bits, seed, number);
                next += 1;
                Particle::Quantiles {
                    leaf: leaf.ascending(),
                    dimension,
                    column: OnceCell::new(),
                }
            })
            .collect();
        let block = if is_kept { BLOCK } else { 1 << bits };
        Particles { bits, leaves, block }
    }

    pub(super) fn points(&self) -> usize {
        1 << self.bits
    }

    pub(super) fn block(&self) -> usize {
        self.block
    }
}

/// The values of a source at points `first`, ….
fn quantile_column<T: Copy>(values: &[T], leaf: &Leaf, dimension: &Dimension, first: usize, to: &mut [T], bits: u32) {
    let quantiles: Vec<T> = leaf
        .quantiles(1 << bits)
        .into_iter()
        .map(|dirac| values[dirac as usize])
        .collect();
    for (to, stratum) in to.iter_mut().zip(&dimension.strata(bits)[first..]) {
        *to = quantiles[*stratum as usize];
    }
}

impl Leaves for Particles {
    fn is_integer(&self, leaf: usize) -> bool {
        matches!(&self.leaves[leaf], Particle::Quantiles { leaf, .. } if leaf.integers.is_some())
    }

    fn reals(&self, leaf: usize, first: usize, to: &mut [f64]) {
        match &self.leaves[leaf] {
            Particle::Rows => {
                for (k, to) in to.iter_mut().enumerate() {
                    *to = (first + k) as f64;
                }
            }
            // All points in one block: worked out where they are wanted, once.
            Particle::Quantiles { leaf, dimension, .. } if to.len() == self.points() => {
                quantile_column(&leaf.reals, leaf, dimension, first, to, self.bits);
            }
            Particle::Quantiles {
                leaf,
                dimension,
                column,
            } => {
                let column = column.get_or_init(|| {
                    let mut column = vec![0.0; self.points()];
                    quantile_column(&leaf.reals, leaf, dimension, 0, &mut column, self.bits);
                    column
                });
                to.copy_from_slice(&column[first..first + to.len()]);
            }
        }
    }

    fn integers(&self, leaf: usize, first: usize, to: &mut [i128]) {
        if let Particle::Quantiles { leaf, dimension, .. } = &self.leaves[leaf]
            && let Some(integers) = &leaf.integers
        {
            quantile_column(integers, leaf, dimension, first, to, self.bits);
        }
    }
}
