//! `sigemu run`.

use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use emulator::{Core, Exit, Host, Machine, Mount, Printing, Program, Report, SystemHost, Task};

use crate::arguments::{CustomCore, RunArguments, StatsFormat};
use crate::host::TerminalHost;
use crate::{bare, interrupt};

const DEFAULT_CORE: &str = "C0-S";

pub(crate) fn run(arguments: RunArguments) -> Result<ExitCode> {
    let core = core(arguments.core.as_deref().unwrap_or(DEFAULT_CORE), &arguments.custom)?;
    let name = arguments.program.display().to_string();
    let program = Program::open(&arguments.program).map_err(|error| anyhow!("{name}: {error}"))?;
    if arguments.bare.bare || program.is_bare() {
        return bare::run(arguments, core, program);
    }
    for remark in program.image().remarks() {
        eprintln!("sigemu: {name}: {remark}");
    }

    let mut task = task(core, &name, arguments.arguments, arguments.instruction_limit)?;
    task.seed = arguments.seed;
    task.stack_size = arguments.stack_size;
    task.force_tracking = arguments.force_tracking;
    task.printing = if arguments.particle { Printing::Particle } else { Printing::Ux };
    let rendered = !arguments.ux && !arguments.particle && std::io::stdout().is_terminal();
    let host: Box<dyn Host> = if rendered { Box::new(TerminalHost::new()) } else { Box::new(SystemHost::new()) };

    let report = Machine::new(Arc::new(program), task, host).map_err(|error| anyhow!("{name}: {error}"))?.run();
    tell_exit(&name, &report.exit);
    print_stats(arguments.stats, arguments.seed, &report)?;
    Ok(ExitCode::from(report.exit.status()))
}

/// A run with what every environment gives to a program: arguments, the current directory, a way to stop it.
pub(crate) fn task(core: Core, name: &str, arguments: Vec<String>, instruction_limit: Option<u64>) -> Result<Task> {
    let mut task = Task::new(core, name);
    task.arguments.extend(arguments.into_iter().map(String::into_bytes));
    task.mounts.push(Mount::new(Path::new("."), "/", true).context("cannot open the current directory")?);
    task.cancel = Some(interrupt::flag()?);
    task.instruction_limit = instruction_limit;
    Ok(task)
}

/// Tells of an end that the program did not choose.
pub(crate) fn tell_exit(name: &str, exit: &Exit) {
    match exit {
        Exit::Status(_) | Exit::Cancelled => {}
        Exit::Signal(signal) => eprintln!("sigemu: {name}: ended by {signal}"),
        Exit::Fault(fault) => eprintln!("sigemu: {name}: {fault}"),
        Exit::InstructionLimit => eprintln!("sigemu: {name}: ended by the instruction limit"),
        Exit::Stuck(why) => eprintln!("sigemu: {name}: {why}"),
        Exit::Unsupported(what) => eprintln!("sigemu: {name}: the program needs {what}, which sigemu does not have"),
    }
}

/// The core that the options ask for.
fn core(name: &str, custom: &CustomCore) -> Result<Core> {
    let mut core = if name.to_ascii_lowercase().ends_with(".json") {
        let text = std::fs::read_to_string(name).map_err(|error| anyhow!("{name}: {error}"))?;
        Core::from_json(&text).map_err(|error| anyhow!("{name}: {error}"))?
    } else {
        Core::named(name)?
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
    }
    core.check()?;
    Ok(core)
}

pub(crate) fn print_stats(format: Option<StatsFormat>, seed: u64, report: &Report) -> Result<()> {
    let stats = &report.stats;
    match format {
        None => {}
        Some(StatsFormat::Json) => {
            let mut object = serde_json::to_value(stats)?;
            object["Seed"] = seed.into();
            object["ExitCode"] = report.exit.status().into();
            eprintln!("{object}");
        }
        Some(StatsFormat::Text) => eprintln!(
            "{} instructions, {:.3} s processor time, {} ms wall time, {} MB peak memory, {} uncertain operations, \
             {} uncertain branches, seed {seed}",
            stats.dynamic_instructions,
            stats.processor_time.as_secs_f64(),
            stats.wall_time.as_millis(),
            stats.peak_memory.map_or("?".into(), |bytes| format!("{:.1}", bytes as f64 / 1e6)),
            stats.uncertain_operations,
            stats.uncertain_branches,
        ),
    }
    Ok(())
}
