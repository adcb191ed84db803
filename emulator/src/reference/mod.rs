//! The Reference core: many executions of a program, each with one random draw a source.
//!
//! In reading order:
//!
//! * [`ValueId`]: the names of the values that a program prints.
//! * [`values`]: the file that holds what each execution printed.

mod value_id;
pub mod values;

pub use value_id::{Place, ValueId, ValueIdError};
