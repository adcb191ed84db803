//! Building guest programs: Debian's RISC-V cross compiler with the flags, headers and library that these cores want.
//!
//! What the flags are for:
//!
//! * `-static`: sigemu loads no shared libraries.
//! * `-ffp-contract=off`: `a * b + c` stays two operations, as published results have it.
//! * `-fno-builtin-pow` and so on for every name of [`LIBM`]: a call to libm is one operation on distributions. The
//!   compiler would turn `pow(v, 2)` into a product of two operands, which on a core without correlation tracking count as independent.
//!   `CPP_POWER` does that for `std::pow(float, float)`.
//! * `-fno-printf-return-value`: the compiler would bound the length of a formatted number and drop the test for a text that is longer;
//!   one with a Ux part is.
//! * `-g`: faults and reports name source lines.
//! * `-DSIGEMU_CORE`: `SignaloidParticleModifier` is in force.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::functions::{FUNCTIONS, Width};
use crate::libm::LIBM;

/// What programs include: name and text. The Fortran module is a source file, compiled before a program that uses it.
pub const HEADERS: [(&str, &str); 3] = [
    ("uxhw.h", include_str!("../include/uxhw.h")),
    ("uncertain.h", include_str!("../include/uncertain.h")),
    (FORTRAN_MODULE, include_str!("../include/uxhw.f90")),
];

/// The file of the Fortran module in an unpacked sdk.
const FORTRAN_MODULE: &str = "uxhw.f90";

/// The compiler driver. It compiles each file as the language of its ending, C++ and Fortran where those compilers are installed.
pub const COMPILER: &str = "riscv64-linux-gnu-gcc";

/// Why a program was not built. One line, but for the compiler's own words.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// No source file was named.
    #[error("nothing to build: name at least one source file (.c, .cc, .cpp, .cxx, .C or .f90)")]
    NoSources,
    /// A source file is not there.
    #[error("{}: no such file", .0.display())]
    SourceMissing(PathBuf),
    /// A file whose ending no compiler here knows.
    #[error("{}: not a source file that is known (.c, .cc, .cpp, .cxx, .C, .f90, .s, .S, .o, .a)", .0.display())]
    UnknownLanguage(PathBuf),
    /// A compiler is not installed.
    #[error("the {language} compiler for RISC-V is not installed: apt install {package}")]
    CompilerMissing {
        /// The language to compile.
        language: &'static str,
        /// The Debian package that has its compiler.
        package: &'static str,
    },
    /// The compiler refused the program; the text is what it said.
    #[error("{diagnostics}{COMPILER} failed: {status}")]
    Refused {
        /// What the compiler wrote, lines and all.
        diagnostics: String,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// A temporary file could not be written, or the compiler not be started.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What went wrong.
        source: std::io::Error,
    },
}

/// A program to build.
#[derive(Clone, Debug, Default)]
pub struct Build {
    sources: Vec<PathBuf>,
    output: Option<PathBuf>,
    flags: Vec<OsString>,
    language_flags: Vec<(Language, OsString)>,
    link_flags: Vec<OsString>,
    color: bool,
}

/// A program that was built.
#[derive(Clone, Debug)]
pub struct Built {
    /// The executable.
    pub output: PathBuf,
    /// What the compiler wrote: warnings, empty if there were none.
    pub diagnostics: String,
}

impl Build {
    /// A program made of these source files.
    pub fn new(sources: impl IntoIterator<Item = impl Into<PathBuf>>) -> Build {
        Build {
            sources: sources.into_iter().map(Into::into).collect(),
            ..Build::default()
        }
    }

    /// Where to put the executable; by default the name of the first source with the ending `.elf`, in the current folder.
    #[must_use]
    pub fn output(mut self, path: impl Into<PathBuf>) -> Build {
        self.output = Some(path.into());
        self
    }

    /// Further flags for the compiler. They come after its own, so that `-O0` overrides `-O2`.
    #[must_use]
    pub fn flags(mut self, flags: impl IntoIterator<Item = impl Into<OsString>>) -> Build {
        self.flags.extend(flags.into_iter().map(Into::into));
        self
    }

    /// Flags for the compilation of one language only, after those of [`Build::flags`].
    #[must_use]
    pub fn language_flags(mut self, language: Language, flags: impl IntoIterator<Item = impl Into<OsString>>) -> Build {
        self.language_flags
            .extend(flags.into_iter().map(|flag| (language, flag.into())));
        self
    }

    /// Flags for linking only: libraries and where they are.
    #[must_use]
    pub fn link_flags(mut self, flags: impl IntoIterator<Item = impl Into<OsString>>) -> Build {
        self.link_flags.extend(flags.into_iter().map(Into::into));
        self
    }

    /// Whether diagnostics are coloured for a terminal.
    #[must_use]
    pub fn color(mut self, color: bool) -> Build {
        self.color = color;
        self
    }

    /// Compiles and links.
    ///
    /// # Errors
    ///
    /// See [`BuildError`].
    pub fn run(&self) -> Result<Built, BuildError> {
        self.run_with(COMPILER)
    }

