//! The other operand as the sweep's rows, and the sweep's inner loop: one visit of every row of a node.
//!
//! Unsafe, because bounds checks would cost a tenth of the time.

use super::columns::{Columns, between};
use super::operand::Diracs;
use super::operation::Operation;
use super::simd::{Kernel, LANES, Sums};

/// What an inner loop needs of a row.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) factor: f64,
    pub(super) mass: f64,
}

/// An operand in ascending order.
pub(super) struct Rows<'a> {
    operand: &'a Diracs<'a>,
    pub(super) rows: Vec<Row>,
    /// Where a row stands in the operand.
    pub(super) origins: Vec<u32>,
    /// So many rows come first whose positions and factors have their signs turned, because they are negative factors of
    /// products. They use columns with their signs turned.
    pub(super) mirrored: usize,
}

impl<'a> Rows<'a> {
    pub(super) fn new<O: Operation>(operand: &'a Diracs) -> Rows<'a> {
        let (positions, masses) = (&*operand.positions, &*operand.masses);
        let position = |index: u32| positions[index as usize];
        let mut origins: Vec<u32> = (0..operand.len() as u32).collect();
        if !positions.is_sorted() {
            origins.sort_by(|&a, &b| position(a).total_cmp(&position(b)));
        }
        let mirrored = if O::IS_PRODUCT {
            origins.partition_point(|&index| position(index) < 0.0)
        } else {
            0
        };
        let row = |(r, &index): (usize, &u32)| Row {
            factor: if r < mirrored {
                -O::factor(position(index))
            } else {
                O::factor(position(index))
            },
            mass: masses[index as usize],
        };
        Rows {
            rows: origins.iter().enumerate().map(row).collect(),
            operand,
            origins,
            mirrored,
        }
    }

    pub(super) fn position(&self, r: usize) -> f64 {
        let position = self.operand.positions[self.origins[r] as usize];
        if r < self.mirrored { -position } else { position }
    }
}

/// Mass and first moment of a node in the making.
#[derive(Clone, Copy, Default)]
pub(super) struct Partial {
    sums: [f64; 2],
    /// What the rows add to the moment of a sum.
    shift: f64,
}

impl Partial {
    /// Adds columns of a row, given by their mass and moment of keys.
    #[inline(always)]
    pub(super) fn add<O: Operation>(&mut self, row: Row, columns: [f64; 2]) {
        let moment = row.mass * row.factor;
        self.sums[0] += columns[0] * row.mass;
        if O::IS_PRODUCT {
            self.sums[1] += columns[1] * moment;
        } else {
            self.sums[1] += columns[1] * row.mass;
            self.shift += columns[0] * moment;
        }
    }

    #[inline(always)]
    pub(super) fn sums(self) -> Sums {
        Sums {
            mass: self.sums[0],
            moment: self.sums[1] + self.shift,
        }
    }
}

/// A visit of rows that use the same columns.
pub(super) struct Visit<'a> {
    pub(super) rows: &'a Rows<'a>,
    pub(super) columns: &'a Columns<'a>,
    /// The first of the rows.
    pub(super) first: usize,
    /// The boundaries between which columns belong to the node, for each row.
    pub(super) low: &'a [u16],
    pub(super) high: &'a [u16],
    /// The number of columns in the longest row.
    pub(super) longest: usize,
    pub(super) threshold: f64,
}

/// Rows are added to two lanes in turn, which is faster than one.
pub(super) type Lanes = [Partial; 2];

