//! The `sigemu` command.

mod application;
mod arguments;
mod bare;
mod build;
mod cores;
mod doctor;
mod fortran;
mod host;
mod interrupt;
mod makefile;
mod merge;
mod numbers;
mod output;
mod output_file;
mod plot;
mod profile;
mod reference;
mod render;
mod report;
mod run;
mod samples;
mod shell;
mod task;
mod ux;
mod values;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Command, Later, Sigemu};
use output::tell;

fn main() -> ExitCode {
    interrupt::outlive_file_size_limit();
    let result = match Sigemu::parse_from(values::shielded(std::env::args_os())).command {
        Command::Run(arguments) => run::run(*arguments),
        Command::Task(Later(arguments)) => task::task(&arguments),
        Command::Build(Later(arguments)) => build::build(arguments),
        Command::Merge(Later(arguments)) => merge::merge(&arguments),
        Command::Cores => output::write(None, cores::table().as_bytes()).map(|()| ExitCode::SUCCESS),
        Command::Samples(Later(arguments)) => samples::samples(&arguments),
        Command::Plot(Later(arguments)) => plot::plot(&arguments),
        Command::Ux(command) => ux::ux(&command),
        Command::Doctor(Later(arguments)) => doctor::doctor(&arguments),
        Command::Completions(Later(arguments)) => shell::completions(&arguments),
        Command::Man(Later(arguments)) => shell::man(&arguments),
    };
    result.unwrap_or_else(|error| {
        if output::reader_left(&error) {
            return ExitCode::SUCCESS;
        }
        tell!("sigemu: {error:#}");
        ExitCode::from(2)
    })
}