    /// As [`Build::run`], with a compiler of another name.
    fn run_with(&self, compiler: &str) -> Result<Built, BuildError> {
        let first = self.sources.first().ok_or(BuildError::NoSources)?;
        let languages = self.languages()?;
        check_compilers(compiler, &languages)?;
        let output = self
            .output
            .clone()
            .unwrap_or_else(|| Path::new(first.file_stem().unwrap_or_default()).with_extension("elf"));

        let sdk = tempfile::Builder::new()
            .prefix("sigemu-sdk-")
            .tempdir()
            .map_err(|source| BuildError::Io {
                what: "a temporary folder".into(),
                source,
            })?;
        unpack(sdk.path())?;
        let (objects, mut diagnostics) = self.compile(compiler, &languages, sdk.path())?;

        let mut command = self.command(compiler, sdk.path());
        command
            .args(objects)
            .args(&self.flags)
            .args(&self.link_flags)
            .arg(sdk.path().join(LIBRARY));
        if languages.contains(&Language::Cpp) {
            command.arg("-lstdc++");
        }
        if languages.contains(&Language::Fortran) {
            command.arg("-lgfortran");
        }
        command.arg("-lm").arg("-o").arg(&output);
        // glibc marks three functions that libgfortran refers to as missing on RISC-V; no program can do anything about it.
        let linking = complete(&mut command)?;
        let is_known =
            |line: &str| line.contains("/libgfortran.a(") || line.contains("is not implemented and will always fail");
        diagnostics.extend(linking.split_inclusive('\n').filter(|line| !is_known(line)));
        Ok(Built { output, diagnostics })
    }

    /// The compiler with the flags that every step has.
    fn command(&self, compiler: &str, sdk: &Path) -> Command {
        let mut command = Command::new(compiler);
        command.args(["-static", "-O2", "-g", "-ffp-contract=off"]);
        command.arg(if self.color {
            "-fdiagnostics-color=always"
        } else {
            "-fdiagnostics-color=never"
        });
        // The name of the temporary folder must not reach the executable: the same source gives the same bytes.
        command.arg(format!("-ffile-prefix-map={}=/sigemu-sdk", sdk.display()));
        command
    }

    /// Objects of the sources, in their order, and what the compiler said. Each source is a step of its own: languages have flags
    /// of their own, and the Fortran compiler wants the modules of other files, that of the API first, in a folder.
    fn compile(
        &self,
        compiler: &str,
        languages: &[Language],
        sdk: &Path,
    ) -> Result<(Vec<PathBuf>, String), BuildError> {
        let mut objects = Vec::new();
        let mut diagnostics = String::new();
        let is_for_linking = |flag: &&OsString| {
            ["-l", "-L", "-Wl,"]
                .iter()
                .any(|start| flag.to_string_lossy().starts_with(start))
        };
        let module = sdk.join(FORTRAN_MODULE);
        let needs_module = languages.contains(&Language::Fortran);
        let module = needs_module.then_some((&module, Language::Fortran));
        let sources = self.sources.iter().zip(languages.iter().copied());
        for (number, (source, language)) in module.into_iter().chain(sources).enumerate() {
            if language == Language::Linked && !is_assembly(source) {
                objects.push(source.clone());
                continue;
            }
            let object = sdk.join(format!("{number}.o"));
            let mut command = self.command(compiler, sdk);
            if language == Language::Fortran {
                command.arg("-J").arg(sdk);
            } else {
                command
                    .args(["-fno-printf-return-value", "-DSIGEMU_CORE"])
                    .args(no_builtin());
                if language == Language::Cpp {
                    command.arg(CPP_POWER);
                }
                command.arg("-I").arg(sdk);
            }
            let own = self
                .language_flags
                .iter()
                .filter(|(of, _)| *of == language)
                .map(|(_, flag)| flag);
            command
                .args(self.flags.iter().filter(|flag| !is_for_linking(flag)))
                .args(own);
            command.arg("-c").arg(source).arg("-o").arg(&object);
            match complete(&mut command) {
                Ok(said) => diagnostics += &said,
                Err(BuildError::Refused {
                    diagnostics: said,
                    status,
                }) => {
                    let diagnostics = diagnostics + &said;
                    return Err(BuildError::Refused { diagnostics, status });
                }
                Err(error) => return Err(error),
            }
            objects.push(object);
        }
        Ok((objects, diagnostics))
    }

    fn languages(&self) -> Result<Vec<Language>, BuildError> {
        self.sources
            .iter()
            .map(|source| {
                let language = Language::of(source).ok_or_else(|| BuildError::UnknownLanguage(source.clone()))?;
                if source.is_file() {
                    Ok(language)
                } else {
                    Err(BuildError::SourceMissing(source.clone()))
                }
            })
            .collect()
    }
}

fn is_assembly(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "s" || extension == "S")
}

