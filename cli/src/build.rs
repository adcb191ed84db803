//! `sigemu build`.

use std::io::IsTerminal;
use std::process::ExitCode;

use anyhow::Result;
use sdk::build::Build;

use crate::arguments::BuildArguments;

pub(crate) fn build(arguments: BuildArguments) -> Result<ExitCode> {
    let mut build = Build::new(arguments.sources).flags(arguments.flags).color(std::io::stderr().is_terminal());
    if let Some(output) = arguments.output {
        build = build.output(output);
    }
    let built = build.run()?;
    eprint!("{}", built.diagnostics);
    Ok(ExitCode::SUCCESS)
}
