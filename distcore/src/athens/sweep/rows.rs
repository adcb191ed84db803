//! The other operand as the sweep's rows.

use std::ops::Range;

use super::columns::Columns;
use crate::athens::operand::Diracs;
use crate::athens::operation::Operation;
use crate::athens::simd::Sums;

/// Rows come in blocks of so many, so that one look at a block's longest row settles how all are searched.
pub(super) const BLOCK: usize = 4;

/// What an inner loop needs of a row.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) factor: f64,
    /// The mass, and the mass times the factor (of sums, from the rows' center on).
    pub(crate) weights: [f64; 2],
}

/// Fills up blocks: without mass, and with no result below any threshold.
const NO_ROW: Row = Row {
    factor: f64::NAN,
    weights: [0.0; 2],
};

/// For each row of a block a boundary between columns.
pub(super) type Boundaries = [u16; BLOCK];

/// The lists that make up [`Rows`]; their memory is used again.
#[derive(Default)]
pub(super) struct Lists {
    /// Where the rows stand in the operand: first those of mirrored blocks.
    origins: Vec<u32>,
    pub(super) blocks: Vec<[Row; BLOCK]>,
}

/// An operand in ascending order, in blocks.
pub(super) struct Rows<'a> {
    operand: &'a Diracs<'a>,
    pub(super) lists: &'a Lists,
    /// So many blocks come first whose positions and factors have their signs turned, because they are negative factors of
    /// products. They use columns with their signs turned.
    pub(super) mirrored: usize,
    /// The number of rows in them.
    negative: usize,
    /// What moments of sums are taken about, as for [`Columns`].
    pub(super) center: f64,
}

impl<'a> Rows<'a> {
    pub(super) fn new<O: Operation>(operand: &'a Diracs, lists: &'a mut Lists) -> Rows<'a> {
        let position = |index: u32| operand.positions[index as usize];
        let Lists { origins, blocks } = &mut *lists;
        blocks.clear();
        origins.clear();
        origins.extend(0..operand.len() as u32);
        if !crate::distribution::are_ascending(&operand.positions) {
            origins.sort_by(|&a, &b| position(a).total_cmp(&position(b)));
        }
        let negative = if O::IS_PRODUCT {
            origins.partition_point(|&index| position(index) < 0.0)
        } else {
            0
        };
        let center = match origins.get(origins.len() / 2) {
            Some(&middle) if !O::IS_PRODUCT => position(middle),
            _ => 0.0,
        };
        let (mirrored, others) = origins.split_at(negative);
        let mirrored_blocks = mirrored.len().div_ceil(BLOCK);
        blocks.resize(mirrored_blocks + others.len().div_ceil(BLOCK), [NO_ROW; BLOCK]);
        let (mirrored_rows, other_rows) = blocks.split_at_mut(mirrored_blocks);
        for (rows, indices, sign) in [(mirrored_rows, mirrored, -1.0), (other_rows, others, 1.0)] {
            for (row, &index) in rows.as_flattened_mut().iter_mut().zip(indices) {
                let (factor, mass) = (O::factor(sign * position(index)), operand.masses[index as usize]);
                row.factor = factor;
                row.weights = [mass, mass * (factor - center)];
            }
        }
        Rows {
            operand,
            lists,
            mirrored: mirrored_blocks,
            negative,
            center,
        }
    }

    pub(super) fn operand(&self) -> &'a Diracs<'a> {
        self.operand
    }

    /// The least and the largest factor, signs as they are in the operand.
    pub(super) fn ends(&self) -> (f64, f64) {
        let mut ends = (f64::INFINITY, f64::NEG_INFINITY);
        // Rows rise, and reciprocals fall on either side of 0.
        let (mirrored, others) = self.lists.blocks.split_at(self.mirrored);
        for (blocks, sign) in [(mirrored, -1.0), (others, 1.0)] {
            for row in blocks.first().into_iter().chain(blocks.last()).flatten() {
                // NaN, which fill up blocks, are passed over.
                ends = (ends.0.min(sign * row.factor), ends.1.max(sign * row.factor));
            }
        }
        ends
    }

    pub(super) fn count(&self) -> usize {
        self.operand.len()
    }

    /// The sums of all pairs of some blocks and their columns, and what they would be without the signs of factors and keys.
    pub(super) fn sums<O: Operation>(&self, blocks: Range<usize>, columns: &Columns) -> [Sums; 2] {
        let (mut weights, mut size) = ([0.0; 2], 0.0);
        for row in self.lists.blocks[blocks].iter().flatten() {
            weights[0] += row.weights[0];
            weights[1] += row.weights[1];
            size += row.weights[1].abs();
        }
        let sums = |[mass, moment]: [f64; 2], [column_mass, column_moment]: [f64; 2]| Sums {
            mass: mass * column_mass,
            moment: if O::IS_PRODUCT {
                moment * column_moment
            } else {
                mass * column_moment + moment * column_mass
            },
        };
        [
            sums(weights, columns.total),
            sums([weights[0], size], [columns.total[0], columns.size]),
        ]
    }

    /// The rows of a block: which one of it, where it stands in the operand, and its position, with its sign turned if the block is
    /// mirrored.
    pub(super) fn of(&self, block: usize) -> impl Iterator<Item = (usize, u32, f64)> {
        let (mirrored, others) = self.lists.origins.split_at(self.negative);
        let (origins, sign, block) = if block < self.mirrored {
            (mirrored, -1.0, block)
        } else {
            (others, 1.0, block - self.mirrored)
        };
        let origins = &origins[block * BLOCK..];
        let rows = origins[..origins.len().min(BLOCK)].iter().enumerate();
        rows.map(move |(row, &index)| (row, index, sign * self.operand.positions[index as usize]))
    }
}
