//! The truth: a large sorted sample, and distances to it.

/// A sorted sample that stands for the true distribution.
pub(crate) struct Truth<'a> {
    sample: &'a [f64],
    /// Its mean.
    pub(crate) mean: f64,
    /// Its standard deviation.
    pub(crate) deviation: f64,
}

impl<'a> Truth<'a> {
    pub(crate) fn new(sample: &'a [f64]) -> Truth<'a> {
        let count = sample.len() as f64;
        let mean = sample.iter().sum::<f64>() / count;
        let variance = sample.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
        Truth {
            sample,
            mean,
            deviation: variance.sqrt(),
        }
    }

    /// Wasserstein-1 distance over the standard deviation: the mean distance of quantiles, as the sample is one point a mass of 1/n.
    pub(crate) fn distance(&self, diracs: &[(f64, f64)]) -> f64 {
        let mut diracs = diracs.to_vec();
        diracs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let count = self.sample.len() as f64;
        let (mut index, mut end, mut sum) = (0, diracs[0].1, 0.0);
        for (i, x) in self.sample.iter().enumerate() {
            while (i as f64 + 0.5) / count > end && index + 1 < diracs.len() {
                index += 1;
                end += diracs[index].1;
            }
            sum += (x - diracs[index].0).abs();
        }
        sum / count / self.deviation
    }

    /// How far, over the standard deviation, a sample of this size may be from the law it was drawn from: the expected distance is at
    /// most the integral of sqrt(F (1 - F)) over sqrt(n) (Bobkov and Ledoux, 2019, theorem 3.2), its own deviation at most the
    /// standard deviation over sqrt(n), since it changes by |x - y| / n when one draw changes; of that, four are allowed.
    pub(crate) fn sampling_error(&self) -> f64 {
        let count = self.sample.len() as f64;
        let steps = self.sample.windows(2).enumerate();
        let integral: f64 = steps
            .map(|(i, pair)| {
                let below = (i + 1) as f64 / count;
                (pair[1] - pair[0]) * (below * (1.0 - below)).sqrt()
            })
            .sum();
        (integral / self.deviation + 4.0) / count.sqrt()
    }

    /// Between which values of the truth the quantile of a split may lie. A Dirac stands at the mean of a cell of the truth, so that the
    /// quantile of an exact split lies between the truth's quantiles at the borders of the cell that holds `p`. After many operations
    /// a cell is not exactly where its mass says: it may have moved by as much as the cell next to it has, which is what the
    /// distance allows (half of twice the own split's: one cell's width). The sample's own quantiles are off by four standard
    /// deviations of an empirical distribution function, 1/2 over sqrt(n) each at most.
    pub(crate) fn quantiles_near(&self, diracs: &[(f64, f64)], p: f64) -> (f64, f64) {
        let (sorted, index) = reach(diracs, p);
        let mass = |index: usize| sorted.get(index).map_or(0.0, |dirac| dirac.1);
        let before: f64 = sorted[..index].iter().map(|dirac| dirac.1).sum();
        let error = 2.0 / (self.sample.len() as f64).sqrt();
        let low = before - index.checked_sub(1).map_or(0.0, mass) - error;
        let high = before + mass(index) + mass(index + 1) + error;
        (self.quantile(low), self.quantile(high))
    }

    /// The least or the greatest value for a `p` beyond 0 or 1.
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        self.sample[((p * self.sample.len() as f64) as usize).min(self.sample.len() - 1)]
    }
}

/// The position at which the masses reach `p`.
pub(crate) fn quantile(diracs: &[(f64, f64)], p: f64) -> f64 {
    let (sorted, index) = reach(diracs, p);
    sorted[index].0
}

fn reach(diracs: &[(f64, f64)], p: f64) -> (Vec<(f64, f64)>, usize) {
    let mut sorted = diracs.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut sum = 0.0;
    let index = sorted.iter().position(|dirac| {
        sum += dirac.1;
        sum >= p
    });
    let last = sorted.len() - 1;
    (sorted, index.unwrap_or(last))
}
