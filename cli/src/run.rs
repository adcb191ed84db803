//! `sigemu run`.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use emulator::{
    Core, CorrelationTracking, Engine, Exit, Host, Machine, Microarchitecture, Mount, Printing, Program, Report,
    SystemHost, Task,
};

use crate::application::Application;
use crate::arguments::{CustomCore, EngineArgument, MountArgument, RunArguments, StatsFormat};
use crate::host::TerminalHost;
use crate::output::tell;
use crate::{bare, interrupt};

/// How long a run may take to stop.
const PATIENCE: Duration = Duration::from_millis(250);

/// The core of who asks for none.
pub(crate) const DEFAULT_CORE: &str = "C0-S";

pub(crate) fn run(arguments: RunArguments) -> Result<ExitCode> {
    let application = arguments
        .program
        .is_dir()
        .then(|| Application::open(&arguments.program))
        .transpose()?;
    let core = core(arguments.core.as_deref(), application.as_ref(), &arguments.custom)?;
    let executable = match &application {
        Some(application) => crate::build::up_to_date(application)?,
        None => arguments.program.clone(),
    };
    let name = executable.display().to_string();
    let program = Program::open(&executable).map_err(|error| anyhow!("{name}: {error}"))?;
    let mut task = Task::new(core, &name);
    task.arguments
        .extend(arguments.arguments.iter().cloned().map(String::into_bytes));
    task.mounts = mounts(&arguments.mounts, application.as_ref())?;
    task.working_directory.clone_from(&arguments.cwd);
    task.check_working_directory()
        .map_err(|error| anyhow!("--cwd: {error}"))?;
    task.cancel = Some(interrupt::cancel(PATIENCE)?);
    task.limits.instructions = arguments.instruction_limit;
    task.seed = arguments.seed;
    let is_bare = arguments.bare.bare || program.is_bare();
    if arguments.bare.signature.is_some() && !is_bare {
        bail!(
            "{name}: --signature is for programs of a bare machine, and this is one for Linux: leave it out, or add --bare if it \
             needs no operating system"
        );
    }
    let is_tracked = arguments.bare.signature.is_none() && bare::is_tracked(&task, &program);
    if is_bare && !is_tracked {
        return bare::run(arguments, task, program);
    }
    for remark in program.image().remarks() {
        tell!("sigemu: {name}: {remark}");
    }
    if arguments.explain_hooks {
        let lines: String = program
            .hooked_functions()
            .map(|(address, function)| format!("{address:016x} {function}\n"))
            .collect();
        crate::output::write(None, lines.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }

    task.stack_size = arguments.stack_size;
    task.engine = match arguments.engine {
        EngineArgument::Fastest => Engine::Fastest,
        EngineArgument::Portable => Engine::Portable,
        EngineArgument::Stepping => Engine::Stepping,
        EngineArgument::Threaded => Engine::Threaded,
    };
    task.profile = arguments.profile.is_some();
    task.force_tracking = arguments.force_tracking;
    task.weighs_decisions = arguments.report;
    task.printing = if arguments.particle {
        Printing::Particle
    } else {
        Printing::Ux
    };
    let system = if arguments.deterministic {
        SystemHost::deterministic(arguments.seed)
    } else {
        SystemHost::new()
    };
    let host: Box<dyn Host> = if arguments.ux || arguments.particle {
        Box::new(system)
    } else {
        match TerminalHost::new(system) {
            Ok(terminal) => Box::new(terminal),
            Err(system) => Box::new(system),
        }
    };

    let program = Arc::new(program);
    if task.core.microarchitecture == Microarchitecture::Reference {
        if is_bare {
            bail!(
                "{name}: a Reference core runs programs for Linux; choose another core for one without operating system"
            );
        }
        if task.profile {
            bail!("--profile follows one execution: choose another core than a Reference core");
        }
        return crate::reference::run(&arguments, &name, program, task, host);
    }
    let reference = &arguments.reference;
    if reference.values.is_some() || reference.threads.is_some() || reference.shard.is_some() {
        bail!("--values, --threads and --shard are for Reference cores: choose --core C0-Reference");
    }
    let graph = match &arguments.profile {
        Some(Some(path)) => Some((path, crate::profile::flame_graph_file(path)?)),
        _ => None,
    };
    let machine = if is_bare {
        Machine::bare(Arc::clone(&program), task, host)
    } else {
        Machine::new(Arc::clone(&program), task, host)
    };
    let report = machine.map_err(|error| anyhow!("{name}: {error}"))?.run();
    tell_exit(&name, &report.exit);
    if arguments.report {
        tell!("{}", crate::report::table(&program, &report.decisions));
        if let Some(approximations) = &report.approximations {
            tell!("{}", crate::report::approximations(&program, approximations));
        }
    }
    if let Some(profile) = &report.profile {
        tell!("{}", crate::profile::table(profile));
        if let Some((path, file)) = graph {
            crate::profile::write_flame_graph(profile, path, file)?;
        }
    }
    print_stats(arguments.stats, arguments.seed, &report)?;
    Ok(ExitCode::from(report.exit.status()))
}

/// Tells of an end that the program did not choose.
pub(crate) fn tell_exit(name: &str, exit: &Exit) {
    match exit {
        Exit::Status(_) | Exit::Cancelled => {}
        Exit::Signal(signal) => tell!("sigemu: {name}: ended by {signal}"),
        Exit::Fault(fault) => tell!("sigemu: {name}: {fault}"),
        Exit::Stopped(limit) => tell!("sigemu: {name}: ended by the {limit}"),
        Exit::Failed(message) => tell!("sigemu: {name}: sigemu itself has failed, please report it: {message}"),
        Exit::Stuck(why) => tell!("sigemu: {name}: {why}"),
        Exit::Unsupported(what) => tell!("sigemu: {name}: the program needs {what}, which sigemu does not have"),
    }
}

/// What the program can see of the host.
fn mounts(arguments: &[MountArgument], application: Option<&Application>) -> Result<Vec<Mount>> {
    if arguments.is_empty() {
        let root = application.map_or(Path::new("."), |application| application.inputs());
        let mount = Mount::new(root, "/", true);
        return Ok(vec![
            mount.with_context(|| format!("{}: cannot be opened", root.display()))?,
        ]);
    }
    arguments
        .iter()
        .map(|mount| {
            Mount::new(&mount.host, &mount.guest, mount.writable)
                .with_context(|| format!("cannot mount {}", mount.host.display()))
        })
        .collect()
}

/// The core that the options ask for, or the folder, or else the default.
fn core(name: Option<&str>, application: Option<&Application>, custom: &CustomCore) -> Result<Core> {
    let mut core = match (name, application.map(Application::minimum_core).transpose()?.flatten()) {
        (Some(name), _) if name.to_ascii_lowercase().ends_with(".json") => {
            let text = std::fs::read_to_string(name).map_err(|error| anyhow!("{name}: {error}"))?;
            Core::from_json(&text).map_err(|error| anyhow!("{name}: {error}"))?
        }
        (Some(name), _) => Core::named(name)?,
        (None, Some(core)) => core,
        (None, None) => Core::named(DEFAULT_CORE)?,
    };
    if let Some(microarchitecture) = &custom.microarchitecture {
        core.microarchitecture = microarchitecture.parse()?;
    }
    if let Some(precision) = custom.precision {
        core.precision = precision;
    }
    if let Some(memory_size) = custom.memory_size {
        core.memory_size = memory_size;
    }
    if let Some(tracking) = &custom.correlation_tracking {
        core.correlation_tracking = tracking.parse()?;
        check_tracking(&core)?;
    }
    core.check()?;
    Ok(core)
}

/// Refuses an option that the core could not honour. A description of a core may say it all the same: in the API's form every core has
/// correlation tracking, and Bypass cores among others have it in any setting.
fn check_tracking(core: &Core) -> Result<()> {
    let tracking = core.correlation_tracking;
    let why = match (core.microarchitecture, tracking) {
        (Microarchitecture::Delos, CorrelationTracking::Disable) => "a Delos core tracks correlations in any case",
        (Microarchitecture::Bypass, CorrelationTracking::Autocorrelation) => "a Bypass core has no distributions",
        (Microarchitecture::Reference, CorrelationTracking::Autocorrelation) => {
            "a Reference core computes with single draws, whose correlations are always there"
        }
        _ => return Ok(()),
    };
    bail!("--correlation-tracking {tracking}: {why}: leave the option out, or choose Athens, Zurich or Jupiter");
}

pub(crate) fn print_stats(format: Option<StatsFormat>, seed: u64, report: &Report) -> Result<()> {
    let stats = &report.stats;
    match format {
        None => {}
        Some(StatsFormat::Json) => {
            let mut object = serde_json::to_value(stats)?;
            object["Seed"] = seed.into();
            object["ExitCode"] = report.exit.status().into();
            tell!("{object}");
        }
        Some(StatsFormat::Text) => tell!(
            "{} instructions, {:.3} s processor time, {} ms wall time, {} MB peak memory, {} uncertain operations, \
             {} uncertain branches, seed {seed}",
            stats.dynamic_instructions,
            stats.processor_time.as_secs_f64(),
            stats.wall_time.as_millis(),
            stats
                .peak_memory
                .map_or("?".into(), |bytes| format!("{:.1}", bytes as f64 / 1e6)),
            stats.uncertain_operations,
            stats.uncertain_branches,
        ),
    }
    Ok(())
}
