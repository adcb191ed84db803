//! From Diracs to bars.
//!
//! Bars are [cells](distcore::cells). Diracs that fell close together by chance would make needles: if there are many, neighbours are
//! joined.
//!
//! A Dirac can also be just what it says: a number with a probability, such as the faces of a die, or all the mass that
//! `fmax(x, 0)` heaps up at zero. Those are [`atoms`](Histogram::atoms), and are drawn as such.

use distcore::Distribution;
use distcore::cells::{Borders, Cell, cells};

/// A distribution as a picture shows it: bars over parts of the line, and atoms.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Histogram {
    /// Side by side, ascending, none of zero width.
    pub bars: Vec<Cell>,
    /// Ascending, as (position, probability).
    pub atoms: Vec<(f64, f64)>,
}

/// Whether Diracs are drawn as parts of a density or as atoms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Reading {
    /// What the positions and masses suggest.
    #[default]
    Auto,
    /// Each Dirac stands for a cell around it.
    Density,
    /// Each Dirac is a number with a probability.
    Atoms,
}

/// Values with no more distinct positions are taken for atoms: no core represents a density with fewer than 32 Diracs unless
/// told to.
const FEW: usize = 7;
/// Integers in larger number are drawn as bars: stems would touch.
const MANY: usize = 80;
/// A heap of mass has this many times the mass of its neighbours, and of the average Dirac. (The first cell of a density with
/// a heavy tail is heavy too, but so is the second.)
const HEAP: f64 = 8.0;
/// And at least this share of everything: less is a coincidence.
const LEAST_HEAP: f64 = 0.05;
/// Bars are joined as long as more than one in this many is a peak…
const BARS_A_PEAK: usize = 16;
/// …and there are more bars than this.
const FEWEST: usize = 16;
/// A peak rises above both neighbours by this share.
const PEAK: f64 = 0.02;

impl Histogram {
    /// The bars and atoms of a distribution; at most `most` bars. Masses are shares of the whole, special mass included.
    #[must_use]
    pub fn new(distribution: &Distribution, reading: Reading, most: usize) -> Histogram {
        Histogram::scaled(distribution, reading, most, |x| x)
    }

    /// As [`new`](Histogram::new), with positions moved to an axis.
    pub(crate) fn scaled(
        distribution: &Distribution,
        reading: Reading,
        most: usize,
        scale: impl Fn(f64) -> f64,
    ) -> Histogram {
        let total = distribution.finite_mass() + distribution.special().total();
        let points = distribution.merged();
        let atoms: Vec<bool> = match reading {
            Reading::Density => vec![false; points.len()],
            Reading::Atoms => vec![true; points.len()],
            Reading::Auto if points.len() <= FEW || is_lattice(&points) => vec![true; points.len()],
            Reading::Auto => heaps(&points, distribution),
        };
        let mut histogram = Histogram::default();
        let mut rest: Vec<(f64, f64)> = Vec::with_capacity(points.len());
        for (&(x, mass), &is_atom) in points.iter().zip(&atoms) {
            let (x, mass) = (scale(x), mass / total);
            let list = if is_atom { &mut histogram.atoms } else { &mut rest };
            match list.last_mut() {
                // Scaling can make equal what was not.
                Some(last) if last.0 == x => last.1 += mass,
                _ => list.push((x, mass)),
            }
        }
        if rest.len() == 1 {
            histogram.atoms.append(&mut rest);
            histogram.atoms.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        if !rest.is_empty() {
            // Atoms were Diracs of the tree.
            let borders = if histogram.atoms.is_empty() {
                Borders::of(&rest, distribution.representation())
            } else {
                Borders::Midpoints
            };
            histogram.bars = joined(&rest, most, borders);
        }
        histogram
    }

    /// The largest density of a bar; 0 without bars.
    #[must_use]
    pub fn highest_density(&self) -> f64 {
        self.bars.iter().map(Cell::density).fold(0.0, f64::max)
    }

    /// The largest probability of an atom; 0 without atoms.
    #[must_use]
    pub fn highest_atom(&self) -> f64 {
        self.atoms.iter().map(|atom| atom.1).fold(0.0, f64::max)
    }

    /// From the lowest to the highest position that is drawn; `None` if nothing is.
    #[must_use]
    pub fn range(&self) -> Option<(f64, f64)> {
        let lows = [
            self.bars.first().map(|bar| bar.left),
            self.atoms.first().map(|atom| atom.0),
        ];
        let highs = [
            self.bars.last().map(|bar| bar.right),
            self.atoms.last().map(|atom| atom.0),
        ];
        let low = lows.into_iter().flatten().reduce(f64::min)?;
        let high = highs.into_iter().flatten().reduce(f64::max)?;
        Some((low, high))
    }

    /// The probability of the bars between two positions.
    #[must_use]
    pub fn mass_between(&self, low: f64, high: f64) -> f64 {
        let first = self.bars.partition_point(|bar| bar.right <= low);
        let inside = self.bars[first..].iter().take_while(|bar| bar.left < high);
        inside
            .map(|bar| bar.density() * (bar.right.min(high) - bar.left.max(low)))
            .sum()
    }
}

/// Integers, as of dice and counters. Equal masses at equal steps of more than one are cells of a uniform density instead.
fn is_lattice(points: &[(f64, f64)]) -> bool {
    if points.len() > MANY || points.iter().any(|point| point.0.fract() != 0.0) {
        return false;
    }
    let smallest = points
        .windows(2)
        .map(|pair| pair[1].0 - pair[0].0)
        .fold(f64::INFINITY, f64::min);
    let on_steps = points
        .iter()
        .all(|point| ((point.0 - points[0].0) / smallest).fract() == 0.0);
    let is_even = |values: &mut dyn Iterator<Item = f64>| {
        let (low, high) = values.fold((f64::INFINITY, 0f64), |(low, high), x| (low.min(x), high.max(x)));
        high - low <= 1e-9 * high
    };
    let looks_uniform = points.len().is_power_of_two()
        && is_even(&mut points.windows(2).map(|pair| pair[1].0 - pair[0].0))
        && is_even(&mut points.iter().map(|point| point.1));
    on_steps && (smallest == 1.0 || !looks_uniform)
}

/// Which positions hold a heap of mass amid a density.
fn heaps(points: &[(f64, f64)], distribution: &Distribution) -> Vec<bool> {
    let total = distribution.finite_mass();
    let usual = (total / distribution.len() as f64).max(LEAST_HEAP / HEAP * total);
    let stands_out = |i: usize| {
        let neighbours = [i.checked_sub(1), Some(i + 1)]
            .into_iter()
            .flatten()
            .filter_map(|other| points.get(other));
        neighbours.fold(usual, |most, other| most.max(other.1)) * HEAP <= points[i].1
    };
    (0..points.len()).map(stands_out).collect()
}

/// Bars for the points, `most` of them or fewer: as few as make a calm picture.
fn joined(points: &[(f64, f64)], most: usize, borders: Borders) -> Vec<Cell> {
    let mut budget = points.len().next_power_of_two().min(most.max(2));
    loop {
        let bars = cells(points, budget, borders);
        if budget / 2 < FEWEST || !is_restless(&bars) {
            return bars;
        }
        budget /= 2;
    }
}

fn is_restless(bars: &[Cell]) -> bool {
    let densities: Vec<f64> = bars.iter().map(Cell::density).collect();
    let is_peak = |three: &&[f64]| three[1] > (1.0 + PEAK) * three[0].max(three[2]);
    densities.windows(3).filter(is_peak).count() > 1 + bars.len() / BARS_A_PEAK
}
