//! Cells: the parts of the line that the Diracs of a continuous law stand for.
//!
//! In the Athens representation every Dirac stands at the mean of a cell, and the cells come from splitting the line at the
//! mean, both halves at theirs, and so on. The mean of a node of that tree is the mean of the Diracs under it. So the borders
//! of the cells need not be stored: splitting the list of Diracs at its mean, both parts at theirs, finds them again, exactly,
//! as long as the value came out of a split. The outer border of the two outermost cells, which may be infinite, is set so that
//! the Dirac stands in the middle.
//!
//! On the regular grid of Zurich, and where a function has moved the Diracs since the split, the borders lie half way between
//! neighbours.

use crate::{Distribution, Representation};

/// A part of the line with its probability and its mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Its lower border.
    pub left: f64,
    /// Its upper border.
    pub right: f64,
    /// Where its Dirac stands, or the mean of those it is joined from.
    pub mean: f64,
    /// Its probability, or a multiple of it: what the points have.
    pub mass: f64,
}

impl Cell {
    /// Mass per unit of the position, on average.
    #[must_use]
    pub fn density(&self) -> f64 {
        self.mass / (self.right - self.left)
    }
}

/// Where the border between two neighbours lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Borders {
    /// At the mean of the node that is divided there.
    Means,
    /// Half way.
    Midpoints,
}

impl Borders {
    /// What the points (ascending, each position once) of a value in this representation suggest.
    #[must_use]
    pub fn of(points: &[(f64, f64)], representation: Representation) -> Borders {
        if representation != Representation::Zurich && is_tree(points, points.len().next_power_of_two()) {
            Borders::Means
        } else {
            Borders::Midpoints
        }
    }
}

/// A border comes no nearer to a Dirac than this share of the gap that it divides.
const NEAREST: f64 = 1e-3;

/// The cells of the points (position and mass, ascending, each position once), side by side, none of zero width; at most `most` of
/// them, each a node of the split tree. None for fewer than two points.
///
/// ```
/// use distcore::cells::{Borders, cells};
/// // Means of the cells of a law with density 1/2 on [-1, 0] and on [0, 1].
/// let found = cells(&[(-0.75, 0.25), (-0.25, 0.25), (0.25, 0.25), (0.75, 0.25)], 4, Borders::Means);
/// assert_eq!(found.iter().map(|cell| cell.left).collect::<Vec<_>>(), [-1.0, -0.5, 0.0, 0.5]);
/// assert_eq!((found[3].right, found[3].density()), (1.0, 0.5));
/// ```
#[must_use]
pub fn cells(points: &[(f64, f64)], most: usize, rule: Borders) -> Vec<Cell> {
    if points.is_empty() {
        return Vec::new();
    }
    let (mut leaves, mut borders) = (Vec::new(), Vec::new());
    split_into(points, most, rule, &mut leaves, &mut borders);
    let mut cells = between(&leaves, &borders);
    // A leaf of several Diracs reaches at least to the outermost of them.
    if let (Some(cell), Some(point)) = (cells.first_mut(), points.first()) {
        cell.left = cell.left.min(point.0);
    }
    if let (Some(cell), Some(point)) = (cells.last_mut(), points.last()) {
        cell.right = cell.right.max(point.0);
    }
    cells
}

/// Whether the points can be the leaves of a split tree with at most so many leaves: the mean of every node divides its leaves
/// so that each half has room for its own.
fn is_tree(points: &[(f64, f64)], leaves: usize) -> bool {
    if points.len() <= 1 {
        return true;
    }
    let middle = divide(points).0;
    let half = leaves / 2;
    let (left, right) = points.split_at(middle);
    left.len() <= half && right.len() <= half && is_tree(left, half) && is_tree(right, half)
}

/// How many points are at or below the mean (neither none nor all), the mean, and the mass.
fn divide(points: &[(f64, f64)]) -> (usize, f64, f64) {
    // Around one of the positions, so that a small spread far from zero keeps its digits.
    let (origin, mass) = (points[0].0, points.iter().map(|point| point.1).sum::<f64>());
    let mean = origin + points.iter().map(|point| (point.0 - origin) * point.1).sum::<f64>() / mass;
    let middle = points
        .partition_point(|point| point.0 <= mean)
        .clamp(1, points.len().max(2) - 1);
    (middle, mean, mass)
}

