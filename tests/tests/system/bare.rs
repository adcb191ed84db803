//! Programs without operating system: HTIF, signatures, semihosting.

use std::path::Path;

use system_tests::{Ended, Guest, Toolchain, sigemu};

fn run(folder: &Path, options: &[&str], program: &Path, arguments: &[&str], input: &str) -> Ended {
    let run = sigemu().arg("run").args(options).arg(program).args(arguments);
    run.stdin(input).folder(folder).end()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

const CONSOLE: &str = "console\nwritten by a call\nall of it\nno such call\nx read\n";

#[test]
fn a_program_with_tohost() {
    let program = Guest::new("bare/htif.c").build(Toolchain::Bare);
    let folder = folder();
    let ended = run(folder.path(), &[], &program, &[], "x");
    assert_eq!(
        (ended.stdout.as_str(), ended.stderr.as_str(), ended.code),
        (CONSOLE, "", 7)
    );
}

/// The expected texts are what Spike's `+signature` writes of these three doublewords.
#[test]
fn a_signature() {
    let program = Guest::new("bare/htif.c").build(Toolchain::Bare);
    let folder = folder();
    let signature = |options: &[&str]| {
        let options = [&["--signature", "signature.txt"], options].concat();
        let ended = run(folder.path(), &options, &program, &[], "x");
        assert_eq!(ended.code, 7, "{ended:?}");
        std::fs::read_to_string(folder.path().join("signature.txt")).expect("the signature")
    };
    assert_eq!(
        signature(&[]),
        "00000000000000021122334455667788\n00000000000000000000000000000003\n"
    );
    assert_eq!(
        signature(&["--signature-granularity", "4"]),
        "55667788\n11223344\n00000002\n00000000\n00000003\n00000000\n"
    );
}

#[test]
fn a_tracking_core_tracks_nothing_there_and_says_so() {
    let program = Guest::new("bare/htif.c").build(Toolchain::Bare);
    let folder = folder();
    let ended = run(folder.path(), &["--core", "C0-S"], &program, &[], "x");
    assert_eq!((ended.stdout.as_str(), ended.code), (CONSOLE, 7));
    assert_eq!(ended.stderr.lines().count(), 1);
    assert!(
        ended
            .stderr
            .ends_with("runs without distributions, as on a Bypass core\n"),
        "{}",
        ended.stderr
    );
    assert_eq!(
        run(folder.path(), &["--core", "C0-Bypass"], &program, &[], "x").stderr,
        ""
    );
}

#[test]
fn a_program_that_never_ends() {
    let program = Guest::new("bare/htif.c").build(Toolchain::Bare);
    let folder = folder();
    // Without input its loop waits for ever.
    let ended = run(folder.path(), &["--instruction-limit", "100000"], &program, &[], "");
    assert_eq!(ended.code, 124);
    assert!(
        ended.stderr.ends_with("ended by the instruction limit\n"),
        "{}",
        ended.stderr
    );
}

/// On a core that tracks they run in machine mode, and are told where the rest is.
#[test]
fn what_semihosted_programs_have_on_bypass_cores_only() {
    let program = Guest::new("bare/interrupts.c").build(Toolchain::Picolibc);
    let folder = folder();
    for (what, named) in [
        ("interrupts", "uses interrupts which"),
        ("mode", "uses other modes than machine mode which"),
        ("timer", "uses the timer (CLINT) which"),
    ] {
        let ended = run(folder.path(), &["--core", "C0-S"], &program, &[what], "");
        assert_eq!((ended.stdout.as_str(), ended.code), ("before\n", 1), "{what}");
        let told = ended.stderr.contains(named) && ended.stderr.ends_with("(--core C0-Bypass)\n");
        assert!(told, "{what}: {}", ended.stderr);
    }
    // Traps go to picolibc's handler, which prints the registers.
    let outputs = ["C0-S", "C0-Bypass"].map(|core| run(folder.path(), &["--core", core], &program, &["fault"], ""));
    assert!(outputs[0].stdout.contains("RISCV fault"), "{}", outputs[0].stdout);
    assert_eq!(outputs[0].stdout, outputs[1].stdout);
    assert_eq!(outputs[0].code, outputs[1].code);
}

const SEMIHOSTED: &str = "argument <app>\nargument <first>\nargument <second>\npi is 3.141593\nfile: one 1\nfile: two 2.5\n\
                          file: three\nmissing.txt is not there\ninput: a line\nmalloc gives memory\n";

#[test]
fn a_picolibc_program_with_semihosting() {
    // Where picolibc's link script puts a program by default, and where the common boards have their memory.
    const DEFAULT: Guest = Guest {
        source: "bare/semihosting.c",
        flags: &[
            "-Wl,--defsym=__flash=0x10000000",
            "-Wl,--defsym=__flash_size=0x100000",
            "-Wl,--defsym=__ram=0x20000000",
            "-Wl,--defsym=__ram_size=0x100000",
        ],
    };
    const BOARD: Guest = Guest {
        source: "bare/semihosting.c",
        flags: &[
            "-Wl,--defsym=__flash=0x80000000",
            "-Wl,--defsym=__flash_size=0x100000",
            "-Wl,--defsym=__ram=0x80200000",
            "-Wl,--defsym=__ram_size=0x100000",
        ],
    };
    for guest in [DEFAULT, BOARD] {
        let program = guest.build(Toolchain::Picolibc);
        let folder = folder();
        let name = folder.path().join("app");
        std::fs::copy(program, &name).expect("the program is copied");
        for options in [&["--core", "C0-Bypass"][..], &["--core", "C0-S", "--particle"]] {
            let ended = run(
                folder.path(),
                options,
                Path::new("app"),
                &["first", "second"],
                "a line\n",
            );
            assert_eq!(
                (ended.stdout.as_str(), ended.stderr.as_str(), ended.code),
                (SEMIHOSTED, "", 42),
                "{options:?}"
            );
            let written = std::fs::read_to_string(folder.path().join("data.txt")).expect("the program's file");
            assert_eq!(written, "one 1\ntwo 2.5\nthree\n");
        }
        // picolibc takes every result of READC for a character: who reads to the end would never end.
        let ended = run(
            folder.path(),
            &[],
            Path::new("app"),
            &["first", "second", "third"],
            "a line\n",
        );
        assert_eq!(ended.code, 1);
        assert!(
            ended.stderr.ends_with("reading its console at the end of the input\n"),
            "{}",
            ended.stderr
        );
    }
}
