//! The `sigemu` command.

mod application;
mod arguments;
mod bare;
mod build;
mod cores;
mod fortran;
mod host;
mod interrupt;
mod makefile;
mod profile;
mod render;
mod report;
mod run;
mod task;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Command, Sigemu};

fn main() -> ExitCode {
    let result = match Sigemu::parse().command {
        Command::Run(arguments) => run::run(*arguments),
        Command::Task(arguments) => task::task(&arguments),
        Command::Build(arguments) => build::build(arguments),
        Command::Cores => {
            cores::print();
            Ok(ExitCode::SUCCESS)
        }
    };
    result.unwrap_or_else(|error| {
        eprintln!("sigemu: {error:#}");
        ExitCode::from(2)
    })
}
