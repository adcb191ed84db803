//! The Athens operation on two distributions without its N x N pairs, for + - * /.
//!
//! In a fixed row x the result `z = x op y_j` is monotone in y_j. So with the other operand in a fitting order
//! ([`Columns`]), the pairs of a node of the split tree are one range of columns in every row, and splitting a node at m
//! moves one boundary a row. Mass and mean of a node are sums over rows of differences of running sums.
//!
//! A split visits each row of its node once ([`Visit::split`]): it finds the row's boundary among the results, rounded as
//! the rule wants them, and adds the columns before it to the left child's sums. The right child's are the difference, if
//! that keeps their digits: the node's own must not be a difference already, and neither child may be light. Else they are
//! added up as well. (Differences of differences alone: positions off by 1e-11 at N = 128, against 3e-14; measured.) The two
//! halves of a node of four Diracs are divided in one more visit ([`Visit::split_parts`]): of the rows that a node
//! reaches its children reach nearly all. Rows are visited in blocks of a few neighbours, whose longest row tells how far
//! to search in each.
//!
//! Sums are exact to a few roundings of their terms, which may be much larger than what is left of them: a difference of equal
//! values, results of 1e-16 beside others of 1. So every part carries a bound on the error of its moment. A mean whose error is
//! not small beside itself, or beside the width of its node, is made anew: sums that are differences are added up; if that
//! does not help, the node is written out as pairs and split in memory (see [`block`](super::block)), as nodes with no more
//! pairs than Diracs are, or if it has too many for that, [`streamed`]; and a Dirac is made of the results themselves, so that
//! what they all are it is exactly. All of that is rare. Moments of sums are taken about the middle of the operands, which
//! keeps the digits of 1e6 - 1e6.
//!
//! Either operand can make the rows. A node's interval of results reaches only some of the rows if they spread the results
//! further than the columns do, so that operand makes them ([`second_makes_rows`](super::operation::second_makes_rows)).
//!
//! Where a mean falls on a position up to rounding (lattices), the order of summation decides on which side the
//! position goes. The order here, row by row, is fixed and the same on every machine, but differs from the plain rule's.

use std::cell::Cell;
use std::marker::PhantomData;
use std::mem::take;
use std::ops::Range;

use super::block::{self, Block, Item, Task, room_to_split};
use super::columns::{self, Columns};
use super::halves;
use super::operand::Diracs;
use super::operation::Operation;
use super::pairs::MAX_PAIRS_IN_MEMORY;
use super::rows::{self, Boundaries, Rows};
use super::simd::{Job, Kernel, Sums};
use super::streamed;
use super::visit::{Visit, Visited};
use crate::arithmetic::Cancel;

/// Operands may have this many Diracs: boundaries are 16 bits wide.
pub(crate) const MAX_DIRACS: usize = u16::MAX as usize;
/// A child with less than this part of its node's mass is light.
const LIGHT: f64 = 0.125;
/// Running sums are good to some 2^-100 of the largest. Of a node that is lighter than this part of everything too few digits are
/// left.
const FEW_DIGITS: f64 = 1.0 / (1u64 << 63) as f64;
/// What rounding adds to the sums over the rows of a node, in parts of the terms: a few times 2^-53, and more over many rows.
const ROUNDING: f64 = 1.0 / (1u64 << 48) as f64;
/// What is left of the errors of running sums, in parts of the largest.
const RUNNING_ROUNDING: f64 = ROUNDING * ROUNDING;
/// A mean is precise if its error is below this part of itself, or of the distance between the ends of its node.
const PRECISE: f64 = 1.0 / (1u64 << 30) as f64;

/// The lists of a sweep.
#[derive(Default)]
struct Lists {
    rows: rows::Lists,
    columns: columns::Lists,
    mirror: columns::Lists,
    boundaries: Vec<Boundaries>,
    waiting: Vec<Node>,
}

thread_local! {
    /// Those of the last sweep, for the next one: at N = 512 fresh pages took 3 % of the time, at N = 32 it makes no difference.
    static SPARE: Cell<Lists> = Cell::default();
}

/// The lists of operands of more Diracs together are not kept: they would take more than some 2 MB.
const KEPT: usize = 1 << 14;

