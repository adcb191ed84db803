//! What the integration tests share: the outputs of real cores, and a reader for them that owes nothing to the crate.

use std::path::PathBuf;

/// A Ux string, taken apart.
pub(crate) struct Ux {
    pub(crate) positions: Vec<f64>,
    /// As written: 2^63 is 1.
    pub(crate) raw_masses: Vec<u64>,
}

impl Ux {
    /// Reads a Ux text with 16-digit positions.
    pub(crate) fn parse(text: &str) -> Ux {
        let (_, hex) = text.trim().split_once("Ux").expect("a Ux string");
        let word = |at: usize, digits: usize| u64::from_str_radix(&hex[at..at + digits], 16).expect("hex digits");
        let count = word(34, 8) as usize;
        assert_eq!(hex.len(), 42 + 32 * count, "16-digit positions");
        Ux {
            positions: (0..count).map(|i| f64::from_bits(word(42 + 32 * i, 16))).collect(),
            raw_masses: (0..count).map(|i| word(58 + 32 * i, 16)).collect(),
        }
    }

    pub(crate) fn masses(&self) -> Vec<f64> {
        self.raw_masses
            .iter()
            .map(|&raw| raw as f64 / (1u64 << 63) as f64)
            .collect()
    }
}

/// The text of a vector file, or None, after saying which check is left out and how to have it.
pub(crate) fn vector(name: &str) -> Option<String> {
    let default = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors");
    let folder = std::env::var_os("SIGEMU_VECTORS").map_or_else(default, PathBuf::from);
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!(
            "NOT CHECKED against {name}: no file {} (set SIGEMU_VECTORS to its folder)",
            path.display()
        );
    }
    text
}

/// Asserts that `ours` is within `tolerance` of `theirs`, relative to `theirs`.
pub(crate) fn assert_relative(ours: f64, theirs: f64, tolerance: f64, what: &str) {
    let error = (ours - theirs).abs() / theirs.abs();
    assert!(
        error <= tolerance,
        "{what}: {ours:e} is {error:e} from {theirs:e}, more than {tolerance:e}"
    );
}
