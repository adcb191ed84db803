//! A server's process runs tasks for months: nothing of a task may stay behind. One test, alone in its process, so that what the
//! process holds can be told.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use emulator::reference::{self, Options};
use emulator::{Core, Exit, Machine, Microarchitecture, Mount, Program, Stream, Task, TaskHost};
use system_tests::{Guest, Toolchain};

/// Bytes that the process holds, its open files and its threads.
fn held() -> (u64, usize, u64) {
    let status = std::fs::read_to_string("/proc/self/status").expect("this test needs Linux's /proc");
    let field = |name: &str| {
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .expect("a field");
        line.split_whitespace()
            .next()
            .and_then(|number| number.parse::<u64>().ok())
            .expect("a number")
    };
    let files = std::fs::read_dir("/proc/self/fd")
        .expect("this test needs Linux's /proc")
        .count();
    (field("VmRSS:") << 10, files, field("Threads:"))
}

fn run(program: &Arc<Program>, core: &str, folder: &std::path::Path) {
    let mut task = Task::new(Core::named(core).expect("a core"), "task");
    task.mounts.push(Mount::new(folder, "/", false).expect("a mount"));
    task.limits.wall_time = Some(Duration::from_secs(600));
    let printed = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&printed);
    let sink = move |_: Stream, bytes: &[u8]| {
        counted.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(())
    };
    let host = Box::new(TaskHost::new().gathered_output(1 << 16, Duration::from_millis(20), sink));
    let program = Arc::clone(program);
    let exit = if task.core.microarchitecture == Microarchitecture::Reference {
        task.core.precision = 50;
        let options = Options {
            threads: NonZeroUsize::new(2),
            ..Options::default()
        };
        let report = reference::run(program, task, host, options, std::io::sink());
        report.expect("a run").report.exit
    } else {
        Machine::new(program, task, host).expect("a machine").run().exit
    };
    assert_eq!(exit, Exit::Status(0));
    assert!(printed.load(Ordering::Relaxed) > 0);
}

#[test]
fn tasks_leave_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let programs: Vec<_> = ["uniform_affine.c", "wing_lift.c", "hello.c"]
        .map(|source| Guest::new(source).build(Toolchain::Glibc))
        .map(|path| Arc::new(Program::open(&path).expect("a program")))
        .into();
    let cores = ["C0-S", "C0-Bypass", "C0-Reference"];
    let one = |number: usize| run(&programs[number % 3], cores[number / 3 % 3], folder.path());
    // The first ones fill what is kept for good: the allocator's lists, thread-local data.
    (0..60).for_each(one);
    let before = held();
    // What the process holds goes up and down by a megabyte or two, on a busy machine more. The least of some rounds does not.
    let least = || {
        let rounds = (0..5).map(|_| {
            (0..60).for_each(one);
            held().0
        });
        rounds.min().expect("some rounds")
    };
    let first = least();
    (0..1000).for_each(one);
    let last = least();
    let after = held();
    println!("1000 tasks: {first}, then {last} bytes");
    assert_eq!((before.1, before.2), (after.1, after.2), "open files and threads");
    // A task that leaves one page behind leaves 4 MB in all.
    assert!(last < first + 1000 * 4096, "{} bytes more", last - first);

    let at_once = || {
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..64).map(|number| scope.spawn(move || one(number))).collect();
            // The end of a scope does not wait for the threads to be gone; joining them does.
            threads.into_iter().for_each(|thread| thread.join().expect("a task"));
        });
    };
    // The allocator has an arena for every few threads and keeps in each what it likes, so that what the process holds goes up and
    // down by megabytes from batch to batch. The least of many batches does not: a page that each task leaves behind would raise it by
    // 4096 bytes a task between the first batches and the last.
    const BATCHES: usize = 16;
    let least = |batches: usize| {
        let held = (0..batches).map(|_| {
            at_once();
            let now = held();
            assert_eq!((now.1, now.2), (before.1, before.2), "open files and threads");
            now.0
        });
        held.min().expect("some batches")
    };
    let first = least(BATCHES);
    least(BATCHES);
    let last = least(BATCHES);
    println!("{} times 64 tasks at once: {first}, then {last} bytes", 3 * BATCHES);
    assert!(
        last < first + (2 * BATCHES * 64 * 4096) as u64,
        "{} bytes more",
        last - first
    );
}
