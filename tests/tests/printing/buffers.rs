//! Buffers that a Ux text does not fit.

use system_tests::{Guest, Toolchain, sigemu};

use crate::support::{shape, tracked};

const SMALL: Guest = Guest {
    source: "printing/small_buffer.c",
    flags: &["-fno-stack-protector"],
};

#[test]
fn sprintf_into_a_small_variable_is_reported_with_its_line() {
    for toolchain in [Toolchain::Glibc, Toolchain::Musl] {
        let ended = tracked(&SMALL.build(toolchain)).end();
        let lines: Vec<&str> = ended.stderr.lines().collect();
        assert_eq!(lines.len(), 1, "{toolchain:?}: {}", ended.stderr);
        // 8 characters of the particle, 44 of the head, 8 Diracs of 32, and the terminator.
        assert!(
            lines[0].starts_with("sigemu: sprintf wrote 309 bytes into `small`, which has room for 32:"),
            "{toolchain:?}: {}",
            ended.stderr
        );
        assert!(
            lines[0].contains("small_buffer.c:32"),
            "{toolchain:?}: {}",
            ended.stderr
        );
    }
}

#[test]
fn sprintf_into_a_small_local_variable_is_suspected_when_the_program_dies() {
    for toolchain in [Toolchain::Glibc, Toolchain::Musl] {
        let ended = tracked(&SMALL.build(toolchain)).args(["--", "stack"]).end();
        assert_eq!(ended.code, 139, "{toolchain:?}: {ended:?}");
        let told = ended
            .stderr
            .lines()
            .any(|line| line.contains("the last sprintf wrote 309 bytes") && line.contains("small_buffer.c:16"));
        assert!(told, "{toolchain:?}: {}", ended.stderr);
    }
}

/// libstdc++ formats into a buffer that is made for plain numbers, libc++ into one that grows.
#[test]
fn to_string_has_room_for_ux() {
    for toolchain in [Toolchain::Glibc, Toolchain::Musl] {
        let program = Guest::new("printing/to_string.cpp").build(toolchain);
        for precision in ["8", "64", "4096"] {
            let run = sigemu()
                .args(["run", "--precision", precision, "--ux"])
                .arg(&program)
                .end();
            assert_eq!(run.stderr, "", "{toolchain:?}");
            let value = format!("<1.500000{{{precision}}}>");
            assert_eq!(
                shape(&run.good()),
                format!("{value} <0.500000{{1}}> {value}\n"),
                "{toolchain:?}"
            );
        }
    }
}
