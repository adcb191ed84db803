//! Tasks: the embedding API under hostile programs, and `sigemu task` under a client in another language.

mod again;
mod cancel;
mod client;
mod limits;

use std::sync::{Arc, OnceLock};

use emulator::{Core, Program, Task};
use system_tests::{Guest, Toolchain};

/// The guest that never ends in any way it is asked to.
fn hostile() -> Arc<Program> {
    static PROGRAM: OnceLock<Arc<Program>> = OnceLock::new();
    Arc::clone(PROGRAM.get_or_init(|| {
        let path = Guest::new("hostile.c").build(Toolchain::Glibc);
        Arc::new(Program::open(&path).expect("a program"))
    }))
}

/// A task of it.
fn task(core: &str, way: &str) -> Task {
    let mut task = Task::new(Core::named(core).expect("a core"), "hostile");
    task.arguments.push(way.into());
    task
}
