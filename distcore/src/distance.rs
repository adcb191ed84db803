//! How far two distributions are apart.

use crate::Distribution;

impl Distribution {
    /// The Wasserstein-1 distance: the least mass times distance that turns one distribution into the other, which is
    /// the area between the two distribution functions. It has the unit of the positions.
    ///
    /// Masses are normalised. NaN if either has mass at NaN; infinite if they differ in their mass at an infinity.
    ///
    /// ```
    /// use distcore::Distribution;
    /// let coin = Distribution::from_parts(&[0.0, 1.0], &[0.5, 0.5])?;
    /// assert_eq!(coin.wasserstein_1(&Distribution::certain(0.5)), 0.5);
    /// # Ok::<(), distcore::DistributionError>(())
    /// ```
    #[must_use]
    pub fn wasserstein_1(&self, other: &Distribution) -> f64 {
        let (ours, theirs) = (self.infinite_mass(), other.infinite_mass());
        if ours.0.is_nan() || theirs.0.is_nan() {
            return f64::NAN;
        }
        if (ours.0 - theirs.0).abs() > MASS_ROUNDING || (ours.1 - theirs.1).abs() > MASS_ROUNDING {
            return f64::INFINITY;
        }
        let (mut area, mut before) = (0.0, f64::NAN);
        steps(self, other, |x, difference_before, _| {
            // Before the first position they differ by the rounding of their mass at -Inf at the most.
            if difference_before != 0.0 && !before.is_nan() {
                area += difference_before.abs() * (x - before);
            }
            before = x;
        });
        area
    }

    /// The Kolmogorov distance: the largest difference of the two distribution functions, in [0, 1].
    ///
    /// Masses are normalised. NaN if either has mass at NaN.
    #[must_use]
    pub fn kolmogorov(&self, other: &Distribution) -> f64 {
        let (ours, theirs) = (self.infinite_mass(), other.infinite_mass());
        if ours.0.is_nan() || theirs.0.is_nan() {
            return f64::NAN;
        }
        let mut largest = (ours.0 - theirs.0).abs();
        steps(self, other, |_, _, difference| largest = largest.max(difference.abs()));
        largest
    }

    /// Shares of the mass at negative and positive infinity; NaN if there is mass at NaN.
    fn infinite_mass(&self) -> (f64, f64) {
        let special = self.special();
        let total = self.finite_mass() + special.total();
        if special.nan > 0.0 {
            (f64::NAN, f64::NAN)
        } else {
            (special.negative_infinity / total, special.positive_infinity / total)
        }
    }
}

/// Masses that differ by less are taken for equal.
const MASS_ROUNDING: f64 = 1e-12;

/// Walks over all positions of both, ascending: calls `step(x, F - G just below x, F - G at x)`.
fn steps(f: &Distribution, g: &Distribution, mut step: impl FnMut(f64, f64, f64)) {
    let share = |x: &Distribution| x.finite_mass() + x.special().total();
    let weighted = |x: &Distribution, sign: f64| {
        let total = share(x);
        x.merged()
            .into_iter()
            .map(move |(position, mass)| (position, sign * mass / total))
            .collect::<Vec<_>>()
    };
    let mut all = weighted(f, 1.0);
    all.extend(weighted(g, -1.0));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut difference = f.special().negative_infinity / share(f) - g.special().negative_infinity / share(g);
    let mut rest = &all[..];
    while let Some(&(x, _)) = rest.first() {
        let count = rest.iter().take_while(|step| step.0 == x).count();
        let jump: f64 = rest[..count].iter().map(|step| step.1).sum();
        step(x, difference, difference + jump);
        difference += jump;
        rest = &rest[count..];
    }
}

#[cfg(test)]
mod tests {
    use crate::{Distribution, SpecialMass};

    fn uniform(positions: &[f64]) -> Distribution {
        let mass = 1.0 / positions.len() as f64;
        Distribution::from_parts(positions, &vec![mass; positions.len()]).expect("a distribution")
    }

    #[test]
    fn distances_by_hand() {
        let (a, b) = (uniform(&[3.0, 0.0, 1.0]), uniform(&[5.0, 6.0, 8.0]));
        // The example of scipy.stats.wasserstein_distance.
        assert!((a.wasserstein_1(&b) - 5.0).abs() < 1e-15);
        assert_eq!(a.kolmogorov(&b), 1.0);
        assert_eq!(a.wasserstein_1(&a), 0.0);
        let c = uniform(&[0.0, 1.0, 3.0, 100.0]);
        assert!((a.kolmogorov(&c) - 0.25).abs() < 1e-15);
    }

    #[test]
    fn infinities_are_infinitely_far() {
        let special = |nan, positive_infinity| {
            let special = SpecialMass {
                nan,
                negative_infinity: 0.0,
                positive_infinity,
            };
            Distribution::from_all_parts(&[1.0], &[0.5], special, crate::Representation::Athens).expect("a value")
        };
        assert_eq!(
            special(0.0, 0.5).wasserstein_1(&Distribution::certain(1.0)),
            f64::INFINITY
        );
        assert_eq!(special(0.0, 0.5).wasserstein_1(&special(0.0, 0.5)), 0.0);
        assert_eq!(special(0.0, 0.5).kolmogorov(&Distribution::certain(1.0)), 0.5);
        assert!(special(0.5, 0.0).wasserstein_1(&Distribution::certain(1.0)).is_nan());
    }
}
