//! Sums that keep the digits that plain addition loses.

use std::sync::atomic::AtomicBool;

use crate::until;

/// A sum by Neumaier's variant of Kahan summation (A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur
/// Summation endlicher Summen", ZAMM 54, 1974): the error does not grow with the number of terms.
#[derive(Clone, Copy, Default)]
pub(crate) struct Compensated {
    sum: f64,
    lost: f64,
}

impl Compensated {
    #[inline]
    pub(crate) fn add(&mut self, term: f64) {
        let next = self.sum + term;
        self.lost += if self.sum.abs() >= term.abs() {
            (self.sum - next) + term
        } else {
            (term - next) + self.sum
        };
        self.sum = next;
    }

    #[inline]
    pub(crate) fn value(self) -> f64 {
        // What rounding loses of an infinite sum is no number.
        if self.sum.is_finite() {
            self.sum + self.lost
        } else {
            self.sum
        }
    }
}

/// The sum of some terms.
pub(crate) fn compensated(terms: impl Iterator<Item = f64>) -> f64 {
    let mut sum = Compensated::default();
    terms.for_each(|term| sum.add(term));
    sum.value()
}

/// The mean of samples, NaN for none: what the particle of an empirical distribution is.
///
/// ```
/// assert_eq!(distcore::mean(&[1e100, 1.0, -1e100]), 1.0 / 3.0);
/// ```
#[must_use]
pub fn mean(samples: &[f64]) -> f64 {
    mean_until(None, samples)
}

/// The same, of what comes before a flag is set: a pass over very many samples can be given up.
#[must_use]
pub fn mean_until(flag: Option<&AtomicBool>, samples: &[f64]) -> f64 {
    let count = samples.len() as f64;
    let sum = compensated(until(flag, samples.iter().copied()));
    if sum.is_finite() {
        sum / count
    } else {
        // The sum overflows, or the mean is infinite.
        compensated(until(flag, samples.iter().map(|sample| sample / count)))
    }
}

#[cfg(test)]
mod tests {
    use super::{compensated, mean};

    #[test]
    fn keeps_what_cancels() {
        assert_eq!(compensated([1.0, 1e100, 1.0, -1e100].into_iter()), 2.0);
    }

    #[test]
    fn infinities_and_what_overflows() {
        assert_eq!(mean(&[f64::INFINITY, 1.0]), f64::INFINITY);
        assert_eq!(mean(&[1.7e308, 1.7e308, 1.7e308]), 1.7e308);
        assert!(mean(&[f64::INFINITY, f64::NEG_INFINITY]).is_nan());
    }
}
