//! The normal law, in standard form N(0, 1).

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

use super::Cell;
use super::normal_quantile::lower_quantile;
use super::quadrature::{NARROW, integrate};
use super::shape::Shape;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Gauss;

impl Shape for Gauss {
    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    fn pdf(&self, z: f64) -> f64 {
        // 1 / sqrt(2π) = (2 / sqrt π) / (2 sqrt 2), and the halving is exact.
        0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2 * libm::exp(-0.5 * z * z)
    }

    fn cdf(&self, z: f64) -> f64 {
        self.survival(-z)
    }

    fn survival(&self, z: f64) -> f64 {
        0.5 * libm::erfc(z * FRAC_1_SQRT_2)
    }

    fn quantile(&self, p: f64) -> f64 {
        if p <= 0.5 {
            lower_quantile(p)
        } else {
            -lower_quantile(1.0 - p)
        }
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        -self.quantile(q)
    }

    fn mean(&self) -> f64 {
        0.0
    }

    fn deviation(&self) -> f64 {
        1.0
    }

    /// From d/dz φ = -z φ: the moment of (a, b] is φ(a) - φ(b).
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
        let variation = width * (1.0 + hi);
        if variation <= NARROW {
            let half = 0.5 * width;
            let centre = lo + half;
            let (mass, displacement) = narrow(centre, half, variation, |d| d);
            return Cell {
                mass,
                mean: centre + displacement,
            };
        }
        let mass = if lo >= 0.0 {
            self.survival(lo) - self.survival(hi)
        } else {
            0.5 * (libm::erf(hi * FRAC_1_SQRT_2) + libm::erf(-lo * FRAC_1_SQRT_2))
        };
        Cell {
            mass,
            mean: (self.pdf(lo) - self.pdf(hi)) / mass,
        }
    }
}

/// The mass of a narrow cell, and the mean of a function of the distance to the centre in it. Also serves the lognormal
/// law.
pub(super) fn narrow(centre: f64, half: f64, variation: f64, displacement: impl Fn(f64) -> f64) -> (f64, f64) {
    // φ(c + d) / φ(c) = exp(-d (c + d/2)): free of the rounding of c².
    let (mass, mean) = integrate(half, variation, |d| libm::exp(-d * (centre + 0.5 * d)), displacement);
    (Gauss.pdf(centre) * mass, mean)
}
