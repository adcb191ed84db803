//! Values do not depend on threads and shards.

use std::path::Path;

use system_tests::sigemu;

use crate::support::{executions, guest, open};

const PRECISION: u64 = 100_000;

fn bytes(file: &Path) -> Vec<u8> {
    std::fs::read(file).expect("a values file")
}

/// 1, 2 and 8 threads, and 7 shards, of a program whose executions differ in how much they draw and print.
#[test]
fn threads_and_shards_make_the_same_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let program = guest("reference/ways.c");
    let limit = ["--instruction-limit", "100000"];
    let ended = |threads: &str| {
        let run = sigemu().args([
            "run",
            "--core",
            "C0-Reference",
            "--precision",
            &PRECISION.to_string(),
            "--deterministic",
        ]);
        run.args(limit).args(["--threads", threads, "--values"])
    };
    let one = ended("1").arg(path("one")).arg(&program).end();
    for threads in ["2", "8"] {
        let other = ended(threads).arg(path(threads)).arg(&program).end();
        assert_eq!(other, one, "{threads} threads");
        assert!(bytes(&path(threads)) == bytes(&path("one")), "{threads} threads");
    }
    let mut shards = Vec::new();
    // In no particular order, and on no particular number of threads.
    for number in [3, 7, 1, 5, 2, 6, 4] {
        let file = path(&format!("shard {number}"));
        let threads = (number % 3 + 1).to_string();
        let shard = ended(&threads)
            .arg(&file)
            .args(["--shard", &format!("{number}/7")])
            .arg(&program)
            .end();
        // Only the shard with the first execution prints anything.
        assert_eq!(shard.stdout.is_empty(), number != 1, "{}", shard.stdout);
        shards.push(file);
    }
    sigemu().arg("merge").arg(path("merged")).args(&shards).end().good();
    assert!(bytes(&path("merged")) == bytes(&path("one")));

    // Those who look at a part see the executions of that part.
    let part = executions(&path("shard 3"));
    let start = (PRECISION * 2 / 7) as usize;
    assert_eq!(open(&path("shard 3")).header().first, start as u64);
    let statuses = |executions: &[_]| {
        executions
            .iter()
            .map(|e: &emulator::reference::values::Execution| e.status)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        statuses(&part),
        statuses(&executions(&path("one"))[start..start + part.len()])
    );
}

/// Whoever forgets the output names the first part in its place.
#[test]
fn merging_never_overwrites_a_part() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = guest("reference/sum.c");
    let parts = ["1", "2"].map(|number| {
        let part = folder.path().join(number);
        let run = sigemu().args([
            "run",
            "--core",
            "C0-Reference",
            "--shard",
            &format!("{number}/2"),
            "--values",
        ]);
        run.arg(&part).arg(&program).end().good();
        std::fs::read(part).expect("a part")
    });
    std::os::unix::fs::symlink("1", folder.path().join("link")).expect("a link");
    for (output, part) in [("1", "1"), ("./1", "1"), ("1", "link"), ("link", "1")] {
        let ended = sigemu().args(["merge", output, part, "2"]).folder(folder.path()).end();
        let message = format!(
            "sigemu: {output} is the file to write, and {part} to be merged is the same one: name a file for the output first, \
             then the parts\n"
        );
        assert_eq!((ended.code, ended.stderr), (2, message));
    }
    for (number, bytes) in ["1", "2"].iter().zip(parts) {
        assert_eq!(std::fs::read(folder.path().join(number)).expect("a part"), bytes);
    }
    // A file that is none of the parts may be overwritten.
    for _ in 0..2 {
        sigemu()
            .args(["merge", "whole", "1", "2"])
            .folder(folder.path())
            .end()
            .good();
    }
}

#[test]
fn merging_refuses_what_does_not_fit() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = guest("reference/sum.c");
    let make = |name: &str, options: &[&str]| {
        let run = sigemu().args(["run", "--core", "C0-Reference", "--precision", "100", "--values"]);
        run.arg(folder.path().join(name))
            .args(options)
            .arg(&program)
            .end()
            .good();
    };
    make("1", &["--shard", "1/4"]);
    make("2", &["--shard", "2/4"]);
    make("3", &["--shard", "3/4"]);
    make("4", &["--shard", "4/4"]);
    make("other", &["--shard", "4/4", "--seed", "1"]);
    std::fs::write(folder.path().join("text"), "no values").expect("a file");
    let broken = std::fs::read(folder.path().join("4")).expect("a file");
    std::fs::write(folder.path().join("cut"), &broken[..broken.len() / 2]).expect("a file");
    let mut changed = broken;
    changed[100] ^= 1;
    std::fs::write(folder.path().join("changed"), changed).expect("a file");
    for (files, message) in [
        (&["1", "2", "4"][..], "sigemu: executions 51 to 75 of 100 are missing\n"),
        (&["1", "2", "2", "3", "4"], "sigemu: 2: execution 26 is in two files\n"),
        (
            &["1", "2", "3", "other"],
            "sigemu: other: it belongs to another task: program, arguments, core or seed differ\n",
        ),
        (&["1", "2", "3", "text"], "sigemu: text: not a values file\n"),
        (
            &["1", "2", "3", "cut"],
            "sigemu: cut: the file is incomplete: the run that wrote it did not end, or it was not copied whole\n",
        ),
        (
            &["1", "2", "3", "changed"],
            "sigemu: changed: the file is damaged: its digest is wrong\n",
        ),
    ] {
        let ended = sigemu()
            .args(["merge", "merged"])
            .args(files)
            .folder(folder.path())
            .end();
        assert_eq!((ended.code, ended.stderr.as_str()), (2, message));
        assert!(!folder.path().join("merged").exists());
    }
    let good = sigemu()
        .args(["merge", "merged", "4", "3", "2", "1"])
        .folder(folder.path())
        .end();
    assert_eq!(good.code, 0, "{}", good.stderr);
}
