//! What lineage costs and what it is worth: recording, asking, and whole programs beside Monte Carlo.
//!
//! Criterion times recording and questions. At the end stand two tables, for the README of distcore:
//!
//! * each program beside *Monte Carlo in native code* (xoshiro256++, ziggurat normals, one thread) with as many samples as give
//!   the same Wasserstein-1 distance to the truth: what is counted of it is drawing them, not what is done with them. The
//!   truth is a sample of its own, quasi-random for up to three sources. Our distance is the mean over eight seeds, as theirs
//!   is the expectation. Times of ours begin with an empty graph: recording, the search for modules, tables of quantiles and
//!   points are counted in "asked" (the distribution is there, moments and quantiles can be read), and the final split into N
//!   Diracs, too, in "printed". Splitting laws into Diracs is not: like the tables of the ziggurat, that is done once for each
//!   law.
//! * a loop of feedback: a step, and a step with a question.
//!
//! Tables are made of processor time (of this thread), so they hold on a busy machine. `SIGEMU_TRUTH=1000000` takes fewer samples
//! for the truth.

#[path = "../../distcore/tests/common/programs.rs"]
mod programs;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use distcore::lineage::{Graph, Input, NodeId, Statistics};
use distcore::{Arithmetic, BinaryFn, Distribution, Format::F64, Law, Representation, UnaryFn};
use programs::{Machine, Tracing, Tracked};
use rand_core::{Rng, SeedableRng};
use rand_distr::{Distribution as _, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

fn athens(precision: usize) -> Arithmetic<'static> {
    Arithmetic::new(Representation::Athens, precision).expect("a precision in range")
}

/// Seconds that this thread has been running on a processor.
fn processor_time() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

/// Of the runs that fit into a fifth of a second (three at least) the time that a tenth stays below, in microseconds. The
/// shortest would be wrong where the clock of a virtual machine jumps.
fn best<T>(mut routine: impl FnMut() -> T) -> f64 {
    let start = processor_time();
    let mut runs = Vec::new();
    while runs.len() < 3 || processor_time() - start < 0.2 {
        let run = processor_time();
        black_box(routine());
        runs.push(processor_time() - run);
    }
    runs.sort_by(f64::total_cmp);
    runs[runs.len() / 10] * 1e6
}

/// One run in native code.
struct Native(Xoshiro256PlusPlus);

impl Native {
    #[inline(always)]
    fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }
}

impl Machine for Native {
    type Value = f64;
    fn law(&mut self, law: Law) -> f64 {
        law.quantile(self.unit())
    }
    #[inline(always)]
    fn number(&mut self, value: f64) -> f64 {
        value
    }
    #[inline(always)]
    fn binary(&mut self, function: BinaryFn, x: f64, y: f64) -> f64 {
        match function {
            BinaryFn::Max => x.max(y),
            _ => function.evaluate(x, y, F64),
        }
    }
    #[inline(always)]
    fn unary(&mut self, function: UnaryFn, x: f64) -> f64 {
        match function {
            UnaryFn::Exp => x.exp(),
            UnaryFn::Sqrt => x.sqrt(),
            UnaryFn::Neg => -x,
            _ => function.evaluate(x, F64),
        }
    }
    #[inline(always)]
    fn mixture(&mut self, x: f64, y: f64, p: f64) -> f64 {
        if self.unit() < p { x } else { y }
    }
    #[inline(always)]
    fn add(&mut self, x: f64, y: f64) -> f64 {
        x + y
    }
    #[inline(always)]
    fn sub(&mut self, x: f64, y: f64) -> f64 {
        x - y
    }
    #[inline(always)]
    fn mul(&mut self, x: f64, y: f64) -> f64 {
        x * y
    }
    #[inline(always)]
    fn div(&mut self, x: f64, y: f64) -> f64 {
        x / y
    }
    #[inline(always)]
    fn uniform(&mut self, min: f64, max: f64) -> f64 {
        min + (max - min) * self.unit()
    }
    #[inline(always)]
    fn gauss(&mut self, mean: f64, stddev: f64) -> f64 {
        let standard: f64 = StandardNormal.sample(&mut self.0);
        mean + stddev * standard
    }
}

