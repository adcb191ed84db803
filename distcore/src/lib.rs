//! Numbers that are uncertain, as finitely many weighted positions, and arithmetic on them.
//!
//! This is the heart of an emulated processor whose registers carry distributions, but it knows nothing of processors and
//! stands alone. Read on as a tour: each stop introduces one idea and the type that holds it.
//!
//! # 1. A value: [`Distribution`]
//!
//! A distribution is a list of *Diracs*: positions with masses, and up to three special masses at NaN, -Inf and +Inf.
//!
//! ```
//! use distcore::Distribution;
//!
//! let coin = Distribution::from_parts(&[0.0, 1.0], &[0.5, 0.5])?;
//! assert_eq!((coin.mean(), coin.central_moment(2)), (0.5, 0.25));
//! # Ok::<(), distcore::DistributionError>(())
//! ```
//!
//! # 2. Where values come from: [`Law`], samples, [`Arithmetic`]
//!
//! An [`Arithmetic`] is a [`Representation`] with a precision, the number N of Diracs that a value may have. It makes
//! values from [laws], which it splits exactly, or from samples.
//!
//! ```
//! use distcore::{Arithmetic, Format::F64, Law, Representation};
//!
//! let athens = Arithmetic::new(Representation::Athens, 32)?;
//! let normal = athens.law(&Law::gauss(20.0, 0.5)?, F64);
//! assert_eq!(normal.len(), 32);
//! assert!((normal.mean() - 20.0).abs() < 1e-13);
//! let measured = athens.samples(&[1.1, 0.9, 1.0, 1.3], F64);
//! assert_eq!(measured.positions(), [1.1, 0.9, 1.0, 1.3]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! *Athens*, the usual representation, splits a law or a list at its mean, both halves at theirs, and so on, and keeps
//! each part as one Dirac at the part's own mean: means are exact at every depth. *Zurich* keeps a regular grid.
//! *Jupiter* keeps all combinations, so nothing is lost until there are too many.
//!
//! # 3. Functions: [`UnaryFn`], [`BinaryFn`], [`FusedFn`], [`IntegerFn`]
//!
//! A function of one uncertain operand maps positions. Two uncertain operands are independent and are combined pair by
//! pair; the N² pairs are reduced to N, unless there are few distinct ones: then they stay, exact.
//!
//! ```
//! use distcore::{Arithmetic, BinaryFn, Format::F64, Representation, UnaryFn};
//!
//! let athens = Arithmetic::new(Representation::Athens, 32)?;
//! let die = athens.samples(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], F64);
//! let two = athens.binary(BinaryFn::Add, &die, &die, F64);
//! assert_eq!(two.len(), 11);
//! assert!((two.probability_above(11.0) - 1.0 / 36.0).abs() < 1e-15);
//! // One operand is certain: a map, not a combination.
//! let twice = athens.binary(BinaryFn::Mul, &die, 2.0, F64);
//! assert_eq!(twice.len(), 6);
//! assert_eq!(athens.unary(UnaryFn::Sqrt, &twice, F64).support_max(), 12.0_f64.sqrt());
//! # Ok::<(), distcore::PrecisionError>(())
//! ```
//!
//! Positions are doubles. [`Format::F32`] rounds results to float; integers of 8 to 64 bits wrap around and are exact
//! beyond 2^53 as well ([`Arithmetic::integer`]).
//!
//! # 4. Questions
//!
//! [`mean`](Distribution::mean), [`central_moment`](Distribution::central_moment), [`mode`](Distribution::mode),
//! [`quantile`](Distribution::quantile), [`probability_above`](Distribution::probability_above), support,
//! [`sample`](Distribution::sample) with a named [`Generator`], and the distances
//! [`wasserstein_1`](Distribution::wasserstein_1) and [`kolmogorov`](Distribution::kolmogorov).
//!
//! ```
//! use distcore::{Arithmetic, Format::F64, Generator, Law, Representation};
//!
//! let athens = Arithmetic::new(Representation::Athens, 256)?;
//! let wait = athens.law(&Law::exponential(10.0)?, F64);
//! assert!((wait.quantile(0.5) - 10.0 * 2.0_f64.ln()).abs() < 0.1);
//! assert!((wait.probability_above(30.0) - (-3.0_f64).exp()).abs() < 0.01);
//! assert_eq!(wait.sample(&mut Generator::new(1)), wait.sample(&mut Generator::new(1)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 5. Knowledge: truncation, Bayes, mixtures, [`Joint`] values
//!
//! [`truncated`](Distribution::truncated) and [`posterior`](Distribution::posterior) weigh the positions anew;
//! [`Arithmetic::mixture`] joins two values, with a weight that may be uncertain itself;
//! [`Arithmetic::joint_samples`] keeps values that depend on each other together.
//!
//! # 6. On the wire: [`ux`]
//!
//! ```
//! use distcore::{Distribution, Format, ux::UxValue};
//!
//! let coin = Distribution::from_parts(&[0.0, 1.0], &[0.5, 0.5])?;
//! let text = coin.to_ux(Some(0.5), Format::F64).to_text("0.500000");
//! let (parsed, _) = UxValue::parse_text(text.as_bytes())?;
//! assert_eq!(Distribution::from_ux(&parsed)?, coin);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 7. Values that are used twice: [`lineage`]
//!
//! [`Arithmetic`] takes operands for independent. A [`lineage::Graph`] remembers how each value was made, and so gives the
//! same results for operands that are independent and the truth for those that are not.
//!
//! ```
//! use distcore::{Arithmetic, BinaryFn, Format::F64, Law, Representation, lineage::Graph};
//!
//! let mut graph = Graph::new(Arithmetic::new(Representation::Athens, 32)?, 1);
//! let x = graph.law(&Law::gauss(20.0, 0.5)?, F64);
//! let difference = graph.binary(BinaryFn::Sub, x, x, F64);
//! assert_eq!(graph.marginal(difference).positions(), [0.0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it promises
//!
//! * The same bits on every machine: functions come from the pure-Rust `libm`, sums run in a fixed order, and the
//!   vectorised loops give what the portable ones give.
//! * No panic on any input, memory in megabytes whatever the precision, and long operations stop when
//!   [told to](Arithmetic::cancelled_by).
//! * Operands of an [`Arithmetic`] are independent, always. Where `x - x` is to be 0, a [`lineage`] remembers.

mod arithmetic;
mod athens;
pub mod cells;
mod conditioning;
mod distance;
mod distribution;
mod exchange;
mod functions;
mod integer;
mod joint;
mod jupiter;
pub mod laws;
pub mod lineage;
mod questions;
mod sampling;
mod sums;
pub mod ux;
mod zurich;

pub use arithmetic::{Arithmetic, IntegerOperand, Operand, PrecisionError, Representation, until};
pub use athens::{InstructionSet, instruction_set, limit_instruction_set};
pub use distribution::{Distribution, DistributionError, SpecialMass};
pub use functions::{BinaryFn, Format, FusedFn, IntegerFn, IntegerType, Rounding, UnaryFn};
pub use joint::Joint;
pub use laws::Law;
pub use sampling::{Generator, Sampler};
pub use sums::{mean, mean_until};

/// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
