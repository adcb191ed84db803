//! The laws: distributions given by a formula, with everything that it takes to split one exactly.
//!
//! Nine families, and the certain value that each of them becomes when its spread is 0. Every law is
//! `location + scale * Z`, Z being the same law in [standard form](Law::standard); files are named after the law and hold
//! its formulas in that form.
//!
//! ```
//! use distcore::laws::Law;
//!
//! let law = Law::gauss(20.0, 0.5)?;
//! assert_eq!(law.cdf(20.0), 0.5);
//! // The upper half: its mass, and the mean of what lies in it, 20 + 0.5 sqrt(2/π).
//! let half = law.cell(20.0, f64::INFINITY);
//! assert_eq!(half.mass, 0.5);
//! assert!((half.mean - 20.398942280401433).abs() < 1e-14);
//! // Far out, where one minus the distribution function is 0, the survival function still has all its digits.
//! assert_eq!(1.0 - law.cdf(30.0), 0.0);
//! assert!((law.survival(30.0) / 2.753624118606234e-89 - 1.0).abs() < 1e-13);
//! # Ok::<(), distcore::laws::LawError>(())
//! ```
//!
//! All elementary functions come from the `libm` crate: the same bits on every machine.

mod bounded_pareto;
mod error;
mod exponential;
mod gauss;
mod gumbel;
mod laplace;
mod logistic;
mod lognormal;
mod normal_quantile;
mod point;
mod quadrature;
mod shape;
mod special;
mod uniform;
mod weibull;

pub use error::LawError;
use shape::Shape;

/// A distribution given by a formula. Made by the checked constructors, so that every value is a law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// A certain value: what a constructor returns when the spread is 0.
    #[non_exhaustive]
    Point {
        /// The value.
        value: f64,
    },
    /// Uniform on [min, max].
    #[non_exhaustive]
    Uniform {
        /// Lower end.
        min: f64,
        /// Upper end.
        max: f64,
    },
    /// Gauss (normal).
    #[non_exhaustive]
    Gauss {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        stddev: f64,
    },
    /// Exponential.
    #[non_exhaustive]
    Exponential {
        /// Mean, the inverse of the rate.
        mean: f64,
    },
    /// Gumbel, type 1, for maxima: F(x) = exp(-exp(-(x - location) / scale)).
    #[non_exhaustive]
    Gumbel {
        /// The mode.
        location: f64,
        /// Scale β.
        scale: f64,
    },
    /// Logistic: F(x) = 1 / (1 + exp(-(x - location) / scale)).
    #[non_exhaustive]
    Logistic {
        /// The mean.
        location: f64,
        /// Scale s; the variance is π² s² / 3.
        scale: f64,
    },
    /// Laplace (double exponential): density exp(-|x - location| / scale) / (2 scale).
    #[non_exhaustive]
    Laplace {
        /// The mean.
        location: f64,
        /// Scale b; the variance is 2 b².
        scale: f64,
    },
    /// Weibull: P(X > x) = exp(-(x / scale)^shape).
    #[non_exhaustive]
    Weibull {
        /// Shape k.
        shape: f64,
        /// Scale λ.
        scale: f64,
    },
    /// Lognormal: ln X is normal.
    #[non_exhaustive]
    Lognormal {
        /// Mean of ln X.
        mu: f64,
        /// Standard deviation of ln X.
        sigma: f64,
    },
    /// Bounded Pareto: density proportional to x^(-alpha - 1) on [min, max].
    #[non_exhaustive]
    BoundedPareto {
        /// Exponent α.
        alpha: f64,
        /// Lower end.
        min: f64,
        /// Upper end.
        max: f64,
    },
}

/// A part of a law: what lies in (lo, hi].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// The probability.
    pub mass: f64,
    /// The mean of the values in the cell. Without mass: some point of the cell.
    pub mean: f64,
}

