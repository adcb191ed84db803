//! What is known of a value when all executions have ended, without its samples.

use super::values::ValueEntry;

/// A value that executions printed, and what its samples come to. Samples that are not finite count in [`ValueEntry::count`] only.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueSummary {
    /// Its name, its place, and how many executions printed it.
    pub entry: ValueEntry,
    /// The figures of its finite samples.
    pub statistics: Statistics,
}

/// Figures of the samples of a value, taken in the order of the executions: the same on any number of threads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statistics {
    count: u64,
    mean: f64,
    /// Sum of the squared distances from the mean.
    squares: f64,
    minimum: f64,
    maximum: f64,
}

impl Statistics {
    pub(super) fn new() -> Statistics {
        Statistics {
            count: 0,
            mean: 0.0,
            squares: 0.0,
            minimum: f64::INFINITY,
            maximum: f64::NEG_INFINITY,
        }
    }

    /// Welford: "Note on a method for calculating corrected sums of squares and products", Technometrics 4 (1962).
    pub(super) fn add(&mut self, sample: f64) {
        if !sample.is_finite() {
            return;
        }
        self.count += 1;
        let distance = sample - self.mean;
        self.mean += distance / self.count as f64;
        self.squares += distance * (sample - self.mean);
        self.minimum = self.minimum.min(sample);
        self.maximum = self.maximum.max(sample);
    }

    /// How many finite samples there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The mean, if there is a sample.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        self.if_any(self.mean)
    }

    /// The standard deviation as it is estimated from a sample (n - 1 below the square root), if there are two or more.
    #[must_use]
    pub fn standard_deviation(&self) -> Option<f64> {
        (self.count > 1).then(|| (self.squares / (self.count - 1) as f64).sqrt())
    }

    /// The least sample, if there is one.
    #[must_use]
    pub fn minimum(&self) -> Option<f64> {
        self.if_any(self.minimum)
    }

    /// The greatest sample, if there is one.
    #[must_use]
    pub fn maximum(&self) -> Option<f64> {
        self.if_any(self.maximum)
    }

    fn if_any(&self, figure: f64) -> Option<f64> {
        (self.count > 0).then_some(figure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_the_finite_samples() {
        let mut statistics = Statistics::new();
        assert_eq!(
            (statistics.mean(), statistics.minimum(), statistics.maximum()),
            (None, None, None)
        );
        // Far from zero, where a sum of squares would lose everything. Sum of squared distances from the mean: 10.
        for sample in [
            f64::NAN,
            1e9 + 1.0,
            1e9 + 2.0,
            f64::INFINITY,
            1e9 + 3.0,
            1e9 + 4.0,
            1e9 + 5.0,
        ] {
            statistics.add(sample);
        }
        assert_eq!(statistics.count(), 5);
        assert_eq!(statistics.mean(), Some(1e9 + 3.0));
        assert_eq!(statistics.standard_deviation(), Some(2.5_f64.sqrt()));
        assert_eq!(
            (statistics.minimum(), statistics.maximum()),
            (Some(1e9 + 1.0), Some(1e9 + 5.0))
        );
    }
}
