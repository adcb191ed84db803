//! Ctrl-C: what the program printed comes out, the figures that were asked for too, and the exit code is a shell's.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use system_tests::{Guest, Toolchain, binary};

/// Interrupts the program at work in this way, once it has said that it is ready; the core has as many Diracs as there can be, so that
/// one operation of the first way takes long.
fn interrupted(way: &str) {
    let mut child = Command::new(binary())
        .args([
            "run",
            "--stats=json",
            "--microarchitecture",
            "Athens",
            "--precision",
            "4096",
        ])
        .arg(Guest::new("hostile.c").build(Toolchain::Glibc))
        .arg(way)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("sigemu starts");
    let mut output = BufReader::new(child.stdout.take().expect("standard output is a pipe"));
    let mut line = String::new();
    output.read_line(&mut line).expect("a line");
    assert_eq!(line, "ready\n", "{way}");
    std::thread::sleep(Duration::from_millis(200));
    let start = Instant::now();
    let told = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(told.expect("kill starts").success());
    let status = child.wait().expect("it ends");
    // One piece of work takes milliseconds; the rest is for a machine that has other things to do.
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{way}: {:?}",
        start.elapsed()
    );
    let mut said = String::new();
    let mut errors = child.stderr.take().expect("standard error is a pipe");
    errors.read_to_string(&mut said).expect("UTF-8");
    assert_eq!(status.code(), Some(130), "{way}: {said}");
    assert!(said.contains("\"DynamicInstructions\":"), "{way}: {said}");
}

#[test]
fn in_a_long_operation_on_distributions() {
    interrupted("distributions");
}

#[test]
fn in_a_plain_loop() {
    interrupted("plain");
}

#[test]
fn while_it_reads() {
    interrupted("input");
}
