//! A cancel is answered within milliseconds, whatever the program does.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use emulator::{Cancel, Exit, Input, Machine, Task, TaskHost};

use super::{hostile, task};

/// What was asked for: half of all cancels are answered faster than this.
const MEDIAN: Duration = Duration::from_millis(10);

/// How long each of `tries` runs of a task goes on after it is cancelled, `step` later in each run than in the one before.
fn answers(make: &dyn Fn() -> Task, tries: u32, step: Duration) -> Vec<Duration> {
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
                let report = Machine::new(hostile(), task, Box::new(host)).expect("a machine").run();
                (report.exit, Instant::now())
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
fn check(what: &str, mut answers: Vec<Duration>) {
    answers.sort_unstable();
    let median = answers[answers.len() / 2];
    let (late, worst) = (answers[answers.len() * 99 / 100], answers[answers.len() - 1]);
    println!(
        "{what}: median {median:?}, 99 of 100 {late:?}, worst {worst:?} of {}",
        answers.len()
    );
    assert!(median < MEDIAN, "{what}: median {median:?}, worst {worst:?}");
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
