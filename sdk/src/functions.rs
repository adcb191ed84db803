//! The UxHw functions and their numbers: the one table that the guest library and the emulator share.
//!
//! In guest programs each function is two instructions: one of the `custom-0` space whose 12-bit immediate is the number of
//! the function, and `ret`. The arguments are where a caller leaves them (psABI lp64d): floating values in `fa0`, `fa1`, …,
//! pointers and sizes in `a0`, `a1`, …; the result goes to `fa0` or `a0`. So a program that was linked with this library
//! needs no symbols for its UxHw calls to be recognised.
//!
//! Instruction word (I-type): `number[11:0] | rs1 = x0 | funct3 = 0 | rd = x0 | opcode = 0x0b`. Bit 10 of the number tells
//! the `float` form from the `double` form.
//!
//! Numbers are part of every executable built so far: add new rows at the end, never change or reuse a number.

/// Major opcode of the instructions (`custom-0` of the unprivileged manual, table "RISC-V base opcode map").
pub const OPCODE: u32 = 0x0b;

/// Added to the number of a function for its `float` form.
pub const FLOAT_BIT: u16 = 0x400;

/// The floating type of a function's values: `UxHwDouble…` or `UxHwFloat…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Width {
    /// `double`.
    Double,
    /// `float`.
    Float,
}

/// What an argument or a result is, and so which register file it travels in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Passed {
    /// A floating value of the function's width: `fa` registers.
    Value,
    /// A pointer or a size: `a` registers.
    Integer,
    /// Nothing: a result of type `void`.
    Nothing,
}

/// One function of the API, both widths of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// Which one it is.
    pub id: Id,
    /// The number of its `double` form.
    pub number: u16,
    /// What follows `UxHwDouble` or `UxHwFloat` in its name.
    pub stem: &'static str,
    /// What it takes, in order.
    pub arguments: &'static [Passed],
    /// What it gives.
    pub result: Passed,
}

macro_rules! passed {
    (value) => {
        Passed::Value
    };
    (integer) => {
        Passed::Integer
    };
    (nothing) => {
        Passed::Nothing
    };
}

