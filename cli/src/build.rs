//! `sigemu build`.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use sdk::build::Build;

use crate::application::Application;
use crate::arguments::BuildArguments;
use crate::output::tell;

pub(crate) fn build(arguments: BuildArguments) -> Result<ExitCode> {
    let build = match &arguments.sources[..] {
        [folder] if folder.is_dir() => Application::open(folder)?.build()?,
        _ => Build::new(arguments.sources),
    };
    let mut build = build.flags(arguments.flags).color(std::io::stderr().is_terminal());
    if let Some(output) = arguments.output {
        build = build.output(output);
    }
    let built = build.run()?;
    tell!("{}", built.diagnostics);
    Ok(ExitCode::SUCCESS)
}

/// The executable of an application, built now if it is not newer than its sources.
pub(crate) fn up_to_date(application: &Application) -> Result<PathBuf> {
    if !application.is_up_to_date()? {
        let built = application.build()?.color(std::io::stderr().is_terminal()).run()?;
        tell!("{}", built.diagnostics);
    }
    application.executable()
}
