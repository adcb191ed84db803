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
