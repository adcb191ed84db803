//! Why parameters do not make a law.

use thiserror::Error;

/// Parameters that no law has.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum LawError {
    /// One parameter is not in its range.
    #[error("{law}: {parameter} is {value}, but must be {allowed}")]
    Parameter {
        /// The law's name.
        law: &'static str,
        /// The parameter's name.
        parameter: &'static str,
        /// What was given.
        value: f64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Each parameter is in its range, but together they give a mean or a scale beyond the range of doubles.
    #[error("{law}: the mean or the scale of such a law lies beyond the range of doubles")]
    Range {
        /// The law's name.
        law: &'static str,
    },
}
