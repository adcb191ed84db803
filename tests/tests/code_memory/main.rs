//! What the code of a program takes of the host's memory. One test, alone in its process, so that it can be told.

use std::sync::Arc;
use std::time::Duration;

use emulator::{Core, Exit, Machine, Program, Task, TaskHost};
use system_tests::{Guest, Toolchain};

/// Code that starts a block at every address fills no memory of the host.
#[test]
fn decoded_code() {
    let path = Guest::new("hostile.c").build(Toolchain::Glibc);
    let program = Arc::new(Program::open(&path).expect("a program"));
    let mut task = Task::new(Core::named("C0-Bypass").expect("a core"), "hostile");
    task.arguments.push("code".into());
    // Four million blocks of up to 64 instructions: 10 GB and more, were they all kept.
    task.limits.instructions = Some(400_000_000);
    task.limits.wall_time = Some(Duration::from_secs(20));
    let before = resident();
    let machine = Machine::new(program, task, Box::new(TaskHost::new()));
    let report = machine.expect("a machine").run();
    assert!(matches!(report.exit, Exit::Stopped(_)), "{:?}", report.exit);
    if let (Some(before), Some(after)) = (before, peak()) {
        // 128 MB of blocks, as much again that the allocator may keep free, and the guest.
        assert!(after - before < 1 << 30, "{} MB", (after - before) >> 20);
    }
}

fn status(name: &str) -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? << 10)
}

fn resident() -> Option<u64> {
    status("VmRSS:")
}

fn peak() -> Option<u64> {
    status("VmHWM:")
}
