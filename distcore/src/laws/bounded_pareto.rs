//! The bounded Pareto law, in standard form on [1, r] with density proportional to x^(-α-1).

use super::Cell;
use super::quadrature::{NARROW, integrate};
use super::shape::Shape;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BoundedPareto {
    /// The exponent α > 0.
    pub(super) alpha: f64,
    /// The upper end r > 1, finite.
    pub(super) ratio: f64,
}

impl BoundedPareto {
    /// 1 - r^-α: the share of the unbounded law that is left.
    fn share(&self) -> f64 {
        -libm::expm1(-self.alpha * libm::log(self.ratio))
    }

    /// E[Xⁿ] for n = 1, 2.
    fn moment(&self, n: f64) -> f64 {
        let width = libm::log(self.ratio);
        tilted(n - self.alpha, width) / tilted(-self.alpha, width)
    }
}

impl Shape for BoundedPareto {
    fn support(&self) -> (f64, f64) {
        (1.0, self.ratio)
    }

    fn pdf(&self, x: f64) -> f64 {
        self.alpha * libm::pow(x, -self.alpha - 1.0) / self.share()
    }

    fn cdf(&self, x: f64) -> f64 {
        -libm::expm1(-self.alpha * libm::log(x)) / self.share()
    }

    fn survival(&self, x: f64) -> f64 {
        let above = libm::log1p((self.ratio - x) / x); // ln(r / x)
        libm::pow(x, -self.alpha) * -libm::expm1(-self.alpha * above) / self.share()
    }

    fn quantile(&self, p: f64) -> f64 {
        libm::exp(-libm::log1p(-p * self.share()) / self.alpha)
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        let survival = q * self.share() + libm::pow(self.ratio, -self.alpha); // of the unbounded law
        libm::exp(-libm::log(survival) / self.alpha)
    }

    fn mean(&self) -> f64 {
        self.moment(1.0)
    }

    fn variance(&self) -> f64 {
        let (mean, square) = (self.moment(1.0), self.moment(2.0));
        if square > 2.0 * mean * mean {
            return square - mean * mean;
        }
        // Cancels: integrate over y = ln x instead, panel by panel, relative to the mean. Where e^((2-α) y), which
        // governs the integrand, has fallen by e⁻⁴⁰, nothing is left.
        let end = libm::log(self.ratio).min(40.0 / (self.alpha - 2.0).max(0.0));
        let panels = libm::ceil(end * (self.alpha + 2.0) / NARROW).max(1.0);
        let half = 0.5 * end / panels;
        let log_mean = libm::log(mean);
        let mut variance = 0.0;
        for i in 0..panels as u64 {
            let centre = half * (2 * i + 1) as f64;
            let (mass, mean_square) = integrate(
                half,
                |d| libm::exp(-self.alpha * (centre + d)),
                |d| {
                    let distance = libm::expm1(centre + d - log_mean);
                    distance * distance
                },
            );
            variance += mass * mean_square;
        }
        mean * mean * self.alpha * variance / self.share()
    }

    /// y = ln x is exponential with rate α, cut off; a cell that begins at a is the one at 1, stretched by a.
    fn cell(&self, lo: f64, hi: f64) -> Cell {
        let width = libm::log1p((hi - lo) / lo);
        let mass = libm::pow(lo, -self.alpha) * -libm::expm1(-self.alpha * width) / self.share();
        Cell {
            mass,
            mean: lo * (tilted(1.0 - self.alpha, width) / tilted(-self.alpha, width)),
        }
    }
}

/// ∫ e^(c y) dy over (0, w) = (e^(c w) - 1) / c, positive for every c.
fn tilted(c: f64, w: f64) -> f64 {
    if c == 0.0 { w } else { libm::expm1(c * w) / c }
}
