//! What sigemu refuses, and in which words.

use system_tests::{Guest, Toolchain, sigemu};

/// Standard error and exit code of `sigemu run` on a file with these bytes.
fn refused(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join(name), bytes).expect("the file is written");
    let ended = sigemu().args(["run", name]).folder(folder.path()).end();
    assert_ne!(ended.code, 0);
    assert_eq!(ended.stdout, "");
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    ended.stderr
}

/// Each message of the loader has its own test; here: it reaches the user, with the file's name, in one line.
#[test]
fn a_file_that_cannot_run() {
    assert_eq!(
        refused("empty.elf", b""),
        "sigemu: empty.elf: an empty file: expected a static RV64 ELF executable (`sigemu build main.c` makes one)\n"
    );
    assert_eq!(
        refused("main.c", b"#include <stdio.h>\n"),
        "sigemu: main.c: not an ELF file but C or C++ source text: compile it with `sigemu build`\n"
    );
    let host = std::fs::read(std::env::current_exe().expect("this test")).expect("this test");
    let message = refused("host", &host);
    assert!(message.starts_with("sigemu: host: an ELF file for "), "{message}");
}

/// Options that this program or core cannot honour are not ignored.
#[test]
fn options_that_would_do_nothing() {
    let program = Guest::new("hello.c").build(Toolchain::Glibc);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let refused = |options: &[&str]| {
        let ended = sigemu()
            .arg("run")
            .args(options)
            .arg(&program)
            .folder(folder.path())
            .end();
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{options:?}: {ended:?}");
        ended.stderr
    };
    assert_eq!(
        refused(&["--signature", "x.sig"]),
        format!(
            "sigemu: {}: --signature is for programs of a bare machine, and this is one for Linux: leave it out, or add --bare if it \
             needs no operating system\n",
            program.display()
        )
    );
    assert!(!folder.path().join("x.sig").exists());
    for (core, tracking, why) in [
        ("Delos", "Disable", "a Delos core tracks correlations in any case"),
        ("Bypass", "Autocorrelation", "a Bypass core has no distributions"),
        (
            "Reference",
            "Autocorrelation",
            "a Reference core computes with single draws, whose correlations are always there",
        ),
    ] {
        assert_eq!(
            refused(&["--microarchitecture", core, "--correlation-tracking", tracking]),
            format!(
                "sigemu: --correlation-tracking {tracking}: {why}: leave the option out, or choose Athens, Zurich or Jupiter\n"
            )
        );
    }
    // In the API's form every core has a correlation tracking.
    let core = r#"{"Microarchitecture": "Bypass", "Precision": 4, "MemorySize": 64000000, "CorrelationTracking": "Autocorrelation"}"#;
    std::fs::write(folder.path().join("core.json"), core).expect("a file");
    let run = sigemu().args(["run", "--core", "core.json"]).arg(&program);
    assert_eq!(run.folder(folder.path()).end().good(), "hello, world\n");
}
