//! The end of the tree: the Diracs of a node that becomes at most four.
//!
//! The rows of such a node are short, some five columns at any N: too few for running sums to pay. Instead their results are made
//! twice, four columns of a row at a time ([`Visit::cut`](super::visit::Visit::cut)), and added up to the mean of the node, then up to
//! the means of its parts. A Dirac is the difference of two such sums. One that has lost digits, or is so light that it may be one pair,
//! is made of its results one by one: if they are all equal, it is exactly there.

use std::ops::ControlFlow;

use super::Sweep;
use super::precision::ROUNDING;
use super::search::Threshold;
use super::tree::{Origin, Part, View};
use crate::athens::block::Item;
use crate::athens::halves;
use crate::athens::operation::Operation;
use crate::athens::simd::{Cut, Job, Kernel, Sums};
use crate::sums::Compensated;

/// Nodes of so many Diracs are divided by their results.
pub(super) const FEW: usize = 4;
/// Unless their rows have more columns than this on average.
pub(super) const SHORT: usize = 16;
/// A difference of two sums is good if it is more than this part of what was taken away.
const SMALL: f64 = 1.0 / 256.0;

/// Makes the Diracs of a node that becomes 2 to [`FEW`] of them. None if it has to be divided first: if it is not known well enough what is
/// on which side of a mean, or if a part has no more pairs than Diracs.
pub(super) struct Leaves<'s, 'a, O>(
    pub(super) &'s Sweep<'a, O>,
    pub(super) &'s View<'s>,
    pub(super) &'s mut Vec<Item>,
);

/// Adds up all results of a node; none if it is in doubt where they end.
pub(super) struct AddedUp<'s, 'a, O>(pub(super) &'s Sweep<'a, O>, pub(super) &'s View<'s>);

impl<O: Operation> Job for AddedUp<'_, '_, O> {
    type Output = Option<Part>;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Option<Part> {
        let AddedUp(sweep, view) = self;
        let part = &view.node.part;
        let end = Threshold::new::<O>(part.up_to.min(f64::MAX));
        let cut = sweep.sums_up_to(kernel, view, [end.surely.min(0.0), end.surely]);
        if end.leaves_in_doubt::<O>(cut.next[1]) {
            return None;
        }
        let [negative, sums] = cut.sums;
        // The moment without the signs of results.
        let size = sums.moment - 2.0 * negative.moment;
        Some(Part {
            sums: Sums {
                mass: sums.mass,
                moment: sums.moment - sweep.center * sums.mass,
            },
            origin: Origin::Results,
            error: ROUNDING * size,
            mean: sums.mean(),
            ..*part
        })
    }
}

/// The pairs between two ends.
struct Between {
    mass: f64,
    mean: f64,
    keeps_digits: bool,
    /// What they are above, and at most.
    ends: [f64; 2],
}

impl<O: Operation> Job for Leaves<'_, '_, O> {
    type Output = Option<()>;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Self::Output {
        let Leaves(sweep, view, out) = self;
        let Part { above, mean, up_to, .. } = view.node.part;
        let (left_n, right_n) = halves(view.node.n);
        let [up_to_mean] = sweep.cut(kernel, view, [mean])?;
        let left = difference(up_to_mean, Sums::default(), [above, mean]);
        let right = sweep.rest(view, up_to_mean, [mean, up_to]);
        let is_small = |n: usize, part: &Between| n > 1 && sweep.has_at_most(n, view, part);
        if !right.keeps_digits || is_small(left_n, &left) || is_small(right_n, &right) {
            return None;
        }
        if view.node.n == 2 {
            sweep.emit(view, &left, out);
            sweep.emit(view, &right, out);
            return Some(());
        }
        // Rounding must not make a mean larger than all of its part. A part of one Dirac is not divided.
        let first = left.mean.min(mean);
        let third = if right_n > 1 { right.mean } else { up_to.min(f64::MAX) };
        let [up_to_first, up_to_third] = sweep.cut(kernel, view, [first, third])?;
        sweep.emit(view, &difference(up_to_first, Sums::default(), [above, first]), out);
        sweep.emit(view, &difference(up_to_mean, up_to_first, [first, mean]), out);
        sweep.emit(view, &difference(up_to_third, up_to_mean, [mean, third]), out);
        if right_n > 1 {
            sweep.emit(view, &sweep.rest(view, up_to_third, [third, up_to]), out);
        }
        Some(())
    }
}