/// Runs a compiler and gives what it said.
fn complete(command: &mut Command) -> Result<String, BuildError> {
    let output = command.output();
    let what = || command.get_program().to_string_lossy().into_owned();
    let Output {
        status,
        stdout: _,
        stderr,
    } = output.map_err(|source| BuildError::Io { what: what(), source })?;
    let diagnostics = String::from_utf8_lossy(&stderr).into_owned();
    if status.success() {
        Ok(diagnostics)
    } else {
        Err(BuildError::Refused { diagnostics, status })
    }
}

/// What a source file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// C.
    C,
    /// C++.
    Cpp,
    /// Fortran.
    Fortran,
    /// Assembly, objects, archives: the C compiler's driver takes them.
    Linked,
}

impl Language {
    /// The language of a source file, by its ending; `None` if no compiler here knows it.
    pub fn of(path: &Path) -> Option<Language> {
        match path.extension()?.to_str()? {
            "c" => Some(Language::C),
            "cc" | "cpp" | "cxx" | "C" | "c++" => Some(Language::Cpp),
            "f" | "F" | "f90" | "F90" | "f95" | "f03" | "f08" => Some(Language::Fortran),
            "s" | "S" | "o" | "a" => Some(Language::Linked),
            _ => None,
        }
    }
}

/// The driver exists, and behind it the compilers that these languages need.
fn check_compilers(compiler: &str, languages: &[Language]) -> Result<(), BuildError> {
    let missing = |language, package| BuildError::CompilerMissing { language, package };
    let finds = |program: &str| -> Result<bool, BuildError> {
        match Command::new(compiler)
            .arg(format!("-print-prog-name={program}"))
            .output()
        {
            // The driver answers with a path if it has the program, with the bare name if not.
            Ok(output) => Ok(String::from_utf8_lossy(&output.stdout).contains('/')),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(missing("C", "gcc-riscv64-linux-gnu")),
            Err(source) => Err(BuildError::Io {
                what: compiler.into(),
                source,
            }),
        }
    };
    finds("cc1")?;
    if languages.contains(&Language::Cpp) && !finds("cc1plus")? {
        return Err(missing("C++", "g++-riscv64-linux-gnu"));
    }
    if languages.contains(&Language::Fortran) && !finds("f951")? {
        return Err(missing("Fortran", "gfortran-riscv64-linux-gnu"));
    }
    Ok(())
}

/// `-fno-builtin-NAME` for every libm function that must stay a call, double and float.
pub fn no_builtin() -> impl Iterator<Item = String> {
    LIBM.iter()
        .flat_map(|name| [format!("-fno-builtin-{name}"), format!("-fno-builtin-{name}f")])
}

/// `std::pow(float, float)` is a call, too: libstdc++ writes it with a built-in that no flag turns off, and of which gcc makes a product
/// where the exponent is 2. Constant expressions need the built-in.
const CPP_POWER: &str =
    "-D__builtin_powf(x,y)=(__builtin_is_constant_evaluated()?__builtin_powf((x),(y)):powf((x),(y)))";

/// The file name of the library's source in an unpacked sdk.
pub const LIBRARY: &str = "uxhw.s";

/// Writes the headers and the library's source into the folder `to`: for builds with other compilers.
///
/// # Errors
///
/// [`BuildError::Io`] where a file cannot be written.
pub fn unpack(to: &Path) -> Result<(), BuildError> {
    let library = library();
    for (name, text) in HEADERS.into_iter().chain([(LIBRARY, library.as_str())]) {
        let path = to.join(name);
        std::fs::write(&path, text).map_err(|source| BuildError::Io {
            what: path.display().to_string(),
            source,
        })?;
    }
    Ok(())
}

/// The UxHw library as assembly: each function the instruction of its number and a return, under today's name and the old one.
pub fn library() -> String {
    let mut text = String::from(
        "# The UxHw library: each function is one instruction of the custom-0 space.\n\t.file \"uxhw.s\"\n",
    );
    for function in FUNCTIONS {
        for width in Width::ALL {
            let [name, old] = function.names(width);
            let immediate = function.immediate(width);
            // A section each, so that --gc-sections can drop what a program does not call. Writing to a String cannot fail.
            let _ = write!(
                text,
                "
\t.section .text.{name},\"ax\",@progbits
\t.balign 2
\t.globl {name}, {old}
\t.type {name}, @function
\t.type {old}, @function
{name}:
{old}:
\t.insn i 0x0b, 0, x0, x0, {immediate}
\tret
\t.size {name}, . - {name}
\t.size {old}, . - {old}
"
            );
        }
    }
    text.push_str("\n\t.section .note.GNU-stack,\"\",@progbits\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_compiler_is_named_by_its_package() {
        let directory = tempfile::tempdir().unwrap();
        let source = directory.path().join("main.c");
        std::fs::write(&source, "int main(void) { return 0; }\n").unwrap();
        let error = Build::new([source]).run_with("riscv64-linux-gnu-absent").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the C compiler for RISC-V is not installed: apt install gcc-riscv64-linux-gnu"
        );
    }
}
