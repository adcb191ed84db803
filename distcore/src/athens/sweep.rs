//! The Athens operation on two distributions without its N x N pairs, for + - * /.
//!
//! In a fixed row x the result `z = x op y_j` is monotone in y_j. So with the other operand in a fitting order
//! ([`Columns`]), the pairs of a node of the split tree are one range of columns in every row, and splitting a node at m
//! moves one boundary a row. Mass and mean of a node are sums over rows of differences of running sums.
//!
//! A split visits each row of its node once ([`Visit::split`]): it finds the row's boundary among the results, rounded as
//! the rule wants them, and adds the columns before it to the left child's sums. The right child's are the difference, if
//! that keeps their digits: the node's own must not be a difference already, and neither child may be light. Else they are
//! added up as well. (Differences of differences alone: positions off by 1e-11 at N = 128, against 3e-14; measured.)
//!
//! Nodes with no more pairs than Diracs, and those for whose sums two doubles are too short, are written out as pairs and
//! split in memory (see [`block`](super::block)). That is rare.
//!
//! Either operand can make the rows. A node's interval of results reaches only some of the rows if they spread the results
//! further than the columns do, so that operand makes them ([`second_makes_rows`](super::operation::second_makes_rows)).
//!
//! Where a mean falls on a position up to rounding (lattices), the order of summation decides on which side the
//! position goes. The order here, row by row, is fixed and the same on every machine, but differs from the plain rule's.

use std::marker::PhantomData;
use std::ops::Range;

use super::block::{self, Block, Item, Task};
use super::columns::{Columns, between};
use super::halves;
use super::operand::Diracs;
use super::operation::Operation;
use super::pairs::MAX_PAIRS_IN_MEMORY;
use super::rows::{Lanes, Partial, Row, Rows, Visit};
use super::simd::{Job, Kernel, LANES, Sums};
use crate::arithmetic::Cancel;

/// Operands may have this many Diracs: boundaries are 16 bits wide.
pub(crate) const MAX_DIRACS: usize = u16::MAX as usize;
/// A child with less than this part of its node's mass is light.
const LIGHT: f64 = 0.125;
/// Running sums are good to some 2^-100 of the largest. Of a node that is lighter than this part of everything, or whose mass
/// times width is a smaller part of the moments, too few digits are left.
const FEW_DIGITS: f64 = 1.0 / (1u64 << 63) as f64;

/// An operation on two lists of Diracs, to be split into at most `n`.
pub(crate) struct Sweep<'a, O> {
    rows: Rows<'a>,
    columns: Columns<'a>,
    /// The columns with their signs turned, if there are mirrored rows.
    mirror: Option<Columns<'a>>,
    /// Whether the first operand makes the rows, so that the rule's order of pairs is that of rows.
    rows_first: bool,
    n: usize,
    cancel: Cancel<'a>,
    operation: PhantomData<O>,
}

