//! The Weibull law, in standard form with scale 1: S(x) = exp(-xᵏ).

use super::Cell;
use super::quadrature::{NARROW, integrate, integrate_panels};
use super::shape::Shape;
use super::special::{incomplete_gamma_above, incomplete_gamma_below};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Weibull {
    /// The exponent k.
    pub(super) shape: f64,
}

impl Weibull {
    /// 1 / k: a Weibull value is the power 1/k of an exponential one.
    fn power(&self) -> f64 {
        1.0 / self.shape
    }
}

impl Shape for Weibull {
    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn pdf(&self, x: f64) -> f64 {
        self.shape * libm::pow(x, self.shape - 1.0) * libm::exp(-libm::pow(x, self.shape))
    }

    fn cdf(&self, x: f64) -> f64 {
        -libm::expm1(-libm::pow(x, self.shape))
    }

    fn survival(&self, x: f64) -> f64 {
        libm::exp(-libm::pow(x, self.shape))
    }

    fn quantile(&self, p: f64) -> f64 {
        libm::pow(-libm::log1p(-p), self.power())
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        libm::pow(-libm::log(q), self.power())
    }

    fn mean(&self) -> f64 {
        libm::tgamma(1.0 + self.power())
    }

    fn deviation(&self) -> f64 {
        let s = self.power();
        let mean = self.mean();
        if s >= 1.0 {
            let square = libm::tgamma(1.0 + 2.0 * s);
            // Both overflow together, or the square long before.
            return if square.is_finite() {
                libm::sqrt(square - mean * mean)
            } else {
                square
            };
        }
        // The difference cancels: integrate over y = ln t instead, relative to the mean. y has the density e^(y - e^y),
        // of which nothing is left at the ends of the range. With panels of 1/4 the integrand's logarithm changes by up
        // to 12 in the last one, which costs 16 points no more than 1e-19 of the density there.
        let log_mean = libm::log(mean);
        let square = |y: f64| {
            let distance = libm::expm1(s * y - log_mean);
            distance * distance
        };
        let variance = integrate_panels((-45.0, 4.0), 0.25, |y| libm::exp(y - libm::exp(y)), square);
        mean * libm::sqrt(variance)
    }

    /// t = xᵏ is exponential with mean 1, so the moment is an incomplete gamma function of 1 + 1/k.
    fn cell(&self, lo: f64, hi: f64) -> Cell {
        let s = self.power();
        let (t_min, t_max) = (libm::pow(lo, self.shape), libm::pow(hi, self.shape));
        // The width in y = ln t.
        let width = if lo > 0.0 {
            self.shape * libm::log1p((hi - lo) / lo)
        } else {
            f64::INFINITY
        };
        let t_width = if width < 1.0 {
            t_min * libm::expm1(width)
        } else {
            t_max - t_min
        };
        let mass = libm::exp(-t_min) * -libm::expm1(-t_width);
        let variation = width * (1.0 + s + t_max);
        if variation <= NARROW {
            let half = 0.5 * width;
            let centre = lo * libm::exp(s * half);
            let t = t_min * libm::exp(half);
            // y has the density e^(y - e^y), here divided by that at the centre; x is proportional to e^(s y).
            let density = |d: f64| libm::exp(d - t * libm::expm1(d));
            let (_, displacement) = integrate(half, variation, density, |d| libm::expm1(s * d));
            return Cell {
                mass,
                mean: centre + centre * displacement,
            };
        }
        let a = 1.0 + s;
        let below = |x: f64, t: f64| x * incomplete_gamma_below(a, t);
        let above = |x: f64, t: f64| {
            if x < f64::INFINITY {
                x * incomplete_gamma_above(a, t)
            } else {
                0.0
            }
        };
        // Whichever of the two functions is the smaller one at a bound.
        let moment = if t_max <= a + 1.0 {
            below(hi, t_max) - below(lo, t_min)
        } else if t_min >= a + 1.0 {
            above(lo, t_min) - above(hi, t_max)
        } else {
            self.mean() - below(lo, t_min) - above(hi, t_max)
        };
        Cell {
            mass,
            mean: moment / mass,
        }
    }
}
