//! A cancel is answered within milliseconds, whatever the program does.

use std::sync::{Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use emulator::{Cancel, Exit, Input, Machine, Task, TaskHost};

use super::{hostile, task};

/// What was asked for: half of all cancels are answered faster than this.
const MEDIAN: Duration = Duration::from_millis(10);

/// How long each of `tries` runs of a task goes on after it is cancelled, `step` later in each run than in the one before.
fn answers(make: &dyn Fn() -> Task, tries: u32, step: Duration) -> Vec<Duration> {
    // One test at a time: what another one takes of processors and memory is not what is measured.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    (0..tries)
        .map(|number| {
            let cancel = Cancel::new();
            let mut task = make();
            task.cancel = Some(cancel.clone());
            let (ready, is_ready) = mpsc::channel();
            let (_sender, input) = Input::channel();
            let host = TaskHost::new().input(input).output(move |_, _| {
                let _ = ready.send(());
                Ok(())
            });
            let run = std::thread::spawn(move || {
                let mut machine = Machine::new(hostile(), task, Box::new(host)).expect("a machine");
                // Giving back hundreds of megabytes afterwards takes the operating system its time, and nobody waits for it.
                (machine.run().exit, Instant::now())
            });
            is_ready
                .recv_timeout(Duration::from_secs(60))
                .expect("the guest says that it is ready");
            std::thread::sleep(step * (number % 20));
            let asked = Instant::now();
            cancel.cancel();
            let (exit, ended) = run.join().expect("a report");
            assert_eq!(exit, Exit::Cancelled);
            ended.saturating_duration_since(asked)
        })
        .collect()
}

#[track_caller]
fn check(what: &str, answers: Vec<Duration>) {
    check_within(MEDIAN, what, answers);
}

#[track_caller]
fn check_within(bound: Duration, what: &str, mut answers: Vec<Duration>) {
    answers.sort_unstable();
    let median = answers[answers.len() / 2];
    let (late, worst) = (answers[answers.len() * 99 / 100], answers[answers.len() - 1]);
    println!(
        "{what}: median {median:?}, 99 of 100 {late:?}, worst {worst:?} of {}",
        answers.len()
    );
    assert!(median < bound, "{what}: median {median:?}, worst {worst:?}");
}

/// 1000 tries in all, with those of the other tests here.
#[test]
fn plain_code_waits_and_calls() {
    let step = Duration::from_micros(100);
    for way in ["plain", "calls", "input", "sleep"] {
        check(way, answers(&|| task("C0-Bypass", way), 200, step));
    }
}

/// One product of two distributions of 8000 Diracs takes a good part of a second.
#[test]
fn a_long_operation_on_distributions() {
    let make = || {
        let mut task = task("C0-XL", "distributions");
        task.core.precision = 8000;
        task
    };
    check("distributions", answers(&make, 200, Duration::from_millis(1)));
    let make = || {
        let mut task = task("C0-XL+", "questions");
        task.core.precision = 8000;
        task
    };
    check("questions", answers(&make, 100, Duration::from_millis(1)));
}

/// How long the operating system takes to get back so many bytes.
fn giving_back(bytes: usize) -> Duration {
    let times = (0..5).map(|_| {
        let used = vec![1_u8; bytes];
        let start = Instant::now();
        drop(used);
        start.elapsed()
    });
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times[times.len() / 2]
}

/// A value of ten million samples takes a good part of a second and many passes over all of them. What is left after a cancel is giving
/// back the numbers (80 MB) and their places with their masses (160 MB, and twice that while they are parted).
#[test]
fn many_samples() {
    use emulator::Microarchitecture::{Athens, Zurich};
    for (core, microarchitecture, way) in [
        ("C0-XL", Athens, "samples"),
        ("C0-XL+", Athens, "samples"),
        ("C0-XL", Zurich, "samples"),
        ("C0-XL", Athens, "joint"),
        ("C0-XL+", Athens, "joint"),
    ] {
        let make = || {
            let mut task = task(core, way);
            task.core.microarchitecture = microarchitecture;
            task.core.memory_size = 200_000_000;
            task.limits.distribution_memory = 1 << 30;
            task
        };
        let what = format!("{way} on {core}, {microarchitecture}");
        let answers = answers(&make, 20, Duration::from_millis(20));
        let giving_back = giving_back(400_000_000);
        println!("giving back 400 MB: {giving_back:?}");
        check_within(MEDIAN + giving_back, &what, answers);
    }
}

/// Mapping, touching and unmapping 400 MB: large requests are served in pieces.
#[test]
fn a_large_request_to_the_system() {
    let make = || {
        let mut task = task("C0-Bypass", "remap");
        task.core.memory_size = 500_000_000;
        task
    };
    check("remap", answers(&make, 50, Duration::from_millis(5)));
}

/// One request ends any number of runs.
#[test]
fn one_request_for_many_runs() {
    let cancel = Cancel::new();
    let runs: Vec<_> = ["plain", "calls", "sleep"]
        .into_iter()
        .map(|way| {
            let mut task = task("C0-Bypass", way);
            task.cancel = Some(cancel.clone());
            std::thread::spawn(move || {
                let machine = Machine::new(hostile(), task, Box::new(TaskHost::new()));
                machine.expect("a machine").run().exit
            })
        })
        .collect();
    cancel.cancel();
    for run in runs {
        assert_eq!(run.join().expect("a report"), Exit::Cancelled);
    }
}
