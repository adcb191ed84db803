//! The fuzz targets' checks on stable: the corpus, then mutations of it in an order that is always the same.
//!
//! `SIGEMU_FUZZ_RUNS` sets how many mutations each reader gets; `cargo test --release` for millions.

use std::path::PathBuf;

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

#[path = "../../fuzz/checks/ux_binary.rs"]
mod ux_binary;
#[path = "../../fuzz/checks/ux_text.rs"]
mod ux_text;

const DEFAULT_RUNS: u64 = 200_000;

/// Longer inputs only repeat what shorter ones do.
const MAX_LENGTH: usize = 4096;

fn runs() -> u64 {
    match std::env::var("SIGEMU_FUZZ_RUNS") {
        Ok(runs) => runs.parse().expect("SIGEMU_FUZZ_RUNS is a number"),
        Err(_) => DEFAULT_RUNS,
    }
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus")).join(target);
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .expect("the corpus")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).expect("a corpus file"))
        .collect()
}

/// A stream of inputs: corpus entries, changed at a few places.
struct Mutator {
    random: Xoshiro256PlusPlus,
    corpus: Vec<Vec<u8>>,
    /// What to overwrite with: bytes and byte strings that mean something to the reader.
    tokens: Vec<Vec<u8>>,
}

impl Mutator {
    fn below(&mut self, limit: usize) -> usize {
        (self.random.next_u64() % limit.max(1) as u64) as usize
    }

    fn next(&mut self) -> Vec<u8> {
        let pick = self.below(self.corpus.len());
        let mut input = self.corpus[pick].clone();
        for _ in 0..=self.below(5) {
            let at = self.below(input.len() + 1);
            match self.below(7) {
                0 => input.truncate(at),
                1 => {
                    let end = (at + self.below(40)).min(input.len());
                    input.drain(at..end);
                }
                2 => {
                    let end = (at + self.below(40)).min(input.len());
                    let copy = input[at..end].to_vec();
                    input.splice(at..at, copy);
                }
                3 => {
                    // The end of another input, mostly aligned alike.
                    let other = self.below(self.corpus.len());
                    let from = at.min(self.corpus[other].len());
                    input.truncate(at);
                    input.extend_from_slice(&self.corpus[other][from..]);
                }
                4 => {
                    let token = self.below(self.tokens.len());
                    let end = (at + self.tokens[token].len()).min(input.len());
                    input.splice(at..end, self.tokens[token].iter().copied());
                }
                5 if at < input.len() => input[at] ^= 1 << self.below(8),
                _ if at < input.len() => input[at] = self.random.next_u64() as u8,
                _ => {}
            }
        }
        input.truncate(MAX_LENGTH);
        input
    }
}

fn replay(target: &str, tokens: &[&[u8]], check: fn(&[u8])) {
    let corpus = corpus(target);
    assert!(corpus.len() >= 8, "{target}: corpus");
    for input in &corpus {
        check(input);
    }
    let random = Xoshiro256PlusPlus::seed_from_u64(3);
    let mut mutator = Mutator {
        random,
        corpus,
        tokens: tokens.iter().map(|token| token.to_vec()).collect(),
    };
    for run in 0..runs() {
        let input = mutator.next();
        if let Err(panic) = std::panic::catch_unwind(|| check(&input)) {
            eprintln!("{target}: run {run}: {}", input.escape_ascii());
            std::panic::resume_unwind(panic);
        }
    }
}

#[test]
fn text_reader_survives_anything() {
    let tokens: [&[u8]; 12] = [
        b"Ux",
        b"nan",
        b"-inf",
        b"0x1p",
        b"1e-",
        b"00000000",
        b"00000001",
        b"0000000A",
        b"00002710",
        b"FFFFFFFF",
        b"7FF8000000000000",
        b"7f800001",
    ];
    replay("ux_text", &tokens, ux_text::check);
}

#[test]
fn binary_reader_survives_anything() {
    let tokens: [&[u8]; 8] = [
        b"\xF0\0\0",
        b"\xF0",
        b"\0\0\0\0",
        b"\x01\0\0\0",
        b"\x10\x27\0\0",
        b"\xFF\xFF\xFF\xFF",
        b"\0\0\0\0\0\0\xF8\x7F",
        b"\x01\0\x80\x7F",
    ];
    replay("ux_binary", &tokens, ux_binary::check);
}
