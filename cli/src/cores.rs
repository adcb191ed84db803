//! `sigemu cores`.

use std::fmt::Write as _;

use emulator::{Core, Microarchitecture};

/// The default cores as a table.
pub(crate) fn table() -> String {
    let mut text = format!(
        "{:<13} {:<17} {:>9} {:>10}  correlation tracking\n",
        "name", "microarchitecture", "precision", "memory"
    );
    for (name, core) in Core::defaults() {
        let precision = match core.microarchitecture {
            Microarchitecture::Bypass => "-".to_owned(),
            _ => core.precision.to_string(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{name:<13} {:<17} {precision:>9} {:>7} MB  {}",
            core.microarchitecture.to_string(),
            core.memory_size / 1_000_000,
            core.correlation_tracking
        );
    }
    text
}
