//! The uniform law, in standard form on [0, 1].

use super::Cell;
use super::shape::Shape;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Uniform;

impl Shape for Uniform {
    fn support(&self) -> (f64, f64) {
        (0.0, 1.0)
    }

    fn pdf(&self, _: f64) -> f64 {
        1.0
    }

    fn cdf(&self, z: f64) -> f64 {
        z
    }

    fn survival(&self, z: f64) -> f64 {
        1.0 - z // exact within a factor of two of 1, and rounded once elsewhere
    }

    fn quantile(&self, p: f64) -> f64 {
        p
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        1.0 - q
    }

    fn mean(&self) -> f64 {
        0.5
    }

    fn deviation(&self) -> f64 {
        0.5 / libm::sqrt(3.0)
    }

    fn cell(&self, lo: f64, hi: f64) -> Cell {
        Cell {
            mass: hi - lo,
            mean: 0.5 * (lo + hi),
        }
    }
}
