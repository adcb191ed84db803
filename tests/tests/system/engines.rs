//! The engines: threaded, portable, one instruction at a time and forced tracking do the same and count the same.

use system_tests::{Guest, Toolchain, sigemu};

/// Runs a guest on a core and gives its exit code, what it printed and how many instructions it took.
fn run(program: &std::path::Path, core: &str, options: &[&str]) -> (i32, String, String) {
    let ended = sigemu()
        .args(["run", "--particle", "--stats=json", "--core", core])
        .args(options)
        .arg(program)
        .end();
    let count = ended
        .stderr
        .split("\"DynamicInstructions\":")
        .nth(1)
        .unwrap_or_else(|| panic!("no statistics: {}", ended.stderr));
    let count = count.split([',', '}']).next().expect("a number").to_owned();
    (ended.code, ended.stdout, count)
}

/// Every engine on the same core gives the same output and the same count.
fn all_agree(guest: &'static str, toolchain: Toolchain) {
    let program = Guest::new(guest).build(toolchain);
    for core in ["C0-Bypass", "C0-S", "C0-S+"] {
        let portable = run(&program, core, &["--engine=portable"]);
        for options in [
            ["--engine=fastest"],
            ["--engine=stepping"],
            ["--engine=threaded"],
            ["--force-tracking"],
        ] {
            assert_eq!(
                run(&program, core, &options),
                portable,
                "{guest}: {options:?} on {core}"
            );
        }
    }
}

#[test]
fn engines_agree_on_plain_programs() {
    all_agree("plain.c", Toolchain::Glibc);
    all_agree("plain_cpp.cpp", Toolchain::Glibc);
    all_agree("plain.c", Toolchain::Musl);
}

#[test]
fn engines_agree_on_programs_with_distributions() {
    all_agree("wing_lift.c", Toolchain::Glibc);
    all_agree("movement.c", Toolchain::Glibc);
    all_agree("libm.c", Toolchain::Glibc);
}

/// The benchmark programs, to their end where that is quick, and up to a limit on every engine: it stops them at the same instruction.
#[test]
fn engines_agree_on_the_benchmark_programs() {
    for name in [
        "mixed",
        "records",
        "sieve",
        "sha256",
        "quicksort",
        "string",
        "nbody",
        "matrix",
        "mandelbrot",
    ] {
        let source: &'static str = format!("../../benches/guests/{name}.c").leak();
        let program = Guest::new(source).build(Toolchain::Glibc);
        let whole = run(&program, "C0-Bypass", &["--engine=portable"]);
        assert_eq!(whole.0, 0);
        for core in ["C0-Bypass", "C0-S"] {
            assert_eq!(run(&program, core, &["--engine=threaded"]), whole, "{name} on {core}");
        }
        let limit = "--instruction-limit=700001";
        let begun = run(&program, "C0-S", &["--engine=portable", limit]);
        assert_eq!(begun.2, "700001", "{name}");
        for option in ["--engine=threaded", "--force-tracking"] {
            assert_eq!(run(&program, "C0-S", &[option, limit]), begun, "{name}: {option}");
        }
    }
}

/// Code that is written over is seen by the next instruction, with or without `fence.i`.
#[test]
fn engines_agree_on_code_that_writes_itself() {
    let program = Guest::new("rewritten.c").build(Toolchain::Glibc);
    let expected = (0..200).fold(0, |sum, i| sum * 31 % 1_000_003 + i);
    let (code, output, _) = run(&program, "C0-Bypass", &["--engine=portable"]);
    assert_eq!((code, output), (0, format!("{expected}\n100\n7\n")));
    all_agree("rewritten.c", Toolchain::Glibc);
}
