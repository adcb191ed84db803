//! Everything that printf can do, with distributions.

use system_tests::{Guest, Toolchain, sigemu, ux};

fn prints(toolchain: Toolchain) {
    let program = Guest {
        source: "printing.c",
        flags: &["-Wall", "-Wextra", "-Werror"],
    }
    .build(toolchain);
    let run = |options: &[&str]| sigemu().arg("run").args(options).arg(&program).end();
    let plain = run(&["--core", "C0-Bypass"]);
    assert_eq!(plain.code, 0, "{plain:?}");
    let particle = run(&["--core", "C0-S", "--particle"]);
    assert_eq!(particle, plain);
    assert!(
        plain.stdout.contains("modifier 1.5  1.500000 1.50 2.5\n"),
        "{}",
        plain.stdout
    );

    let with_ux = run(&["--core", "C0-S", "--ux"]);
    // `snprintf` into 4 bytes cuts the text in both, at the same place: the particle comes first.
    assert_eq!(ux::without(&with_ux.stdout), plain.stdout);
    assert_eq!(ux::without(&with_ux.stderr), plain.stderr);
    let mut uncertain = 0;
    for text in with_ux
        .stdout
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>').map(|(text, _)| text))
    {
        let [value] = &ux::find_all(text)[..] else {
            panic!("one Ux part between brackets: {text}")
        };
        // Padding on the right comes after the Ux part, on the left before the particle.
        assert_eq!(text.trim(), value.text.trim(), "{text}");
        if !value.is_certain() && value.mean.is_finite() {
            uncertain += 1;
            assert_eq!((value.samples, value.diracs.len()), (1, 64), "{text}");
        }
    }
    assert_eq!(
        ux::find_all(&with_ux.stdout).len(),
        with_ux.stdout.matches("Ux").count()
    );
    assert_eq!(uncertain, 8 + 9 + 2 + 2 + 5 + 2 + 1 + 1 + 1 + 1 + 1);
}

#[test]
fn printf_family_of_glibc() {
    prints(Toolchain::Glibc);
}

#[test]
fn printf_family_of_musl() {
    prints(Toolchain::Musl);
}

/// GCC works out how long a formatted text can be, and would drop a test for a longer one: not in builds for these cores.
#[test]
fn the_compiler_does_not_bound_the_length_of_a_text() {
    let program = Guest::new("long_text.c").build(Toolchain::Glibc);
    let run = |core: &str| sigemu().args(["run", "--core", core, "--ux"]).arg(&program).end();
    assert_eq!(run("C0-Bypass").stdout, "fits\n");
    assert_eq!(run("C0-S").stdout, "does not fit\n");
}
