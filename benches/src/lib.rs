//! Benchmarks: the interpreter, distribution arithmetic, comparisons.
//!
//! * `benches/interpreter.rs`: guest instructions a second, beside qemu-riscv64.
//! * `benches/distcore.rs`: operations on distributions, beside the plain rule and Monte Carlo.
//! * `benches/start.rs`: from the start of a process to the first instruction of its guest.
//! * `benches/tasks.rs`: what it takes to start a task.
//! * `benches/lineage.rs`: values that remember how they were made, beside Monte Carlo.
//! * `benches/float.rs`: floating-point instructions, beside the host and SoftFloat.
//!
//! This library builds the guest programs that they run.

use std::path::PathBuf;

/// The executable of `guests/NAME.c`, built into the target folder with Debian's cross compiler.
///
/// # Panics
///
/// If it cannot be built; the message says what is missing.
pub fn guest(name: &str) -> PathBuf {
    guest_linked(name, &[])
}

/// The executable of `guests/start.c`, which begins at a place of its own.
///
/// # Panics
///
/// As [`guest`].
pub fn start_guest() -> PathBuf {
    guest_linked("start", &["-Wl,--entry=first"])
}

fn guest_linked(name: &str, flags: &[&str]) -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder = here.join("../target/bench-guests");
    std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let output = folder.join(name).with_extension("elf");
    sdk::build::Build::new([here.join("guests").join(name).with_extension("c")])
        .output(&output)
        .link_flags(flags)
        .run()
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    output
}

/// The executable of an integer program for rv64imc without an operating system's start-up (see `guests/runtime`), which small
/// interpreters run too.
///
/// # Panics
///
/// As [`guest`].
pub fn integer_guest(name: &str) -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder = here.join("../target/bench-guests");
    std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let output = folder.join(format!("{name}.imc.elf"));
    let guests = here.join("guests");
    let built = std::process::Command::new("riscv64-unknown-elf-gcc")
        .args([
            "-O2",
            "-march=rv64imc",
            "-mabi=lp64",
            "--specs=picolibc.specs",
            "-nostartfiles",
            "-T",
        ])
        .arg(guests.join("runtime/flat.ld"))
        .args([guests.join(name).with_extension("c"), guests.join("runtime/start.c")])
        .arg("-o")
        .arg(&output)
        .output()
        .unwrap_or_else(|error| panic!("riscv64-unknown-elf-gcc (cargo xtask setup installs it): {error}"));
    assert!(
        built.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&built.stderr)
    );
    output
}

/// The integer programs of `guests`.
pub const INTEGER: [&str; 6] = ["mixed", "records", "sieve", "sha256", "quicksort", "string"];

/// The floating-point programs of `guests`.
pub const FLOATING: [&str; 3] = ["nbody", "matrix", "mandelbrot"];
