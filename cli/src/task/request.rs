//! A task as a client writes it.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use emulator::reference::Shard;
use emulator::{Core, Input, Limits, Microarchitecture, Mount, Printing, Task, check_working_directory};
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_untagged::UntaggedEnumVisitor;

/// Longest request that is read, in bytes: the program may be in it.
pub(crate) const LONGEST_REQUEST: u64 = 1 << 30;

/// A task: a program, the core to run it on, what it gets and what it may use.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    rename_all = "PascalCase",
    deny_unknown_fields,
    expecting = "an object with a Program"
)]
pub(crate) struct TaskRequest {
    /// The program: a static RV64 ELF file.
    program: ProgramSource,
    /// The core: the name of a default core, such as `C0-S`, or its description.
    #[serde(default = "CoreChoice::default")]
    core: CoreChoice,
    /// Arguments for the program, without its own name: a list, or one text that is split as a shell splits words (with quotes and
    /// backslashes, without any expansion).
    #[serde(default)]
    arguments: Arguments,
    /// Environment variables of the program.
    #[serde(default)]
    environment: BTreeMap<String, String>,
    /// Directories that the program sees. It sees no other.
    #[serde(default)]
    data_sources: Vec<DataSource>,
    /// The program's working directory, a path of its own.
    #[serde(default = "root")]
    working_directory: String,
    /// What the program reads from standard input; nothing by default.
    #[serde(default)]
    standard_input: StandardInput,
    /// Reserved; must be empty.
    #[serde(default)]
    trace_variables: Vec<TraceVariable>,
    /// What the task may use at most.
    #[serde(default)]
    limits: TaskLimits,
    /// Seed of all random draws.
    #[serde(default)]
    seed: u64,
    /// Whether the clock stands still (at 2001-09-09 01:46:40 UTC; sleeping moves it) and the program's random bytes come from the
    /// seed.
    #[serde(default)]
    deterministic: bool,
    /// What the program's output shows of an uncertain value.
    #[serde(default)]
    printing: PrintingChoice,
    /// How to run the executions of a Reference core; only there.
    reference: Option<ReferenceOptions>,
}

/// How to run the executions of a Reference core.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct ReferenceOptions {
    /// A file of the host, made anew, that keeps the samples of every value. It is whole when the task has its result. Without it the
    /// samples are lost, and their figures are in `Value` events.
    pub(crate) values: Option<PathBuf>,
    /// Threads that execute; by default as many as the process may run at once. The result does not depend on it.
    pub(crate) threads: Option<NonZeroUsize>,
    /// The part of the executions to make, such as `3/64`; all by default.
    shard: Option<String>,
}

impl ReferenceOptions {
    pub(crate) fn shard(&self) -> Result<Shard> {
        let shard = self.shard.as_ref().map(|shard| shard.parse()).transpose();
        Ok(shard.context("Reference.Shard")?.unwrap_or(Shard::ALL))
    }
}

/// Bytes, in base64 where they are written.
struct Bytes(Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64_STANDARD.decode(text);
        bytes
            .map(Bytes)
            .map_err(|error| D::Error::custom(format!("not base64: {error}")))
    }
}

/// Where the program is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
enum ProgramSource {
    /// A file of the host.
    Path(PathBuf),
    /// The file itself, in base64 (RFC 4648, with padding).
    Base64(#[schemars(with = "String")] Bytes),
}

/// A core.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
enum CoreChoice {
    /// The name of a default core.
    Named(String),
    /// A description in the form of the API.
    Described(Core),
}

impl<'de> Deserialize<'de> for CoreChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        UntaggedEnumVisitor::new()
            .string(|name| Ok(CoreChoice::Named(name.into())))
            .map(|core| core.deserialize().map(CoreChoice::Described))
            .deserialize(deserializer)
    }
}

impl Default for CoreChoice {
    fn default() -> Self {
        CoreChoice::Named(crate::run::DEFAULT_CORE.into())
    }
}

/// Arguments for the program.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
enum Arguments {
    /// One text.
    Text(String),
    /// A list.
    List(Vec<String>),
}

impl<'de> Deserialize<'de> for Arguments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        UntaggedEnumVisitor::new()
            .string(|text| Ok(Arguments::Text(text.into())))
            .seq(|list| list.deserialize().map(Arguments::List))
            .deserialize(deserializer)
    }
}

impl Default for Arguments {
    fn default() -> Self {
        Arguments::List(Vec::new())
    }
}

/// A directory that the program sees.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct DataSource {
    /// Where the program sees it: an absolute path of its own.
    location: String,
    /// The directory of the host.
    #[serde(rename = "ResourceID")]
    resource_id: PathBuf,
    /// What it is.
    #[serde(default)]
    #[expect(dead_code, reason = "there is one kind; reading it refuses all others")]
    resource_type: ResourceType,
    /// Whether the program may change it.
    #[serde(default)]
    writable: bool,
}