macro_rules! table {
    ($($(#[$doc:meta])* $number:literal $id:ident ($($argument:ident),*) -> $result:ident;)*) => {
        /// The functions of the UxHw API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Id {
            $($(#[$doc])* $id,)*
        }

        /// Every function, ascending by number.
        pub const FUNCTIONS: &[Function] = &[$(Function {
            id: Id::$id,
            number: $number,
            stem: stringify!($id),
            arguments: &[$(passed!($argument)),*],
            result: passed!($result),
        }),*];
    };
}

table! {
    /// `(min, max)`: the uniform law.
    0x00 UniformDist(value, value) -> value;
    /// `(mean, stddev)`: the normal law.
    0x01 GaussDist(value, value) -> value;
    /// `(mu)`: the exponential law with mean `mu`.
    0x02 ExponentialDist(value) -> value;
    /// `(mu, beta)`: the Gumbel law of maxima, location and scale.
    0x03 Gumbel1Dist(value, value) -> value;
    /// `(location, scale)`: the logistic law.
    0x04 LogisticDist(value, value) -> value;
    /// `(mu, b)`: the Laplace law, location and scale.
    0x05 LaplaceDist(value, value) -> value;
    /// `(k, lambda)`: the Weibull law, shape and scale.
    0x06 WeibullDist(value, value) -> value;
    /// `(mu, sigma)`: the log-normal law, parameters of the underlying normal.
    0x07 LognormalDist(value, value) -> value;
    /// `(alpha, min, max)`: the bounded Pareto law.
    0x08 BoundedparetoDist(value, value, value) -> value;
    /// `(samples, count)`: the empirical law of an array.
    0x09 DistFromSamples(integer, integer) -> value;
    /// `(samples, count, unweighted count)`: the empirical law of weighted samples.
    0x0a DistFromWeightedSamples(integer, integer, integer) -> value;
    /// `(destination, samples, count, cardinality)`: jointly distributed values from rows of samples.
    0x0b DistFromMultidimensionalSamples(integer, integer, integer, integer) -> nothing;
    /// `(dist1, dist2, p)`: the first with probability `p`, else the second.
    0x0c Mixture(value, value, value) -> value;
    /// `(value, n)`: the mean for n = 1, the n-th central moment above.
    0x0d NthMoment(value, integer) -> value;
    /// `(value, n)`: the n-th most likely position, from 1.
    0x0e NthMode(value, integer) -> value;
    /// `(value, p)`: x with P(value <= x) = p.
    0x0f Quantile(value, value) -> value;
    /// `(value, cutoff)`: P(value > cutoff).
    0x10 ProbabilityGT(value, value) -> value;
    /// `(value)`: the least position.
    0x11 SupportMin(value) -> value;
    /// `(value)`: the greatest position.
    0x12 SupportMax(value) -> value;
    /// `(value)`: one random draw.
    0x13 Sample(value) -> value;
    /// `(value, destination, n)`: n random draws.
    0x14 SampleBatch(value, integer, integer) -> nothing;
    /// `(value)`: the same distribution, independent of the original.
    0x15 GetIndependentCopy(value) -> value;
    /// `(value, min, max)`: truncated and renormalised.
    0x16 LimitDistributionSupport(value, value, value) -> value;
    /// `(likelihood, prior, evidence)`: the posterior of the prior given the evidence; `likelihood(theta)` is guest code.
    0x17 BayesLaplace(integer, value, value) -> value;
    /// `(value)`: prints the value with its Ux part and a line end (an old function).
    0x18 Print(value) -> nothing;
    /// `(value, buffer, bytes)`: writes the binary Ux form, gives its length or a negative number.
    0x19 DistributionToByteArray(value, integer, integer) -> integer;
    /// `(buffer, bytes)`: reads the binary Ux form.
    0x1a ByteArrayToDistribution(integer, integer) -> value;
    /// `(likelihood, parameters, prior, evidence, count)`: as `BayesLaplace`, with `likelihood(parameters, theta)`.
    0x1b BayesLaplaceWithParameters(integer, integer, value, value, integer) -> value;
}

impl Width {
    /// Both.
    pub const ALL: [Width; 2] = [Width::Double, Width::Float];

    fn prefixes(self) -> [&'static str; 2] {
        match self {
            Width::Double => ["UxHwDouble", "libUncertainDouble"],
            Width::Float => ["UxHwFloat", "libUncertainFloat"],
        }
    }
}

impl Function {
    /// The immediate of the instruction for this function and width.
    pub fn immediate(&self, width: Width) -> u16 {
        match width {
            Width::Double => self.number,
            Width::Float => self.number | FLOAT_BIT,
        }
    }

    /// The instruction word for this function and width.
    pub fn instruction(&self, width: Width) -> u32 {
        u32::from(self.immediate(width)) << 20 | OPCODE
    }

    /// The names it goes by: today's, and the one from before the API was renamed.
    pub fn names(&self, width: Width) -> [String; 2] {
        width.prefixes().map(|prefix| format!("{prefix}{}", self.stem))
    }
}

/// The function and width that an instruction's 12-bit immediate stands for.
pub fn by_immediate(immediate: u16) -> Option<(&'static Function, Width)> {
    let width = if immediate & FLOAT_BIT == 0 {
        Width::Double
    } else {
        Width::Float
    };
    let number = immediate & !FLOAT_BIT;
    FUNCTIONS
        .iter()
        .find(|function| function.number == number)
        .map(|function| (function, width))
}

/// The function and width of a symbol name, today's or the old one: for programs linked against a library of others.
pub fn by_name(name: &str) -> Option<(&'static Function, Width)> {
    let (width, stem) = Width::ALL.iter().find_map(|&width| {
        width
            .prefixes()
            .iter()
            .find_map(|prefix| Some((width, name.strip_prefix(prefix)?)))
    })?;
    FUNCTIONS
        .iter()
        .find(|function| function.stem == stem)
        .map(|function| (function, width))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What executables in the field contain: a change here breaks them.
    #[test]
    fn numbers_are_frozen() {
        let rows: Vec<_> = FUNCTIONS
            .iter()
            .map(|function| (function.number, function.stem))
            .collect();
        let frozen = [
            (0x00, "UniformDist"),
            (0x01, "GaussDist"),
            (0x02, "ExponentialDist"),
            (0x03, "Gumbel1Dist"),
            (0x04, "LogisticDist"),
            (0x05, "LaplaceDist"),
            (0x06, "WeibullDist"),
            (0x07, "LognormalDist"),
            (0x08, "BoundedparetoDist"),
            (0x09, "DistFromSamples"),
            (0x0a, "DistFromWeightedSamples"),
            (0x0b, "DistFromMultidimensionalSamples"),
            (0x0c, "Mixture"),
            (0x0d, "NthMoment"),
            (0x0e, "NthMode"),
            (0x0f, "Quantile"),
            (0x10, "ProbabilityGT"),
            (0x11, "SupportMin"),
            (0x12, "SupportMax"),
            (0x13, "Sample"),
            (0x14, "SampleBatch"),
            (0x15, "GetIndependentCopy"),
            (0x16, "LimitDistributionSupport"),
            (0x17, "BayesLaplace"),
            (0x18, "Print"),
            (0x19, "DistributionToByteArray"),
            (0x1a, "ByteArrayToDistribution"),
            (0x1b, "BayesLaplaceWithParameters"),
        ];
        assert_eq!(rows[..frozen.len()], frozen);
    }

    #[test]
    fn numbers_fit_the_immediate_and_are_distinct() {
        for pair in FUNCTIONS.windows(2) {
            assert!(pair[0].number < pair[1].number, "{} and {}", pair[0].stem, pair[1].stem);
        }
        assert!(FUNCTIONS.iter().all(|function| function.number < FLOAT_BIT));
    }

    #[test]
    fn names_and_immediates_lead_back() {
        for function in FUNCTIONS {
            for width in Width::ALL {
                assert_eq!(by_immediate(function.immediate(width)), Some((function, width)));
                for name in function.names(width) {
                    assert_eq!(by_name(&name), Some((function, width)), "{name}");
                }
            }
        }
        assert_eq!(by_name("UxHwDouble"), None);
        assert_eq!(by_name("UniformDist"), None);
        assert_eq!(by_immediate(0x3ff), None);
    }
}
