//! From a source to an ELF.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::cache_folder;
use crate::environment::Environment;
use crate::sources::Sources;
use crate::suite::Test;

const COMPILER: &str = "riscv64-linux-gnu-gcc";

/// The ELF of `test` for `environment`, built unless a newer one is there.
///
/// # Errors
///
/// When the compiler is missing or refuses the source.
pub fn compile(test: &Test, environment: Environment, sources: &Sources) -> Result<PathBuf> {
    let folder = cache_folder().join("build");
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let name = format!("{}-{}-{}", test.suite.name, environment.letter(), test.name);
    let elf = folder.join(&name);
    let includes = environment.include_folders(sources);
    if modified(&elf) > newest_input(test, &includes) {
        return Ok(elf);
    }

    // Tests run in several threads: build under another name, then put it in place in one step.
    let partial = folder.join(format!(".{name}-{:?}", std::thread::current().id()));
    let mut command = Command::new(COMPILER);
    command
        .arg(format!("-march={}", test.suite.march))
        .args(["-mabi=lp64d", "-mcmodel=medany", "-fno-pic", "-static"]);
    command.args([
        "-nostdlib",
        "-nostartfiles",
        "-Wl,--no-relax",
        "-Wl,--build-id=none",
        "-Wl,--no-warn-rwx-segments",
    ]);
    command.args(includes.iter().flat_map(|folder| [Path::new("-I"), folder]));
    command.args(environment.compiler_arguments(sources));
    command.arg(&test.source).arg("-o").arg(&partial);
    let output = command
        .output()
        .with_context(|| format!("{COMPILER} (apt-get install gcc-riscv64-linux-gnu)"))?;
    if !output.status.success() {
        bail!("{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
    }
    std::fs::rename(&partial, &elf).with_context(|| elf.display().to_string())?;
    Ok(elf)
}

/// When a file was written; what does not exist is older than anything.
fn modified(path: &Path) -> SystemTime {
    path.metadata()
        .and_then(|metadata| metadata.modified())
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

/// When the source, a header, or this program (and with it the compiler's options) changed last.
fn newest_input(test: &Test, includes: &[PathBuf]) -> SystemTime {
    let headers = includes
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flatten()
        .flatten();
    let inputs = headers
        .map(|entry| entry.path())
        .chain([test.source.clone()])
        .chain(std::env::current_exe().ok());
    inputs.map(|path| modified(&path)).max().unwrap_or_else(SystemTime::now)
}
