//! Printing: what a core prints is what an ordinary processor prints, with a Ux part behind each number.

use std::path::Path;

use system_tests::{Guest, Toolchain, fortran, qemu, sigemu, ux};

use crate::support::{all_uncertain_values_are_one, bypass, particles, shape, tracked};

/// But for lines that tell a length, which Ux parts change, lines that were cut to a length, and `setw`: the C++ library fills what
/// printf gave it, and a Ux text is longer than any field.
fn lengths_aside(output: &str) -> String {
    let keep = |line: &&str| {
        !["cut ", "measured ", "counted ", "width "]
            .iter()
            .any(|word| line.starts_with(word))
    };
    output.lines().filter(keep).collect::<Vec<_>>().join("\n")
}

/// The program prints the same texts tracked, with `--particle`, and untracked, but for its Ux parts.
fn texts_agree(guest: Guest, toolchain: Toolchain) -> String {
    texts_agree_for(&guest.build(toolchain), &format!("{toolchain:?}"))
}

fn texts_agree_for(program: &Path, what: &str) -> String {
    let plain = bypass(program).end().good();
    assert_eq!(particles(program).end().good(), plain, "--particle, {what}");
    let tracked = tracked(program).end().good();
    assert_eq!(lengths_aside(&ux::without(&tracked)), lengths_aside(&plain), "{what}");
    tracked
}

#[test]
fn every_conversion_of_c() {
    for toolchain in [Toolchain::Glibc, Toolchain::Musl, Toolchain::Picolibc] {
        let output = texts_agree(Guest::new("printing/printing.c"), toolchain);
        assert!(output.len() > 15_000, "a long line");
        let shape = shape(&output);
        for line in [
            "<1.50{8}>",
            "<0.062500{1}>",
            "<       1.500{8}>",
            "<1.500{8}       >",
            "several <1.500000{8}> 7 <2.0{1}> text <3.000000e+00{8}>",
            "stars <        1.50{8}> <1.500000{8}    > <1.500000{8}>",
            "positional <1.500000{8}> 9 <1.5{8}> < 0.500000{1}>",
            "percent % <1.500000{8}> 100%",
            "long double <2.500000{1}> 3 <1.500000{8}>",
            "va_list <1.500000{8}> <2.500000{1}> <1.500000{1}>",
            "counted 1",
            "modifier 1.5 1.50 <1.500000{8}>",
            "snprintf 1 <1.500000{8}>",
            "cut 1 <1.500000",
            "measured 1",
            "<1.500000{8}> sprintf, copied",
            "asprintf 1 <1.500000{8}>",
            "fprintf <1.500000{8}>",
        ] {
            // picolibc has neither long doubles nor `%n`.
            let is_missing = ["long double", "va_list", "counted"]
                .iter()
                .any(|start| line.starts_with(start));
            if toolchain == Toolchain::Picolibc && is_missing {
                continue;
            }
            assert!(
                shape.lines().any(|found| found == line),
                "{toolchain:?}: {line} is not in\n{shape}"
            );
        }
    }
}

/// Values of a core with 128 Diracs, sixty on a line, through `sprintf` behind one another, `memmove` and `fputs`.
#[test]
fn lines_longer_than_130_kilobytes() {
    for toolchain in [Toolchain::Glibc, Toolchain::Musl, Toolchain::Picolibc] {
        let program = Guest::new("printing/printing.c").build(toolchain);
        let run = sigemu().args(["run", "--core", "C0-M", "--ux"]).arg(program);
        let output = run.end().good();
        let line = output.lines().max_by_key(|line| line.len()).expect("a line");
        assert!(line.len() > 130_000, "{toolchain:?}: {}", line.len());
        let values = ux::find_all(line);
        assert_eq!(values.len(), 60, "{toolchain:?}");
        for (i, value) in values.iter().enumerate() {
            assert_eq!(value.diracs.len(), 128, "{toolchain:?}");
            assert_eq!(value.particle, format!("{:.6}", 1.5 + i as f64), "{toolchain:?}");
        }
    }
}

/// picolibc's smaller printf and scanf, for floats: arguments are bits of a float in an integer's place.
#[test]
fn picolibc_for_floats() {
    let program = Guest {
        source: "printing/tiny_floats.c",
        flags: &["-DPICOLIBC_FLOAT_PRINTF_SCANF"],
    }
    .build(Toolchain::Picolibc);
    let output = texts_agree_for(&program, "floats");
    assert_eq!(
        shape(&output),
        "<1.500000{8}> 7 <  1.50{8}>\nsscanf 2 <4.500000{8}> <0.25{1}>\n"
    );
}

