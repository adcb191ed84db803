//! `sigemu ux`: to look at, convert and compare Ux values.

mod compare;
mod convert;
mod inspect;
pub(crate) mod json;
mod statistics;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum UxCommand {
    /// Show what a value says of itself and what follows from it: moments, quantiles, support, special mass
    Inspect(inspect::InspectArguments),
    /// Write values in another form: text, binary, JSON, CSV; from these or from samples
    Convert(convert::ConvertArguments),
    /// Compare values with the first, or those of two files label by label: Wasserstein-1 and Kolmogorov distances, moments, quantiles
    Compare(compare::CompareArguments),
}

pub(crate) fn ux(command: &UxCommand) -> Result<ExitCode> {
    match command {
        UxCommand::Inspect(arguments) => inspect::inspect(arguments)?,
        UxCommand::Convert(arguments) => convert::convert(arguments)?,
        UxCommand::Compare(arguments) => compare::compare(arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}
