//! `sigemu run`.

use std::io::{IsTerminal, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use emulator::{Core, Exit, Host, Machine, Mount, Printing, Program, Report, SystemHost, Task};

use crate::arguments::{CustomCore, RunArguments, StatsFormat};
use crate::host::TerminalHost;
use crate::interrupt;

pub(crate) fn run(arguments: RunArguments) -> Result<ExitCode> {
    let core = core(&arguments.core, &arguments.custom)?;
    let name = arguments.program.display().to_string();
    let program = Program::open(&arguments.program).map_err(|error| anyhow!("{name}: {error}"))?;
    for remark in program.image().remarks() {
        eprintln!("sigemu: {name}: {remark}");
    }
    if arguments.explain_hooks {
        let lines: String =
            program.hooked_functions().map(|(address, function)| format!("{address:016x} {function}\n")).collect();
        std::io::stdout().write_all(lines.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }

    let mut task = Task::new(core, &name);
    task.arguments.extend(arguments.arguments.into_iter().map(String::into_bytes));
    task.mounts.push(Mount::new(Path::new("."), "/", true).context("cannot open the current directory")?);
    task.seed = arguments.seed;
    task.stack_size = arguments.stack_size;
    task.force_tracking = arguments.force_tracking;
    task.printing = if arguments.particle { Printing::Particle } else { Printing::Ux };

    task.cancel = Some(interrupt::flag()?);
    let rendered = !arguments.ux && !arguments.particle && std::io::stdout().is_terminal();
    let host: Box<dyn Host> = if rendered { Box::new(TerminalHost::new()) } else { Box::new(SystemHost::new()) };

    let report = Machine::new(Arc::new(program), task, host).map_err(|error| anyhow!("{name}: {error}"))?.run();
    match &report.exit {
        Exit::Status(_) | Exit::Cancelled => {}
        Exit::Signal(signal) => eprintln!("sigemu: {name}: ended by {signal}"),
        Exit::Fault(fault) => eprintln!("sigemu: {name}: {fault}"),
        Exit::Unsupported(what) => eprintln!("sigemu: {name}: the program needs {what}, which sigemu does not have"),
    }
    print_stats(arguments.stats, arguments.seed, &report)?;
    Ok(ExitCode::from(report.exit.status()))
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

fn print_stats(format: Option<StatsFormat>, seed: u64, report: &Report) -> Result<()> {
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