/// `-D_FORTIFY_SOURCE=2` calls `__printf_chk` and so on, which abort on `%n` in a format that lies in writable memory.
#[test]
fn fortified_functions() {
    let fortified = Guest {
        source: "printing/printing.c",
        flags: &["-D_FORTIFY_SOURCE=2", "-DFORTIFIED"],
    };
    let output = tracked(&fortified.build(Toolchain::Glibc)).end().good();
    let plain = tracked(&Guest::new("printing/printing.c").build(Toolchain::Glibc))
        .end()
        .good();
    assert_eq!(output, plain);
}

#[test]
fn wide_characters() {
    for toolchain in [Toolchain::Glibc, Toolchain::Musl] {
        let output = texts_agree(Guest::new("printing/wide.c"), toolchain);
        let shape = shape(&output);
        let lines: Vec<&str> = shape.lines().collect();
        assert_eq!(lines[0], "<1.500000{8}> 3 <0.50{1}>");
        assert!(lines[1].ends_with(" <   1.500e+00{8}> text"), "{shape}");
        assert_eq!(lines[2..], ["<2.500000{1}> <1.500000{8}>", "<1.500000{8}>"]);
    }
}

#[test]
fn strfromd_and_strfromf() {
    let program = Guest::new("printing/strfrom.c").build(Toolchain::Glibc);
    let output = tracked(&program).end().good();
    assert_eq!(shape(&output), "<1.500{8}> 1\n<1.5{8}> 1\n1.50 1\n<5.000000e-01{1}>\n");
    all_uncertain_values_are_one(&output);
    let plain = bypass(&program).end().good();
    assert_eq!(plain, "<1.500> 1\n<1.5> 1\n1.50 1\n<5.000000e-01>\n");
    assert_eq!(particles(&program).end().good(), plain);
}

#[test]
fn cpp_streams() {
    for toolchain in [Toolchain::Glibc, Toolchain::Musl] {
        let output = texts_agree(Guest::new("printing/stream.cpp"), toolchain);
        assert_eq!(all_uncertain_values_are_one(&output), 13, "{}", shape(&output));
        let shape = shape(&output);
        for line in [
            "<1.5{8}> <1.5{8}> <0.5{1}>",
            "<1.500000e+00{8}>",
            "<+1.5{8}>",
            "<1.50000000000{8}>",
            "width <1.5{8}> <1.5{8}> <0.5{1}>",
            "<1.5{8} 2>",
            "<1.500000{8}>",
        ] {
            assert!(shape.lines().any(|found| found == line), "{line} is not in\n{shape}");
        }
    }
}

#[test]
fn fortran_write_and_print() {
    let program = fortran("printing/write.f90");
    let output = tracked(&program).end().good();
    assert_eq!(
        shape(&output),
        "   1.5000000000000000{8}     \n   \
         1.50000000{8}               3              (1.5000000000000000{8},0.50000000000000000{1})\n\
         <     1.500{8}><   0.15000E+01{8}><   1.50000E+00{8}><   0.50000{1}    >\n    \
         1.50{8}    2.00{1}    3.00{8}\n   \
         1.500000D+00{8} 15.00{8}\n      \
         1.500\n"
    );
    let plain = bypass(&program).end().good();
    assert_eq!(ux::without(&output), plain);
    assert_eq!(particles(&program).end().good(), plain);
}

/// A long run of prints from ever deeper calls, and of prints after longjmp: scratch memory is given back.
#[test]
fn scratch_memory_is_given_back() {
    let program = Guest::new("printing/scratch.c").build(Toolchain::Glibc);
    assert_eq!(tracked(&program).end().good(), "done\n");
}

/// Everything that has no distribution prints as on any RV64 processor.
#[test]
fn untracked_output_is_that_of_qemu() {
    // The UxHw library is one instruction each that qemu does not have: this program makes no distribution.
    let program = Guest::new("printing/reading.c").build(Toolchain::Glibc);
    let reference = qemu(&program).arg("1.25").stdin("2.5 x").end().good();
    assert_eq!(
        bypass(&program).args(["--", "1.25"]).stdin("2.5 x").end().good(),
        reference
    );
    assert_eq!(
        ux::without(&tracked(&program).args(["--", "1.25"]).stdin("2.5 x").end().good()),
        reference
    );
}
