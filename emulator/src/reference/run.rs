//! Running the executions of a task.
//!
//! The program runs up to its first draw once. From a snapshot of the machine there, each execution is made by whichever thread is
//! free, with draws that are a function of the seed and the execution's number; what they print is written in the order of the
//! executions. So the result does not depend on the number of threads.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::shard::Shard;
use super::snapshot::Snapshot;
use super::values::{ENTRY_SIZE, Ending, Header, ValueEntry, ValuesWriter};
use super::world::{ExecutionHost, Role, World};
use super::{Place, Statistics, ValueId, ValueSummary};
use crate::cancel::Cancel;
use crate::cores::Microarchitecture;
use crate::host::Host;
use crate::limits::{Allowance, Limit, Limits, Watchdog};
use crate::linux::Process;
use crate::machine::{Exit, Machine, Report, RunError, Task, limited, requested_end};
use crate::program::Program;
use crate::resources::ThreadClock;

/// Executions that a thread makes before it looks for more.
const BATCH: u64 = 16;
/// More threads than this are not started.
const MOST_THREADS: usize = 1024;
/// Bytes of values that a thread gathers before it hands them on; one execution can make more.
const BATCH_BYTES: usize = 1 << 20;
/// Bytes of values that may wait for executions before them to be written.
const MOST_WAITING: usize = 1 << 26;
/// What keeping the name of a value takes beside its text, in bytes: table, statistics, and two places in hash tables, about.
const NAME_BYTES: u64 = 300;
/// Bytes of a values file without executions and values.
const EMPTY_FILE: u64 = 156;

/// How to run a task.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Threads that execute, at most 1024; by default as many as this process may run at once. Each has a copy of the memory that the
    /// program has touched.
    pub threads: Option<NonZeroUsize>,
    /// Which part of the executions to make.
    pub shard: Shard,
    /// Is told from time to time how many executions have been made, and of how many.
    pub progress: Option<&'a dyn Fn(u64, u64)>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            threads: None,
            shard: Shard::ALL,
            progress: None,
        }
    }
}

/// Why a task could not be run to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// Another core runs a program once.
    #[error("the {0} microarchitecture has no executions: the Reference microarchitecture has")]
    NotReference(Microarchitecture),
    /// It could not start.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The operating system gives no thread.
    #[error("no thread can be started: {0}")]
    Thread(io::Error),
    /// The values could not be written.
    #[error("the values cannot be written: {0}")]
    Values(#[from] io::Error),
}

/// A finished task.
#[derive(Debug, Clone)]
pub struct ReferenceReport {
    /// How the first execution ended, or [`Exit::Cancelled`], and what all executions took together. There are no decisions: every
    /// execution goes its own way.
    pub report: Report,
    /// Executions that were made: fewer than asked for if the task was cancelled.
    pub executions: u64,
    /// Executions that did not exit with status 0.
    pub failures: u64,
    /// The first of them: its number, from 0, and how it ended.
    pub first_failure: Option<(u64, Exit)>,
    /// The values that were printed, in the order in which they first appeared; those with fewer than [`executions`] prints are
    /// there in some executions only.
    ///
    /// [`executions`]: ReferenceReport::executions
    pub values: Vec<ValueSummary>,
    /// Values that got no ValueID, because one execution printed too many, or with too much text.
    pub unnamed: u64,
    /// Messages for the user from other executions than the first: how many, and one of them.
    pub messages: (u64, Option<String>),
}