impl Visit<'_> {
    /// Writes to `middle`, for each row, the first column whose result is above the threshold. Adds the columns before it, the
    /// left child, to `sums`.
    ///
    /// # Safety
    ///
    /// Boundaries must not be beyond the number of columns.
    #[inline(always)]
    pub(super) unsafe fn split<K: Kernel, O: Operation>(&self, kernel: K, middle: &mut [u16], sums: &mut Lanes) {
        let before = *sums;
        // SAFETY: the caller's duty.
        let in_doubt = unsafe {
            if self.longest <= LANES {
                self.split_by_keys::<K, O, true>(kernel, middle, sums)
            } else {
                self.split_by_keys::<K, O, false>(kernel, middle, sums)
            }
        };
        if in_doubt {
            *sums = before;
            self.split_by_results::<O>(middle, sums);
        }
    }

    /// As `split`, if no row is longer than [`LANES`] when `SHORT`. Returns whether a result is in doubt: a quotient so close to
    /// the threshold that the product with the reciprocal does not tell on which side it is.
    ///
    /// # Safety
    ///
    /// As above.
    #[inline(always)]
    unsafe fn split_by_keys<K: Kernel, O: Operation, const SHORT: bool>(
        &self,
        kernel: K,
        middle: &mut [u16],
        sums: &mut Lanes,
    ) -> bool {
        // A product with a reciprocal has one rounding more, by half of EPSILON; where numbers underflow, MIN_POSITIVE is more.
        let slack = if O::IS_EXACT {
            0.0
        } else {
            self.threshold.abs() * (4.0 * f64::EPSILON) + f64::MIN_POSITIVE
        };
        let (surely, perhaps) = (self.threshold - slack, self.threshold + slack);
        let longest = Columns::window(self.longest);
        let (keys, prefixes) = (self.columns.keys.as_slice(), self.columns.prefixes.as_slice());
        let rows = &self.rows.rows[self.first..self.first + middle.len()];
        let low = &self.low[..rows.len()];
        assert!(
            keys.len() >= self.columns.count + longest,
            "a window beyond the last column lies within the NaN"
        );
        let mut in_doubt = false;
        for pair in (0..rows.len()).step_by(2) {
            for (lane, sums) in sums.iter_mut().enumerate() {
                let r = pair + lane;
                if r == rows.len() {
                    break;
                }
                // SAFETY: r is an index of rows and boundaries, and these of prefixes, of which there is one more than columns. NaN
                // follow the last key and are never below the threshold: so `at` does not get beyond the number of columns, and
                // from any place up to there a window lies within the keys and NaN.
                unsafe {
                    let row = *rows.get_unchecked(r);
                    let low = usize::from(*low.get_unchecked(r));
                    let (mut at, mut window) = (low, longest);
                    // Columns beyond `high` are above an earlier threshold, so looking at them cannot hurt.
                    if !SHORT {
                        while window > K::WINDOW {
                            window /= 2;
                            // A branch, since boundaries of neighbours are neighbours: it is foreseen more often than not.
                            if O::product(row.factor, *keys.get_unchecked(at + window - 1)) <= surely {
                                at += window;
                            }
                        }
                    }
                    let start = at;
                    for step in (0..if SHORT { LANES } else { K::WINDOW }).step_by(LANES) {
                        let keys = &*keys.as_ptr().add(start + step).cast::<[f64; LANES]>();
                        at += kernel.count::<O>(row.factor, keys, surely);
                    }
                    if !O::IS_EXACT {
                        in_doubt |= O::product(row.factor, *keys.get_unchecked(at)) <= perhaps;
                    }
                    *middle.get_unchecked_mut(r) = at as u16;
                    sums.add::<O>(row, between(prefixes.get_unchecked(low), prefixes.get_unchecked(at)));
                }
            }
        }
        in_doubt
    }

    /// Adds the columns to `sums`.
    ///
    /// # Safety
    ///
    /// As above.
    #[inline(always)]
    pub(super) unsafe fn sum<O: Operation>(&self, sums: &mut Lanes) {
        let prefixes = self.columns.prefixes.as_slice();
        let rows = &self.rows.rows[self.first..self.first + self.low.len()];
        let (low, high) = (&self.low[..rows.len()], &self.high[..rows.len()]);
        for pair in (0..rows.len()).step_by(2) {
            for (lane, sums) in sums.iter_mut().enumerate() {
                let r = pair + lane;
                if r == rows.len() {
                    break;
                }
                // SAFETY: r is an index of rows and boundaries, and these of prefixes.
                unsafe {
                    let low = prefixes.get_unchecked(usize::from(*low.get_unchecked(r)));
                    let high = prefixes.get_unchecked(usize::from(*high.get_unchecked(r)));
                    sums.add::<O>(*rows.get_unchecked(r), between(low, high));
                }
            }
        }
    }

    /// As `split`, by the results themselves.
    #[cold]
    fn split_by_results<O: Operation>(&self, middle: &mut [u16], sums: &mut Lanes) {
        for (r, middle) in middle.iter_mut().enumerate() {
            let x = self.rows.position(self.first + r);
            let row = self.rows.rows[self.first + r];
            let (low, high) = (usize::from(self.low[r]), usize::from(self.high[r]));
            let (mut at, mut end) = (low, high);
            while at < end {
                let half = at.midpoint(end);
                if O::result(x, self.columns.position(half)) <= self.threshold {
                    at = half + 1;
                } else {
                    end = half;
                }
            }
            *middle = at as u16;
            let prefixes = &self.columns.prefixes;
            sums[r % 2].add::<O>(row, between(&prefixes[low], &prefixes[at]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::operation::{Fraction, Product, Quotient, Sum};
    use super::super::simd::{Job, Portable, with_best_kernel};
    use super::*;
    use crate::Generator;

    /// Where a kernel splits every row at a threshold, from the given boundaries on.
    struct Split<'a, O>(&'a Visit<'a>, std::marker::PhantomData<O>);

    impl<O: Operation> Job for Split<'_, O> {
        type Output = Vec<u16>;

        #[inline(always)]
        fn run<K: Kernel>(self, kernel: K) -> Vec<u16> {
            let mut middle = vec![0; self.0.low.len()];
            // SAFETY: the test's boundaries are those of columns.
            unsafe { self.0.split::<K, O>(kernel, &mut middle, &mut Lanes::default()) };
            middle
        }
    }

    /// Thresholds that are results themselves put the search by keys in doubt.
    fn boundaries_are_exact<O: Operation>(seed: u64) {
        let mut generator = Generator::new(seed);
        let mut operand = |len: usize| -> Diracs<'static> {
            let positions: Vec<f64> = (0..len).map(|_| 0.5 + generator.uniform()).collect();
            (0..len).map(|k| (positions[k], 1.0 / len as f64)).collect()
        };
        let (x, y) = (operand(51), operand(130));
        let (rows, columns) = (Rows::new::<O>(&x), Columns::new::<O>(&y, 1.0));
        let result = |r: usize, column: usize| O::result(rows.position(r), columns.position(column));
        let mut doubts = 0;
        for pair in 0..51 * 130 {
            let threshold = result(pair % 51, pair / 51);
            let expected: Vec<u16> = (0..51)
                .map(|r| (0..130).filter(|&column| result(r, column) <= threshold).count() as u16)
                .collect();
            doubts += usize::from(O::product(rows.rows[pair % 51].factor, columns.keys[pair / 51]) > threshold);
            // From the first column on in long rows, and from a few columns before the boundary in short ones.
            for (before, longest) in [(130, 130), (7, 8), (20, 21)] {
                let low: Vec<u16> = expected.iter().map(|&at| at.saturating_sub(before)).collect();
                let high: Vec<u16> = expected.iter().map(|&at| (at + 1).min(130)).collect();
                let visit = Visit {
                    rows: &rows,
                    columns: &columns,
                    first: 0,
                    low: &low,
                    high: &high,
                    longest,
                    threshold,
                };
                let split = || Split::<O>(&visit, std::marker::PhantomData);
                assert_eq!(with_best_kernel(split()), expected);
                assert_eq!(split().run(Portable), expected);
            }
        }
        assert_eq!(doubts > 100, !O::IS_EXACT, "{doubts} products are above their quotient");
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
