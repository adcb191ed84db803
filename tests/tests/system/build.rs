//! `sigemu build`.

use system_tests::{root, sigemu};

#[test]
fn builds_a_program_that_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = root().join("tests/guests/hello.c");
    let built = sigemu()
        .arg("build")
        .arg(&source)
        .args(["-o", "hello.elf"])
        .folder(folder.path())
        .end();
    assert_eq!((built.code, built.stderr.as_str()), (0, ""), "{built:?}");
    let output = sigemu().args(["run", "hello.elf"]).folder(folder.path()).end().good();
    assert_eq!(output, "hello, world\n");
    // Without -o it is named after the source; what follows `--` goes to the compiler.
    let built = sigemu()
        .arg("build")
        .arg(&source)
        .args(["--", "-O0", "-g0"])
        .folder(folder.path())
        .end();
    assert_eq!(built.code, 0, "{built:?}");
    assert!(folder.path().join("hello.elf").is_file());
}

#[test]
fn the_compilers_words_reach_the_user() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("bad.c"), "int main(void) { return nothing; }\n").expect("the source is written");
    let built = sigemu().args(["build", "bad.c"]).folder(folder.path()).end();
    assert_eq!(built.code, 2, "{built:?}");
    assert!(built.stderr.contains("bad.c:1:25: error: "), "{}", built.stderr);
    let built = sigemu().args(["build", "absent.c"]).folder(folder.path()).end();
    assert_eq!(
        (built.code, built.stderr.as_str()),
        (2, "sigemu: absent.c: no such file\n")
    );
}
