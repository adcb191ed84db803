//! The machine: hart, memory, execution, shadow, hooks, system calls, cores.
//!
//! In reading order:
//!
//! * [`Program`]: an executable, decoded once. [`Task`]: a core, arguments, files, a seed. [`Machine`]: one run of a program with
//!   a task, in a [`Host`]; [`Machine::run`] ends with a [`Report`].
//! * [`Core`]: which processors exist, and their limits.
//! * `memory`, `hart`, `exec`, `engine`, [`float`]: an RV64GC processor, bit for bit, which knows nothing of distributions.
//! * `shadow`: the distributions beside the registers and memory words, and what each class of instruction does to them.
//! * `hooks`: functions of the C library that print, read or compute with distributions; `uxhw`: the functions of the UxHw API.
//! * `linux`: the system calls.
//! * `bare`: the other environment, [`BareMachine`]: all privilege modes and no operating system.
//!
//! The library prints nothing, reads no environment variable, and reaches files, clocks and randomness only through the
//! [`Host`] and the [`Mount`]s that it is given.
//!
//! ```no_run
//! use std::sync::Arc;
//! use emulator::{Core, Machine, Program, SystemHost, Task};
//!
//! let program = Arc::new(Program::open("app.elf".as_ref())?);
//! let task = Task::new(Core::named("C0-S")?, "app.elf");
//! let report = Machine::new(program, task, Box::new(SystemHost::new()))?.run();
//! println!("exit status {}", report.exit.status());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bare;
mod cores;
mod engine;
mod environment;
mod exec;
mod fault;
pub mod float;
mod hart;
mod hooks;
mod host;
mod linux;
mod machine;
mod memory;
mod program;
mod shadow;
mod stats;
mod trap;
mod uxhw;

pub use distcore;

pub use bare::{BareError, BareMachine};
pub use cores::{
    Class, Core, CoreError, CorrelationTracking, MEMORY_SIZE_RANGE, Microarchitecture, PRECISION_RANGE,
    REFERENCE_PRECISION_RANGE,
};
pub use engine::Engine;
pub use fault::Fault;
pub use hart::Hart;
pub use host::{Host, Stream, SystemHost};
pub use linux::{Mount, StartError};
pub use loader::{LoadError, Location};
pub use machine::{Exit, Machine, Printing, Report, RunError, Task};
pub use memory::Memory;
pub use program::Program;
pub use shadow::{BranchSite, Decision};
pub use stats::Stats;
pub use trap::{Signal, Trap};
