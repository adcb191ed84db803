//! The sweep's inner loops: visits of every row of a node.
//!
//! Unsafe, like the [`search`](super::search) in them, because bounds checks would cost a tenth of the time.

use super::columns::Columns;
use super::operation::Operation;
use super::rows::{BLOCK, Boundaries, Row, Rows};
use super::search::{FAR, Search, Threshold};
use super::simd::{Kernel, PartSums, Portable};

/// What visits have added up of two parts of the pairs.
#[derive(Clone, Copy, Default)]
pub(super) struct Visited {
    pub(super) sums: PartSums,
    pub(super) pairs: [usize; 2],
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
                visited.pairs[0] += at - low;
            }
        }
    }

    /// Adds all columns to the sums of the first part.
    pub(super) fn add_all<O: Operation>(&self, visited: &mut Visited) {
        let prefixes = &self.columns.lists.prefixes;
        for block in self.blocks() {
            for (r, &row) in block.rows.iter().enumerate() {
                let (low, high) = (
                    &prefixes[usize::from(block.low[r])],
                    &prefixes[usize::from(block.high[r])],
                );
                Portable.add::<O>(&mut visited.sums, row, [[low, high], [high, high]]);
            }
        }
    }

    /// Adds to the first part the columns before `middle` up to the first threshold, to the second those from there on up to the second
    /// one; counts pairs of the second part from the beginning of the first. Returns whether a result is in doubt.
    ///
    /// # Safety
    ///
    /// As for `split`.
    #[inline(always)]
    pub(super) unsafe fn split_parts<K: Kernel, O: Operation>(
        &self,
        kernel: K,
        thresholds: [f64; 2],
        middle: &[Boundaries],
        visited: &mut Visited,
    ) -> bool {
        let search = Search::new(kernel, self.columns);
        let limits = [Threshold::new::<O>(thresholds[0]), Threshold::new::<O>(thresholds[1])];
        let mut in_doubt = false;
        for (block, middle) in self.blocks().zip(middle) {
            if block.longest == 0 {
                continue;
            }
            // SAFETY: the caller's duty.
            in_doubt |= unsafe {
                if K::COUNTS_FOUR && block.longest <= 4 {
                    block.split_parts::<K, O, 4>(search, limits, middle, visited)
                } else if block.longest <= 8 {
                    block.split_parts::<K, O, 8>(search, limits, middle, visited)
                } else if block.longest <= 16 {
                    block.split_parts::<K, O, 16>(search, limits, middle, visited)
                } else {
                    block.split_parts::<K, O, FAR>(search, limits, middle, visited)
                }
            };
        }
        in_doubt
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
        let (mut next, mut sums, mut pairs) = (f64::INFINITY, visited.sums, visited.pairs[0]);
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
        (visited.sums, visited.pairs[0]) = (sums, pairs);
        limit.leaves_in_doubt::<O>(next)
    }

    /// [`Visit::split_parts`].
    ///
    /// # Safety
    ///
    /// As above.
    #[inline(always)]
    unsafe fn split_parts<K: Kernel, O: Operation, const REACH: usize>(
        &self,
        search: Search<K>,
        limits: [Threshold; 2],
        middle: &Boundaries,
        visited: &mut Visited,
    ) -> bool {
        let (mut next, mut sums, mut pairs) = ([f64::INFINITY; 2], visited.sums, visited.pairs);
        for (r, &middle) in middle.iter().enumerate() {
            let row = self.rows[r];
            let (low, middle) = (usize::from(self.low[r]), usize::from(middle));
            // Keys that are looked at anyway are searched from the same place.
            let from = if REACH == FAR { middle } else { low };
            // SAFETY: the caller's duty.
            unsafe {
                let first = search.boundary::<O, REACH>(row.factor, low, self.longest, limits[0], &mut next[0]);
                // Not below `middle`, unless rounding makes the mean of the second part smaller than everything in it.
                let second = search.boundary::<O, REACH>(row.factor, from, self.longest, limits[1], &mut next[1]);
                let prefixes = [
                    [search.prefix(low), search.prefix(first)],
                    [search.prefix(middle), search.prefix(second)],
                ];
                search.kernel.add::<O>(&mut sums, row, prefixes);
                pairs[0] += first - low;
                pairs[1] += second - low;
            }
        }
        *visited = Visited { sums, pairs };
        limits[0].leaves_in_doubt::<O>(next[0]) || limits[1].leaves_in_doubt::<O>(next[1])
    }
}

#[cfg(test)]
mod tests {
    use std::marker::PhantomData;

    use super::super::operand::Diracs;
    use super::super::operation::{Fraction, Product, Quotient, Sum};
    use super::super::simd::{InstructionSet, Job, limit_instruction_set, with_best_kernel};
    use super::*;
    use crate::Generator;

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

    /// The numbers of pairs that a visit finds below two thresholds, if none is in doubt.
    struct SplitParts<'a, O>(&'a Visit<'a>, [f64; 2], &'a [Boundaries], PhantomData<O>);

    impl<O: Operation> Job for SplitParts<'_, O> {
        type Output = Option<[usize; 2]>;

        #[inline(always)]
        fn run<K: Kernel>(self, kernel: K) -> Self::Output {
            let mut visited = Visited::default();
            // SAFETY: as above.
            let in_doubt = unsafe { self.0.split_parts::<K, O>(kernel, self.1, self.2, &mut visited) };
            (!in_doubt).then_some(visited.pairs)
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

    /// Thresholds that are results themselves put the search by keys in doubt.
    fn boundaries_are_exact<O: Operation>(seed: u64) {
        let mut generator = Generator::new(seed);
        let mut operand = |len: usize| -> Diracs<'static> {
            let positions: Vec<f64> = (0..len).map(|_| 0.5 + generator.uniform()).collect();
            (0..len).map(|k| (positions[k], 1.0 / len as f64)).collect()
        };
        let (x, y) = (operand(51), operand(COLUMNS));
        let rows = Rows::new::<O>(&x, Default::default());
        let columns = Columns::new::<O>(&y, 1.0, Default::default());
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
            // Both sides of it divided once more, in rows that are about as long as these.
            for spread in [0.003, 0.03, 0.3] {
                let thresholds = [threshold * (1.0 - spread), threshold * (1.0 + spread)];
                let (low, high) = (at(thresholds[0], -1), at(thresholds[1], 2));
                let visit = Visit {
                    rows: &rows,
                    columns: &columns,
                    first: 0,
                    low: &low,
                    high: &high,
                };
                let pairs = |to: f64| {
                    let (to, low) = (at(to, 0), low.iter());
                    let rows = to.iter().zip(low).flat_map(|(to, low)| to.iter().zip(low));
                    rows.map(|(to, low)| usize::from(to - low)).sum()
                };
                let expected: [usize; 2] = thresholds.map(pairs);
                for set in SETS {
                    limit_instruction_set(set);
                    let found = with_best_kernel(SplitParts::<O>(&visit, thresholds, &middle, PhantomData));
                    assert_eq!(found, Some(expected), "{set:?}, {spread}");
                }
            }
        }
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
