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
//! Nodes with no more pairs than Diracs, and those for whose sums two doubles are too short, are written out as pairs and
//! split in memory (see [`block`](super::block)). That is rare.
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

use super::block::{self, Block, Item, Task};
use super::columns::{self, Columns};
use super::halves;
use super::operand::Diracs;
use super::operation::Operation;
use super::pairs::MAX_PAIRS_IN_MEMORY;
use super::rows::{self, Boundaries, Rows};
use super::simd::{Job, Kernel, LANES, Sums};
use super::visit::{Visit, Visited};
use crate::arithmetic::Cancel;

/// Operands may have this many Diracs: boundaries are 16 bits wide.
pub(crate) const MAX_DIRACS: usize = u16::MAX as usize;
/// A child with less than this part of its node's mass is light.
const LIGHT: f64 = 0.125;
/// Running sums are good to some 2^-100 of the largest. Of a node that is lighter than this part of everything, or whose mass
/// times width is a smaller part of the moments, too few digits are left.
const FEW_DIGITS: f64 = 1.0 / (1u64 << 63) as f64;

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
    /// Those of the last sweep, for the next one: to allocate them anew takes a tenth of the time of a small one.
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
            let (pairs, [left, _]) = self.split::<K, false>(kernel, node, bounds, middle);
            let [left, right] = node.part.divided(pairs, left, None);
            if !left.is_light_in(&node.part) && !right.is_light_in(&node.part) {
                return [left, right];
            }
        }
        let (pairs, [left, right]) = self.split::<K, true>(kernel, node, bounds, middle);
        node.part.divided(pairs, left, Some(right))
    }

    /// Sets the boundaries of a node's parts in `middle`; returns the number of pairs of the left part, and its sums and, if wanted,
    /// those of the right one.
    #[inline(always)]
    fn split<K: Kernel, const BOTH: bool>(
        &self,
        kernel: K,
        node: &Node,
        bounds: Bounds,
        middle: &mut [Boundaries],
    ) -> (usize, [Sums; 2]) {
        let mut visited = Visited::default();
        for (blocks, visit) in self.visits(node, bounds) {
            let threshold = node.part.sums.mean();
            // SAFETY: boundaries are 0, the number of columns, or made by a visit.
            unsafe { visit.split::<K, O, BOTH>(kernel, threshold, &mut middle[blocks], &mut visited) };
        }
        (visited.pairs[0], visited.sums.sums())
    }

    /// The four Diracs that the parts of a node become: with one more visit of its rows instead of one for each part. None if one of
    /// them is light, or has few pairs or too few digits.
    #[inline(always)]
    fn quarters<K: Kernel>(
        &self,
        kernel: K,
        node: &Node,
        bounds: Bounds,
        middle: &[Boundaries],
        parts: &[Part; 2],
    ) -> Option<[Item; 4]> {
        let thresholds = [parts[0].sums.mean(), parts[1].sums.mean()];
        let mut visited = Visited::default();
        for (blocks, visit) in self.visits(node, bounds) {
            // SAFETY: boundaries are 0, the number of columns, or made by a visit.
            if unsafe { visit.split_parts::<K, O>(kernel, thresholds, &middle[blocks], &mut visited) } {
                return None;
            }
        }
        // Those of the right part were counted from the beginning of the left one.
        let pairs = [visited.pairs[0], visited.pairs[1].checked_sub(parts[0].pairs)?];
        let sums = visited.sums.sums();
        let [first, second] = self.leaves(&parts[0], pairs[0], sums[0])?;
        let [third, fourth] = self.leaves(&parts[1], pairs[1], sums[1])?;
        Some([first, second, third, fourth])
    }

    /// The two Diracs that a part becomes, of which the sums of the left half are given.
    #[inline(always)]
    fn leaves(&self, part: &Part, pairs: usize, left: Sums) -> Option<[Item; 2]> {
        let [left, right] = part.divided(pairs, left, None);
        // No closures here: they are not compiled for the kernel's instruction set, and called.
        let has_few_pairs = part.pairs <= 2 || left.pairs <= 1 || right.pairs <= 1;
        if has_few_pairs || left.is_light_in(part) || right.is_light_in(part) {
            return None;
        }
        if self.has_digits(&left) && self.has_digits(&right) {
            Some([left.sums.dirac(), right.sums.dirac()])
        } else {
            None
        }
    }

    /// Whether the running sums have the digits for the mean of a part.
    #[inline(always)]
    fn has_digits(&self, part: &Part) -> bool {
        let (Sums { mass, .. }, mean) = (part.sums, part.sums.mean());
        mass > FEW_DIGITS * self.size.mass
            && part.above < mean
            && mean <= part.up_to
            && mass * (part.up_to - part.above) > FEW_DIGITS * self.size.moment
    }

    /// Writes the pairs of a node in the order of the rule to the front of `block`; returns their number.
    #[cold]
    fn write_out(&self, node: &Node, bounds: Bounds, block: &mut Block) -> usize {
        let mut pairs = Vec::with_capacity(node.part.pairs);
        for (blocks, visit) in self.visits(node, bounds) {
            for block in blocks {
                for (r, row_origin, x) in self.rows.of(block) {
                    for j in usize::from(bounds.low[block][r])..usize::from(bounds.high[block][r]) {
                        let (mass, origin) = visit.columns.mass(j);
                        let pair = Item {
                            position: O::result(x, visit.columns.position(j)),
                            mass: self.rows.lists.blocks[block][r].weights[0] * mass,
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
        }
        pairs.sort_unstable_by_key(|pair| pair.0);
        block.reserve(2 * pairs.len() + LANES);
        for ((_, pair), (position, mass)) in pairs.iter().zip(block.positions.iter_mut().zip(&mut block.masses)) {
            (*position, *mass) = (pair.position, pair.mass);
        }
        pairs.len()
    }
}

/// What is known of a part of the pairs.
#[derive(Clone, Copy)]
struct Part {
    sums: Sums,
    pairs: usize,
    /// Whether the sums are a difference of others.
    is_difference: bool,
    /// What its results are above, and at most.
    above: f64,
    up_to: f64,
}

impl Part {
    /// Both sides of its mean; the sums of the right one are a difference if they are not given.
    #[inline(always)]
    fn divided(&self, pairs: usize, left: Sums, right: Option<Sums>) -> [Part; 2] {
        let threshold = self.sums.mean();
        let left = Part {
            sums: left,
            pairs,
            is_difference: false,
            up_to: threshold,
            ..*self
        };
        let right = Part {
            sums: right.unwrap_or(self.sums.minus(left.sums)),
            pairs: self.pairs - pairs,
            is_difference: right.is_none(),
            above: threshold,
            ..*self
        };
        [left, right]
    }

    #[inline(always)]
    fn is_light_in(&self, whole: &Part) -> bool {
        self.sums.mass <= LIGHT * whole.sums.mass
    }
}

/// A node of the split tree: in each row of the blocks from `first` to `end` the columns between two boundaries.
#[derive(Clone, Copy)]
struct Node {
    part: Part,
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
        let whole = Node {
            part: Part {
                sums: self.sums,
                pairs: self.rows.count() * count,
                is_difference: false,
                above: f64::NEG_INFINITY,
                up_to: f64::INFINITY,
            },
            n: self.n,
            low: 0,
            high: 1,
            free: 2,
            first: 0,
            end: row_count,
        };
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
            let Node { part, n, .. } = node;
            let has_digits = self.has_digits(&part);
            if part.pairs <= n || (!has_digits && part.pairs <= MAX_PAIRS_IN_MEMORY) {
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
            if n == 1 || !has_digits {
                let Item { position, mass } = part.sums.dirac();
                if mass > 0.0 {
                    let position = position.max(part.above).min(part.up_to).clamp(f64::MIN, f64::MAX);
                    out.push(Item { position, mass });
                }
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
            let [left, right] = &parts;
            if n == 2 && left.pairs > 1 && right.pairs > 1 && self.has_digits(left) && self.has_digits(right) {
                out.push(left.sums.dirac());
                out.push(right.sums.dirac());
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
