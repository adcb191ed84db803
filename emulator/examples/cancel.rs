//! A run that waits for input which never comes is cancelled from another thread.
//!
//!     cargo run --release -p emulator --example cancel PROGRAM

use std::sync::Arc;
use std::time::{Duration, Instant};

use emulator::{Cancel, Core, Exit, Input, Machine, Program, Stream, Task, TaskHost};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(path) = std::env::args_os().nth(1) else {
        return Err("which program? One that reads its standard input shows it best".into());
    };
    let program = Arc::new(Program::open(path.as_ref())?);
    let cancel = Cancel::new();
    let mut task = Task::new(Core::named("C0-S")?, "program");
    task.cancel = Some(cancel.clone());
    // Input goes on as long as the sender lives.
    let (sender, input) = Input::channel();
    let host = TaskHost::new().input(input).output(|stream, bytes| {
        let name = if stream == Stream::Output { "stdout" } else { "stderr" };
        println!("{name}: {}", String::from_utf8_lossy(bytes).trim_end());
        Ok(())
    });
    let mut machine = Machine::new(program, task, Box::new(host))?;
    let run = std::thread::spawn(move || (machine.run().exit, Instant::now()));

    std::thread::sleep(Duration::from_secs(1));
    let asked = Instant::now();
    cancel.cancel();
    let (exit, ended) = run.join().map_err(|_| "the thread has panicked")?;
    match exit {
        Exit::Cancelled => println!("cancelled, {:?} after it was asked to", ended - asked),
        exit => println!("ended before: {exit:?}"),
    }
    drop(sender);
    Ok(())
}
