//! How close lineage comes to the truth, on programs that use their operands more than once.
//!
//! The truth is a Monte Carlo sample of the same program, run with plain numbers. The criterion is the distance that the
//! core's own N-Dirac split of that sample has from it, twice, plus the sample's own error: the Wasserstein-1 distance of
//! a sample of size n from its law is at most E(W1) <= J / sqrt(n) with J the integral of sqrt(F (1 - F)) (S. Bobkov,
//! M. Ledoux, "One-dimensional empirical measures", Memoirs of the AMS 1259, 2019, theorem 3.2), which the sample gives.
//!
//! `SIGEMU_SAMPLES=10000000` takes that many samples for every program; without it long programs get fewer.

#[expect(dead_code, reason = "the benchmark has more programs, and the same machines")]
#[path = "common/programs.rs"]
mod programs;

use distcore::lineage::{Graph, Input, Statistics};
use distcore::{Arithmetic, BinaryFn, Distribution, Format::F64, Generator, Law, Representation, UnaryFn};
use programs::{Machine, Tracing, Tracked};

/// One run with random numbers.
struct Run(Generator);

impl Machine for Run {
    type Value = f64;
    fn law(&mut self, law: Law) -> f64 {
        // Never 0, where some laws reach infinity.
        law.quantile(self.0.uniform() + 2f64.powi(-54))
    }
    fn number(&mut self, value: f64) -> f64 {
        value
    }
    fn binary(&mut self, function: BinaryFn, x: f64, y: f64) -> f64 {
        function.evaluate(x, y, F64)
    }
    fn unary(&mut self, function: UnaryFn, x: f64) -> f64 {
        function.evaluate(x, F64)
    }
    fn mixture(&mut self, x: f64, y: f64, p: f64) -> f64 {
        if self.0.uniform() < p { x } else { y }
    }
}

struct Program {
    name: &'static str,
    run: fn(&mut Run) -> f64,
    track: fn(&mut Tracked) -> Tracing,
    /// Samples are so many times fewer than the default: a long program, whose result is smooth.
    fewer: usize,
}

macro_rules! programs {
    ($($name:literal, $function:expr, $other:expr, $fewer:literal;)*) => {
        vec![$(Program { name: $name, run: $function, track: $other, fewer: $fewer }),*]
    };
}

fn programs() -> Vec<Program> {
    programs! {
        "ratio", programs::ratio, programs::ratio, 1;
        "quadratic root", programs::quadratic_root, programs::quadratic_root, 1;
        "linear solve 3x3", programs::linear_solve::<_, 3>, programs::linear_solve::<_, 3>, 2;
        "linear solve 8x8", programs::linear_solve::<_, 8>, programs::linear_solve::<_, 8>, 10;
        "polynomial", programs::polynomial, programs::polynomial, 1;
        "SIR, 60 days", programs::sir, programs::sir, 4;
        "Kalman, 10 steps", programs::kalman, programs::kalman, 4;
        "dot product of 64", programs::dot_product, programs::dot_product, 20;
        "option", programs::option, programs::option, 1;
    }
}

/// The integral of sqrt(F (1 - F)) for a sorted sample, divided by the root of its size.
fn sampling_error(sorted: &[f64]) -> f64 {
    let n = sorted.len() as f64;
    let term = |(k, pair): (usize, &[f64])| {
        let below = (k + 1) as f64 / n;
        (below * (1.0 - below)).sqrt() * (pair[1] - pair[0])
    };
    sorted.windows(2).enumerate().map(term).sum::<f64>() / n.sqrt()
}

fn truth(program: &Program) -> Vec<f64> {
    let samples: usize =
        std::env::var("SIGEMU_SAMPLES").map_or(400_000 / program.fewer, |count| count.parse().expect("a number"));
    let mut run = Run(Generator::new(2026));
    let mut sorted: Vec<f64> = (0..samples).map(|_| (program.run)(&mut run)).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// What is checked: the representations of cores, and particles instead of Diracs.
const CORES: [(Representation, Statistics); 4] = [
    (Representation::Athens, Statistics::Diracs),
    (Representation::Athens, Statistics::Particles),
    (Representation::Zurich, Statistics::Diracs),
    (Representation::Jupiter, Statistics::Diracs),
];

#[test]
fn programs_are_within_twice_the_split_of_the_truth() {
    let mut failures = Vec::new();
    for program in programs() {
        let sorted = truth(&program);
        let mass = 1.0 / sorted.len() as f64;
        let exact = Distribution::from_parts(&sorted, &vec![mass; sorted.len()]).expect("a value");
        let (spread, error) = (exact.standard_deviation(), sampling_error(&sorted));
        for (representation, statistics) in CORES {
            for precision in [64, 256] {
                let core = Arithmetic::new(representation, precision).expect("a precision");
                let split = core.samples(&sorted, F64).wasserstein_1(&exact);
                let mut tracked = Tracked(Graph::new(core, 7).with_statistics(statistics));
                let Input::Node(result) = (program.track)(&mut tracked).0 else {
                    panic!("a certain result")
                };
                let result = tracked.0.marginal(result);
                let distance = result.wasserstein_1(&exact);
                println!(
                    "{:20} {representation:?} N = {precision:3} {statistics:?}: {:.1e}, split {:.1e}, truth within {:.1e}; {:?}",
                    program.name,
                    distance / spread,
                    split / spread,
                    error / spread,
                    tracked.0.diagnostics()
                );
                // W1 is a distance: an error of the truth counts in ours and in the split's.
                if distance > 2.0 * split + 3.0 * error {
                    failures.push(format!(
                        "{} on {representation:?} at N = {precision}, {statistics:?}",
                        program.name
                    ));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
