//! Tasks on Reference cores: many executions, and what their values come to.

use std::cell::Cell;
use std::collections::HashMap;
use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use emulator::reference::{self, Options, ReferenceError, ReferenceReport, Shard, ValueId, ValueSummary};
use emulator::{Host, Program, Task};

use super::event::{Event, Events, Samples, Value};
use super::request::ReferenceOptions;
use crate::output_file::OutputFile;
use crate::values::particle_start;

/// How often a client is told how far the executions are.
const PROGRESS: Duration = Duration::from_secs(1);
/// Most values that events tell of: as many as one execution can name.
const MOST_VALUES: usize = 1 << 17;
/// Characters of a ValueID.
const ID_LENGTH: usize = 36;
/// Longest particle before a ValueID.
const LONGEST_PARTICLE: usize = 400;

/// What the executions of a task need from the host, got before a sandbox closes.
pub(super) struct Executions {
    shard: Shard,
    threads: Option<NonZeroUsize>,
    values: Option<OutputFile>,
}

impl Executions {
    /// Makes the values file, if there shall be one.
    pub(super) fn prepare(options: Option<&ReferenceOptions>) -> Result<Executions> {
        let default = ReferenceOptions::default();
        let options = options.unwrap_or(&default);
        Ok(Executions {
            shard: options.shard()?,
            // Within a sandbox the operating system would not tell of all that bounds it.
            threads: options.threads.or_else(|| std::thread::available_parallelism().ok()),
            values: options.values.as_deref().map(OutputFile::in_place).transpose()?,
        })
    }

    /// Makes them.
    pub(super) fn run(self, program: Arc<Program>, task: Task, host: Box<dyn Host>) -> Result<ReferenceReport> {
        let told = Cell::new(Instant::now());
        let progress = |executions, of| {
            if told.get().elapsed() >= PROGRESS {
                told.set(Instant::now());
                // Nobody reads: the next output, or the end, will tell.
                let _ = Events::send(&Event::Progress { executions, of });
            }
        };
        let options = Options {
            threads: self.threads,
            shard: self.shard,
            progress: Some(&progress),
        };
        let Some(mut output) = self.values else {
            return reference::run(program, task, host, options, io::sink()).map_err(told_error);
        };
        let report = reference::run(program, task, host, options, &mut output).map_err(told_error)?;
        output.keep().map_err(|error| anyhow!("{error:#}"))?;
        Ok(report)
    }
}

/// The error in words alone: a values file that nobody reads must not pass for events that nobody reads.
fn told_error(error: ReferenceError) -> anyhow::Error {
    anyhow!("{error}")
}

/// Tells what all executions printed, and where the first one did.
pub(super) fn tell(report: &ReferenceReport, printed: &PrintedIds) -> Result<()> {
    for value in report.values.iter().take(MOST_VALUES) {
        Events::send(&Event::Value(told(value, printed.spots.get(&value.entry.id))))?;
    }
    if report.values.len() > MOST_VALUES {
        let message = format!(
            "there are {} values; events tell of the first {MOST_VALUES}",
            report.values.len()
        );
        Events::send(&Event::Remark { message })?;
    }
    for message in crate::reference::remarks(report) {
        Events::send(&Event::Remark { message })?;
    }
    Ok(())
}

fn told(value: &ValueSummary, spot: Option<&Spot>) -> Value {
    let ValueSummary { entry, statistics } = value;
    Value {
        offset: spot.map(|spot| spot.offset),
        length: spot.map(|spot| spot.length),
        particle: spot.map(|spot| spot.particle.clone()),
        mean: statistics.mean(),
        diracs: None,
        value_id: Some(entry.id.to_string()),
        samples: Some(Samples {
            count: entry.count,
            not_finite: entry.count - statistics.count(),
            standard_deviation: statistics.standard_deviation(),
            minimum: statistics.minimum(),
            maximum: statistics.maximum(),
        }),
    }
}

/// Where ValueIDs stand in a stream.
#[derive(Default)]
pub(super) struct PrintedIds {
    /// The end of what has come: an ID, or the particle of one, may begin there.
    held: Vec<u8>,
    /// Bytes of the stream before that.
    offset: u64,
    /// Bytes of `held` that belong to an ID before.
    done: usize,
    spots: HashMap<ValueId, Spot>,
}

/// A number with its ValueID.
struct Spot {
    offset: u64,
    length: u64,
    particle: String,
}

impl PrintedIds {
    /// Takes more of the stream.
    pub(super) fn scan(&mut self, bytes: &[u8]) {
        self.held.extend_from_slice(bytes);
        let mut at = self.done;
        while at + ID_LENGTH <= self.held.len() {
            let text = std::str::from_utf8(&self.held[at..at + ID_LENGTH]);
            let id = text.ok().filter(|text| text.starts_with("val_"));
            let Some(id) = id.and_then(|text| text.parse::<ValueId>().ok()) else {
                at += 1;
                continue;
            };
            let start = self.done + particle_start(&self.held[self.done..at]);
            if self.spots.len() < MOST_VALUES {
                self.spots.entry(id).or_insert_with(|| Spot {
                    offset: self.offset + start as u64,
                    length: (at + ID_LENGTH - start) as u64,
                    // A number is ASCII.
                    particle: String::from_utf8_lossy(&self.held[start..at]).into_owned(),
                });
            }
            at += ID_LENGTH;
            self.done = at;
        }
        let keep = self
            .done
            .max(self.held.len().saturating_sub(LONGEST_PARTICLE + ID_LENGTH));
        self.held.drain(..keep);
        self.offset += keep as u64;
        self.done = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_however_the_stream_is_cut() {
        let ids: Vec<String> = (0..3).map(|n| format!("val_{n:032x}")).collect();
        let text = format!("x = 1.5{} 2{}\nval_ {} id7{}", ids[0], ids[1], "-".repeat(1000), ids[2]);
        for size in [1, 7, 36, 5000] {
            let mut printed = PrintedIds::default();
            text.as_bytes().chunks(size).for_each(|chunk| printed.scan(chunk));
            for (id, particle) in ids.iter().zip(["1.5", "2", "7"]) {
                let spot = &printed.spots[&id.parse().unwrap()];
                assert_eq!(spot.particle, particle, "pieces of {size}");
                let (offset, length) = (spot.offset as usize, spot.length as usize);
                assert_eq!(
                    text[offset..offset + length],
                    format!("{particle}{id}"),
                    "pieces of {size}"
                );
            }
        }
    }
}
