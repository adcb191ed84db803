//! Programs that know nothing of distributions behave as on any RV64 processor.

use system_tests::{Ended, Guest, Toolchain, qemu, sigemu, ux};

const WORDS: &str = "one two  three\nfour\n";

/// Runs the program on qemu and on sigemu in every way of printing, each in a folder of its own, and compares.
fn behaves_the_same(guest: Guest, toolchain: Toolchain) {
    let program = guest.build(toolchain);
    let reference = qemu(&program).arg(".").stdin(WORDS).folder(folder().path()).end();
    assert_eq!(reference.code, 42, "{reference:?}");

    let on_sigemu = |options: &[&str]| -> Ended {
        sigemu()
            .arg("run")
            .args(options)
            .arg(&program)
            .args(["--", "."])
            .stdin(WORDS)
            .folder(folder().path())
            .end()
    };
    assert_eq!(on_sigemu(&["--core", "C0-Bypass"]), reference, "Bypass, {toolchain:?}");
    assert_eq!(
        on_sigemu(&["--core", "C0-S", "--particle"]),
        reference,
        "Athens --particle, {toolchain:?}"
    );

    let with_ux = on_sigemu(&["--core", "C0-S", "--ux"]);
    assert_eq!(
        ux::without(&with_ux.stdout),
        reference.stdout,
        "Athens --ux without its Ux parts, {toolchain:?}"
    );
    assert_eq!((with_ux.code, &with_ux.stderr), (reference.code, &reference.stderr));
    every_value_is_certain(&with_ux.stdout);
}

/// These programs print floating values between angle brackets, and nothing else there.
fn every_value_is_certain(output: &str) {
    let bracketed: Vec<&str> = output
        .split('<')
        .skip(1)
        .map(|rest| rest.split('>').next().expect("split gives a first part"))
        .collect();
    assert!(bracketed.len() > 10, "{output}");
    for text in &bracketed {
        let [value] = &ux::find_all(text)[..] else {
            panic!("one Ux part between brackets: {text}")
        };
        let particle = value.particle.trim();
        assert!(
            value.is_certain() || particle.ends_with("nan") && value.samples == 0,
            "{text}"
        );
        // The Dirac stands where the particle says, as far as its digits go.
        if let Ok(number) = particle.parse::<f64>()
            && number.is_finite()
        {
            assert!((value.mean - number).abs() <= 0.5 + number.abs() * 1e-2, "{text}");
        }
    }
    assert_eq!(ux::find_all(output).len(), bracketed.len(), "no Ux part elsewhere");
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[test]
fn a_c_program_with_glibc() {
    behaves_the_same(Guest::new("plain.c"), Toolchain::Glibc);
}

#[test]
fn a_c_program_with_musl() {
    behaves_the_same(Guest::new("plain.c"), Toolchain::Musl);
}

#[test]
fn a_cpp_program_with_glibc() {
    behaves_the_same(Guest::new("plain_cpp.cpp"), Toolchain::Glibc);
}

#[test]
fn a_cpp_program_with_musl() {
    behaves_the_same(Guest::new("plain_cpp.cpp"), Toolchain::Musl);
}

/// A static PIE of a real toolchain: it is loaded at an address of its own and relocates itself.
#[test]
fn a_static_pie_with_musl() {
    let guest = Guest {
        flags: &["-static", "-fPIE", "-pie"],
        ..Guest::new("plain.c")
    };
    let program = std::fs::read(guest.build(Toolchain::Musl)).expect("the executable");
    const ET_DYN: u16 = 3;
    assert_eq!(u16::from_le_bytes([program[16], program[17]]), ET_DYN, "zig made a PIE");
    behaves_the_same(guest, Toolchain::Musl);
}
