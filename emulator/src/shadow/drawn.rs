//! Numbers of a Reference core: one execution of many, in which every source gives one random value.
//!
//! A number has no distribution here. What is known of it is that it would be another in another execution, and that is so for
//! whatever is computed from it.

use distcore::laws::Law;
use distcore::ux::UxValue;
use distcore::{Arithmetic, Distribution, Format, Generator};

use super::algebra::{Number, Uncertain};
use crate::cancel::Cancel;

/// What draws.
#[derive(Debug, Clone)]
pub(crate) struct Drawing {
    generator: Generator,
    /// For what a plain number is as a distribution.
    arithmetic: Arithmetic<'static>,
}

impl Drawing {
    pub(super) fn new(generator: Generator, arithmetic: Arithmetic<'static>) -> Drawing {
        Drawing { generator, arithmetic }
    }

    pub(super) fn arithmetic(&self) -> Arithmetic<'_> {
        self.arithmetic
    }

    /// Draws come from `generator` from now on.
    pub(super) fn restart(&mut self, generator: Generator) {
        self.generator = generator;
    }

    pub(super) fn law(&mut self, law: &Law, format: Format) -> Number {
        match law {
            Law::Point { .. } => Number::certain(law.mean()),
            _ => drawn(format.round(law.sample(self.probability()))),
        }
    }

    /// An odd multiple of 2^-53: neither 0 nor 1, whose quantiles may be infinite.
    fn probability(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1u64 << 52) as f64;
        ((self.generator.bits() >> 12) as f64 + 0.5) * STEP
    }

    /// One of `count` things, each as probable as the others; `count` is not 0.
    fn index(&mut self, count: usize) -> usize {
        ((self.generator.uniform() * count as f64) as usize).min(count - 1)
    }

    pub(super) fn samples(&mut self, samples: &[f64]) -> Number {
        match samples {
            [] | [_] => Number::certain(distcore::mean(samples)),
            _ => drawn(samples[self.index(samples.len())]),
        }
    }

    /// One of the samples; weights are relative, and those that are no positive numbers count as 0.
    pub(super) fn weighted_samples(&mut self, samples: &[(f64, f64)], cancel: &Cancel) -> Number {
        let weight = |&(_, weight): &(f64, f64)| if weight > 0.0 { weight } else { 0.0 };
        let total: f64 = cancel.while_wanted(samples.iter()).map(weight).sum();
        let mut target = self.generator.uniform() * total;
        let mut weighty = cancel
            .while_wanted(samples.iter())
            .filter(|sample| weight(sample) > 0.0);
        let chosen = weighty.find(|sample| {
            target -= weight(sample);
            target < 0.0
        });
        // Sums are exact to rounding only: the last one takes what is left.
        let last = samples.iter().rfind(|sample| weight(sample) > 0.0);
        match chosen.or(last) {
            Some(sample) if samples.len() > 1 => drawn(sample.0),
            Some(sample) => Number::certain(sample.0),
            None => Number::certain(f64::NAN),
        }
    }

    /// One row: the dimensions stay joint.
    pub(super) fn joint_samples(&mut self, samples: &[f64], dimensions: usize) -> Vec<Number> {
        let rows = samples.len().checked_div(dimensions).unwrap_or(0);
        match rows {
            0 => vec![Number::certain(f64::NAN); dimensions],
            1 => samples.iter().map(|&sample| Number::certain(sample)).collect(),
            _ => {
                let start = self.index(rows) * dimensions;
                samples[start..start + dimensions]
                    .iter()
                    .map(|&sample| drawn(sample))
                    .collect()
            }
        }
    }

    /// The first with probability `p`, else the second.
    pub(super) fn mixture(&mut self, first: &Number, second: &Number, p: f64) -> Number {
        drawn(if self.generator.uniform() < p {
            first.particle
        } else {
            second.particle
        })
    }

    pub(super) fn read(&mut self, value: &UxValue, format: Format) -> Number {
        match Distribution::from_ux(value) {
            Ok(distribution) if value.diracs.len() > 1 => drawn(format.round(distribution.sample(&mut self.generator))),
            _ => Number::certain(value.particle.unwrap_or(value.mean)),
        }
    }
}

fn drawn(particle: f64) -> Number {
    Number {
        particle,
        uncertain: Some(Uncertain::Drawn),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing() -> Drawing {
        let arithmetic = Arithmetic::new(distcore::Representation::Athens, 4).expect("an arithmetic");
        Drawing::new(Generator::new(1), arithmetic)
    }

    /// How often each of `values` comes in `count` draws.
    fn shares(values: &[f64], mut draw: impl FnMut(&mut Drawing) -> f64) -> Vec<f64> {
        let mut drawing = drawing();
        let draws: Vec<f64> = (0..10_000).map(|_| draw(&mut drawing)).collect();
        let share = |&value: &f64| draws.iter().filter(|&&draw| draw == value).count() as f64 / 1e4;
        values.iter().map(share).collect()
    }

    /// Five standard deviations of a share among 10 000: sqrt(p (1 - p)) / 100 <= 0.005.
    fn assert_shares(shares: &[f64], expected: &[f64]) {
        for (share, expected) in shares.iter().zip(expected) {
            assert!((share - expected).abs() < 0.025, "{share} for {expected}");
        }
    }

    #[test]
    fn samples_come_as_often_as_they_should() {
        let plain = shares(&[1.0, 2.0, 4.0], |drawing| {
            drawing.samples(&[1.0, 2.0, 4.0, 4.0]).particle
        });
        assert_shares(&plain, &[0.25, 0.25, 0.5]);
        let weighted = [(1.0, 3.0), (2.0, 0.0), (4.0, 1.0), (8.0, f64::NAN)];
        let weighted = shares(&[1.0, 2.0, 4.0, 8.0], |drawing| {
            drawing.weighted_samples(&weighted, &Cancel::new()).particle
        });
        assert_shares(&weighted, &[0.75, 0.0, 0.25, 0.0]);
        let rows = [1.0, 10.0, 2.0, 20.0];
        let joint = shares(&[10.0], |drawing| {
            let row = drawing.joint_samples(&rows, 2);
            row[1].particle / row[0].particle
        });
        assert_eq!(joint, [1.0]);
        let (one, two) = (Number::certain(1.0), Number::certain(2.0));
        let mixture = shares(&[1.0, 2.0], |drawing| drawing.mixture(&one, &two, 0.2).particle);
        assert_shares(&mixture, &[0.2, 0.8]);
    }

    #[test]
    fn what_leaves_no_choice_is_certain() {
        let mut drawing = drawing();
        for number in [
            drawing.samples(&[3.0]),
            drawing.weighted_samples(&[(3.0, 0.5)], &Cancel::new()),
            drawing.law(&Law::uniform(3.0, 3.0).unwrap(), Format::F64),
        ] {
            assert!(number.uncertain.is_none() && number.particle == 3.0);
        }
        assert!(drawing.samples(&[]).particle.is_nan());
        assert!(
            drawing
                .weighted_samples(&[(1.0, -1.0), (2.0, 0.0)], &Cancel::new())
                .particle
                .is_nan()
        );
    }
}
