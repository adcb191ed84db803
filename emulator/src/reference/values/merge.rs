//! Joining the values files of shards.

use std::io::{self, Read, Seek, Write};

use super::{Header, ValuesError, ValuesReader, ValuesWriter};

/// Why files cannot be joined. Files are named by their index in the list that was given.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// No files.
    #[error("there is nothing to merge")]
    Nothing,
    /// They are not of one task.
    #[error("it belongs to another task: program, arguments, core or seed differ")]
    OtherTask {
        /// The file that differs from the first.
        file: usize,
    },
    /// Its run was cancelled.
    #[error("it has {executions} of its {expected} executions: the run was cancelled")]
    Cancelled {
        /// The file.
        file: usize,
        /// Executions that are there.
        executions: u64,
        /// Executions that should be.
        expected: u64,
    },
    /// An execution is in two files.
    #[error("execution {execution} is in two files")]
    Overlap {
        /// The second file.
        file: usize,
        /// The first execution that both have, from 0.
        execution: u64,
    },
    /// Executions are in no file.
    #[error("executions {first} to {last} of {precision} are missing")]
    Missing {
        /// The first of them, from 0.
        first: u64,
        /// The last of them.
        last: u64,
        /// Executions of the task.
        precision: u64,
    },
    /// A file cannot be read.
    #[error("{source}")]
    Values {
        /// The file.
        file: usize,
        /// Why not.
        source: ValuesError,
    },
    /// The result cannot be written.
    #[error(transparent)]
    Output(#[from] io::Error),
}

impl MergeError {
    /// The file that is to blame, by its index in the list.
    #[must_use]
    pub fn file(&self) -> Option<usize> {
        match self {
            MergeError::OtherTask { file }
            | MergeError::Cancelled { file, .. }
            | MergeError::Overlap { file, .. }
            | MergeError::Values { file, .. } => Some(*file),
            MergeError::Nothing | MergeError::Missing { .. } | MergeError::Output(_) => None,
        }
    }
}

/// Writes the file that one run of all executions would have written, from files of its shards in any order.
///
/// # Errors
///
/// [`MergeError`]: files of several tasks, executions that are missing or doubled, damaged files. All of that is seen before
/// anything is written.
pub fn merge<R: Read + Seek, W: Write>(files: &mut [ValuesReader<R>], output: W) -> Result<W, MergeError> {
    let Header {
        task, seed, precision, ..
    } = *files.first().ok_or(MergeError::Nothing)?.header();
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|&file| (files[file].header().first, files[file].header().executions));
    let mut next = 0;
    for &file in &order {
        let header = files[file].header();
        if (header.task, header.seed, header.precision) != (task, seed, precision) {
            return Err(MergeError::OtherTask { file });
        }
        if !files[file].is_complete() {
            return Err(MergeError::Cancelled {
                file,
                executions: files[file].executions(),
                expected: header.executions,
            });
        }
        if header.first > next {
            return Err(missing(next, header.first, precision));
        }
        if header.first < next && header.executions > 0 {
            return Err(MergeError::Overlap {
                file,
                execution: header.first,
            });
        }
        next = next.max(header.first + header.executions);
    }
    if next < precision {
        return Err(missing(next, precision, precision));
    }
    for (file, reader) in files.iter_mut().enumerate() {
        reader.check().map_err(|source| MergeError::Values { file, source })?;
    }

    let header = Header {
        task,
        seed,
        precision,
        first: 0,
        executions: precision,
    };
    let mut writer = ValuesWriter::new(output, &header)?;
    for file in order {
        let entries = files[file].values().to_vec();
        let failed = |source| MergeError::Values { file, source };
        for execution in files[file].read().map_err(failed)? {
            let execution = execution.map_err(failed)?;
            let entry = |number: u32| &entries[number as usize];
            let values: Vec<_> = execution
                .values
                .iter()
                .map(|&(number, value)| (entry(number).id, value))
                .collect();
            writer.push(execution.ending, execution.status, &values, |n| {
                entry(execution.values[n].0).place.clone()
            })?;
        }
    }
    Ok(writer.finish()?)
}

fn missing(first: u64, end: u64, precision: u64) -> MergeError {
    MergeError::Missing {
        first,
        last: end - 1,
        precision,
    }
}
