//! The rest of the UxHw API: every function that `api` leaves out, in every form, from every language.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use system_tests::{Guest, Toolchain, root, sigemu, ux};

const ONE: f64 = (1u64 << 63) as f64;

/// Every line of the output that is a name and a value.
fn values(program: &PathBuf, options: &[&str]) -> BTreeMap<String, ux::Ux> {
    let output = sigemu().args(["run", "--ux"]).args(options).arg(program).end().good();
    output
        .lines()
        .filter_map(|line| {
            let (name, text) = line.trim_start().split_once(' ')?;
            Some((name.to_owned(), ux::find_all(text).pop()?))
        })
        .collect()
}

/// Positions and masses, 1 for certain.
fn diracs(value: &ux::Ux) -> Vec<(f64, f64)> {
    value
        .diracs
        .iter()
        .map(|&(position, mass)| (position, mass as f64 / ONE))
        .collect()
}

/// Diracs of equal mass: exact in the fixed-point masses up to their last digit.
#[track_caller]
fn uniform_over(value: &ux::Ux, positions: &[f64]) {
    let found = diracs(value);
    assert_eq!(found.iter().map(|dirac| dirac.0).collect::<Vec<_>>(), positions);
    for (_, mass) in found {
        assert!((mass - 1.0 / positions.len() as f64).abs() < 1e-15, "{mass}");
    }
}

#[track_caller]
fn near(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() < tolerance, "{value} instead of {expected}");
}

#[test]
fn every_function_by_both_names_with_glibc() {
    every_function_by_both_names(Toolchain::Glibc);
}

#[test]
fn every_function_by_both_names_with_musl() {
    every_function_by_both_names(Toolchain::Musl);
}

#[test]
fn every_function_by_both_names_with_picolibc() {
    every_function_by_both_names(Toolchain::Picolibc);
}

fn every_function_by_both_names(toolchain: Toolchain) {
    let new = Guest::new("api_whole.c").build(toolchain);
    let old = Guest {
        source: "api_whole.c",
        flags: &["-DOLD_NAMES"],
    }
    .build(toolchain);
    let options = ["--microarchitecture", "Athens", "--precision", "256"];
    let text = |program: &PathBuf| sigemu().args(["run", "--ux"]).args(options).arg(program).end().good();
    let output = text(&new);
    assert_eq!(output, text(&old), "the old names are the same functions");
    for line in ["calls 256\n", "batches 1\n", "long-enough 1 too-short 1\n"] {
        assert!(output.contains(line), "{line}");
    }
    // Print goes through the program's own buffer.
    assert_eq!(ux::without(output.lines().last().expect("a line")), "print 3.500000");
    let values = values(&new, &options);
    for prefix in ["", "float-"] {
        let value = |name: &str| &values[&format!("{prefix}{name}")];
        for form in ["flat", "rows"] {
            uniform_over(value(&format!("{form}-0")), &[1.0, 2.0, 3.0, 4.0]);
            uniform_over(value(&format!("{form}-1")), &[10.0, 20.0, 30.0, 40.0]);
            assert_eq!(value(&format!("{form}-1")).particle, "25");
        }
        uniform_over(value("limited"), &[2.0, 3.0, 4.0]);
        assert_eq!((value("limited").particle.as_str(), value("limited").mean), ("3", 3.0));
        assert_eq!(value("limited-outside").particle, "nan");
        for form in ["weighted-2", "weighted-3"] {
            assert_eq!(diracs(value(form)), [(1.0, 0.25), (2.0, 0.75)]);
            assert_eq!(value(form).particle, "1.75");
        }
        uniform_over(value("bytes"), &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        // The particle of a constructor is the mean of its law: Euler's constant for Gumbel, 3 Gamma(3/2) for Weibull,
        // exp(1/8) for the lognormal, 2 (1 - 1/4) / (1 - 1/16) for the Pareto law.
        let tolerance = if prefix.is_empty() { 1e-14 } else { 1e-6 };
        for (name, mean) in [
            ("exponential", 2.0),
            ("gumbel", 1.0 + 2.0 * 0.577_215_664_901_532_9),
            ("logistic", 1.0),
            ("laplace", 1.0),
            ("weibull", 3.0 * libm::tgamma(1.5)),
            ("lognormal", 0.125f64.exp()),
            ("pareto", 1.6),
        ] {
            near(value(name).particle.parse().expect("a number"), mean, tolerance);
            assert_eq!(value(name).diracs.len(), 256, "{prefix}{name}");
        }
    }
    let value = |name: &str| &values[name];
    assert_eq!(value("limited-to-nothing").particle, "nan");
    assert_eq!(value("limited-inside").particle, "2.5");
    assert_eq!((value("mode").mean, value("float-mode").mean), (2.0, 1.0));

    // Conjugacy: prior N(1, 1), noise N(0, 1/4), evidence 2: precision 5, mean (1 + 4 * 2) / 5. The likelihood's density is
    // estimated from 256 Diracs, good to a few times (cell / spread)^2 = (6/256)^2 where the mass is.
    near(value("posterior").mean, 1.8, 3e-3);
    // Of 2 theta, evidence 4: precision 1 + 16, mean (1 + 16 * 2) / 17; the prior's cells are four times coarser here.
    near(value("posterior-5").mean, 33.0 / 17.0, 5e-3);
    assert_eq!(value("posterior-plain").particle, "1.25");
    // Heads with probability 1/2 or 3/4, seen once: 0.4 and 0.6. The mixture's masses are floats.
    for form in ["float-posterior", "float-posterior-5"] {
        let posterior = diracs(value(form));
        assert_eq!(posterior.iter().map(|dirac| dirac.0).collect::<Vec<_>>(), [0.5, 0.75]);
        near(posterior[1].1, 0.6, 1e-6);
    }
}

#[test]
fn without_tracking_every_value_is_its_particle() {
    let program = Guest::new("api_whole.c").build(Toolchain::Glibc);
    let output = sigemu().args(["run", "--core", "C0-Bypass"]).arg(program).end().good();
    for line in ["rows-1 25\n", "limited 3.5\n", "posterior 1\n", "weighted-2 1.75\n"] {
        assert!(output.contains(line), "{line}: {output}");
    }
}

#[test]
fn a_foreign_library_is_hooked_by_name() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = folder.path().join("foreign.elf");
    let compiler = Command::new("riscv64-linux-gnu-gcc")
        .args(["-static", "-O2", "-o"])
        .arg(&program)
        .arg(root().join("tests/guests/api_foreign.c"))
        .status()
        .expect("riscv64-linux-gnu-gcc starts: apt install gcc-riscv64-linux-gnu");
    assert!(compiler.success());
    let values = values(&program, &["--microarchitecture", "Athens", "--precision", "256"]);
    // The variance of 256 Diracs is below the law's by the mean variance inside the cells.
    near(values["variance"].mean, 4.0, 0.02);
    assert_eq!(values["uniform"].diracs.len(), 256);
    near(values["posterior"].mean, 1.8, 3e-3);
}

