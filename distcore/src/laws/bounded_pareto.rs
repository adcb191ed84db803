//! The bounded Pareto law, in standard form on [1, r] with density proportional to x^(-α-1).

use super::Cell;
use super::quadrature::{NARROW, integrate_panels};
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
        // From the nearer end: 1 - p is exact above 1/2.
        if p > 0.5 {
            self.upper_quantile(1.0 - p)
        } else {
            libm::exp(-libm::log1p(-p * self.share()) / self.alpha)
        }
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        if q > 0.5 {
            return self.quantile(1.0 - q);
        }
        let survival = q * self.share() + libm::pow(self.ratio, -self.alpha); // of the unbounded law
        libm::exp(-libm::log(survival) / self.alpha)
    }

    fn mean(&self) -> f64 {
        tilted(1.0 - self.alpha, 1.0, self.ratio) / tilted(-self.alpha, 1.0, self.ratio)
    }

    fn deviation(&self) -> f64 {
        let (r, c) = (self.ratio, 2.0 - self.alpha);
        let mean = self.mean();
        // E[X²] / r², which does not overflow where it counts. (For a large alpha both factors of the weight may leave the
        // range; the NaN then takes the other branch, which is the right one for a large alpha.)
        let log_ratio = libm::log(r);
        let end_weight = if c == 0.0 {
            log_ratio * libm::exp(-2.0 * log_ratio)
        } else {
            libm::pow(r, -self.alpha) * -libm::expm1(-c * log_ratio) / c
        };
        let square = self.alpha * end_weight / self.share();
        let mean_square = (mean / r) * (mean / r);
        if square > 2.0 * mean_square {
            return r * libm::sqrt(square - mean_square);
        }
        // Cancels: integrate over y = ln x instead, panel by panel, relative to the mean. Where e^((2-α) y), which
        // governs the integrand, has fallen by e⁻⁴⁰, nothing is left.
        let end = log_ratio.min(40.0 / (self.alpha - 2.0).max(0.0));
        let log_mean = libm::log(mean);
        let square = |y: f64| {
            let distance = libm::expm1(y - log_mean);
            distance * distance
        };
        let density = |y: f64| self.alpha * libm::exp(-self.alpha * y) / self.share();
        mean * libm::sqrt(integrate_panels(
            (0.0, end),
            NARROW / (self.alpha + 2.0),
            density,
            square,
        ))
    }

    /// y = ln x is exponential with rate α, cut off; a cell that begins at a is the one at 1, stretched by a.
    fn cell(&self, lo: f64, hi: f64) -> Cell {
        let below = tilted(-self.alpha, lo, hi);
        let mass = self.alpha * libm::pow(lo, -self.alpha) * below / self.share();
        Cell {
            mass,
            mean: lo * (tilted(1.0 - self.alpha, lo, hi) / below),
        }
    }
}

/// ∫ e^(c y) dy over (0, ln(hi / lo)) = ((hi / lo)^c - 1) / c, positive for every c, without loss of digits for narrow
/// cells nor for exponents in the hundreds.
fn tilted(c: f64, lo: f64, hi: f64) -> f64 {
    let width = libm::log1p((hi - lo) / lo);
    if c == 0.0 {
        width
    } else if (c * width).abs() < 1.0 {
        libm::expm1(c * width) / c
    } else {
        (libm::pow(hi / lo, c) - 1.0) / c
    }
}