/// The pairs between two ends, up to which the sums are given.
#[inline(always)]
fn difference(sums: Sums, less: Sums, ends: [f64; 2]) -> Between {
    let rest = sums.minus(less);
    Between {
        mass: rest.mass,
        mean: rest.mean(),
        keeps_digits: rest.mass > SMALL * less.mass && rest.moment.abs() >= SMALL * less.moment.abs(),
        ends,
    }
}

impl<O: Operation> Sweep<'_, O> {
    /// The sums of a node up to some ends, with moments about 0. None if it is in doubt what they are.
    #[inline(always)]
    fn cut<K: Kernel, const PARTS: usize>(&self, kernel: K, view: &View, ends: [f64; PARTS]) -> Option<[Sums; PARTS]> {
        let mut thresholds = [0.0; PARTS];
        for (threshold, end) in thresholds.iter_mut().zip(ends) {
            *threshold = Threshold::new::<O>(end).surely;
        }
        let Cut { sums, next } = self.sums_up_to(kernel, view, thresholds);
        for (end, next) in ends.into_iter().zip(next) {
            if Threshold::new::<O>(end).leaves_in_doubt::<O>(next) {
                return None;
            }
        }
        Some(sums)
    }

    /// The sums of a node up to some thresholds, as factors and keys have it.
    #[inline(always)]
    fn sums_up_to<K: Kernel, const PARTS: usize>(
        &self,
        kernel: K,
        view: &View,
        thresholds: [f64; PARTS],
    ) -> Cut<PARTS> {
        let mut lanes = kernel.lanes();
        for (_, visit) in self.visits(view) {
            // SAFETY: boundaries are 0, the number of columns, or made by a visit.
            unsafe { visit.cut::<K, O, PARTS>(kernel, thresholds, &mut lanes) };
        }
        kernel.cut(lanes)
    }

    /// The pairs of a node between two ends, of which the upper one is the node's; up to the lower one the sums are given.
    #[inline(always)]
    fn rest(&self, view: &View, less: Sums, ends: [f64; 2]) -> Between {
        let whole = &view.node.part;
        let (center, moment) = match whole.origin {
            Origin::Results => (0.0, whole.sums.mass * whole.mean),
            Origin::RunningSums | Origin::Difference => (self.center, whole.sums.moment),
        };
        let sums = Sums {
            mass: whole.sums.mass - less.mass,
            moment: moment - (less.moment - center * less.mass),
        };
        let part = Part {
            sums,
            origin: Origin::Difference,
            error: whole.error + ROUNDING * (less.moment.abs() + less.mass * center.abs()),
            mean: sums.mean() + center,
            above: ends[0],
            ..*whole
        };
        Between {
            mass: sums.mass,
            mean: part.mean,
            keeps_digits: sums.mass > SMALL * less.mass && self.is_precise(&part),
            ends,
        }
    }

    /// Whether so few pairs of a node are between two ends.
    #[inline(always)]
    fn has_at_most(&self, pairs: usize, view: &View, between: &Between) -> bool {
        // Mostly the mass alone tells.
        between.mass <= pairs as f64 * self.largest_pair && self.count_up_to(pairs + 1, view, between.ends) <= pairs
    }

    #[cold]
    fn count_up_to(&self, enough: usize, view: &View, [above, up_to]: [f64; 2]) -> usize {
        let mut count = 0;
        let _ = self.for_each_pair(view, |position, _, _| {
            count += usize::from(above < position && position <= up_to);
            if count == enough {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        count
    }

    /// Emits the Dirac of the pairs between two ends. One pair alone is emitted as it is, not as moment / mass.
    #[inline(always)]
    fn emit(&self, view: &View, between: &Between, out: &mut Vec<Item>) {
        if between.keeps_digits && between.mass > 0.0 && !self.has_at_most(1, view, between) {
            out.push(Item {
                position: between.mean,
                mass: between.mass,
            });
        } else {
            self.emit_pairs(view, between.ends, out);
        }
    }

    /// The same from the results one by one, if there are any. If they are all equal, the Dirac is exactly there.
    #[cold]
    pub(super) fn emit_pairs(&self, view: &View, [above, up_to]: [f64; 2], out: &mut Vec<Item>) {
        let (mut mass, mut moment) = (Compensated::default(), Compensated::default());
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        let _ = self.for_each_pair(view, |position, pair_mass, _| {
            if above < position && position <= up_to {
                mass.add(pair_mass);
                moment.add(pair_mass * position);
                (low, high) = (low.min(position), high.max(position));
            }
            ControlFlow::Continue(())
        });
        let (mass, mean) = (mass.value(), moment.value() / mass.value());
        if mass > 0.0 {
            out.push(Item {
                position: mean.max(low).min(high),
                mass,
            });
        }
    }
}
