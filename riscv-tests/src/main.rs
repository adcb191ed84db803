//! Runs a folder of test programs and prints a table of what passed and failed, by suite.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use riscv_tests::folder;
use riscv_tests::runner::{Outcome, Runner};
use riscv_tests::table::{Table, Verdict};

const USAGE: &str = "riscv-tests [--runner sigemu|qemu|spike] FOLDER

Runs every ELF in FOLDER, prints those that fail, and counts by suite.
A reference signature beside an ELF (.reference_output, .signature, .sig) is compared too.";

fn main() -> Result<ExitCode> {
    let mut runner = "sigemu".to_owned();
    let mut folder = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--runner" => runner = arguments.next().context(USAGE)?,
            "--help" | "-h" => {
                println!("{USAGE}");
                return Ok(ExitCode::SUCCESS);
            }
            _ if argument.starts_with('-') || folder.is_some() => bail!(USAGE),
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    let folder = folder.context(USAGE)?;
    let runner = Runner::named(&runner)?;

    let mut table = Table::default();
    for program in folder::programs(&folder)? {
        let verdict = match program.run(&runner)? {
            Outcome::Passed => Verdict::Passed,
            other => {
                println!("{}: {other}", program.elf.display());
                Verdict::Failed
            }
        };
        table.add(&program.suite, verdict);
    }
    if table.is_empty() {
        bail!("{}: there is no ELF file in it", folder.display());
    }
    print!("{table}");
    Ok(if table.all_passed() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
