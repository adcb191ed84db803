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
    /// Debian's clang with the same glibc and, for C++, libstdc++.
    Clang,
    /// zig's clang and musl, from PyPI's `ziglang`.
    Musl,
    /// Debian's gcc-riscv64-unknown-elf and picolibc with semihosting: a program without operating system.
    Picolibc,
    /// No library at all, linked to 0x80000000.
    Bare,
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
            toolchain.build(&source, self.flags, &built);
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
}

impl Toolchain {
    /// Builds one source file.
    ///
    /// # Panics
    ///
    /// With the compiler's words where it refuses the program, or with the way to install it.
    pub fn build(self, source: &Path, flags: &[&str], output: &Path) {
        if self == Toolchain::Glibc {
            let built = sdk::build::Build::new([source]).output(output).flags(flags).run();
            let built = built.unwrap_or_else(|error| panic!("{}: {error}", source.display()));
            assert_eq!(built.diagnostics, "", "{} builds without warnings", source.display());
            return;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        sdk::build::unpack(folder.path()).unwrap_or_else(|error| panic!("{error}"));
        let is_cpp = source.extension().is_some_and(|extension| extension == "cpp");
        let object = folder.path().join("program.o");
        let mut command = match self {
            // clang does not find Debian's cross libraries: it compiles, and gcc links.
            Toolchain::Glibc | Toolchain::Clang => {
                let mut clang = Command::new(if is_cpp { "clang++" } else { "clang" });
                clang.arg("--target=riscv64-linux-gnu").args(LINUX).args(CROSS_HEADERS);
                clang.arg("-I").arg(folder.path()).args(sdk::build::no_builtin());
                succeed(clang.args(flags).arg("-c").arg(source).arg("-o").arg(&object));
                let linker = if is_cpp {
                    "riscv64-linux-gnu-g++"
                } else {
                    "riscv64-linux-gnu-gcc"
                };
                let mut command = Command::new(linker);
                command.arg("-static");
                command
            }
            Toolchain::Musl => {
                let mut command = Command::new(crate::python());
                command.args(["-m", "ziglang", if is_cpp { "c++" } else { "cc" }]);
                command.args(["-target", "riscv64-linux-musl"]).args(LINUX);
                for cache in ["ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR"] {
                    command.env(cache, root().join("target/zig-cache"));
                }
                command
            }
            Toolchain::Picolibc => {
                let mut command = Command::new("riscv64-unknown-elf-gcc");
                command.args(PICOLIBC);
                command
            }
            Toolchain::Bare => {
                let mut command = Command::new("riscv64-linux-gnu-gcc");
                command.args(BARE);
                command
            }
        };
        if self != Toolchain::Bare {
            command
                .arg("-I")
                .arg(folder.path())
                .args(sdk::build::no_builtin())
                .arg(folder.path().join(sdk::build::LIBRARY));
        }
        if self == Toolchain::Clang {
            command.arg(object);
        } else {
            command.arg(source).args(flags);
        }
        succeed(command.arg("-lm").arg("-o").arg(output));
    }
}

/// Runs a compiler to its end.
#[track_caller]
fn succeed(command: &mut Command) {
    let ended = command.output();
    let ended = ended.unwrap_or_else(|error| panic!("{command:?}: {error}: cargo xtask setup installs it"));
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{command:?}: {said}");
}

/// Where Debian's cross packages have their headers, libstdc++'s first.
const CROSS_HEADERS: &[&str] = &[
    "-cxx-isystem",
    "/usr/riscv64-linux-gnu/include/c++/12",
    "-cxx-isystem",
    "/usr/riscv64-linux-gnu/include/c++/12/riscv64-linux-gnu",
    "-isystem",
    "/usr/riscv64-linux-gnu/include",
];

/// Compiler flags of [`Toolchain::Clang`] and [`Toolchain::Musl`], as `sigemu build` has them.
const LINUX: &[&str] = &[
    "-O2",
    "-g",
    "-ffp-contract=off",
    "-DSIGEMU_CORE",
    // The library is assembly, and means nothing to most of these.
    "-Wno-unused-command-line-argument",
];

/// Compiler flags of [`Toolchain::Picolibc`].
const PICOLIBC: &[&str] = &[
    "--specs=picolibc.specs",
    "--oslib=semihost",
    "--crt0=semihost",
    "-march=rv64imafdc",
    "-mabi=lp64d",
    "-mcmodel=medany",
    "-O2",
    "-ffp-contract=off",
    "-DSIGEMU_CORE",
    // Where the common boards have their memory, and enough of it.
    "-Wl,--defsym=__flash=0x80000000",
    "-Wl,--defsym=__flash_size=0x400000",
    "-Wl,--defsym=__ram=0x80400000",
    "-Wl,--defsym=__ram_size=0x1000000",
];

/// Compiler flags of [`Toolchain::Bare`].
const BARE: &[&str] = &[
    "-march=rv64imafdc",
    "-mabi=lp64d",
    "-mcmodel=medany",
    "-O2",
    "-static",
    "-nostdlib",
    "-ffreestanding",
    "-fno-pic",
    "-no-pie",
    "-Wl,-N,--no-relax,--build-id=none,-Ttext=0x80000000",
];

/// The executable of an example program as it ships.
pub fn example(name: &str) -> PathBuf {
    root().join("sdk/examples").join(name).join(name).with_extension("elf")
}
