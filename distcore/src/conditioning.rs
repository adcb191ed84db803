//! What a distribution becomes when something is known about it: truncation and the Bayes update.
//!
//! Both give other masses to the positions that are there; neither moves a position.

use crate::cells::Density;
use crate::sums::compensated;
use crate::{Distribution, Operand, SpecialMass};

impl Distribution {
    /// The distribution given that the value is in [min, max], both included: Diracs outside are dropped, the others
    /// renormalised. A certain NaN if there is no mass inside. Mass at an infinity stays if that bound is infinite. Integers
    /// beyond 2^53 become doubles.
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
    /// The probability is a mass where the evidence is an atom of some likelihood (coins, dice), else the density that the
    /// likelihood's [cells](crate::cells) have there. A certain NaN if the evidence is impossible under every position.
    /// Mass of the prior at NaN and the infinities, which no likelihood is asked for, is dropped.
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
        let probabilities = |density_at: fn(&Density, f64) -> f64| -> Vec<f64> {
            let probability = |expected: &Distribution| {
                let density = Density::of(expected);
                let at = |x, is_atom| {
                    if is_atom {
                        expected.mass_at(x)
                    } else {
                        density_at(&density, x)
                    }
                };
                compensated(observed.iter().map(|&(x, mass, is_atom)| mass * at(x, is_atom)))
            };
            expected.iter().map(probability).collect()
        };
        let mut found = probabilities(Density::at);
        if found.iter().all(|&probability| probability == 0.0) {
            found = probabilities(Density::far_out);
        }
        let mut probabilities = found.into_iter();
        self.reweighted_in_order(|_| probabilities.next().unwrap_or(0.0))
    }

    /// The mass at exactly `x`.
    #[must_use]
    pub fn mass_at(&self, x: f64) -> f64 {
        compensated(self.diracs().filter(|dirac| dirac.0 == x).map(|dirac| dirac.1))
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
    use crate::cells::Density;
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
        // Precisions 1 and 4: mean (1 + 4 * 2) / 5, variance 1/5. The likelihood is taken at a cell's mean where its average over the cell
        // is meant: off by w^2/24 L''/L, where L''/L is at most 1/0.25 and cells of the prior are up to w = 0.08 wide.
        assert!((posterior.mean() - 1.8).abs() < 1e-3, "{}", posterior.mean());
        assert!(
            (posterior.central_moment(2) - 0.2).abs() < 1e-3,
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
                let error = Density::of(&value).at(x) / law.pdf(x) - 1.0;
                // A straight line in a cell: of second order in the cell's width, w^2/12 f''/f, w = 0.03 deviations at the 5 % quantiles.
                assert!(error.abs() < 1e-3, "{law:?} at {x}: {error}");
            }
        }
    }

    #[test]
    fn a_law_with_edges_has_no_density_beyond_them() {
        for precision in [32, 64, 256] {
            let athens = Arithmetic::new(Representation::Athens, precision).expect("a precision");
            let density = |law: Law| Density::of(&athens.law(&law, F64));
            let uniform = density(Law::uniform(2.0, 4.0).expect("a law"));
            for x in [2.001, 3.0, 3.999] {
                assert!((uniform.at(x) - 0.5).abs() < 1e-12, "{x}");
            }
            assert_eq!((uniform.far_out(1.99), uniform.far_out(4.01)), (0.0, 0.0));
            let exponential = density(Law::exponential(1.0).expect("a law"));
            assert_eq!(exponential.far_out(-0.1), 0.0);
            // Tails go on, for who asks for them.
            assert_eq!(exponential.at(100.0), 0.0);
            assert!(exponential.far_out(100.0) > 0.0 && exponential.far_out(100.0) < exponential.far_out(50.0));
            let gauss = density(Law::gauss(0.0, 1.0).expect("a law"));
            assert!(gauss.far_out(-9.0) > 0.0 && gauss.far_out(9.0) > 0.0 && gauss.far_out(9.0) < 1e-6);
        }
    }

    /// Where the borders are not known, the density is near to the truth, too.
    #[test]
    fn the_density_on_a_grid() {
        let zurich = Arithmetic::new(Representation::Zurich, 128).expect("a precision");
        let law = Law::gauss(1.0, 2.0).expect("a law");
        let density = Density::of(&zurich.law(&law, F64));
        for k in 1..20 {
            let x = law.quantile(f64::from(k) / 20.0);
            let error = density.at(x) / law.pdf(x) - 1.0;
            // Steps of 0.1 deviations or less: mass over width is the density up to w^2/24 f''/f, interpolated to w^2/8 (log f)''.
            assert!(error.abs() < 5e-3, "{x}: {error}");
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