/// An operation on two lists of Diracs, to be split into at most `n`.
pub(crate) struct Sweep<'a, O> {
    rows: Rows<'a>,
    columns: Columns<'a>,
    /// The columns with their signs turned; none if there are no mirrored rows.
    mirror: Columns<'a>,
    /// The sums of everything, and what they would be without the signs of factors and keys.
    sums: Sums,
    size: Sums,
    /// What moments of sums are taken about; 0 for products.
    center: f64,
    /// What no result is beyond: lower and upper end.
    range: [f64; 2],
    /// Whether the first operand makes the rows, so that the rule's order of pairs is that of rows.
    rows_first: bool,
    n: usize,
    cancel: Cancel<'a>,
    boundaries: Vec<Boundaries>,
    waiting: Vec<Node>,
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
        let lists = SPARE.take();
        let rows = Rows::new::<O>(rows, lists.rows);
        let mirror = if rows.mirrored > 0 { columns } else { &Diracs::NONE };
        let mut sweep = Sweep {
            mirror: Columns::new::<O>(mirror, -1.0, lists.mirror),
            columns: Columns::new::<O>(columns, 1.0, lists.columns),
            rows,
            sums: Sums::default(),
            size: Sums::default(),
            center: 0.0,
            range: [0.0; 2],
            rows_first,
            n,
            cancel,
            boundaries: lists.boundaries,
            waiting: lists.waiting,
            operation: PhantomData,
        };
        let parts = sweep.parts(0..sweep.rows.lists.blocks.len());
        let [[mirrored, mirrored_size], [others, others_size]] =
            parts.map(|(blocks, columns)| sweep.rows.sums::<O>(blocks, columns));
        (sweep.sums, sweep.size) = (mirrored.plus(others), mirrored_size.plus(others_size));
        sweep.center = sweep.rows.center + sweep.columns.center;
        let [(row_low, row_high), (low, high)] = [sweep.rows.ends(), sweep.columns.ends()];
        sweep.range = if O::IS_PRODUCT {
            let largest = row_high.max(-row_low) * high.max(-low);
            [-largest, largest]
        } else {
            [row_low + low, row_high + high]
        };
        sweep
    }

    /// The mirrored blocks among these and their columns, and the others.
    #[inline(always)]
    fn parts(&self, blocks: Range<usize>) -> [(Range<usize>, &Columns<'a>); 2] {
        let border = self.rows.mirrored.clamp(blocks.start, blocks.end);
        [
            (blocks.start..border, &self.mirror),
            (border..blocks.end, &self.columns),
        ]
    }

    /// The columns of a block of rows.
    fn columns_of(&self, block: usize) -> &Columns<'a> {
        if block < self.rows.mirrored {
            &self.mirror
        } else {
            &self.columns
        }
    }

    /// The blocks of a range of rows, and their columns.
    #[inline(always)]
    fn visits<'v>(&'v self, node: &Node, bounds: Bounds<'v>) -> [(Range<usize>, Visit<'v>); 2] {
        self.parts(node.first..node.end).map(|(blocks, columns)| {
            let visit = Visit {
                rows: &self.rows,
                columns,
                first: blocks.start,
                low: &bounds.low[blocks.clone()],
                high: &bounds.high[blocks.clone()],
            };
            (blocks, visit)
        })
    }

    /// The two parts of a node, whose boundaries it sets in `middle`.
    #[inline(always)]
    fn divide<K: Kernel>(&self, kernel: K, node: &Node, bounds: Bounds, middle: &mut [Boundaries]) -> [Part; 2] {
        // The differences of quarters are to be the first.
        if !node.part.is_difference && node.n != 4 {
            let (pairs, [left, _]) = kernel.apart(Split::<O, false>(self, node, bounds, middle));
            let [left, right] = self.parts_of(&node.part, node, pairs, left, None);
            if !left.is_light_in(&node.part) && !right.is_light_in(&node.part) {
                return [left, right];
            }
        }
        let (pairs, [left, right]) = kernel.apart(Split::<O, true>(self, node, bounds, middle));
        self.parts_of(&node.part, node, pairs, left, Some(right))
    }

    /// The four Diracs that the parts of a node become: with one more visit of its rows instead of one for each part. None if one of
    /// them is light or has few pairs, or a part's mean is not precise.
    #[inline(always)]
    fn quarters<K: Kernel>(
        &self,
        kernel: K,
        node: &Node,
        bounds: Bounds,
        middle: &[Boundaries],
        parts: &[Part; 2],
    ) -> Option<[Item; 4]> {
        if !self.is_precise(&parts[0]) || !self.is_precise(&parts[1]) {
            return None;
        }
        let thresholds = [parts[0].mean, parts[1].mean];
        let visited = kernel.apart(SplitParts(self, node, bounds, thresholds, middle))?;
        // Those of the right part were counted from the beginning of the left one.
        let pairs = [visited.pairs[0], visited.pairs[1].checked_sub(parts[0].pairs)?];
        let sums = visited.sums.sums();
        let [first, second] = self.leaves(&parts[0], node, bounds, pairs[0], sums[0])?;
        let [third, fourth] = self.leaves(&parts[1], node, bounds, pairs[1], sums[1])?;
        Some([first, second, third, fourth])
    }

    /// The two Diracs that a part of a node becomes, of which the number of pairs and the sums of the left half are given.
    #[inline(always)]
    fn leaves(&self, part: &Part, node: &Node, bounds: Bounds, pairs: usize, left: Sums) -> Option<[Item; 2]> {
        // No closures here: they are not compiled for the kernel's instruction set, and called.
        if pairs <= 1 || pairs + 1 >= part.pairs {
            return None;
        }
        let [left, right] = self.parts_of(part, node, pairs, left, None);
        if left.is_light_in(part) || right.is_light_in(part) {
            return None;
        }
        Some([self.leaf(&left, node, bounds), self.leaf(&right, node, bounds)])
    }

    /// What is known of both sides of the mean of a part of a node; the sums of the right one are a difference if they are not given.
    #[inline(always)]
    fn parts_of(&self, part: &Part, node: &Node, pairs: usize, left: Sums, right: Option<Sums>) -> [Part; 2] {
        let left = Part {
            pairs,
            above: part.above,
            up_to: part.mean,
            ..self.part(left, node)
        };
        let right = match right {
            Some(right) => self.part(right, node),
            None => {
                let sums = part.sums.minus(left.sums);
                Part {
                    sums,
                    mean: sums.mean() + self.center,
                    error: part.error + left.error,
                    is_difference: true,
                    ..*part
                }
            }
        };
        let right = Part {
            pairs: part.pairs - pairs,
            above: part.mean,
            up_to: part.up_to,
            ..right
        };
        [left, right]
    }

    /// All of a node, with other sums: those of pairs of it, which were added up.
    #[inline(always)]
    fn part(&self, sums: Sums, node: &Node) -> Part {
        Part {
            sums,
            mean: sums.mean() + self.center,
            error: ROUNDING * sums.mass * node.largest_term + RUNNING_ROUNDING * self.size.moment,
            is_difference: false,
            ..node.part
        }
    }

    /// About the largest term of the moment of a node: results from the center on, of which rows and columns are more where they
    /// cancel.
    #[inline(always)]
    fn largest_term(&self, node: &Node) -> f64 {
        let low = node.part.above.max(self.range[0]) - self.center;
        let high = node.part.up_to.min(self.range[1]) - self.center;
        let result = high.max(-low);
        if O::IS_PRODUCT || node.first == node.end {
            return result;
        }
        // Rows rise; what fills up the last block is NaN, which `max` passes over.
        let blocks = &self.rows.lists.blocks;
        let mut last = f64::NEG_INFINITY;
        for row in &blocks[node.end - 1] {
            last = last.max(row.factor);
        }
        let row = (last - self.rows.center).max(self.rows.center - blocks[node.first][0].factor);
        // The column is the result less the row.
        result + 2.0 * row
    }

    /// Whether the mean of a part is known well beside itself.
    #[inline(always)]
    fn is_precise(&self, part: &Part) -> bool {
        self.is_within(part) && part.error <= PRECISE * part.sums.mass * part.mean.abs()
    }

    #[inline(always)]
    fn is_within(&self, part: &Part) -> bool {
        part.sums.mass > FEW_DIGITS * self.size.mass && part.above < part.mean && part.mean <= part.up_to
    }

    /// Whether the mean of a node is known well enough to split it.
    #[inline(always)]
    fn can_split(&self, node: &Node, bounds: Bounds) -> bool {
        self.is_precise(&node.part) || (self.is_within(&node.part) && self.is_wide(node, bounds))
    }

    /// Whether the results of a node are so far from one another that the error of its mean is small beside that.
    #[cold]
    fn is_wide(&self, node: &Node, bounds: Bounds) -> bool {
        let distance = |blocks: Range<usize>| {
            let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
            for block in blocks {
                let columns = self.columns_of(block);
                for (r, row) in self.rows.lists.blocks[block].iter().enumerate() {
                    let (from, to) = (usize::from(bounds.low[block][r]), usize::from(bounds.high[block][r]));
                    if from < to {
                        low = low.min(O::product(row.factor, columns.lists.keys[from]));
                        high = high.max(O::product(row.factor, columns.lists.keys[to - 1]));
                    }
                }
            }
            high - low
        };
        let enough = node.part.error / (PRECISE * node.part.sums.mass);
        // Some rows in the middle tell in most cases.
        let middle = node.first.midpoint(node.end);
        distance(middle..(middle + 1).min(node.end)) >= enough || distance(node.first..node.end) >= enough
    }

    /// A node whose sums are added up, if they were a difference.
    #[cold]
    fn added_up(&self, mut node: Node, bounds: Bounds) -> Node {
        let mut visited = Visited::default();
        for (_, visit) in self.visits(&node, bounds) {
            visit.add_all::<O>(&mut visited);
        }
        let [sums, _] = visited.sums.sums();
        node.part = self.part(sums, &node);
        node
    }

    /// The Dirac that a part of a node becomes.
    #[inline(always)]
    fn leaf(&self, part: &Part, node: &Node, bounds: Bounds) -> Item {
        if self.is_precise(part) {
            Item {
                position: part.mean,
                mass: part.sums.mass,
            }
        } else {
            self.leaf_of_pairs(part, node, bounds)
        }
    }

    /// The same from the results themselves. What they all are, it is exactly.
    #[cold]
    fn leaf_of_pairs(&self, part: &Part, node: &Node, bounds: Bounds) -> Item {
        let (mut sums, mut low, mut high) = (Sums::default(), f64::INFINITY, f64::NEG_INFINITY);
        for block in node.first..node.end {
            let columns = self.columns_of(block);
            for (r, _, x) in self.rows.of(block) {
                let row_mass = self.rows.lists.blocks[block][r].weights[0];
                for j in usize::from(bounds.low[block][r])..usize::from(bounds.high[block][r]) {
                    let position = O::result(x, columns.position(j));
                    if part.above < position && position <= part.up_to {
                        let mass = row_mass * columns.mass(j).0;
                        sums.mass += mass;
                        sums.moment += mass * position;
                        (low, high) = (low.min(position), high.max(position));
                    }
                }
            }
        }
        // NaN only if there is no mass; what has none is not emitted.
        let mean = if sums.mass > 0.0 { sums.mean() } else { low };
        Item {
            position: mean.max(low).min(high),
            mass: sums.mass,
        }
    }

    /// The pairs of a node row by row: result, mass, and where both stand in the order of the rule.
    fn pairs<'v>(&'v self, node: &Node, bounds: Bounds<'v>) -> impl Iterator<Item = (f64, f64, (u32, u32))> {
        let blocks = node.first..node.end;
        blocks.flat_map(move |block| {
            let columns = self.columns_of(block);
            self.rows.of(block).flat_map(move |(r, row_origin, x)| {
                let row_mass = self.rows.lists.blocks[block][r].weights[0];
                let range = usize::from(bounds.low[block][r])..usize::from(bounds.high[block][r]);
                range.map(move |j| {
                    let (mass, origin) = columns.mass(j);
                    let order = if self.rows_first {
                        (row_origin, origin)
                    } else {
                        (origin, row_origin)
                    };
                    (O::result(x, columns.position(j)), row_mass * mass, order)
                })
            })
        })
    }

    /// Splits all pairs of a node, of which there are too many to hold them all.
    #[cold]
    fn split_streamed(&self, node: &Node, out: &mut Vec<Item>) {
        let (part, memory, cancel) = (node.part, MAX_PAIRS_IN_MEMORY, self.cancel);
        let interval = (part.above, part.up_to);
        let (rows, columns) = (self.rows.operand(), self.columns.operand());
        out.extend(if self.rows_first {
            streamed::split_between(interval, [rows, columns], node.n, memory, cancel, O::result).0
        } else {
            streamed::split_between(interval, [columns, rows], node.n, memory, cancel, |y, x| {
                O::result(x, y)
            })
            .0
        });
    }

    /// Writes the pairs of a node in the order of the rule to the front of `block`; returns their number.
    #[cold]
    fn write_out(&self, node: &Node, bounds: Bounds, block: &mut Block) -> usize {
        let pair = |(position, mass, order)| (order, Item { position, mass });
        let mut pairs: Vec<_> = self.pairs(node, bounds).map(pair).collect();
        pairs.sort_unstable_by_key(|pair| pair.0);
        block.reserve(room_to_split(pairs.len()));
        for ((_, pair), (position, mass)) in pairs.iter().zip(block.positions.iter_mut().zip(&mut block.masses)) {
            (*position, *mass) = (pair.position, pair.mass);
        }
        pairs.len()
    }
}

