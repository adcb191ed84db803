//! Values that travel without being computed with arrive with the distribution that they left with.

use std::path::Path;

use system_tests::{Guest, Toolchain, fortran, sigemu, ux};

/// Every line `WAY: <VALUE>` shows the distribution of the first; every `[VALUE]` shows none. Gives the number of ways.
fn every_way_keeps_the_value(program: &Path, what: &str) -> usize {
    let run = |options: &[&str]| {
        sigemu()
            .args(["run", "--precision", "8"])
            .args(options)
            .arg(program)
            .end()
            .good()
    };
    let output = run(&["--ux"]);
    let mut ways = 0;
    let mut first: Option<ux::Ux> = None;
    for line in output.lines() {
        let (way, text) = line.split_once(": ").expect("a way and a value");
        let [value] = &ux::find_all(text)[..] else {
            panic!("{what}, {way}: one value: {text}")
        };
        if text.starts_with('[') {
            assert!(value.is_certain(), "{what}, {way}: {text}");
            continue;
        }
        let first = first.get_or_insert_with(|| value.clone());
        assert_eq!(value.text, first.text, "{what}, {way}");
        assert_eq!(value.diracs.len(), 8, "{what}, {way}");
        ways += 1;
    }
    // The particle is exact, whatever the tracker does.
    let plain = sigemu().args(["run", "--core", "C0-Bypass"]).arg(program).end().good();
    assert_eq!(run(&["--particle"]), plain, "{what}");
    assert_eq!(run(&["--particle", "--force-tracking"]), plain, "{what}");
    assert_eq!(run(&["--ux", "--force-tracking"]), output, "{what}");
    ways
}

const LEVELS: [&[&str]; 2] = [&["-O0"], &["-O2"]];

fn built_by_all(toolchains: &[Toolchain], source: &'static str, ways: usize) {
    for &toolchain in toolchains {
        for flags in LEVELS {
            let program = Guest { source, flags }.build(toolchain);
            assert_eq!(
                every_way_keeps_the_value(&program, &format!("{toolchain:?} {flags:?}")),
                ways
            );
        }
    }
}

#[test]
fn in_c() {
    built_by_all(
        &[Toolchain::Glibc, Toolchain::Musl, Toolchain::Picolibc],
        "moving/moves.c",
        32,
    );
}

#[test]
fn in_cpp() {
    built_by_all(&[Toolchain::Glibc, Toolchain::Musl], "moving/moves.cpp", 13);
}

#[test]
fn in_fortran() {
    assert_eq!(every_way_keeps_the_value(&fortran("moving/moves.f90"), "gfortran"), 10);
}