/// One run at a point of an additive recurrence, k times the powers of 1/g modulo 1, with g the root of g^(d+1) = g + 1
/// (M. Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018): for programs of few sources a truth that
/// is hundreds of times as close as a random sample. It has nothing to do with Sobol's sequence.
struct Recurrence {
    steps: Vec<f64>,
    point: f64,
    next: usize,
}

impl Recurrence {
    fn new(sources: usize) -> Recurrence {
        let mut root = 1.5_f64;
        for _ in 0..100 {
            root = (1.0 + root).powf(1.0 / (sources as f64 + 1.0));
        }
        Recurrence {
            steps: (1..=sources as i32).map(|k| root.powi(-k)).collect(),
            point: 0.0,
            next: 0,
        }
    }

    fn unit(&mut self) -> f64 {
        self.next += 1;
        (0.5 + self.point * self.steps[self.next - 1]).fract()
    }
}

impl Machine for Recurrence {
    type Value = f64;
    fn law(&mut self, law: Law) -> f64 {
        law.quantile(self.unit())
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
        if self.unit() < p { x } else { y }
    }
}

/// With lineage, laws being known from an earlier run.
struct Prepared<'l> {
    tracked: Tracked,
    laws: &'l mut Vec<Arc<Distribution>>,
    next: usize,
}

impl Machine for Prepared<'_> {
    type Value = Tracing;
    fn law(&mut self, law: Law) -> Tracing {
        if self.next == self.laws.len() {
            let earlier = self.tracked.0.law(&law, F64);
            let distribution = self.tracked.0.marginal(earlier);
            self.laws.push(distribution);
        }
        self.next += 1;
        Tracing(self.tracked.0.source(Arc::clone(&self.laws[self.next - 1])).into())
    }
    fn number(&mut self, value: f64) -> Tracing {
        self.tracked.number(value)
    }
    fn binary(&mut self, function: BinaryFn, x: Tracing, y: Tracing) -> Tracing {
        self.tracked.binary(function, x, y)
    }
    fn unary(&mut self, function: UnaryFn, x: Tracing) -> Tracing {
        self.tracked.unary(function, x)
    }
    fn mixture(&mut self, x: Tracing, y: Tracing, p: f64) -> Tracing {
        self.tracked.mixture(x, y, p)
    }
}

struct Program {
    name: &'static str,
    sources: usize,
    native: fn(&mut Native) -> f64,
    recurrence: fn(&mut Recurrence) -> f64,
    track: fn(&mut Prepared) -> Tracing,
}

macro_rules! programs {
    ($($name:literal, $sources:literal, $($function:ident)::+ $(<$size:literal>)?;)*) => {
        vec![$(Program {
            name: $name,
            sources: $sources,
            native: |machine| $($function)::+ $(::<_, $size>)?(machine),
            recurrence: |machine| $($function)::+ $(::<_, $size>)?(machine),
            track: |machine| $($function)::+ $(::<_, $size>)?(machine),
        }),*]
    };
}

fn all_programs() -> Vec<Program> {
    programs! {
        "x * x", 1, programs::square;
        "exp of a normal value", 1, programs::exponential;
        "polynomial", 1, programs::polynomial;
        "sum of 2", 2, programs::sum_of_two;
        "x * y", 2, programs::product;
        "x / (x + y)", 2, programs::share;
        "(a + b) (a - b)", 2, programs::difference_of_squares;
        "(a + b) / (a - b)", 2, programs::ratio;
        "SIR, 60 days", 2, programs::sir;
        "quadratic root", 3, programs::quadratic_root;
        "option payoff by mixture", 3, programs::option;
        "Bernoulli lift", 3, programs::bernoulli_lift;
        "linear solve 3x3", 12, programs::linear_solve<3>;
        "Kalman filter, 10 steps", 12, programs::kalman;
        "recurrence, 50 steps", 52, programs::recurrence;
        "linear solve 8x8", 72, programs::linear_solve<8>;
        "dot product of 64, shared factor", 129, programs::dot_product;
        "sum of 10", 10, programs::sum<10>;
        "sum of 100", 100, programs::sum<100>;
        "sum of 1000", 1000, programs::sum<1000>;
    }
}

