//! Commands and options: the one table that parsing, help and completions are made from.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Runs ordinary RV64 programs on cores that compute with probability distributions.
#[derive(Debug, Parser)]
#[command(name = "sigemu", version, max_term_width = 100)]
pub(crate) struct Sigemu {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a program
    Run(RunArguments),
    /// Compile a program with Debian's RISC-V compiler and the UxHw library
    Build(BuildArguments),
    /// List the default cores
    Cores,
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// The core: a default name (see `sigemu cores`), or a JSON file in the API's form [default: C0-S]
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
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) seed: u64,

    /// Bytes of stack, taken from the core's memory [default: 8 MB, or a quarter of a smaller memory]
    #[arg(long, value_name = "BYTES")]
    pub(crate) stack_size: Option<u64>,

    /// Print what the run took to stderr
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub(crate) stats: Option<StatsFormat>,

    /// End the run after this many instructions, with exit status 124
    #[arg(long, value_name = "N")]
    pub(crate) instruction_limit: Option<u64>,

    #[command(flatten)]
    pub(crate) bare: BareArguments,

    /// Send every instruction through the tracked path (for tests of sigemu itself)
    #[arg(long, hide = true)]
    pub(crate) force_tracking: bool,

    /// The program: a static RV64 ELF file
    pub(crate) program: PathBuf,

    /// Arguments for the program; a Ux text is a value with that distribution
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) arguments: Vec<String>,
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
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub(crate) signature_granularity: u16,
}

#[derive(Debug, Args)]
pub(crate) struct BuildArguments {
    /// Source files: C, C++, Fortran, assembly
    #[arg(required = true, value_name = "SOURCE")]
    pub(crate) sources: Vec<PathBuf>,

    /// The executable to write [default: the name of the first source, with .elf]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Further flags for the compiler, after `--`
    #[arg(last = true, value_name = "FLAG")]
    pub(crate) flags: Vec<String>,
}

/// A core that is not one of the defaults.
#[derive(Debug, Args)]
pub(crate) struct CustomCore {
    /// Athens, Zurich, Jupiter, Bypass or Reference
    #[arg(long, value_name = "NAME")]
    pub(crate) microarchitecture: Option<String>,

    /// Dirac deltas a value, 4 to 8000
    #[arg(long, value_name = "N")]
    pub(crate) precision: Option<u64>,

    /// Bytes of memory, 256000 to 4000000000
    #[arg(long, value_name = "BYTES")]
    pub(crate) memory_size: Option<u64>,

    /// Autocorrelation or Disable
    #[arg(long, value_name = "MODE")]
    pub(crate) correlation_tracking: Option<String>,
}

/// How `--stats` prints.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum StatsFormat {
    /// A line for a person.
    Text,
    /// One JSON object with the API's names.
    Json,
}
