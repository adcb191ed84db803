//! `sigemu cores`.

use emulator::{Core, Microarchitecture};

/// Prints the default cores as a table.
pub(crate) fn print() {
    println!(
        "{:<13} {:<17} {:>9} {:>10}  correlation tracking",
        "name", "microarchitecture", "precision", "memory"
    );
    for (name, core) in Core::defaults() {
        let precision = match core.microarchitecture {
            Microarchitecture::Bypass => "-".to_owned(),
            _ => core.precision.to_string(),
        };
        println!(
            "{name:<13} {:<17} {precision:>9} {:>7} MB  {}",
            core.microarchitecture.to_string(),
            core.memory_size / 1_000_000,
            core.correlation_tracking
        );
    }
}
