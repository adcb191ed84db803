//! From the start of a process to the first instruction of its guest, for a program of a megabyte.
//!
//!     cargo build --release -p sigemu && cargo bench -p benches --bench start
//!
//! The guest's first instructions ask for the time and print it. "First" is that time less the time at which this process asked the
//! system for a new one, "process" the wall time until that has ended. Emulators take turns, so that whatever else the machine does
//! meets all of them: look at the minimum where it is busy. What "first" has before the process itself is there shows in this bench, started
//! anew only to tell the time. `sigemu --version` and `true` do nothing at all.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const TURNS: usize = 300;

/// The argument with which this bench tells the time and ends.
const TELL_TIME: &str = "tell-time";

/// Something that is started, and what it took each time.
struct Runner {
    name: &'static str,
    command: Vec<PathBuf>,
    first: Vec<Duration>,
    process: Vec<Duration>,
}

impl Runner {
    fn new(name: &'static str, command: &[&Path]) -> Runner {
        Runner {
            name,
            command: command.iter().map(|part| part.to_path_buf()).collect(),
            first: Vec::new(),
            process: Vec::new(),
        }
    }

    fn run(&mut self) {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).stdin(Stdio::null());
        let (start, started_at) = (Instant::now(), SystemTime::now());
        let output = command
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        self.process.push(start.elapsed());
        assert!(output.status.success(), "{}: {output:?}", self.name);
        // What the guest printed: a timespec.
        if let [seconds, nanoseconds] = output.stdout.as_chunks::<8>().0 {
            let number = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
            let time = UNIX_EPOCH + Duration::new(number(seconds), number(nanoseconds) as u32);
            // A clock that was set meanwhile tells nothing.
            self.first.extend(time.duration_since(started_at));
        }
    }

    fn print(&self) {
        print!("{:<28}", self.name);
        for times in [&self.first, &self.process] {
            let mut times = times.clone();
            times.sort_unstable();
            match (times.first(), times.get(times.len() / 2)) {
                (Some(least), Some(median)) => print!("{:>9.2}{:>9.2}", milliseconds(*least), milliseconds(*median)),
                _ => print!("{:>18}", "-"),
            }
        }
        println!();
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Prints the time as the guest does.
fn tell_time() {
    let time = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970");
    let parts = [time.as_secs(), u64::from(time.subsec_nanos())].map(u64::to_le_bytes);
    std::io::stdout().write_all(&parts.concat()).expect("a reader");
}

fn main() {
    if std::env::args().nth(1).is_some_and(|argument| argument == TELL_TIME) {
        return tell_time();
    }
    let bench = std::env::current_exe().expect("the path of this bench");
    let sigemu = bench.ancestors().nth(2).expect("a target folder").join("sigemu");
    if !sigemu.exists() {
        println!("not measured: the start of a process: cargo build --release -p sigemu");
        return;
    }
    let guest = benches::start_guest();
    let size = std::fs::metadata(&guest).expect("the guest").len();
    let on_core = |core: &'static str| [&sigemu, Path::new("run"), Path::new("--core"), Path::new(core), &guest];
    let mut runners = [
        Runner::new("sigemu, C0-Bypass", &on_core("C0-Bypass")),
        Runner::new("sigemu, C0-S", &on_core("C0-S")),
        Runner::new("qemu-riscv64", &[Path::new("qemu-riscv64"), &guest]),
        Runner::new("this bench", &[&bench, Path::new(TELL_TIME)]),
        Runner::new("sigemu --version", &[&sigemu, Path::new("--version")]),
        Runner::new("true", &[Path::new("true")]),
    ];
    for _ in 0..TURNS {
        runners.iter_mut().for_each(Runner::run);
    }
    println!(
        "{TURNS} turns, an executable of {:.2} MB; milliseconds, least and median",
        size as f64 / 1e6
    );
    println!("{:<28}{:>18}{:>18}", "", "first", "process");
    runners.iter().for_each(Runner::print);
}
