//! A distribution survives every way that a value can travel.

use system_tests::{Guest, Toolchain, sigemu, ux};

/// Runs the program; each line is `NAME VALUE`, and each value must have the Diracs of the first.
fn all_values_are_the_first(guest: Guest, toolchain: Toolchain) {
    let program = guest.build(toolchain);
    let run = |core: &str| {
        sigemu()
            .args(["run", "--core", core, "--ux"])
            .arg(&program)
            .end()
            .good()
    };
    let output = run("C0-XS");
    assert_eq!(output, run("C0-XS+"), "{toolchain:?}: no value is used twice");
    let values: Vec<(&str, ux::Ux)> = output
        .lines()
        .map(|line| {
            let (name, value) = line.split_once(' ').expect("a name and a value");
            let [value] = &ux::find_all(value)[..] else {
                panic!("{name} has no Ux part: {line}")
            };
            (name, value.clone())
        })
        .collect();
    let (_, original) = &values[0];
    assert_eq!(original.diracs.len(), 32, "{original:?}");
    let lost: Vec<&str> = values
        .iter()
        .filter(|(_, value)| value.diracs != original.diracs)
        .map(|&(name, _)| name)
        .collect();
    assert!(
        lost.is_empty(),
        "{toolchain:?}: these ways lose or change the distribution: {lost:?}"
    );
    assert!(values.iter().all(|(_, value)| value.particle == "5.000"), "{output}");
    // The particles are those of an ordinary processor.
    let plain = sigemu().args(["run", "--core", "C0-Bypass"]).arg(&program).end().good();
    assert_eq!(ux::without(&output), plain);
}

#[test]
fn doubles_with_glibc() {
    all_values_are_the_first(Guest::new("movement.c"), Toolchain::Glibc);
}

#[test]
fn doubles_with_glibc_unoptimised() {
    all_values_are_the_first(
        Guest {
            source: "movement.c",
            flags: &["-O0"],
        },
        Toolchain::Glibc,
    );
}

/// zig's memcpy and qsort move bytes.
#[test]
fn doubles_with_musl() {
    all_values_are_the_first(Guest::new("movement.c"), Toolchain::Musl);
}

#[test]
fn floats_with_glibc() {
    all_values_are_the_first(Guest::new("movement_float.c"), Toolchain::Glibc);
}

#[test]
fn floats_with_musl() {
    all_values_are_the_first(Guest::new("movement_float.c"), Toolchain::Musl);
}