/// Kinds of data sources.
#[derive(Debug, Default, Deserialize, JsonSchema)]
enum ResourceType {
    /// A directory of the host.
    #[default]
    Directory,
}

/// What the program reads from standard input.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
enum StandardInput {
    /// Nothing.
    #[default]
    Empty,
    /// The standard input of `sigemu task`, which must have got the task from a file.
    Inherit,
    /// This text, in UTF-8.
    Text(String),
    /// These bytes, in base64 (RFC 4648, with padding).
    Base64(#[schemars(with = "String")] Bytes),
}

/// A variable of the program.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct TraceVariable {
    /// Its source file.
    #[expect(dead_code, reason = "reserved")]
    file: String,
    /// The line.
    #[expect(dead_code, reason = "reserved")]
    line_number: u64,
    /// What to trace there.
    #[expect(dead_code, reason = "reserved")]
    expression: String,
}

/// What a task may use at most. A task that reaches a limit ends as `Stopped`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct TaskLimits {
    /// Instructions of the program; on a Reference core those of each execution, and one that reaches it has failed.
    instructions: Option<u64>,
    /// Time on a processor, of all threads together.
    processor_time_in_milliseconds: Option<u64>,
    /// Time from the start, waits included.
    wall_time_in_milliseconds: Option<u64>,
    /// Bytes of memory that the program has mapped, its stack included.
    memory: Option<u64>,
    /// Bytes written to standard output and standard error.
    output_bytes: Option<u64>,
    /// Bytes written to files, 4096 more for each that is made; and bytes of a values file, counted by themselves.
    written_bytes: Option<u64>,
    /// Descriptors open at once, the three streams included.
    open_files: Option<u64>,
    /// Bytes of distributions, on a Reference core of what is known of each value; by default a quarter of the machine's memory.
    distribution_memory: Option<u64>,
}

/// What the program's output shows of an uncertain value.
#[derive(Debug, Default, Deserialize, JsonSchema)]
enum PrintingChoice {
    /// The particle followed by the Ux text.
    #[default]
    Ux,
    /// The particle alone.
    Particle,
}

fn root() -> String {
    "/".into()
}

impl TaskRequest {
    /// Reads a request, and refuses what no program could change.
    pub(crate) fn parse(text: &[u8], came_from_stdin: bool) -> Result<TaskRequest> {
        let mut json = serde_json::Deserializer::from_slice(text);
        // The error says at which field.
        let request: TaskRequest = serde_path_to_error::deserialize(&mut json).context("not a task")?;
        json.end().context("not a task")?;
        if !request.trace_variables.is_empty() {
            bail!("not a task: TraceVariables is reserved and must be empty");
        }
        if came_from_stdin && matches!(request.standard_input, StandardInput::Inherit) {
            bail!("not a task: StandardInput cannot be inherited where the task itself comes from standard input");
        }
        request.check().context("not a task")?;
        Ok(request)
    }

    /// Refuses what makes no sense whatever the files of the host are.
    fn check(&self) -> Result<()> {
        let core = self.core()?;
        self.arguments()?;
        match &self.reference {
            Some(_) if core.microarchitecture != Microarchitecture::Reference => {
                bail!(
                    "Reference: these are options of a Reference core, and the core has the microarchitecture {}",
                    core.microarchitecture
                );
            }
            Some(options) => drop(options.shard()?),
            None => {}
        }
        for source in &self.data_sources {
            let location = &source.location;
            if !location.starts_with('/') || location.contains('\0') {
                bail!("DataSources: Location: {location:?} is no absolute path of the program, like /data");
            }
        }
        let locations = self.data_sources.iter().map(|source| source.location.as_str());
        check_working_directory(&self.working_directory, locations).context("WorkingDirectory")
    }

    fn core(&self) -> Result<Core> {
        let core = match &self.core {
            CoreChoice::Named(name) => Core::named(name).context("Core")?,
            CoreChoice::Described(core) => core.clone(),
        };
        core.check().context("Core")?;
        Ok(core)
    }

    /// The program's arguments, without its name.
    fn arguments(&self) -> Result<Vec<String>> {
        let arguments = match &self.arguments {
            Arguments::List(list) => list.clone(),
            Arguments::Text(text) => shlex::split(text)
                .ok_or_else(|| anyhow!("Arguments: a quote is not closed, or a backslash ends the text"))?,
        };
        let has_nul = |text: &String| text.contains('\0');
        if arguments.iter().any(has_nul)
            || self
                .environment
                .iter()
                .any(|(name, value)| has_nul(name) || has_nul(value))
        {
            bail!("Arguments and Environment cannot contain NUL characters");
        }
        Ok(arguments)
    }

    /// A name for the program in messages, and its `argv[0]`.
    pub(crate) fn name(&self) -> String {
        match &self.program {
            ProgramSource::Path(path) => path.display().to_string(),
            ProgramSource::Base64(_) => "program".into(),
        }
    }

