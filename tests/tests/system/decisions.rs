//! Uncertain integers, and decisions that depend on them.

use system_tests::{Guest, Toolchain, root, sigemu, ux};

const DECISIONS: Guest = Guest::new("decisions.c");

/// The line of `decisions.c` that carries the mark.
fn line(mark: &str) -> usize {
    let source = std::fs::read_to_string(root().join("tests/guests/decisions.c")).expect("the source");
    1 + source
        .lines()
        .position(|line| line.contains(&format!("/* {mark} */")))
        .expect("a mark")
}

#[test]
fn integers_are_particles_that_come_back_as_distributions() {
    let output = sigemu()
        .args(["run", "--ux"])
        .arg(DECISIONS.build(Toolchain::Glibc))
        .end()
        .good();
    // The mean of a die is 3.5, and 3 as an integer.
    assert!(output.contains("int 3 7 3000000021 0\n"), "{output}");
    let back = output.lines().find(|line| line.starts_with("back")).expect("a line");
    let values = ux::find_all(back);
    let positions = |n: usize| -> Vec<f64> { values[n].diracs.iter().map(|dirac| dirac.0).collect() };
    assert_eq!(positions(0), [3.0, 5.0, 7.0, 9.0, 11.0, 13.0]);
    assert_eq!(
        positions(1),
        [1.0, 2.0, 3.0, 4.0, 5.0, 6.0].map(|n| n * 1_000_000_007.0)
    );
    // 253 + n in a byte: 254, 255, 0, 1, 2, 3, in any order.
    let mut bytes = positions(2);
    bytes.sort_by(f64::total_cmp);
    assert_eq!(bytes, [0.0, 1.0, 2.0, 3.0, 254.0, 255.0]);
    // n > 3 is 0 or 1, with half of the mass each; an operation with a constant merges nothing.
    let mass_of = |n: f64| -> u64 {
        values[3]
            .diracs
            .iter()
            .filter(|dirac| dirac.0 == n)
            .map(|dirac| dirac.1)
            .sum()
    };
    for n in [0.0, 1.0] {
        assert!((mass_of(n) as f64 / (1u64 << 62) as f64 - 1.0).abs() < 1e-12);
    }
}

#[test]
fn the_report_names_line_times_and_probability() {
    // Without optimisation each branch belongs to the line that has it.
    let program = Guest {
        flags: &["-O0"],
        ..DECISIONS
    }
    .build(Toolchain::Glibc);
    for core in ["C0-S", "C0-S+"] {
        check_report(&program, core);
    }
}

fn check_report(program: &std::path::Path, core: &str) {
    let ended = sigemu()
        .args(["run", "--particle", "--report", "--core", core])
        .arg(program)
        .end();
    let rows: Vec<&str> = ended.stderr.lines().skip(2).collect();
    let has = |parts: &[&str]| rows.iter().any(|row| parts.iter().all(|part| row.contains(part)));
    // x < 0.25 for a uniform x whose particle is 0.5: the other way has probability 1/4, three times.
    let compare = format!("decisions.c:{})", line("compare"));
    assert!(
        has(&["  3    25.00 %  branch", "compare (", &compare]),
        "{}",
        ended.stderr
    );
    // table[n] looks at one of six places.
    let look = format!("decisions.c:{})", line("address"));
    assert!(has(&["  1    83.33 %  address", "look (", &look]), "{}", ended.stderr);
    assert!(has(&["  1    83.33 %  system call", "_exit"]), "{}", ended.stderr);
    assert!(has(&["%  branch", "choose ("]), "{}", ended.stderr);
    // Printing an uncertain integer is no decision.
    assert!(
        !ended.stderr.contains("printf") && !ended.stderr.contains("_itoa"),
        "{}",
        ended.stderr
    );
    // The particle of n - 3.
    assert_eq!(ended.code, 0);
}

#[test]
fn a_certain_program_has_nothing_to_report() {
    let program = Guest::new("hello.c").build(Toolchain::Glibc);
    let ended = sigemu().args(["run", "--report"]).arg(program).end();
    assert_eq!(
        ended.stderr,
        "sigemu: no branch, address or system call depended on a distribution\n"
    );
}
