//! The Bayes update, which asks the program what it expects.

use std::sync::Arc;

use distcore::{Distribution, Format, Operand};

use crate::hooks::GuestArgument;
use crate::machine::{Failure, Machine};
use crate::shadow::Number;

impl Machine {
    /// `BayesLaplace(likelihood, prior, evidence)`, or `(likelihood, parameters, prior, evidence, count)`: the posterior of the prior;
    /// its particle is the mean.
    ///
    /// `likelihood(theta)`, or `likelihood(parameters, theta)`, is called for every position of the prior. Where binaries of other
    /// libraries call, the two forms look alike, and need not be told apart: numbers and pointers travel in registers of their
    /// own, so that a likelihood of one argument does not see the `a0` that one of two arguments reads. `count` is not used: the
    /// evidence itself says how much is known.
    ///
    /// A prior without distribution stays what it is, and so does every prior on a core without tracking.
    pub(super) fn bayes_laplace(&mut self, format: Format) -> Result<(), Failure> {
        let (likelihood, parameters) = (self.pointer(0), self.pointer(1));
        let (prior, evidence) = (self.argument(0, format), self.argument(1, format));
        let Some(distribution) = self.distribution(&prior) else {
            self.set_result_number(prior, format);
            return Ok(());
        };
        let mut failure = None;
        let observed = self.distribution(&evidence);
        let observed = match &observed {
            Some(distribution) => Operand::Uncertain(distribution),
            None => Operand::Certain(evidence.particle),
        };
        let posterior = distribution.posterior(observed, |theta| {
            let expected = match failure {
                None => self.expected(likelihood, parameters, theta, format),
                Some(_) => return Distribution::certain(f64::NAN), // the result will not be used
            };
            expected.unwrap_or_else(|ended| {
                failure = Some(ended);
                Distribution::certain(f64::NAN)
            })
        });
        if let Some(failure) = failure {
            return Err(failure);
        }
        self.construct(|| prior.particle, format, |algebra| algebra.learned(posterior));
        Ok(())
    }

    /// What the guest's function expects to be observed if the truth is `theta`.
    fn expected(
        &mut self,
        likelihood: u64,
        parameters: u64,
        theta: f64,
        format: Format,
    ) -> Result<Distribution, Failure> {
        let theta = Number::certain(theta);
        let arguments = [GuestArgument::Integer(parameters), GuestArgument::Number(theta, format)];
        let expected = self.call_guest(likelihood, &arguments)?.number(format);
        Ok(match self.distribution(&expected) {
            Some(distribution) => Arc::unwrap_or_clone(distribution),
            None => Distribution::certain(expected.particle),
        })
    }
}
