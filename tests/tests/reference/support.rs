//! Runs on a Reference core and the values files that they leave.

use std::fs::File;
use std::path::{Path, PathBuf};

use emulator::reference::values::{Execution, ValuesReader};
use system_tests::{Guest, Toolchain, sigemu};

/// A program of `tests/guests/reference`.
pub(crate) fn guest(source: &'static str) -> PathBuf {
    Guest::new(source).build(Toolchain::Glibc)
}

/// A run of `program` with `precision` executions that writes its values to `file`.
pub(crate) fn run(program: &Path, precision: u64, file: &Path) -> system_tests::Run {
    sigemu()
        .args(["run", "--core", "C0-Reference", "--precision", &precision.to_string()])
        .arg("--values")
        .arg(file)
        .arg("--deterministic")
        .arg(program)
}

pub(crate) fn open(file: &Path) -> ValuesReader<File> {
    let file = File::open(file).expect("a values file");
    ValuesReader::open(file).expect("a sound values file")
}

/// All executions of a values file.
pub(crate) fn executions(file: &Path) -> Vec<Execution> {
    let mut reader = open(file);
    reader.check().expect("an intact values file");
    let executions = reader.read().expect("executions");
    executions.collect::<Result<_, _>>().expect("sound executions")
}
