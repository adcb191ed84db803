//! Jupiter: the outer product of independent dimensions, uncompressed up to a bound.

/// The largest number of Diracs that a product keeps uncompressed: the official reader refuses more than 10 000.
pub(crate) const BOUND: usize = 8192;

/// The number of Diracs that a larger product is split down to (by the rule of Athens): two dimensions' worth.
pub(crate) fn reduced(precision: usize) -> usize {
    (precision * precision).min(BOUND)
}
