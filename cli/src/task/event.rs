//! What a client is told: one JSON object a line.

use std::io::{self, Write as _};
use std::time::{SystemTime, UNIX_EPOCH};

use emulator::Stats;
use schemars::JsonSchema;
use serde::Serialize;

use crate::output::StandardOutput;

/// Something that has happened.
///
/// A task that is accepted gives `Status` events, `Output`, `Value`, `Progress` and `Remark` events in between, and one `Result` at the very end. A
/// request that is refused gives one `Error` and nothing else.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "Event", rename_all_fields = "PascalCase")]
pub(crate) enum Event {
    /// The task has another status.
    Status(StatusTransition),
    /// The program has printed something. What all events of a stream hold, one behind the other, is the stream.
    Output {
        /// Where.
        stream: StreamName,
        /// What.
        #[serde(flatten)]
        data: Data,
    },
    /// Among what the program has printed to standard output there is an uncertain value. On a Reference core these events come when all
    /// executions have ended.
    Value(Value),
    /// So many executions of a Reference core have been made; about once a second.
    Progress {
        /// Executions that have been made.
        executions: u64,
        /// And of how many.
        of: u64,
    },
    /// Something that the user of the program should know, and that did not end it.
    Remark {
        /// In words.
        message: String,
    },
    /// The last event of a task.
    Result(Box<TaskResult>),
    /// The request was refused. The only event.
    Error {
        /// Why.
        message: String,
    },
}

/// An uncertain value in standard output. On a Reference core there are also those that the first execution has not printed: they have no
/// place in the stream.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Value {
    /// Where it starts in the stream, in bytes: particle, then Ux text or ValueID.
    pub(crate) offset: Option<u64>,
    /// Its length in bytes.
    pub(crate) length: Option<u64>,
    /// Its particle, as printed.
    pub(crate) particle: Option<String>,
    /// Its mean; on a Reference core that of all finite samples.
    pub(crate) mean: Option<f64>,
    /// Diracs that it consists of; none on a Reference core.
    pub(crate) diracs: Option<u64>,
    /// Its name on a Reference core: `val_` and 32 hexadecimal digits.
    #[serde(rename = "ValueID")]
    pub(crate) value_id: Option<String>,
    /// What all executions printed there, on a Reference core.
    pub(crate) samples: Option<Samples>,
}

/// Figures of the samples of a value.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Samples {
    /// Executions that printed it.
    pub(crate) count: u64,
    /// Samples that are NaN or infinite; the other figures are without them.
    pub(crate) not_finite: u64,
    /// Standard deviation as it is estimated from samples.
    pub(crate) standard_deviation: Option<f64>,
    /// The least.
    pub(crate) minimum: Option<f64>,
    /// The greatest.
    pub(crate) maximum: Option<f64>,
}

/// Executions of a Reference core.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Executions {
    /// Executions that were made.
    pub(crate) made: u64,
    /// Those of them that did not exit with status 0.
    pub(crate) failed: u64,
}

/// States of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) enum Status {
    /// The request is one that can be tried.
    Accepted,
    /// Program and data sources are being opened.
    Initialising,
    /// The program runs.
    #[serde(rename = "In Progress")]
    InProgress,
    /// The program has ended by itself, well or badly: see `ExitCode`.
    Completed,
    /// Somebody has ended it.
    Cancelled,
    /// It has reached a limit, or could not be started.
    Stopped,
}

/// A change of status.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StatusTransition {
    /// The status from now on.
    status: Status,
    /// When, in milliseconds since 1970, UTC.
    timestamp: u64,
    /// Why, in words.
    message: String,
}

/// The standard streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) enum StreamName {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Bytes.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) enum Data {
    /// Whole characters in UTF-8.
    Text(String),
    /// Anything else, in base64 (RFC 4648, with padding).
    Base64(String),
}

