//! What a person sees: distributions are rendered on a terminal, each output stream by itself, and are exact texts elsewhere.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use system_tests::{Guest, Toolchain, binary};

/// The two ends of a pseudoterminal: where its screen can be read, and what a program writes to.
fn terminal() -> (File, File) {
    let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudoterminal");
    grantpt(&screen).and_then(|()| unlockpt(&screen)).expect("it is ours");
    let name = ptsname(&screen, Vec::new()).expect("it has a name");
    let program_end = OpenOptions::new()
        .read(true)
        .write(true)
        .open(name.to_str().expect("a path"));
    (screen.into(), program_end.expect("it can be opened"))
}

/// What is on the screen once no program has it open any more.
fn seen(mut screen: File) -> String {
    let mut bytes = Vec::new();
    // Ends with an error where a file would end.
    let _ = screen.read_to_end(&mut bytes);
    String::from_utf8(bytes).expect("UTF-8")
}

fn run(options: &[&str], stdout: impl Into<Stdio>, stderr: impl Into<Stdio>) -> std::process::Output {
    let child = Command::new(binary())
        .args(["run", "--core", "C0-XS"])
        .args(options)
        .arg(Guest::new("terminal.c").build(Toolchain::Glibc))
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(stderr)
        .spawn();
    child.expect("sigemu starts").wait_with_output().expect("it ends")
}

const RENDERED: &str = " 10.000000 ± 0.998 ";
const EXACT: &str = " 10.000000Ux";

#[test]
fn output_on_a_terminal_is_rendered() {
    let (screen, program_end) = terminal();
    let ended = run(&[], program_end, Stdio::piped());
    let (output, error) = (seen(screen), String::from_utf8(ended.stderr).expect("UTF-8"));
    assert!(output.contains(&format!("output{RENDERED}")), "{output}");
    assert!(error.contains(&format!("error{EXACT}")), "{error}");
}

#[test]
fn errors_on_a_terminal_are_rendered() {
    let (screen, program_end) = terminal();
    let ended = run(&[], Stdio::piped(), program_end);
    let (output, error) = (String::from_utf8(ended.stdout).expect("UTF-8"), seen(screen));
    assert!(output.contains(&format!("output{EXACT}")), "{output}");
    assert!(error.contains(&format!("error{RENDERED}")), "{error}");
}

#[test]
fn texts_that_were_asked_for_are_exact_on_a_terminal() {
    let (screen, program_end) = terminal();
    run(&["--ux"], Stdio::null(), program_end);
    let error = seen(screen);
    assert!(error.contains(&format!("error{EXACT}")), "{error}");
}
