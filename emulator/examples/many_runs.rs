//! One program, decoded once and run many times, several at once; output comes as the guest prints it.
//!
//!     cargo run --release -p emulator --example many_runs

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use emulator::{Core, Limits, Machine, Printing, Program, Stream, Task, TaskHost};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk/examples/wing-lift/wing-lift.elf");
    let program = Arc::new(Program::open(&path)?);

    let mut runs = Vec::new();
    for precision in [8, 32, 128, 512] {
        let mut task = Task::new(Core::named("C0-XS")?, "wing-lift");
        task.core.precision = precision;
        task.printing = Printing::Particle;
        task.limits = Limits {
            processor_time: Some(Duration::from_secs(10)),
            output_bytes: Some(1 << 20),
            ..Limits::default()
        };
        let printed = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&printed);
        let host = TaskHost::new().output(move |stream, bytes| {
            if stream == Stream::Output
                && let Ok(mut printed) = sink.lock()
            {
                printed.extend_from_slice(bytes);
            }
            Ok(())
        });
        let mut machine = Machine::new(Arc::clone(&program), task, Box::new(host))?;
        runs.push((precision, printed, std::thread::spawn(move || machine.run())));
    }
    for (precision, printed, run) in runs {
        let report = run.join().map_err(|_| "the thread has panicked")?;
        let printed = printed.lock().map_err(|_| "the thread has panicked")?;
        println!(
            "precision {precision}: exit status {}, {} instructions, {} operations on distributions, {:?} of a processor\n{}",
            report.exit.status(),
            report.stats.dynamic_instructions,
            report.stats.uncertain_operations,
            report.stats.processor_time,
            String::from_utf8_lossy(&printed)
        );
    }
    Ok(())
}
