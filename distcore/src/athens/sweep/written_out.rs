//! The pairs of a node one by one: where sums are of no use.

use super::Sweep;
use super::tree::{Node, View};
use crate::athens::block::{Block, Item, room_to_split};
use crate::athens::operation::Operation;
use crate::athens::pairs::MAX_PAIRS_IN_MEMORY;
use crate::athens::streamed;

impl<O: Operation> Sweep<'_, O> {
    /// The pairs of a node row by row: result, mass, and where both stand in the order of the rule.
    pub(super) fn pairs<'v>(&'v self, view: &'v View<'v>) -> impl Iterator<Item = (f64, f64, (u32, u32))> {
        let blocks = view.node.first..view.node.end;
        blocks.flat_map(move |block| {
            let columns = self.columns_of(block);
            self.rows.of(block).flat_map(move |(r, row_origin, x)| {
                let row_mass = self.rows.lists.blocks[block][r].weights[0];
                let range = usize::from(view.low[block][r])..usize::from(view.high[block][r]);
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
    pub(super) fn split_streamed(&self, node: &Node, out: &mut Vec<Item>) {
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
    pub(super) fn write_out(&self, view: &View, block: &mut Block) -> usize {
        let pair = |(position, mass, order)| (order, Item { position, mass });
        let mut pairs: Vec<_> = self.pairs(view).map(pair).collect();
        pairs.sort_unstable_by_key(|pair| pair.0);
        block.reserve(room_to_split(pairs.len()));
        for ((_, pair), (position, mass)) in pairs.iter().zip(block.positions.iter_mut().zip(&mut block.masses)) {
            (*position, *mass) = (pair.position, pair.mass);
        }
        pairs.len()
    }
}
