//! `sigemu task`: the executor behind a server, in whatever language that is written. A task comes in as JSON, events go out as
//! lines of JSON.
//!
//! * [`request`], [`event`]: the two directions, and [`schema`] of both.
//! * [`output`]: from what the program prints to events.
//! * [`sandbox`]: the cage around the process.
//!
//! Exit status: 0 `Completed`, 124 `Stopped` by a limit, 130 `Cancelled`, 70 `Stopped` by a failure of sigemu itself, 2 if the
//! program never ran.

mod event;
mod output;
mod request;
mod sandbox;
mod schema;

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use emulator::{BareMachine, Cancel, Exit, Host, Machine, Program, Report, Stream, TaskHost};

use crate::arguments::{SchemaArgument, TaskArguments};
use crate::interrupt;
use event::{Event, Events, Status, StreamName, TaskResult, UncertainBranch};
use output::OutputStream;
use request::TaskRequest;

/// How long a cancelled task may take to tell its end. It takes milliseconds; nobody may be reading.
const PATIENCE: Duration = Duration::from_secs(5);
/// Exit status of a task that never ran.
const REFUSED: u8 = 2;

pub(crate) fn task(arguments: &TaskArguments) -> Result<ExitCode> {
    if let Some(schema) = arguments.schema {
        let text = match schema {
            SchemaArgument::Task => schema::task(),
            SchemaArgument::Event => schema::event(),
        };
        io::stdout().write_all(text.as_bytes())?;
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
        Err(error) => (REFUSED, refused(format!("{error:#}"))),
    };
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

/// A run that has ended.
struct Ended {
    name: String,
    program: Arc<Program>,
    report: Report,
}

/// Runs the task. Errors are those that let it never begin.
fn run(request: &TaskRequest, is_sandboxed: bool, events: &mut Events) -> Result<Ended> {
    events.status(Status::Initialising, "opening the program and its data sources")?;
    let name = request.name();
    // A sandboxed thread is one that was started in the sandbox: the one that waits for signals is, too.
    let early = (!is_sandboxed).then(|| interrupt::cancel(PATIENCE)).transpose()?;
    let program = Program::parse(request.program()?).map_err(|error| anyhow!("{name}: {error}"))?;
    let program = Arc::new(program);
    let mut task = request.task()?;
    let input = request.input()?;
    let cancel = if is_sandboxed {
        let directories: Vec<_> = request.directories().collect();
        let files = sandbox::restrict_files(&directories).context("the sandbox cannot be set up")?;
        let cancel = interrupt::cancel(PATIENCE)?;
        sandbox::restrict_calls(files).context("the sandbox cannot be set up")?;
        cancel
    } else {
        early.unwrap_or_default()
    };
    task.cancel = Some(cancel.clone());
    let streams = Arc::new(Mutex::new([OutputStream::default(), OutputStream::default()]));
    let mut host = TaskHost::new()
        .input(input)
        .output(sink(&streams, cancel))
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
    let report = if is_bare && !crate::bare::is_tracked(&task, &program) {
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
    Ok(Ended { name, program, report })
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

/// The result of a task that never ran.
fn refused(message: String) -> TaskResult {
    TaskResult {
        status: Status::Stopped,
        message,
        exit_code: None,
        limit: None,
        status_transitions: Vec::new(),
        stats: None,
        uncertain_branches: Vec::new(),
    }
}

impl Ended {
    /// The exit status of the command, and what to tell.
    fn tell(self) -> (u8, TaskResult) {
        let name = &self.name;
        let exit = &self.report.exit;
        let (status, message) = match exit {
            Exit::Status(0) => (Status::Completed, "the program has ended".into()),
            Exit::Status(status) => (
                Status::Completed,
                format!("the program has ended with exit status {status}"),
            ),
            Exit::Signal(signal) => (Status::Completed, format!("{name}: ended by {signal}")),
            Exit::Fault(fault) => (Status::Completed, format!("{name}: {fault}")),
            Exit::Stuck(why) => (Status::Completed, format!("{name}: {why}")),
            Exit::Unsupported(what) => (
                Status::Completed,
                format!("{name}: the program needs {what}, which sigemu does not have"),
            ),
            Exit::Cancelled => (Status::Cancelled, "cancelled".into()),
            Exit::Stopped(limit) => (Status::Stopped, format!("ended by the {limit}")),
            Exit::Failed(message) => (
                Status::Stopped,
                format!("sigemu itself has failed, please report it: {message}"),
            ),
        };
        let limit = match exit {
            Exit::Stopped(limit) => Some((*limit).into()),
            _ => None,
        };
        let command_status = match status {
            Status::Cancelled => interrupt::STATUS,
            Status::Stopped => exit.status(),
            _ => 0,
        };
        let sites = self.report.decisions.iter();
        let uncertain_branches = sites.map(|site| UncertainBranch {
            address: site.address,
            place: self.program.locate(site.address).map(|place| place.to_string()),
            decision: format!("{:?}", site.decision),
            times: site.times,
            other_way: site.other_way,
        });
        let result = TaskResult {
            status,
            message,
            exit_code: Some(exit.status()),
            limit,
            status_transitions: Vec::new(),
            uncertain_branches: uncertain_branches.collect(),
            stats: Some(self.report.stats),
        };
        (command_status, result)
    }
}