/// Constructors. A parameter that is NaN or infinite is an error everywhere.
impl Law {
    /// Uniform on [min, max]; a certain value if the two are equal.
    ///
    /// # Errors
    /// If max is below min, or max - min overflows.
    pub fn uniform(min: f64, max: f64) -> Result<Law, LawError> {
        let checks = Checks { law: "uniform" };
        checks.finite("min", min)?;
        checks.finite("max", max)?;
        checks.that(max >= min, "max", max, "at least min")?;
        checks.law_or_point(max == min, min, Law::Uniform { min, max })
    }

    /// Gauss (normal); a certain value if the standard deviation is 0.
    ///
    /// # Errors
    /// If the standard deviation is negative.
    pub fn gauss(mean: f64, stddev: f64) -> Result<Law, LawError> {
        let checks = Checks { law: "Gauss" };
        checks.finite("mean", mean)?;
        checks.not_negative("stddev", stddev)?;
        checks.law_or_point(stddev == 0.0, mean, Law::Gauss { mean, stddev })
    }

    /// Exponential with the given mean; the certain value 0 if that is 0.
    ///
    /// # Errors
    /// If the mean is negative.
    pub fn exponential(mean: f64) -> Result<Law, LawError> {
        let checks = Checks { law: "exponential" };
        checks.not_negative("mean", mean)?;
        checks.law_or_point(mean == 0.0, 0.0, Law::Exponential { mean })
    }

    /// Gumbel of type 1 (for maxima); a certain value if the scale is 0.
    ///
    /// # Errors
    /// If the scale is negative.
    pub fn gumbel(location: f64, scale: f64) -> Result<Law, LawError> {
        let checks = Checks { law: "Gumbel" };
        checks.finite("location", location)?;
        checks.not_negative("scale", scale)?;
        checks.law_or_point(scale == 0.0, location, Law::Gumbel { location, scale })
    }

    /// Logistic; a certain value if the scale is 0.
    ///
    /// # Errors
    /// If the scale is negative.
    pub fn logistic(location: f64, scale: f64) -> Result<Law, LawError> {
        let checks = Checks { law: "logistic" };
        checks.finite("location", location)?;
        checks.not_negative("scale", scale)?;
        checks.law_or_point(scale == 0.0, location, Law::Logistic { location, scale })
    }

    /// Laplace; a certain value if the scale is 0.
    ///
    /// # Errors
    /// If the scale is negative.
    pub fn laplace(location: f64, scale: f64) -> Result<Law, LawError> {
        let checks = Checks { law: "Laplace" };
        checks.finite("location", location)?;
        checks.not_negative("scale", scale)?;
        checks.law_or_point(scale == 0.0, location, Law::Laplace { location, scale })
    }

    /// Weibull with shape k and scale λ; the certain value 0 if the scale is 0.
    ///
    /// # Errors
    /// If the shape is not positive or the scale negative, or the mean λ Γ(1 + 1/k) overflows (k below 1/170).
    pub fn weibull(shape: f64, scale: f64) -> Result<Law, LawError> {
        let checks = Checks { law: "Weibull" };
        checks.positive("shape", shape)?;
        checks.not_negative("scale", scale)?;
        checks.law_or_point(scale == 0.0, 0.0, Law::Weibull { shape, scale })
    }

    /// Lognormal, given mean and standard deviation of the logarithm; the certain value e^mu if sigma is 0.
    ///
    /// # Errors
    /// If sigma is negative, or e^mu or e^(sigma²/2) or their product, the mean, over- or underflows.
    pub fn lognormal(mu: f64, sigma: f64) -> Result<Law, LawError> {
        let checks = Checks { law: "lognormal" };
        checks.finite("mu", mu)?;
        checks.not_negative("sigma", sigma)?;
        if !libm::exp(mu).is_finite() {
            return Err(checks.range());
        }
        checks.law_or_point(sigma == 0.0, libm::exp(mu), Law::Lognormal { mu, sigma })
    }