/// Sets the boundaries of a node's parts; returns the number of pairs of the left part, and its sums and, if `BOTH`, those of the right
/// one.
struct Split<'s, 'a, O, const BOTH: bool>(&'s Sweep<'a, O>, &'s Node, Bounds<'s>, &'s mut [Boundaries]);

impl<O: Operation, const BOTH: bool> Job for Split<'_, '_, O, BOTH> {
    type Output = (usize, [Sums; 2]);

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Self::Output {
        let Split(sweep, node, bounds, middle) = self;
        let mut visited = Visited::default();
        for (blocks, visit) in sweep.visits(node, bounds) {
            // SAFETY: boundaries are 0, the number of columns, or made by a visit.
            unsafe { visit.split::<K, O, BOTH>(kernel, node.part.mean, &mut middle[blocks], &mut visited) };
        }
        (visited.pairs[0], visited.sums.sums())
    }
}

/// Adds up what is below two thresholds in the two parts of a node, whose boundaries are given. None if a result is in doubt.
struct SplitParts<'s, 'a, O>(&'s Sweep<'a, O>, &'s Node, Bounds<'s>, [f64; 2], &'s [Boundaries]);

impl<O: Operation> Job for SplitParts<'_, '_, O> {
    type Output = Option<Visited>;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Self::Output {
        let SplitParts(sweep, node, bounds, thresholds, middle) = self;
        let mut visited = Visited::default();
        for (blocks, visit) in sweep.visits(node, bounds) {
            // SAFETY: boundaries are 0, the number of columns, or made by a visit.
            if unsafe { visit.split_parts::<K, O>(kernel, thresholds, &middle[blocks], &mut visited) } {
                return None;
            }
        }
        Some(visited)
    }
}

/// What is known of a part of the pairs.
#[derive(Clone, Copy)]
struct Part {
    /// The moment is about the center of the sweep.
    sums: Sums,
    mean: f64,
    /// About how much rounding may have moved the moment.
    error: f64,
    pairs: usize,
    /// Whether the sums are a difference of others.
    is_difference: bool,
    /// What its results are above, and at most.
    above: f64,
    up_to: f64,
}

impl Part {
    #[inline(always)]
    fn is_light_in(&self, whole: &Part) -> bool {
        self.sums.mass <= LIGHT * whole.sums.mass
    }
}

/// A node of the split tree: in each row of the blocks from `first` to `end` the columns between two boundaries.
#[derive(Clone, Copy)]
struct Node {
    part: Part,
    /// See [`Sweep::largest_term`].
    largest_term: f64,
    /// The number of Diracs that it is to become.
    n: usize,
    /// Which arrays of boundaries delimit it.
    low: usize,
    high: usize,
    /// Which array is free for its split.
    free: usize,
    first: usize,
    end: usize,
}

/// The boundaries of a node, by row.
#[derive(Clone, Copy)]
struct Bounds<'a> {
    low: &'a [Boundaries],
    high: &'a [Boundaries],
}

impl<O> Drop for Sweep<'_, O> {
    fn drop(&mut self) {
        if self.rows.count() + self.columns.count <= KEPT {
            SPARE.set(Lists {
                rows: take(&mut self.rows.lists),
                columns: take(&mut self.columns.lists),
                mirror: take(&mut self.mirror.lists),
                boundaries: take(&mut self.boundaries),
                waiting: take(&mut self.waiting),
            });
        }
    }
}

