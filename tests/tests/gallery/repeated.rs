//! `tests/guests/repeated.c`: programs that use their values more than once, on cores with correlation tracking.
//!
//! The truth is the same C source, compiled for this machine with random numbers in place of the constructors.

use std::path::PathBuf;
use std::process::Command;

use distcore::{Arithmetic, Format, Representation};
use system_tests::{Guest, Toolchain, root, sigemu, ux};

use crate::truth::Truth;

/// Programs, and how many times fewer samples than the default they get: long ones, whose results are smooth.
const PROGRAMS: [(&str, usize); 9] = [
    ("ratio", 1),
    ("quadratic", 1),
    ("solve3", 2),
    ("solve8", 10),
    ("polynomial", 1),
    ("sir", 4),
    ("kalman", 4),
    ("dot", 20),
    ("option", 1),
];

fn sampler(folder: &tempfile::TempDir) -> PathBuf {
    let program = folder.path().join("sampler");
    let built = Command::new("cc")
        .args(["-O2", "-DSAMPLES", "-o"])
        .arg(&program)
        .arg(root().join("tests/guests/repeated.c"))
        .arg("-lm")
        .output()
        .expect("cc starts: Rust's own linker needs it too");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    program
}

fn sample(sampler: &PathBuf, name: &str, count: usize) -> Vec<f64> {
    let output = Command::new(sampler)
        .args([name, &count.to_string()])
        .output()
        .expect("the sampler starts");
    let number = |bytes: &[u8]| f64::from_ne_bytes(bytes.try_into().expect("eight bytes"));
    let mut sample: Vec<f64> = output.stdout.chunks_exact(8).map(number).collect();
    assert_eq!(sample.len(), count, "{name}");
    sample.sort_by(f64::total_cmp);
    sample
}

/// As far from the truth as twice the core's own split of it, plus what the sample may be off by. `SIGEMU_SAMPLES=10000000` takes
/// more samples than the default.
#[test]
fn repeated_use_is_as_near_to_the_truth_as_the_split_is() {
    let samples: usize = std::env::var("SIGEMU_SAMPLES").map_or(1_000_000, |count| count.parse().expect("a number"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sampler = sampler(&folder);
    let program = Guest::new("repeated.c").build(Toolchain::Glibc);
    let mut failures = Vec::new();
    for (name, fewer) in PROGRAMS {
        let sample = sample(&sampler, name, samples / fewer);
        let truth = Truth::new(&sample);
        for precision in [64, 256] {
            let athens = Arithmetic::new(Representation::Athens, precision).expect("a precision");
            let own: Vec<(f64, f64)> = athens.samples(&sample, Format::F64).diracs().collect();
            let split = truth.distance(&own);
            let bound = 2.0 * split + truth.sampling_error();
            for core in [["Athens", "Autocorrelation"], ["Delos", "Autocorrelation"]] {
                let output = sigemu()
                    .args(["run", "--ux", "--precision", &precision.to_string()])
                    .args(["--microarchitecture", core[0], "--correlation-tracking", core[1]])
                    .arg(&program)
                    .args(["--", name])
                    .end()
                    .good();
                let [value] = &ux::find_all(&output)[..] else {
                    panic!("one value: {output}")
                };
                let diracs: Vec<(f64, f64)> = value
                    .diracs
                    .iter()
                    .map(|&(position, mass)| (position, mass as f64 / (1u64 << 63) as f64))
                    .collect();
                assert!(diracs.len() <= precision, "{name}: {} Diracs", diracs.len());
                let distance = truth.distance(&diracs);
                println!(
                    "{name:10} N = {precision:3} {:6} W1 {distance:.1e}, own split {split:.1e}, bound {bound:.1e}",
                    core[0]
                );
                if distance > bound {
                    failures.push(format!(
                        "{name} at N = {precision} on {}: {distance:e} > {bound:e}",
                        core[0]
                    ));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
