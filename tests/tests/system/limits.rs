//! The core's limits, and the options that choose a core.

use system_tests::{Guest, Toolchain, sigemu, ux};

/// Standard error of a run that must be refused before it starts.
fn refused(options: &[&str]) -> String {
    let ended = sigemu()
        .arg("run")
        .args(options)
        .arg(Guest::new("uniform_affine.c").build(Toolchain::Glibc))
        .end();
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{ended:?}");
    ended.stderr
}

#[test]
fn cores_that_do_not_exist() {
    let athens = ["--microarchitecture", "Athens", "--precision"];
    for precision in ["3", "8001"] {
        assert_eq!(
            refused(&[&athens[..], &[precision]].concat()),
            format!("sigemu: precision {precision} is not allowed: the Athens microarchitecture takes 4 to 8000\n")
        );
    }
    for size in ["255999", "4000000001"] {
        assert_eq!(
            refused(&["--memory-size", size]),
            format!("sigemu: memory size {size} is not allowed: a core takes 256000 to 4000000000 bytes\n")
        );
    }
    assert_eq!(
        refused(&["--microarchitecture", "Sparta"]),
        "sigemu: 'Sparta' is no microarchitecture: choose Athens, Zurich, Jupiter, Delos, Bypass or Reference\n"
    );
    assert_eq!(
        refused(&["--correlation-tracking", "maybe"]),
        "sigemu: 'maybe' is no correlation tracking: choose Autocorrelation or Disable\n"
    );
    assert!(
        refused(&["--core", "C1-S"])
            .starts_with("sigemu: there is no core named 'C1-S'; the default cores are C0-XS, ")
    );
}

#[test]
fn a_core_from_a_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let core = folder.path().join("core.json");
    let text = r#"{"Class": "C0", "Microarchitecture": "Athens", "CorrelationTracking": "Disable", "MemorySize": 32000000, "Precision": 16}"#;
    std::fs::write(&core, text).expect("the core is written");
    let program = Guest::new("uniform_affine.c").build(Toolchain::Glibc);
    let output = sigemu().args(["run", "--core"]).arg(&core).arg(program).end().good();
    assert_eq!(ux::find_all(&output)[0].diracs.len(), 16);
}

#[test]
fn memory_size_is_a_hard_limit() {
    let program = Guest::new("faults.c").build(Toolchain::Glibc);
    let ended = sigemu()
        .args(["run", "--core", "C0-Bypass", "--memory-size", "40000000"])
        .arg(&program)
        .args(["--", "memory"])
        .end();
    assert_eq!(ended.code, 0, "malloc gives NULL, and the program goes on: {ended:?}");
    let megabytes: u64 = ended
        .stdout
        .lines()
        .find_map(|line| line.strip_suffix(" MB"))
        .and_then(|number| number.parse().ok())
        .expect("what it got");
    // 40 MB less 8 MB of stack and the program itself, in pieces of 1 MB; malloc takes a little for itself.
    assert!((20..=32).contains(&megabytes), "{megabytes} MB");
    let ended = sigemu()
        .args(["run", "--core", "C0-Bypass", "--memory-size", "256000"])
        .arg(&program)
        .end();
    assert_eq!(
        (ended.code, ended.stderr.lines().count()),
        (2, 1),
        "an image of half a megabyte does not fit: {ended:?}"
    );
}

#[test]
fn stats_as_json() {
    let program = Guest::new("uniform_affine.c").build(Toolchain::Glibc);
    let ended = sigemu()
        .args(["run", "--core", "C0-S", "--stats=json", "--seed", "9"])
        .arg(program)
        .end();
    assert_eq!(ended.code, 0);
    for field in [
        "\"DynamicInstructions\":",
        "\"ProcessorTime\":",
        "\"ExecutionTimeInMilliseconds\":",
        "\"PeakMemory\":",
        "\"UncertainOperations\":3", // the constructor, a sum, a product
        "\"UncertainBranches\":0",
        "\"Seed\":9",
    ] {
        assert!(ended.stderr.contains(field), "{field} is missing: {}", ended.stderr);
    }
}

/// A core that tracks, with every instruction sent through the tracked path, gives the same bytes.
#[test]
fn the_tracked_path_changes_nothing() {
    for (guest, toolchain) in [
        (Guest::new("plain.c"), Toolchain::Glibc),
        (Guest::new("plain_cpp.cpp"), Toolchain::Glibc),
        (Guest::new("wing_lift.c"), Toolchain::Glibc),
        (Guest::new("movement.c"), Toolchain::Musl),
    ] {
        let run = |options: &[&str]| {
            sigemu()
                .args(["run", "--core", "C0-XS", "--ux"])
                .args(options)
                .arg(guest.build(toolchain))
                .end()
        };
        assert_eq!(run(&["--force-tracking"]), run(&[]), "{}", guest.source);
    }
}
