//! The split of more pairs than memory should hold: pairs are made again instead of kept.
//!
//! The upper part of the tree is built level by level, with one pass over all pairs a level. Once each part fits into
//! memory, the parts are gathered (one pass each) and split there.

use super::block::Item;
use super::block::{Block, Task};
use super::halves;
use super::operand::Diracs;
use super::pairs::split_block;
use crate::SpecialMass;
use crate::arithmetic::Cancel;

/// A part: the pairs with `above < position <= up_to`.
#[derive(Clone, Copy, Debug)]
struct Part {
    above: f64,
    up_to: f64,
    n: usize,
    /// Number of pairs, their mass and first moment.
    len: usize,
    mass: f64,
    moment: f64,
}

/// Splits all pairs into at most `n` Diracs, with at most `memory` pairs held at a time.
pub(crate) fn split(
    x: &Diracs,
    y: &Diracs,
    n: usize,
    memory: usize,
    cancel: Cancel,
    function: impl Fn(f64, f64) -> f64 + Copy,
) -> (Vec<Item>, SpecialMass) {
    let everything = (f64::NEG_INFINITY, f64::INFINITY);
    split_between(everything, [x, y], n, memory, cancel, function)
}

/// The same with those pairs alone that are above one number and up to another.
pub(super) fn split_between(
    (above, up_to): (f64, f64),
    [x, y]: [&Diracs; 2],
    n: usize,
    memory: usize,
    cancel: Cancel,
    function: impl Fn(f64, f64) -> f64 + Copy,
) -> (Vec<Item>, SpecialMass) {
    let mut special;
    let whole = Part {
        above,
        up_to,
        n,
        len: 0,
        mass: 0.0,
        moment: 0.0,
    };
    let mut parts = vec![whole];
    loop {
        special = SpecialMass::default();
        measure(x, y, cancel, function, &mut parts, &mut special);
        if cancel.is_requested() {
            return (Vec::new(), special);
        }
        if parts.iter().all(|part| part.n == 1 || part.len <= memory) {
            break;
        }
        parts = parts.iter().flat_map(|part| divided(part, memory)).collect();
    }
    let mut out = Vec::with_capacity(n);
    let mut block = Block::default();
    for part in parts.iter().filter(|part| part.len > 0) {
        if part.n == 1 {
            out.push(Item {
                position: part.moment / part.mass,
                mass: part.mass,
            });
            continue;
        }
        block.reserve(part.len);
        let len = gather(x, y, cancel, function, part, &mut block);
        let task = Task {
            len,
            n: part.n,
            sums_in_order: false,
            cancel,
        };
        split_block(&mut block, task, &mut out);
    }
    (out, special)
}

/// The halves of a part that is too large; a part that fits, or is one Dirac, as it is.
fn divided(part: &Part, memory: usize) -> Vec<Part> {
    let threshold = part.moment / part.mass;
    if part.n == 1 || part.len <= memory || !(part.above < threshold && threshold < part.up_to) {
        // A part that its mean does not divide has one position only (up to rounding): one Dirac.
        let n = if part.len <= memory { part.n } else { 1 };
        return vec![Part { n, ..*part }];
    }
    let (left_n, right_n) = halves(part.n);
    vec![
        Part {
            up_to: threshold,
            n: left_n,
            ..*part
        },
        Part {
            above: threshold,
            n: right_n,
            ..*part
        },
    ]
}

/// Counts and sums the pairs of each part. Sums are made row by row, then over rows: that keeps digits.
fn measure(
    x: &Diracs,
    y: &Diracs,
    cancel: Cancel,
    function: impl Fn(f64, f64) -> f64,
    parts: &mut [Part],
    special: &mut SpecialMass,
) {
    let (above, ends): (f64, Vec<f64>) = (parts[0].above, parts.iter().map(|part| part.up_to).collect());
    parts.iter_mut().for_each(|part| {
        *part = Part {
            len: 0,
            mass: 0.0,
            moment: 0.0,
            ..*part
        }
    });
    let mut row = vec![(0usize, 0.0, 0.0); parts.len()];
    for (x, x_mass) in x.iter() {
        if cancel.is_requested() {
            return;
        }
        row.fill((0, 0.0, 0.0));
        for (y, y_mass) in y.iter() {
            let (position, mass) = (function(x, y), x_mass * y_mass);
            if special.absorb(position, mass) || position <= above {
                continue;
            }
            if let Some(sums) = row.get_mut(ends.partition_point(|&end| end < position)) {
                *sums = (sums.0 + 1, sums.1 + mass, sums.2 + mass * position);
            }
        }
        for (part, &(len, mass, moment)) in parts.iter_mut().zip(&row) {
            part.len += len;
            part.mass += mass;
            part.moment += moment;
        }
    }
}

/// Writes the pairs of a part into `block`, in the order of the rule.
fn gather(
    x: &Diracs,
    y: &Diracs,
    cancel: Cancel,
    function: impl Fn(f64, f64) -> f64,
    part: &Part,
    block: &mut Block,
) -> usize {
    let mut len = 0;
    for (x, x_mass) in x.iter() {
        if cancel.is_requested() {
            return 0;
        }
        for (y, y_mass) in y.iter() {
            let position = function(x, y);
            if part.above < position && position <= part.up_to && position.is_finite() {
                block.positions[len] = position;
                block.masses[len] = x_mass * y_mass;
                len += 1;
            }
        }
    }
    len
}