    /// Bounded Pareto on [min, max]; a certain value if the two are equal.
    ///
    /// # Errors
    /// If alpha or min is not positive, max is below min, or max / min overflows.
    pub fn bounded_pareto(alpha: f64, min: f64, max: f64) -> Result<Law, LawError> {
        let checks = Checks { law: "bounded Pareto" };
        checks.positive("alpha", alpha)?;
        checks.positive("min", min)?;
        checks.finite("max", max)?;
        checks.that(max >= min, "max", max, "at least min")?;
        if !(max / min).is_finite() {
            return Err(checks.range());
        }
        checks.law_or_point(max / min == 1.0, min, Law::BoundedPareto { alpha, min, max })
    }
}

/// Questions.
impl Law {
    /// The probability density at x; 0 outside the support.
    pub fn pdf(&self, x: f64) -> f64 {
        let z = self.standardise(x);
        self.with_shape(|shape| {
            let (min, max) = shape.support();
            if z < min || z > max || z.is_infinite() {
                0.0
            } else {
                shape.pdf(z) / self.scale()
            }
        })
    }

    /// The distribution function P(X <= x), good to rounding also where it is tiny.
    pub fn cdf(&self, x: f64) -> f64 {
        let z = self.standardise(x);
        self.with_shape(|shape| {
            let (min, max) = shape.support();
            if z < min {
                0.0
            } else if z >= max {
                1.0
            } else {
                shape.cdf(z)
            }
        })
    }

    /// The survival function P(X > x), good to rounding also where it is tiny.
    pub fn survival(&self, x: f64) -> f64 {
        let z = self.standardise(x);
        self.with_shape(|shape| {
            let (min, max) = shape.support();
            if z < min {
                1.0
            } else if z >= max {
                0.0
            } else {
                shape.survival(z)
            }
        })
    }

    /// The x with P(X <= x) = p; the ends of the support for 0 and 1, NaN for a p that is no probability.
    pub fn quantile(&self, p: f64) -> f64 {
        self.invert(
            p,
            |shape| shape.quantile(p),
            |support| if p == 0.0 { support.0 } else { support.1 },
        )
    }

    /// The x with P(X > x) = q: the quantile of 1 - q, without the loss of digits that writing 1 - q would be.
    pub fn upper_quantile(&self, q: f64) -> f64 {
        self.invert(
            q,
            |shape| shape.upper_quantile(q),
            |support| if q == 0.0 { support.1 } else { support.0 },
        )
    }

    /// The draw that belongs to a uniform random number u in (0, 1): its quantile.
    pub fn sample(&self, u: f64) -> f64 {
        self.quantile(u)
    }

    /// The mean, always finite.
    pub fn mean(&self) -> f64 {
        match *self {
            // Rounded once: the mean of 0.05 and 0.07 shall print as 0.06.
            Law::Uniform { min, max } => 0.5 * min + 0.5 * max,
            _ => self.location() + self.scale() * self.with_shape(|shape| shape.mean()),
        }
    }

    /// The standard deviation; infinite if it exceeds the range of doubles.
    pub fn deviation(&self) -> f64 {
        match *self {
            // The mean may be ordinary where the one of median 1 is not.
            Law::Lognormal { sigma, .. } => self.mean() * lognormal::Lognormal { sigma }.variation(),
            _ => self.scale() * self.with_shape(|shape| shape.deviation()),
        }
    }

    /// The variance; infinite if it exceeds the range of doubles.
    pub fn variance(&self) -> f64 {
        self.deviation() * self.deviation()
    }

    /// The smallest and the largest value, maybe infinite.
    pub fn support(&self) -> (f64, f64) {
        match *self {
            Law::Uniform { min, max } | Law::BoundedPareto { min, max, .. } => (min, max),
            _ => {
                let (min, max) = self.with_shape(|shape| shape.support());
                (
                    self.location() + self.scale() * min,
                    self.location() + self.scale() * max,
                )
            }
        }
    }

