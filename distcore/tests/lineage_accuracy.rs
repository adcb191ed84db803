//! How close lineage comes to the truth, on programs that use their operands more than once.
//!
//! The truth is a Monte Carlo sample of the same program, run with plain numbers. The criterion is the distance that the
//! core's own N-Dirac split of that sample has from it, twice, plus the sample's own error: the Wasserstein-1 distance of
//! a sample of size n from its law is at most E(W1) <= J / sqrt(n) with J the integral of sqrt(F (1 - F)) (S. Bobkov,
//! M. Ledoux, "One-dimensional empirical measures", Memoirs of the AMS 1259, 2019, theorem 3.2), which the sample gives.
//!
//! `SIGEMU_SAMPLES=10000000` takes more samples than the default.

use distcore::lineage::{Graph, Input, Statistics};
use distcore::{Arithmetic, BinaryFn, Distribution, Format::F64, Generator, Law, Representation, UnaryFn};

/// What a program computes with: plain numbers of one run, or values with lineage.
trait Machine {
    type Value: Copy;
    fn law(&mut self, law: Law) -> Self::Value;
    fn number(&mut self, value: f64) -> Self::Value;
    fn binary(&mut self, function: BinaryFn, x: Self::Value, y: Self::Value) -> Self::Value;
    fn unary(&mut self, function: UnaryFn, x: Self::Value) -> Self::Value;
    fn mixture(&mut self, x: Self::Value, y: Self::Value, p: f64) -> Self::Value;

    fn add(&mut self, x: Self::Value, y: Self::Value) -> Self::Value {
        self.binary(BinaryFn::Add, x, y)
    }
    fn sub(&mut self, x: Self::Value, y: Self::Value) -> Self::Value {
        self.binary(BinaryFn::Sub, x, y)
    }
    fn mul(&mut self, x: Self::Value, y: Self::Value) -> Self::Value {
        self.binary(BinaryFn::Mul, x, y)
    }
    fn div(&mut self, x: Self::Value, y: Self::Value) -> Self::Value {
        self.binary(BinaryFn::Div, x, y)
    }
    fn uniform(&mut self, min: f64, max: f64) -> Self::Value {
        self.law(Law::uniform(min, max).expect("a law"))
    }
    fn gauss(&mut self, mean: f64, stddev: f64) -> Self::Value {
        self.law(Law::gauss(mean, stddev).expect("a law"))
    }
}

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

/// With lineage.
struct Tracked(Graph);

#[derive(Clone, Copy)]
struct Tracing(Input);

impl Machine for Tracked {
    type Value = Tracing;
    fn law(&mut self, law: Law) -> Tracing {
        Tracing(self.0.law(&law, F64).into())
    }
    fn number(&mut self, value: f64) -> Tracing {
        Tracing(value.into())
    }
    fn binary(&mut self, function: BinaryFn, x: Tracing, y: Tracing) -> Tracing {
        Tracing(match (x.0, y.0) {
            (Input::Certain(x), Input::Certain(y)) => function.evaluate(x, y, F64).into(),
            (x, y) => self.0.binary(function, x, y, F64).into(),
        })
    }
    fn unary(&mut self, function: UnaryFn, x: Tracing) -> Tracing {
        Tracing(match x.0 {
            Input::Certain(x) => function.evaluate(x, F64).into(),
            Input::Node(x) => self.0.unary(function, x, F64).into(),
        })
    }
    fn mixture(&mut self, x: Tracing, y: Tracing, p: f64) -> Tracing {
        Tracing(self.0.mixture(x.0, y.0, p, F64).into())
    }
}

/// (a + b) / (a - b)
fn ratio<M: Machine>(m: &mut M) -> M::Value {
    let (a, b) = (m.gauss(10.0, 1.0), m.gauss(3.0, 0.5));
    let (sum, difference) = (m.add(a, b), m.sub(a, b));
    m.div(sum, difference)
}

