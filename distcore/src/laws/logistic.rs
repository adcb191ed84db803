//! The logistic law, in standard form with location 0 and scale 1.

use std::f64::consts::PI;

use super::Cell;
use super::quadrature::{NARROW, integrate};
use super::shape::Shape;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Logistic;

impl Shape for Logistic {
    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    fn pdf(&self, z: f64) -> f64 {
        let e = libm::exp(-z.abs());
        e / ((1.0 + e) * (1.0 + e))
    }

    fn cdf(&self, z: f64) -> f64 {
        self.survival(-z)
    }

    fn survival(&self, z: f64) -> f64 {
        1.0 / (1.0 + libm::exp(z))
    }

    fn quantile(&self, p: f64) -> f64 {
        // ln(p / (1 - p)); next to 1/2 the logarithm of a number near 1 keeps the digits only as log1p.
        if (0.25..=0.75).contains(&p) {
            libm::log1p((2.0 * p - 1.0) / (1.0 - p))
        } else {
            libm::log(p) - libm::log1p(-p)
        }
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        -self.quantile(q)
    }

    fn mean(&self) -> f64 {
        0.0
    }

    fn deviation(&self) -> f64 {
        PI / libm::sqrt(3.0)
    }

    /// With S the survival function, the moment of (z, ∞) is M(z) = z S(z) + ln(1 + e⁻ᶻ), which is even in z.
    fn cell(&self, lo: f64, hi: f64) -> Cell {
        // Mirrored so that the cell lies on the right of 0, or at least its larger part does.
        if -lo > hi {
            let mirrored = self.cell(-hi, -lo);
            return Cell {
                mass: mirrored.mass,
                mean: -mirrored.mean,
            };
        }
        let width = hi - lo;
        // F(hi) - F(lo) as a product of positive factors.
        let mass = self.survival(lo) * self.cdf(hi) * -libm::expm1(-width);
        if width <= NARROW {
            // The logarithm of the density has a slope of at most 1.
            let half = 0.5 * width;
            let centre = lo + half;
            let (_, displacement) = integrate(half, width, |d| self.pdf(centre + d), |d| d);
            return Cell {
                mass,
                mean: centre + displacement,
            };
        }
        Cell {
            mass,
            mean: (moment_above(lo.abs()) - moment_above(hi)) / mass,
        }
    }
}

/// M(z) of the law's cell, for z >= 0.
fn moment_above(z: f64) -> f64 {
    let e = libm::exp(-z);
    if e == 0.0 {
        0.0
    } else {
        z * e / (1.0 + e) + libm::log1p(e)
    }
}
