//! Every test of the workspace, and how many there were.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

/// How tests ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

/// Runs them, with cargo-nextest where it is installed; gives whether all passed. `arguments` go to the runner.
pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    let has_nextest = Command::new("cargo")
        .args(["nextest", "--version"])
        .output()
        .is_ok_and(|output| output.status.success());
    let scope = if arguments.is_empty() {
        vec!["--workspace".to_owned()]
    } else {
        arguments.to_vec()
    };
    let mut counts = Counts::default();
    let mut succeeded = true;
    // Tests that run the binary see to it that it is up to date: the first of them would seem to hang while the others wait.
    stream(
        Command::new("cargo").args(["build", "--package", "sigemu"]),
        &mut counts,
    )?;
    if has_nextest {
        succeeded &= stream(
            Command::new("cargo")
                .args(["nextest", "run", "--no-fail-fast"])
                .args(&scope),
            &mut counts,
        )?;
        // nextest does not run the examples in the documentation.
        succeeded &= stream(
            Command::new("cargo")
                .args(["test", "--doc", "--no-fail-fast"])
                .args(&scope),
            &mut counts,
        )?;
    } else {
        succeeded &= stream(
            Command::new("cargo").args(["test", "--no-fail-fast"]).args(&scope),
            &mut counts,
        )?;
    }
    let Counts {
        passed,
        failed,
        skipped,
    } = counts;
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if !succeeded && failed == 0 {
        println!("and the test runner itself failed: see above");
    }
    Ok(succeeded)
}

/// Passes the runner's output on and counts.
fn stream(command: &mut Command, counts: &mut Counts) -> Result<bool> {
    // nextest reports on stderr, cargo test on stdout; one pipe keeps their order.
    let (reader, writer) = std::io::pipe().context("a pipe")?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone().context("a pipe")?)
        .stderr(writer);
    let mut child = command.spawn().context("cargo")?;
    // The command holds the writing ends; without dropping them the reader never ends.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut output = std::io::stdout().lock();
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    while reader
        .read_until(b'\n', &mut line)
        .context("the test runner's output")?
        > 0
    {
        output.write_all(&line).context("standard output")?;
        let found = count(&String::from_utf8_lossy(&line));
        counts.passed += found.passed;
        counts.failed += found.failed;
        counts.skipped += found.skipped;
        line.clear();
    }
    Ok(child.wait().context("cargo")?.success())
}

/// What a line of output says: libtest's `test result: ok. 5 passed; 0 failed; 1 ignored; …` or nextest's
/// `Summary [   1.2s] 5 tests run: 4 passed, 1 failed, 2 skipped`.
fn count(line: &str) -> Counts {
    // nextest repeats what a failed test printed, libtest's line too, but indents it: that test is counted in the summary.
    if !line.starts_with("test result:") && !line.trim_start().starts_with("Summary [") {
        return Counts::default();
    }
    let number_before = |word: &str| {
        let words: Vec<&str> = line
            .split([' ', ';', ',', '.', ':', '\n'])
            .filter(|part| !part.is_empty())
            .collect();
        words
            .windows(2)
            .find(|pair| pair[1] == word)
            .and_then(|pair| pair[0].parse().ok())
            .unwrap_or(0)
    };
    Counts {
        passed: number_before("passed"),
        failed: number_before("failed"),
        skipped: number_before("ignored") + number_before("skipped"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_both_runners() {
        let libtest =
            "test result: FAILED. 28 passed; 2 failed; 1 ignored; 0 measured; 4 filtered out; finished in 3.78s\n";
        assert_eq!(
            count(libtest),
            Counts {
                passed: 28,
                failed: 2,
                skipped: 1
            }
        );
        let nextest = "     Summary [   0.231s] 31 tests run: 30 passed (1 slow), 1 failed, 3 skipped\n";
        assert_eq!(
            count(nextest),
            Counts {
                passed: 30,
                failed: 1,
                skipped: 3
            }
        );
        assert_eq!(count(&format!("    {libtest}")), Counts::default());
        assert_eq!(count("12 passed in a sentence"), Counts::default());
    }
}
