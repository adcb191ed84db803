//! Jupiter: the outer product of independent dimensions, uncompressed up to a bound.

use crate::SpecialMass;
use crate::athens::{Diracs, Item};

/// The largest number of Diracs that a product keeps uncompressed: the official reader refuses more than 10 000.
pub(crate) const BOUND: usize = 8192;

/// The number of Diracs that a larger product is split down to (by the rule of Athens): two dimensions' worth.
pub(crate) fn reduced(precision: usize) -> usize {
    (precision * precision).min(BOUND)
}

/// Every pair as a Dirac of its own, first operand outer: `position[n i + j] = f(x_i, y_j)`.
pub(crate) fn all_pairs(x: &Diracs, y: &Diracs, function: impl Fn(f64, f64) -> f64) -> (Vec<Item>, SpecialMass) {
    let mut special = SpecialMass::default();
    let mut items = Vec::with_capacity(x.len() * y.len());
    for (x, x_mass) in x.iter() {
        for (y, y_mass) in y.iter() {
            let (position, mass) = (function(x, y), x_mass * y_mass);
            if !special.absorb(position, mass) {
                items.push(Item { position, mass });
            }
        }
    }
    (items, special)
}