    /// Mass and mean of the cell (lo, hi], whose bounds may be infinite or outside the support.
    ///
    /// Both are good to rounding for cells of any width anywhere, far tails included. What remains is that the bounds
    /// are doubles, and are rounded once more as they become standard coordinates: the mass is that of bounds moved by a
    /// few units in their last place. [Standard forms](Law::standard) avoid the second rounding.
    pub fn cell(&self, lo: f64, hi: f64) -> Cell {
        if let Law::Point { value } = *self {
            let inside = lo < value && value <= hi;
            return Cell {
                mass: f64::from(u8::from(inside)),
                mean: if inside { value } else { finite_of(lo, hi) },
            };
        }
        let (z_lo, z_hi) = (self.standardise(lo), self.standardise(hi));
        let cell = self.with_shape(|shape| {
            let (min, max) = shape.support();
            let (from, to) = (z_lo.max(min), z_hi.min(max));
            if from < to { Some(shape.cell(from, to)) } else { None }
        });
        match cell {
            Some(Cell { mass, mean }) if mass > 0.0 && !mean.is_nan() => {
                // The affine map may round a mean out of a narrow cell.
                let mean = (self.location() + self.scale() * mean).max(lo).min(hi);
                Cell { mass, mean }
            }
            _ => Cell {
                mass: 0.0,
                mean: finite_of(lo, hi),
            },
        }
    }
}

/// Standard forms.
impl Law {
    /// The law of Z in X = [`location`](Law::location) + [`scale`](Law::scale) · Z.
    ///
    /// Whoever splits a law does best to split its standard form and map the Diracs: a law whose scale is tiny beside its
    /// location then loses digits only in the last step, and the standard form's Diracs can be kept for the next law of
    /// the family.
    ///
    /// | law | Z | location | scale |
    /// |---|---|---|---|
    /// | point | 0 | value | 1 |
    /// | uniform | on [0, 1] | min | max - min |
    /// | Gauss | mean 0, standard deviation 1 | mean | standard deviation |
    /// | exponential | mean 1 | 0 | mean |
    /// | Gumbel, logistic, Laplace | location 0, scale 1 | location | scale |
    /// | Weibull | same shape, scale 1 | 0 | scale |
    /// | lognormal | mu = 0, same sigma | 0 | e^mu |
    /// | bounded Pareto | same alpha, on [1, max / min] | 0 | min |
    pub fn standard(&self) -> Law {
        match *self {
            Law::Point { .. } => Law::Point { value: 0.0 },
            Law::Uniform { .. } => Law::Uniform { min: 0.0, max: 1.0 },
            Law::Gauss { .. } => Law::Gauss { mean: 0.0, stddev: 1.0 },
            Law::Exponential { .. } => Law::Exponential { mean: 1.0 },
            Law::Gumbel { .. } => Law::Gumbel {
                location: 0.0,
                scale: 1.0,
            },
            Law::Logistic { .. } => Law::Logistic {
                location: 0.0,
                scale: 1.0,
            },
            Law::Laplace { .. } => Law::Laplace {
                location: 0.0,
                scale: 1.0,
            },
            Law::Weibull { shape, .. } => Law::Weibull { shape, scale: 1.0 },
            Law::Lognormal { sigma, .. } => Law::Lognormal { mu: 0.0, sigma },
            Law::BoundedPareto { alpha, min, max } => Law::BoundedPareto {
                alpha,
                min: 1.0,
                max: max / min,
            },
        }
    }

    /// What the standard form is moved by: see [`standard`](Law::standard).
    pub fn location(&self) -> f64 {
        match *self {
            Law::Point { value } => value,
            Law::Uniform { min, .. } => min,
            Law::Gauss { mean, .. } => mean,
            Law::Gumbel { location, .. } | Law::Logistic { location, .. } | Law::Laplace { location, .. } => location,
            Law::Exponential { .. } | Law::Weibull { .. } | Law::Lognormal { .. } | Law::BoundedPareto { .. } => 0.0,
        }
    }

