//! The Athens operation on two distributions without its N x N pairs, for + - * /.
//!
//! In a fixed row x the result `z = x op y_j` is monotone in y_j. So with the other operand in a fitting order
//! ([`Columns`]), the pairs of a node of the split [`tree`] are one range of columns in every row, and splitting a node at m
//! moves one boundary a row ([`division`]). Mass and mean of a node are sums over rows of differences of running sums. At the end of
//! the tree, where rows are short, results themselves are added up ([`leaves`]). Rows are visited in blocks of a few neighbours, whose
//! longest row tells how far to search in each.
//!
//! A mean whose error ([`precision`]) is not small beside itself is made anew: all results of the node are added up. If the error is not
//! small beside the width of the node then either, the node is [`written_out`] as pairs and split in memory (see [`block`]), as nodes with
//! no more pairs than Diracs are, or if it has too many for that, [`streamed`](super::streamed); and a Dirac is made of the results
//! one by one. All of that is rare. Moments of sums are taken about the middle of the operands, which keeps the digits of 1e6 - 1e6.
//!
//! Either operand can make the rows. A node's interval of results reaches only some of the rows if they spread the results
//! further than the columns do, so that operand makes them ([`second_makes_rows`](super::operation::second_makes_rows)).
//!
//! Where a mean falls on a position up to rounding (lattices), the order of summation decides on which side the
//! position goes. The order here, row by row, is fixed and the same on every machine, but differs from the plain rule's.

pub(super) mod columns;
mod division;
mod leaves;
mod precision;
pub(super) mod rows;
mod search;
mod tree;
mod visit;
mod written_out;

use std::cell::Cell;
use std::marker::PhantomData;
use std::ops::Range;

use super::block::{self, Block, Item, Task};
use super::operand::Diracs;
use super::operation::Operation;
use super::pairs::MAX_PAIRS_IN_MEMORY;
use super::simd::{Job, Kernel, Sums, with_best_kernel};
use crate::arithmetic::Cancel;
use columns::Columns;
use division::Division;
use leaves::{AddedUp, FEW, Leaves, SHORT};
use precision::ROUNDING;
use rows::{BLOCK, Boundaries, Rows};
use tree::{Node, Origin, Part, Tree, View};
use visit::Visit;

/// Operands may have this many Diracs: boundaries are 16 bits wide.
pub(crate) const MAX_DIRACS: usize = u16::MAX as usize;

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
    let (sweep, tree) = Sweep::<O>::new([rows, columns], rows_first, n, cancel, &mut lists);
    let items = with_best_kernel(Run(&sweep, tree));
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
    /// What no pair's mass is more than, rounding included.
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
        // Differences of sums are good to more digits than that.
        let largest_pair = rows.largest_mass() * columns.largest_mass() * (1.0 + 1e-9);
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
        let corners = [
            O::product(row_low, low),
            O::product(row_low, high),
            O::product(row_high, low),
            O::product(row_high, high),
        ];
        sweep.range = [
            corners.into_iter().fold(f64::INFINITY, f64::min),
            corners.into_iter().fold(f64::NEG_INFINITY, f64::max),
        ];
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
    fn visits<'v>(&'v self, view: &'v View<'v>) -> [(Range<usize>, Visit<'v>); 2] {
        self.parts(view.node.first..view.node.end).map(|(blocks, columns)| {
            let visit = Visit {
                rows: &self.rows,
                columns,
                first: blocks.start,
                low: &view.low[blocks.clone()],
                high: &view.high[blocks.clone()],
            };
            (blocks, visit)
        })
    }

    /// Makes everything the one node of a tree.
    fn plant(&self, tree: &mut Tree) {
        let (block_count, count) = (self.rows.lists.blocks.len(), self.columns.count);
        // All rows begin at 0 and end at `count`; one more array for each level of the tree.
        let levels = self.n.next_power_of_two().trailing_zeros() as usize;
        let Tree { nodes, arrays, .. } = tree;
        nodes.clear();
        arrays.clear();
        arrays.resize((2 + levels) * block_count, Boundaries::default());
        for (high, rows) in arrays[block_count..].iter_mut().zip(&self.rows.lists.blocks) {
            for (high, row) in high.iter_mut().zip(rows) {
                // NaN fill up blocks.
                *high = if row.factor.is_nan() { 0 } else { count as u16 };
            }
        }
        let ends = [f64::NEG_INFINITY, f64::INFINITY];
        let part = Part {
            // Known from the terms themselves.
            error: ROUNDING * self.size.moment,
            ..self.part(0..block_count, self.sums, self.rows.count() * count, ends)
        };
        nodes.push(Node {
            part,
            n: self.n,
            low: 0,
            high: 1,
            free: 2,
            first: 0,
            end: block_count,
        });
        tree.block_count = block_count;
    }

    /// Makes Diracs of the last node of a tree, or divides it.
    #[inline(always)]
    fn step<K: Kernel>(&self, kernel: K, tree: &mut Tree, block: &mut Block, out: &mut Vec<Item>) {
        let Some(node) = tree.nodes.last() else { return };
        // Made here: a copy of what another function has just written would wait for that.
        let view = &View {
            node,
            low: tree.array(node.low),
            high: tree.array(node.high),
        };
        let &Node { ref part, n, .. } = node;
        if n == 1 && part.pairs > 1 {
            if self.is_precise(part) {
                out.push(Item {
                    position: part.mean,
                    mass: part.sums.mass,
                });
            } else {
                self.emit_pairs(view, [part.above, part.up_to], out);
            }
            tree.nodes.pop();
            return;
        }
        if part.pairs > n {
            if self.can_split(view) {
                let rows = BLOCK * (node.end - node.first);
                let is_short = n <= FEW && part.pairs <= SHORT * rows;
                if is_short && kernel.apart(Leaves(self, view, out)).is_some() {
                    tree.nodes.pop();
                } else {
                    kernel.apart(Division(self, tree));
                }
                return;
            }
            if part.origin != Origin::Results
                && let Some(part) = kernel.apart(AddedUp(self, view))
            {
                if let Some(node) = tree.nodes.last_mut() {
                    node.part = part;
                }
                return;
            }
            if part.pairs > MAX_PAIRS_IN_MEMORY {
                self.split_streamed(node, out);
                tree.nodes.pop();
                return;
            }
        }
        let task = Task {
            len: self.write_out(view, block),
            n,
            sums_in_order: false,
            cancel: self.cancel,
        };
        block::split(kernel, block, task, out);
        tree.nodes.pop();
    }
}

/// Splits everything.
struct Run<'s, 'a, O>(&'s Sweep<'a, O>, &'s mut Tree);

impl<O: Operation> Job for Run<'_, '_, O> {
    type Output = Vec<Item>;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Vec<Item> {
        let Run(sweep, tree) = self;
        let mut out = Vec::with_capacity(sweep.n);
        let mut block = Block::with_room(0);
        sweep.plant(tree);
        while !tree.nodes.is_empty() && !sweep.cancel.is_requested() {
            sweep.step(kernel, tree, &mut block, &mut out);
        }
        block.recycle();
        out
    }
}
