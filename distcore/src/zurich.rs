//! Zurich: a regular grid of positions.
//!
//! N equally spaced points from the smallest to the largest position, both included; each Dirac moves to the nearest
//! point, so means are not kept exactly, and points without mass stay. How real cores make the grid of an operation's
//! result is not public; here it is made as for samples. A law has cells of equal width instead, each with its exact mass
//! at the midpoint.

use crate::arithmetic::Cancel;
use crate::athens::{Diracs, Item};
use crate::{Law, SpecialMass};

/// The points of a grid, and the mass that has come to them.
///
/// Everything is halved, so that no difference overflows, up to the whole range of doubles.
struct Grid {
    half_low: f64,
    half_step: f64,
    masses: Vec<f64>,
}

impl Grid {
    /// `n` points from `low` to `high`; one point if the two are equal.
    fn new(low: f64, high: f64, n: usize) -> Grid {
        let half_step = (0.5 * high - 0.5 * low) / (n - 1) as f64;
        Grid {
            half_low: 0.5 * low,
            half_step,
            masses: vec![0.0; if low < high { n } else { 1 }],
        }
    }

    fn add(&mut self, position: f64, mass: f64) {
        let last = self.masses.len() - 1;
        // `as` takes NaN (of a single point: 0 / 0) to 0.
        let index = ((0.5 * position - self.half_low) / self.half_step).round() as usize;
        self.masses[index.min(last)] += mass;
    }

    fn items(self) -> Vec<Item> {
        let position = |i: usize| 2.0 * (self.half_low + self.half_step * i as f64);
        let point = |(i, mass)| Item {
            position: position(i).clamp(f64::MIN, f64::MAX),
            mass,
        };
        self.masses.iter().copied().enumerate().map(point).collect()
    }
}

/// Moves each item to the nearest of `n` equally spaced points from the smallest to the largest position.
pub(crate) fn grid(items: &[Item], n: usize, cancel: Cancel) -> Vec<Item> {
    if items.is_empty() {
        return Vec::new();
    }
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for item in cancel.while_wanted(items.iter()) {
        (low, high) = (low.min(item.position), high.max(item.position));
    }
    let mut grid = Grid::new(low, high, n);
    let items = cancel.while_wanted(items.iter());
    items.for_each(|item| grid.add(item.position, item.mass));
    grid.items()
}

/// All pairs of two operands on a new grid. Pairs are made twice, once for the range and once for the masses, so that
/// none is kept.
pub(crate) fn all_pairs(
    x: &Diracs,
    y: &Diracs,
    n: usize,
    cancel: Cancel,
    function: impl Fn(f64, f64) -> f64,
) -> (Vec<Item>, SpecialMass) {
    let mut special = SpecialMass::default();
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for (x, x_mass) in x.iter().take_while(|_| !cancel.is_requested()) {
        for (y, y_mass) in y.iter() {
            let position = function(x, y);
            if !special.absorb(position, x_mass * y_mass) {
                (low, high) = (low.min(position), high.max(position));
            }
        }
    }
    if low > high {
        return (Vec::new(), special);
    }
    let mut grid = Grid::new(low, high, n);
    for (x, x_mass) in x.iter().take_while(|_| !cancel.is_requested()) {
        for (y, y_mass) in y.iter() {
            let position = function(x, y);
            if position.is_finite() {
                grid.add(position, x_mass * y_mass);
            }
        }
    }
    (grid.items(), special)
}

/// How much mass of an unbounded tail the grid leaves outside (the outer cells take it in): 2^-40, where a normal law
/// has gone 7 standard deviations.
const TAIL: f64 = 1.0 / (1u64 << 40) as f64;

/// Cells of equal width over the law's support, each a Dirac at its midpoint with its exact mass.
///
/// An unbounded support is cut where 2^-40 of the mass is left; the outer cells reach to infinity.
pub(crate) fn law(law: &Law, n: usize) -> Vec<Item> {
    let (min, max) = law.support();
    let low = if min.is_finite() {
        min
    } else {
        law.quantile(TAIL).max(f64::MIN)
    };
    let high = if max.is_finite() {
        max
    } else {
        law.upper_quantile(TAIL).min(f64::MAX)
    };
    if low == high {
        return vec![Item {
            position: low,
            mass: 1.0,
        }];
    }
    let width = high / n as f64 - low / n as f64;
    // The distance to the lower end may be too large for a number: then by halves.
    let at = |from: f64, distance: f64, half: f64| {
        if distance.is_finite() {
            from + distance
        } else {
            2.0 * (0.5 * from + half)
        }
    };
    let edge = |i: usize| match i {
        0 => f64::NEG_INFINITY,
        _ if i == n => f64::INFINITY,
        _ => at(low, width * i as f64, (0.5 * width) * i as f64),
    };
    let dirac = |i| Item {
        position: at(low + width / 2.0, width * i as f64, (0.5 * width) * i as f64),
        mass: law.cell(edge(i), edge(i + 1)).mass,
    };
    (0..n).map(dirac).collect()
}