/// How a task ended.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TaskResult {
    /// The last status: `Completed`, `Cancelled` or `Stopped`.
    pub(crate) status: Status,
    /// Why, in words.
    pub(crate) message: String,
    /// The program's exit status, 0 to 255, as a shell has it (128 + signal); none if it never ran.
    pub(crate) exit_code: Option<u8>,
    /// Which limit was reached, if one was.
    pub(crate) limit: Option<LimitName>,
    /// All changes of status.
    pub(crate) status_transitions: Vec<StatusTransition>,
    /// What it took; none if it never ran.
    pub(crate) stats: Option<Stats>,
    /// Executions of a Reference core; the exit status is that of the first. None on other cores, and if it never ran.
    pub(crate) executions: Option<Executions>,
    /// Where the program's way depended on a distribution.
    pub(crate) uncertain_branches: Vec<UncertainBranch>,
}

/// A limit of the request.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub(crate) enum LimitName {
    /// `Instructions`.
    Instructions,
    /// `ProcessorTimeInMilliseconds`.
    ProcessorTimeInMilliseconds,
    /// `WallTimeInMilliseconds`.
    WallTimeInMilliseconds,
    /// `Memory`.
    Memory,
    /// `OutputBytes`.
    OutputBytes,
    /// `WrittenBytes`.
    WrittenBytes,
    /// `OpenFiles`.
    OpenFiles,
    /// `DistributionMemory`.
    DistributionMemory,
}

impl From<emulator::Limit> for LimitName {
    fn from(limit: emulator::Limit) -> Self {
        use emulator::Limit;
        match limit {
            Limit::Instructions => LimitName::Instructions,
            Limit::ProcessorTime => LimitName::ProcessorTimeInMilliseconds,
            Limit::WallTime => LimitName::WallTimeInMilliseconds,
            Limit::Memory => LimitName::Memory,
            Limit::OutputBytes => LimitName::OutputBytes,
            Limit::WrittenBytes => LimitName::WrittenBytes,
            Limit::OpenFiles => LimitName::OpenFiles,
            Limit::DistributionMemory => LimitName::DistributionMemory,
        }
    }
}

/// An instruction whose operand was uncertain although it steers the program; the particle decided.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UncertainBranch {
    /// Address of the instruction.
    pub(crate) address: u64,
    /// Its function and source line, where the program tells.
    pub(crate) place: Option<String>,
    /// What was decided: `Branch`, `Jump`, `Address`, `Select` or `SystemCall`.
    pub(crate) decision: String,
    /// Times it was met.
    pub(crate) times: u64,
    /// Mean probability, 0 to 1, that a draw would have decided otherwise.
    pub(crate) other_way: f64,
}

/// Writes events to standard output.
#[derive(Debug, Default)]
pub(crate) struct Events {
    transitions: Vec<StatusTransition>,
    /// How many of them have been told.
    told: usize,
    /// Whether they are told as they come.
    are_open: bool,
}

impl Events {
    /// Writes one. Fails if nobody reads any more.
    pub(crate) fn send(event: &Event) -> io::Result<()> {
        let mut line = serde_json::to_vec(event)?;
        line.push(b'\n');
        let mut output = StandardOutput::lock();
        output.write_all(&line)?;
        output.flush()
    }

    /// Writes the changes of status so far, and from now on every one as it comes. Whoever is told that a task is accepted may count on a
    /// result, also if he ends it at once: so nothing is told before signals are caught.
    pub(crate) fn open(&mut self) -> io::Result<()> {
        self.are_open = true;
        for transition in &self.transitions[self.told..] {
            Events::send(&Event::Status(transition.clone()))?;
        }
        self.told = self.transitions.len();
        Ok(())
    }

    /// Writes a change of status.
    pub(crate) fn status(&mut self, status: Status, message: impl Into<String>) -> io::Result<()> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let transition = StatusTransition {
            status,
            timestamp: now.as_millis() as u64,
            message: message.into(),
        };
        self.transitions.push(transition);
        if self.are_open { self.open() } else { Ok(()) }
    }

    /// All changes of status so far.
    pub(crate) fn transitions(self) -> Vec<StatusTransition> {
        self.transitions
    }
}
