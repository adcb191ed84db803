//! The split of a list of weighted positions.

use super::halves;
use crate::arithmetic::Cancel;

/// A Dirac in the making.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Item {
    pub(crate) position: f64,
    pub(crate) mass: f64,
}

/// Splits `items` (finite positions) into at most `n` Diracs.
pub(crate) fn split(items: &mut [Item], n: usize, cancel: Cancel) -> Vec<Item> {
    let mut out = Vec::with_capacity(n.min(items.len()));
    let mut scratch = Vec::with_capacity(items.len());
    descend(items, n, &mut scratch, &mut out, cancel);
    out
}

fn descend(items: &mut [Item], n: usize, scratch: &mut Vec<Item>, out: &mut Vec<Item>, cancel: Cancel) {
    if items.is_empty() || cancel.is_requested() {
        return;
    }
    if n == 1 || items.len() == 1 {
        out.push(mean(items));
    } else if items.len() <= n {
        out.extend_from_slice(items);
    } else {
        let boundary = partition(items, mean(items).position, scratch);
        let (left, right) = items.split_at_mut(boundary);
        let (left_n, right_n) = halves(n);
        descend(left, left_n, scratch, out, cancel);
        descend(right, right_n, scratch, out, cancel);
    }
}

/// The one Dirac that stands for all items: their weighted mean with their total mass.
fn mean(items: &[Item]) -> Item {
    if let [item] = items {
        return *item;
    }
    let (mut mass, mut moment) = (0.0, 0.0);
    for item in items {
        mass += item.mass;
        moment += item.mass * item.position;
    }
    let position = moment / mass;
    if position.is_finite() {
        return Item { position, mass };
    }
    // Without mass all positions count alike; products that overflow are scaled down first.
    let count = items.len() as f64;
    let weight = |item: &Item| if mass > 0.0 { item.mass / mass } else { 1.0 / count };
    let position: f64 = items.iter().map(|item| item.position * weight(item)).sum();
    Item {
        position: position.clamp(f64::MIN, f64::MAX),
        mass,
    }
}

/// Moves positions <= `threshold` to the front, the order within both parts kept. Returns how many there are.
fn partition(items: &mut [Item], threshold: f64, scratch: &mut Vec<Item>) -> usize {
    scratch.clear();
    let mut kept = 0;
    for index in 0..items.len() {
        let item = items[index];
        if item.position <= threshold {
            items[kept] = item;
            kept += 1;
        } else {
            scratch.push(item);
        }
    }
    items[kept..].copy_from_slice(scratch);
    kept
}