impl<O: Operation> Job for &mut Sweep<'_, O> {
    type Output = Vec<Item>;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Vec<Item> {
        let mut out = Vec::with_capacity(self.n);
        let (row_count, count) = (self.rows.lists.blocks.len(), self.columns.count);
        // All rows begin at 0 and end at `count`; one more array for each level of the tree.
        let levels = self.n.next_power_of_two().trailing_zeros() as usize;
        let (mut arrays, mut waiting) = (take(&mut self.boundaries), take(&mut self.waiting));
        waiting.clear();
        arrays.clear();
        arrays.resize((2 + levels) * row_count, Boundaries::default());
        for (block, high) in arrays[row_count..2 * row_count].iter_mut().enumerate() {
            self.rows.of(block).for_each(|(r, ..)| high[r] = count as u16);
        }
        let mut whole = Node {
            part: Part {
                sums: self.sums,
                mean: 0.0,
                error: 0.0,
                pairs: self.rows.count() * count,
                is_difference: false,
                above: f64::NEG_INFINITY,
                up_to: f64::INFINITY,
            },
            largest_term: 0.0,
            n: self.n,
            low: 0,
            high: 1,
            free: 2,
            first: 0,
            end: row_count,
        };
        whole.largest_term = self.largest_term(&whole);
        whole.part = self.part(self.sums, &whole);
        let mut next = Some(whole);
        while let Some(node) = next.take().or_else(|| waiting.pop()) {
            if self.cancel.is_requested() {
                break;
            }
            let (earlier, free) = arrays.split_at_mut(node.free * row_count);
            let bounds = Bounds {
                low: &earlier[node.low * row_count..][..row_count],
                high: &earlier[node.high * row_count..][..row_count],
            };
            let (mut node, n) = (node, node.n);
            node.largest_term = self.largest_term(&node);
            if n == 1 && node.part.pairs > 1 {
                let leaf = self.leaf(&node.part, &node, bounds);
                if leaf.mass > 0.0 {
                    out.push(leaf);
                }
                continue;
            }
            let mut can_split = node.part.pairs > n && self.can_split(&node, bounds);
            if !can_split && node.part.pairs > n && node.part.is_difference {
                node = self.added_up(node, bounds);
                can_split = self.can_split(&node, bounds);
            }
            if !can_split && node.part.pairs > MAX_PAIRS_IN_MEMORY {
                self.split_streamed(&node, &mut out);
                continue;
            }
            if !can_split {
                let mut block = Block::with_room(0);
                let len = self.write_out(&node, bounds, &mut block);
                let task = Task {
                    len,
                    n,
                    sums_in_order: false,
                    cancel: self.cancel,
                };
                block::split(kernel, &mut block, task, &mut out);
                block.recycle();
                continue;
            }
            let middle = &mut free[..row_count];
            let parts = self.divide(kernel, &node, bounds, middle);
            if n == 4
                && let Some(quarters) = self.quarters(kernel, &node, bounds, middle, &parts)
            {
                for quarter in quarters {
                    out.push(quarter);
                }
                continue;
            }
            // Most nodes at the end of the tree need no more. One pair alone is emitted as it is, not as moment / mass.
            if n == 2 && parts[0].pairs > 1 && parts[1].pairs > 1 {
                out.push(self.leaf(&parts[0], &node, bounds));
                out.push(self.leaf(&parts[1], &node, bounds));
                continue;
            }
            let (left_n, right_n) = halves(n);
            let left = Node {
                part: parts[0],
                n: left_n,
                high: node.free,
                free: node.free + 1,
                ..node
            };
            let right = Node {
                part: parts[1],
                n: right_n,
                low: node.free,
                free: node.free + 1,
                ..node
            };
            waiting.push(right.narrowed(middle, bounds.high));
            next = Some(left.narrowed(bounds.low, middle));
        }
        (self.boundaries, self.waiting) = (arrays, waiting);
        out
    }
}

impl Node {
    /// Without the empty blocks at both ends.
    #[inline(always)]
    fn narrowed(mut self, low: &[Boundaries], high: &[Boundaries]) -> Node {
        while self.first < self.end && low[self.first] == high[self.first] {
            self.first += 1;
        }
        while self.first < self.end && low[self.end - 1] == high[self.end - 1] {
            self.end -= 1;
        }
        self
    }
}
