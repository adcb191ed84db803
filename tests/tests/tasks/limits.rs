//! Each limit is hit by a program that means to, and the run ends as `Stopped` with its reason.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use emulator::{Exit, Input, Limit, Machine, Mount, Report, Task, TaskHost};

use super::{hostile, task};

/// Runs a task; whatever it does, some limit must end it.
fn run(mut task: Task, host: TaskHost) -> Report {
    if task.limits.wall_time.is_none() {
        // A limit that does not hold shall fail the test and not hang it.
        task.limits.wall_time = Some(Duration::from_secs(120));
    }
    Machine::new(hostile(), task, Box::new(host)).expect("a machine").run()
}

#[track_caller]
fn stopped(task: Task, limit: Limit) -> Report {
    let report = run(task, TaskHost::new());
    assert_eq!(report.exit, Exit::Stopped(limit));
    assert_eq!(report.exit.status(), 124);
    report
}

#[test]
fn instructions() {
    for (core, way) in [
        ("C0-Bypass", "plain"),
        ("C0-XS", "plain"),
        ("C0-Bypass", "calls"),
        ("C0-XS", "distributions"),
    ] {
        let mut task = task(core, way);
        task.limits.instructions = Some(100_000);
        let used = stopped(task, Limit::Instructions).stats.dynamic_instructions;
        // A block has at most 64 instructions.
        assert!((100_000..100_064).contains(&used), "{way} on {core}: {used}");
    }
}

#[test]
fn wall_time() {
    for (core, way) in [
        ("C0-Bypass", "plain"),
        ("C0-Bypass", "sleep"),
        ("C0-XL", "distributions"),
        ("C0-Bypass", "input"),
    ] {
        let mut task = task(core, way);
        task.limits.wall_time = Some(Duration::from_millis(200));
        let (_sender, input) = Input::channel();
        let start = Instant::now();
        let report = run(task, TaskHost::new().input(input));
        assert_eq!(report.exit, Exit::Stopped(Limit::WallTime), "{way}");
        assert!(start.elapsed() >= Duration::from_millis(200), "{way}");
    }
}

#[test]
fn processor_time() {
    for (core, way) in [
        ("C0-Bypass", "plain"),
        ("C0-XL", "distributions"),
        ("C0-Bypass", "calls"),
    ] {
        let mut task = task(core, way);
        task.limits.processor_time = Some(Duration::from_millis(100));
        let report = stopped(task, Limit::ProcessorTime);
        if cfg!(target_os = "linux") {
            assert!(report.stats.processor_time >= Duration::from_millis(100), "{way}");
        }
    }
    // Who sleeps uses none.
    let mut sleeper = task("C0-Bypass", "sleep");
    sleeper.limits.processor_time = Some(Duration::from_millis(100));
    sleeper.limits.wall_time = Some(Duration::from_millis(300));
    let expected = if cfg!(target_os = "linux") {
        Limit::WallTime
    } else {
        Limit::ProcessorTime
    };
    stopped(sleeper, expected);
}

#[test]
fn memory() {
    for way in ["memory", "mappings"] {
        let mut task = task("C0-Bypass", way);
        task.limits.memory = Some(20 << 20);
        stopped(task, Limit::Memory);
    }
    let mut task = task("C0-Bypass", "plain");
    task.limits.memory = Some(1 << 20);
    let report = stopped(task, Limit::Memory);
    assert_eq!(report.stats.dynamic_instructions, 0, "its stack alone is larger");
}

#[test]
fn distribution_memory() {
    for (core, way) in [
        ("C0-XL", "keep"),
        ("C0-XS", "keep"),
        ("C0-XS+", "keep"),
        ("C0-XS", "sources"),
        ("C0-XL+", "sources"),
        ("C0-XS", "scatter"),
    ] {
        let mut task = task(core, way);
        task.limits.distribution_memory = 8 << 20;
        stopped(task, Limit::DistributionMemory);
    }
}

#[test]
fn output() {
    let mut task = task("C0-Bypass", "output");
    task.limits.output_bytes = Some(12_345);
    let printed = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&printed);
    let report = run(
        task,
        TaskHost::new().output(move |_, bytes| {
            *counted.lock().expect("a count") += bytes.len();
            Ok(())
        }),
    );
    assert_eq!(report.exit, Exit::Stopped(Limit::OutputBytes));
    assert_eq!(*printed.lock().expect("a count"), 12_345, "what fits is delivered");
}

/// A task that sees `folder` as `/data` and may write there.
fn with_folder(way: &str, folder: &Path) -> Task {
    let mut task = task("C0-Bypass", way);
    task.mounts.push(Mount::new(folder, "/data", true).expect("a mount"));
    task
}

#[test]
fn open_files() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("file"), "").expect("a file");
    for way in ["open", "duplicates"] {
        let mut task = with_folder(way, folder.path());
        task.limits.open_files = Some(10);
        stopped(task, Limit::OpenFiles);
    }
}

#[test]
fn written_bytes() {
    for way in ["write", "holes", "grow", "folders", "files"] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut task = with_folder(way, folder.path());
        task.limits.written_bytes = Some(10 << 20);
        stopped(task, Limit::WrittenBytes);
        let entries = std::fs::read_dir(folder.path()).expect("a folder");
        let lengths = entries.map(|entry| entry.and_then(|entry| entry.metadata()).expect("a file").len());
        let lengths: Vec<u64> = lengths.collect();
        // Every entry costs 4096 bytes, and a file's length was paid for.
        assert!(lengths.len() <= 2560, "{way}: {} entries", lengths.len());
        assert!(lengths.iter().sum::<u64>() <= 10 << 20, "{way}: {lengths:?}");
    }
}
