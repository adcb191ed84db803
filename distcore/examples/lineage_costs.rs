//! What lineage costs: recording, asking, printing in a loop. `cargo run --release -p distcore --example lineage_costs`.

use std::time::Instant;

use distcore::lineage::Graph;
use distcore::{Arithmetic, BinaryFn, Format::F64, Law, Representation};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let core = Arithmetic::new(Representation::Athens, 64)?;
    let mut graph = Graph::new(core, 1);
    let noise = std::sync::Arc::new(core.law(&Law::gauss(0.0, 0.1)?, F64));
    let factor = graph.law(&Law::uniform(0.9, 0.99)?, F64);

    let start = Instant::now();
    let (mut state, count) = (factor, 60_000);
    for _ in 0..count {
        state = graph.binary(BinaryFn::Mul, state, factor, F64);
    }
    println!(
        "recording: {:.1} ns an operation",
        start.elapsed().as_nanos() as f64 / f64::from(count)
    );

    for (name, steps, ask) in [
        ("loop of feedback", 200_000, false),
        ("the same, asked every step", 2_000, true),
    ] {
        let start = Instant::now();
        let mut graph = Graph::new(core, 1);
        let factor = graph.law(&Law::uniform(0.9, 0.99)?, F64);
        let mut state = graph.law(&Law::gauss(0.0, 1.0)?, F64);
        for _ in 0..steps {
            let noise = graph.source(std::sync::Arc::clone(&noise));
            let scaled = graph.binary(BinaryFn::Mul, factor, state, F64);
            state = graph.binary(BinaryFn::Add, scaled, noise, F64);
            if ask {
                graph.marginal(state);
            }
            if graph.is_sweep_due() {
                graph.sweep(|mark| [factor, state].into_iter().for_each(mark));
            }
        }
        let each = start.elapsed().as_secs_f64() * 1e6 / f64::from(steps);
        println!("{name}: {each:.2} us a step, {:?}", graph.diagnostics());
    }
    Ok(())
}
