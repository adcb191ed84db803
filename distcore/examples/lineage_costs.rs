//! What lineage costs: recording, asking, printing in a loop. `cargo run --release -p distcore --example lineage_costs`.
//!
//! Times are processor time where the system tells it (Linux), so they hold on a busy machine.

use std::time::Instant;

use distcore::lineage::Graph;
use distcore::{Arithmetic, BinaryFn, Format::F64, Law, Representation};

/// Nanoseconds that this thread has run: processor time, or what a clock on the wall says.
fn now(start: Instant) -> f64 {
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let on_processor = schedule.and_then(|text| text.split(' ').next()?.parse().ok());
    on_processor.unwrap_or_else(|| start.elapsed().as_nanos() as f64)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clock = Instant::now();
    let core = Arithmetic::new(Representation::Athens, 64)?;

    let mut graph = Graph::new(core, 1);
    let factor = graph.law(&Law::uniform(0.9, 0.99)?, F64);
    let count = 60_000;
    for round in ["in fresh memory", "in memory that a sweep has freed", "the same again"] {
        let start = now(clock);
        let mut state = factor;
        for _ in 0..count {
            state = graph.binary(BinaryFn::Mul, state, factor, F64);
        }
        let recorded = now(clock);
        graph.sweep(|mark| mark(factor));
        println!(
            "recording {round}: {:.1} ns an operation, and {:.1} for the sweep",
            (recorded - start) / f64::from(count),
            (now(clock) - recorded) / f64::from(count)
        );
    }

    for (name, steps, ask) in [
        ("loop of feedback", 200_000, false),
        ("the same, asked every step", 2_000, true),
        ("the same, asked every step for longer", 10_000, true),
    ] {
        let start = now(clock);
        let mut graph = Graph::new(core, 1);
        let factor = graph.law(&Law::uniform(0.9, 0.99)?, F64);
        let mut state = graph.law(&Law::gauss(0.0, 1.0)?, F64);
        for _ in 0..steps {
            let noise = graph.law(&Law::gauss(0.0, 0.1)?, F64);
            let scaled = graph.binary(BinaryFn::Mul, factor, state, F64);
            state = graph.binary(BinaryFn::Add, scaled, noise, F64);
            if ask {
                graph.marginal(state);
            }
            if graph.is_sweep_due() {
                graph.sweep(|mark| [factor, state].into_iter().for_each(mark));
            }
        }
        let each = (now(clock) - start) / 1e3 / f64::from(steps);
        println!("{name}: {each:.2} us a step, {:?}", graph.diagnostics());
    }
    Ok(())
}
