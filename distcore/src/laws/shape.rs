//! What every law offers in its standard form.

use super::Cell;

/// A law in standard form: location 0, scale 1. All functions take standard coordinates.
///
/// Functions that return probabilities are good to rounding in both tails: nothing computes a small number as one minus
/// a number near one.
pub(super) trait Shape {
    /// The smallest and the largest value, maybe infinite.
    fn support(&self) -> (f64, f64);

    /// The density at z, which lies in the support.
    fn pdf(&self, z: f64) -> f64;

    /// P(Z <= z) for z in the support.
    fn cdf(&self, z: f64) -> f64;

    /// P(Z > z) for z in the support.
    fn survival(&self, z: f64) -> f64;

    /// The z with `cdf(z) = p`, for p in (0, 1).
    fn quantile(&self, p: f64) -> f64;

    /// The z with `survival(z) = q`, for q in (0, 1).
    fn upper_quantile(&self, q: f64) -> f64;

    /// The mean.
    fn mean(&self) -> f64;

    /// The standard deviation; infinite if it exceeds the range of doubles.
    fn deviation(&self) -> f64;

    /// Mass and mean of the cell from `lo` to `hi`, both within the support and `lo < hi`.
    fn cell(&self, lo: f64, hi: f64) -> Cell;
}
