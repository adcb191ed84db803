//! Programs that end badly say where, and exit as a shell expects.

use system_tests::{Ended, Guest, Toolchain, root, sigemu};

const FAULTS: Guest = Guest::new("faults.c");

fn ended(how: &str) -> Ended {
    let ended = sigemu()
        .args(["run", "--core", "C0-Bypass"])
        .arg(FAULTS.build(Toolchain::Glibc))
        .args(["--", how])
        .end();
    assert!(
        ended.stdout.starts_with("before\n"),
        "what was printed is kept: {ended:?}"
    );
    ended
}

/// The line of `faults.c` that carries the mark.
fn line(mark: &str) -> usize {
    let source = std::fs::read_to_string(root().join("tests/guests/faults.c")).expect("the source");
    1 + source
        .lines()
        .position(|line| line.contains(&format!("/* {mark} */")))
        .expect("a mark")
}

#[test]
fn a_fault_names_address_function_and_line() {
    for (how, code, signal, function, extra) in [
        ("read", 139, "SIGSEGV", "readNull", "0x8"),
        ("write", 139, "SIGSEGV", "writeText", "0x"),
        ("overflow", 139, "SIGSEGV", "overflow", "stack overflow"),
        ("illegal", 132, "SIGILL", "illegal", "illegal instruction 0x0000"),
        (
            "vector",
            132,
            "SIGILL",
            "vector",
            "illegal instruction 0x0c0572d7: a vector instruction, and this hart has no V extension",
        ),
    ] {
        let ended = ended(how);
        assert_eq!(ended.code, code, "{ended:?}");
        let place = format!("{function} (");
        let position = format!("faults.c:{})", line(how));
        for part in [signal, place.as_str(), position.as_str(), extra] {
            assert!(
                ended.stderr.contains(part),
                "{how}: '{part}' is missing: {}",
                ended.stderr
            );
        }
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
}

#[test]
fn abort_is_a_signal() {
    let ended = ended("abort");
    assert_eq!(ended.code, 134);
    assert!(ended.stderr.contains("SIGABRT"), "{}", ended.stderr);
}

#[test]
fn exit_codes_pass_through() {
    for code in [0, 1, 77, 255] {
        assert_eq!(ended(&code.to_string()).code, code);
    }
}
