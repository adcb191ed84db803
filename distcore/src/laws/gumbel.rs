//! The Gumbel law of type 1 for maxima, in standard form with location 0 and scale 1: F(z) = exp(-e⁻ᶻ).

use std::f64::consts::PI;

use super::Cell;
use super::quadrature::{NARROW, integrate};
use super::shape::Shape;
use super::special::{EULER_GAMMA, entire_exponential_integral, exponential_integral};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Gumbel;

impl Shape for Gumbel {
    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    fn pdf(&self, z: f64) -> f64 {
        libm::exp(-z - libm::exp(-z))
    }

    fn cdf(&self, z: f64) -> f64 {
        libm::exp(-libm::exp(-z))
    }

    fn survival(&self, z: f64) -> f64 {
        -libm::expm1(-libm::exp(-z))
    }

    fn quantile(&self, p: f64) -> f64 {
        -libm::log(-libm::log(p))
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        -libm::log(-libm::log1p(-q))
    }

    fn mean(&self) -> f64 {
        EULER_GAMMA
    }

    fn deviation(&self) -> f64 {
        PI / libm::sqrt(6.0)
    }

    /// t = e⁻ᶻ is exponential with mean 1, so the cell is that of t in (e⁻ʰⁱ, e⁻ˡᵒ], and the moment the integral of
    /// -ln t · e⁻ᵗ over it.
    fn cell(&self, lo: f64, hi: f64) -> Cell {
        let (t_min, t_max) = (libm::exp(-hi), libm::exp(-lo));
        let width = hi - lo;
        let t_width = if width < 1.0 {
            t_min * libm::expm1(width)
        } else {
            t_max - t_min
        };
        let mass = libm::exp(-t_min) * -libm::expm1(-t_width);
        let variation = width * (1.0 + t_max);
        if variation <= NARROW {
            let half = 0.5 * width;
            let centre = lo + half;
            let t = libm::exp(-centre);
            // The density divided by that at the centre.
            let density = |d: f64| libm::exp(-d - t * libm::expm1(-d));
            let (_, displacement) = integrate(half, variation, density, |d| d);
            return Cell {
                mass,
                mean: centre + displacement,
            };
        }
        let moment = if t_max <= 1.0 {
            moment_below(t_max) - moment_below(t_min)
        } else if t_min >= 1.0 {
            moment_above(t_min) - moment_above(t_max)
        } else {
            (moment_below(1.0) - moment_below(t_min)) + (moment_above(1.0) - moment_above(t_max))
        };
        Cell {
            mass,
            mean: moment / mass,
        }
    }
}

/// ∫ -ln s · e⁻ˢ ds over (0, t), for t <= 1: with E₁(t) = -γ - ln t + Ein(t), both terms are positive.
fn moment_below(t: f64) -> f64 {
    if t == 0.0 {
        0.0
    } else {
        libm::log(t) * libm::expm1(-t) + entire_exponential_integral(t)
    }
}

/// The same over (t, ∞), for t >= 1: both terms are negative.
fn moment_above(t: f64) -> f64 {
    let e = libm::exp(-t);
    if e == 0.0 {
        0.0
    } else {
        -e * libm::log(t) - exponential_integral(t)
    }
}
