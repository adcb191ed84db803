//! Runs of one program in one process: memory and decoded code of one serve the next, and nothing of it can be seen there.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use emulator::{Core, Exit, Limit, Machine, Program, Task, TaskHost};
use system_tests::{Guest, Toolchain};

/// What a run does as far as anybody can see: output, exit, instructions.
fn run(program: &Arc<Program>, core: &str, mark: u32, limit: Option<u64>) -> (String, Exit, u64) {
    let printed = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&printed);
    let host = TaskHost::new().deterministic(0).output(move |_, bytes| {
        sink.lock().expect("no panic").extend_from_slice(bytes);
        Ok(())
    });
    let mut task = Task::new(Core::named(core).expect("a core"), "again");
    task.arguments.push(mark.to_string().into());
    task.limits.instructions = limit;
    let report = Machine::new(Arc::clone(program), task, Box::new(host))
        .expect("starts")
        .run();
    let output = String::from_utf8_lossy(&printed.lock().expect("no panic")).into_owned();
    (output, report.exit, report.stats.dynamic_instructions)
}

fn guest() -> PathBuf {
    Guest::new("again.c").build(Toolchain::Glibc)
}

#[test]
fn a_run_sees_nothing_of_those_before() {
    let path = guest();
    let program = Arc::new(Program::open(&path).expect("a program"));
    for mark in [1, 2, 3, 1, 4, 5, 3, 2, 1] {
        for core in ["C0-S", "C0-Bypass", "C0-M+"] {
            let fresh = Arc::new(Program::open(&path).expect("a program"));
            let alone = run(&fresh, core, mark, None);
            assert!(
                alone.0.starts_with(&format!("41 0 0 0 0\n{mark}\n")),
                "{mark} on {core}: {alone:?}"
            );
            assert_eq!(run(&program, core, mark, None), alone, "{mark} on {core}");
            // One that is stopped somewhere leaves whatever it was at.
            let limit = 1000 + 997 * u64::from(mark);
            let stopped = run(&program, core, mark, Some(limit));
            assert_eq!((&stopped.1, stopped.2), (&Exit::Stopped(Limit::Instructions), limit));
        }
    }
}

#[test]
fn runs_at_once_see_nothing_of_each_other() {
    let program = Arc::new(Program::open(&guest()).expect("a program"));
    let alone = [1, 2, 3].map(|mark| run(&program, "C0-S", mark, None));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for turn in 0..30 {
                    let place = turn % 3;
                    assert_eq!(run(&program, "C0-S", place as u32 + 1, None), alone[place]);
                }
            });
        }
    });
}
