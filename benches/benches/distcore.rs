//! Operations on distributions, beside two other ways to get them.
//!
//! Criterion times add, multiply, divide, exp, samples, print and parse for N = 32 to 2048. At the end stands a table: each
//! operation beside the *plain rule* (all N² pairs in memory, then the recursive split) and beside *Monte Carlo* in native code
//! (xoshiro256++, ziggurat normals, one thread) with as many samples as give the same Wasserstein-1 distance to the truth.
//! The table takes the best of several runs, so it holds on a busy machine too; look at its ratios.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use distcore::ux::UxValue;
use distcore::{Arithmetic, BinaryFn, Distribution, Format::F64, Generator, Law, Representation, UnaryFn};
use rand_core::SeedableRng;
use rand_distr::{Distribution as _, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

const PRECISIONS: [usize; 6] = [32, 64, 128, 256, 512, 2048];
/// A name, the function on distributions, and the same on numbers.
type Operation = (&'static str, BinaryFn, fn(f64, f64) -> f64);

const OPERATIONS: [Operation; 3] = [
    ("add", BinaryFn::Add, |x, y| x + y),
    ("multiply", BinaryFn::Mul, |x, y| x * y),
    ("divide", BinaryFn::Div, |x, y| x / y),
];

fn athens(precision: usize) -> Arithmetic<'static> {
    Arithmetic::new(Representation::Athens, precision).expect("a precision in range")
}

/// Both operands: normal, far enough from 0 to divide by.
fn operands(core: Arithmetic) -> (Distribution, Distribution) {
    let normal = |mean, stddev| core.law(&Law::gauss(mean, stddev).expect("a law"), F64);
    (normal(10.0, 1.0), normal(7.0, 0.5))
}

fn operations(criterion: &mut Criterion) {
    for (name, function, _) in OPERATIONS {
        let mut group = criterion.benchmark_group(name);
        for n in PRECISIONS {
            let core = athens(n);
            let (x, y) = operands(core);
            group.bench_function(BenchmarkId::from_parameter(n), |bencher| {
                bencher.iter(|| core.binary(function, black_box(&x), black_box(&y), F64));
            });
        }
    }
    let mut generator = Generator::new(1);
    let samples: Vec<f64> = (0..20_000).map(|_| generator.uniform() + generator.uniform()).collect();
    for n in PRECISIONS {
        let core = athens(n);
        let (x, _) = operands(core);
        let text = x.to_ux(None, F64).to_text("10.0");
        let mut bench = |name: &str, routine: &mut dyn FnMut()| {
            let mut group = criterion.benchmark_group(name);
            group.bench_function(BenchmarkId::from_parameter(n), |bencher| bencher.iter(&mut *routine));
        };
        bench("exp", &mut || {
            drop(black_box(core.unary(UnaryFn::Exp, black_box(&x), F64)))
        });
        bench("from 20000 samples", &mut || {
            drop(black_box(core.samples(black_box(&samples), F64)))
        });
        bench("print", &mut || drop(black_box(x.to_ux(None, F64).to_text("10.0"))));
        bench("parse", &mut || {
            let (value, _) = UxValue::parse_text(black_box(text.as_bytes())).expect("own text");
            drop(black_box(Distribution::from_ux(&value)));
        });
    }
}

/// The split as the rule says it, on pairs (position, mass).
fn split(items: &mut [(f64, f64)], n: usize, scratch: &mut Vec<(f64, f64)>, out: &mut Vec<(f64, f64)>) {
    if items.len() <= n && n > 1 {
        out.extend_from_slice(items);
        return;
    }
    let (mass, moment) = items.iter().fold((0.0, 0.0), |(mass, moment), item| {
        (mass + item.1, moment + item.0 * item.1)
    });
    let mean = moment / mass;
    if n == 1 {
        out.push((mean, mass));
        return;
    }
    scratch.clear();
    let mut kept = 0;
    for index in 0..items.len() {
        let item = items[index];
        if item.0 <= mean {
            items[kept] = item;
            kept += 1;
        } else {
            scratch.push(item);
        }
    }
    items[kept..].copy_from_slice(scratch);
    let (left, right) = items.split_at_mut(kept);
    split(left, n / 2, scratch, out);
    split(right, n / 2, scratch, out);
}

/// All pairs, then the split.
fn plain(function: fn(f64, f64) -> f64, x: &Distribution, y: &Distribution, n: usize) -> Vec<(f64, f64)> {
    let mut pairs = Vec::with_capacity(x.len() * y.len());
    for (x, x_mass) in x.diracs() {
        pairs.extend(y.diracs().map(|(y, y_mass)| (function(x, y), x_mass * y_mass)));
    }
    let mut out = Vec::with_capacity(n);
    split(&mut pairs, n, &mut Vec::new(), &mut out);
    out
}

/// The shortest of the runs that fit into a fifth of a second (five at least), in microseconds.
fn best<T>(mut routine: impl FnMut() -> T) -> f64 {
    let (start, mut best) = (Instant::now(), Duration::MAX);
    let mut runs = 0;
    while runs < 5 || start.elapsed() < Duration::from_millis(200) {
        let run = Instant::now();
        black_box(routine());
        best = best.min(run.elapsed());
        runs += 1;
    }
    best.as_secs_f64() * 1e6
}

/// How far M samples of the law that `truth` stands for are from it, times the root of M: sqrt(2 / π) times the integral of
/// sqrt(F (1 - F)) (del Barrio, Giné and Matrán, Annals of Probability 27, 1999).
fn sampling_constant(truth: &Distribution) -> f64 {
    let (mut below, mut integral, mut last) = (0.0_f64, 0.0, f64::NAN);
    for (x, mass) in truth.merged() {
        if below > 0.0 {
            integral += (below * (1.0 - below).max(0.0)).sqrt() * (x - last);
        }
        below += mass;
        last = x;
    }
    integral * (2.0 / std::f64::consts::PI).sqrt()
}

/// Microseconds for one sample of an operation on two normal operands.
fn monte_carlo(function: fn(f64, f64) -> f64) -> f64 {
    const DRAWS: usize = 10_000;
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut samples = vec![0.0; DRAWS];
    let time = best(|| {
        for sample in &mut samples {
            let (x, y): (f64, f64) = (
                StandardNormal.sample(&mut generator),
                StandardNormal.sample(&mut generator),
            );
            *sample = function(10.0 + x, 7.0 + 0.5 * y);
        }
        black_box(&mut samples);
    });
    time / DRAWS as f64
}

fn comparison(_: &mut Criterion) {
    println!(
        "\n| operation | N | µs | of the plain rule's time | Monte Carlo samples for the same W1 | times faster than them |"
    );
    println!("|---|---|---|---|---|---|");
    for (name, function, plain_function) in OPERATIONS {
        let (x, y) = operands(athens(8000));
        let truth = athens(8000).binary(function, &x, &y, F64);
        let (constant, draw) = (sampling_constant(&truth), monte_carlo(plain_function));
        for n in PRECISIONS {
            let core = athens(n);
            let (x, y) = operands(core);
            let ours = best(|| core.binary(function, &x, &y, F64));
            let plain = best(|| plain(plain_function, &x, &y, n));
            let distance = core.binary(function, &x, &y, F64).wasserstein_1(&truth);
            let samples = (constant / distance).powi(2);
            println!(
                "| {name} | {n} | {ours:.1} | {:.2} | {samples:.0} | {:.1} |",
                ours / plain,
                samples * draw / ours
            );
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(500));
    targets = operations, comparison
}
criterion_main!(benches);
