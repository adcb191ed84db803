//! Commands and options: the one table that parsing, help and completions are made from.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::Resettable;
use clap::{ArgMatches, Args, FromArgMatches, Parser, Subcommand, ValueEnum};
use emulator::reference::Shard;

use crate::doctor::DoctorArguments;
use crate::numbers;
use crate::plot::PlotArguments;
use crate::samples::SamplesArguments;
use crate::shell::{CompletionsArguments, ManArguments};
use crate::ux::UxCommand;

/// Runs ordinary RV64 programs on cores that compute with probability distributions.
#[derive(Debug, Parser)]
#[command(name = "sigemu", version, max_term_width = 100)]
pub(crate) struct Sigemu {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a program, or an application folder
    Run(Box<RunArguments>),
    /// Run a task of a server: JSON in, JSON events out
    Task(Later<TaskArguments>),
    /// Compile a program or an application folder with Debian's RISC-V compiler and the UxHw library
    Build(Later<BuildArguments>),
    /// Join the values files that the shards of a Reference task wrote
    Merge(Later<MergeArguments>),
    /// List the default cores
    Cores,
    /// Draw random samples from a value
    Samples(Later<SamplesArguments>),
    /// Draw values: in the terminal, as SVG or as PNG
    Plot(Later<PlotArguments>),
    /// Inspect, convert and compare Ux values
    #[command(subcommand)]
    Ux(UxCommand),
    /// Say what this machine has for sigemu and what it lacks; exit code 1 if programs cannot be built
    Doctor(Later<DoctorArguments>),
    /// Print the script that lets a shell complete commands and options
    Completions(Later<CompletionsArguments>),
    /// Print the manual page, or write one for each command
    Man(Later<ManArguments>),
}

/// The arguments of a command, put together only where that command is asked for: those of all take longer than a program to start.
#[derive(Debug)]
pub(crate) struct Later<T>(pub(crate) T);

impl<T: Args> FromArgMatches for Later<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        T::from_arg_matches(matches).map(Later)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// `command` with arguments, and still with its own description: that of the arguments' structure says less.
fn described(command: clap::Command, augment: fn(clap::Command) -> clap::Command) -> clap::Command {
    let (about, long_about) = (command.get_about().cloned(), command.get_long_about().cloned());
    augment(command)
        .about(Resettable::from(about))
        .long_about(Resettable::from(long_about))
}

impl<T: Args> Args for Later<T> {
    fn augment_args(command: clap::Command) -> clap::Command {
        command.defer(|command| described(command, T::augment_args))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        command.defer(|command| described(command, T::augment_args_for_update))
    }
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// The core: a default name such as C0-S (see `sigemu cores`), or a JSON file in the API's form [default: C0-S, or the
    /// MinimumCore of an application folder]
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) core: Option<String>,

    #[command(flatten)]
    pub(crate) custom: CustomCore,

    /// Print the exact Ux text of every floating value, as a core does (the default unless stdout is a terminal)
    #[arg(long, conflicts_with = "particle")]
    pub(crate) ux: bool,

    /// Print plain numbers: of every uncertain value its particle
    #[arg(long)]
    pub(crate) particle: bool,

    /// Seed of all random draws
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = numbers::any, allow_negative_numbers = true)]
    pub(crate) seed: u64,

    /// Bytes of stack, 16384 or more, taken from the core's memory [default: 8 MB, or a quarter of a smaller memory]
    #[arg(long, value_name = "BYTES", value_parser = numbers::stack_size, allow_negative_numbers = true)]
    pub(crate) stack_size: Option<u64>,

    /// Print what the run took to stderr
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub(crate) stats: Option<StatsFormat>,

    /// List the functions that are recognised by name, and run nothing
    #[arg(long)]
    pub(crate) explain_hooks: bool,

    /// Show the program a directory of the host, under an absolute path of its own; read-only unless `:rw` follows. May be
    /// repeated. With --mount, the program sees these directories and nothing else. Without, it sees the current directory (the
    /// inputs/ of an application folder) as `/`, and may write there. No link and no `..` leads out of a mounted directory
    #[arg(long = "mount", value_name = "HOST:GUEST[:ro|rw]")]
    pub(crate) mounts: Vec<MountArgument>,

    /// The program's working directory, an absolute path of its own that exists
    #[arg(long, value_name = "GUEST", default_value = "/")]
    pub(crate) cwd: String,

    /// Freeze the clock (at 2001-09-09 01:46:40 UTC; sleeping moves it) and draw the program's random bytes from the seed
    #[arg(long)]
    pub(crate) deterministic: bool,

    /// Print tables to stderr after the run: where the program's way depended on a distribution, how often, and how probable the
    /// other way was; and which values correlation tracking had to approximate
    #[arg(long)]
    pub(crate) report: bool,

    /// Print a table to stderr after the run: the functions that took the most instructions, the operations on distributions in them
    /// and the time of those. With a file, also write a flame graph (SVG) of the instructions. The run takes some times as long
    #[arg(long, value_name = "FILE.svg", num_args = 0..=1, require_equals = true)]
    pub(crate) profile: Option<Option<PathBuf>>,

    /// The engine for plain code (for tests of sigemu itself)
    #[arg(long, hide = true, value_name = "NAME", default_value = "fastest")]
    pub(crate) engine: EngineArgument,

    /// End the run after this many instructions, with exit status 124
    #[arg(long, value_name = "N", value_parser = numbers::any, allow_negative_numbers = true)]
    pub(crate) instruction_limit: Option<u64>,

    #[command(flatten)]
    pub(crate) bare: BareArguments,

    #[command(flatten)]
    pub(crate) reference: ReferenceArguments,

    /// Send every instruction through the tracked path (for tests of sigemu itself)
    #[arg(long, hide = true)]
    pub(crate) force_tracking: bool,

    /// The program: a static RV64 ELF file, or an application folder, which is built first if its executable is not up to date
    pub(crate) program: PathBuf,

    /// Arguments for the program; a Ux text is a value with that distribution
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) arguments: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct TaskArguments {
    /// The task, a JSON object (see --schema); `-` reads it from standard input, up to its end
    #[arg(default_value = "-", value_name = "FILE")]
    pub(crate) task: PathBuf,

    /// Lock this process into its data sources before the program starts, with seccomp and Landlock. Fails where the kernel has not
    /// both
    #[arg(long)]
    pub(crate) sandbox: bool,

    /// Print the JSON Schema of tasks or of events, and run nothing
    #[arg(long, value_name = "WHAT", conflicts_with_all = ["sandbox"])]
    pub(crate) schema: Option<SchemaArgument>,
}

