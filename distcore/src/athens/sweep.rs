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
use std::ops::Range;

use super::block::{self, Block, Item, Task, room_to_split};
use super::columns::{self, Columns};
use super::halves;
use super::operand::Diracs;
use super::operation::Operation;
use super::pairs::MAX_PAIRS_IN_MEMORY;
use super::rows::{self, BLOCK, Boundaries, Rows};
use super::search::Threshold;
use super::simd::{Cut, Job, Kernel, Sums, with_best_kernel};
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
/// Nodes of so many Diracs are divided by their results.
const FEW: usize = 4;
/// Unless their rows have more columns than this on average.
const SHORT: usize = 16;
/// A difference of two sums is good if it is more than this part of what was taken away.
const SMALL: f64 = 1.0 / 32.0;
/// A mean is precise if its error is below this part of itself, or of the distance between the ends of its node.
const PRECISE: f64 = 1.0 / (1u64 << 30) as f64;

/// The lists of a sweep.
#[derive(Default)]
struct Lists {
    rows: rows::Lists,
    columns: columns::Lists,
    mirror: columns::Lists,
    tree: Tree,
}

thread_local! {
    /// Those of the last sweep, for the next one: at N = 512 fresh pages took 3 % of the time.
    static SPARE: Cell<Option<Box<Lists>>> = const { Cell::new(None) };
}

/// The lists of operands of more Diracs together are not kept: they would take more than some 2 MB.
const KEPT: usize = 1 << 14;

/// Splits the results of an operation on `rows` and `columns` into at most `n` Diracs, where the former are the first operand or not.
///
/// Positions are finite, those of divisors not 0 and perhaps infinite; no result and no key is NaN or infinite; masses are positive;
/// neither list is longer than [`MAX_DIRACS`].
pub(crate) fn split<O: Operation>(
    rows: &Diracs,
    columns: &Diracs,
    rows_first: bool,
    n: usize,
    cancel: Cancel,
) -> Vec<Item> {
    let mut lists = SPARE.take().unwrap_or_default();
    let items = with_best_kernel(Sweep::<O>::new([rows, columns], rows_first, n, cancel, &mut lists));
    if rows.len() + columns.len() <= KEPT {
        SPARE.set(Some(lists));
    }
    items
}

/// An operation on two lists of Diracs, to be split into at most `n`.
struct Sweep<'a, O> {
    rows: Rows<'a>,
    columns: Columns<'a>,
    /// The columns with their signs turned; none if there are no mirrored rows.
    mirror: Columns<'a>,
    /// The sums of everything, and what they would be without the signs of factors and keys.
    sums: Sums,
    size: Sums,
    /// What moments of sums are taken about; 0 for products.
    center: f64,
    /// What no pair's mass is more than.
    largest_pair: f64,
    /// What no result is beyond: lower and upper end.
    range: [f64; 2],
    /// Whether the first operand makes the rows, so that the rule's order of pairs is that of rows.
    rows_first: bool,
    n: usize,
    cancel: Cancel<'a>,
    operation: PhantomData<O>,
}

