//! The search for a row's boundary: the first of its columns whose result is above a threshold.

use super::columns::{Columns, Prefix};
use crate::athens::operation::Operation;
use crate::athens::simd::{Kernel, less};

/// The number of columns that a boundary may be away, where it is not 4, 8 or 16.
pub(super) const FAR: usize = 0;

/// A threshold for results that are computed from factors and keys.
///
/// Those of quotients have one rounding more than the quotient itself, by half of EPSILON; where numbers underflow,
/// MIN_POSITIVE is more.
#[derive(Clone, Copy)]
pub(super) struct Threshold {
    /// What is up to this is up to the threshold.
    pub(super) surely: f64,
    /// And what is above this is above it.
    perhaps: f64,
}

impl Threshold {
    #[inline(always)]
    pub(super) fn new<O: Operation>(threshold: f64) -> Threshold {
        let slack = if O::IS_EXACT {
            0.0
        } else {
            threshold.abs() * (4.0 * f64::EPSILON) + f64::MIN_POSITIVE
        };
        Threshold {
            surely: threshold - slack,
            perhaps: threshold + slack,
        }
    }

    /// Whether a quotient is so close to the threshold that it is not known on which side it is, where `next` is the least result that
    /// is not surely on the lower side, infinite if there is none.
    #[inline(always)]
    pub(super) fn leaves_in_doubt<O: Operation>(self, next: f64) -> bool {
        // At the end of the number range `perhaps` is infinite, too.
        !O::IS_EXACT && next <= self.perhaps && next < f64::INFINITY
    }
}

/// A search among columns.
#[derive(Clone, Copy)]
pub(super) struct Search<'a, K> {
    pub(super) kernel: K,
    keys: &'a [f64],
    prefixes: &'a [Prefix],
}

impl<'a, K: Kernel> Search<'a, K> {
    #[inline(always)]
    pub(super) fn new(kernel: K, columns: &'a Columns) -> Search<'a, K> {
        columns.assert_padding();
        Search {
            kernel,
            keys: &columns.lists.keys,
            prefixes: &columns.lists.prefixes,
        }
    }

    /// The running sums before a column.
    ///
    /// # Safety
    ///
    /// There must be so many columns.
    #[inline(always)]
    pub(super) unsafe fn prefix(&self, column: usize) -> &'a Prefix {
        // SAFETY: the caller's duty.
        unsafe { self.prefixes.get_unchecked(column) }
    }

    /// The first column from `from` on whose result is above the threshold. It must be at most `reach` away, which are at most
    /// `REACH`, if that is not [`FAR`]. `next` becomes the least result there is of such columns, if that is less.
    ///
    /// # Safety
    ///
    /// There must be `from` columns.
    #[inline(always)]
    pub(super) unsafe fn boundary<O: Operation, const REACH: usize>(
        &self,
        factor: f64,
        from: usize,
        reach: usize,
        threshold: Threshold,
        next: &mut f64,
    ) -> usize {
        // SAFETY: NaN follow the last key and are never below the threshold: so `at` does not get beyond the number of columns, and
        // from any place up to there a window lies within the keys and NaN.
        unsafe {
            let mut at = from;
            if REACH == FAR {
                let mut window = reach.next_power_of_two();
                while window > K::WINDOW {
                    window /= 2;
                    // A branch, since boundaries of neighbours are neighbours: it is foreseen more often than not.
                    if O::product(factor, *self.keys.get_unchecked(at + window - 1)) <= threshold.surely {
                        at += window;
                    }
                }
                at += match K::WINDOW {
                    16 => self.count::<O, 16>(factor, at, threshold),
                    _ => self.count::<O, 8>(factor, at, threshold),
                };
            } else {
                at += self.count::<O, REACH>(factor, at, threshold);
            }
            if !O::IS_EXACT {
                let result = O::product(factor, *self.keys.get_unchecked(at));
                *next = less(result, *next);
            }
            at
        }
    }

    /// The number of results up to the threshold among the `COLUMNS` from `at` on.
    ///
    /// # Safety
    ///
    /// There must be so many keys.
    #[inline(always)]
    unsafe fn count<O: Operation, const COLUMNS: usize>(&self, factor: f64, at: usize, threshold: Threshold) -> usize {
        // SAFETY: the caller's duty.
        let keys = unsafe { &*self.keys.as_ptr().add(at).cast::<[f64; COLUMNS]>() };
        self.kernel.count::<O, COLUMNS>(factor, keys, threshold.surely)
    }
}