/// Runs a program on a Reference core: as many executions as the core's precision says, or a shard of them, and writes what they
/// printed to `values` as a [values file](super::values).
///
/// The first execution of the task sees the host as an ordinary run does. The others print nothing, their clocks go on from the
/// first draw by themselves, and files that they write are seen by nobody else; what the first one wrote after the first draw reaches
/// the host when all have ended. A shard without the first execution prints nothing and writes no files at all.
///
/// Of the task's limits, [`Limits::instructions`] is for each execution, run-up included: one that reaches it has failed. All others
/// end the task. [`Limits::processor_time`] counts all threads together, [`Limits::written_bytes`] bounds `values` as well as the
/// program's files, and [`Limits::distribution_memory`] what keeping the names of the values takes.
///
/// ```
/// use std::io::Cursor;
/// use std::sync::Arc;
/// use emulator::reference::values::ValuesReader;
/// use emulator::reference::{self, Options};
/// use emulator::{Core, Exit, Program, Task, TaskHost};
///
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../sdk/examples/wing-lift/wing-lift.elf");
/// let program = Arc::new(Program::open(path.as_ref())?);
/// let mut core = Core::named("C0-Reference")?;
/// core.precision = 1000;
/// let task = Task::new(core, "wing-lift");
///
/// let mut file = Vec::new();
/// let host = Box::new(TaskHost::new().output(|_stream, _chunk| Ok(())));
/// let report = reference::run(program, task, host, Options::default(), &mut file)?;
/// assert_eq!((report.report.exit, report.executions, report.failures), (Exit::Status(0), 1000, 0));
///
/// // Figures of each value are in the report, its samples in the values file.
/// let value = &report.values[0];
/// let mean = value.statistics.mean().unwrap();
/// let samples = ValuesReader::open(Cursor::new(file))?.samples(value.entry.id, usize::MAX)?;
/// assert_eq!(samples.len(), 1000);
/// assert!((samples.iter().sum::<f64>() / 1000.0 - mean).abs() < 1e-9 * mean);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The core is no Reference core or not allowed, the program does not fit it, `values` cannot be written, or there is no thread to be
/// had. How the program itself
/// ends is no error.
pub fn run<W: Write>(
    program: Arc<Program>,
    mut task: Task,
    host: Box<dyn Host>,
    options: Options<'_>,
    values: W,
) -> Result<ReferenceReport, ReferenceError> {
    if task.core.microarchitecture != Microarchitecture::Reference {
        return Err(ReferenceError::NotReference(task.core.microarchitecture));
    }
    task.core.check().map_err(RunError::from)?;
    let range = options.shard.executions(task.core.precision);
    let seed = task.seed;
    let writer = ValuesWriter::new(
        values,
        &Header {
            task: digest(&program, &task),
            seed,
            precision: task.core.precision,
            first: range.start,
            executions: range.end - range.start,
        },
    )?;
    let most_file_bytes = task.core.memory_size;
    let (file_bytes, name_bytes) = (task.limits.written_bytes, task.limits.distribution_memory);
    let has_first = range.start == 0;
    // Output is counted once, for all executions. The request is kept until the end: the machines' own only follow it while it lives.
    let cancel = task.cancel.as_ref().map_or_else(Cancel::new, Cancel::child);
    let world = Arc::new(World::new(limited(host, &task.limits, &cancel)));
    task.limits.output_bytes = None;
    task.cancel = Some(cancel.clone());
    let host = ExecutionHost::new(&world, Role::RunUp { visible: has_first }, seed, range.start);
    let mut machine = Machine::load(program, task, Box::new(host))?;
    if !has_first {
        machine.environment.process().make_private(most_file_bytes);
    }
    let watchdog = Watchdog::start(&machine.limits, &machine.cancel);
    let clock = ThreadClock::current();
    let used_before = clock.now();
    let exit = machine.run_up();
    let run_up_time = clock.now().saturating_sub(used_before);
    let allowances = Allowances {
        written: Allowance::new(
            file_bytes.map(|bytes| bytes.saturating_sub(EMPTY_FILE)),
            Limit::WrittenBytes,
            &cancel,
        ),
        names: Allowance::new(Some(name_bytes), Limit::DistributionMemory, &cancel),
    };
    let mut collector = Collector::new(writer, range.clone(), options.progress, allowances);
    if let Some(exit) = exit {
        // Nothing is random: all executions are this one.
        collector.all_alike(&exit)?;
        return collector.finish(machine.stats(run_up_time), &world, None, &machine.cancel);
    }

    world.begin();
    let snapshot = Snapshot::new(&mut machine, most_file_bytes);
    let threads = options
        .threads
        .or_else(|| std::thread::available_parallelism().ok())
        .map_or(1, NonZeroUsize::get)
        .min(MOST_THREADS)
        .min(usize::try_from(range.end - range.start).unwrap_or(usize::MAX))
        .max(1);
    let host = || ExecutionHost::new(&world, Role::Other, seed, 0);
    let others: Vec<Machine> = (1..threads).map(|_| snapshot.machine(&machine, host())).collect();
    let crew = Crew {
        schedule: Schedule::new(range, threads as u64),
        first: Mutex::new(None),
        snapshot,
        world,
        seed,
        processor_time: Mutex::new(run_up_time),
    };
    let (sender, batches) = channel();
    let (machine, written) = std::thread::scope(|scope| {
        let work = |mut machine: Machine, sender: Sender<Batch>| {
            let crew = &crew;
            move || {
                crew.work(&mut machine, &sender);
                machine
            }
        };
        let thread = || std::thread::Builder::new().name("sigemu-execution".into());
        // One thread is enough; of the others there are as many as can be had.
        let first = thread().spawn_scoped(scope, work(machine, sender.clone()));
        let others = others.into_iter().take_while(|_| first.is_ok());
        let others = others.map_while(|machine| thread().spawn_scoped(scope, work(machine, sender.clone())).ok());
        let others: Vec<_> = others.collect();
        drop(sender);
        let written = collector.collect(&batches, &crew.schedule);
        crew.schedule.stop();
        // The end of a scope would not wait until the threads are gone.
        for ended in others.into_iter().map(|other| other.join()) {
            drop(ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        (first.map(|first| first.join()), written)
    });
    drop(watchdog);
    let machine = machine.map_err(ReferenceError::Thread)?;
    let machine = machine.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    written?;
    let mut stats = machine.stats(*lock(&crew.processor_time));
    stats.dynamic_instructions = crew.snapshot.instructions() + collector.instructions;
    stats.uncertain_operations = collector.operations;
    // Every execution decides for itself: no way is taken on behalf of another.
    stats.uncertain_branches = 0;
    let first = lock(&crew.first).take();
    collector.finish(stats, &crew.world, first, &machine.cancel)
}

/// What tells tasks apart: everything that the executions are a function of, but for the seed and what the program reads.
fn digest(program: &Program, task: &Task) -> [u8; 32] {
    let mut digest = Sha256::new();
    let mut part = |bytes: &[u8]| {
        digest.update((bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    };
    part(program.bytes());
    // The program's own name may differ from machine to machine.
    for argument in task.arguments.iter().skip(1) {
        part(argument);
    }
    part(b"environment");
    for variable in &task.environment {
        part(variable);
    }
    part(task.working_directory.as_bytes());
    for number in [task.core.memory_size, task.stack_size.unwrap_or(0)] {
        part(&number.to_le_bytes());
    }
    part(&task.limits.instructions.unwrap_or(u64::MAX).to_le_bytes());
    digest.finalize().into()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A thread that panics takes the whole run with it, when it is joined.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who makes which executions.
struct Schedule {
    range: Range<u64>,
    /// Threads may be this many executions ahead of what has been written.
    ahead: u64,
    state: Mutex<Progress>,
    changed: Condvar,
}

struct Progress {
    /// The next execution that nobody has begun.
    next: u64,
    /// Executions before this one have been written.
    written: u64,
    /// Bytes of executions that have been made and not written.
    waiting: usize,
    stopped: bool,
}

impl Schedule {
    fn new(range: Range<u64>, threads: u64) -> Schedule {
        Schedule {
            ahead: 4 * BATCH * threads,
            state: Mutex::new(Progress {
                next: range.start,
                written: range.start,
                waiting: 0,
                stopped: false,
            }),
            changed: Condvar::new(),
            range,
        }
    }

    /// The next batch, when what was made before has been written; `None` if there is no more to do.
    fn take(&self) -> Option<Range<u64>> {
        let mut state = lock(&self.state);
        while !state.stopped && state.next < self.range.end && state.next >= state.written.saturating_add(self.ahead) {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.stopped || state.next >= self.range.end {
            return None;
        }
        let start = state.next;
        state.next = start.saturating_add(BATCH).min(self.range.end);
        Some(start..state.next)
    }

    /// Waits until there is room for a batch that begins with `execution`; for the one that all others wait for there always is.
    fn make_room(&self, execution: u64, bytes: usize) {
        let mut state = lock(&self.state);
        while !state.stopped && state.written < execution && state.waiting.saturating_add(bytes) > MOST_WAITING {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.waiting = state.waiting.saturating_add(bytes);
    }

    fn set_written(&self, written: u64, bytes: usize) {
        let mut state = lock(&self.state);
        state.written = written;
        state.waiting = state.waiting.saturating_sub(bytes);
        drop(state);
        self.changed.notify_all();
    }

    fn stop(&self) {
        lock(&self.state).stopped = true;
        self.changed.notify_all();
    }

    fn is_stopped(&self) -> bool {
        lock(&self.state).stopped
    }
}

/// Executions that one thread has made.
struct Batch {
    range: Range<u64>,
    /// Bytes that it holds, about.
    bytes: usize,
    /// Of each execution how it ended and how many values it printed: fewer than `range` if the task was cancelled.
    executions: Vec<(Exit, usize)>,
    values: Vec<(ValueId, f64)>,
    /// Places of names that are new to this thread.
    places: Vec<(ValueId, Place)>,
    unnamed: u64,
    instructions: u64,
    operations: u64,
}

/// What the threads share.
struct Crew {
    schedule: Schedule,
    snapshot: Snapshot,
    world: Arc<World>,
    seed: u64,
    /// The process of the first execution, which has files to write.
    first: Mutex<Option<Process>>,
    /// What the run-up and all finished batches took.
    processor_time: Mutex<Duration>,
}

impl Crew {
    /// Makes executions until there are no more.
    fn work(&self, machine: &mut Machine, sender: &Sender<Batch>) {
        // What a thread has under way is watched here, what all have done when a batch ends.
        let watchdog = Watchdog::start(
            &Limits {
                wall_time: None,
                ..machine.limits.clone()
            },
            &machine.cancel,
        );
        let clock = ThreadClock::current();
        let mut used = clock.now();
        let mut left = 0..0;
        loop {
            if left.is_empty() {
                let Some(range) = self.schedule.take() else { break };
                left = range;
            }
            let batch = self.batch(machine, left.clone());
            left.start = batch.range.end;
            let now = clock.now();
            let mut total = lock(&self.processor_time);
            *total += now.saturating_sub(used);
            used = now;
            if machine.limits.processor_time.is_some_and(|most| *total >= most) {
                machine.cancel.stop(Limit::ProcessorTime);
            }
            drop(total);
            self.schedule.make_room(batch.range.start, batch.bytes);
            if sender.send(batch).is_err() {
                break;
            }
        }
        drop(watchdog);
    }

    /// Makes executions from the beginning of `range`: all of them, unless they print so much that some shall be handed on before.
    fn batch(&self, machine: &mut Machine, range: Range<u64>) -> Batch {
        let operations = |machine: &Machine| machine.shadow.as_ref().map_or(0, crate::shadow::Shadow::operations);
        let before = operations(machine);
        let mut batch = Batch {
            range: range.clone(),
            bytes: 0,
            executions: Vec::new(),
            values: Vec::new(),
            places: Vec::new(),
            unnamed: 0,
            instructions: 0,
            operations: 0,
        };
        for execution in range {
            if machine.cancel.is_cancelled() || self.schedule.is_stopped() {
                break;
            }
            let role = if execution == 0 { Role::First } else { Role::Other };
            let host = ExecutionHost::new(&self.world, role, self.seed, execution);
            self.snapshot.rewind(machine, host, self.seed, execution);
            let exit = machine.run_to_end();
            batch.instructions += machine.hart.instret - self.snapshot.instructions();
            if role == Role::First {
                *lock(&self.first) = Some(machine.environment.process().fork());
            }
            // One limit is an execution's own; whatever else stops one stops all.
            if requested_end(&machine.cancel).is_some() {
                break;
            }
            let printed = machine.recorder.as_ref().map_or(&[][..], |recorder| recorder.printed());
            batch.values.extend_from_slice(printed);
            batch.executions.push((exit, printed.len()));
            let names = machine.recorder.as_ref().map_or(0, super::Recorder::new_bytes);
            batch.bytes = size_of_val(&batch.values[..]) + names;
            if batch.bytes > BATCH_BYTES {
                batch.range.end = execution + 1;
                break;
            }
        }
        if let Some(recorder) = &mut machine.recorder {
            batch.places = recorder.take_places();
            batch.unnamed = recorder.take_unnamed();
        }
        batch.operations = operations(machine) - before;
        batch
    }
}

/// What a values file may take.
struct Allowances {
    /// Bytes of the file.
    written: Allowance,
    /// Bytes of names in memory.
    names: Allowance,
}

/// Puts batches in order and writes them.
struct Collector<'a, W> {
    writer: ValuesWriter<W>,
    allowances: Allowances,
    /// Of each value of the writer's table.
    statistics: HashMap<ValueId, Statistics>,
    range: Range<u64>,
    progress: Option<&'a dyn Fn(u64, u64)>,
    places: HashMap<ValueId, Place>,
    first: Option<Exit>,
    failures: u64,
    first_failure: Option<(u64, Exit)>,
    instructions: u64,
    operations: u64,
    unnamed: u64,
}

impl<'a, W: Write> Collector<'a, W> {
    fn new(
        writer: ValuesWriter<W>,
        range: Range<u64>,
        progress: Option<&'a dyn Fn(u64, u64)>,
        allowances: Allowances,
    ) -> Self {
        Collector {
            writer,
            allowances,
            statistics: HashMap::new(),
            range,
            progress,
            places: HashMap::new(),
            first: None,
            failures: 0,
            first_failure: None,
            instructions: 0,
            operations: 0,
            unnamed: 0,
        }
    }

    /// Every execution ended like this and printed no values.
    fn all_alike(&mut self, exit: &Exit) -> io::Result<()> {
        self.first = Some(exit.clone());
        if !matches!(exit, Exit::Cancelled | Exit::Stopped(_)) {
            for _ in self.range.clone() {
                if !self.push(exit.clone(), &[])? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Writes an execution; gives false, and the task stops, if that is more than is allowed.
    fn push(&mut self, exit: Exit, values: &[(ValueId, f64)]) -> io::Result<bool> {
        let mut size = ValuesWriter::<W>::record_size(values.len());
        for (id, _) in values.iter().filter(|(id, _)| !self.writer.has(*id)) {
            let text = self.places.get(id).map_or(0, |place| place.text.len() as u64);
            size += ENTRY_SIZE + text;
            if !self.allowances.names.take(NAME_BYTES + text) {
                return Ok(false);
            }
        }
        if !self.allowances.written.take(size) {
            return Ok(false);
        }
        for &(id, value) in values {
            self.statistics.entry(id).or_insert_with(Statistics::new).add(value);
        }
        let places = &mut self.places;
        // Every name comes with its place, in the batch in which its thread first prints it.
        let place = |n: usize| {
            places.remove(&values[n].0).unwrap_or(Place {
                text: Vec::new(),
                conversion: 0,
                occurrence: 0,
            })
        };
        let number = self.range.start + self.writer.executions();
        self.writer.push(ending(&exit), exit.status(), values, place)?;
        if exit != Exit::Status(0) {
            self.failures += 1;
            self.first_failure.get_or_insert_with(|| (number, exit.clone()));
        }
        self.first.get_or_insert(exit);
        Ok(true)
    }

    /// Writes what comes, in order, until the threads have ended.
    fn collect(&mut self, batches: &Receiver<Batch>, schedule: &Schedule) -> io::Result<()> {
        let mut waiting = BTreeMap::new();
        let mut next = self.range.start;
        for mut batch in batches {
            self.instructions += batch.instructions;
            self.operations += batch.operations;
            let places = std::mem::take(&mut batch.places).into_iter();
            self.places.extend(places.filter(|(id, _)| !self.writer.has(*id)));
            waiting.insert(batch.range.start, batch);
            while let Some(batch) = waiting.remove(&next) {
                let mut values = &batch.values[..];
                let mut made = 0;
                for (exit, count) in batch.executions {
                    let (own, rest) = values.split_at(count);
                    values = rest;
                    if !self.push(exit, own).inspect_err(|_| schedule.stop())? {
                        break;
                    }
                    made += 1;
                }
                self.unnamed += batch.unnamed;
                if made < batch.range.end - batch.range.start {
                    // Cancelled, or at a limit: what comes behind the gap is of no use.
                    schedule.stop();
                    next = u64::MAX;
                } else {
                    next = batch.range.end;
                    schedule.set_written(next, batch.bytes);
                }
                if let Some(progress) = self.progress {
                    progress(self.writer.executions(), self.range.end - self.range.start);
                }
            }
        }
        Ok(())
    }

    fn finish(
        self,
        stats: crate::stats::Stats,
        world: &World,
        first: Option<Process>,
        cancel: &Cancel,
    ) -> Result<ReferenceReport, ReferenceError> {
        let executions = self.writer.executions();
        let is_whole = executions == self.range.end - self.range.start;
        let summary = |entry: &ValueEntry| ValueSummary {
            entry: entry.clone(),
            statistics: self.statistics.get(&entry.id).copied().unwrap_or(Statistics::new()),
        };
        let values = self.writer.values().iter().map(summary).collect();
        self.writer.finish()?;
        for failure in first.map(|mut process| process.carry_out()).unwrap_or_default() {
            world.diagnose(&format!("cannot write {failure}"));
        }
        let exit = match self.first {
            Some(exit) if is_whole => exit,
            // A shard without executions has done all it should.
            None if is_whole => Exit::Status(0),
            _ => requested_end(cancel).or(self.first).unwrap_or(Exit::Cancelled),
        };
        Ok(ReferenceReport {
            report: Report {
                exit,
                stats,
                decisions: Vec::new(),
                approximations: None,
                profile: None,
            },
            executions,
            failures: self.failures,
            first_failure: self.first_failure,
            values,
            unnamed: self.unnamed,
            messages: world.messages(),
        })
    }
}

fn ending(exit: &Exit) -> Ending {
    match exit {
        Exit::Status(_) => Ending::Exit,
        Exit::Signal(_) => Ending::Signal,
        Exit::Fault(_) => Ending::Fault,
        Exit::Stopped(_) | Exit::Cancelled => Ending::Limit,
        Exit::Stuck(_) | Exit::Unsupported(_) => Ending::Unsupported,
        Exit::Failed(_) => Ending::Failed,
    }
}