    /// What the standard form is stretched by, positive: see [`standard`](Law::standard).
    pub fn scale(&self) -> f64 {
        match *self {
            Law::Point { .. } => 1.0,
            Law::Uniform { min, max } => max - min,
            Law::Gauss { stddev, .. } => stddev,
            Law::Exponential { mean } => mean,
            Law::Gumbel { scale, .. }
            | Law::Logistic { scale, .. }
            | Law::Laplace { scale, .. }
            | Law::Weibull { scale, .. } => scale,
            Law::Lognormal { mu, .. } => libm::exp(mu),
            Law::BoundedPareto { min, .. } => min,
        }
    }

    /// The standard coordinate of x.
    fn standardise(&self, x: f64) -> f64 {
        (x - self.location()) / self.scale()
    }

    /// Calls `question` with the formulas of the law.
    fn with_shape<T>(&self, question: impl FnOnce(&dyn Shape) -> T) -> T {
        match *self {
            Law::Point { .. } => question(&point::Point),
            Law::Uniform { .. } => question(&uniform::Uniform),
            Law::Gauss { .. } => question(&gauss::Gauss),
            Law::Exponential { .. } => question(&exponential::Exponential),
            Law::Gumbel { .. } => question(&gumbel::Gumbel),
            Law::Logistic { .. } => question(&logistic::Logistic),
            Law::Laplace { .. } => question(&laplace::Laplace),
            Law::Weibull { shape, .. } => question(&weibull::Weibull { shape }),
            Law::Lognormal { sigma, .. } => question(&lognormal::Lognormal { sigma }),
            Law::BoundedPareto { alpha, min, max } => question(&bounded_pareto::BoundedPareto {
                alpha,
                ratio: max / min,
            }),
        }
    }

    /// The value at a probability: by `inside` strictly between 0 and 1, by `end` at both.
    fn invert(&self, p: f64, inside: impl Fn(&dyn Shape) -> f64, end: impl Fn((f64, f64)) -> f64) -> f64 {
        let (min, max) = self.support();
        if p > 0.0 && p < 1.0 {
            (self.location() + self.scale() * self.with_shape(inside))
                .max(min)
                .min(max)
        } else if p == 0.0 || p == 1.0 {
            end((min, max))
        } else {
            f64::NAN
        }
    }
}

/// A finite bound of a cell, if there is one.
fn finite_of(lo: f64, hi: f64) -> f64 {
    if lo.is_finite() { lo } else { hi }
}

/// Parameter checks of one law.
struct Checks {
    law: &'static str,
}

impl Checks {
    fn that(&self, holds: bool, parameter: &'static str, value: f64, allowed: &'static str) -> Result<(), LawError> {
        if holds {
            Ok(())
        } else {
            Err(LawError::Parameter {
                law: self.law,
                parameter,
                value,
                allowed,
            })
        }
    }

    fn finite(&self, parameter: &'static str, value: f64) -> Result<(), LawError> {
        self.that(value.is_finite(), parameter, value, "a finite number")
    }

    fn not_negative(&self, parameter: &'static str, value: f64) -> Result<(), LawError> {
        self.that(
            value.is_finite() && value >= 0.0,
            parameter,
            value,
            "a finite number of at least 0",
        )
    }

    fn positive(&self, parameter: &'static str, value: f64) -> Result<(), LawError> {
        self.that(
            value.is_finite() && value > 0.0,
            parameter,
            value,
            "a finite number above 0",
        )
    }

    fn range(&self) -> LawError {
        LawError::Range { law: self.law }
    }

    /// The certain value `point` if the law has no spread, else the law if doubles can hold it.
    fn law_or_point(&self, no_spread: bool, point: f64, law: Law) -> Result<Law, LawError> {
        if no_spread {
            return Ok(Law::Point { value: point });
        }
        let scale_fits = law.scale() > 0.0 && law.scale().is_finite();
        let mean_fits = law.mean().is_finite() && law.standard().mean().is_finite();
        if scale_fits && mean_fits {
            Ok(law)
        } else {
            Err(self.range())
        }
    }
}
