//! ELF files that somebody else built: upstream's own build of riscv-tests, or the architecture tests.
//!
//! An ELF passes when it ends with exit code 0. Where a reference signature lies beside it (`add-01.elf` and
//! `add-01.reference_output`, `.signature` or `.sig`), the emulator also dumps its signature, as Spike does, and the two must be equal.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cache_folder;
use crate::runner::{Outcome, Runner};

/// An ELF to be run.
#[derive(Clone, Debug)]
pub struct Program {
    /// The file.
    pub elf: PathBuf,
    /// Upstream's suite (`rv64ui-p` of `rv64ui-p-add`), else the name of its folder.
    pub suite: String,
    /// The signature that it must leave.
    pub reference: Option<PathBuf>,
}

/// All ELF files in a folder and the folders in it, by name.
///
/// # Errors
///
/// When a folder or a file cannot be read.
pub fn programs(folder: &Path) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if is_elf(&path)? {
                programs.push(Program {
                    suite: suite_of(&path),
                    reference: reference_of(&path),
                    elf: path,
                });
            }
        }
    }
    programs.sort_by(|a, b| a.elf.cmp(&b.elf));
    Ok(programs)
}

fn is_elf(path: &Path) -> Result<bool> {
    use std::io::Read;
    let mut magic = Vec::new();
    let file = std::fs::File::open(path).with_context(|| path.display().to_string())?;
    file.take(4)
        .read_to_end(&mut magic)
        .with_context(|| path.display().to_string())?;
    Ok(magic == b"\x7fELF")
}

fn suite_of(elf: &Path) -> String {
    let name = elf.file_name().unwrap_or_default().to_string_lossy();
    for environment in ["-p-", "-v-", "-u-", "-pm-", "-pt-"] {
        if let Some((suite, _)) = name.split_once(environment) {
            return format!("{suite}{}", environment.trim_end_matches('-'));
        }
    }
    let folder = elf.parent().and_then(Path::file_name).unwrap_or_default();
    folder.to_string_lossy().into_owned()
}

fn reference_of(elf: &Path) -> Option<PathBuf> {
    ["reference_output", "signature", "sig"]
        .into_iter()
        .find_map(|extension| {
            let beside = elf.with_extension(extension);
            let mut appended = elf.as_os_str().to_owned();
            appended.push(format!(".{extension}"));
            [beside, PathBuf::from(appended)].into_iter().find(|path| path.exists())
        })
}

impl Program {
    /// Runs it and compares signatures.
    ///
    /// # Errors
    ///
    /// When the emulator cannot be started or the reference cannot be read.
    pub fn run(&self, runner: &Runner) -> Result<Outcome> {
        let Some(reference) = &self.reference else {
            return runner.run(&self.elf, &[]);
        };
        let folder = cache_folder().join("signatures");
        std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let signature = folder.join(format!(
            "{}-{}",
            std::process::id(),
            self.elf.to_string_lossy().replace('/', "-")
        ));
        let options = signature_options(runner, &signature);
        let outcome = runner.run(&self.elf, &options)?;
        if outcome != Outcome::Passed {
            return Ok(outcome);
        }
        let expected = std::fs::read_to_string(reference).with_context(|| reference.display().to_string())?;
        let found = std::fs::read_to_string(&signature).with_context(|| signature.display().to_string())?;
        Ok(match first_difference(&expected, &found) {
            None => {
                std::fs::remove_file(&signature)?;
                Outcome::Passed
            }
            Some(difference) => Outcome::Died(format!("{} differs: {difference}", signature.display())),
        })
    }
}

/// One 32-bit word a line, which is what the references have.
fn signature_options(runner: &Runner, signature: &Path) -> Vec<OsString> {
    match runner {
        Runner::Spike(_) => {
            let mut file = OsString::from("+signature=");
            file.push(signature);
            vec![file, "+signature-granularity=4".into()]
        }
        Runner::Sigemu(_) | Runner::Qemu => {
            vec![
                "--signature".into(),
                signature.into(),
                "--signature-granularity".into(),
                "4".into(),
            ]
        }
    }
}

/// The first line in which two signatures differ; letter case and space around do not count.
fn first_difference(expected: &str, found: &str) -> Option<String> {
    let clean = |text: &str| {
        text.lines()
            .map(|line| line.trim().to_ascii_lowercase())
            .collect::<Vec<_>>()
    };
    let (expected, found) = (clean(expected), clean(found));
    let line = (0..expected.len().max(found.len())).find(|&line| expected.get(line) != found.get(line))?;
    let show = |lines: &[String]| lines.get(line).cloned().unwrap_or_else(|| "nothing".to_owned());
    Some(format!("word {line} is {}, not {}", show(&found), show(&expected)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_are_told_by_names() {
        assert_eq!(suite_of(Path::new("/x/isa/rv64ui-p-add")), "rv64ui-p");
        assert_eq!(suite_of(Path::new("/x/rv64i_m/M/mul-01.elf")), "M");
    }

    #[test]
    fn signatures_are_compared_word_by_word() {
        assert_eq!(first_difference("DEADBEEF\n00000001\n", "deadbeef\n00000001"), None);
        assert_eq!(
            first_difference("a\nb\n", "a\nc\n").as_deref(),
            Some("word 1 is c, not b")
        );
        assert_eq!(
            first_difference("a\nb\n", "a\n").as_deref(),
            Some("word 1 is nothing, not b")
        );
    }
}