/// How far M samples of a law are from it, times the root of M: sqrt(2 / π) times the integral of sqrt(F (1 - F))
/// (del Barrio, Giné and Matrán, Annals of Probability 27, 1999).
fn sampling_constant(sorted: &[f64]) -> f64 {
    let n = sorted.len() as f64;
    let term = |(k, pair): (usize, &[f64])| {
        let below = (k + 1) as f64 / n;
        (below * (1.0 - below)).sqrt() * (pair[1] - pair[0])
    };
    let integral: f64 = sorted.windows(2).enumerate().map(term).sum();
    integral * (2.0 / std::f64::consts::PI).sqrt()
}

/// The Wasserstein-1 distance of a distribution to sorted samples: the integral of |F - G|.
fn distance(x: &Distribution, sorted: &[f64]) -> f64 {
    let diracs = x.merged();
    let mass = 1.0 / sorted.len() as f64;
    let (mut ours, mut theirs) = (diracs.iter().peekable(), sorted.iter().peekable());
    let (mut difference, mut last, mut area) = (0.0_f64, f64::NAN, 0.0);
    loop {
        let our = ours.peek().map_or(f64::INFINITY, |dirac| dirac.0);
        let their = theirs.peek().map_or(f64::INFINITY, |x| **x);
        let at = our.min(their);
        if at.is_infinite() {
            return area;
        }
        if last.is_finite() {
            area += difference.abs() * (at - last);
        }
        last = at;
        if our <= their {
            difference += ours.next().map_or(0.0, |dirac| dirac.1);
        } else {
            difference -= mass;
            theirs.next();
        }
    }
}

/// Seeds over which the distance is averaged.
const SEEDS: u64 = 8;

/// Runs a program on an empty graph.
fn run(
    program: &Program,
    core: Arithmetic<'static>,
    statistics: Statistics,
    seed: u64,
    laws: &mut Vec<Arc<Distribution>>,
) -> (Graph, NodeId) {
    let graph = Graph::new(core, seed).with_statistics(statistics);
    let mut machine = Prepared {
        tracked: Tracked(graph),
        laws,
        next: 0,
    };
    match (program.track)(&mut machine).0 {
        Input::Node(id) => (machine.tracked.0, id),
        Input::Certain(_) => panic!("{}: a certain result", program.name),
    }
}

/// How fast and how exact one way of computing a program is.
struct Measured {
    /// Microseconds.
    asked: f64,
    printed: f64,
    /// Wasserstein-1, as it is.
    distance: f64,
}

fn measured(program: &Program, core: Arithmetic<'static>, statistics: Statistics, truth: &[f64]) -> Measured {
    let mut laws = Vec::new();
    let distances = (1..=SEEDS).map(|seed| {
        let (mut graph, id) = run(program, core, statistics, seed, &mut laws);
        distance(&graph.marginal(id), truth)
    });
    let distance = distances.sum::<f64>() / SEEDS as f64;
    let mut ask = || {
        let (mut graph, id) = run(program, core, statistics, 1, &mut laws);
        graph.marginal(id)
    };
    let asked = best(&mut ask);
    let printed = best(|| core.compressed(&ask()));
    Measured {
        asked,
        printed,
        distance,
    }
}

fn comparison() {
    let samples: usize = std::env::var("SIGEMU_TRUTH").map_or(4_000_000, |count| count.parse().expect("a number"));
    println!(
        "\n| program | sources | N | particles, asked: µs | printed: µs | W1 | Monte Carlo: samples | µs | times faster, asked | printed | N Diracs: µs | W1 | times faster |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|---|"
    );
    for program in all_programs() {
        let mut native = Native(Xoshiro256PlusPlus::seed_from_u64(1));
        let mut truth: Vec<f64> = if program.sources <= 3 {
            let mut machine = Recurrence::new(program.sources);
            let mut at = |point: usize| {
                (machine.point, machine.next) = (point as f64, 0);
                (program.recurrence)(&mut machine)
            };
            (0..samples).map(&mut at).collect()
        } else {
            (0..samples).map(|_| (program.native)(&mut native)).collect()
        };
        let mut some = vec![0.0; 2000];
        let draw = best(|| some.iter_mut().for_each(|x| *x = (program.native)(&mut native))) / 2000.0;
        truth.sort_by(f64::total_cmp);
        let mean = distcore::mean(&truth);
        let spread = (truth.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / samples as f64).sqrt();
        let constant = sampling_constant(&truth);
        let precisions: &[usize] = if program.sources <= 3 {
            &[64, 256, 1024]
        } else {
            &[64, 256]
        };
        for &n in precisions {
            let core = athens(n);
            // Monte Carlo with so many samples is as close, and takes so long.
            let needed = |measured: &Measured| (constant / measured.distance).powi(2);
            let particles = measured(&program, core, Statistics::Particles, &truth);
            let diracs = measured(&program, core, Statistics::Diracs, &truth);
            let monte_carlo = needed(&particles) * draw;
            println!(
                "| {} | {} | {n} | {:.1} | {:.1} | {:.1e} | {:.0} | {monte_carlo:.0} | {:.1} | {:.1} | {:.1} | {:.1e} | {:.1} |",
                program.name,
                program.sources,
                particles.asked,
                particles.printed,
                particles.distance / spread,
                needed(&particles),
                monte_carlo / particles.asked,
                monte_carlo / particles.printed,
                diracs.printed,
                diracs.distance / spread,
                needed(&diracs) * draw / diracs.printed,
            );
        }
    }
}

