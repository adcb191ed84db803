//! Benchmarks: the interpreter, distribution arithmetic, comparisons.
//!
//! * `benches/interpreter.rs`: guest instructions a second, beside qemu-riscv64.
//! * `benches/distcore.rs`: operations on distributions, beside the plain rule and Monte Carlo.
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
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder = here.join("../target/bench-guests");
    std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let output = folder.join(name).with_extension("elf");
    sdk::build::Build::new([here.join("guests").join(name).with_extension("c")])
        .output(&output)
        .run()
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    output
}
