//! What was foreseen to go wrong with hooks and with memory, and has no test elsewhere.

use system_tests::{Ended, Guest, Toolchain, sigemu, ux};

fn run(guest: Guest, toolchain: Toolchain, options: &[&str]) -> Ended {
    let program = guest.build(toolchain);
    let folder = tempfile::tempdir().expect("a temporary folder");
    sigemu()
        .arg("run")
        .args(options)
        .arg(program)
        .folder(folder.path())
        .end()
}

/// Entries of return hooks are kept by the stack pointer: those of calls that were left by longjmp or an exception are dropped.
#[test]
fn libm_functions_that_are_left() {
    for (guest, toolchain) in [
        (Guest::new("leaving.c"), Toolchain::Glibc),
        (Guest::new("leaving.c"), Toolchain::Musl),
        (Guest::new("leaving.cpp"), Toolchain::Glibc),
    ] {
        let output = run(guest, toolchain, &["--core", "C0-S", "--ux"]).good();
        let values = ux::find_all(&output);
        assert!(output.starts_with("left 100"), "{toolchain:?} {output}");
        assert!(values[0].is_certain(), "{toolchain:?} {output}");
        let [_, sine, again] = &values[..] else {
            panic!("{output}")
        };
        // The particle is that of the program's own function, the distribution that of libm's: cube roots of 4 to 8.
        assert!(again.particle == "1.500000" && sine.diracs.len() == 64, "{output}");
        assert!(
            again.diracs.iter().all(|(x, _)| (1.587..2.0).contains(x)),
            "{toolchain:?} {output}"
        );
        assert!(sine.diracs.iter().all(|(x, _)| *x <= 1.0), "{toolchain:?} {output}");
    }
}

/// An overwritten register or word, and memory that was given back, have no distribution any more: on the tracked path and on the
/// scalar one, which either takes in this program.
#[test]
fn nothing_stale_comes_up() {
    for toolchain in [Toolchain::Glibc, Toolchain::Musl] {
        for tracking in [&[][..], &["--force-tracking"], &["--engine", "portable"]] {
            let options = [&["--core", "C0-S", "--ux"], tracking].concat();
            let output = run(Guest::new("given_back.c"), toolchain, &options).good();
            let mut lines = 0;
            for line in output.lines() {
                let value = ux::find_all(line).pop().expect("a value");
                assert_eq!(value.is_certain(), line.contains('['), "{toolchain:?} {line}");
                lines += 1;
            }
            assert_eq!(lines, 14, "{output}");
        }
    }
}
