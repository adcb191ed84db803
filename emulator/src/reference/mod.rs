//! The Reference core: many executions of a program, each with one random draw a source.
//!
//! In reading order:
//!
//! * [`run`]: a task from beginning to end. Up to the first draw all executions are one; from there each starts from a `snapshot`
//!   of the machine, on any thread. [`Shard`]: a part of a task.
//! * `recorder`: what an execution prints, and its random stream. [`ValueId`]: the names of the values.
//! * [`Statistics`]: what the samples of a value come to.
//! * `world`: what an execution sees of the host.
//! * [`values`]: the file that holds what each execution printed.

mod recorder;
mod run;
mod shard;
mod snapshot;
mod statistics;
mod value_id;
pub mod values;
mod world;

pub(crate) use recorder::Recorder;
pub use run::{Options, ReferenceError, ReferenceReport, run};
pub use shard::{Shard, ShardError};
pub use statistics::{Statistics, ValueSummary};
pub use value_id::{Place, ValueId, ValueIdError};