/// A loop of feedback with a shared factor.
fn feedback(graph: &mut Graph, steps: usize, ask: bool) {
    let factor = graph.law(&Law::uniform(0.9, 0.99).expect("a law"), F64);
    let mut state = graph.law(&Law::gauss(0.0, 1.0).expect("a law"), F64);
    for _ in 0..steps {
        let noise = graph.law(&Law::gauss(0.0, 0.1).expect("a law"), F64);
        let scaled = graph.binary(BinaryFn::Mul, factor, state, F64);
        state = graph.binary(BinaryFn::Add, scaled, noise, F64);
        if ask {
            graph.marginal(state);
        }
        if graph.is_sweep_due() {
            graph.sweep(|mark| [factor, state].into_iter().for_each(mark));
        }
    }
}

fn loops() {
    println!("\n| loop, N = 64 | steps | µs a step |\n|---|---|---|");
    for (name, steps, ask) in [
        ("feedback", 30_000, false),
        ("feedback", 300_000, false),
        ("feedback, asked every step", 1_000, true),
        ("feedback, asked every step", 10_000, true),
    ] {
        let start = processor_time();
        feedback(&mut Graph::new(athens(64), 1), steps, ask);
        let each = (processor_time() - start) * 1e6 / steps as f64;
        println!("| {name} | {steps} | {each:.2} |");
    }
    // Recording: half a million operations, ten times.
    let mut graph = Graph::new(athens(64), 1);
    let factor = graph.law(&Law::uniform(0.9, 0.99).expect("a law"), F64);
    let (mut recording, mut sweeping) = (f64::INFINITY, f64::INFINITY);
    const OPERATIONS: usize = 60_000;
    for _ in 0..20 {
        let start = processor_time();
        let mut state = factor;
        for _ in 0..OPERATIONS {
            state = graph.binary(BinaryFn::Mul, state, factor, F64);
        }
        let recorded = processor_time();
        black_box(state);
        graph.sweep(|mark| mark(factor));
        recording = recording.min(recorded - start);
        sweeping = sweeping.min(processor_time() - recorded);
    }
    println!(
        "\nRecording: {:.1} ns an operation, and {:.1} for the sweep that frees it.",
        recording * 1e9 / OPERATIONS as f64,
        sweeping * 1e9 / OPERATIONS as f64
    );
}

fn operations(criterion: &mut Criterion) {
    let mut graph = Graph::new(athens(64), 1);
    let factor = graph.law(&Law::uniform(0.9, 0.99).expect("a law"), F64);
    criterion.bench_function("record 1000 operations", |bencher| {
        bencher.iter(|| {
            let mut state = factor;
            for _ in 0..1000 {
                state = graph.binary(BinaryFn::Mul, state, factor, F64);
            }
            if graph.is_sweep_due() {
                graph.sweep(|mark| mark(factor));
            }
            state
        });
    });
    for program in all_programs() {
        let mut laws = Vec::new();
        criterion.bench_function(&format!("{}, N = 64", program.name), |bencher| {
            bencher.iter(|| {
                let (mut graph, id) = run(&program, athens(64), Statistics::Diracs, 1, &mut laws);
                graph.marginal(id)
            });
        });
    }
}

fn tables(_: &mut Criterion) {
    // Not when the benchmark is only tried out as a test.
    if std::env::args().any(|argument| argument == "--bench") {
        loops();
        comparison();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(300));
    targets = tables, operations
}
criterion_main!(benches);
