//! The `sigemu` command.

mod arguments;
mod run;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Command, Sigemu};

fn main() -> ExitCode {
    let result = match Sigemu::parse().command {
        Command::Run(arguments) => run::run(arguments),
    };
    result.unwrap_or_else(|error| {
        eprintln!("sigemu: {error:#}");
        ExitCode::from(2)
    })
}