/// The larger root of a x² + b x + c.
fn quadratic_root<M: Machine>(m: &mut M) -> M::Value {
    let (a, b, c) = (m.uniform(0.8, 1.2), m.gauss(-6.0, 0.3), m.uniform(2.0, 3.5));
    let square = m.mul(b, b);
    let (four, two) = (m.number(4.0), m.number(2.0));
    let product = m.mul(a, c);
    let product = m.mul(four, product);
    let discriminant = m.sub(square, product);
    let root = m.unary(UnaryFn::Sqrt, discriminant);
    let numerator = m.sub(root, b);
    let denominator = m.mul(two, a);
    m.div(numerator, denominator)
}

/// The first unknown of n equations with uncertain coefficients, by Gauss' elimination without pivoting.
fn linear_solve<M: Machine, const N: usize>(m: &mut M) -> M::Value {
    let mut rows: Vec<Vec<M::Value>> = (0..N)
        .map(|i| {
            (0..=N)
                .map(|j| match j {
                    _ if j == N => m.gauss(1.0 + i as f64, 0.3),
                    _ if j == i => m.uniform(N as f64, N as f64 + 2.0),
                    _ => m.uniform(-0.5, 1.0),
                })
                .collect()
        })
        .collect();
    for pivot in 0..N {
        let (done, rest) = rows.split_at_mut(pivot + 1);
        for row in rest {
            let factor = m.div(row[pivot], done[pivot][pivot]);
            for (entry, &above) in row.iter_mut().zip(&done[pivot]).skip(pivot) {
                let product = m.mul(factor, above);
                *entry = m.sub(*entry, product);
            }
        }
    }
    let mut unknowns: Vec<M::Value> = Vec::new();
    for row in (0..N).rev() {
        let mut rest = rows[row][N];
        for (column, &unknown) in (row + 1..N).rev().zip(&unknowns) {
            let product = m.mul(rows[row][column], unknown);
            rest = m.sub(rest, product);
        }
        unknowns.push(m.div(rest, rows[row][row]));
    }
    unknowns[N - 1]
}

/// x³ - 3 x² + 2 x by Horner's rule, over a range where it is not monotone.
fn polynomial<M: Machine>(m: &mut M) -> M::Value {
    let x = m.uniform(-0.5, 2.5);
    let mut value = m.number(1.0);
    for coefficient in [-3.0, 2.0, 0.0] {
        let coefficient = m.number(coefficient);
        value = m.mul(value, x);
        value = m.add(value, coefficient);
    }
    value
}

/// Infected after 60 days of an epidemic with uncertain rates.
fn sir<M: Machine>(m: &mut M) -> M::Value {
    let (beta, gamma) = (m.uniform(0.2, 0.4), m.uniform(0.08, 0.12));
    let (mut s, mut i) = (m.number(0.99), m.number(0.01));
    for _ in 0..60 {
        let contacts = m.mul(s, i);
        let infected = m.mul(beta, contacts);
        let recovered = m.mul(gamma, i);
        s = m.sub(s, infected);
        i = m.add(i, infected);
        i = m.sub(i, recovered);
    }
    i
}

/// The estimate of a scalar Kalman filter with an uncertain noise level, after 10 uncertain measurements.
fn kalman<M: Machine>(m: &mut M) -> M::Value {
    let (noise, drift) = (m.uniform(0.5, 1.5), m.number(0.01));
    let (mut estimate, mut variance) = (m.gauss(0.0, 1.0), m.number(1.0));
    let one = m.number(1.0);
    for step in 0..10 {
        let measured = m.gauss(f64::from(step) * 0.1, 0.3);
        variance = m.add(variance, drift);
        let total = m.add(variance, noise);
        let gain = m.div(variance, total);
        let innovation = m.sub(measured, estimate);
        let correction = m.mul(gain, innovation);
        estimate = m.add(estimate, correction);
        let rest = m.sub(one, gain);
        variance = m.mul(rest, variance);
    }
    estimate
}

