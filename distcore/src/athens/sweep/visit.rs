//! The sweep's inner loops: visits of every row of a node.
//!
//! Unsafe, like the [`search`](super::search) in them, because bounds checks would cost a tenth of the time.

use super::columns::Columns;
use super::rows::{BLOCK, Boundaries, Row, Rows};
use super::search::{FAR, Search, Threshold};
use crate::athens::operation::Operation;
use crate::athens::simd::{HALF, Kernel, PartSums, Portable};

/// What visits have added up of two parts of the pairs.
#[derive(Clone, Copy, Default)]
pub(super) struct Visited {
    pub(super) sums: PartSums,
    /// The number of pairs in the first one.
    pub(super) pairs: usize,
}

/// Blocks of rows that use the same columns.
#[derive(Clone, Copy)]
pub(super) struct Visit<'a> {
    pub(super) rows: &'a Rows<'a>,
    pub(super) columns: &'a Columns<'a>,
    /// The first of the blocks.
    pub(super) first: usize,
    /// The boundaries between which columns belong to the node.
    pub(super) low: &'a [Boundaries],
    pub(super) high: &'a [Boundaries],
}

/// One of the blocks.
struct Block<'a> {
    rows: &'a [Row; BLOCK],
    low: &'a Boundaries,
    high: &'a Boundaries,
    /// The number of columns of its longest row.
    longest: usize,
}

impl<'a> Visit<'a> {
    #[inline(always)]
    fn blocks(&self) -> impl Iterator<Item = Block<'a>> {
        let rows = &self.rows.lists.blocks[self.first..self.first + self.low.len()];
        rows.iter().zip(self.low).zip(self.high).map(|((rows, low), high)| {
            let mut longest = 0;
            for (low, high) in low.iter().zip(high) {
                longest = longest.max(high.wrapping_sub(*low));
            }
            Block {
                rows,
                low,
                high,
                longest: usize::from(longest),
            }
        })
    }

    /// Writes to `middle`, for each row, the first column whose result is above the threshold. Adds the columns before it to the
    /// first part, and the others to the sums of the second if `BOTH`.
    ///
    /// # Safety
    ///
    /// Boundaries must rise, and not be beyond the number of columns; there must be as many arrays of them in `middle`.
    #[inline(always)]
    pub(super) unsafe fn split<K: Kernel, O: Operation, const BOTH: bool>(
        &self,
        kernel: K,
        threshold: f64,
        middle: &mut [Boundaries],
        visited: &mut Visited,
    ) {
        let before = *visited;
        let search = Search::new(kernel, self.columns);
        let limit = Threshold::new::<O>(threshold);
        let mut in_doubt = false;
        for (block, middle) in self.blocks().zip(middle.iter_mut()) {
            if block.longest == 0 {
                *middle = *block.low;
                continue;
            }
            // SAFETY: the caller's duty.
            in_doubt |= unsafe {
                if K::COUNTS_FOUR && block.longest <= 4 {
                    block.split::<K, O, 4, BOTH>(search, limit, middle, visited)
                } else if block.longest <= 8 {
                    block.split::<K, O, 8, BOTH>(search, limit, middle, visited)
                } else if block.longest <= 16 {
                    block.split::<K, O, 16, BOTH>(search, limit, middle, visited)
                } else {
                    block.split::<K, O, FAR, BOTH>(search, limit, middle, visited)
                }
            };
        }
        if in_doubt {
            *visited = before;
            self.split_by_results::<O>(threshold, middle, visited);
        }
    }

    /// As `split`, by the results themselves.
    #[cold]
    fn split_by_results<O: Operation>(&self, threshold: f64, middle: &mut [Boundaries], visited: &mut Visited) {
        for (block, middle) in middle.iter_mut().enumerate() {
            *middle = self.low[block];
            for (r, _, x) in self.rows.of(self.first + block) {
                let (low, high) = (usize::from(self.low[block][r]), usize::from(self.high[block][r]));
                let (mut at, mut end) = (low, high);
                while at < end {
                    let half = at.midpoint(end);
                    if O::result(x, self.columns.position(half)) <= threshold {
                        at = half + 1;
                    } else {
                        end = half;
                    }
                }
                middle[r] = at as u16;
                let row = self.rows.lists.blocks[self.first + block][r];
                let [low_sums, middle_sums, high_sums] =
                    [low, at, high].map(|place| &self.columns.lists.prefixes[place]);
                let prefixes = [[low_sums, middle_sums], [middle_sums, high_sums]];
                Portable.add::<O>(&mut visited.sums, row, prefixes);
                visited.pairs += at - low;
            }
        }
    }

    /// Adds every pair to the parts of a cut that it belongs to.
    ///
    /// # Safety
    ///
    /// As for `split`.
    #[inline(always)]
    pub(super) unsafe fn cut<K: Kernel, O: Operation, const PARTS: usize>(
        &self,
        kernel: K,
        thresholds: [f64; PARTS],
        lanes: &mut K::Lanes<PARTS>,
    ) {
        self.columns.assert_padding();
        for block in self.blocks() {
            // SAFETY: the caller's duty.
            unsafe { block.cut::<K, O, PARTS>(kernel, self.columns, thresholds, lanes) };
        }
    }
}

