//! The fuzz targets' checks of the machine on stable: the corpus, then random code in an order that is always the same.
//!
//! `SIGEMU_FUZZ_RUNS` sets how many random inputs there are; `cargo test --release` for millions.

use std::path::PathBuf;

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

#[path = "../../fuzz/checks/machine.rs"]
mod machine;

const DEFAULT_RUNS: u64 = 1_000;

fn runs() -> u64 {
    match std::env::var("SIGEMU_FUZZ_RUNS") {
        Ok(runs) => runs.parse().expect("SIGEMU_FUZZ_RUNS is a number"),
        Err(_) => DEFAULT_RUNS,
    }
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus")).join(target);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).expect("a corpus file"))
        .collect()
}

#[test]
fn code_of_the_corpus() {
    let inputs = corpus("machine_code");
    assert!(!inputs.is_empty());
    inputs.iter().for_each(|input| machine::check_code(input));
}

#[test]
fn files_of_the_corpus() {
    let inputs = corpus("machine_file");
    assert!(!inputs.is_empty());
    inputs.iter().for_each(|input| machine::check_file(input));
}

/// Words of the instruction table with random operands, some of them spoilt, some registers given addresses that exist.
#[test]
fn random_code() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    for _ in 0..runs() {
        let length = random.next_u64() % 200;
        let mut code = Vec::new();
        for _ in 0..length {
            let row = &isa::TABLE[random.next_u64() as usize % isa::TABLE.len()];
            let mut word = row.bits | random.next_u64() as u32 & !row.mask;
            if random.next_u64().is_multiple_of(16) {
                word ^= 1 << (random.next_u64() % 32);
            }
            code.extend(word.to_le_bytes());
        }
        machine::check_code(&code);
    }
}

/// A program of a real toolchain's shape with bytes of its headers and code changed.
#[test]
fn spoilt_files() {
    let example = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../sdk/examples/wing-lift/wing-lift.elf"
    ));
    let whole = std::fs::read(&example).expect("the example's executable");
    let mut random = Xoshiro256PlusPlus::seed_from_u64(2);
    for _ in 0..runs() / 10 {
        let mut file = whole.clone();
        for _ in 0..=random.next_u64() % 8 {
            // Half of the changes hit the headers.
            let limit = if random.next_u64().is_multiple_of(2) {
                400
            } else {
                file.len()
            };
            let at = random.next_u64() as usize % limit;
            file[at] = random.next_u64() as u8;
        }
        machine::check_file(&file);
    }
}
