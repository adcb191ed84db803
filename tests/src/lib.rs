//! Whole-system tests: guest programs are built, run on sigemu and on qemu, and compared.
//!
//! * [`Guest`]: a program of `tests/guests`, built by one of the [`Toolchain`]s into `target/guests`.
//! * [`sigemu`], [`qemu`]: a run of a program, and how it ended.
//! * [`ux`]: the Ux texts in what a program printed.
//!
//! Everything here panics with a message that says what to do: it is for tests only.

mod fortran;
mod guest;
mod run;
pub mod ux;

pub use fortran::fortran;
pub use guest::{Guest, Toolchain, example};
pub use run::{Ended, Run, binary, python, qemu, sigemu};

use std::path::PathBuf;

/// The root of the workspace.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}

/// A file of ground truth, if this machine has them: in the folder that `SIGEMU_VECTORS` names, else beside the checkout. Tests that do
/// without say so.
pub fn vector(name: &str) -> Option<String> {
    let folder = std::env::var_os("SIGEMU_VECTORS").map_or_else(|| root().join("../shared/vectors"), PathBuf::from);
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!(
            "not checked against {}: the file is not there (SIGEMU_VECTORS names its folder)",
            path.display()
        );
    }
    text
}
