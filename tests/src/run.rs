//! Running programs: sigemu, qemu, Python.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::root;

/// How a program ended and what it printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// Exit code; 128 + signal where a signal ended it, as a shell has it.
    pub code: i32,
}

impl Ended {
    /// What it printed, if it ended well.
    ///
    /// # Panics
    ///
    /// If its exit code is not 0.
    #[track_caller]
    pub fn good(self) -> String {
        assert_eq!(self.code, 0, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self.stdout
    }
}

/// A command line with what it reads from standard input.
#[derive(Debug)]
pub struct Run {
    command: Command,
    stdin: Vec<u8>,
}

impl Run {
    fn new(program: impl AsRef<OsStr>) -> Run {
        Run {
            command: Command::new(program),
            stdin: Vec::new(),
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Run {
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Run {
        self.command.args(arguments);
        self
    }

    /// What standard input holds; nothing by default.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Run {
        self.stdin = bytes.into();
        self
    }

    /// The folder it runs in.
    #[must_use]
    pub fn folder(mut self, path: impl AsRef<Path>) -> Run {
        self.command.current_dir(path);
        self
    }

    /// Runs it to its end.
    ///
    /// # Panics
    ///
    /// If it cannot be started or does not print UTF-8.
    pub fn end(mut self) -> Ended {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{:?}: {error}", self.command.get_program()));
        let mut pipe = child.stdin.take().expect("standard input is a pipe");
        let bytes = self.stdin;
        // A program may end without reading: a broken pipe is its right.
        let writer = std::thread::spawn(move || pipe.write_all(&bytes));
        let output = child.wait_with_output().expect("the program ends");
        let _ = writer.join();
        let signal = std::os::unix::process::ExitStatusExt::signal(&output.status);
        Ended {
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
            code: output.status.code().or(signal.map(|signal| 128 + signal)).unwrap_or(-1),
        }
    }
}

/// `sigemu` with its arguments to come.
pub fn sigemu() -> Run {
    Run::new(binary())
}

/// The binary `sigemu` of the same profile as this test, built now if it is not up to date.
///
/// # Panics
///
/// If it does not build.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(build)
}

fn build() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    // target/debug/deps/system-… or target/release/deps/system-…
    let folder = test.ancestors().nth(2).expect("a target folder");
    let profile = match folder.file_name().and_then(OsStr::to_str) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "sigemu", "--profile", profile])
        .current_dir(root())
        .output()
        .expect("cargo starts");
    assert!(
        output.status.success(),
        "sigemu does not build:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    folder.join("sigemu")
}

/// The same program on Debian's qemu, the judge of everything that has no distributions.
pub fn qemu(program: &Path) -> Run {
    let found = Command::new("qemu-riscv64").arg("--version").output().is_ok();
    assert!(
        found,
        "qemu-riscv64 is not installed: apt install qemu-user, or cargo xtask setup"
    );
    Run::new("qemu-riscv64").arg(program)
}

/// The Python that has `signaloid` and `ziglang`.
///
/// # Panics
///
/// With the way to install it.
pub fn python() -> PathBuf {
    let python = root().join("target/venv/bin/python");
    assert!(
        python.exists(),
        "{} is not there: cargo xtask setup installs it",
        python.display()
    );
    python
}
