//! An operand as the operations read it.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::Distribution;
use crate::distribution::are_ascending;

/// Positions with positive masses in the order of the rule: finite ones, then NaN, -Inf, +Inf.
#[derive(Clone, Debug)]
pub(crate) struct Diracs<'a> {
    pub(crate) positions: Cow<'a, [f64]>,
    pub(crate) masses: Cow<'a, [f64]>,
}

impl<'a> Diracs<'a> {
    pub(crate) const NONE: Diracs<'static> = Diracs {
        positions: Cow::Borrowed(&[]),
        masses: Cow::Borrowed(&[]),
    };

    /// The Diracs of `x` with mass.
    pub(crate) fn of(x: &'a Distribution) -> Diracs<'a> {
        if x.masses().iter().all(|&mass| mass > 0.0) && x.special().total() == 0.0 {
            return Diracs {
                positions: x.positions().into(),
                masses: x.masses().into(),
            };
        }
        x.diracs()
            .chain(x.special().diracs())
            .filter(|dirac| dirac.1 > 0.0)
            .collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.positions.len()
    }

    /// The least and the greatest position; none is (∞, -∞).
    pub(super) fn ends(&self) -> (f64, f64) {
        match *self.positions {
            // Most operands ascend, and to see that takes less time than to look for the ends.
            [first, .., last] if are_ascending(&self.positions) => (first, last),
            _ => self
                .positions
                .iter()
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &position| {
                    (low.min(position), high.max(position))
                }),
        }
    }

    pub(super) fn largest_mass(&self) -> f64 {
        // Masses are numbers, and comparisons take less time than `max`, which minds NaN.
        self.masses
            .iter()
            .fold(0.0, |largest, &mass| if mass > largest { mass } else { largest })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (f64, f64)> + Clone {
        self.positions.iter().copied().zip(self.masses.iter().copied())
    }

    /// Those that a test on positions holds for, and the others.
    pub(crate) fn separate(self, test: impl Fn(f64) -> bool) -> (Diracs<'a>, Diracs<'a>) {
        if self.positions.iter().all(|&position| test(position)) {
            return (self, Diracs::NONE);
        }
        let part = |wanted: bool| self.iter().filter(|dirac| test(dirac.0) == wanted).collect();
        (part(true), part(false))
    }

    /// Whether this comes before `other` in an order of all operands: shorter ones first, then by positions, then by masses.
    pub(crate) fn precedes(&self, other: &Diracs) -> bool {
        let compare = |a: &[f64], b: &[f64]| {
            let mut pairs = a.iter().zip(b).map(|(a, b)| a.total_cmp(b));
            pairs.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        };
        self.len()
            .cmp(&other.len())
            .then_with(|| compare(&self.positions, &other.positions))
            .then_with(|| compare(&self.masses, &other.masses))
            .is_lt()
    }

    /// The same with every position negated.
    pub(crate) fn negated(self) -> Diracs<'a> {
        Diracs {
            positions: self.positions.iter().map(|position| -position).collect(),
            masses: self.masses,
        }
    }
}

impl FromIterator<(f64, f64)> for Diracs<'_> {
    fn from_iter<T: IntoIterator<Item = (f64, f64)>>(diracs: T) -> Self {
        let (positions, masses): (Vec<f64>, Vec<f64>) = diracs.into_iter().unzip();
        Diracs {
            positions: positions.into(),
            masses: masses.into(),
        }
    }
}
