//! One run of a program on a core.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::bare::{BareError, Supervision};
use crate::cancel::{Cancel, Reason};
use crate::cores::{Core, CoreError, Microarchitecture};
use crate::engine::{self, Blocks, Engine, NoTracking, Stop};
use crate::environment::Environment;
use crate::fault::Fault;
use crate::hart::{Hart, reg};
use crate::host::{Host, Metered};
use crate::limits::{Allowance, Limit, Limits, Watchdog};
use crate::linux::{
    Delivery, Files, Mount, Outcome, Process, SavedRegisters, StartError, StartOptions, check_mounted, load_segments,
};
use crate::memory::{Memory, MemorySnapshot};
use crate::profile::{Profile, Profiler};
use crate::program::Program;
use crate::reference::Recorder;
use crate::resources::ThreadClock;
use crate::shadow::{self, Approximations, BranchSite, Shadow};
use crate::stats::Stats;
use crate::trap::{Signal, Trap};
use crate::warm::Prepared;

/// Plain instructions between two looks at the cancel flag: a millisecond at most in the slower engine. All else (system calls, hooks,
/// blocks that touch distributions) is followed by a look of its own.
const POLL_INTERVAL: u64 = 1 << 18;

/// The host's own stack is part of the state there, of which no second machine can be made.
const NESTED_DRAW: &str = "a Reference core whose first draw is made inside a function that the C library calls back";

/// What to run, and with what. [`Task::new`] gives the defaults.
#[derive(Debug)]
pub struct Task {
    /// The core to run on.
    pub core: Core,
    /// Arguments, the program's name first.
    pub arguments: Vec<Vec<u8>>,
    /// Environment, as `NAME=value`.
    pub environment: Vec<Vec<u8>>,
    /// The directories that the guest can see.
    pub mounts: Vec<Mount>,
    /// The guest's working directory.
    pub working_directory: String,
    /// Seed of every random draw.
    pub seed: u64,
    /// Stack size in bytes; by default 8 MB, or a quarter of a smaller memory.
    pub stack_size: Option<u64>,
    /// What the guest's output shows of an uncertain value.
    pub printing: Printing,
    /// A request that ends the run soon after it is made.
    pub cancel: Option<Cancel>,
    /// What the run may use at most.
    pub limits: Limits,
    /// The engine for code that touches no distribution.
    pub engine: Engine,
    /// Sends every instruction through the tracked path, for tests: results are the same, and slower.
    pub force_tracking: bool,
    /// Finds out where the run spends its instructions ([`Report::profile`]); it takes some times as long.
    pub profile: bool,
    /// Finds how probable the other way was wherever a distribution decides ([`BranchSite::other_way`]). With correlation tracking
    /// that can take long: each time it is a question about everything that led there.
    pub weighs_decisions: bool,
}

impl Task {
    /// A run on `core` without arguments beyond the program's name, without environment and without files.
    #[must_use]
    pub fn new(core: Core, name: &str) -> Task {
        Task {
            core,
            arguments: vec![name.as_bytes().to_vec()],
            environment: Vec::new(),
            mounts: Vec::new(),
            working_directory: "/".into(),
            seed: 0,
            stack_size: None,
            printing: Printing::Ux,
            cancel: None,
            limits: Limits::default(),
            engine: Engine::default(),
            force_tracking: false,
            profile: false,
            weighs_decisions: true,
        }
    }

    /// Refuses a working directory that is not there. Starting a [`Machine`] does so, too.
    ///
    /// # Errors
    ///
    /// [`StartError::WorkingDirectory`].
    pub fn check_working_directory(&self) -> Result<(), StartError> {
        check_mounted(&self.working_directory, &self.mounts)
    }

    /// Whether loads are watched for distributions, and by which engine.
    fn runs_on(&self) -> (bool, Engine) {
        let watched = self.core.microarchitecture != Microarchitecture::Bypass;
        // The threaded engine tells nobody where it is.
        (watched, if self.profile { Engine::Portable } else { self.engine })
    }
}

/// What a floating conversion of the printf family prints on a core that tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Printing {
    /// The particle followed by the Ux text, as a real core does.
    #[default]
    Ux,
    /// The particle alone, as an ordinary processor does.
    Particle,
}

