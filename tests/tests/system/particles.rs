//! `--particle`: what every test program and every example prints is what a core without distributions prints.
//!
//! The lists are the folders themselves, so that no new program is forgotten.

use std::path::{Path, PathBuf};

use sdk::build::Build;
use system_tests::{Ended, Guest, Toolchain, root, sigemu};

/// Programs that ask about distributions, or learn from evidence: a core without any gives other answers. Their particles are compared
/// between cores with and without correlation tracking only.
const ASK: [&str; 11] = [
    "api_cpp.cpp",
    "api_fortran.f90",
    "api_whole.c",
    "constructors.c",
    "reference/questions.c",
    "wing_lift.c",
    "bayes/src/main.c",
    "investment/main.c",
    "option-payoff/src/main.c",
    "sensor-calibration/main.c",
    "wing-lift/main.c",
];

/// Programs that cannot be run like the others, and why.
const LEFT_OUT: [(&str, &str); 4] = [
    ("api_foreign.c", "it is linked without the library: api_whole runs it"),
    (
        "printing/tiny_floats.c",
        "it is for picolibc's printf of floats: printing runs it",
    ),
    ("reference/throws.c", "it never ends but on a Reference core"),
    (
        "hostile.c",
        "it never ends, in a way that its argument names: tasks runs it",
    ),
];

/// What a program is given: arguments, which most ignore, and a line to read.
const ARGUMENTS: [&[&str]; 2] = [&[], &["1.5"]];
const INPUT: &str = "1.5 2.5\n3.5\n";

/// All source files below a folder, by their names from there.
fn sources(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path
                .extension()
                .is_some_and(|e| ["c", "cpp", "f90"].iter().any(|known| e == *known))
            {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, &mut found);
    found.sort();
    let name = |path: PathBuf| {
        path.strip_prefix(folder)
            .expect("below")
            .to_str()
            .expect("UTF-8")
            .to_owned()
    };
    found.into_iter().map(name).collect()
}

fn built(source: &Path, folder: &Path) -> PathBuf {
    let built = Build::new([source]).output(folder.join("program.elf")).run();
    built
        .unwrap_or_else(|error| panic!("{}: {error}", source.display()))
        .output
}

fn run(program: &Path, core: &str, arguments: &[&str]) -> Ended {
    let folder = tempfile::tempdir().expect("a temporary folder");
    sigemu()
        .args(["run", "--deterministic", "--particle", "--core", core])
        .arg(program)
        .arg("--")
        .args(arguments)
        .stdin(INPUT)
        .folder(folder.path())
        .end()
}

/// What differs, if anything does.
fn particles_agree(name: &str, program: &Path, inputs: &[&[&str]]) -> Option<String> {
    let asks = ASK.contains(&name);
    for arguments in inputs {
        let tracked = run(program, "C0-S", arguments);
        let same_on = |core: &str| run(program, core, arguments) == tracked;
        // Without arguments each program runs on the three; it is in the list above if it has to be.
        let is_first = arguments.is_empty();
        if is_first && !same_on("C0-S+") {
            return Some(format!("{name} on C0-S+"));
        }
        if (is_first || !asks) && same_on("C0-Bypass") == asks {
            let what = if asks { "asks nothing, it seems" } else { "on C0-Bypass" };
            return Some(format!("{name} {arguments:?} {what}"));
        }
    }
    None
}

#[test]
fn of_every_guest() {
    let folder = root().join("tests/guests");
    let mut different = Vec::new();
    for name in sources(&folder) {
        // Programs of the bare machine: what they print there is compared in `bare`.
        if name.starts_with("bare/") {
            continue;
        }
        if let Some((_, why)) = LEFT_OUT.iter().find(|(left_out, _)| *left_out == name) {
            println!("not compared: {name}: {why}");
            continue;
        }
        // Programs of glibc's C and C++ are there from other tests; Fortran's linker has warnings.
        let aside = tempfile::tempdir().expect("a temporary folder");
        let program = if name.ends_with(".f90") {
            built(&folder.join(&name), aside.path())
        } else {
            Guest::new(name.clone().leak()).build(Toolchain::Glibc)
        };
        different.extend(particles_agree(&name, &program, &ARGUMENTS));
    }
    assert!(different.is_empty(), "{different:#?}");
}

#[test]
fn of_every_example() {
    let folder = root().join("sdk/examples");
    let mut different = Vec::new();
    for name in sources(&folder) {
        let aside = tempfile::tempdir().expect("a temporary folder");
        let program = built(&folder.join(&name), aside.path());
        different.extend(particles_agree(&name, &program, &ARGUMENTS[..1]));
    }
    assert!(different.is_empty(), "{different:#?}");
}
