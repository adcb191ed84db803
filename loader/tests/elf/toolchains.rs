//! What real compilers make: Debian's riscv64-linux-gnu-gcc.

use std::path::{Path, PathBuf};
use std::process::Command;

use loader::{Image, Kind, Lines};

const SOURCE: &str = "\
#include <stdio.h>
static __attribute__((noinline)) int square(int x) {
\treturn x * x;
}
int main(int argc, char **argv) {
\tprintf(\"%d\\n\", square(argc));
\treturn 0;
}
";

/// Compiles `source` (named `name`, in a folder that debug information calls `/src`) with `flags` and gives the bytes of what
/// came out.
fn compile(compiler: &str, name: &str, source: &str, flags: &[&str]) -> Vec<u8> {
    let directory = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| -> PathBuf { Path::new(directory.path()).join(name) };
    std::fs::write(path(name), source).expect("the source is written");
    let map = format!("-ffile-prefix-map={}=/src", directory.path().display());
    let result = Command::new(compiler)
        .current_dir(directory.path())
        .arg(map)
        .arg(name)
        .args(flags)
        .args(["-o", "out"])
        .output();
    let output = result.unwrap_or_else(|error| {
        panic!("{compiler}: {error}; install it with: apt install gcc-riscv64-linux-gnu g++-riscv64-linux-gnu")
    });
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(path("out")).expect("the compiler wrote a file")
}

#[test]
fn static_glibc_with_lines() {
    let bytes = compile("riscv64-linux-gnu-gcc", "squares.c", SOURCE, &["-static", "-g", "-O0"]);
    let image = Image::parse(&bytes).unwrap();
    assert_eq!(image.kind, Kind::Static);
    assert!(image.has_lines && image.names_linux);
    assert!(image.remarks().is_empty());
    assert!(image.symbols.at(image.entry).any(|symbol| symbol.name == "_start"));
    // The aliases of glibc, weak, local and global, meet at one address.
    let exit = image.symbols.named("_exit").unwrap();
    assert!(image.symbols.at(exit.address).any(|symbol| symbol.name == "_Exit"));

    let lines = Lines::parse(&bytes[..], &image);
    let square = image.symbols.named("square").unwrap().address;
    assert_eq!(
        lines.locate(square, &image).unwrap().to_string(),
        "square (/src/squares.c:2)"
    );
    let main = image.symbols.named("main").unwrap().address;
    assert_eq!(lines.locate(main, &image).unwrap().source.unwrap().1, 5);
    // glibc itself has no DWARF.
    assert_eq!(lines.locate(exit.address + 2, &image).unwrap().to_string(), "_exit+0x2");
}

#[test]
fn cpp_names_are_readable() {
    let source =
        "namespace wing { double lift(double v) { return v * v; } }\nint main() { return (int)wing::lift(2.0); }\n";
    let bytes = compile("riscv64-linux-gnu-g++", "wing.cpp", source, &["-static", "-g", "-O0"]);
    let image = Image::parse(&bytes).unwrap();
    let lift = image.symbols.named("_ZN4wing4liftEd").unwrap().address;
    let lines = Lines::parse(&bytes[..], &image);
    assert_eq!(
        lines.locate(lift, &image).unwrap().to_string(),
        "wing::lift(double) (/src/wing.cpp:1)"
    );
}

#[test]
fn a_stripped_program_has_no_names() {
    let bytes = compile("riscv64-linux-gnu-gcc", "squares.c", SOURCE, &["-static", "-s"]);
    let image = Image::parse(&bytes).unwrap();
    assert!(image.is_stripped());
    assert!(!image.has_lines);
    assert_eq!(image.remarks().len(), 1);
}

#[test]
fn what_toolchains_make_besides_is_refused() {
    let message = |flags: &[&str]| {
        let bytes = compile("riscv64-linux-gnu-gcc", "squares.c", SOURCE, flags);
        Image::parse(&bytes).unwrap_err().to_string()
    };
    assert_eq!(
        message(&[]),
        "dynamically linked (interpreter /lib/ld-linux-riscv64-lp64d.so.1): link it with -static"
    );
    let library = "a shared library, not an executable: link it into a program with -static";
    assert_eq!(message(&["-shared", "-fPIC"]), library);
    assert_eq!(message(&["-shared", "-fPIC", "-Wl,-soname,libsquares.so"]), library);
    assert!(message(&["-c"]).starts_with("an object file, not an executable"));
}

/// The host's own binaries: this test program.
#[test]
fn the_hosts_programs_are_refused_by_name() {
    let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    let message = Image::parse(&bytes).unwrap_err().to_string();
    let name = if cfg!(target_arch = "x86_64") {
        "x86-64"
    } else {
        "AArch64"
    };
    assert!(message.starts_with(&format!("an ELF file for {name}: ")), "{message}");
}