/// Why a run could not start.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The core does not exist, or is not emulated.
    #[error(transparent)]
    Core(#[from] CoreError),
    /// A Reference core is many machines.
    #[error("a Reference core runs a program many times: it is run by emulator::reference")]
    Reference,
    /// The program does not fit the core.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The program does not fit a bare machine.
    #[error(transparent)]
    Bare(#[from] BareError),
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exit {
    /// The program exited with this status, 0 to 255.
    Status(u8),
    /// The program sent itself a signal (`abort`), or wrote to a pipe that nobody reads.
    Signal(Signal),
    /// The program did what no program may do.
    Fault(Fault),
    /// The run was cancelled.
    Cancelled,
    /// One of [`Task::limits`] was reached.
    Stopped(Limit),
    /// A bare machine that can never go on, and why: a trap handler that traps, a wait that nothing ends.
    Stuck(String),
    /// The program needs something that this environment does not have.
    Unsupported(&'static str),
    /// The emulator itself has failed, with this message: a bug in it, which ends this run and no other.
    Failed(String),
}

impl Exit {
    /// The exit status that a shell would report, 0 to 255.
    #[must_use]
    pub fn status(&self) -> u8 {
        match self {
            Exit::Status(status) => *status,
            Exit::Signal(signal) => signal.exit_status(),
            Exit::Fault(fault) => fault.trap.signal().exit_status(),
            Exit::Cancelled => 130,
            Exit::Stopped(_) => 124,
            Exit::Unsupported(_) | Exit::Stuck(_) => 1,
            Exit::Failed(_) => 70, // EX_SOFTWARE
        }
    }
}

/// Why a hooked function or a UxHw function cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The guest passed a pointer that it could not use itself.
    Trap(Trap),
    /// This version does not have the function.
    Unsupported(&'static str),
    /// A guest function that the host called has not come back.
    Ended(Ended),
    /// On a Reference core: this will be the first draw. Nothing of it has been done.
    FirstDraw,
}

/// Why the machine stopped running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The program has ended.
    Exit(Exit),
    /// A function that the host called has returned; the stack pointer tells which call it was.
    Returned {
        /// The stack pointer at the return, which is that of the call.
        stack_pointer: u64,
    },
    /// What is at the program counter will be the first draw of a Reference core; nothing of it has been done.
    FirstDraw,
}

impl From<Exit> for Ended {
    fn from(exit: Exit) -> Self {
        Ended::Exit(exit)
    }
}

impl From<Trap> for Failure {
    fn from(trap: Trap) -> Self {
        Failure::Trap(trap)
    }
}

/// A finished run.
#[derive(Debug, Clone)]
pub struct Report {
    /// How it ended.
    pub exit: Exit,
    /// What it took.
    pub stats: Stats,
    /// Where the program's way depended on a distribution, ascending by address.
    pub decisions: Vec<BranchSite>,
    /// What correlation tracking could not compute exactly; `None` without it.
    pub approximations: Option<Approximations>,
    /// Where the instructions were spent, if [`Task::profile`] asked for it.
    pub profile: Option<Profile>,
}

/// A machine in the middle of a run.
pub struct Machine {
    pub(crate) program: Arc<Program>,
    pub(crate) hart: Hart,
    pub(crate) memory: Memory,
    pub(crate) shadow: Option<Shadow>,
    pub(crate) environment: Environment,
    pub(crate) host: Box<dyn Host>,
    pub(crate) hooks: crate::hooks::State,
    /// On a Reference core.
    pub(crate) recorder: Option<Recorder>,
    pub(crate) blocks: Blocks,
    /// What memory goes back to for the next run of the program.
    snapshot: Option<Arc<MemorySnapshot>>,
    profiler: Option<Box<Profiler>>,
    /// This run's own: limits stop it too.
    pub(crate) cancel: Cancel,
    pub(crate) limits: Limits,
    start: Instant,
}

/// A program in memory, and what stands around it.
struct Loaded {
    hart: Hart,
    prepared: Prepared,
    /// Where the stack is.
    stack: Range<u64>,
    environment: Environment,
    cancel: Cancel,
    start: Instant,
}

impl Machine {
    /// Loads `program`, one for Linux, into a new machine.
    ///
    /// # Errors
    ///
    /// The core is not one that can be emulated, or the program does not fit into its memory.
    pub fn new(program: Arc<Program>, task: Task, host: Box<dyn Host>) -> Result<Machine, RunError> {
        if task.core.microarchitecture == Microarchitecture::Reference {
            return Err(RunError::Reference);
        }
        Machine::load(program, task, host)
    }

    /// As [`Machine::new`], on any core: on a Reference core a machine that stops at its first draw.
    pub(crate) fn load(program: Arc<Program>, mut task: Task, host: Box<dyn Host>) -> Result<Machine, RunError> {
        task.core.check()?;
        task.check_working_directory()?;
        let start = Instant::now();
        let cancel = task.cancel.as_ref().map_or_else(Cancel::new, Cancel::child);
        let (watched, engine) = task.runs_on();
        let mut prepared = match task.core.microarchitecture {
            Microarchitecture::Reference => {
                let mut memory = Memory::new(task.core.memory_size);
                load_segments(&mut memory, program.image())?;
                Prepared::new(memory, watched, engine)
            }
            _ => (program.warm).prepare(program.image(), task.core.memory_size, watched, engine)?,
        };
        let memory = &mut prepared.memory;
        let mut hart = Hart::new(0);
        let mut random = distcore::Generator::new(task.seed);
        let random: [u8; 16] = std::array::from_fn(|i| if i % 8 == 0 { random.bits() } else { 0 }.to_le_bytes()[i % 8]);
        let process = Process::start(
            program.image(),
            memory,
            &mut hart,
            StartOptions {
                arguments: std::mem::take(&mut task.arguments),
                environment: std::mem::take(&mut task.environment),
                mounts: std::mem::take(&mut task.mounts),
                working_directory: std::mem::take(&mut task.working_directory),
                stack_size: task.stack_size,
                random,
                limits: &task.limits,
                cancel: &cancel,
            },
        )?;
        let loaded = Loaded {
            stack: process.stack(memory),
            hart,
            prepared,
            environment: Environment::Linux(Box::new(process)),
            cancel,
            start,
        };
        Machine::with(program, task, host, loaded)
    }

    /// Loads `program`, one without operating system that makes [semihosting calls](Program::is_semihosted), into a new machine: in
    /// machine mode, and as [`BareMachine`](crate::BareMachine) says. Modes, interrupts and devices are there only.
    ///
    /// # Errors
    ///
    /// The core is not one that can be emulated, or the program does not fit the machine.
    pub fn bare(program: Arc<Program>, mut task: Task, host: Box<dyn Host>) -> Result<Machine, RunError> {
        task.core.check()?;
        task.check_working_directory()?;
        if task.core.microarchitecture == Microarchitecture::Reference {
            return Err(RunError::Reference);
        }
        let start = Instant::now();
        let cancel = task.cancel.as_ref().map_or_else(Cancel::new, Cancel::child);
        let image = program.image();
        let mounts = std::mem::take(&mut task.mounts);
        let files = Files::new(mounts, &task.working_directory, &task.limits, &cancel);
        let (watched, engine) = task.runs_on();
        let (memory, supervision) = Supervision::start(image, task.core.memory_size, files, &task.arguments)?;
        let loaded = Loaded {
            hart: Hart::new(image.entry & !1),
            prepared: Prepared::new(memory, watched, engine),
            // Only the program knows where its stack is.
            stack: 0..0,
            environment: Environment::Bare(Box::new(supervision)),
            cancel,
            start,
        };
        Machine::with(program, task, host, loaded)
    }

    fn with(program: Arc<Program>, task: Task, host: Box<dyn Host>, loaded: Loaded) -> Result<Machine, RunError> {
        let Loaded {
            hart,
            prepared,
            stack,
            environment,
            cancel,
            start,
        } = loaded;
        let Prepared {
            mut memory,
            blocks,
            snapshot,
        } = prepared;
        let limits = task.limits;
        let recorder = (task.core.microarchitecture == Microarchitecture::Reference).then(|| Recorder::new(task.seed));
        let mut shadow = match task.core.microarchitecture {
            Microarchitecture::Bypass => None,
            _ => {
                let options = shadow::Options {
                    forced: task.force_tracking,
                    weighs_decisions: task.weighs_decisions,
                };
                Some(Shadow::new(&task.core, task.seed, stack, options)?)
            }
        };
        if let Some(shadow) = &mut shadow {
            shadow.set_limit(limits.distribution_memory, &cancel);
        }
        let hooks = crate::hooks::State::new(&mut memory, task.printing);
        Ok(Machine {
            program,
            hart,
            memory,
            blocks,
            snapshot,
            profiler: task.profile.then(|| Box::new(Profiler::new())),
            shadow,
            environment,
            host: limited(host, &limits, &cancel),
            hooks,
            recorder,
            cancel,
            limits,
            start,
        })
    }

    /// Runs to the end.
    pub fn run(&mut self) -> Report {
        let clock = ThreadClock::current();
        let used_before = clock.now();
        let watchdog = Watchdog::start(&self.limits, &self.cancel);
        let exit = self.run_to_end();
        drop(watchdog);
        let stats = self.stats(clock.now().saturating_sub(used_before));
        let decisions = self.shadow.as_ref().map_or_else(Vec::new, Shadow::branch_sites);
        Report {
            exit,
            stats,
            decisions,
            approximations: self.shadow.as_ref().and_then(Shadow::approximations),
            profile: (self.profiler.as_mut()).map(|profiler| profiler.finish(self.hart.instret)),
        }
    }

    /// Runs until the program ends.
    pub(crate) fn run_to_end(&mut self) -> Exit {
        let exit = catch_panic(|| {
            let ended = self.run_on(false);
            self.exit(ended)
        });
        self.host.flush();
        if matches!(exit, Exit::Failed(_)) {
            self.snapshot = None; // nobody knows what state it is in
        }
        exit
    }

    /// Runs a program on a Reference core up to its first draw. Gives how it ended if it makes none.
    pub(crate) fn run_up(&mut self) -> Option<Exit> {
        let mut draws = false;
        let exit = catch_panic(|| {
            let ended = self.run_on(false);
            draws = ended == Ended::FirstDraw;
            if draws { Exit::Status(0) } else { self.exit(ended) }
        });
        if draws {
            return None;
        }
        self.host.flush();
        Some(exit)
    }

    /// Another machine in the same state, of a Reference core before its first draw.
    pub(crate) fn sibling(&self, memory: Memory, host: Box<dyn Host>) -> Machine {
        Machine {
            program: Arc::clone(&self.program),
            hart: self.hart.clone(),
            memory,
            shadow: self.shadow.as_ref().and_then(Shadow::sibling),
            environment: self.environment.fork(),
            host,
            hooks: self.hooks.clone(),
            recorder: self.recorder.as_ref().map(Recorder::sibling),
            blocks: self.blocks.sibling(),
            snapshot: None,
            profiler: None,
            cancel: self.cancel.clone(),
            limits: self.limits.clone(),
            start: self.start,
        }
    }

    /// What the machine has taken so far, and `processor_time`.
    pub(crate) fn stats(&self, processor_time: Duration) -> Stats {
        Stats {
            dynamic_instructions: self.hart.instret,
            processor_time,
            wall_time: self.start.elapsed(),
            peak_memory: crate::resources::peak_memory(),
            uncertain_operations: self.shadow.as_ref().map_or(0, Shadow::operations),
            uncertain_branches: self.shadow.as_ref().map_or(0, Shadow::uncertain_branches),
        }
    }

    /// How the program ended, when nothing is under way any more.
    pub(crate) fn exit(&mut self, ended: Ended) -> Exit {
        let exit = match ended {
            Ended::Exit(exit) => exit,
            // The guest jumped to the trampoline on its own.
            Ended::Returned { .. } => self.fault(Trap::FetchFault { address: self.hart.pc }),
            Ended::FirstDraw => Exit::Unsupported(NESTED_DRAW),
        };
        self.environment.finish(&mut *self.host);
        self.suspect_buffer(&exit);
        exit
    }

    /// A draw is about to be made. The first one ends the run-up of a Reference core.
    pub(crate) fn before_draw(&self) -> Result<(), Failure> {
        match &self.recorder {
            Some(recorder) if recorder.is_run_up() && self.is_nested() => Err(Failure::Unsupported(NESTED_DRAW)),
            Some(recorder) if recorder.is_run_up() => Err(Failure::FirstDraw),
            _ => Ok(()),
        }
    }

    /// Whether the program has had a page that it could both write and execute. Only then can it change code without a system call;
    /// when a change is seen that no `fence.i` follows is up to the engine.
    #[must_use]
    pub fn has_writable_code(&self) -> bool {
        self.memory.has_writable_code()
    }

    /// Runs until the program ends or a function that the host called returns. `resume` skips the hook of the first function.
    pub(crate) fn run_on(&mut self, mut resume: bool) -> Ended {
        let instruction_limit = self.limits.instructions.unwrap_or(u64::MAX);
        loop {
            if let Some(exit) = requested_end(&self.cancel) {
                return exit.into();
            }
            let budget = self.hart.instret.saturating_add(POLL_INTERVAL).min(instruction_limit);
            let symbols = &self.program.image().symbols;
            let profile = self.profiler.as_deref_mut().map(|profiler| (profiler, symbols));
            let stop = match &mut self.shadow {
                None => engine::run(
                    &mut self.hart,
                    &mut self.memory,
                    &mut self.blocks,
                    &mut NoTracking,
                    &self.program.hooks,
                    budget,
                    resume,
                    profile,
                ),
                Some(shadow) => engine::run(
                    &mut self.hart,
                    &mut self.memory,
                    &mut self.blocks,
                    shadow,
                    &self.program.hooks,
                    budget,
                    resume,
                    profile,
                ),
            };
            resume = false;
            let outcome = match stop {
                Stop::Hook => {
                    // The hook either lets the function go on, or has done its work and moved the program counter.
                    let pc = self.hart.pc;
                    match self.enter_hook() {
                        Ok(()) => resume = self.hart.pc == pc,
                        Err(failure) => match self.fail(failure) {
                            None => continue,
                            Some(ended) => return ended,
                        },
                    }
                    continue;
                }
                Stop::Function(crate::hooks::CALLED_FUNCTION) => {
                    return Ended::Returned {
                        stack_pointer: self.hart.x[reg::SP],
                    };
                }
                Stop::Function(number) => {
                    if let Err(failure) = self.call_function(number)
                        && let Some(ended) = self.fail(failure)
                    {
                        return ended;
                    }
                    continue;
                }
                Stop::EnvironmentCall => {
                    self.drop_call_results();
                    let process = match &mut self.environment {
                        Environment::Linux(process) => process,
                        Environment::Bare(supervision) => match supervision.call(&mut self.hart, &self.program) {
                            Ok(()) => continue,
                            Err(exit) => return exit.into(),
                        },
                    };
                    let outcome = process.call(&mut self.hart, &mut self.memory, &mut *self.host);
                    if matches!(outcome, Outcome::HandlerLeft(_)) {
                        self.hart.instret += 1;
                    } else {
                        self.retire();
                    }
                    outcome
                }
                Stop::FenceI => {
                    self.retire();
                    Outcome::CodeChanged
                }
                Stop::Trap(trap) => match self.take_trap(trap) {
                    None => continue,
                    Some(exit) => return exit.into(),
                },
                Stop::Budget if self.hart.instret >= instruction_limit => {
                    return Exit::Stopped(Limit::Instructions).into();
                }
                Stop::Budget => {
                    if let Some(shadow) = &mut self.shadow {
                        shadow.check_limit(&mut self.memory, self.hart.x[reg::SP]);
                    }
                    continue;
                }
                // The others are turned into these before they get here.
                Stop::Illegal | Stop::Shadowed | Stop::Unusual | Stop::CodeWritten => continue,
            };
            match outcome {
                Outcome::Continue => {}
                Outcome::HandlerLeft(saved) => {
                    if let Some(shadow) = &mut self.shadow {
                        shadow.load_registers(&self.memory, saved.x, saved.f);
                    }
                }
                Outcome::CodeChanged => self.blocks.clear(),
                Outcome::Exit(status) => return Exit::Status(status as u8).into(),
                Outcome::Fault(trap) => return self.fault(trap).into(),
                Outcome::Unsupported(what) => return Exit::Unsupported(what).into(),
            }
            if let Some(exit) = self.take_signal() {
                return exit.into();
            }
        }
    }

    /// Counts the instruction at the program counter (four bytes long, as all that stop the engine are) and moves on.
    pub(crate) fn retire(&mut self) {
        self.hart.pc = self.hart.pc.wrapping_add(4);
        self.hart.instret += 1;
    }

    fn fail(&mut self, failure: Failure) -> Option<Ended> {
        match failure {
            Failure::Trap(trap) => self.take_trap(trap).map(Ended::from),
            Failure::Unsupported(what) => Some(Exit::Unsupported(what).into()),
            Failure::Ended(ended) => Some(ended),
            Failure::FirstDraw => Some(Ended::FirstDraw),
        }
    }

    /// Enters the guest's handler for a trap, if it has one; else the run ends.
    fn take_trap(&mut self, trap: Trap) -> Option<Exit> {
        let process = match &mut self.environment {
            Environment::Linux(process) => process,
            Environment::Bare(supervision) => {
                let answer = supervision.trap(trap, &mut self.hart, &mut self.memory, &mut *self.host, &self.program);
                return match answer {
                    Ok(written) => {
                        if let (Some(shadow), Some(register)) = (&mut self.shadow, written) {
                            shadow.clear_x(register);
                        }
                        None
                    }
                    Err(exit) => Some(exit),
                };
            }
        };
        match process.deliver_trap(trap, &mut self.hart, &mut self.memory) {
            Delivery::Handler(saved) => {
                self.enter_handler(saved);
                None
            }
            Delivery::Kill(_) | Delivery::Nothing => Some(self.fault(trap)),
        }
    }

    /// After a system call: acts on signals that the process has sent itself. Of several handlers the last one runs first.
    fn take_signal(&mut self) -> Option<Exit> {
        loop {
            let Environment::Linux(process) = &mut self.environment else {
                return None;
            };
            match process.deliver_pending(&mut self.hart, &mut self.memory) {
                Delivery::Nothing => return None,
                Delivery::Kill(signal) => return Some(Exit::Signal(signal)),
                Delivery::Handler(saved) => self.enter_handler(saved),
            }
        }
    }

    /// Distributions of the interrupted registers go to the frame of the handler, whose arguments are certain.
    fn enter_handler(&mut self, saved: SavedRegisters) {
        if let Some(shadow) = &mut self.shadow {
            shadow.store_registers(&mut self.memory, saved.x, saved.f);
            for register in [reg::RA, reg::SP, reg::A0, reg::A0 + 1, reg::A0 + 2] {
                shadow.clear_x(register);
            }
        }
    }

    fn fault(&self, trap: Trap) -> Exit {
        Exit::Fault(Fault::new(trap, self.hart.pc, &self.program, &self.environment))
    }

    /// A system call sees the particles of its arguments. It writes `a0`, and whatever distribution that held is gone.
    fn drop_call_results(&mut self) {
        if let Some(shadow) = &mut self.shadow {
            let arguments = crate::linux::argument_count(self.hart.x[reg::A7]);
            shadow.note_system_call(self.hart.pc, &self.hart, arguments);
            shadow.clear_x(reg::A0);
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if let Some(snapshot) = self.snapshot.take() {
            self.program.warm.keep(Prepared {
                memory: std::mem::replace(&mut self.memory, Memory::empty()),
                blocks: self.blocks.take(),
                snapshot: Some(snapshot),
            });
        }
    }
}

/// `host` behind the output limit, knowing what ends its waits.
pub(crate) fn limited(mut host: Box<dyn Host>, limits: &Limits, cancel: &Cancel) -> Box<dyn Host> {
    host.attach(cancel);
    match limits.output_bytes {
        None => host,
        bytes => Box::new(Metered::new(host, Allowance::new(bytes, Limit::OutputBytes, cancel))),
    }
}

/// How a run ends that somebody, or a limit, has asked to end.
#[inline]
pub(crate) fn requested_end(cancel: &Cancel) -> Option<Exit> {
    if !cancel.is_cancelled() {
        return None;
    }
    Some(match cancel.reason() {
        Some(Reason::Limit(limit)) => Exit::Stopped(limit),
        Some(Reason::Cancelled) | None => Exit::Cancelled,
    })
}

/// A bug in one run must not end the process that runs others. What the run has left behind is only read for its figures.
pub(crate) fn catch_panic(run: impl FnOnce() -> Exit) -> Exit {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let message = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        Exit::Failed(message.unwrap_or("no message").into())
    })
}
