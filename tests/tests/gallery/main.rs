//! The example programs of `sdk/examples`, scored on C0-S (Athens, 64 Diracs), or on C0-S+ where they use a value more than once,
//! against a Monte Carlo of the same formulas. [`repeated`] has more of the latter.
//!
//! A program passes if its printed distribution is at most twice as far from the truth as the core's own split of the truth, plus what
//! the truth's sample may be off by. The distance is Wasserstein-1, in units of the true standard deviation.

mod programs;
mod repeated;
mod truth;

use std::path::Path;

use distcore::{Arithmetic, Format, Representation};
use programs::{PROGRAMS, Program};
use sdk::build::Build;
use system_tests::{Toolchain, root, sigemu, ux};

/// Builds an example at a level of optimisation and gives what it prints with these options.
fn output(program: &Program, level: &str, options: &[&str]) -> String {
    output_of(program, options, |source, elf| {
        let built = Build::new([source]).output(elf).flags([level]).run();
        built.unwrap_or_else(|error| panic!("{}: {error}", program.source));
    })
}

/// What an example prints that `build` makes an executable of.
fn output_of(program: &Program, options: &[&str], build: impl FnOnce(&Path, &Path)) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let elf = folder.path().join("program.elf");
    build(&program.path(), &elf);
    let input = program.input.map_or_else(String::new, |name| {
        let path = program.path().with_file_name(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    });
    sigemu().arg("run").args(options).arg(elf).stdin(input).end().good()
}

#[test]
fn distributions_are_as_near_to_the_truth_as_64_diracs_are() {
    let athens = Arithmetic::new(Representation::Athens, 64).expect("64 Diracs");
    let mut failures = Vec::new();
    for program in PROGRAMS {
        let core = if program.needs_tracking { "C0-S+" } else { "C0-S" };
        let printed = ux::find_all(&output(program, "-O2", &["--core", core, "--ux"]));
        let samples = (program.truth)();
        assert_eq!(printed.len(), samples.len(), "{}", program.source);
        for (value, mut sample) in printed.iter().zip(samples) {
            sample.sort_by(f64::total_cmp);
            let own = athens.samples(&sample, Format::F64);
            let own: Vec<(f64, f64)> = own.diracs().collect();
            let mass = |mass: u64| mass as f64 / (1u64 << 63) as f64;
            let diracs: Vec<(f64, f64)> = value.diracs.iter().map(|&(x, m)| (x, mass(m))).collect();
            let truth = truth::Truth::new(&sample);
            let (distance, split) = (truth.distance(&diracs), truth.distance(&own));
            let bound = 2.0 * split + truth.sampling_error();
            let mean = diracs.iter().map(|(x, m)| x * m).sum::<f64>();
            // Means never differ by more than the distance.
            let mean_off = (mean - truth.mean).abs() / truth.deviation;
            let quantiles = [0.01, 0.5, 0.99].map(|p| (p, truth::quantile(&diracs, p), truth.quantile(p)));
            println!(
                "{}: W1 {distance:.2e}, own split {split:.2e}, bound {bound:.2e}, mean off {mean_off:.1e}, quantiles {quantiles:?}",
                program.source
            );
            if distance > bound || mean_off > bound {
                failures.push(format!(
                    "{}: W1 {distance:.3e}, mean {mean_off:.3e}, bound {bound:.3e}",
                    program.source
                ));
            }
            for (p, printed, _) in quantiles {
                let (low, high) = truth.quantiles_near(&diracs, p);
                if !(low..=high).contains(&printed) {
                    failures.push(format!(
                        "{}: quantile {p} is {printed}, not in {low}..{high}",
                        program.source
                    ));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// The list of programs is the folder of examples, so that no new one goes without a score.
#[test]
fn every_example_is_scored() {
    let entries = std::fs::read_dir(root().join("sdk/examples")).expect("sdk/examples");
    let folders = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir());
    let mut folders: Vec<String> = folders
        .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    folders.sort();
    let mut scored: Vec<&str> = PROGRAMS
        .iter()
        .filter_map(|program| program.source.split('/').next())
        .collect();
    scored.sort_unstable();
    assert_eq!(scored, folders);
}

#[test]
fn particles_do_not_depend_on_tracking() {
    for program in PROGRAMS {
        let values = |options: &[&str]| -> Vec<String> {
            // Answers to questions differ; and so does a posterior, which a core without distributions cannot find.
            let output = output(program, "-O2", options);
            output
                .lines()
                .filter(|line| line.contains(" = ") && !line.starts_with("P("))
                .map(str::to_owned)
                .collect()
        };
        if program.asks {
            println!(
                "not compared with Bypass, its value is the answer to a question: {}",
                program.source
            );
            continue;
        }
        let particles = values(&["--core", "C0-S", "--particle"]);
        assert!(!particles.is_empty(), "{}", program.source);
        assert_eq!(
            particles,
            values(&["--core", "C0-S+", "--particle"]),
            "{}",
            program.source
        );
        assert_eq!(particles, values(&["--core", "C0-Bypass"]), "{}", program.source);
    }
}

/// Independent operands give the untracked result, bit for bit.
#[test]
fn programs_that_use_each_value_once_print_the_same_with_correlation_tracking() {
    // The butterflies of the transform add up again what they took apart.
    let repeats = |program: &Program| program.needs_tracking || program.source.starts_with("fft/");
    for program in PROGRAMS.iter().filter(|program| !repeats(program)) {
        let run = |core: &str| output(program, "-O2", &["--core", core, "--ux"]);
        assert_eq!(run("C0-S"), run("C0-S+"), "{}", program.source);
        assert_eq!(run("C0-XS"), run("C0-XS+"), "{}", program.source);
    }
}

#[test]
fn builds_without_and_with_optimisation_print_the_same() {
    for program in PROGRAMS {
        let options = ["--core", "C0-S", "--ux"];
        let (plain, optimised) = (output(program, "-O0", &options), output(program, "-O2", &options));
        assert_eq!(plain, optimised, "{}", program.source);
    }
}

/// gcc, clang and zig; glibc and musl; libstdc++ and libc++: other code around the same operations. What each compiler may do with
/// floating point in C is the same, and the core's text must not tell who built the program.
#[test]
fn three_compilers_print_the_same() {
    let mut differences = Vec::new();
    for program in PROGRAMS {
        if program.source.ends_with(".f90") {
            println!(
                "not compared, neither clang 14 nor zig compiles Fortran: {}",
                program.source
            );
            continue;
        }
        let options = ["--core", "C0-S", "--ux"];
        let [gcc, clang, zig] = [Toolchain::Glibc, Toolchain::Clang, Toolchain::Musl]
            .map(|toolchain| output_of(program, &options, |source, elf| toolchain.build(source, &[], elf)));
        for (name, other) in [("clang", clang), ("zig", zig)] {
            if gcc != other {
                differences.push(format!("{} by {name}:\n{other}by gcc:\n{gcc}", program.source));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