fn split_into(
    points: &[(f64, f64)],
    budget: usize,
    rule: Borders,
    leaves: &mut Vec<(f64, f64)>,
    borders: &mut Vec<f64>,
) {
    let (middle, mean, mass) = divide(points);
    if points.len() == 1 || budget <= 1 {
        leaves.push((mean, mass));
        return;
    }
    let (left, right) = points.split_at(middle);
    let (below, above) = (points[middle - 1].0, points[middle].0);
    let slack = NEAREST * (above - below);
    let is_between = mean > below + slack && mean < above - slack;
    // Points that are no tree can be many on one side; as long as each still finds a cell of its own, none is joined.
    let half = if rule == Borders::Midpoints && points.len() <= budget {
        left.len()
    } else {
        budget / 2
    };
    split_into(left, half, rule, leaves, borders);
    borders.push(if rule == Borders::Means && is_between {
        mean
    } else {
        f64::midpoint(below, above)
    });
    split_into(right, budget - half, rule, leaves, borders);
}

/// Cells for points with the borders between them.
fn between(points: &[(f64, f64)], inner: &[f64]) -> Vec<Cell> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Vec::new();
    };
    let (Some(lowest), Some(highest)) = (inner.first(), inner.last()) else {
        return Vec::new();
    };
    let lefts = [2.0 * first.0 - lowest].into_iter().chain(inner.iter().copied());
    let rights = inner.iter().copied().chain([2.0 * last.0 - highest]);
    points
        .iter()
        .zip(lefts.zip(rights))
        .map(|(&(mean, mass), (left, right))| Cell {
            left,
            right,
            mean,
            mass,
        })
        .filter(|cell| cell.right > cell.left)
        .collect()
}

/// The density of the continuous law that the Diracs of a value may stand for: an estimate.
///
/// Inside a cell of a split tree it is the straight line that has the cell's mass and mean, which are both known; where the borders
/// are midpoints, the mean says nothing, and the logarithm of the density is interpolated between the positions. Outside the
/// outermost cells, which have all mass, it is zero.
pub(crate) struct Density {
    cells: Vec<Cell>,
    borders: Borders,
}

/// A density that is not smaller than this share of its neighbour's in the outermost cell has an edge there. (Of the laws with tails,
/// the exponential one falls least, by a factor of about 1/5 from 32 Diracs on.)
const EDGE: f64 = 0.5;

impl Density {
    /// The density of a value; zero everywhere for one of fewer than two positions.
    pub(crate) fn of(value: &Distribution) -> Density {
        let points = value.merged();
        let borders = Borders::of(&points, value.representation());
        let cells = cells(&points, points.len().next_power_of_two(), borders);
        Density { cells, borders }
    }

    /// The density at `x`.
    pub(crate) fn at(&self, x: f64) -> f64 {
        let cells = &self.cells;
        if cells.len() < 2 || !x.is_finite() {
            return 0.0;
        }
        let last = cells.len() - 1;
        let index = cells.partition_point(|cell| cell.right < x);
        let Some(cell) = cells.get(index).filter(|_| x >= cells[0].left) else {
            return 0.0;
        };
        match self.borders {
            Borders::Means => {
                let (width, middle) = (cell.right - cell.left, f64::midpoint(cell.left, cell.right));
                // A line with this slope has its mean there; one that is steeper would be negative at an end.
                let slope = (12.0 * (cell.mean - middle) / width).clamp(-2.0, 2.0);
                cell.density() * (1.0 + slope * (x - middle) / width)
            }
            Borders::Midpoints => {
                // The position above x, or the last one.
                let above = if x > cell.mean { index + 1 } else { index };
                let above = above.clamp(1, last);
                let (from, to) = (&cells[above - 1], &cells[above]);
                let share = ((x - from.mean) / (to.mean - from.mean)).clamp(0.0, 1.0);
                let logs = (libm::log(from.density()), libm::log(to.density()));
                libm::exp(logs.0 + (logs.1 - logs.0) * share)
            }
        }
    }
}

impl Density {
    /// The density at `x` if it went on beyond the outermost cells: falling as between the last two of them, if it falls there; else the law
    /// ends there. To compare what is far from every cell.
    pub(crate) fn far_out(&self, x: f64) -> f64 {
        match &self.cells[..] {
            [first, second, ..] if x < first.left => tail(first, second, x),
            [.., inner, last] if x > last.right => tail(last, inner, x),
            _ => self.at(x),
        }
    }
}

/// The density at `x` beyond the outermost cell, whose neighbour is `inner`.
fn tail(outer: &Cell, inner: &Cell, x: f64) -> f64 {
    let ratio = outer.density() / inner.density();
    if ratio < EDGE {
        // From the outermost position on.
        let steps = ((x - outer.mean) / (outer.mean - inner.mean)).abs();
        outer.density() * libm::pow(ratio, steps)
    } else {
        0.0
    }
}
