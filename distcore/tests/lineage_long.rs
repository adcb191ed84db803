//! Loops with feedback of any length: bounded memory, a cost an operation that does not grow. In a process of its own, for the
//! sake of the memory.
//!
//! `SIGEMU_LONG=1` makes each loop 10^7 operations.

use std::sync::Arc;
use std::time::{Duration, Instant};

use distcore::lineage::{Graph, NodeId};
use distcore::{Arithmetic, BinaryFn, Distribution, Format::F64, Law, Representation, UnaryFn};

/// The most memory that this process has had, in kilobytes.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok())
}

/// What a loop has alive: the shared factor and two states.
struct Filter {
    graph: Graph,
    noise: Arc<Distribution>,
    factor: NodeId,
    state: NodeId,
    walk: NodeId,
}

impl Filter {
    fn new(precision: usize) -> Filter {
        let core = Arithmetic::new(Representation::Athens, precision).expect("a precision");
        let mut graph = Graph::new(core, 1);
        let mut law = |law: Result<Law, _>| graph.law(&law.expect("a law"), F64);
        let (factor, state, walk) = (
            law(Law::uniform(0.9, 0.99)),
            law(Law::gauss(0.0, 1.0)),
            law(Law::gauss(0.0, 1.0)),
        );
        let noise = Arc::new(core.law(&Law::gauss(0.0, 0.1).expect("a law"), F64));
        Filter {
            graph,
            noise,
            factor,
            state,
            walk,
        }
    }

    /// Five operations.
    fn step(&mut self) {
        let graph = &mut self.graph;
        let noise = graph.source(Arc::clone(&self.noise));
        let scaled = graph.binary(BinaryFn::Mul, self.factor, self.state, F64);
        self.state = graph.binary(BinaryFn::Add, scaled, noise, F64);
        // A walk that the filter pushes, and that is pulled back.
        let pushed = graph.binary(BinaryFn::Add, self.walk, self.state, F64);
        let pull = graph.unary(UnaryFn::Neg, pushed, F64);
        let pulled = graph.binary(BinaryFn::Mul, pull, -0.5, F64);
        self.walk = pulled;
        if graph.is_sweep_due() {
            let alive = [self.factor, self.state, self.walk];
            graph.sweep(|mark| alive.into_iter().for_each(mark));
        }
    }
}

#[test]
fn loops_of_any_length_take_the_same_memory_and_time_a_step() {
    let operations = if std::env::var_os("SIGEMU_LONG").is_some() {
        10_000_000
    } else {
        1_000_000
    };
    let mut filter = Filter::new(16);
    let mut most = 0;
    let quarters: Vec<Duration> = (0..4)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..operations / 5 / 4 {
                filter.step();
                most = most.max(filter.graph.len());
            }
            start.elapsed()
        })
        .collect();
    println!(
        "{operations} operations: {quarters:?}, {:?}",
        filter.graph.diagnostics()
    );
    assert!(most <= 1 << 16, "{most} nodes");
    assert!(filter.graph.diagnostics().frozen > 0 && filter.graph.diagnostics().cut == 0);
    // Of a cost that grows with the loop the last quarter would be 7 times the first.
    assert!(quarters[3] < 3 * quarters[0], "{quarters:?}");
    // Stationary: given the factor f the variance is 0.01 / (1 - f²), which over f uniform on [0.9, 0.99] has the mean
    // 0.01 / 0.09 * [artanh f] = (artanh 0.99 - artanh 0.9) / 9. 1024 points: the variance of a mixture of normals (kurtosis
    // 4 or so) to sqrt(3 / 1024) = 5.4 %, three times that.
    let variance = (0.99_f64.atanh() - 0.9_f64.atanh()) / 9.0;
    let ours = filter.graph.marginal(filter.state).central_moment(2);
    assert!((ours / variance - 1.0).abs() < 0.17, "{ours} for {variance}");
    match peak_memory() {
        Some(kilobytes) => {
            println!("{kilobytes} kB");
            assert!(kilobytes < 200_000, "{kilobytes} kB");
        }
        None => eprintln!("NOT CHECKED: memory (no /proc/self/status here)"),
    }
}

/// A flag ends a question, and a sweep, soon.
#[test]
fn a_cancelled_question_gives_up() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let flag = Arc::new(AtomicBool::new(false));
    let core = Arithmetic::new(Representation::Athens, 1024).expect("a precision");
    let mut filter = Filter::new(16);
    filter.graph = Graph::new(core, 1).cancelled_by(Arc::clone(&flag));
    let mut law = |law: Result<Law, _>| filter.graph.law(&law.expect("a law"), F64);
    (filter.factor, filter.state, filter.walk) = (
        law(Law::uniform(0.9, 0.99)),
        law(Law::gauss(0.0, 1.0)),
        law(Law::gauss(0.0, 1.0)),
    );
    // 60000 operations at 65536 points: some 4 * 10^9 results, seconds.
    for _ in 0..12_000 {
        filter.step();
    }
    let setter = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        flag.store(true, Ordering::Relaxed);
        Instant::now()
    });
    filter.graph.marginal(filter.walk);
    let set = setter.join().expect("the other thread");
    // A step of a kernel over all points is the longest piece of work between two looks. Well below the whole, on a busy
    // machine too.
    assert!(set.elapsed() < Duration::from_secs(1), "{:?}", set.elapsed());
}
