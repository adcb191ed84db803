//! `sigemu task`: the executor behind a server, in whatever language that is written. A task comes in as JSON, events go out as
//! lines of JSON.
//!
//! * [`request`], [`event`]: the two directions, and [`schema`] of both.
//! * [`output`]: from what the program prints to events; [`ended`]: from how it ended.
//! * [`reference`]: tasks on Reference cores.
//! * [`sandbox`]: the cage around the process.
//!
//! Exit status: 0 `Completed`, 124 `Stopped` by a limit, 130 `Cancelled`, 70 `Stopped` by a failure of sigemu itself, 2 if the
//! program never ran.

mod ended;
mod event;
mod output;
mod reference;
mod request;
mod sandbox;
mod schema;

use std::io::{self, Read as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use emulator::{BareMachine, Cancel, Host, Machine, Microarchitecture, Program, Stream, TaskHost};

use crate::arguments::{SchemaArgument, TaskArguments};
use crate::interrupt;
use crate::output::reader_left;
use ended::{Ended, refused};
use event::{Event, Events, Status, StreamName, TaskResult};
use output::{Marks, OutputStream};
use request::TaskRequest;

/// How long a cancelled task may take to tell its end. It takes milliseconds; nobody may be reading.
const PATIENCE: Duration = Duration::from_secs(5);
/// Output is gathered into events of so many bytes,
const MOST_GATHERED: usize = 1 << 16;
/// and none is told later than this.
const LONGEST_GATHERED: Duration = Duration::from_millis(20);
/// Exit status of a task that never ran.
const REFUSED: u8 = 2;

pub(crate) fn task(arguments: &TaskArguments) -> Result<ExitCode> {
    let ended = tell_task(arguments);
    match ended {
        // A task whose events nobody takes has not been done.
        Err(error) if reader_left(&error) && arguments.schema.is_none() => Ok(ExitCode::from(interrupt::STATUS)),
        ended => ended,
    }
}

fn tell_task(arguments: &TaskArguments) -> Result<ExitCode> {
    if let Some(schema) = arguments.schema {
        let text = match schema {
            SchemaArgument::Task => schema::task(),
            SchemaArgument::Event => schema::event(),
        };
        crate::output::write(None, text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let request = match read(&arguments.task) {
        Ok(request) => request,
        Err(error) => {
            let message = format!("{error:#}");
            Events::send(&Event::Error { message })?;
            return Ok(ExitCode::from(REFUSED));
        }
    };
    let mut events = Events::default();
    events.status(Status::Accepted, "the task can be tried")?;
    let (status, result) = match run(&request, arguments.sandbox, &mut events) {
        Ok(ended) => ended.tell(),
        Err(error) if reader_left(&error) => return Err(error),
        Err(error) => (REFUSED, refused(format!("{error:#}"))),
    };
    events.open()?;
    events.status(result.status, result.message.clone())?;
    Events::send(&Event::Result(Box::new(TaskResult {
        status_transitions: events.transitions(),
        ..result
    })))?;
    Ok(ExitCode::from(status))
}

fn read(path: &Path) -> Result<TaskRequest> {
    let mut text = Vec::new();
    let from_stdin = path == Path::new("-");
    let count = if from_stdin {
        io::stdin().lock().take(request::LONGEST_REQUEST).read_to_end(&mut text)
    } else {
        let file = std::fs::File::open(path).with_context(|| path.display().to_string())?;
        file.take(request::LONGEST_REQUEST).read_to_end(&mut text)
    };
    if count.context("the task cannot be read")? as u64 == request::LONGEST_REQUEST {
        return Err(anyhow!("not a task: {} bytes or longer", request::LONGEST_REQUEST));
    }
    TaskRequest::parse(&text, from_stdin)
}

/// Runs the task. Errors are those that let it never begin.
fn run(request: &TaskRequest, is_sandboxed: bool, events: &mut Events) -> Result<Ended> {
    events.status(Status::Initialising, "opening the program and its data sources")?;
    let name = request.name();
    // A sandboxed thread is one that was started in the sandbox: the one that waits for signals is, too.
    let early = (!is_sandboxed).then(|| interrupt::cancel(PATIENCE)).transpose()?;
    if early.is_some() {
        events.open()?;
    }
    let program = Program::parse(request.program()?).map_err(|error| anyhow!("{name}: {error}"))?;
    let program = Arc::new(program);
    let mut task = request.task()?;
    let input = request.input();
    let is_reference = task.core.microarchitecture == Microarchitecture::Reference;
    if is_reference && program.is_bare() {
        bail!("{name}: a Reference core runs programs for Linux; choose another core for one without operating system");
    }
    let executions = is_reference
        .then(|| reference::Executions::prepare(request.reference()))
        .transpose()?;
    let cancel = if is_sandboxed {
        let directories: Vec<_> = request.directories().collect();
        let files = sandbox::restrict_files(&directories).context("the sandbox cannot be set up")?;
        let cancel = interrupt::cancel(PATIENCE)?;
        events.open()?;
        sandbox::restrict_calls(files).context("the sandbox cannot be set up")?;
        cancel
    } else {
        early.unwrap_or_default()
    };
    task.cancel = Some(cancel.clone());
    let marks = if is_reference { Marks::ids() } else { Marks::values() };
    let streams = Arc::new(Mutex::new([OutputStream::new(marks), OutputStream::new(Marks::None)]));
    let mut host = TaskHost::new()
        .input(input)
        .gathered_output(MOST_GATHERED, LONGEST_GATHERED, sink(&streams, cancel))
        .diagnostics(|message| {
            let message = message.into();
            // Nobody reads: the next output will tell.
            let _ = Events::send(&Event::Remark { message });
        });
    if let Some(seed) = request.deterministic() {
        host = host.deterministic(seed);
    }
    let host: Box<dyn Host> = Box::new(host);
    let is_bare = program.is_bare();
    let mut reference_report = None;
    let report = if let Some(executions) = executions {
        events.status(Status::InProgress, "the program runs")?;
        let report = executions.run(Arc::clone(&program), task, host);
        let report = report.map_err(|error| error.context(name.clone()))?;
        reference_report.insert(report).report.clone()
    } else if is_bare && !crate::bare::is_tracked(&task, &program) {
        let machine = BareMachine::new(Arc::clone(&program), task, host);
        let mut machine = machine.map_err(|error| anyhow!("{name}: {error}"))?;
        events.status(Status::InProgress, "the program runs")?;
        machine.run()
    } else {
        let machine = if is_bare {
            Machine::bare(Arc::clone(&program), task, host)
        } else {
            Machine::new(Arc::clone(&program), task, host)
        };
        let mut machine = machine.map_err(|error| anyhow!("{name}: {error}"))?;
        events.status(Status::InProgress, "the program runs")?;
        machine.run()
    };
    let mut streams = streams.lock().unwrap_or_else(PoisonError::into_inner);
    for (stream, name) in streams.iter_mut().zip([StreamName::Stdout, StreamName::Stderr]) {
        stream.finish(name)?;
    }
    if let (Some(report), Some(ids)) = (&reference_report, streams[0].ids()) {
        reference::tell(report, ids)?;
    }
    Ok(Ended {
        name,
        program,
        report,
        executions: reference_report.as_ref().map(event::Executions::of),
    })
}

/// What the program prints, as events. If nobody reads them, the task is of no use to anybody.
fn sink(
    streams: &Arc<Mutex<[OutputStream; 2]>>,
    cancel: Cancel,
) -> impl FnMut(Stream, &[u8]) -> io::Result<()> + Send + 'static {
    let streams = Arc::clone(streams);
    move |stream, bytes| {
        let (index, name) = match stream {
            Stream::Output => (0, StreamName::Stdout),
            Stream::Error => (1, StreamName::Stderr),
        };
        let mut streams = streams.lock().unwrap_or_else(PoisonError::into_inner);
        streams[index].write(name, bytes).inspect_err(|_| cancel.cancel())
    }
}