impl<'a, O: Operation> Sweep<'a, O> {
    /// Prepares the operation on `rows` and `columns`, where the former are the first operand or not. Positions are finite,
    /// those of divisors not 0 and perhaps infinite; no result and no key is NaN or infinite; masses are positive; neither
    /// list is longer than [`MAX_DIRACS`].
    pub(crate) fn new(
        rows: &'a Diracs,
        columns: &'a Diracs,
        rows_first: bool,
        n: usize,
        cancel: Cancel<'a>,
    ) -> Sweep<'a, O> {
        let rows = Rows::new::<O>(rows);
        Sweep {
            mirror: (rows.mirrored > 0).then(|| Columns::new::<O>(columns, -1.0)),
            columns: Columns::new::<O>(columns, 1.0),
            rows,
            rows_first,
            n,
            cancel,
            operation: PhantomData,
        }
    }

    /// The rows of a range and their columns.
    #[inline(always)]
    fn parts(&self, first: usize, end: usize) -> [(Range<usize>, &Columns<'a>); 2] {
        let border = self.rows.mirrored.clamp(first, end);
        let mirror = self.mirror.as_ref().unwrap_or(&self.columns);
        [(first..border, mirror), (border..end, &self.columns)]
    }

    /// Splits a node: sets its rows' boundaries in `middle`; returns the sums of the children, and whether those of the
    /// right one are a difference.
    #[inline(always)]
    fn divide<K: Kernel>(&self, kernel: K, node: &Node, bounds: Bounds, middle: &mut [u16]) -> (Sums, Sums, bool) {
        let left = self.visit(node, bounds, |visit, range, sums| {
            // SAFETY: boundaries are 0, the number of columns, or made by a visit.
            unsafe { visit.split::<K, O>(kernel, &mut middle[range], sums) };
        });
        let right = Sums {
            mass: node.sums.mass - left.mass,
            moment: node.sums.moment - left.moment,
        };
        if !node.is_difference && left.mass.min(right.mass) >= LIGHT * node.sums.mass {
            return (left, right, true);
        }
        let bounds = Bounds {
            low: middle,
            high: bounds.high,
        };
        // SAFETY: as above.
        let right = self.visit(node, bounds, |visit, _, sums| unsafe { visit.sum::<O>(sums) });
        (left, right, false)
    }

    /// Calls a function for the rows of a node that use the same columns and for the others; returns the sums that it makes.
    #[inline(always)]
    fn visit(&self, node: &Node, bounds: Bounds, mut visit: impl FnMut(&Visit, Range<usize>, &mut Lanes)) -> Sums {
        let mut sums = Lanes::default();
        for (range, columns) in self.parts(node.first, node.end) {
            let rows = Visit {
                rows: &self.rows,
                columns,
                first: range.start,
                low: &bounds.low[range.clone()],
                high: &bounds.high[range.clone()],
                longest: node.longest,
                threshold: node.sums.mean(),
            };
            visit(&rows, range, &mut sums);
        }
        sums[0].sums().plus(sums[1].sums())
    }

    /// Whether the running sums have the digits for a node's mean.
    #[inline(always)]
    fn has_digits(&self, node: &Node, size: Sums) -> bool {
        let (Sums { mass, .. }, mean) = (node.sums, node.sums.mean());
        mass > FEW_DIGITS * size.mass
            && node.above < mean
            && mean <= node.up_to
            && mass * (node.up_to - node.above) > FEW_DIGITS * size.moment
    }

    /// Writes the pairs of a node in the order of the rule to the front of `block`; returns their number.
    #[cold]
    fn write_out(&self, node: &Node, bounds: Bounds, block: &mut Block) -> usize {
        let mut pairs = Vec::with_capacity(node.pairs);
        for (range, columns) in self.parts(node.first, node.end) {
            for r in range {
                let (x, row_mass, row_origin) = (self.rows.position(r), self.rows.rows[r].mass, self.rows.origins[r]);
                for j in usize::from(bounds.low[r])..usize::from(bounds.high[r]) {
                    let (mass, origin) = columns.mass(j);
                    let pair = Item {
                        position: O::result(x, columns.position(j)),
                        mass: row_mass * mass,
                    };
                    let order = if self.rows_first {
                        (row_origin, origin)
                    } else {
                        (origin, row_origin)
                    };
                    pairs.push((order, pair));
                }
            }
        }
        pairs.sort_unstable_by_key(|pair| pair.0);
        block.reserve(2 * pairs.len() + LANES);
        for ((_, pair), (position, mass)) in pairs.iter().zip(block.positions.iter_mut().zip(&mut block.masses)) {
            (*position, *mass) = (pair.position, pair.mass);
        }
        pairs.len()
    }
}

/// A node of the split tree: in each row from `first` to `end` the columns between two boundaries.
#[derive(Clone, Copy)]
struct Node {
    /// Which arrays of boundaries delimit it.
    low: usize,
    high: usize,
    /// Which array is free for its split.
    free: usize,
    first: usize,
    end: usize,
    pairs: usize,
    /// The number of pairs in the longest row.
    longest: usize,
    n: usize,
    sums: Sums,
    /// Whether the sums are a difference of others.
    is_difference: bool,
    above: f64,
    up_to: f64,
}

/// The number of pairs between boundaries: below 2^32, since operands have fewer than 2^16 Diracs.
#[inline(always)]
fn pairs_between(low: &[u16], high: &[u16]) -> usize {
    low.iter()
        .zip(high)
        .map(|(&low, &high)| u32::from(high - low))
        .sum::<u32>() as usize
}

/// The boundaries of a node, by row.
#[derive(Clone, Copy)]
struct Bounds<'a> {
    low: &'a [u16],
    high: &'a [u16],
}

