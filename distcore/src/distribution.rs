//! The value type: finitely many Diracs, and up to three special masses.

use crate::Representation;

/// Probability mass at the values that are not finite numbers.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct SpecialMass {
    /// Mass at NaN.
    pub nan: f64,
    /// Mass at negative infinity.
    pub negative_infinity: f64,
    /// Mass at positive infinity.
    pub positive_infinity: f64,
}

impl SpecialMass {
    /// The sum of the three masses.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.nan + self.negative_infinity + self.positive_infinity
    }

    /// The special values with mass, in the order NaN, -Inf, +Inf, as (value, mass).
    pub fn diracs(&self) -> impl Iterator<Item = (f64, f64)> + use<> {
        let all = [
            (f64::NAN, self.nan),
            (f64::NEG_INFINITY, self.negative_infinity),
            (f64::INFINITY, self.positive_infinity),
        ];
        all.into_iter().filter(|&(_, mass)| mass > 0.0)
    }

    /// Adds `mass` to the special value that `position` is. Returns false, and adds nothing, if it is finite.
    #[inline]
    pub fn absorb(&mut self, position: f64, mass: f64) -> bool {
        if position.is_finite() {
            return false;
        }
        if position.is_nan() {
            self.nan += mass;
        } else if position < 0.0 {
            self.negative_infinity += mass;
        } else {
            self.positive_infinity += mass;
        }
        true
    }
}

/// Why parts do not make a [`Distribution`].
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DistributionError {
    /// There are as many masses as positions in a distribution.
    #[error("{positions} positions but {masses} masses")]
    LengthMismatch {
        /// Number of positions given.
        positions: usize,
        /// Number of masses given.
        masses: usize,
    },
    /// NaN and infinities belong to the special mass.
    #[error("position {index} is {position}, not a finite number")]
    PositionNotFinite {
        /// Which one.
        index: usize,
        /// Its value.
        position: f64,
    },
    /// Masses are finite and at least 0.
    #[error("mass {index} is {mass}, not a finite number of at least 0")]
    BadMass {
        /// Which one, counted over the finite positions, then NaN, -Inf, +Inf.
        index: usize,
        /// Its value.
        mass: f64,
    },
    /// No mass at all.
    #[error("a distribution needs mass")]
    Empty,
}

/// Numbers that are checked together: without a branch for each of them, which is several times as fast.
const CHECKED: usize = 64;

/// Whether all positions are finite.
pub(crate) fn are_finite(positions: &[f64]) -> bool {
    positions
        .chunks(CHECKED)
        .all(|some| some.iter().fold(true, |all, position| all & position.is_finite()))
}

/// The mass of every Dirac, if they have all the same.
pub(crate) fn one_mass(masses: &[f64]) -> Option<f64> {
    let first = *masses.first()?;
    masses
        .chunks(CHECKED)
        .all(|some| some.iter().fold(true, |all, &mass| all & (mass == first)))
        .then_some(first)
}

/// Whether no position is below the one before it.
pub(crate) fn are_ascending(positions: &[f64]) -> bool {
    positions.chunks(CHECKED).enumerate().all(|(chunk, some)| {
        let after = &positions[chunk * CHECKED + 1..];
        some.iter().zip(after).fold(true, |all, (x, next)| all & (x <= next))
    })
}

/// A probability distribution as a list of Diracs: positions with masses.
///
/// Positions are finite, in no particular order (operations on one operand keep the order of their argument), and may
/// repeat. Masses are probabilities in [0, 1]; finite and special ones together sum to 1 up to rounding. NaN and the
/// infinities are kept apart in a [`SpecialMass`]. A value is immutable: operations of an
/// [`Arithmetic`](crate::Arithmetic) make new ones.
///
/// ```
/// use distcore::Distribution;
/// let coin = Distribution::from_parts(&[0.0, 1.0], &[0.5, 0.5]).unwrap();
/// assert_eq!(coin.mean(), 0.5);
/// assert_eq!(coin.probability_above(0.0), 0.5);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// The positions, then as many masses: one allocation.
    diracs: Box<[f64]>,
    special: SpecialMass,
    representation: Representation,
    /// The exact positions of integers beyond 2^53, which `f64` cannot hold; absent if `diracs` is exact.
    wide: Option<Box<[i128]>>,
}

impl Distribution {
    /// A distribution with these finite positions and masses.
    ///
    /// Masses are taken as they are: they should sum to 1, but real strings are off by rounding.
    ///
    /// # Errors
    /// If the lengths differ, a position is not finite, a mass is negative or not finite, or there are none.
    pub fn from_parts(positions: &[f64], masses: &[f64]) -> Result<Distribution, DistributionError> {
        Distribution::from_all_parts(positions, masses, SpecialMass::default(), Representation::Athens)
    }

