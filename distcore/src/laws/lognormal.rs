//! The lognormal law, in standard form with median 1: ln X is N(0, σ²).

use super::Cell;
use super::gauss::{Gauss, narrow};
use super::quadrature::NARROW;
use super::shape::Shape;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lognormal {
    /// σ, the standard deviation of the logarithm.
    pub(super) sigma: f64,
}

impl Lognormal {
    /// The normal score of x.
    fn score(&self, x: f64) -> f64 {
        libm::log(x) / self.sigma
    }

    /// The standard deviation over the mean, √(e^(σ²) - 1), of which the root does not overflow before it has to.
    pub(super) fn variation(&self) -> f64 {
        let square = self.sigma * self.sigma;
        libm::exp(0.5 * square) * libm::sqrt(-libm::expm1(-square))
    }
}

impl Shape for Lognormal {
    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn pdf(&self, x: f64) -> f64 {
        let density = Gauss.pdf(self.score(x));
        if density == 0.0 {
            0.0
        } else {
            density / (x * self.sigma)
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        Gauss.cdf(self.score(x))
    }

    fn survival(&self, x: f64) -> f64 {
        Gauss.survival(self.score(x))
    }

    fn quantile(&self, p: f64) -> f64 {
        libm::exp(self.sigma * Gauss.quantile(p))
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        libm::exp(self.sigma * Gauss.upper_quantile(q))
    }

    fn mean(&self) -> f64 {
        libm::exp(0.5 * self.sigma * self.sigma)
    }

    fn deviation(&self) -> f64 {
        self.mean() * self.variation()
    }

    /// e^(σz) φ(z) = e^(σ²/2) φ(z - σ): the moment is the mean of the law times a normal mass.
    fn cell(&self, lo: f64, hi: f64) -> Cell {
        let sigma = self.sigma;
        let (a, b) = (self.score(lo), self.score(hi));
        let width = if lo > 0.0 {
            libm::log1p((hi - lo) / lo) / sigma
        } else {
            f64::INFINITY
        };
        let variation = width * (1.0 + sigma + a.abs().max(b.abs()));
        if variation <= NARROW {
            let half = 0.5 * width;
            let centre = lo * libm::exp(sigma * half);
            let (mass, displacement) = narrow(a + half, half, variation, |d| libm::expm1(sigma * d));
            return Cell {
                mass,
                mean: centre + centre * displacement,
            };
        }
        let mass = Gauss.cell(a, b).mass;
        Cell {
            mass,
            mean: self.mean() * Gauss.cell(a - sigma, b - sigma).mass / mass,
        }
    }
}