/// What macros count in C, overloads tell apart in C++.
#[test]
fn the_forms_of_cpp() {
    for toolchain in [Toolchain::Glibc, Toolchain::Clang, Toolchain::Musl] {
        let values = values(&Guest::new("api_cpp.cpp").build(toolchain), &[]);
        assert_eq!(values.len(), 9, "{toolchain:?}");
        for prefix in ["", "float-"] {
            for form in ["weighted-2", "weighted-3"] {
                let found = diracs(&values[&format!("{prefix}{form}")]);
                assert_eq!(found, [(1.0, 0.25), (2.0, 0.75)], "{toolchain:?} {prefix}{form}");
            }
            // A coin that is fair or shows 1 three times out of four has shown 1. The masses of a mixture of floats are floats.
            for form in ["posterior-3", "posterior-5"] {
                let found = diracs(&values[&format!("{prefix}{form}")]);
                assert_eq!((found[0].0, found[1].0), (0.5, 0.75), "{toolchain:?} {prefix}{form}");
                near(found[1].1, 0.6, 1e-6);
            }
        }
    }
}

#[test]
fn fortran() {
    let program = Guest::new("api_fortran.f90").build(Toolchain::Glibc);
    let output = sigemu().args(["run", "--core", "C0-Bypass"]).arg(&program).end().good();
    let numbers: BTreeMap<&str, f64> = output
        .lines()
        .filter_map(|line| line.trim().split_once(' '))
        .map(|(name, number)| (name, number.trim().parse().expect("a number")))
        .collect();
    assert_eq!(
        (numbers["die"], numbers["column"], numbers["posterior"]),
        (3.5, 20.0, 1.0),
        "{output}"
    );
    let report = sigemu()
        .args(["run", "--core", "C0-S", "--particle"])
        .arg(&program)
        .end()
        .good();
    let number = |name: &str| -> f64 {
        let line = report
            .lines()
            .find(|line| line.trim().starts_with(name))
            .expect("a line");
        line.split_whitespace()
            .nth(1)
            .expect("a number")
            .parse()
            .expect("a number")
    };
    assert_eq!((number("limited"), number("above")), (2.5, 0.75), "{report}");
    // 64 Diracs: (6/64)^2 = 0.009.
    near(number("posterior"), 1.8, 0.02);
}
