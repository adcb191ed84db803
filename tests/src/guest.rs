//! Guest programs, built once and kept.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::root;

/// What builds a guest program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Toolchain {
    /// Debian's gcc and glibc, by `sdk::build`: what `sigemu build` does.
    Glibc,
    /// zig's clang and musl, from PyPI's `ziglang`.
    Musl,
}

/// A program of `tests/guests`.
#[derive(Clone, Copy, Debug)]
pub struct Guest {
    /// Its source file.
    pub source: &'static str,
    /// Further flags for the compiler.
    pub flags: &'static [&'static str],
}

impl Guest {
    /// A program with the flags that its toolchain has by default.
    pub const fn new(source: &'static str) -> Guest {
        Guest { source, flags: &[] }
    }

    /// The executable, built unless the same source was built before by the same tools.
    ///
    /// # Panics
    ///
    /// With the compiler's words where it refuses the program.
    pub fn build(&self, toolchain: Toolchain) -> PathBuf {
        let source = root().join("tests/guests").join(self.source);
        let folder = root().join("target/guests");
        std::fs::create_dir_all(&folder).expect("target/guests");
        let output = folder.join(format!(
            "{}-{toolchain:?}-{:016x}.elf",
            self.source.replace('/', "-"),
            self.fingerprint(&source, toolchain)
        ));
        if !output.exists() {
            // Tests run at once, in several processes too: build aside, then move it into place.
            let aside = tempfile::tempdir_in(&folder).expect("a temporary folder");
            let built = aside.path().join("built.elf");
            match toolchain {
                Toolchain::Glibc => self.build_glibc(&source, &built),
                Toolchain::Musl => self.build_musl(&source, &built, aside.path()),
            }
            std::fs::rename(built, &output).expect("the executable moves into place");
        }
        output
    }

    /// What the executable depends on, but for the compiler's version.
    fn fingerprint(&self, source: &Path, toolchain: Toolchain) -> u64 {
        let mut hasher = DefaultHasher::new();
        std::fs::read(source)
            .unwrap_or_else(|error| panic!("{}: {error}", source.display()))
            .hash(&mut hasher);
        (self.flags, toolchain, sdk::build::library(), sdk::build::HEADERS).hash(&mut hasher);
        sdk::build::no_builtin().for_each(|flag| flag.hash(&mut hasher));
        hasher.finish()
    }

    fn build_glibc(&self, source: &Path, output: &Path) {
        let built = sdk::build::Build::new([source]).output(output).flags(self.flags).run();
        let built = built.unwrap_or_else(|error| panic!("{}: {error}", self.source));
        assert_eq!(built.diagnostics, "", "{} builds without warnings", self.source);
    }

    fn build_musl(&self, source: &Path, output: &Path, sdk: &Path) {
        sdk::build::unpack(sdk).unwrap_or_else(|error| panic!("{error}"));
        let language = if self.source.ends_with(".c") { "cc" } else { "c++" };
        let command = Command::new(crate::python())
            .args([
                "-m",
                "ziglang",
                language,
                "-target",
                "riscv64-linux-musl",
                "-O2",
                "-g",
                "-ffp-contract=off",
                "-DSIGEMU_CORE",
                "-I",
            ])
            .arg(sdk)
            .args(sdk::build::no_builtin())
            // The library is assembly, and means nothing to most of these.
            .arg("-Wno-unused-command-line-argument")
            .arg(source)
            .args(self.flags)
            .arg(sdk.join(sdk::build::LIBRARY))
            .arg("-lm")
            .arg("-o")
            .arg(output)
            .env("ZIG_GLOBAL_CACHE_DIR", root().join("target/zig-cache"))
            .env("ZIG_LOCAL_CACHE_DIR", root().join("target/zig-cache"))
            .output()
            .expect("zig starts");
        assert!(
            command.status.success(),
            "{}: {}",
            self.source,
            String::from_utf8_lossy(&command.stderr)
        );
    }
}

/// The executable of an example program as it ships.
pub fn example(name: &str) -> PathBuf {
    root().join("sdk/examples").join(name).join(name).with_extension("elf")
}
