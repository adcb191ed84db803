//! What a run took.

use std::time::Duration;

use serde::{Serialize, Serializer};

/// Figures of a finished run.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Stats {
    /// Instructions that the guest executed.
    pub dynamic_instructions: u64,
    /// Processor time of this process so far, in seconds (as JSON too).
    #[serde(serialize_with = "seconds")]
    pub processor_time: Duration,
    /// Wall-clock time from loading the program to its end; in JSON whole milliseconds.
    #[serde(rename = "ExecutionTimeInMilliseconds", serialize_with = "milliseconds")]
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

/// Peak resident memory of this process in bytes, on Linux.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim()
        .strip_suffix("kB")?
        .trim()
        .parse::<u64>()
        .ok()
        .map(|kilobytes| kilobytes * 1024)
}

/// Processor time of this process, on Linux: nanoseconds on a processor, first field of `schedstat`.
pub(crate) fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
