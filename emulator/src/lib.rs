//! The machine: hart, memory, execution, shadow, hooks, system calls, cores.
//!
//! In reading order:
//!
//! * [`Program`]: an executable, decoded once. [`Task`]: a core, arguments, files, a seed, [`Limits`], a [`Cancel`]. [`Machine`]: one run
//!   of a program with a task, in a [`Host`]; [`Machine::run`] ends with a [`Report`].
//! * [`Core`]: which processors exist, and their limits.
//! * `memory`, `hart`, `exec`, `engine`, [`float`]: an RV64GC processor, bit for bit, which knows nothing of distributions.
//! * `shadow`: the distributions beside the registers and memory words, and what each class of instruction does to them.
//! * `hooks`: functions of the C library that print, read or compute with distributions; `uxhw`: the functions of the UxHw API.
//! * [`reference`]: Reference cores: many executions of one program.
//! * `linux`: the system calls.
//! * `bare`: the other environment, [`BareMachine`]: all privilege modes and no operating system.
//!
//! The library prints nothing, reads no environment variable, and reaches files, clocks and randomness only through the
//! [`Host`] and the [`Mount`]s that it is given. Of the machine it runs on it asks processor time and memory size, for limits and
//! figures.
//!
//! # Embedding
//!
//! A program is decoded once and run many times, on as many threads as you like; a run that goes wrong ends and harms no other.
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use std::time::Duration;
//! use emulator::{Cancel, Core, Exit, Limit, Limits, Machine, Program, Task, TaskHost};
//!
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../sdk/examples/wing-lift/wing-lift.elf");
//! let program = Arc::new(Program::open(path.as_ref())?);
//!
//! let mut task = Task::new(Core::named("C0-S")?, "wing-lift");
//! task.limits.wall_time = Some(Duration::from_secs(60));
//! let printed = Arc::new(Mutex::new(Vec::new()));
//! let sink = Arc::clone(&printed);
//! let host = TaskHost::new().output(move |_stream, chunk| {
//!     sink.lock().unwrap().extend_from_slice(chunk);
//!     Ok(())
//! });
//! let report = Machine::new(Arc::clone(&program), task, Box::new(host))?.run();
//! assert_eq!(report.exit, Exit::Status(0));
//! assert!(report.stats.uncertain_operations > 0);
//! assert!(String::from_utf8_lossy(&printed.lock().unwrap()).contains("dynamic pressure = 480.200000Ux"));
//!
//! // The same program with next to nothing to use, and with nobody who waits for it.
//! let mut poor = Task::new(Core::named("C0-S")?, "wing-lift");
//! poor.limits = Limits { instructions: Some(1000), ..Limits::default() };
//! let report = Machine::new(Arc::clone(&program), poor, Box::new(TaskHost::new()))?.run();
//! assert_eq!(report.exit, Exit::Stopped(Limit::Instructions));
//!
//! let cancel = Cancel::new();
//! let mut unwanted = Task::new(Core::named("C0-S")?, "wing-lift");
//! unwanted.cancel = Some(cancel.clone());
//! let mut machine = Machine::new(program, unwanted, Box::new(TaskHost::new()))?;
//! cancel.cancel(); // from any thread, at any time
//! assert_eq!(machine.run().exit, Exit::Cancelled);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bare;
mod cancel;
mod cores;
mod engine;
mod environment;
mod exec;
mod fault;
pub mod float;
mod hart;
mod hooks;
mod host;
mod limits;
mod linux;
mod machine;
mod memory;
mod profile;
mod program;
pub mod reference;
mod resources;
mod shadow;
mod stats;
mod trap;
mod uxhw;
mod warm;

pub use distcore;

pub use bare::{BareError, BareMachine};
pub use cancel::Cancel;
pub use cores::{
    Class, Core, CoreError, CorrelationTracking, MEMORY_SIZE_RANGE, Microarchitecture, PRECISION_RANGE,
    REFERENCE_PRECISION_RANGE,
};
pub use engine::Engine;
pub use fault::Fault;
pub use hart::Hart;
pub use host::{Host, Input, InputSender, Stream, SystemHost, TaskHost};
pub use limits::{Limit, Limits};
pub use linux::{Mount, StartError, check_working_directory};
pub use loader::{FileBytes, LoadError, Location};
pub use machine::{Exit, Machine, Printing, Report, RunError, Task};
pub use memory::Memory;
pub use profile::{FunctionProfile, Profile, StackProfile};
pub use program::Program;
pub use shadow::{ApproximationSite, Approximations, BranchSite, Decision};
pub use stats::Stats;
pub use trap::{Signal, Trap};
