//! The interpreter: guest instructions a second on integer and floating-point programs.
//!
//! Criterion reports elements a second, and an element is a guest instruction. Each program runs on a Bypass core, on an Athens core
//! (with nothing uncertain: what watching costs) and on qemu-riscv64 (a compiler to machine code, process start included), in
//! the same run, so that ratios can be told.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use emulator::{Core, Exit, Machine, Program, Report, Task, TaskHost};

fn run(program: &Arc<Program>, core: &str) -> Report {
    let core = Core::named(core).expect("a default core");
    let task = Task::new(core, "bench");
    let report = Machine::new(Arc::clone(program), task, Box::new(TaskHost::new()))
        .expect("starts")
        .run();
    assert_eq!(report.exit, Exit::Status(0));
    report
}

fn interpreter(criterion: &mut Criterion) {
    for name in benches::INTEGER.into_iter().chain(benches::FLOATING) {
        let path = benches::guest(name);
        let program = Arc::new(Program::open(&path).expect("a program"));
        let instructions = run(&program, "C0-Bypass").stats.dynamic_instructions;
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10).throughput(Throughput::Elements(instructions));
        group.bench_function("Bypass", |bencher| bencher.iter(|| run(&program, "C0-Bypass")));
        group.bench_function("Athens", |bencher| bencher.iter(|| run(&program, "C0-S")));
        group.bench_function("qemu-riscv64", |bencher| bencher.iter(|| qemu(&path)));
        group.finish();
    }
}

fn qemu(program: &Path) {
    let status = Command::new("qemu-riscv64").arg(program).stdout(Stdio::null()).status();
    assert!(status.expect("qemu-riscv64 starts: apt install qemu-user").success());
}

criterion_group!(group, interpreter);
criterion_main!(group);
