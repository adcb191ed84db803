//! Conformance: programs that test a processor, built and run, one by one.
//!
//! * [`suite`] lists the suites: those of riscv-tests and our own, for the extensions that it lacks.
//! * [`sources`] finds the sources of riscv-tests (a pinned PyPI wheel).
//! * [`environment`] is what a test runs in: a Linux user program, the bare machine, a small kernel with virtual memory.
//! * [`compile`] makes an ELF of a source and an environment.
//! * [`runner`] runs an ELF on sigemu, or on another emulator to judge the tests themselves.
//! * [`differential`] runs random instruction streams on two emulators and compares.
//! * [`folder`] takes ELF files that somebody else built, the architecture tests with their signatures included.
//! * [`lines`] are tests of single instructions: bits, text, values before and after.
//! * [`table`] counts.
//!
//! `cargo test -p riscv-tests` runs the suites, each program a test of its own. `cargo run -p riscv-tests -- FOLDER` runs a folder.

pub mod compile;
pub mod differential;
pub mod environment;
pub mod folder;
pub mod lines;
pub mod runner;
pub mod sources;
pub mod suite;
pub mod table;

use std::path::PathBuf;

/// The folder of this crate.
pub fn crate_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Cargo's target folder.
pub fn target_folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    target.unwrap_or_else(|| crate_folder().join("../target"))
}

/// Where downloads and built tests are kept: `riscv-tests` in cargo's target folder.
pub fn cache_folder() -> PathBuf {
    target_folder().join("riscv-tests")
}