/// A dot product of 64 terms that share a factor: sum of x_k (y_k + s).
fn dot_product<M: Machine>(m: &mut M) -> M::Value {
    let shared = m.gauss(1.0, 0.3);
    let mut sum = m.number(0.0);
    for k in 0..64 {
        let (x, y) = (m.uniform(0.0, 1.0), m.gauss(0.02 * f64::from(k), 0.5));
        let shifted = m.add(y, shared);
        let product = m.mul(x, shifted);
        sum = m.add(sum, product);
    }
    sum
}

/// max(S - K, 0) discounted, less a tenth of S, for a stock that may have jumped.
fn option<M: Machine>(m: &mut M) -> M::Value {
    let rate = m.uniform(0.01, 0.05);
    let shock = m.gauss(0.0, 0.2);
    let exponent = m.add(rate, shock);
    let growth = m.unary(UnaryFn::Exp, exponent);
    let (hundred, seventy, zero, tenth) = (m.number(100.0), m.number(70.0), m.number(0.0), m.number(0.1));
    let (calm, jumped) = (m.mul(hundred, growth), m.mul(seventy, growth));
    let stock = m.mixture(calm, jumped, 0.9);
    let strike = m.number(95.0);
    let gain = m.sub(stock, strike);
    let payoff = m.binary(BinaryFn::Max, gain, zero);
    let debt = m.unary(UnaryFn::Neg, rate);
    let discount = m.unary(UnaryFn::Exp, debt);
    let value = m.mul(payoff, discount);
    let hedge = m.mul(tenth, stock);
    m.sub(value, hedge)
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
        "ratio", ratio, ratio, 1;
        "quadratic root", quadratic_root, quadratic_root, 1;
        "linear solve 3x3", linear_solve::<_, 3>, linear_solve::<_, 3>, 2;
        "linear solve 8x8", linear_solve::<_, 8>, linear_solve::<_, 8>, 10;
        "polynomial", polynomial, polynomial, 1;
        "SIR, 60 days", sir, sir, 4;
        "Kalman, 10 steps", kalman, kalman, 4;
        "dot product of 64", dot_product, dot_product, 20;
        "option", option, option, 1;
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
    let samples: usize = std::env::var("SIGEMU_SAMPLES").map_or(1_000_000, |count| count.parse().expect("a number"));
    let mut run = Run(Generator::new(2026));
    let mut sorted: Vec<f64> = (0..samples / program.fewer).map(|_| (program.run)(&mut run)).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[test]
fn programs_are_within_twice_the_split_of_the_truth() {
    let mut failures = Vec::new();
    for program in programs() {
        let sorted = truth(&program);
        let mass = 1.0 / sorted.len() as f64;
        let exact = Distribution::from_parts(&sorted, &vec![mass; sorted.len()]).expect("a value");
        let (spread, error) = (exact.standard_deviation(), sampling_error(&sorted));
        for precision in [64, 256] {
            let core = Arithmetic::new(Representation::Athens, precision).expect("a precision");
            let split = core.samples(&sorted, F64).wasserstein_1(&exact);
            for statistics in [Statistics::Diracs, Statistics::Particles] {
                let mut tracked = Tracked(Graph::new(core, 7).with_statistics(statistics));
                let start = std::time::Instant::now();
                let result = (program.track)(&mut tracked);
                let Input::Node(result) = result.0 else {
                    panic!("a certain result")
                };
                let result = tracked.0.marginal(result);
                let took = start.elapsed();
                let distance = result.wasserstein_1(&exact);
                println!(
                    "{:20} N = {precision:3} {statistics:?}: {:.1e}, split {:.1e}, truth within {:.1e}; {} us, {:?}",
                    program.name,
                    distance / spread,
                    split / spread,
                    error / spread,
                    took.as_micros(),
                    tracked.0.diagnostics()
                );
                // W1 is a distance: an error of the truth counts in ours and in the split's.
                if distance > 2.0 * split + 3.0 * error {
                    failures.push(format!("{} at N = {precision}, {statistics:?}", program.name));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
