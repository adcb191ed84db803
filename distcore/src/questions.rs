//! Questions to a distribution: moments, modes, quantiles, probabilities, support.
//!
//! Sums are compensated (Neumaier), so moments are good to a few units in the last place whatever the number of Diracs.
//! Questions about the finite part divide by its mass: real values are off by rounding, and moments of a value with
//! special mass are not finite anyway.

use crate::Distribution;
use crate::sums::compensated;

impl Distribution {
    /// The mean.
    ///
    /// NaN if there is mass at NaN or at both infinities, an infinity if there is mass at one, else the weighted mean
    /// of the positions.
    #[must_use]
    pub fn mean(&self) -> f64 {
        let special = self.special();
        if special.nan > 0.0 || (special.negative_infinity > 0.0 && special.positive_infinity > 0.0) {
            f64::NAN
        } else if special.negative_infinity > 0.0 {
            f64::NEG_INFINITY
        } else if special.positive_infinity > 0.0 {
            f64::INFINITY
        } else {
            self.finite_mean()
        }
    }

    /// The mean of the finite part; NaN if there is none.
    #[must_use]
    pub fn finite_mean(&self) -> f64 {
        let Some(&origin) = self.positions().first() else {
            return f64::NAN;
        };
        if self.len() == 1 {
            return origin;
        }
        // Around one of the positions, so that a small spread far from zero keeps its digits.
        let offset = compensated(self.massive().map(|(x, mass)| (x - origin) * mass)) / self.finite_mass();
        if offset.is_finite() {
            origin + offset
        } else {
            // Positions so far apart that a difference overflows.
            compensated(self.massive().map(|(x, mass)| x * (mass / self.finite_mass())))
        }
    }

    /// The Diracs that have mass. Real strings have some without, and what a function of those overflows to is not to matter.
    fn massive(&self) -> impl Iterator<Item = (f64, f64)> {
        self.diracs().filter(|dirac| dirac.1 > 0.0)
    }

    /// The sum of the masses of the finite positions: 1 up to rounding, less the special mass.
    #[must_use]
    pub fn finite_mass(&self) -> f64 {
        compensated(self.masses().iter().copied())
    }

    /// The n-th central moment, E((X - mean)^n): 1, 0, the variance, … From n = 1 on NaN if there is special mass.
    #[must_use]
    pub fn central_moment(&self, n: u32) -> f64 {
        let mean = self.mean();
        match n {
            0 => 1.0,
            _ if !mean.is_finite() => f64::NAN,
            1 => 0.0,
            _ => {
                let power = |x: f64| libm::pow(x - mean, f64::from(n));
                compensated(self.massive().map(|(x, mass)| power(x) * mass)) / self.finite_mass()
            }
        }
    }

    /// The n-th moment as the UxHw API numbers it: the mean for n = 1, else the n-th central moment.
    #[must_use]
    pub fn nth_moment(&self, n: u32) -> f64 {
        if n == 1 { self.mean() } else { self.central_moment(n) }
    }

    /// The standard deviation: the square root of the second central moment, also where that itself is too large or too
    /// small for a number.
    #[must_use]
    pub fn standard_deviation(&self) -> f64 {
        let (mean, variance) = (self.mean(), self.central_moment(2));
        if variance.is_normal() || !mean.is_finite() {
            return variance.sqrt();
        }
        let furthest = self
            .massive()
            .map(|(x, _)| (x / 2.0 - mean / 2.0).abs())
            .fold(0.0, f64::max);
        if furthest == 0.0 {
            return 0.0;
        }
        let square = |x: f64| ((x / 2.0 - mean / 2.0) / furthest).powi(2);
        let scaled = compensated(self.massive().map(|(x, mass)| square(x) * mass)) / self.finite_mass();
        2.0 * furthest * scaled.sqrt()
    }