impl<'a, O: Operation> Sweep<'a, O> {
    fn new(
        [rows, columns]: [&'a Diracs<'a>; 2],
        rows_first: bool,
        n: usize,
        cancel: Cancel<'a>,
        lists: &'a mut Lists,
    ) -> (Sweep<'a, O>, &'a mut Tree) {
        let largest_pair = rows.largest_mass() * columns.largest_mass();
        let rows = Rows::new::<O>(rows, &mut lists.rows);
        let mirror = if rows.mirrored > 0 { columns } else { &Diracs::NONE };
        let mut sweep = Sweep {
            mirror: Columns::new::<O>(mirror, -1.0, &mut lists.mirror),
            columns: Columns::new::<O>(columns, 1.0, &mut lists.columns),
            rows,
            sums: Sums::default(),
            size: Sums::default(),
            center: 0.0,
            largest_pair,
            range: [0.0; 2],
            rows_first,
            n,
            cancel,
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
        (sweep, &mut lists.tree)
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

    /// Makes everything the one node of a tree.
    fn plant(&self, tree: &mut Tree) {
        let (row_count, count) = (self.rows.lists.blocks.len(), self.columns.count);
        // All rows begin at 0 and end at `count`; one more array for each level of the tree.
        let levels = self.n.next_power_of_two().trailing_zeros() as usize;
        let Tree { nodes, arrays, .. } = tree;
        nodes.clear();
        arrays.clear();
        arrays.resize((2 + levels) * row_count, Boundaries::default());
        for (high, rows) in arrays[row_count..].iter_mut().zip(&self.rows.lists.blocks) {
            for (high, row) in high.iter_mut().zip(rows) {
                // NaN fill up blocks.
                *high = if row.factor.is_nan() { 0 } else { count as u16 };
            }
        }
        let mut root = Node {
            part: Part {
                sums: self.sums,
                mean: 0.0,
                error: 0.0,
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
        root.part = self.part(&root.part, self.sums, self.largest_term(&root));
        nodes.push(root);
        tree.row_count = row_count;
    }

    /// Makes Diracs of the last node of a tree, or divides it; returns whether the latter.
    #[inline(always)]
    fn step<K: Kernel>(&self, kernel: K, tree: &mut Tree, block: &mut Block, out: &mut Vec<Item>) -> bool {
        let last = tree.nodes.len() - 1;
        let node = &mut tree.nodes[last];
        let (bounds, _) = Bounds::of(&mut tree.arrays, tree.row_count, node);
        let n = node.n;
        if n == 1 && node.part.pairs > 1 {
            let Part {
                sums,
                mean,
                above,
                up_to,
                ..
            } = node.part;
            if self.is_precise(&node.part) {
                out.push(Item {
                    position: mean,
                    mass: sums.mass,
                });
            } else {
                self.emit_pairs((node, bounds), [above, up_to], out);
            }
            return false;
        }
        let mut can_split = node.part.pairs > n && self.can_split(node, bounds);
        if !can_split && node.part.pairs > n && node.part.is_difference {
            self.add_up(node, bounds);
            can_split = self.can_split(node, bounds);
        }
        if can_split {
            let rows = BLOCK * (node.end - node.first);
            let is_short = n <= FEW && node.part.pairs <= SHORT * rows;
            let undone = is_short.then(|| kernel.apart(Leaves(self, node, bounds, out)));
            match undone {
                Some(Ok(())) => return false,
                Some(Err(Undone::FewPairs)) => (),
                Some(Err(Undone::Imprecise)) | None => {
                    kernel.apart(Division(self, tree));
                    return true;
                }
            }
        } else if node.part.pairs > MAX_PAIRS_IN_MEMORY {
            self.split_streamed(node, out);
            return false;
        }
        let task = Task {
            len: self.write_out(node, bounds, block),
            n,
            sums_in_order: false,
            cancel: self.cancel,
        };
        block::split(kernel, block, task, out);
        false
    }

    /// The two parts of a node, whose boundaries it sets in `middle`.
    #[inline(always)]
    fn divide<K: Kernel>(&self, kernel: K, node: &Node, bounds: Bounds, middle: &mut [Boundaries]) -> [Part; 2] {
        if !node.part.is_difference {
            let (pairs, [left, _]) = self.split::<K, false>(kernel, node, bounds, middle);
            let [left, right] = self.parts_of(node, pairs, left, None);
            if !left.is_light_in(&node.part) && !right.is_light_in(&node.part) {
                return [left, right];
            }
        }
        let (pairs, [left, right]) = self.split::<K, true>(kernel, node, bounds, middle);
        self.parts_of(node, pairs, left, Some(right))
    }

    /// Sets the boundaries of a node's parts; returns the number of pairs of the left part, and its sums and, if `BOTH`, those of the
    /// right one.
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
            // SAFETY: boundaries are 0, the number of columns, or made by a visit.
            unsafe { visit.split::<K, O, BOTH>(kernel, node.part.mean, &mut middle[blocks], &mut visited) };
        }
        (visited.pairs, visited.sums.sums())
    }

    /// What is known of both sides of the mean of a node; the sums of the right one are a difference if they are not given.
    #[inline(always)]
    fn parts_of(&self, node: &Node, pairs: usize, left: Sums, right: Option<Sums>) -> [Part; 2] {
        let whole = &node.part;
        let largest_term = self.largest_term(node);
        let left = Part {
            up_to: whole.mean,
            ..self.part(whole, left, largest_term)
        };
        let right = match right {
            Some(right) => self.part(whole, right, largest_term),
            None => {
                let sums = whole.sums.minus(left.sums);
                Part {
                    sums,
                    mean: sums.mean() + self.center,
                    error: whole.error + left.error,
                    is_difference: true,
                    ..*whole
                }
            }
        };
        let right = Part {
            pairs: whole.pairs - pairs,
            above: whole.mean,
            ..right
        };
        [Part { pairs, ..left }, right]
    }

    /// A part with other sums: those of pairs of it, which were added up.
    #[inline(always)]
    fn part(&self, whole: &Part, sums: Sums, largest_term: f64) -> Part {
        Part {
            sums,
            mean: sums.mean() + self.center,
            error: ROUNDING * sums.mass * largest_term + RUNNING_ROUNDING * self.size.moment,
            is_difference: false,
            ..*whole
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

    /// Adds up the sums of a node, if they were a difference.
    #[cold]
    fn add_up(&self, node: &mut Node, bounds: Bounds) {
        let mut visited = Visited::default();
        for (_, visit) in self.visits(node, bounds) {
            visit.add_all::<O>(&mut visited);
        }
        let [sums, _] = visited.sums.sums();
        node.part = self.part(&node.part, sums, self.largest_term(node));
    }

    /// A cut through a node.
    #[inline(always)]
    fn cut<K: Kernel, const PARTS: usize>(
        &self,
        kernel: K,
        node: &Node,
        bounds: Bounds,
        thresholds: [Threshold; PARTS],
    ) -> Cut<PARTS> {
        let mut lanes = kernel.lanes();
        for (_, visit) in self.visits(node, bounds) {
            // SAFETY: boundaries are 0, the number of columns, or made by a visit.
            unsafe { visit.cut::<K, O, PARTS>(kernel, thresholds, &mut lanes) };
        }
        kernel.cut(lanes)
    }

    /// What is left of a part above an end, where the sums up to there are given, with a moment about 0.
    #[inline(always)]
    fn rest(&self, whole: &Part, cut: Sums, above: f64) -> Part {
        let sums = Sums {
            mass: whole.sums.mass - cut.mass,
            moment: whole.sums.moment - (cut.moment - self.center * cut.mass),
        };
        Part {
            sums,
            mean: sums.mean() + self.center,
            error: whole.error + ROUNDING * (cut.moment.abs() + cut.mass * self.center.abs()),
            above,
            ..*whole
        }
    }

    /// Whether there are at most so many pairs of a node between two ends, whose mass is given.
    #[inline(always)]
    fn is_at_most<const PAIRS: usize>(&self, mass: f64, (node, bounds): (&Node, Bounds), ends: [f64; 2]) -> bool {
        // Mostly the mass alone tells.
        mass <= PAIRS as f64 * self.largest_pair && self.count_up_to(PAIRS + 1, node, bounds, ends) <= PAIRS
    }

    /// Counts the pairs of a node between two ends, up to a number.
    #[cold]
    fn count_up_to(&self, enough: usize, node: &Node, bounds: Bounds, [above, up_to]: [f64; 2]) -> usize {
        let pairs = self.pairs(node, bounds);
        pairs
            .filter(|&(position, ..)| above < position && position <= up_to)
            .take(enough)
            .count()
    }

    /// Emits the Dirac of the pairs of a node between two ends, whose sums are given. One pair alone is emitted as it is, not as
    /// moment / mass.
    #[inline(always)]
    fn emit(&self, sums: Sums, interval: (&Node, Bounds), ends: [f64; 2], out: &mut Vec<Item>) {
        if self.is_at_most::<1>(sums.mass, interval, ends) {
            self.emit_pairs(interval, ends, out);
        } else {
            out.push(Item {
                position: sums.mean(),
                mass: sums.mass,
            });
        }
    }

    /// The same with the difference of two sums.
    #[inline(always)]
    fn emit_difference(&self, sums: Sums, less: Sums, interval: (&Node, Bounds), ends: [f64; 2], out: &mut Vec<Item>) {
        let rest = sums.minus(less);
        if rest.mass > SMALL * less.mass && rest.moment.abs() > SMALL * less.moment.abs() {
            self.emit(rest, interval, ends, out);
        } else {
            self.emit_pairs(interval, ends, out);
        }
    }

    /// The same with what is left without something.
    #[inline(always)]
    fn emit_rest(&self, rest: &Part, cut: Sums, interval: (&Node, Bounds), ends: [f64; 2], out: &mut Vec<Item>) {
        if rest.sums.mass > SMALL * cut.mass
            && self.is_precise(rest)
            && !self.is_at_most::<1>(rest.sums.mass, interval, ends)
        {
            out.push(Item {
                position: rest.mean,
                mass: rest.sums.mass,
            });
        } else {
            self.emit_pairs(interval, ends, out);
        }
    }

    /// Emits the Dirac of the pairs of a node between two ends, if there are any.
    #[cold]
    fn emit_pairs(&self, (node, bounds): (&Node, Bounds), ends: [f64; 2], out: &mut Vec<Item>) {
        let leaf = self.leaf_of_pairs(node, bounds, ends);
        if leaf.mass > 0.0 {
            out.push(leaf);
        }
    }

    /// The Dirac of the pairs of a node between two ends, from the results themselves. What they all are, it is exactly.
    fn leaf_of_pairs(&self, node: &Node, bounds: Bounds, [above, up_to]: [f64; 2]) -> Item {
        let (mut sums, mut low, mut high) = (Sums::default(), f64::INFINITY, f64::NEG_INFINITY);
        for block in node.first..node.end {
            let columns = self.columns_of(block);
            for (r, _, x) in self.rows.of(block) {
                let row_mass = self.rows.lists.blocks[block][r].weights[0];
                for j in usize::from(bounds.low[block][r])..usize::from(bounds.high[block][r]) {
                    let position = O::result(x, columns.position(j));
                    if above < position && position <= up_to {
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

/// Divides the last node of a tree, whose place its parts take.
struct Division<'s, 'a, O>(&'s Sweep<'a, O>, &'s mut Tree);

impl<O: Operation> Job for Division<'_, '_, O> {
    type Output = ();

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) {
        let Division(sweep, tree) = self;
        let last = tree.nodes.len() - 1;
        let node = &tree.nodes[last];
        let (bounds, free) = Bounds::of(&mut tree.arrays, tree.row_count, node);
        let middle = &mut free[..tree.row_count];
        let [left, right] = sweep.divide(kernel, node, bounds, middle);
        let (left_n, right_n) = halves(node.n);
        let (low, high, free) = (node.low, node.high, node.free);
        let whole = (node.first, node.end);
        let (first, end) = narrowed(whole, middle, bounds.high);
        let right = Node {
            part: right,
            n: right_n,
            low: free,
            high,
            free: free + 1,
            first,
            end,
        };
        let (first, end) = narrowed(whole, bounds.low, middle);
        let left = Node {
            part: left,
            n: left_n,
            low,
            high: free,
            free: free + 1,
            first,
            end,
        };
        tree.nodes[last] = right;
        tree.nodes.push(left);
    }
}

/// Makes the Diracs of a node that becomes at most [`FEW`] of them.
///
/// The rows of such nodes are short, some five columns at any N: too few for running sums to pay. Instead their results are
/// made and looked at twice, eight columns of a row at a time: for the two parts of the node, then for the parts of these.
struct Leaves<'s, 'a, O>(&'s Sweep<'a, O>, &'s Node, Bounds<'s>, &'s mut Vec<Item>);

/// Why there are no leaves.
enum Undone {
    /// A part has no more pairs than Diracs: these are the pairs, in the order of the rule.
    FewPairs,
    /// It is not known well enough what is on which side of a mean.
    Imprecise,
}

impl<O: Operation> Job for Leaves<'_, '_, O> {
    type Output = Result<(), Undone>;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Self::Output {
        let Leaves(sweep, node, bounds, out) = self;
        let Part { above, mean, up_to, .. } = node.part;
        let (left_n, right_n) = halves(node.n);
        let middle = Threshold::new::<O>(mean);
        let Cut { sums: [left], in_doubt } = sweep.cut(kernel, node, bounds, [middle]);
        let right = sweep.rest(&node.part, left, mean);
        if in_doubt || !sweep.is_precise(&right) {
            return Err(Undone::Imprecise);
        }
        let interval = (node, bounds);
        if sweep.is_at_most::<2>(left.mass, interval, [above, mean]) && left_n > 1
            || sweep.is_at_most::<2>(right.sums.mass, interval, [mean, up_to]) && right_n > 1
        {
            return Err(Undone::FewPairs);
        }
        if node.n == 2 {
            sweep.emit(left, interval, [above, mean], out);
            sweep.emit_rest(&right, left, interval, [mean, up_to], out);
            return Ok(());
        }
        // Rounding must not make a mean larger than all of its part. A part of one Dirac is not divided.
        let ends = [
            left.mean().min(mean),
            if right_n > 1 { right.mean } else { up_to.min(f64::MAX) },
        ];
        let thresholds = [Threshold::new::<O>(ends[0]), Threshold::new::<O>(ends[1])];
        let Cut {
            sums: [first, three],
            in_doubt,
        } = sweep.cut(kernel, node, bounds, thresholds);
        if in_doubt {
            return Err(Undone::Imprecise);
        }
        sweep.emit(first, interval, [above, ends[0]], out);
        sweep.emit_difference(left, first, interval, [ends[0], mean], out);
        sweep.emit_difference(three, left, interval, [mean, ends[1]], out);
        if right_n > 1 {
            sweep.emit_rest(
                &sweep.rest(&node.part, three, ends[1]),
                three,
                interval,
                [ends[1], up_to],
                out,
            );
        }
        Ok(())
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

/// Nodes that wait, the last one for the next step, and the boundaries of all.
#[derive(Default)]
struct Tree {
    nodes: Vec<Node>,
    arrays: Vec<Boundaries>,
    /// The number of blocks of rows.
    row_count: usize,
}

/// The boundaries of a node, by row.
#[derive(Clone, Copy)]
struct Bounds<'a> {
    low: &'a [Boundaries],
    high: &'a [Boundaries],
}

impl<'a> Bounds<'a> {
    /// The boundaries of a node, and all those behind them, of which its split is to set the first ones.
    #[inline(always)]
    fn of(arrays: &'a mut [Boundaries], row_count: usize, node: &Node) -> (Bounds<'a>, &'a mut [Boundaries]) {
        let (earlier, free) = arrays.split_at_mut(node.free * row_count);
        let bounds = Bounds {
            low: &earlier[node.low * row_count..][..row_count],
            high: &earlier[node.high * row_count..][..row_count],
        };
        (bounds, free)
    }
}

/// A range of blocks without the empty ones at both ends.
#[inline(always)]
fn narrowed((mut first, mut end): (usize, usize), low: &[Boundaries], high: &[Boundaries]) -> (usize, usize) {
    while first < end && low[first] == high[first] {
        first += 1;
    }
    while first < end && low[end - 1] == high[end - 1] {
        end -= 1;
    }
    (first, end)
}

impl<O: Operation> Job for (Sweep<'_, O>, &mut Tree) {
    type Output = Vec<Item>;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Vec<Item> {
        let (sweep, tree) = self;
        let mut out = Vec::with_capacity(sweep.n);
        let mut block = Block::with_room(0);
        sweep.plant(tree);
        while !tree.nodes.is_empty() && !sweep.cancel.is_requested() {
            if !sweep.step(kernel, tree, &mut block, &mut out) {
                tree.nodes.pop();
            }
        }
        block.recycle();
        out
    }
}
