//! What a distribution is: laws, representations, arithmetic, questions, Ux codec.

mod arithmetic;
mod athens;
mod conditioning;
mod distance;
mod distribution;
mod exchange;
mod functions;
mod integer;
mod joint;
mod jupiter;
pub mod laws;
mod questions;
mod sampling;
mod sums;
pub mod ux;
mod zurich;

pub use arithmetic::{Arithmetic, IntegerOperand, Operand, PrecisionError, Representation};
pub use distribution::{Distribution, DistributionError, SpecialMass};
pub use functions::{BinaryFn, Format, FusedFn, IntegerFn, IntegerType, Rounding, UnaryFn};
pub use joint::Joint;
pub use laws::Law;
pub use sampling::{Generator, Sampler};
pub use sums::mean;
