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

/// Cells of equal width over the law's support, each a Dirac at its midpoint with its exact mass.
pub(crate) fn law(law: &Law, n: usize) -> Vec<Item> {
    let (low, high) = match *law {
        Law::Uniform { min, max } => (min, max),
        Law::Gauss { mean, stddev } => (mean - 8.0 * stddev, mean + 8.0 * stddev),
    };
    let width = (high - low) / n as f64;
    let edge = |i: usize| low + width * i as f64;
    (0..n)
        .map(|i| {
            let from = if i == 0 { f64::NEG_INFINITY } else { edge(i) };
            let to = if i + 1 == n { f64::INFINITY } else { edge(i + 1) };
            Item {
                position: low + width / 2.0 + width * i as f64,
                mass: law.cell(from, to).mass,
            }
        })
        .collect()
}