impl Block<'_> {
    /// [`Visit::split`]. Returns whether a result is in doubt.
    ///
    /// # Safety
    ///
    /// As there, and no row is longer than `REACH`.
    #[inline(always)]
    unsafe fn split<K: Kernel, O: Operation, const REACH: usize, const BOTH: bool>(
        &self,
        search: Search<K>,
        limit: Threshold,
        middle: &mut Boundaries,
        visited: &mut Visited,
    ) -> bool {
        let (mut next, mut sums, mut pairs) = (f64::INFINITY, visited.sums, visited.pairs);
        for (r, &row) in self.rows.iter().enumerate() {
            let (low, high) = (usize::from(self.low[r]), usize::from(self.high[r]));
            // SAFETY: the caller's duty.
            unsafe {
                let at = search.boundary::<O, REACH>(row.factor, low, self.longest, limit, &mut next);
                middle[r] = at as u16;
                let (from, to, end) = (search.prefix(low), search.prefix(at), search.prefix(high));
                if BOTH {
                    search.kernel.add::<O>(&mut sums, row, [[from, to], [to, end]]);
                } else {
                    search.kernel.add_first::<O>(&mut sums, row, [from, to]);
                }
                pairs += at - low;
            }
        }
        (visited.sums, visited.pairs) = (sums, pairs);
        limit.leaves_in_doubt::<O>(next)
    }

    /// [`Visit::cut`].
    ///
    /// # Safety
    ///
    /// As there.
    #[inline(always)]
    unsafe fn cut<K: Kernel, O: Operation, const PARTS: usize>(
        &self,
        kernel: K,
        columns: &Columns,
        thresholds: [f64; PARTS],
        lanes: &mut K::Lanes<PARTS>,
    ) {
        let (keys, masses) = (columns.lists.keys.as_ptr(), columns.lists.masses.as_ptr());
        let mut step = 0;
        while step < self.longest {
            let four = |r: usize| {
                let from = usize::from(self.low[r]) + step;
                // SAFETY: the caller's duty: a row begins at most at the end of the columns, and is not longer than they are.
                unsafe { [&*keys.add(from).cast(), &*masses.add(from).cast()] }
            };
            // Rows take turns, so that an addition does not wait for the one before it.
            for r in (0..BLOCK).step_by(2) {
                kernel.add_results::<O, PARTS, false>(lanes, self.rows[r], four(r), thresholds);
                kernel.add_results::<O, PARTS, true>(lanes, self.rows[r + 1], four(r + 1), thresholds);
            }
            step += HALF;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::marker::PhantomData;

    use super::*;
    use crate::Generator;
    use crate::athens::operand::Diracs;
    use crate::athens::operation::{Fraction, Product, Quotient, Sum};
    use crate::athens::simd::{Cut, InstructionSet, Job, Sums, limit_instruction_set, with_best_kernel};

    /// The boundaries that a visit finds at a threshold.
    struct Split<'a, O>(&'a Visit<'a>, f64, PhantomData<O>);

    impl<O: Operation> Job for Split<'_, O> {
        type Output = Vec<Boundaries>;

        #[inline(always)]
        fn run<K: Kernel>(self, kernel: K) -> Self::Output {
            let mut middle = vec![[0; BLOCK]; self.0.low.len()];
            // SAFETY: the test's boundaries are those of columns.
            unsafe {
                self.0
                    .split::<K, O, true>(kernel, self.1, &mut middle, &mut Visited::default())
            };
            middle
        }
    }

    /// The cut that a visit makes.
    struct CutOf<'a, O>(&'a Visit<'a>, [f64; 2], PhantomData<O>);

    impl<O: Operation> Job for CutOf<'_, O> {
        type Output = Cut<2>;

        #[inline(always)]
        fn run<K: Kernel>(self, kernel: K) -> Cut<2> {
            let mut lanes = kernel.lanes();
            let thresholds = self.1.map(|threshold| Threshold::new::<O>(threshold).surely);
            // SAFETY: as above.
            unsafe { self.0.cut::<K, O, 2>(kernel, thresholds, &mut lanes) };
            kernel.cut(lanes)
        }
    }

    const SETS: [InstructionSet; 3] = [InstructionSet::Portable, InstructionSet::Avx2, InstructionSet::Avx512];
    const COLUMNS: usize = 130;

    /// For each row the number of results up to a threshold, and some more or less.
    fn boundaries<O: Operation>(rows: &Rows, columns: &Columns, threshold: f64, more: i32) -> Vec<Boundaries> {
        let mut boundaries = vec![[0; BLOCK]; rows.lists.blocks.len()];
        for (block, boundaries) in boundaries.iter_mut().enumerate() {
            for (r, _, x) in rows.of(block) {
                let below = |&column: &usize| O::result(x, columns.position(column)) <= threshold;
                let count = (0..COLUMNS).filter(below).count() as i32;
                boundaries[r] = (count + more).clamp(0, COLUMNS as i32) as u16;
            }
        }
        boundaries
    }

    /// 51 Diracs and 130, of equal masses, between 0.5 and 1.5.
    fn operands(seed: u64) -> (Diracs<'static>, Diracs<'static>) {
        let mut generator = Generator::new(seed);
        let mut operand = |len: usize| -> Diracs<'static> {
            let positions: Vec<f64> = (0..len).map(|_| 0.5 + generator.uniform()).collect();
            (0..len).map(|k| (positions[k], 1.0 / len as f64)).collect()
        };
        (operand(51), operand(COLUMNS))
    }

    /// Thresholds that are results themselves put the search by keys in doubt.
    fn boundaries_are_exact<O: Operation>(seed: u64) {
        let (x, y) = operands(seed);
        let (mut row_lists, mut column_lists) = Default::default();
        let rows = Rows::new::<O>(&x, &mut row_lists);
        let columns = Columns::new::<O>(&y, 1.0, &mut column_lists);
        let at = |threshold: f64, more: i32| boundaries::<O>(&rows, &columns, threshold, more);
        for pair in (0..51 * COLUMNS).step_by(11) {
            let (_, _, x) = rows.of(pair % 51 / BLOCK).nth(pair % 51 % BLOCK).expect("a row");
            let threshold = O::result(x, columns.position(pair / 51));
            let middle = at(threshold, 0);
            // All columns, and rows of 3, 7, 15 and 21 of them.
            for (before, behind) in [(-130, 130), (-2, 1), (-4, 3), (-9, 6), (-20, 1)] {
                let (low, high) = (at(threshold, before), at(threshold, behind));
                let visit = Visit {
                    rows: &rows,
                    columns: &columns,
                    first: 0,
                    low: &low,
                    high: &high,
                };
                for set in SETS {
                    limit_instruction_set(set);
                    let found = with_best_kernel(Split::<O>(&visit, threshold, PhantomData));
                    assert_eq!(found, middle, "{set:?}, {before} to {behind} columns away");
                }
            }
        }
    }

    /// Sums of what is up to two thresholds, in rows that begin somewhere before them and end behind them.
    fn cuts_are_sums_of_results<O: Operation>(seed: u64) {
        let (x, y) = operands(seed);
        let (mut row_lists, mut column_lists) = Default::default();
        let rows = Rows::new::<O>(&x, &mut row_lists);
        let columns = Columns::new::<O>(&y, 1.0, &mut column_lists);
        let at = |threshold: f64, more: i32| boundaries::<O>(&rows, &columns, threshold, more);
        let middle = O::result(1.0, 1.0);
        for (spread, before, behind) in [(0.001, -1, 1), (0.01, -2, 2), (0.03, 0, 5), (0.2, -130, 130)] {
            let thresholds = [middle * (1.0 - spread), middle * (1.0 + spread)];
            let (low, high) = (at(thresholds[0], before), at(thresholds[1], behind));
            let visit = Visit {
                rows: &rows,
                columns: &columns,
                first: 0,
                low: &low,
                high: &high,
            };
            let sums = thresholds.map(|threshold| {
                let mut sums = Sums::default();
                for (block, (low, high)) in low.iter().zip(&high).enumerate() {
                    for (r, _, x) in rows.of(block) {
                        for column in usize::from(low[r])..usize::from(high[r]) {
                            let (result, mass) = (O::result(x, columns.position(column)), columns.mass(column).0);
                            if result <= threshold {
                                sums.mass += mass / 51.0;
                                sums.moment += mass / 51.0 * result;
                            }
                        }
                    }
                }
                sums
            });
            let is_in_doubt = |cut: Cut<2>, thresholds: [f64; 2]| {
                let mut next = thresholds.iter().zip(cut.next);
                next.any(|(&threshold, next)| Threshold::new::<O>(threshold).leaves_in_doubt::<O>(next))
            };
            limit_instruction_set(InstructionSet::Portable);
            let portable = with_best_kernel(CutOf::<O>(&visit, thresholds, PhantomData));
            for (ours, sums) in portable.sums.iter().zip(sums) {
                // Up to 6630 terms in another order differ by some 1e-16 times the root of their number, less than 1e-14.
                assert!((ours.mass - sums.mass).abs() <= 1e-13 * sums.mass, "{ours:?}, {sums:?}");
                assert!(
                    (ours.moment - sums.moment).abs() <= 1e-13 * sums.moment,
                    "{ours:?}, {sums:?}"
                );
            }
            assert!(!is_in_doubt(portable, thresholds), "results are {spread} away");
            for set in SETS {
                limit_instruction_set(set);
                let cut = with_best_kernel(CutOf::<O>(&visit, thresholds, PhantomData));
                assert_eq!(cut.sums, portable.sums, "{set:?}, {spread}");
                // A quotient from a reciprocal is not known to the last bit.
                let mut rows_of_all =
                    (0..low.len()).flat_map(|block| rows.of(block).map(move |(r, _, x)| (block, r, x)));
                let (block, r, x) = rows_of_all
                    .find(|&(block, r, _)| low[block][r] < high[block][r])
                    .expect("columns");
                let result = O::result(x, columns.position(usize::from(low[block][r])));
                let cut = with_best_kernel(CutOf::<O>(&visit, [result, thresholds[1]], PhantomData));
                assert_eq!(
                    is_in_doubt(cut, [result, thresholds[1]]),
                    !O::IS_EXACT,
                    "{set:?}, {spread}"
                );
            }
        }
    }

    #[test]
    fn cuts_of_sums_are_exact() {
        cuts_are_sums_of_results::<Sum>(1);
    }

    #[test]
    fn cuts_of_products_are_exact() {
        cuts_are_sums_of_results::<Product>(2);
    }

    #[test]
    fn cuts_of_quotients_are_exact() {
        cuts_are_sums_of_results::<Quotient>(3);
        cuts_are_sums_of_results::<Fraction>(4);
    }

    #[test]
    fn boundaries_of_sums_are_exact() {
        boundaries_are_exact::<Sum>(1);
    }

    #[test]
    fn boundaries_of_products_are_exact() {
        boundaries_are_exact::<Product>(2);
    }

    #[test]
    fn boundaries_of_quotients_are_exact() {
        boundaries_are_exact::<Quotient>(3);
        boundaries_are_exact::<Fraction>(4);
    }
}
