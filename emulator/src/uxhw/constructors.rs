//! Functions that make distributions. The particle is the mean of the law or of the samples.

use distcore::Format;
use distcore::laws::{Law, LawError};
use distcore::ux::{PositionWidth, UxValue};
use sdk::functions::Id;

use crate::limits::Limit;
use crate::machine::{Failure, Machine};
use crate::shadow::{limited, mixed, weighted_mean};
use crate::trap::Trap;

/// Bytes that a sample takes while a distribution is made of it: the number, with its weight, and twice with its mass.
const SAMPLE_BYTES: u64 = 56;

/// The law that a constructor with these arguments stands for.
fn law(id: Id, [a, b, c]: [f64; 3]) -> Result<Law, LawError> {
    match id {
        Id::UniformDist => Law::uniform(a, b),
        Id::ExponentialDist => Law::exponential(a),
        Id::Gumbel1Dist => Law::gumbel(a, b),
        Id::LogisticDist => Law::logistic(a, b),
        Id::LaplaceDist => Law::laplace(a, b),
        Id::WeibullDist => Law::weibull(a, b),
        Id::LognormalDist => Law::lognormal(a, b),
        Id::BoundedparetoDist => Law::bounded_pareto(a, b, c),
        _ => Law::gauss(a, b),
    }
}

impl Machine {
    /// A parametric law. Parameters that are uncertain count with their means; impossible ones give NaN and a message.
    pub(super) fn law(&mut self, id: Id, format: Format) {
        let parameters = std::array::from_fn(|n| {
            let parameter = self.argument(n, format);
            self.mean(&parameter)
        });
        match law(id, parameters) {
            Ok(law) => self.construct(|| law.mean(), format, |algebra| algebra.law(&law, format)),
            Err(error) => {
                self.host.diagnose(&format!("UxHw constructor: {error}"));
                self.set_result(f64::NAN, format);
            }
        }
    }

    /// `DistFromSamples(samples, count)`.
    pub(super) fn samples(&mut self, format: Format) -> Result<(), Failure> {
        let samples = self.numbers_at(self.pointer(0), self.pointer(1), format)?;
        let cancel = self.cancel.clone();
        let plain = || distcore::mean_until(Some(cancel.flag()), &samples);
        self.construct(plain, format, |algebra| algebra.samples(&samples, format));
        Ok(())
    }

    /// `DistFromWeightedSamples(samples, count, unweighted count)`: an array of (sample, weight).
    pub(super) fn weighted_samples(&mut self, format: Format) -> Result<(), Failure> {
        let count = self.pointer(1).checked_mul(2).ok_or(Trap::LoadFault {
            address: self.pointer(0),
        })?;
        let numbers = self.numbers_at(self.pointer(0), count, format)?;
        let cancel = self.cancel.clone();
        let pairs = cancel.while_wanted(numbers.chunks_exact(2));
        let samples: Vec<(f64, f64)> = pairs.map(|pair| (pair[0], pair[1])).collect();
        let plain = || weighted_mean(&samples, &cancel);
        self.construct(plain, format, |algebra| {
            algebra.weighted_samples(&samples, format, &cancel)
        });
        Ok(())
    }

    /// `Mixture(first, second, p)`: the first with probability p.
    pub(super) fn mixture(&mut self, format: Format) {
        let [first, second, p] = std::array::from_fn(|n| self.argument(n, format));
        let [plain_first, plain_second, plain_p] = [&first, &second, &p].map(|argument| argument.particle);
        let plain = mixed(plain_first, plain_second, plain_p);
        self.construct(|| plain, format, |algebra| algebra.mixture(&first, &second, &p, format));
    }

    /// `LimitDistributionSupport(value, min, max)`: what is known of a value that lies between bounds. NaN where it cannot.
    pub(super) fn limit_support(&mut self, format: Format) {
        let value = self.argument(0, format);
        let [min, max] = [1, 2].map(|n| {
            let bound = self.argument(n, format);
            self.mean(&bound)
        });
        let plain = limited(value.particle, min, max);
        match &value.uncertain {
            Some(_) => self.construct(|| plain, format, |algebra| algebra.limited(&value, min, max)),
            None => self.set_result(plain, format),
        }
    }

    /// `GetIndependentCopy(value)`.
    pub(super) fn independent_copy(&mut self, format: Format) {
        let mut value = self.argument(0, format);
        if let (Some(shadow), Some(uncertain)) = (&mut self.shadow, &value.uncertain) {
            value.uncertain = Some(shadow.algebra().independent_copy(uncertain));
            self.set_result_number(value, format);
        }
    }

    /// `ByteArrayToDistribution(buffer, bytes)`: the binary Ux form; NaN for what is none.
    pub(super) fn read_bytes(&mut self, format: Format) -> Result<(), Failure> {
        let bytes = self.memory.slice(self.pointer(0), self.pointer(1))?;
        let width = match format {
            Format::F64 => PositionWidth::F64,
            Format::F32 => PositionWidth::F32,
        };
        match UxValue::parse_binary(bytes, Some(width)) {
            Ok((value, _)) => self.give_value(&value, format),
            Err(error) => {
                self.host.diagnose(&format!("ByteArrayToDistribution: {error}"));
                self.set_result(f64::NAN, format);
            }
        }
        Ok(())
    }

    /// An array of numbers in guest memory, part of it if the run shall end.
    pub(super) fn numbers_at(&self, address: u64, count: u64, format: Format) -> Result<Vec<f64>, Trap> {
        let size = match format {
            Format::F64 => 8,
            Format::F32 => 4,
        };
        let bytes = count.checked_mul(size).ok_or(Trap::LoadFault { address })?;
        let bytes = self.memory.slice(address, bytes)?;
        if count.saturating_mul(SAMPLE_BYTES) > self.limits.distribution_memory {
            self.cancel.stop(Limit::DistributionMemory);
        }
        let numbers = self.cancel.while_wanted(bytes.chunks_exact(size as usize));
        Ok(numbers
            .map(|chunk| match (chunk.try_into(), chunk.try_into()) {
                (Ok(double), _) => f64::from_le_bytes(double),
                (_, Ok(float)) => f32::from_le_bytes(float).into(),
                _ => f64::NAN,
            })
            .collect())
    }
}