/// The two directions of `sigemu task`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SchemaArgument {
    Task,
    Event,
}

/// Programs that run without operating system.
#[derive(Debug, Args)]
pub(crate) struct BareArguments {
    /// Run the program on a bare machine; programs with `tohost` and `fromhost` or with semihosting calls always run there
    #[arg(long)]
    pub(crate) bare: bool,

    /// Write the memory from begin_signature to end_signature to a file when a bare program ends, as Spike does
    #[arg(long, value_name = "FILE")]
    pub(crate) signature: Option<PathBuf>,

    /// Bytes in a line of the signature
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = numbers::within::<u16>(1..=4096), allow_negative_numbers = true)]
    pub(crate) signature_granularity: u16,
}

/// Many executions of a program, each with one random draw a source.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reference cores")]
pub(crate) struct ReferenceArguments {
    /// The file for what all executions printed [default: sigemu.values, or sigemu-I-of-N.values with --shard I/N]
    #[arg(long, value_name = "FILE")]
    pub(crate) values: Option<PathBuf>,

    /// Threads that execute [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = numbers::threads, allow_negative_numbers = true)]
    pub(crate) threads: Option<NonZeroUsize>,

    /// Make only part I of N of the executions, from 1/N to N/N; `sigemu merge` joins the values files
    #[arg(long, value_name = "I/N", allow_hyphen_values = true)]
    pub(crate) shard: Option<Shard>,
}

#[derive(Debug, Args)]
pub(crate) struct MergeArguments {
    /// The values file to write
    pub(crate) output: PathBuf,

    /// The values files of all shards, in any order
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct BuildArguments {
    /// Source files (C, C++, Fortran, assembly), or one application folder: all sources below its src/, or where it has
    /// none those directly in it, as config.mk beside them has it
    #[arg(required = true, value_name = "SOURCE|FOLDER")]
    pub(crate) sources: Vec<PathBuf>,

    /// The executable to write [default: the name of the first source, or of the folder and in it, with .elf]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Further flags for the compiler, after `--`
    #[arg(last = true, value_name = "FLAG")]
    pub(crate) flags: Vec<String>,
}

/// `HOST:GUEST[:ro|rw]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MountArgument {
    pub(crate) host: PathBuf,
    pub(crate) guest: String,
    pub(crate) writable: bool,
}

impl FromStr for MountArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (rest, writable) = match text.rsplit_once(':') {
            Some((rest, "rw")) => (rest, true),
            Some((rest, "ro")) => (rest, false),
            _ => (text, false),
        };
        match rest.rsplit_once(':') {
            Some((host, guest)) if !host.is_empty() && guest.starts_with('/') => Ok(MountArgument {
                host: host.into(),
                guest: guest.into(),
                writable,
            }),
            _ => Err(
                "a mount is HOST:GUEST, HOST:GUEST:ro or HOST:GUEST:rw, and GUEST an absolute path such as /data"
                    .into(),
            ),
        }
    }
}

/// A core that is not one of the defaults.
#[derive(Debug, Args)]
pub(crate) struct CustomCore {
    /// Athens, Zurich, Jupiter, Delos, Bypass or Reference
    #[arg(long, value_name = "NAME")]
    pub(crate) microarchitecture: Option<String>,

    /// Dirac deltas a value, 4 to 8000; executions on a Reference core, 4 to 1000000
    #[arg(long, value_name = "N", value_parser = numbers::precision, allow_negative_numbers = true)]
    pub(crate) precision: Option<u64>,

    /// Bytes of memory, 256000 to 4000000000
    #[arg(long, value_name = "BYTES", value_parser = numbers::memory_size, allow_negative_numbers = true)]
    pub(crate) memory_size: Option<u64>,

    /// Autocorrelation or Disable, on Athens, Zurich and Jupiter; Delos has the first in any case
    #[arg(long, value_name = "MODE")]
    pub(crate) correlation_tracking: Option<String>,
}

/// The engines.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum EngineArgument {
    Fastest,
    Portable,
    Stepping,
    Threaded,
}

/// How `--stats` prints.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum StatsFormat {
    /// A line for a person.
    Text,
    /// One JSON object with the API's names.
    Json,
}
