//! Reading Ux texts: from arguments, strings, files and standard input.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use system_tests::{Guest, Toolchain, sigemu, ux};

/// 1.5 with 64 Diracs between 1 and 2: long enough (2 KB) that it never fits what is left of a stream's buffer of 4096 for long.
fn text() -> String {
    let mean = 1.5f64.to_bits();
    let mut text = format!("1.5Ux04{:016X}{mean:016X}{:08X}", 1, 64);
    for i in 0..64 {
        let position = 1.0 + (f64::from(i) + 0.5) / 64.0;
        let _ = write!(text, "{:016X}{:016X}", position.to_bits(), 1u64 << 57);
    }
    text
}

fn values(output: &str) -> BTreeMap<&str, ux::Ux> {
    output
        .lines()
        .filter_map(|line| {
            let (name, value) = line.split_once(' ')?;
            Some((name, ux::find_all(value).pop()?))
        })
        .collect()
}

fn has_the_distribution(values: &BTreeMap<&str, ux::Ux>, names: &[&str]) {
    let [expected] = &ux::find_all(&text())[..] else {
        panic!("one value")
    };
    let lost: Vec<&&str> = names
        .iter()
        .filter(|name| values.get(**name).is_none_or(|value| value.diracs != expected.diracs))
        .collect();
    assert!(
        lost.is_empty(),
        "read without the distribution: {lost:?}; there is {:?}",
        values.keys()
    );
}

/// What `reading.c` prints, given the text as argument, eight in a file and two on standard input.
fn c_reads(toolchain: Toolchain) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file: String = (0..8).map(|_| text() + "\n").collect();
    std::fs::write(folder.path().join("values.txt"), file).expect("the file is written");
    sigemu()
        .args(["run", "--core", "C0-S", "--ux"])
        .arg(Guest::new("reading.c").build(toolchain))
        .args(["--", &text(), "values.txt"])
        .stdin(format!("{} {}\nrest\n", text(), text()))
        .folder(folder.path())
        .end()
        .good()
}

fn strtod_reads(toolchain: Toolchain) {
    let output = c_reads(toolchain);
    let values = values(&output);
    has_the_distribution(&values, &["strtod", "strtof", "atof", "cell-0", "cell-2"]);
    assert!(values["cell-1"].is_certain());
    assert!(output.contains("rest-of-strtod ''\n"), "{}", ux::without(&output));
}

#[test]
fn strtod_of_glibc() {
    strtod_reads(Toolchain::Glibc);
}

#[test]
fn strtod_of_musl() {
    strtod_reads(Toolchain::Musl);
}

/// `strtod` of a text that is cut short, even of one with 8-digit positions, or that is no Ux text reads the number in front, and says where it ends.
#[test]
fn a_malformed_text_is_the_number_in_front() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("values.txt"), "").expect("the file is written");
    let whole = text();
    for malformed in [&whole[..600], &whole[..20], "1.5Ux", "1.5Uxyz", "1.5U"] {
        let output = sigemu()
            .args(["run", "--core", "C0-S", "--ux"])
            .arg(Guest::new("reading.c").build(Toolchain::Glibc))
            .args(["--", malformed, "values.txt"])
            .folder(folder.path())
            .end()
            .good();
        let line = output
            .lines()
            .find(|line| line.starts_with("strtod "))
            .expect("what strtod read");
        let value = &values(line)["strtod"];
        assert!(value.is_certain() && value.particle == "1.500", "{malformed}");
        assert!(
            output.contains(&format!("rest-of-strtod '{}'\n", &malformed[3..])),
            "{malformed}: {output}"
        );
    }
}

/// What `streams.cpp` prints, given the text as argument and on standard input.
fn cpp_output(toolchain: Toolchain, options: &[&str]) -> String {
    sigemu()
        .arg("run")
        .args(options)
        .arg(Guest::new("streams.cpp").build(toolchain))
        .args(["--", &text()])
        .stdin(text() + "\n")
        .end()
        .good()
}

fn cpp_streams_write(toolchain: Toolchain) {
    let output = cpp_output(toolchain, &["--core", "C0-S", "--ux"]);
    let values = values(&output);
    let names = [
        "default",
        "fixed",
        "scientific",
        "showpos",
        "float",
        "stringstream",
        "vector",
        "thrown",
        "printf",
    ];
    has_the_distribution(&values, &names);
    has_the_distribution(&values, &["stod", "stof"]);
    for line in ["fixed 1.500000\n", "scientific 1.500e+00\n", "showpos +1.5\n"] {
        assert!(
            ux::without(&output).contains(line),
            "{line} is missing: {}",
            ux::without(&output)
        );
    }
}

#[test]
fn streams_of_libstdcpp_write() {
    cpp_streams_write(Toolchain::Glibc);
}

#[test]
fn streams_of_libcpp_write() {
    cpp_streams_write(Toolchain::Musl);
}