    /// The n-th most likely finite position, counted from 1; equal positions count as one, of equally likely ones the
    /// smaller comes first. NaN if there are fewer.
    #[must_use]
    pub fn mode(&self, n: usize) -> f64 {
        let mut merged = self.merged();
        merged.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.total_cmp(&b.0)));
        n.checked_sub(1)
            .and_then(|index| merged.get(index))
            .map_or(f64::NAN, |dirac| dirac.0)
    }

    /// The p-quantile: the smallest x with P(X <= x) >= p, infinities included.
    ///
    /// Up to 2^-46, so that masses whose sum is off by rounding do not push the answer to the next Dirac. NaN if p is
    /// not in [0, 1], or reaches into mass at NaN (which counts as beyond everything).
    ///
    /// ```
    /// use distcore::Distribution;
    /// let die = Distribution::from_parts(&[1., 2., 3., 4., 5., 6.], &[1. / 6.; 6]).unwrap();
    /// assert_eq!(die.quantile(0.5), 3.0);
    /// assert_eq!(die.quantile(0.51), 4.0);
    /// assert_eq!(die.quantile(1.0), 6.0);
    /// ```
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        if !(0.0..=1.0).contains(&p) {
            return f64::NAN;
        }
        let special = self.special();
        let total = self.finite_mass() + special.total();
        let target = (p - ROUNDING_SLACK).max(0.0) * total;
        let mut below = special.negative_infinity;
        if below > 0.0 && below >= target {
            return f64::NEG_INFINITY;
        }
        let (mut last, mut lost) = (f64::NAN, 0.0);
        for (x, mass) in self.merged() {
            // Compensated as by Kahan, since masses are at least 0: thousands of roundings are more than the slack.
            let term = mass - lost;
            let next = below + term;
            lost = (next - below) - term;
            below = next;
            last = x;
            if below >= target {
                return x;
            }
        }
        if special.positive_infinity > 0.0 && below + special.positive_infinity >= target {
            f64::INFINITY
        } else if special.nan > 0.0 || special.positive_infinity > 0.0 {
            f64::NAN
        } else {
            last
        }
    }

    /// P(X > cutoff). Mass at NaN is above nothing; a NaN cutoff has nothing above it.
    #[must_use]
    pub fn probability_above(&self, cutoff: f64) -> f64 {
        let special = self.special();
        let above = compensated(self.diracs().map(|(x, mass)| if x > cutoff { mass } else { 0.0 }));
        let infinite = if f64::INFINITY > cutoff {
            special.positive_infinity
        } else {
            0.0
        };
        let negative = if f64::NEG_INFINITY > cutoff {
            special.negative_infinity
        } else {
            0.0
        };
        (above + infinite + negative) / (self.finite_mass() + special.total())
    }

    /// The smallest value with mass: -Inf if there is mass there; NaN if all mass is at NaN.
    #[must_use]
    pub fn support_min(&self) -> f64 {
        self.support().0
    }

    /// The largest value with mass: +Inf if there is mass there; NaN if all mass is at NaN.
    #[must_use]
    pub fn support_max(&self) -> f64 {
        self.support().1
    }

    fn support(&self) -> (f64, f64) {
        let special = self.special().diracs();
        let finite = self.diracs().filter(|&(_, mass)| mass > 0.0);
        // f64::min and f64::max ignore NaN.
        finite
            .chain(special)
            .fold((f64::NAN, f64::NAN), |(low, high), (x, _)| (low.min(x), high.max(x)))
    }

    /// The finite Diracs with mass, ascending, equal positions merged, as (position, mass).
    #[must_use]
    pub fn merged(&self) -> Vec<(f64, f64)> {
        let mut diracs: Vec<(f64, f64)> = self.diracs().filter(|&(_, mass)| mass > 0.0).collect();
        if !diracs.is_sorted_by(|a, b| a.0 <= b.0) {
            diracs.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        diracs.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        diracs
    }
}

/// How far a sum of masses may fall short of the probability asked for.
const ROUNDING_SLACK: f64 = 1.0 / (1u64 << 46) as f64;

#[cfg(test)]
mod tests {
    use crate::Distribution;

    #[test]
    fn a_spread_whose_square_is_no_number() {
        for scale in [1e-320, 1e-200, 1.0, 1e200, 1e308] {
            let coin = Distribution::from_parts(&[-scale, scale], &[0.5, 0.5]).expect("a coin");
            assert_eq!(coin.standard_deviation(), scale);
        }
        assert_eq!(Distribution::certain(3.0).standard_deviation(), 0.0);
        assert!(Distribution::certain(f64::INFINITY).standard_deviation().is_nan());
    }
}
