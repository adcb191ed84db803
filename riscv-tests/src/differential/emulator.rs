//! What can run a stream.

use std::ffi::OsString;

use anyhow::{Context, Result};

use super::Stream;
use super::program::State;
use crate::cache_folder;
use crate::compile::compile;
use crate::environment::Environment;
use crate::lines::{self, Line};
use crate::runner::{Outcome, Runner};
use crate::sources::Sources;
use crate::suite::{Origin, Suite, Test};

/// Something that can run a stream.
pub trait Emulator {
    /// Runs it to its end.
    ///
    /// # Errors
    ///
    /// When it does not compile or the emulator cannot be started.
    fn run(&self, stream: &Stream) -> Result<Ran>;

    /// Runs a test line; `true` when it passes.
    ///
    /// # Errors
    ///
    /// The same.
    fn passes(&self, line: &Line) -> Result<bool>;
}

/// A finished run.
#[derive(Clone, Debug)]
pub struct Ran {
    code: Result<i32, String>,
    printed: Vec<u8>,
    /// How many instructions it took, where the emulator tells.
    instructions: Option<u64>,
}

impl Ran {
    /// Whether two runs ended and printed the same, and took as many instructions where both tell.
    pub fn equals(&self, other: &Ran) -> bool {
        let counts_equal = match (self.instructions, other.instructions) {
            (Some(ours), Some(others)) => ours == others,
            _ => true,
        };
        self.code == other.code && self.printed == other.printed && counts_equal
    }

    /// The state at the end; `None` when it did not come to its end.
    pub(super) fn state(&self) -> Option<State> {
        State::of(&self.printed).filter(|_| self.code == Ok(0))
    }
}

/// An emulator that is installed, with the sources that it takes to build for it.
#[derive(Clone, Debug)]
pub struct Installed<'a> {
    /// Which.
    pub runner: Runner,
    /// Where the test macros are.
    pub sources: &'a Sources,
}

impl Installed<'_> {
    /// Builds and runs a program.
    fn output(&self, name: String, program: &str) -> Result<crate::runner::Output> {
        let folder = cache_folder().join("differential");
        std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let source = folder.join(format!("{name}.S"));
        if std::fs::read_to_string(&source).is_ok_and(|old| old == program) {
            // What was built from it for another emulator is still good.
        } else {
            std::fs::write(&source, program).with_context(|| source.display().to_string())?;
        }
        let suite = Suite {
            name: "differential",
            origin: Origin::Own,
            tests: 1,
            environments: &[Environment::User],
            march: "rv64g_zfh",
            qemu_knows: true,
        };
        let elf = compile(&Test { suite, name, source }, Environment::User, self.sources)?;
        let none: [OsString; 0] = [];
        self.runner.output(&elf, &none)
    }
}

impl Emulator for Installed<'_> {
    fn run(&self, stream: &Stream) -> Result<Ran> {
        let output = self.output(format!("stream_{}", stream.seed), &stream.program()?)?;
        let statistics = String::from_utf8_lossy(&output.stderr).into_owned();
        let count = statistics.split("\"DynamicInstructions\":").nth(1);
        Ok(Ran {
            code: output.code,
            printed: output.stdout,
            instructions: count.and_then(|text| text.split([',', '}']).next()?.parse().ok()),
        })
    }

    fn passes(&self, line: &Line) -> Result<bool> {
        let name = format!(
            "line_{}",
            line.words.iter().map(|word| format!("{word:x}")).collect::<String>()
        );
        let output = self.output(name, &lines::program(std::slice::from_ref(line))?)?;
        Ok(Outcome::from(output) == Outcome::Passed)
    }
}
