//! The pairs of a node one by one: where sums are of no use.

use std::ops::ControlFlow;

use super::Sweep;
use super::tree::{Node, View};
use crate::athens::block::{Block, Item, room_to_split};
use crate::athens::operation::Operation;
use crate::athens::pairs::MAX_PAIRS_IN_MEMORY;
use crate::athens::streamed;

impl<O: Operation> Sweep<'_, O> {
    /// Calls a function with the pairs of a node row by row, until it breaks: with result, mass, and where both stand in the order of the
    /// rule.
    #[inline]
    pub(super) fn for_each_pair(
        &self,
        view: &View,
        mut function: impl FnMut(f64, f64, (u32, u32)) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for block in view.node.first..view.node.end {
            let columns = self.columns_of(block);
            for (r, row_origin, x) in self.rows.of(block) {
                let row_mass = self.rows.lists.blocks[block][r].weights[0];
                for column in usize::from(view.low[block][r])..usize::from(view.high[block][r]) {
                    let (mass, origin) = columns.mass(column);
                    let order = if self.rows_first {
                        (row_origin, origin)
                    } else {
                        (origin, row_origin)
                    };
                    function(O::result(x, columns.position(column)), row_mass * mass, order)?;
                }
            }
        }
        ControlFlow::Continue(())
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
        let mut pairs = Vec::with_capacity(view.node.part.pairs);
        let _ = self.for_each_pair(view, |position, mass, order| {
            pairs.push((order, Item { position, mass }));
            ControlFlow::Continue(())
        });
        if !pairs.is_sorted_by_key(|pair| pair.0) {
            pairs.sort_unstable_by_key(|pair| pair.0);
        }
        block.reserve(room_to_split(pairs.len()));
        for ((_, pair), (position, mass)) in pairs.iter().zip(block.positions.iter_mut().zip(&mut block.masses)) {
            (*position, *mass) = (pair.position, pair.mass);
        }
        pairs.len()
    }
}
