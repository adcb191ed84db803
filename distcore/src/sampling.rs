//! Random draws from a distribution.
//!
//! The generator is named, so that a seed means the same draws everywhere: xoshiro256++ of Blackman and Vigna
//! ("Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47, 2021), seeded from 64 bits through SplitMix64.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::Distribution;

/// The generator of all random draws in this crate: xoshiro256++, seeded with 64 bits.
///
/// ```
/// let mut generator = distcore::Generator::new(7);
/// let coin = distcore::Distribution::from_parts(&[0.0, 1.0], &[0.5, 0.5]).unwrap();
/// let heads: f64 = coin.sampler().map_or(0.0, |sampler| (0..1000).map(|_| sampler.sample(&mut generator)).sum());
/// assert!((400.0..600.0).contains(&heads));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generator(Xoshiro256PlusPlus);

impl Generator {
    /// The generator that `seed` stands for.
    #[must_use]
    pub fn new(seed: u64) -> Generator {
        Generator(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number uniform on [0, 1): a multiple of 2^-53.
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }
}

/// A table for many draws from one distribution.
#[derive(Clone, Debug)]
pub struct Sampler {
    values: Vec<f64>,
    /// Running sums of the masses, one for each value.
    cumulative: Vec<f64>,
}

impl Sampler {
    /// One draw. The table is searched by bisection; one draw takes one number of the generator.
    pub fn sample(&self, generator: &mut Generator) -> f64 {
        let total = self.cumulative.last().copied().unwrap_or(0.0);
        let target = generator.uniform() * total;
        let index = self.cumulative.partition_point(|&sum| sum <= target);
        self.values
            .get(index.min(self.values.len().saturating_sub(1)))
            .copied()
            .unwrap_or(f64::NAN)
    }
}

impl Distribution {
    /// The table for many draws, special values included; `None` if no Dirac has mass.
    #[must_use]
    pub fn sampler(&self) -> Option<Sampler> {
        let (mut values, mut cumulative, mut sum) = (Vec::new(), Vec::new(), 0.0);
        for (value, mass) in self
            .diracs()
            .chain(self.special().diracs())
            .filter(|&(_, mass)| mass > 0.0)
        {
            sum += mass;
            values.push(value);
            cumulative.push(sum);
        }
        (!values.is_empty()).then_some(Sampler { values, cumulative })
    }

    /// One draw: one of the positions, or a special value, each with its mass. NaN if no Dirac has mass.
    pub fn sample(&self, generator: &mut Generator) -> f64 {
        self.sampler().map_or(f64::NAN, |sampler| sampler.sample(generator))
    }
}
