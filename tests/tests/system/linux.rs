//! The Linux side, against qemu: system calls and their errors, signals; clocks, threads.

use system_tests::{Ended, Guest, Toolchain, qemu, sigemu, ux};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[test]
fn system_calls_and_their_errors() {
    let program = Guest::new("system_calls.c").build(Toolchain::Glibc);
    let reference = qemu(&program).folder(folder().path()).end();
    assert_eq!(reference.code, 0, "{reference:?}");
    for core in ["C0-Bypass", "C0-S"] {
        let ours = sigemu()
            .args(["run", "--core", core])
            .arg(&program)
            .folder(folder().path())
            .end();
        let differing: Vec<_> = reference
            .stdout
            .lines()
            .zip(ours.stdout.lines())
            .filter(|(expected, found)| expected != found)
            .collect();
        assert!(differing.is_empty(), "(qemu, sigemu): {differing:#?}");
        assert_eq!(ours, reference, "{core}");
    }
}

#[test]
fn signals_that_a_program_raises_itself() {
    let program = Guest::new("signals.c").build(Toolchain::Glibc);
    for scene in ["raise", "mask", "fault", "skip", "abort", "overflow", "default", "once"] {
        let mut reference = qemu(&program).arg(scene).end();
        // Of two signals that become unblocked the kernel has the higher one handled first. qemu has them from its host, sometimes one
        // after the other, and then the lower one is handled first.
        reference.stdout = reference.stdout.replace("unblocked 1012", "unblocked 1210");
        for core in ["C0-Bypass", "C0-S"] {
            let ours = sigemu()
                .args(["run", "--particle", "--core", core])
                .arg(&program)
                .arg(scene)
                .end();
            assert_eq!(
                (&ours.stdout, ours.code),
                (&reference.stdout, reference.code),
                "{scene} on {core}: {ours:?}"
            );
        }
    }
}

#[test]
fn a_handler_leaves_distributions_alone() {
    let program = Guest::new("signal_values.c").build(Toolchain::Glibc);
    let output = sigemu()
        .args(["run", "--ux", "--core", "C0-XS"])
        .arg(program)
        .end()
        .good();
    let values = ux::find_all(&output);
    // Uniform(a, b) in 32 Diracs: the first is half a cell above a.
    let first: Vec<f64> = values.iter().map(|value| value.diracs[0].0).collect();
    assert_eq!(
        (first, values[0].diracs.len()),
        (vec![1.0 / 64.0, 4.0 * (5.0 + 1.0 / 64.0)], 32)
    );
}

#[test]
fn threads_and_children_are_refused_by_name() {
    let program = Guest::new("threads.c").build(Toolchain::Glibc);
    let refusal = |how: &str| -> Ended {
        sigemu()
            .args(["run", "--core", "C0-Bypass"])
            .arg(&program)
            .arg(how)
            .end()
    };
    for (how, what) in [
        ("thread", "a second thread (pthread_create"),
        ("fork", "a child process (fork"),
    ] {
        let ended = refusal(how);
        assert_eq!((ended.stdout.as_str(), ended.code), ("before\n", 1), "{ended:?}");
        assert!(
            ended.stderr.contains(what) && ended.stderr.contains("sigemu does not have"),
            "{}",
            ended.stderr
        );
    }
}

#[test]
fn a_deterministic_run_is_the_same_every_time() {
    let program = Guest::new("clocks.c").build(Toolchain::Glibc);
    let run = |options: &[&str]| {
        sigemu()
            .args(["run", "--core", "C0-Bypass"])
            .args(options)
            .arg(&program)
            .end()
            .good()
    };
    let first = run(&["--deterministic"]);
    assert_eq!(first, run(&["--deterministic"]));
    // 1 000 000 000 seconds after 1970; sleeping for 1.5 s is what moves the clocks.
    assert!(
        first.starts_with("time 1000000000\nslept 1500000000\nsince 1\n"),
        "{first}"
    );
    assert_ne!(
        first.lines().nth(3),
        run(&["--deterministic", "--seed", "1"]).lines().nth(3),
        "random bytes"
    );
    let real = run(&[]);
    assert_ne!(real.lines().next(), first.lines().next());
}

#[test]
fn the_stack_is_as_large_as_asked_for() {
    let program = Guest::new("faults.c").build(Toolchain::Glibc);
    let depth = |size: &str| {
        let ended = sigemu()
            .args(["run", "--core", "C0-Bypass", "--stats=json", "--stack-size", size])
            .arg(&program)
            .arg("overflow")
            .end();
        assert!(
            ended.code == 139 && ended.stderr.contains("stack overflow"),
            "{ended:?}"
        );
        let at = ended.stderr.find("\"DynamicInstructions\":").expect("statistics") + 22;
        let digits: String = ended.stderr[at..].chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u64>().expect("a number")
    };
    assert!(depth("2000000") > depth("200000"));
}
