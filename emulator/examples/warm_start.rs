//! What a task takes in a process that has run its program before: from making the machine until it is dropped, for the first
//! instruction alone and for the whole program. It has to run without arguments and input.
//!
//!     cargo run --release -p emulator --example warm_start [TASKS [CORE [PROGRAM]]]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use emulator::{Core, Machine, Program, Task, TaskHost};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let tasks: usize = arguments.next().map_or(Ok(1000), |text| text.parse())?;
    let core = Core::named(&arguments.next().unwrap_or_else(|| "C0-S".into()))?;
    let example = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk/examples/wing-lift/wing-lift.elf");
    let path = arguments.next().map_or_else(example, PathBuf::from);
    let program = Arc::new(Program::open(&path)?);
    for (name, limit) in [("one instruction", Some(1)), ("whole program", None)] {
        let mut times = Vec::new();
        for _ in 0..tasks.max(1) {
            times.push(time(&program, &core, limit)?);
        }
        // Those in order tell what a machine does beside other work; the first two load and decode.
        let (first, second) = (times[0], times.get(1).copied().unwrap_or_default());
        times.sort_unstable();
        let median = times[times.len() / 2];
        println!(
            "{name}: least {:?}, median {median:?}, first {first:?}, second {second:?}",
            times[0]
        );
    }
    Ok(())
}

fn time(program: &Arc<Program>, core: &Core, instructions: Option<u64>) -> Result<Duration, emulator::RunError> {
    let start = Instant::now();
    let mut task = Task::new(core.clone(), "warm-start");
    task.limits.instructions = instructions;
    Machine::new(Arc::clone(program), task, Box::new(TaskHost::new()))?.run();
    Ok(start.elapsed())
}