    /// A distribution from everything that makes one up.
    ///
    /// # Errors
    /// As [`from_parts`](Distribution::from_parts); a distribution of special mass alone is allowed.
    pub fn from_all_parts(
        positions: &[f64],
        masses: &[f64],
        special: SpecialMass,
        representation: Representation,
    ) -> Result<Distribution, DistributionError> {
        if positions.len() != masses.len() {
            return Err(DistributionError::LengthMismatch {
                positions: positions.len(),
                masses: masses.len(),
            });
        }
        if let Some(index) = positions.iter().position(|position| !position.is_finite()) {
            return Err(DistributionError::PositionNotFinite {
                index,
                position: positions[index],
            });
        }
        let all = || {
            masses
                .iter()
                .copied()
                .chain([special.nan, special.negative_infinity, special.positive_infinity])
        };
        if let Some((index, mass)) = all().enumerate().find(|&(_, mass)| !(mass.is_finite() && mass >= 0.0)) {
            return Err(DistributionError::BadMass { index, mass });
        }
        if positions.is_empty() && special.total() <= 0.0 {
            return Err(DistributionError::Empty);
        }
        let diracs = positions.iter().chain(masses).copied().collect();
        Ok(Distribution {
            diracs,
            special,
            representation,
            wide: None,
        })
    }

    /// A number that is certain: one Dirac (NaN and infinities as special mass).
    #[must_use]
    pub fn certain(value: f64) -> Distribution {
        let mut special = SpecialMass::default();
        let diracs: Box<[f64]> = if special.absorb(value, 1.0) {
            Box::new([])
        } else {
            Box::new([value, 1.0])
        };
        Distribution {
            diracs,
            special,
            representation: Representation::default(),
            wide: None,
        }
    }

    /// For parts that this crate has made itself: positions, then as many masses.
    pub(crate) fn from_raw(diracs: Box<[f64]>, special: SpecialMass, representation: Representation) -> Distribution {
        debug_assert!(diracs.len().is_multiple_of(2));
        debug_assert!(diracs[..diracs.len() / 2].iter().all(|position| position.is_finite()));
        Distribution {
            diracs,
            special,
            representation,
            wide: None,
        }
    }

    /// With these Diracs; positions that are NaN or infinite become special mass.
    pub(crate) fn from_points(positions: &[f64], masses: &[f64], representation: Representation) -> Distribution {
        let mut special = SpecialMass::default();
        if are_finite(positions) {
            let diracs = [positions, masses].concat().into_boxed_slice();
            return Distribution::from_raw(diracs, special, representation);
        }
        let all = positions.iter().copied().zip(masses.iter().copied());
        let finite: Vec<(f64, f64)> = all
            .filter(|&(position, mass)| !special.absorb(position, mass))
            .collect();
        let diracs = finite
            .iter()
            .map(|dirac| dirac.0)
            .chain(finite.iter().map(|dirac| dirac.1));
        Distribution::from_raw(diracs.collect(), special, representation)
    }

    /// The same Diracs as those of another representation.
    pub(crate) fn in_representation(self, representation: Representation) -> Distribution {
        Distribution { representation, ..self }
    }

    /// As [`from_raw`](Distribution::from_raw), with exact integers where some position is beyond 2^53.
    pub(crate) fn with_wide(mut self, wide: Option<Box<[i128]>>) -> Distribution {
        self.wide = wide;
        self
    }

    /// The finite positions.
    #[inline]
    #[must_use]
    pub fn positions(&self) -> &[f64] {
        &self.diracs[..self.len()]
    }

    /// The masses of the finite positions, in the same order.
    #[inline]
    #[must_use]
    pub fn masses(&self) -> &[f64] {
        &self.diracs[self.len()..]
    }

    /// The number of finite Diracs.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.diracs.len() / 2
    }

    /// Whether there are no finite Diracs: all mass is special.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.diracs.is_empty()
    }

    /// Positions with their masses.
    pub fn diracs(&self) -> impl ExactSizeIterator<Item = (f64, f64)> + Clone {
        self.positions().iter().copied().zip(self.masses().iter().copied())
    }

    /// The mass at NaN and the infinities.
    #[inline]
    #[must_use]
    pub fn special(&self) -> SpecialMass {
        self.special
    }

    /// The representation that the value was made in.
    #[inline]
    #[must_use]
    pub fn representation(&self) -> Representation {
        self.representation
    }

    /// The positions as exact integers. Those of 64-bit integers can exceed 2^53, where [`positions`] is rounded;
    /// positions that are no integers are truncated toward zero.
    ///
    /// [`positions`]: Distribution::positions
    #[must_use]
    pub fn integer_positions(&self) -> Vec<i128> {
        match &self.wide {
            Some(wide) => wide.to_vec(),
            None => self.positions().iter().map(|&position| position as i128).collect(),
        }
    }

    pub(crate) fn wide(&self) -> Option<&[i128]> {
        self.wide.as_deref()
    }
}
