//! The UxHw API: what a program calls to make distributions and to ask about them.
//!
//! A function is reached by the instruction that our guest library consists of (its number is the immediate), or by name in
//! programs that were linked with another library. Arguments and results are where the psABI (lp64d) puts them: floating values in
//! `fa0`, `fa1`, …, pointers and sizes in `a0`, `a1`, …. On a core without tracking values have no distribution: constructors
//! give means, questions are answered for a certain number.

mod bayes;
mod constructors;
mod questions;
mod rows;

use std::sync::Arc;

use distcore::{Distribution, Format};
use sdk::functions::{self, Id, Width};

use crate::hart::reg;
use crate::hooks::RETURN_FUNCTION;
use crate::machine::{Failure, Machine};
use crate::shadow::{Algebra, Number, RegisterNumber, particle};
use crate::trap::Trap;

/// Whether a function makes an uncertain number from what is certain.
fn is_source(id: Id) -> bool {
    matches!(
        id,
        Id::UniformDist
            | Id::GaussDist
            | Id::ExponentialDist
            | Id::Gumbel1Dist
            | Id::LogisticDist
            | Id::LaplaceDist
            | Id::WeibullDist
            | Id::LognormalDist
            | Id::BoundedparetoDist
            | Id::DistFromSamples
            | Id::DistFromWeightedSamples
            | Id::DistFromMultidimensionalSamples
            | Id::Mixture
            | Id::ByteArrayToDistribution
    )
}

impl Machine {
    /// Carries out the instruction of our guest library at the program counter.
    pub(crate) fn call_function(&mut self, immediate: i32) -> Result<(), Failure> {
        if immediate == RETURN_FUNCTION {
            return self.leave_hook();
        }
        self.prepare_shadow();
        self.perform(immediate as u16)?;
        self.retire();
        Ok(())
    }

    /// Carries out a function of another library, which is about to start, in its place.
    pub(crate) fn enter_function(&mut self, immediate: u16) -> Result<(), Failure> {
        self.perform(immediate)?;
        self.hart.pc = self.hart.x[reg::RA];
        Ok(())
    }

    fn perform(&mut self, immediate: u16) -> Result<(), Failure> {
        let Some((function, width)) = functions::by_immediate(immediate & 0xfff) else {
            let word = u32::from(immediate) << 20 | functions::OPCODE;
            return Err(Trap::IllegalInstruction { word }.into());
        };
        let format = match width {
            Width::Double => Format::F64,
            Width::Float => Format::F32,
        };
        if is_source(function.id) {
            self.before_draw()?;
        }
        match function.id {
            Id::UniformDist
            | Id::GaussDist
            | Id::ExponentialDist
            | Id::Gumbel1Dist
            | Id::LogisticDist
            | Id::LaplaceDist
            | Id::WeibullDist
            | Id::LognormalDist
            | Id::BoundedparetoDist => self.law(function.id, format),
            Id::DistFromSamples => self.samples(format)?,
            Id::DistFromWeightedSamples => self.weighted_samples(format)?,
            Id::Mixture => self.mixture(format),
            Id::NthMoment => self.nth_moment(format),
            Id::NthMode => self.nth_mode(format),
            Id::Quantile => self.quantile(format),
            Id::ProbabilityGT => self.probability_above(format),
            Id::SupportMin => self.support(Distribution::support_min, format),
            Id::SupportMax => self.support(Distribution::support_max, format),
            Id::Sample => self.sample(format),
            Id::SampleBatch => self.sample_batch(format)?,
            Id::GetIndependentCopy => self.independent_copy(format),
            Id::Print => self.print(format)?,
            Id::DistributionToByteArray => self.write_bytes(format)?,
            Id::ByteArrayToDistribution => self.read_bytes(format)?,
            Id::LimitDistributionSupport => self.limit_support(format),
            Id::DistFromMultidimensionalSamples => self.multidimensional_samples(format)?,
            Id::BayesLaplace | Id::BayesLaplaceWithParameters => self.bayes_laplace(format)?,
            _ => return Err(Failure::Unsupported("a UxHw function newer than this version")),
        }
        Ok(())
    }

    /// The `n`-th floating argument.
    fn argument(&self, n: usize, format: Format) -> Number {
        let register = (reg::FA0 + n) as u8;
        match &self.shadow {
            Some(shadow) => shadow.operand(register, &self.hart, format),
            None => Number::certain(particle(&self.hart, register, format)),
        }
    }

    /// The distribution of a number that the program asks about.
    fn distribution(&mut self, x: &Number) -> Option<Arc<Distribution>> {
        self.shadow.as_mut()?.distribution(x)
    }

    /// The mean of an argument where a plain number is asked for.
    fn mean(&mut self, x: &Number) -> f64 {
        match &mut self.shadow {
            Some(shadow) => shadow.algebra().mean(x),
            None => x.particle,
        }
    }

    /// Puts into `fa0` what `make` makes on a core that tracks, and else `plain`.
    fn construct(&mut self, plain: impl FnOnce() -> f64, format: Format, make: impl FnOnce(&mut Algebra) -> Number) {
        let made = self.shadow.as_mut().map(|shadow| {
            shadow.count_operation();
            make(shadow.algebra())
        });
        self.set_result_number(made.unwrap_or_else(|| Number::certain(plain())), format);
    }

    /// Puts a number into `fa0`.
    pub(crate) fn set_result_number(&mut self, number: Number, format: Format) {
        self.set_result(number.particle, format);
        if let (Some(shadow), Some(uncertain)) = (&mut self.shadow, number.uncertain) {
            shadow.set_number(RegisterNumber::f(reg::FA0 as u8), uncertain, format);
        }
    }

    /// Puts a number into memory.
    pub(crate) fn put_number(&mut self, address: u64, number: Number, format: Format) -> Result<(), Trap> {
        match format {
            Format::F64 => self
                .memory
                .slice_mut(address, 8)?
                .copy_from_slice(&number.particle.to_le_bytes()),
            Format::F32 => self
                .memory
                .slice_mut(address, 4)?
                .copy_from_slice(&(number.particle as f32).to_le_bytes()),
        }
        if let (Some(shadow), Some(uncertain)) = (&mut self.shadow, number.uncertain) {
            shadow.set_number_at(&mut self.memory, address, uncertain, format);
        }
        Ok(())
    }

    /// The `n`-th pointer or size.
    fn pointer(&self, n: usize) -> u64 {
        self.hart.x[reg::A0 + n]
    }

    /// Puts an integer result into `a0`.
    fn set_integer_result(&mut self, value: i64) {
        self.hart.x[reg::A0] = value as u64;
        if let Some(shadow) = &mut self.shadow {
            shadow.clear_x(reg::A0);
        }
    }
}