impl<O: Operation> Job for Sweep<'_, O> {
    type Output = Vec<Item>;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Vec<Item> {
        let mut out = Vec::with_capacity(self.n);
        let (row_count, count) = (self.rows.rows.len(), self.columns.count);
        // All rows begin at 0 and end at `count`; one more array for each level of the tree.
        let levels = self.n.next_power_of_two().trailing_zeros() as usize;
        let mut arrays = vec![0u16; (2 + levels) * row_count];
        arrays[row_count..2 * row_count].fill(count as u16);
        // The sums of everything, and what they would be without the signs of factors and keys.
        let (mut whole, mut size) = (Partial::default(), Partial::default());
        for (range, columns) in self.parts(0, row_count) {
            for &row in &self.rows.rows[range] {
                let factor = row.factor.abs();
                whole.add::<O>(row, between(&columns.prefixes[0], &columns.prefixes[count]));
                size.add::<O>(Row { factor, ..row }, [columns.prefixes[count][0], columns.size]);
            }
        }
        let size = size.sums();
        let mut waiting = Vec::with_capacity(levels);
        let mut next = Some(Node {
            low: 0,
            high: 1,
            free: 2,
            first: 0,
            end: row_count,
            pairs: row_count * count,
            longest: count,
            n: self.n,
            sums: whole.sums(),
            is_difference: false,
            above: f64::NEG_INFINITY,
            up_to: f64::INFINITY,
        });
        let mut block = Block::default();
        while let Some(node) = next.take().or_else(|| waiting.pop()) {
            if self.cancel.is_requested() {
                break;
            }
            let (earlier, free) = arrays.split_at_mut(node.free * row_count);
            let bounds = Bounds {
                low: &earlier[node.low * row_count..][..row_count],
                high: &earlier[node.high * row_count..][..row_count],
            };
            let has_digits = self.has_digits(&node, size);
            if node.pairs <= node.n || (!has_digits && node.pairs <= MAX_PAIRS_IN_MEMORY) {
                let len = self.write_out(&node, bounds, &mut block);
                let task = Task {
                    len,
                    n: node.n,
                    sums_in_order: false,
                    cancel: self.cancel,
                };
                block::split(kernel, &mut block, task, &mut out);
                continue;
            }
            if node.n == 1 || !has_digits {
                if node.sums.mass > 0.0 {
                    out.push(Item {
                        position: node
                            .sums
                            .mean()
                            .max(node.above)
                            .min(node.up_to)
                            .clamp(f64::MIN, f64::MAX),
                        mass: node.sums.mass,
                    });
                }
                continue;
            }
            let middle = &mut free[..row_count];
            let (left, right, is_difference) = self.divide(kernel, &node, bounds, middle);
            let (left_n, right_n) = halves(node.n);
            let threshold = node.sums.mean();
            let left = Node {
                high: node.free,
                free: node.free + 1,
                n: left_n,
                sums: left,
                is_difference: false,
                up_to: threshold,
                ..node
            };
            let right = Node {
                low: node.free,
                free: node.free + 1,
                n: right_n,
                sums: right,
                is_difference,
                above: threshold,
                ..node
            };
            // Most nodes at the end of the tree need no more. One pair alone is emitted as it is, not as moment / mass.
            if node.n == 2 {
                let rows = node.first..node.end;
                let left_pairs = pairs_between(&bounds.low[rows.clone()], &middle[rows]);
                let right_pairs = node.pairs - left_pairs;
                if left_pairs > 1 && right_pairs > 1 && self.has_digits(&left, size) && self.has_digits(&right, size) {
                    out.extend([left, right].map(|node| Item {
                        position: node.sums.mean(),
                        mass: node.sums.mass,
                    }));
                    continue;
                }
            }
            waiting.push(right.narrowed(middle, bounds.high));
            next = Some(left.narrowed(bounds.low, middle));
        }
        out
    }
}

impl Node {
    /// With its number of pairs, and without the empty rows at both ends.
    #[inline(always)]
    fn narrowed(mut self, low: &[u16], high: &[u16]) -> Node {
        while self.first < self.end && low[self.first] == high[self.first] {
            self.first += 1;
        }
        while self.first < self.end && low[self.end - 1] == high[self.end - 1] {
            self.end -= 1;
        }
        let (mut pairs, mut longest) = (0, 0);
        for (&low, &high) in low[self.first..self.end].iter().zip(&high[self.first..self.end]) {
            pairs += u32::from(high - low);
            longest = longest.max(high - low);
        }
        (self.pairs, self.longest) = (pairs as usize, usize::from(longest));
        self
    }
}
