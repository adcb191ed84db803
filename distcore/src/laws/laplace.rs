//! The Laplace (double exponential) law, in standard form with location 0 and scale 1.

use super::Cell;
use super::exponential::Exponential;
use super::shape::Shape;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Laplace;

impl Shape for Laplace {
    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    fn pdf(&self, z: f64) -> f64 {
        0.5 * libm::exp(-z.abs())
    }

    fn cdf(&self, z: f64) -> f64 {
        self.survival(-z)
    }

    fn survival(&self, z: f64) -> f64 {
        if z >= 0.0 {
            0.5 * libm::exp(-z)
        } else {
            1.0 - 0.5 * libm::exp(z)
        }
    }

    fn quantile(&self, p: f64) -> f64 {
        -self.upper_quantile(p)
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        if q <= 0.5 {
            -libm::log(2.0 * q)
        } else {
            libm::log(2.0 * (1.0 - q))
        }
    }

    fn mean(&self) -> f64 {
        0.0
    }

    fn deviation(&self) -> f64 {
        std::f64::consts::SQRT_2
    }

    /// Each side of 0 is half an exponential law.
    fn cell(&self, lo: f64, hi: f64) -> Cell {
        if lo >= 0.0 {
            let Cell { mass, mean } = Exponential.cell(lo, hi);
            return Cell { mass: 0.5 * mass, mean };
        }
        if hi <= 0.0 {
            let Cell { mass, mean } = Exponential.cell(-hi, -lo);
            return Cell {
                mass: 0.5 * mass,
                mean: -mean,
            };
        }
        let (left, right) = (Exponential.cell(0.0, -lo), Exponential.cell(0.0, hi));
        let mass = left.mass + right.mass;
        Cell {
            mass: 0.5 * mass,
            mean: (right.mass * right.mean - left.mass * left.mean) / mass,
        }
    }
}
