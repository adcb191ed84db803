//! What a distribution becomes when something is known about it: truncation and the Bayes update.
//!
//! Both give other masses to the positions that are there; neither moves a position.

use crate::sums::compensated;
use crate::{Distribution, Operand, SpecialMass};

impl Distribution {
    /// The distribution given that the value is in [min, max], both included: Diracs outside are dropped, the others
    /// renormalised. A certain NaN if there is no mass inside. Mass at an infinity stays if that bound is infinite.
    ///
    /// ```
    /// use distcore::Distribution;
    /// let die = Distribution::from_parts(&[1., 2., 3., 4., 5., 6.], &[1. / 6.; 6])?;
    /// assert_eq!(die.truncated(2.0, 3.5).positions(), [2.0, 3.0]);
    /// assert_eq!(die.truncated(2.0, 3.5).mean(), 2.5);
    /// assert!(die.truncated(7.0, 9.0).mean().is_nan());
    /// # Ok::<(), distcore::DistributionError>(())
    /// ```
    #[must_use]
    pub fn truncated(&self, min: f64, max: f64) -> Distribution {
        self.reweighted(|x| if min <= x && x <= max { 1.0 } else { 0.0 })
    }

    /// The posterior of this prior, given `evidence` (UxHw's BayesLaplace).
    ///
    /// `likelihood(theta)` is called for every position theta of the prior, and returns the distribution of what one
    /// would observe if theta were true. Each position's mass is multiplied with the probability of the evidence under
    /// it, and all are renormalised. An uncertain evidence counts with the mean of the probabilities of its positions.
    ///
    /// The probability is a mass where the evidence is an atom of some likelihood (coins, dice), else the likelihood's
    /// [density](Distribution::density). A certain NaN if the evidence is impossible under every position.
    ///
    /// ```
    /// use distcore::{Distribution, Operand};
    /// // A coin that is fair or shows heads three times out of four has shown heads.
    /// let prior = Distribution::from_parts(&[0.5, 0.75], &[0.5, 0.5])?;
    /// let coin = |heads: f64| Distribution::from_parts(&[0.0, 1.0], &[1.0 - heads, heads]);
    /// let posterior = prior.posterior(Operand::Certain(1.0), |heads| coin(heads).unwrap());
    /// assert!((posterior.masses()[1] - 0.6).abs() < 1e-15);
    /// # Ok::<(), distcore::DistributionError>(())
    /// ```
    #[must_use]
    pub fn posterior(&self, evidence: Operand, mut likelihood: impl FnMut(f64) -> Distribution) -> Distribution {
        let evidence = match evidence {
            Operand::Certain(value) => Distribution::certain(value),
            Operand::Uncertain(evidence) => evidence.clone(),
        };
        let expected: Vec<Distribution> = self.positions().iter().map(|&theta| likelihood(theta)).collect();
        let is_atom = |x: f64| expected.iter().any(|expected| expected.positions().contains(&x));
        let observed: Vec<(f64, f64, bool)> = evidence.diracs().map(|(x, mass)| (x, mass, is_atom(x))).collect();
        let probability = |expected: &Distribution| {
            compensated(
                observed
                    .iter()
                    .map(|&(x, mass, atom)| mass * if atom { expected.mass_at(x) } else { expected.density(x) }),
            )
        };
        let mut probabilities = expected.iter().map(probability);
        self.reweighted_in_order(|_| probabilities.next().unwrap_or(0.0))
    }

    /// The mass at exactly `x`.
    #[must_use]
    pub fn mass_at(&self, x: f64) -> f64 {
        compensated(self.diracs().filter(|dirac| dirac.0 == x).map(|dirac| dirac.1))
    }

    /// The density at `x` of the continuous law that the Diracs may stand for: an estimate.
    ///
    /// Every position stands for a cell that ends half-way to its neighbours (the outermost ones are symmetric), and
    /// its mass divided by the cell's width is the density at the position. Between positions the logarithm of the
    /// density is interpolated, which is good for bell shapes and exponentials; outside, it goes on falling as between
    /// the last two positions. Zero for a value of fewer than two positions.
    #[must_use]
    pub fn density(&self, x: f64) -> f64 {
        let diracs = self.merged();
        let count = diracs.len();
        if count < 2 || !x.is_finite() {
            return 0.0;
        }
        let log_density = |k: usize| {
            let gap_below = if k == 0 {
                diracs[1].0 - diracs[0].0
            } else {
                diracs[k].0 - diracs[k - 1].0
            };
            let gap_above = if k + 1 == count {
                gap_below
            } else {
                diracs[k + 1].0 - diracs[k].0
            };
            libm::log(diracs[k].1 / (0.5 * gap_below + 0.5 * gap_above))
        };
        // The segment of x, or the outermost one, to be continued.
        let above = diracs.partition_point(|dirac| dirac.0 < x).clamp(1, count - 1);
        let (from, to) = (diracs[above - 1].0, diracs[above].0);
        let (log_from, log_to) = (log_density(above - 1), log_density(above));
        let slope = (log_to - log_from) / (to - from);
        // Outside, a density that rose toward the end (a U shape) must not rise on.
        if x < from {
            libm::exp(log_from + (x - from) * slope.max(0.0))
        } else if x > to {
            libm::exp(log_to + (x - to) * slope.min(0.0))
        } else {
            libm::exp(log_from + (x - from) * slope)
        }
    }

