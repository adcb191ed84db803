//! Reading: a text with a Ux part is a value, whichever function reads it.

use system_tests::{Guest, Toolchain, fortran, sigemu, ux};

use crate::support::{ONE_OR_TWO, bypass, shape, tracked};

const READING: Guest = Guest::new("printing/reading.c");
const STREAM: Guest = Guest::new("printing/stream.cpp");

/// What `{2}` stands for in this module: three times [`ONE_OR_TWO`].
#[track_caller]
fn all_are_three_or_six(output: &str) {
    for value in ux::find_all(output).iter().filter(|value| !value.is_certain()) {
        assert_eq!(value.diracs, [(3.0, 1 << 62), (6.0, 1 << 62)], "{}", value.text);
    }
}

#[test]
fn every_function_of_c_reads_ux() {
    for toolchain in [Toolchain::Glibc, Toolchain::Musl, Toolchain::Picolibc] {
        let output = tracked(&READING.build(toolchain))
            .args(["--", ONE_OR_TWO])
            .stdin(format!("{ONE_OR_TWO} {ONE_OR_TWO}\n2.5,7\n"))
            .end()
            .good();
        // The character that cannot start a number stays in the stream; picolibc itself loses it.
        let word = if toolchain == Toolchain::Picolibc { "" } else { "7" };
        let expected = format!(
            "strtod <4.500000{{2}}> 0\nstrtof <4.500000{{2}}> 0\natof <4.500000{{2}}>\nsscanf 1 <4.500000{{2}}>\n\
             sscanf 4 <4.500000{{2}}> <4.500000{{2}}> 7 word\n\
             counted 3 1 1\nnot counted 0 1\nskipped 2 <4.500000{{2}}> 7\n\
             width 2 <4.500000{{1}}> x040\nwide 1 <4.500000{{2}}>\n\
             scanf <4.500000{{2}}>\nscanf <4.500000{{2}}>\nscanf <7.500000{{1}}>\nrest 0 1\n'{word}'\n"
        );
        assert_eq!(shape(&output), expected, "{toolchain:?}");
        all_are_three_or_six(&output);
    }
}

#[test]
fn malformed_ux_is_the_number_in_front_of_it() {
    // Cut short, so that even positions of 8 digits do not fit; no hex; a count beyond what a reader takes; a `u`.
    let cut = &ONE_OR_TWO[..94];
    let huge = format!("{}FFFFFFFF{}", &ONE_OR_TWO[..39], &ONE_OR_TWO[47..]);
    for text in [cut, "1.5Ux04zz", "1.5Ux", "1.5U", &huge, "1.5ux04"] {
        for toolchain in [Toolchain::Glibc, Toolchain::Musl, Toolchain::Picolibc] {
            let output = tracked(&READING.build(toolchain))
                .args(["--", text])
                .stdin(format!("{text} more\n"))
                .end()
                .good();
            let shape = shape(&output);
            let end = text.len() - 3;
            // The word behind the number; picolibc has lost its `U`. The program drops one character.
            let rest = &text[if toolchain == Toolchain::Picolibc { 4 } else { 3 }..];
            let word = if rest.is_empty() { "more" } else { rest };
            let start: String = word.chars().skip(1).take(4).collect();
            for line in [
                format!("strtod <4.500000{{1}}> {end}"),
                format!("strtof <4.500000{{1}}> {end}"),
                "atof <4.500000{1}>".into(),
                "sscanf 1 <4.500000{1}>".into(),
                "scanf <4.500000{1}>".into(),
                "rest 0 1".into(),
                format!("'{start}'"),
            ] {
                assert!(
                    shape.lines().any(|found| found == line),
                    "{toolchain:?} {text}: {line} is not in\n{shape}"
                );
            }
        }
    }
}

#[test]
fn wide_functions_read_ux() {
    for toolchain in [Toolchain::Glibc, Toolchain::Musl] {
        let program = Guest::new("printing/reading_wide.c").build(toolchain);
        let run = |text: &str, input: &str| tracked(&program).args(["--", text]).stdin(input).end().good();
        let output = run(ONE_OR_TWO, &format!("{ONE_OR_TWO} {ONE_OR_TWO}\n2.5,7\n"));
        assert_eq!(
            shape(&output),
            "wcstod <4.500000{2}> 0\nwcstof <4.500000{2}> 0\nswscanf 4 <4.500000{2}> <4.500000{2}> 7 word\ncounted 1 1\n\
             wscanf <4.500000{2}>\nwscanf <4.500000{2}>\nwscanf <7.500000{1}>\nrest 0 1\n'7'\n",
            "{toolchain:?}"
        );
        all_are_three_or_six(&output);
        // What looks like Ux and is none is put back.
        let output = run("1.5Ux04zz", "1.5Ux04zz");
        assert!(
            output.starts_with("wcstod <4.500000Ux") && output.contains("> 6\nwcstof"),
            "{output}"
        );
        assert!(output.ends_with("rest 0 1\n'x04z'\n"), "{toolchain:?} {output}");
    }
}

