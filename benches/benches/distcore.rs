//! Operations on distributions, beside two other ways to get them.
//!
//! Criterion times add, multiply, divide, exp, samples, print and parse for N = 32 to 2048. At the end stand two tables. The
//! first has operations on two values beside the *plain rule* (all N² pairs in memory, then the recursive split), with each
//! instruction set that this machine has, and beside *Monte Carlo* in native code (xoshiro256++, ziggurat normals, one thread)
//! with as many samples as give the same Wasserstein-1 distance to the truth.
//!
//! The second has what has no second operand, beside the plainest way to do it: exp of each position with the standard library;
//! the recursive split of all samples; each number in 16 digits of the standard library's. Monte Carlo takes samples of exp;
//! draws from the 20 000 samples; and prints and parses its samples in the shortest form that keeps them.
//!
//! The tables take the best of several runs, ours and the plain rule's in turn, so they hold on a busy machine too; look at
//! their ratios.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use distcore::ux::UxValue;
use distcore::{
    Arithmetic, BinaryFn, Distribution, Format::F64, Generator, InstructionSet, Law, Representation, UnaryFn,
    instruction_set, limit_instruction_set,
};
use rand_core::SeedableRng;
use rand_distr::{Distribution as _, StandardNormal, Uniform};
use rand_xoshiro::Xoshiro256PlusPlus;
use rustix::time::{ClockId, clock_gettime};

const PRECISIONS: [usize; 6] = [32, 64, 128, 256, 512, 2048];

/// An operation on two operands.
struct Operation {
    name: &'static str,
    function: BinaryFn,
    /// The same on numbers.
    plain: fn(f64, f64) -> f64,
    /// The laws of the operands.
    laws: fn() -> [Law; 2],
    /// A sample of the result, from two standard normal values.
    sample: fn(f64, f64) -> f64,
}

const OPERATIONS: [Operation; 5] = [
    Operation {
        name: "add",
        function: BinaryFn::Add,
        plain: |x, y| x + y,
        laws: normal,
        sample: |u, v| (10.0 + u) + (7.0 + 0.5 * v),
    },
    Operation {
        name: "multiply",
        function: BinaryFn::Mul,
        plain: |x, y| x * y,
        laws: normal,
        sample: |u, v| (10.0 + u) * (7.0 + 0.5 * v),
    },
    Operation {
        name: "divide",
        function: BinaryFn::Div,
        plain: |x, y| x / y,
        laws: normal,
        sample: |u, v| (10.0 + u) / (7.0 + 0.5 * v),
    },
    Operation {
        name: "multiply, heavy tails",
        function: BinaryFn::Mul,
        plain: |x, y| x * y,
        laws: heavy,
        sample: |u, v| (2.0 * u).exp() * (2.0 * v).exp(),
    },
    Operation {
        name: "subtract, heavy tails",
        function: BinaryFn::Sub,
        plain: |x, y| x - y,
        laws: heavy,
        sample: |u, v| (2.0 * u).exp() - (2.0 * v).exp(),
    },
];

/// Far enough from 0 to divide by.
fn normal() -> [Law; 2] {
    [(10.0, 1.0), (7.0, 0.5)].map(|(mean, stddev)| Law::gauss(mean, stddev).expect("a law"))
}

/// Results over many powers of ten, and, of a difference, small ones of large operands.
fn heavy() -> [Law; 2] {
    [0; 2].map(|_| Law::lognormal(0.0, 2.0).expect("a law"))
}

fn athens(precision: usize) -> Arithmetic<'static> {
    Arithmetic::new(Representation::Athens, precision).expect("a precision in range")
}

fn operands(core: Arithmetic, laws: [Law; 2]) -> [Distribution; 2] {
    laws.map(|law| core.law(&law, F64))
}

