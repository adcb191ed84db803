//! What a run took.

use std::time::Duration;

use serde::{Serialize, Serializer};

/// Figures of a finished run.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
pub struct Stats {
    /// Instructions that the guest executed.
    pub dynamic_instructions: u64,
    /// Processor time of the thread that ran it, from its first instruction to its end, in seconds (as JSON too).
    #[serde(serialize_with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "f64"))]
    pub processor_time: Duration,
    /// Wall-clock time from loading the program to its end; in JSON whole milliseconds.
    #[serde(rename = "ExecutionTimeInMilliseconds", serialize_with = "milliseconds")]
    #[cfg_attr(feature = "schema", schemars(with = "u64"))]
    pub wall_time: Duration,
    /// Most memory that this process has held at once, in bytes, where the operating system tells.
    pub peak_memory: Option<u64>,
    /// Operations that made a distribution, or a number from one: arithmetic, library functions, constructors.
    pub uncertain_operations: u64,
    /// Times that a branch depended on a distribution; the particle decided.
    pub uncertain_branches: u64,
}

fn seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}

fn milliseconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(time.as_millis() as u64)
}
