//! How well means are known.
//!
//! Sums are exact to a few roundings of their terms, which may be much larger than what is left of them: a difference of equal
//! values, results of 1e-16 beside others of 1. So every part carries a bound on the error of its moment.

use std::ops::Range;

use super::Sweep;
use super::tree::{Origin, Part, View};
use crate::athens::operation::Operation;
use crate::athens::simd::Sums;

/// Running sums are good to some 2^-100 of the largest. Of a node that is lighter than this part of everything too few digits are
/// left.
const FEW_DIGITS: f64 = 1.0 / (1u64 << 63) as f64;
/// What rounding adds to the sums over the rows of a node, in parts of the terms: a few times 2^-53, and more over many rows.
pub(super) const ROUNDING: f64 = 1.0 / (1u64 << 48) as f64;
/// What is left of the errors of running sums, in parts of the largest.
const RUNNING_ROUNDING: f64 = ROUNDING * ROUNDING;
/// A mean is precise if its error is below this part of itself, or of the distance between the outermost results of its node.
const PRECISE: f64 = 1.0 / (1u64 << 30) as f64;

impl<O: Operation> Sweep<'_, O> {
    /// A part of some blocks of rows between two ends, with sums of its own, which were made of running sums.
    #[inline(always)]
    pub(super) fn part(&self, blocks: Range<usize>, sums: Sums, pairs: usize, [above, up_to]: [f64; 2]) -> Part {
        let largest_term = self.largest_term(blocks, [above, up_to]);
        Part {
            sums,
            origin: Origin::RunningSums,
            error: ROUNDING * sums.mass * largest_term + RUNNING_ROUNDING * self.size.moment,
            mean: sums.mean() + self.center,
            pairs,
            above,
            up_to,
        }
    }

    /// About the largest term of the moment of a part: results from the center on, of which rows and columns are more where
    /// they cancel.
    #[inline(always)]
    fn largest_term(&self, blocks: Range<usize>, ends: [f64; 2]) -> f64 {
        let result = self.largest_result(ends, self.center);
        if O::IS_PRODUCT || blocks.is_empty() {
            return result;
        }
        // Rows rise; what fills up the last block is NaN, which `max` passes over.
        let rows = &self.rows.lists.blocks;
        let mut last = f64::NEG_INFINITY;
        for row in &rows[blocks.end - 1] {
            last = last.max(row.factor);
        }
        let row = (last - self.rows.center).max(self.rows.center - rows[blocks.start][0].factor);
        // The column is the result less the row.
        result + 2.0 * row
    }

    /// How far from a center results between two ends are at most.
    #[inline(always)]
    fn largest_result(&self, [above, up_to]: [f64; 2], center: f64) -> f64 {
        (up_to.min(self.range[1]) - center).max(center - above.max(self.range[0]))
    }

    /// About how much rounding has moved the moment of a part about the center.
    #[inline(always)]
    pub(super) fn error_about_center(&self, part: &Part) -> f64 {
        match part.origin {
            Origin::RunningSums | Origin::Difference => part.error,
            Origin::Results => part.error + ROUNDING * part.sums.mass * self.center.abs(),
        }
    }

    /// Whether the mean of a part is known well beside itself.
    #[inline(always)]
    pub(super) fn is_precise(&self, part: &Part) -> bool {
        self.is_within(part) && part.error <= PRECISE * part.sums.mass * part.mean.abs()
    }

    #[inline(always)]
    fn is_within(&self, part: &Part) -> bool {
        let keeps_digits = part.sums.mass > FEW_DIGITS * self.size.mass || part.origin == Origin::Results;
        keeps_digits && part.above < part.mean && part.mean <= part.up_to && part.mean.is_finite()
    }

    /// Whether the mean of a node is known well enough to split it.
    #[inline(always)]
    pub(super) fn can_split(&self, view: &View) -> bool {
        let part = &view.node.part;
        // A width says little if hardly any mass is at the ends: so it is asked for only where the error is known from the terms
        // themselves, those of all results or of all rows and columns.
        let is_everything = part.above == f64::NEG_INFINITY && part.up_to == f64::INFINITY;
        let may_be_wide = part.origin == Origin::Results || is_everything;
        self.is_precise(part) || (may_be_wide && self.is_within(part) && self.is_wide(view))
    }

    /// Whether the results of a node are so far from one another that the error of its mean is small beside that.
    #[cold]
    fn is_wide(&self, view: &View) -> bool {
        let node = view.node;
        let distance = |blocks: Range<usize>| {
            let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
            for block in blocks {
                let columns = self.columns_of(block);
                for (r, row) in self.rows.lists.blocks[block].iter().enumerate() {
                    let (from, to) = (usize::from(view.low[block][r]), usize::from(view.high[block][r]));
                    if from < to {
                        low = low.min(O::product(row.factor, columns.lists.keys[from]));
                        high = high.max(O::product(row.factor, columns.lists.keys[to - 1]));
                    }
                }
            }
            high - low
        };
        let enough = node.part.error / (PRECISE * node.part.sums.mass);
        if !enough.is_finite() {
            return false;
        }
        // Some rows in the middle tell in most cases.
        let middle = node.first.midpoint(node.end);
        distance(middle..(middle + 1).min(node.end)) >= enough || distance(node.first..node.end) >= enough
    }
}