    /// The bytes of the program.
    pub(crate) fn program(&self) -> Result<Vec<u8>> {
        match &self.program {
            ProgramSource::Path(path) => std::fs::read(path).with_context(|| path.display().to_string()),
            ProgramSource::Base64(bytes) => Ok(bytes.0.clone()),
        }
    }

    pub(crate) fn input(&self) -> Input {
        match &self.standard_input {
            StandardInput::Empty => Input::bytes([]),
            StandardInput::Inherit => Input::stdin(),
            StandardInput::Text(text) => Input::bytes(text.as_bytes()),
            StandardInput::Base64(bytes) => Input::bytes(bytes.0.as_slice()),
        }
    }

    /// How to run the executions of a Reference core, if that is said.
    pub(crate) fn reference(&self) -> Option<&ReferenceOptions> {
        self.reference.as_ref()
    }

    /// The seed, if clock and randomness depend on nothing else.
    pub(crate) fn deterministic(&self) -> Option<u64> {
        self.deterministic.then_some(self.seed)
    }

    /// The directories of the host that the program sees, and whether it may change them.
    pub(crate) fn directories(&self) -> impl Iterator<Item = (&std::path::Path, bool)> {
        let sources = self.data_sources.iter();
        sources.map(|source| (source.resource_id.as_path(), source.writable))
    }

    /// What to run. Opens the data sources.
    pub(crate) fn task(&self) -> Result<Task> {
        let mut task = Task::new(self.core()?, &self.name());
        task.arguments
            .extend(self.arguments()?.into_iter().map(String::into_bytes));
        let variables = self.environment.iter();
        task.environment = variables
            .map(|(name, value)| format!("{name}={value}").into_bytes())
            .collect();
        for source in &self.data_sources {
            let mount = Mount::new(&source.resource_id, &source.location, source.writable);
            task.mounts
                .push(mount.with_context(|| format!("DataSources: {}", source.resource_id.display()))?);
        }
        task.working_directory.clone_from(&self.working_directory);
        task.check_working_directory().context("WorkingDirectory")?;
        task.seed = self.seed;
        task.printing = match self.printing {
            PrintingChoice::Ux => Printing::Ux,
            PrintingChoice::Particle => Printing::Particle,
        };
        task.limits = self.limits.limits();
        Ok(task)
    }
}

impl TaskLimits {
    fn limits(&self) -> Limits {
        let default = Limits::default();
        Limits {
            instructions: self.instructions,
            processor_time: self.processor_time_in_milliseconds.map(Duration::from_millis),
            wall_time: self.wall_time_in_milliseconds.map(Duration::from_millis),
            memory: self.memory,
            output_bytes: self.output_bytes,
            written_bytes: self.written_bytes,
            open_files: self.open_files,
            distribution_memory: self.distribution_memory.unwrap_or(default.distribution_memory),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TaskRequest;

    #[test]
    fn an_error_names_its_field() {
        for (field, text) in [
            ("Core.Microarchitecture", r#""Core": {"Microarchitecture": "Cairo"}"#),
            ("Core", r#""Core": {"Microarchitecture": "Athens"}"#),
            ("Core", r#""Core": 3"#),
            ("Arguments[1]", r#""Arguments": ["3", 4]"#),
            ("Limits.Instructions", r#""Limits": {"Instructions": "many"}"#),
            ("Core", r#""Core": "C0-FOO""#),
            (
                "Core: precision 3",
                r#""Core": {"Microarchitecture": "Athens", "Precision": 3, "MemorySize": 64000000}"#,
            ),
            (
                "StandardInput.Base64: not base64",
                r#""StandardInput": {"Base64": "!!!"}"#,
            ),
            ("Arguments: a quote is not closed", r#""Arguments": "3 'a name""#),
            ("Arguments and Environment", r#""Environment": {"A": "\u0000"}"#),
            (
                "Reference.Shard: '5/2' is no shard",
                r#""Core": "C0-Reference", "Reference": {"Shard": "5/2"}"#,
            ),
            (
                "Reference: these are options of a Reference core",
                r#""Reference": {"Shard": "1/2"}"#,
            ),
            ("WorkingDirectory: \"data\" is", r#""WorkingDirectory": "data""#),
            ("WorkingDirectory: \"/data\" is", r#""WorkingDirectory": "/data""#),
            (
                "DataSources: Location: \"data\" is",
                r#""DataSources": [{"Location": "data", "ResourceID": "."}]"#,
            ),
        ] {
            let text = format!(r#"{{"Program": {{"Path": "a.elf"}}, {text}}}"#);
            let error = TaskRequest::parse(text.as_bytes(), false).expect_err(&text);
            let message = format!("{error:#}");
            assert!(message.starts_with(&format!("not a task: {field}")), "{message}");
        }
        let error = TaskRequest::parse(br#"{"Program": {"Base64": "!!!"}}"#, false).expect_err("no base64");
        let message = format!("{error:#}");
        assert!(
            message.starts_with("not a task: Program.Base64: not base64: "),
            "{message}"
        );
    }
}