fn operations(criterion: &mut Criterion) {
    for operation in OPERATIONS {
        let mut group = criterion.benchmark_group(operation.name);
        for n in PRECISIONS {
            let core = athens(n);
            let [x, y] = operands(core, (operation.laws)());
            group.bench_function(BenchmarkId::from_parameter(n), |bencher| {
                bencher.iter(|| core.binary(operation.function, black_box(&x), black_box(&y), F64));
            });
        }
    }
    let mut generator = Generator::new(1);
    let samples: Vec<f64> = (0..20_000).map(|_| generator.uniform() + generator.uniform()).collect();
    for n in PRECISIONS {
        let core = athens(n);
        let [x, _] = operands(core, normal());
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

/// Processor time of this thread in microseconds.
fn processor_time() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}

/// The shortest run of each routine in microseconds of processor time, routines taking turns for a second (five turns at
/// least). A turn repeats short routines, since the clock itself takes some tenths of a microsecond.
fn best<const ROUTINES: usize>(mut routines: [&mut dyn FnMut(); ROUTINES]) -> [f64; ROUTINES] {
    const TURN: f64 = 100.0;
    let (start, mut best) = (Instant::now(), [(f64::INFINITY, 1); ROUTINES]);
    let mut turns = 0;
    while turns < 5 || start.elapsed() < Duration::from_secs(1) {
        for (routine, (best, repeats)) in routines.iter_mut().zip(&mut best) {
            let begin = processor_time();
            (0..*repeats).for_each(|_| routine());
            *best = ((processor_time() - begin) / f64::from(*repeats)).min(*best);
            *repeats = (TURN / *best).ceil() as u32;
        }
        turns += 1;
    }
    best.map(|(best, _)| best)
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

/// Microseconds for one sample of a function of two standard normal values.
fn monte_carlo(function: fn(f64, f64) -> f64) -> f64 {
    const DRAWS: usize = 10_000;
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut samples = vec![0.0; DRAWS];
    let [time] = best([&mut || {
        for sample in &mut samples {
            let (x, y): (f64, f64) = (
                StandardNormal.sample(&mut generator),
                StandardNormal.sample(&mut generator),
            );
            *sample = function(x, y);
        }
        black_box(&mut samples);
    }]);
    time / DRAWS as f64
}

fn binary_table(_: &mut Criterion) {
    let sets = [InstructionSet::Portable, InstructionSet::Avx2, InstructionSet::Avx512];
    println!("\n{}", instruction_set());
    println!(
        "\n| operation | N | plain rule: µs | portable: µs | of it | AVX2 | of it | AVX-512 | of it | Monte Carlo samples for the same W1 | times faster than them |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for operation in OPERATIONS {
        let Operation {
            name,
            function,
            plain: plain_function,
            laws,
            sample,
        } = operation;
        let [x, y] = operands(athens(8000), laws());
        let truth = athens(8000).binary(function, &x, &y, F64);
        let (constant, draw) = (sampling_constant(&truth), monte_carlo(sample));
        for n in PRECISIONS {
            let core = athens(n);
            let [x, y] = operands(core, laws());
            let ours = |set: InstructionSet| {
                limit_instruction_set(set);
                drop(black_box(core.binary(function, black_box(&x), black_box(&y), F64)));
            };
            let [rule, times @ ..] = best([
                &mut || drop(black_box(plain(plain_function, black_box(&x), black_box(&y), n))),
                &mut || ours(sets[0]),
                &mut || ours(sets[1]),
                &mut || ours(sets[2]),
            ]);
            let distance = core.binary(function, &x, &y, F64).wasserstein_1(&truth);
            let samples = (constant / distance).powi(2);
            print!("| {name} | {n} | {rule:.1} |");
            for time in times {
                print!(" {time:.1} | {:.2} |", time / rule);
            }
            println!(" {samples:.0} | {:.1} |", samples * draw / times[2]);
        }
    }
}

/// Texts of as many numbers as the machine prints or reads for comparison; times are scaled to the number that is wanted.
const NUMBERS: usize = 10_000;

/// What has one operand or none.
fn other_table(_: &mut Criterion) {
    let mut generator = Generator::new(1);
    let samples: Vec<f64> = (0..20_000).map(|_| generator.uniform() + generator.uniform()).collect();
    let function = |x: f64, _: f64| (1.0 + 0.1 * x).exp();
    let (tenth, draw) = (Law::gauss(1.0, 0.1).expect("a law"), monte_carlo(function));
    let normal = athens(8000).law(&tenth, F64);
    let powers = athens(8000).unary(UnaryFn::Exp, &normal, F64);
    let empirical =
        Distribution::from_parts(&samples, &vec![1.0 / samples.len() as f64; samples.len()]).expect("finite");
    // Texts of samples in the shortest form that is read back as the same number.
    let numbers: Vec<f64> = (0..NUMBERS).map(|_| generator.uniform()).collect();
    let texts: Vec<String> = numbers.iter().map(f64::to_string).collect();
    let mut text = String::new();
    let mut resampled = vec![0.0; NUMBERS];
    let mut xoshiro = Xoshiro256PlusPlus::seed_from_u64(1);
    let index = Uniform::new(0, samples.len()).expect("a range");
    let [resample, write, read] = best([
        &mut || {
            for sample in &mut resampled {
                *sample = samples[index.sample(&mut xoshiro)];
            }
            black_box(&mut resampled);
        },
        &mut || {
            text.clear();
            numbers
                .iter()
                .for_each(|number| writeln!(text, "{number}").expect("memory"));
            black_box(&mut text);
        },
        &mut || {
            let sum: f64 = texts.iter().map(|text| text.parse::<f64>().expect("a number")).sum();
            black_box(sum);
        },
    ])
    .map(|time| time / NUMBERS as f64);
    println!(
        "\n| operation | N | plain rule: µs | ours: µs | of it | Monte Carlo samples for the same W1 | times faster than them |"
    );
    println!("|---|---|---|---|---|---|---|");
    let row = |name: &str, n: usize, [plain, ours]: [f64; 2], distance: f64, truth: &Distribution, each: f64| {
        let equal = (sampling_constant(truth) / distance).powi(2);
        println!(
            "| {name} | {n} | {plain:.1} | {ours:.1} | {:.2} | {equal:.0} | {:.1} |",
            ours / plain,
            equal * each / ours
        );
    };
    for n in PRECISIONS {
        let core = athens(n);
        let x = core.law(&tenth, F64);
        let times = best([
            &mut || {
                drop(black_box(
                    black_box(&x)
                        .diracs()
                        .map(|(x, mass)| (x.exp(), mass))
                        .collect::<Vec<_>>(),
                ))
            },
            &mut || drop(black_box(core.unary(UnaryFn::Exp, black_box(&x), F64))),
        ]);
        let distance = core.unary(UnaryFn::Exp, &x, F64).wasserstein_1(&powers);
        row("exp", n, times, distance, &powers, draw);
    }
    for n in PRECISIONS {
        let core = athens(n);
        let times = best([
            &mut || {
                let mass = 1.0 / samples.len() as f64;
                let mut items: Vec<(f64, f64)> = black_box(&samples).iter().map(|&sample| (sample, mass)).collect();
                let mut out = Vec::with_capacity(n);
                split(&mut items, n, &mut Vec::new(), &mut out);
                black_box(out);
            },
            &mut || drop(black_box(core.samples(black_box(&samples), F64))),
        ]);
        let distance = core.samples(&samples, F64).wasserstein_1(&empirical);
        row("from 20000 samples", n, times, distance, &empirical, resample);
    }
    for n in PRECISIONS {
        let x = athens(n).law(&tenth, F64);
        let times = best([
            &mut || {
                let mut text = String::new();
                for (position, mass) in black_box(&x).diracs() {
                    let mass = (mass * 2f64.powi(63)) as u64;
                    write!(text, "{:016X}{mass:016X}", position.to_bits()).expect("memory");
                }
                black_box(text);
            },
            &mut || drop(black_box(black_box(&x).to_ux(None, F64).to_text("10.0"))),
        ]);
        row("print", n, times, x.wasserstein_1(&normal), &normal, write);
    }
    for n in PRECISIONS {
        let x = athens(n).law(&tenth, F64);
        let text = x.to_ux(None, F64).to_text("10.0");
        let digits = &text[text.len() - 32 * x.len()..];
        let times = best([
            &mut || {
                let number = |at: usize| u64::from_str_radix(&digits[at..at + 16], 16).expect("a number");
                let dirac = |k: usize| {
                    (
                        f64::from_bits(number(32 * k)),
                        number(32 * k + 16) as f64 / 2f64.powi(63),
                    )
                };
                black_box((0..x.len()).map(dirac).collect::<Vec<_>>());
            },
            &mut || {
                let (value, _) = UxValue::parse_text(black_box(text.as_bytes())).expect("own text");
                drop(black_box(Distribution::from_ux(&value)));
            },
        ]);
        row("parse", n, times, x.wasserstein_1(&normal), &normal, read);
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(500));
    targets = operations, binary_table, other_table
}
criterion_main!(benches);
