//! What it takes to start a task from a program that is in memory already. From nothing: `start.rs`.
//!
//! The program is an example as it ships (half a megabyte of glibc); "one instruction" ends the run after its first block, so that only
//! the start is measured.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use emulator::{Core, Exit, Limit, Machine, Program, Task, TaskHost};

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk/examples/wing-lift/wing-lift.elf")
}

fn run(program: &Arc<Program>, core: &str, instructions: Option<u64>, wall_time: Option<Duration>) -> Exit {
    let mut task = Task::new(Core::named(core).expect("a default core"), "bench");
    task.limits.instructions = instructions;
    task.limits.wall_time = wall_time;
    let machine = Machine::new(Arc::clone(program), task, Box::new(TaskHost::new()));
    machine.expect("starts").run().exit
}

fn tasks(criterion: &mut Criterion) {
    let bytes: Arc<[u8]> = std::fs::read(example()).expect("the example").into();
    criterion.bench_function("decode a program", |bencher| {
        bencher.iter(|| Program::parse(Arc::clone(&bytes)).expect("a program"));
    });
    let program = Arc::new(Program::open(&example()).expect("a program"));
    for core in ["C0-Bypass", "C0-XS"] {
        criterion.bench_function(&format!("warm task on {core}, one instruction"), |bencher| {
            bencher.iter(|| assert_eq!(run(&program, core, Some(1), None), Exit::Stopped(Limit::Instructions)));
        });
        criterion.bench_function(&format!("warm task on {core}, whole"), |bencher| {
            bencher.iter(|| assert_eq!(run(&program, core, None, None), Exit::Status(0)));
        });
    }
    criterion.bench_function("warm task on C0-Bypass, one instruction, time limit", |bencher| {
        let limit = Some(Duration::from_secs(60));
        bencher.iter(|| {
            assert_eq!(
                run(&program, "C0-Bypass", Some(1), limit),
                Exit::Stopped(Limit::Instructions)
            )
        });
    });
}

criterion_group!(group, tasks);
criterion_main!(group);