    /// Masses multiplied with a weight for each value, and renormalised; Diracs without mass dropped.
    fn reweighted(&self, weight: impl Fn(f64) -> f64) -> Distribution {
        let special = self.special();
        let special = SpecialMass {
            nan: special.nan * weight(f64::NAN),
            negative_infinity: special.negative_infinity * weight(f64::NEG_INFINITY),
            positive_infinity: special.positive_infinity * weight(f64::INFINITY),
        };
        self.with_weights(special, weight)
    }

    /// As `reweighted` for the finite positions, which `weight` is asked for in their order; special mass is dropped.
    fn reweighted_in_order(&self, weight: impl FnMut(f64) -> f64) -> Distribution {
        self.with_weights(SpecialMass::default(), weight)
    }

    fn with_weights(&self, special: SpecialMass, mut weight: impl FnMut(f64) -> f64) -> Distribution {
        let finite: Vec<(f64, f64)> = self
            .diracs()
            .map(|(x, mass)| (x, mass * weight(x)))
            .filter(|dirac| dirac.1 > 0.0)
            .collect();
        let total = compensated(finite.iter().map(|dirac| dirac.1)) + special.total();
        if !(total > 0.0 && total.is_finite()) {
            return Distribution::certain(f64::NAN);
        }
        let masses = finite.iter().map(|dirac| dirac.1 / total);
        let diracs = finite.iter().map(|dirac| dirac.0).chain(masses).collect();
        let special = SpecialMass {
            nan: special.nan / total,
            negative_infinity: special.negative_infinity / total,
            positive_infinity: special.positive_infinity / total,
        };
        Distribution::from_raw(diracs, special, self.representation())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Arithmetic, BinaryFn, Distribution, Format::F64, Law, Operand, Representation, SpecialMass};

    /// A normal prior with a normal likelihood of known spread has a normal posterior (conjugacy): its precision is the
    /// sum of both, its mean the mean weighted with them.
    #[test]
    fn normal_prior_and_likelihood() {
        let athens = Arithmetic::new(Representation::Athens, 256).expect("a precision");
        let gauss = |mean, stddev| athens.law(&Law::gauss(mean, stddev).expect("a law"), F64);
        let noise = gauss(0.0, 0.5);
        let posterior = gauss(1.0, 1.0).posterior(Operand::Certain(2.0), |theta| {
            athens.binary(BinaryFn::Add, &noise, theta, F64)
        });
        // Precisions 1 and 4: mean (1 + 4 * 2) / 5, variance 1/5. The density estimate from 256 Diracs is good to a
        // few times (cell width / spread)^2 = (6 / 256)^2 where the mass is: some 1e-3.
        assert!((posterior.mean() - 1.8).abs() < 3e-3, "{}", posterior.mean());
        assert!(
            (posterior.central_moment(2) - 0.2).abs() < 3e-3,
            "{}",
            posterior.central_moment(2)
        );
    }

    #[test]
    fn the_density_estimate_is_good_where_the_mass_is() {
        let athens = Arithmetic::new(Representation::Athens, 256).expect("a precision");
        for law in [Law::gauss(0.0, 1.0), Law::exponential(1.0), Law::logistic(1.0, 2.0)] {
            let law = law.expect("a law");
            let value = athens.law(&law, F64);
            for k in 1..20 {
                let x = law.quantile(f64::from(k) / 20.0);
                let error = value.density(x) / law.pdf(x) - 1.0;
                // Cells are not exactly bounded half-way between means: the error is of first order in their width.
                assert!(error.abs() < 0.02, "{law:?} at {x}: {error}");
            }
        }
    }

    #[test]
    fn truncation_keeps_infinite_mass_inside_infinite_bounds_only() {
        let special = SpecialMass {
            nan: 0.1,
            negative_infinity: 0.2,
            positive_infinity: 0.3,
        };
        let value = Distribution::from_all_parts(&[1.0, 5.0], &[0.2, 0.2], special, Representation::Athens);
        let value = value.expect("a value");
        let upper = value.truncated(3.0, f64::INFINITY);
        assert_eq!(upper.positions(), [5.0]);
        assert!((upper.special().positive_infinity - 0.6).abs() < 1e-15);
        assert_eq!((upper.special().nan, upper.special().negative_infinity), (0.0, 0.0));
        assert_eq!(value.truncated(0.0, 9.0).special(), SpecialMass::default());
    }

    #[test]
    fn impossible_evidence_gives_nan() {
        let prior = Distribution::from_parts(&[1.0, 2.0], &[0.5, 0.5]).expect("a value");
        assert!(
            prior
                .posterior(Operand::Certain(3.0), Distribution::certain)
                .mean()
                .is_nan()
        );
        assert_eq!(
            prior.posterior(Operand::Certain(2.0), Distribution::certain).mean(),
            2.0
        );
    }
}
