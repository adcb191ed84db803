//! `cargo run -p riscv-tests -- FOLDER` on a folder as others build it: a table by suite, what failed and why, signatures compared.

use std::path::{Path, PathBuf};
use std::process::Command;

use riscv_tests::compile::compile;
use riscv_tests::environment::Environment;
use riscv_tests::sources::Sources;
use riscv_tests::suite::{Origin, SUITES, Suite, Test};
use riscv_tests::{cache_folder, crate_folder};

/// What `leaves_a_signature.S` stores, in the words of a reference.
const SIGNATURE: &str = "05060708\n01020304\nffffffff\n00000000\n";

/// Builds a program for the bare machine.
fn build(suite: Suite, name: &str, source: PathBuf) -> PathBuf {
    let name = name.to_owned();
    let sources = Sources::find().expect("the sources of riscv-tests");
    compile(&Test { suite, name, source }, Environment::Machine, &sources).expect("a program")
}

fn own(name: &str) -> PathBuf {
    let suite = Suite {
        name: "canary",
        origin: Origin::Own,
        tests: 1,
        environments: &[Environment::Machine],
        march: "rv64g",
        qemu_knows: true,
    };
    build(suite, name, crate_folder().join(format!("own/canary/{name}.S")))
}

fn upstream(suite: &str, name: &str) -> PathBuf {
    let sources = Sources::find().expect("the sources of riscv-tests");
    let suite = SUITES.into_iter().find(|known| known.name == suite).expect("a suite");
    let tests = suite.tests(&sources).expect("its tests");
    let test = tests.into_iter().find(|test| test.name == name).expect("a test");
    build(suite, name, test.source)
}

/// An empty folder of this test.
fn folder(name: &str) -> PathBuf {
    let folder = cache_folder().join("folders").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("the folder of the last run");
    }
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// What the command prints of a folder, and whether it ends with success.
fn run(folder: &Path) -> (String, bool) {
    let output = Command::new(env!("CARGO_BIN_EXE_riscv-tests")).arg(folder).output();
    let output = output.expect("the command runs");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        output.status.success(),
    )
}

#[test]
fn a_folder_is_counted_by_suite() {
    let folder = folder("counted");
    let copy = |program: PathBuf, name: &str| {
        std::fs::create_dir_all(folder.join(name).parent().expect("a folder")).expect("a folder");
        std::fs::copy(program, folder.join(name)).expect("a copy");
    };
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
    // Names of upstream's own build, and of the architecture tests.
    copy(upstream("rv64ui", "add"), "rv64ui-p-add");
    copy(upstream("rv64si", "csr"), "rv64si-p-csr");
    copy(own("leaves_a_signature"), "arch/right.elf");
    write("arch/right.reference_output", SIGNATURE);
    write("README", "no program");
    let (table, success) = run(&folder);
    let expected = "suite     passed  failed  not run\n\
                    arch           1       0        0\n\
                    rv64si-p       1       0        0\n\
                    rv64ui-p       1       0        0\n\
                    sum            3       0        0\n";
    assert_eq!((table.as_str(), success), (expected, true));

    copy(own("fails_in_case_3"), "rv64ui-p-wrong");
    copy(own("leaves_a_signature"), "arch/wrong.elf");
    write("arch/wrong.signature", &SIGNATURE.replace("ffffffff", "fffffffe"));
    let (table, success) = run(&folder);
    assert!(!success);
    let lines: Vec<&str> = table.lines().collect();
    assert!(
        lines[0].ends_with("differs: word 2 is ffffffff, not fffffffe"),
        "{table}"
    );
    assert!(lines[1].ends_with("rv64ui-p-wrong: case 3 failed"), "{table}");
    assert_eq!(lines[3], "arch           1       1        0", "{table}");
    assert_eq!(lines[6], "sum            3       2        0", "{table}");
}
