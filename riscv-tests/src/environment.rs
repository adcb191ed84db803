//! What a test runs in.

use std::fmt;
use std::path::PathBuf;

use crate::crate_folder;
use crate::sources::Sources;

/// An environment: start-up code, and the way in which a test reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Environment {
    /// A Linux program that ends with exit code 0, or the number of the failed test.
    User,
    /// The bare machine from reset on, in the privilege mode that the test asks for; reports through HTIF's `tohost`.
    Machine,
    /// A small kernel that maps, evicts and reloads the test's pages at random (Sv39); reports through HTIF's `tohost`.
    Virtual,
}

impl Environment {
    /// All of them.
    pub const ALL: [Environment; 3] = [Environment::User, Environment::Machine, Environment::Virtual];

    /// The letter that riscv-tests uses in file names such as `rv64ui-p-add`; `u` is ours.
    pub fn letter(self) -> char {
        match self {
            Environment::User => 'u',
            Environment::Machine => 'p',
            Environment::Virtual => 'v',
        }
    }

    /// Folders with headers, first to be searched first.
    pub fn include_folders(self, sources: &Sources) -> Vec<PathBuf> {
        let own = |name: &str| crate_folder().join("env").join(name);
        let mut folders = match self {
            Environment::User => vec![own("user")],
            Environment::Machine => vec![own("machine"), sources.environments()],
            Environment::Virtual => vec![own("virtual"), sources.environments(), sources.environments().join("v")],
        };
        folders.push(sources.macros());
        folders.push(crate_folder().join("own/macros"));
        folders
    }

    /// What the compiler needs beside the test: options and further sources.
    pub fn compiler_arguments(self, sources: &Sources) -> Vec<String> {
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        match self {
            // Two tests store into .text: -N makes it writable.
            Environment::User => vec!["-Wl,-N".to_owned()],
            Environment::Machine => vec!["-T".to_owned(), text(crate_folder().join("env/machine/link.ld"))],
            Environment::Virtual => {
                let folder = sources.environments().join("v");
                let mut arguments: Vec<String> = [
                    "-DENTROPY=0x1234567",
                    "-std=gnu99",
                    "-O2",
                    "-ffreestanding",
                    "-fno-stack-protector",
                    "-T",
                ]
                .map(str::to_owned)
                .into();
                arguments.push(text(crate_folder().join("env/virtual/link.ld")));
                arguments.extend(["entry.S", "vm.c", "string.c"].map(|file| text(folder.join(file))));
                arguments
            }
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Environment::User => "user",
            Environment::Machine => "machine",
            Environment::Virtual => "virtual",
        })
    }
}
