//! The suites, and what each must contain.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::crate_folder;
use crate::environment::Environment;
use crate::sources::Sources;

/// Tests of one extension or privilege mode.
#[derive(Clone, Copy, Debug)]
pub struct Suite {
    /// The folder's name.
    pub name: &'static str,
    /// Whether the folder is in riscv-tests or in `own/`.
    pub origin: Origin,
    /// How many tests there are. Another number is an error: a suite that lost a test must not look complete.
    pub tests: usize,
    /// Where its tests can run.
    pub environments: &'static [Environment],
    /// What the assembler is told.
    pub march: &'static str,
    /// Whether qemu-riscv64 7.2 knows the instructions: then it judges the tests themselves.
    pub qemu_knows: bool,
}

/// Who wrote a suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// riscv-tests.
    Upstream,
    /// This project.
    Own,
}

/// One source file of a suite.
#[derive(Clone, Debug)]
pub struct Test {
    /// The suite.
    pub suite: Suite,
    /// The file's name without `.S`.
    pub name: String,
    /// The file.
    pub source: PathBuf,
}

use Environment::{Machine, User, Virtual};

const EVERYWHERE: &[Environment] = &[User, Machine, Virtual];
const MACHINE: &[Environment] = &[Machine];
const G: &str = "rv64g_zfh";
/// All that binutils 2.40 can assemble; the rest comes from `own/macros`.
const GB: &str = "rv64gc_zba_zbb_zbc_zbs_zbkb_zbkx_zfh_zicbom_zicboz";

const fn upstream(name: &'static str, tests: usize, environments: &'static [Environment]) -> Suite {
    Suite {
        name,
        origin: Origin::Upstream,
        tests,
        environments,
        march: G,
        qemu_knows: true,
    }
}

const fn own(name: &'static str, tests: usize, qemu_knows: bool) -> Suite {
    Suite {
        name,
        origin: Origin::Own,
        tests,
        environments: EVERYWHERE,
        march: GB,
        qemu_knows,
    }
}

const fn only_user(suite: Suite) -> Suite {
    Suite {
        environments: &[User],
        ..suite
    }
}

/// Every suite there is.
pub const SUITES: [Suite; 28] = [
    upstream("rv64ui", 52, EVERYWHERE),
    upstream("rv64um", 13, EVERYWHERE),
    upstream("rv64ua", 19, EVERYWHERE),
    upstream("rv64uc", 1, EVERYWHERE),
    upstream("rv64uf", 11, EVERYWHERE),
    upstream("rv64ud", 12, EVERYWHERE),
    upstream("rv64uzfh", 11, EVERYWHERE),
    upstream("rv64mi", 16, MACHINE),
    upstream("rv64si", 7, MACHINE),
    upstream("rv64ssvnapot", 1, MACHINE),
    upstream("rv64mzicbo", 1, MACHINE),
    own("zba", 1, true),
    own("zbb", 2, true),
    own("zbc", 1, true),
    own("zbs", 1, true),
    own("zbkb", 1, true),
    own("zbkx", 1, true),
    own("zfa", 1, false),
    own("zicond", 1, false),
    own("zcb", 1, false),
    own("zawrs", 1, false),
    // In machine mode rv64mzicbo has it: the lower modes need leave to use it. So they do for the counters.
    only_user(own("zicboz", 1, false)),
    only_user(own("zicbom", 1, false)),
    only_user(own("zicntr", 1, true)),
    only_user(own("zihpm", 1, false)),
    own("zicclsm", 1, true),
    own("zihint", 1, true),
    own("zimop", 1, false),
];

impl Suite {
    /// The tests of the suite, by name.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read or does not have as many tests as it should.
    pub fn tests(&self, sources: &Sources) -> Result<Vec<Test>> {
        let folder = match self.origin {
            Origin::Upstream => sources.suites().join(self.name),
            Origin::Own => crate_folder().join("own").join(self.name),
        };
        let mut tests = Vec::new();
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let source = entry?.path();
            if source.extension().is_some_and(|extension| extension == "S") {
                let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                tests.push(Test {
                    suite: *self,
                    name,
                    source,
                });
            }
        }
        tests.sort_by(|a, b| a.name.cmp(&b.name));
        ensure!(
            tests.len() == self.tests,
            "{}: {} tests, not {}",
            folder.display(),
            tests.len(),
            self.tests
        );
        Ok(tests)
    }
}