#[test]
fn wide_cpp_streams_read_ux() {
    let program = Guest::new("printing/wide_stream.cpp").build(Toolchain::Glibc);
    let input = format!("{ONE_OR_TWO}\n2.5 {ONE_OR_TWO}");
    let output = tracked(&program).args(["--", ONE_OR_TWO]).stdin(input).end().good();
    assert_eq!(
        shape(&output),
        "<4.5{2}> 1 <4.5{2}> 1\n<4.5{2}>\n<7.5{1}>\n<4.5{2}>\n1\n"
    );
    all_are_three_or_six(&output);
}

/// glibc reads files by 4096 bytes, musl by 1024: a few hundred values put each kind of boundary everywhere.
#[test]
fn values_lie_across_refills() {
    for toolchain in [Toolchain::Glibc, Toolchain::Musl] {
        let program = READING.build(toolchain);
        let mut input = String::new();
        for i in 0..300 {
            input.push_str(ONE_OR_TWO);
            input.push_str(&" ".repeat(1 + i % 7));
        }
        let output = tracked(&program).stdin(input).end().good();
        assert_eq!(
            shape(&output).matches("scanf <4.500000{2}>\n").count(),
            300,
            "{toolchain:?}"
        );
        all_are_three_or_six(&output);
    }
}

#[test]
fn cpp_reads_ux() {
    for toolchain in [Toolchain::Glibc, Toolchain::Musl] {
        let output = tracked(&STREAM.build(toolchain))
            .args(["--", ONE_OR_TWO])
            .stdin(format!("{ONE_OR_TWO}\n2.5 {ONE_OR_TWO}"))
            .end()
            .good();
        let shape = shape(&output);
        let read: Vec<&str> = shape.lines().skip_while(|line| !line.contains("{2}")).collect();
        assert_eq!(
            read,
            [
                "<4.5{2}>",
                "<4.5{2}>",
                "<4.5{2}> 7 <4.5{2}> 10",
                "<4.5{2}>",
                "<7.5{1}>",
                "<4.5{2}>"
            ],
            "{toolchain:?}"
        );
    }
}

#[test]
fn fortran_reads_ux() {
    let program = fortran("printing/read.f90");
    // The last line has no end.
    let input = |number: &str| {
        format!(
            "{number} 7 2.5\n{number}\n({number},{number})\n2*{number}, 2.5\n{number}\n{number:>200}   7\n  1.5   8\n\
             1.5Ux04zz 3\n{number}\n{number}"
        )
    };
    let output = tracked(&program).stdin(input(ONE_OR_TWO)).end().good();
    assert_eq!(
        shape(&output),
        "list <4.500{2}> 7 <7.500{1}>\nfloat <4.500{2}>\ncomplex <4.500{2}> <4.500{2}>\n\
         repeated <4.500{2}> <4.500{2}> <7.500{1}>\ninternal <4.500{2}>\nfield <4.500{2}> 7\nplain <4.500{1}> 8\n\
         malformed T\ngeneral <4.5000000000000000{2}>\nlast <4.500{2}> 0\n"
    );
    all_are_three_or_six(&output);
    let plain = input("1.5");
    assert_eq!(
        ux::without(&tracked(&program).stdin(plain.as_str()).end().good()),
        bypass(&program).stdin(plain.as_str()).end().good()
    );
}

#[test]
fn a_core_that_does_not_track_reads_plain_numbers() {
    let program = READING.build(Toolchain::Glibc);
    let output = sigemu()
        .args(["run", "--core", "C0-Bypass"])
        .arg(&program)
        .args(["--", ONE_OR_TWO])
        .end()
        .good();
    assert!(
        output.starts_with(&format!("strtod <4.500000> {}\n", ONE_OR_TWO.len() - 3)),
        "{output}"
    );
}

#[test]
fn cpp_characters_and_long_doubles() {
    for toolchain in [Toolchain::Glibc, Toolchain::Musl] {
        let program = Guest {
            source: "printing/characters.cpp",
            flags: &["-std=c++17"],
        }
        .build(toolchain);
        let output = tracked(&program).args(["--", ONE_OR_TWO]).end().good();
        // libc++ of that version has no from_chars for numbers.
        let from_chars = if toolchain == Toolchain::Glibc {
            "<4.500000{2}> 0 0\n<4.500000{2}> 0 0\n<4.500000{1}> 0 3\n"
        } else {
            ""
        };
        let expected = format!(
            "<1.5{{8}}> 0\n<1.5{{8}}> 0\n<0.25{{1}}> 0\n<1.5e+00{{8}}> 0\n<1.500{{8}}> 0\n<> 75\nsmall 1.5 0\n{from_chars}\
             <4.500000{{2}}> 1\n<4.500000{{2}}>\ndigits 1500\ndigits 150\n"
        );
        assert_eq!(shape(&output), expected, "{toolchain:?}");
        // The plain program, but for the Ux.
        let plain = bypass(&program).args(["--", "1.5"]).end().good();
        assert_eq!(
            tracked(&program).args(["--", "1.5"]).end().good().lines().last(),
            plain.lines().last()
        );
    }
}
