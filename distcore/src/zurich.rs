//! Zurich: a regular grid of positions.

use crate::Law;
use crate::athens::Item;

/// Moves each item to the nearest of `n` equally spaced points from the smallest to the largest position, both
/// included. Points without mass stay.
pub(crate) fn grid(items: &[Item], n: usize) -> Vec<Item> {
    let low = items.iter().fold(f64::INFINITY, |low, item| low.min(item.position));
    let high = items
        .iter()
        .fold(f64::NEG_INFINITY, |high, item| high.max(item.position));
    if items.is_empty() || low == high {
        // One position, or none.
        let mass = items.iter().map(|item| item.mass).sum();
        return items
            .first()
            .map(|item| Item {
                position: item.position,
                mass,
            })
            .into_iter()
            .collect();
    }
    let step = (high / (n - 1) as f64) - (low / (n - 1) as f64);
    let mut points: Vec<Item> = (0..n)
        .map(|i| Item {
            position: low + step * i as f64,
            mass: 0.0,
        })
        .collect();
    for item in items {
        let index = ((item.position / step - low / step).round() as usize).min(n - 1);
        points[index].mass += item.mass;
    }
    points
}

/// How much mass of an unbounded tail the grid leaves outside (the outer cells take it in): 2^-40, where a normal law
/// has gone 7 standard deviations.
const TAIL: f64 = 1.0 / (1u64 << 40) as f64;

/// Cells of equal width over the law's support, each a Dirac at its midpoint with its exact mass.
///
/// An unbounded support is cut where 2^-40 of the mass is left; the outer cells reach to infinity.
pub(crate) fn law(law: &Law, n: usize) -> Vec<Item> {
    let (min, max) = law.support();
    let low = if min.is_finite() { min } else { law.quantile(TAIL) };
    let high = if max.is_finite() { max } else { law.upper_quantile(TAIL) };
    if low == high {
        return vec![Item {
            position: low,
            mass: 1.0,
        }];
    }
    let width = high / n as f64 - low / n as f64;
    let edge = |i: usize| match i {
        0 => f64::NEG_INFINITY,
        _ if i == n => f64::INFINITY,
        _ => low + width * i as f64,
    };
    let dirac = |i| Item {
        position: low + width / 2.0 + width * i as f64,
        mass: law.cell(edge(i), edge(i + 1)).mass,
    };
    (0..n).map(dirac).collect()
}
