//! `sigemu run` for a program without operating system.
//!
//! Programs of picolibc run with distributions, as Linux programs do; others need what only [`BareMachine`] has.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use emulator::{BareMachine, Microarchitecture, Program, SystemHost, Task};

use crate::arguments::RunArguments;
use crate::output::tell;
use crate::run::{print_stats, tell_exit};

/// Whether a program without operating system can run with distributions, and would have any: those of its core, or the answers
/// that a Bypass core gives to UxHw functions.
pub(crate) fn is_tracked(task: &Task, program: &Program) -> bool {
    program.is_semihosted() && (task.core.microarchitecture != Microarchitecture::Bypass || program.uses_uxhw())
}

pub(crate) fn run(arguments: RunArguments, task: Task, program: Program) -> Result<ExitCode> {
    let name = arguments.program.display().to_string();
    let names_core = arguments.core.is_some() || arguments.custom.microarchitecture.is_some();
    if names_core && task.core.microarchitecture != Microarchitecture::Bypass {
        tell!("sigemu: {name}: a program for a bare machine runs without distributions, as on a Bypass core");
    }
    let host = if arguments.deterministic {
        SystemHost::deterministic(arguments.seed)
    } else {
        SystemHost::new()
    };
    let mut machine =
        BareMachine::new(Arc::new(program), task, Box::new(host)).map_err(|error| anyhow!("{name}: {error}"))?;
    let report = machine.run();
    tell_exit(&name, &report.exit);
    if let Some(file) = arguments.bare.signature {
        let Some(signature) = machine.signature(arguments.bare.signature_granularity.into()) else {
            bail!(
                "{name}: there is no signature: the program has no symbols begin_signature and end_signature around memory"
            );
        };
        std::fs::write(&file, signature).with_context(|| format!("cannot write {}", file.display()))?;
    }
    print_stats(arguments.stats, arguments.seed, &report)?;
    Ok(ExitCode::from(report.exit.status()))
}
