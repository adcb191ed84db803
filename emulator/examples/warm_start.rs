//! What a task takes when its program has been decoded before: everything but the guest's own work.
//!
//!     cargo run --release -p emulator --example warm_start [TASKS [CORE]]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use emulator::{Core, Exit, Limit, Machine, Program, Task, TaskHost};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let tasks: u32 = arguments.next().map_or(Ok(1000), |text| text.parse())?;
    let core = Core::named(&arguments.next().unwrap_or_else(|| "C0-S".into()))?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk/examples/wing-lift/wing-lift.elf");
    let program = Arc::new(Program::open(&path)?);
    let start = Instant::now();
    for _ in 0..tasks {
        let mut task = Task::new(core.clone(), "wing-lift");
        // One block of the guest is all there is to run.
        task.limits.instructions = Some(1);
        let report = Machine::new(Arc::clone(&program), task, Box::new(TaskHost::new()))?.run();
        assert_eq!(report.exit, Exit::Stopped(Limit::Instructions));
    }
    println!("{:?} a task", start.elapsed() / tasks.max(1));
    Ok(())
}
