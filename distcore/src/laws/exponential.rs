//! The exponential law, in standard form with mean 1.

use super::Cell;
use super::shape::Shape;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Exponential;

impl Shape for Exponential {
    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn pdf(&self, z: f64) -> f64 {
        libm::exp(-z)
    }

    fn cdf(&self, z: f64) -> f64 {
        -libm::expm1(-z)
    }

    fn survival(&self, z: f64) -> f64 {
        libm::exp(-z)
    }

    fn quantile(&self, p: f64) -> f64 {
        -libm::log1p(-p)
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        -libm::log(q)
    }

    fn mean(&self) -> f64 {
        1.0
    }

    fn deviation(&self) -> f64 {
        1.0
    }

    /// The law has no memory: a cell of width w at a is the one at 0, moved by a and shrunk by e⁻ᵃ.
    fn cell(&self, lo: f64, hi: f64) -> Cell {
        let width = hi - lo;
        Cell {
            mass: libm::exp(-lo) * -libm::expm1(-width),
            mean: lo + mean_up_to(width),
        }
    }
}

/// The mean given that the value is below w: 1 - w / (e^w - 1), to rounding relative to w.
fn mean_up_to(w: f64) -> f64 {
    if w < 0.25 {
        // 1 - w / (e^w - 1) = w/2 - Σ B(2n) w^(2n) / (2n)!; the first term left out is 2e-16 of the sum.
        let s = w * w;
        let even = 1.0 / 12.0 - s * (1.0 / 720.0 - s * (1.0 / 30_240.0 - s * (1.0 / 1_209_600.0 - s / 47_900_160.0)));
        w * (0.5 - w * even)
    } else if w < 700.0 {
        1.0 - w / libm::expm1(w)
    } else {
        1.0 // e^w overflows soon after, and an infinite w would give NaN
    }
}
