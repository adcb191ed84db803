//! The values file of a Reference task: what each execution printed.
//!
//! All executions follow one another, so that a million of them are written and read without being held in memory; which values
//! there are is known only at the end and stands there. The file is a function of program, arguments, input, core and seed: not of
//! the number of threads, nor of the shards that it was merged from.
//!
//! # Format, version 1
//!
//! All numbers are little-endian; `f64` is IEEE 754 binary64.
//!
//! | part | content |
//! |---|---|
//! | header, 88 bytes | magic `SIGEMUVL`; `u32` version; `u32` 0; 32 bytes task (see [`Header::task`]); `u64` seed; `u64` executions of the whole task; `u64` number of the first execution of this file; `u64` executions that this file is meant to hold; `u64` 0 |
//! | for each execution, in order | `u8` how it ended (see [`Ending`]); `u8` exit status; `u16` 0; `u32` number of values; for each value printed, in order: `u32` number of the value, `f64` |
//! | end of executions, 8 bytes | `u8` 255, seven bytes 0 |
//! | table | `u64` executions that are there (fewer than meant where the task was cancelled); `u32` number of values; for each, in the order in which they appear above: 16 bytes ValueID; `u64` executions that printed it; `u32` conversion; `u32` occurrence; `u32` length of the text; the text (see [`Place`](super::Place)) |
//! | trailer, 48 bytes | `u64` offset of the table in the file; SHA-256 of everything before the digest; magic `SIGEMUVE` |
//!
//! An execution prints a value at most once: a second print at the same spot is another occurrence, and so another value.

mod merge;
mod read;
mod write;

pub use merge::{MergeError, merge};
pub use read::{Executions, ValuesError, ValuesReader};
pub use write::ValuesWriter;

use super::{Place, ValueId};

const MAGIC: &[u8; 8] = b"SIGEMUVL";
const END_MAGIC: &[u8; 8] = b"SIGEMUVE";
/// The version of the format that is written, and the only one that is read.
const VERSION: u32 = 1;
const HEADER_SIZE: u64 = 88;
const TRAILER_SIZE: u64 = 48;
const RECORD_SIZE: u64 = 8;
const VALUE_SIZE: u64 = 12;
/// First byte of the end of the executions.
const END_OF_EXECUTIONS: u8 = 255;
/// An entry of the table without its text.
pub(super) const ENTRY_SIZE: u64 = 36;

/// What a values file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Tells tasks apart: a digest of the program, its arguments, and the core. Shards of one task have it in common.
    pub task: [u8; 32],
    /// The seed of the task.
    pub seed: u64,
    /// Executions of the whole task: the core's precision.
    pub precision: u64,
    /// Number of the first execution in this file, from 0.
    pub first: u64,
    /// Executions that this file is meant to hold.
    pub executions: u64,
}

/// How an execution ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The program exited (0 in the file).
    Exit,
    /// A signal that it sent itself (1).
    Signal,
    /// A fault (2).
    Fault,
    /// A limit on its instructions (3).
    Limit,
    /// It asked for what this environment does not have (4).
    Unsupported,
    /// A bug of the emulator (5).
    Failed,
}

impl Ending {
    fn code(self) -> u8 {
        match self {
            Ending::Exit => 0,
            Ending::Signal => 1,
            Ending::Fault => 2,
            Ending::Limit => 3,
            Ending::Unsupported => 4,
            Ending::Failed => 5,
        }
    }

    fn from_code(code: u8) -> Option<Ending> {
        [
            Ending::Exit,
            Ending::Signal,
            Ending::Fault,
            Ending::Limit,
            Ending::Unsupported,
            Ending::Failed,
        ]
        .get(usize::from(code))
        .copied()
    }
}

/// One execution, as it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Execution {
    /// How it ended.
    pub ending: Ending,
    /// Its exit status, as a shell has it.
    pub status: u8,
    /// What it printed, in order: the value's index in [`ValuesReader::values`], and the number.
    pub values: Vec<(u32, f64)>,
}

impl Execution {
    /// Whether it ended otherwise than with exit status 0.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.ending != Ending::Exit || self.status != 0
    }
}

/// A value of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueEntry {
    /// Its name.
    pub id: ValueId,
    /// Where it was printed.
    pub place: Place,
    /// How many executions printed it.
    pub count: u64,
}

#[cfg(test)]
mod tests;
