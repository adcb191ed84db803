//! What a run on a Reference core does to the world and tells the user.

use std::collections::BTreeMap;
use std::path::Path;

use emulator::reference::ValueId;
use emulator::reference::values::Ending;
use system_tests::{Guest, Toolchain, sigemu};

use crate::support::{executions, guest, open, run};

/// ValueIDs in a text.
fn ids(text: &str) -> Vec<ValueId> {
    text.match_indices("val_")
        .map(|(at, _)| text[at..at + 36].parse().expect("a ValueID"))
        .collect()
}

#[test]
fn uncertain_values_are_printed_with_their_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("values");
    let program = guest("reference/questions.c");
    let output = run(&program, 1000, &file).end().good();
    let mut reader = open(&file);
    let names: Vec<ValueId> = reader.values().iter().map(|value| value.id).collect();
    // Probability, moment, batch, joint; not the second moment, which is 0, and not the certain number.
    assert_eq!(ids(&output), names);
    assert_eq!(names.len(), 4);
    assert!(output.contains(" constant 0.000000 certain 0.500000\n"), "{output}");
    assert!(executions(&file).iter().all(|execution| !execution.failed()));

    // P(x > mean) is the mean of its answers; five times sqrt(1/4 / 1000).
    let samples = reader.samples(names[0], usize::MAX).expect("samples");
    let probability = samples.iter().sum::<f64>() / 1000.0;
    assert!((probability - 0.5).abs() < 0.08, "{probability}");
    // The first sample is what was printed.
    let moment = reader.samples(names[1], 1).expect("a sample")[0];
    assert!(output.contains(&format!("moment {moment:.6}{}", names[1])), "{output}");

    // The same names in another run, other ones with another seed, none with --particle.
    let again = sigemu()
        .args(["run", "--core", "C0-Reference", "--seed", "0", "--values"])
        .arg(&file)
        .arg(&program)
        .end()
        .good();
    assert_eq!(again, output);
    let other = sigemu()
        .args(["run", "--core", "C0-Reference", "--seed", "1", "--values"])
        .arg(&file)
        .arg(&program)
        .end()
        .good();
    assert!(ids(&other).iter().all(|id| !names.contains(id)));
    let plain = sigemu()
        .args(["run", "--core", "C0-Reference", "--particle", "--values"])
        .arg(&file)
        .arg(&program)
        .end()
        .good();
    assert!(ids(&plain).is_empty(), "{plain}");
    assert_eq!(open(&file).values().len(), 4);
}

#[test]
fn executions_that_differ_are_told_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("values");
    let ended = sigemu()
        .args([
            "run",
            "--core",
            "C0-Reference",
            "--precision",
            "1000",
            "--instruction-limit",
            "100000",
            "--values",
        ])
        .arg(&file)
        .arg(guest("reference/ways.c"))
        .end();
    let executions = executions(&file);
    // x is the first value; the way follows from it.
    let mut endings: BTreeMap<&str, u64> = BTreeMap::new();
    for execution in &executions {
        let x = execution.values[0].1;
        let (name, ending, status) = match x {
            0.9.. => ("abort", Ending::Signal, 134),
            0.8.. => ("status", Ending::Exit, 7),
            0.7.. => ("limit", Ending::Limit, 124),
            0.25.. => ("end", Ending::Exit, 0),
            _ => ("low", Ending::Exit, 0),
        };
        assert_eq!((execution.ending, execution.status), (ending, status), "{x}");
        assert_eq!(execution.values.len(), if name == "low" { 3 } else { 2 });
        // The value behind the one that only some print keeps its name.
        assert_eq!(execution.values.last().map(|value| value.1), Some(1.0 - x));
        *endings.entry(name).or_default() += 1;
    }
    assert_eq!(endings.len(), 5, "{endings:?}");
    assert_eq!(ended.code, i32::from(executions[0].status));
    let failed = executions.iter().filter(|execution| execution.failed()).count();
    let low = endings["low"];
    let last = executions[0].values.last().expect("a value").0;
    let names: Vec<u32> = executions
        .iter()
        .filter_map(|execution| Some(execution.values.last()?.0))
        .collect();
    assert!(names.iter().all(|&name| name == last));
    assert!(
        ended
            .stderr
            .contains(&format!(" {failed} of 1000 executions failed; execution ")),
        "{}",
        ended.stderr
    );
    assert!(
        ended.stderr.contains(&format!(
            "in {low} of 1000 executions: \" low %f\", conversion 1, occurrence 1"
        )),
        "{}",
        ended.stderr
    );
    assert!(
        ended
            .stderr
            .contains("messages in other executions than the first, one of them: UxHw constructor: "),
        "{}",
        ended.stderr
    );
}

/// A folder with what `files.c` expects.
fn world() -> tempfile::TempDir {
    let world = tempfile::tempdir().expect("a folder");
    for (name, text) in [("in.txt", "1.5\n2.5\n"), ("log.txt", "before\n"), ("old.txt", "old\n")] {
        std::fs::write(world.path().join(name), text).expect("a file");
    }
    world
}

#[test]
fn the_world_is_changed_once() {
    let world = world();
    let values = world.path().join("../values-of-files");
    let ended = sigemu()
        .args(["run", "--core", "C0-Reference", "--precision", "64", "--values"])
        .arg(&values)
        .arg(guest("reference/files.c"))
        .folder(world.path())
        .stdin("10\n20\n")
        .end();
    let all = executions(&values);
    std::fs::remove_file(&values).expect("the values file");
    let output = ended.good();
    assert!(output.starts_with("run-up\nx "), "{output}");
    assert!(
        all.iter()
            .all(|execution| !execution.failed() && execution.values.len() == 1)
    );

    let read =
        |name: &str| std::fs::read_to_string(world.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let way = if all[0].values[0].1 < 0.5 { "low" } else { "high" };
    assert_eq!(read("out.txt"), format!("head\nx {way}\n"));
    assert_eq!(read("log.txt"), "before\none more\n");
    assert_eq!(read("moved"), "made\n");
    assert_eq!(read("kept/file"), "kep");
    let mut names: Vec<String> = std::fs::read_dir(world.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["in.txt", "kept", "log.txt", "moved", "out.txt"]);
}

#[test]
fn a_shard_without_the_first_execution_changes_nothing() {
    let world = world();
    let values = world.path().join("../values-of-shard");
    let values = values.to_str().expect("a path");
    let ended = sigemu()
        .args([
            "run",
            "--core",
            "C0-Reference",
            "--precision",
            "64",
            "--shard",
            "2/2",
            "--values",
            values,
        ])
        .arg(guest("reference/files.c"))
        .folder(world.path())
        .stdin("10\n20\n")
        .end();
    let all = executions(Path::new(values));
    std::fs::remove_file(values).expect("the values file");
    assert_eq!(ended.good(), "");
    assert!(all.iter().all(|execution| !execution.failed()), "{all:?}");
    let mut names: Vec<String> = std::fs::read_dir(world.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["in.txt", "log.txt", "old.txt"]);
    assert_eq!(
        std::fs::read_to_string(world.path().join("log.txt")).expect("log.txt"),
        "before\n"
    );
}

#[test]
fn values_that_are_read_are_drawn() {
    // Four samples each, by the core itself.
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("values");
    let ux = |samples: &[f64]| {
        let arithmetic = distcore::Arithmetic::new(distcore::Representation::Athens, 32).expect("an arithmetic");
        let distribution = arithmetic.samples(samples, distcore::Format::F64);
        distribution.to_ux(None, distcore::Format::F64).to_text("0.5")
    };
    for toolchain in [Toolchain::Glibc, Toolchain::Musl] {
        let output = run(&Guest::new("reference/reads.c").build(toolchain), 2000, &file)
            .arg(ux(&[1.0, 2.0, 3.0, 4.0]))
            .stdin(ux(&[10.0, 20.0, 30.0, 40.0]) + "\n")
            .end()
            .good();
        assert_eq!(ids(&output).len(), 2, "{output}");
        let mut counts: BTreeMap<(u64, u64), u64> = BTreeMap::new();
        for execution in executions(&file) {
            let [x, y] = [0, 1].map(|n: usize| execution.values[n].1 as u64);
            *counts.entry((x, y)).or_default() += 1;
        }
        // 16 pairs of probability 1/16: five times sqrt(2000 / 16 * 15 / 16) = 54 of 125.
        assert_eq!(counts.len(), 16, "{toolchain:?}: {counts:?}");
        assert!(
            counts.values().all(|&count| (71..=179).contains(&count)),
            "{toolchain:?}: {counts:?}"
        );
    }
}

#[test]
fn a_program_without_draws_runs_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("values");
    let output = run(&Guest::new("hello.c").build(Toolchain::Glibc), 50, &file).end();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let executions = executions(&file);
    assert_eq!(executions.len(), 50);
    assert!(executions.iter().all(|execution| execution.values.is_empty()));
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let program = guest("reference/sum.c");
    let message = |options: &[&str]| sigemu().arg("run").args(options).arg(&program).end().stderr;
    assert_eq!(
        message(&["--core", "C0-S", "--threads", "2"]),
        "sigemu: --values, --threads and --shard are for Reference cores: choose --core C0-Reference\n"
    );
    assert!(
        message(&["--core", "C0-Reference", "--shard", "5/4"])
            .contains("'5/4' is no shard: they are 1/N to N/N, for example 3/64")
    );
    assert_eq!(
        message(&["--core", "C0-Reference", "--precision", "1000001"]),
        "sigemu: precision 1000001 is not allowed: the Reference microarchitecture takes 4 to 1000000\n"
    );
    // What is no ordinary file stays what it is.
    sigemu()
        .args(["run", "--core", "C0-Reference", "--values", "/dev/null"])
        .arg(&program)
        .end()
        .good();
    assert!(!std::fs::metadata("/dev/null").expect("/dev/null").is_file());
    let nowhere = message(&["--core", "C0-Reference", "--values", "/nowhere/values"]);
    assert_eq!(
        nowhere,
        "sigemu: cannot write /nowhere/values: No such file or directory (os error 2)\n"
    );
}

/// A task as an embedder runs it, on two threads, without output.
fn embedded(task: emulator::Task) -> (emulator::reference::ReferenceReport, Vec<u8>) {
    let program = emulator::Program::open(&guest("reference/ways.c")).expect("a program");
    let options = emulator::reference::Options {
        threads: std::num::NonZeroUsize::new(2),
        ..Default::default()
    };
    let mut values = Vec::new();
    let host = Box::new(emulator::TaskHost::new());
    let report = emulator::reference::run(program.into(), task, host, options, &mut values).expect("a run");
    (report, values)
}

/// One in ten executions never ends by themselves.
fn endless() -> emulator::Task {
    let mut core = emulator::Core::named("C0-Reference").expect("the core");
    core.precision = 1_000_000;
    emulator::Task::new(core, "ways")
}

#[test]
fn a_cancel_ends_all_executions() {
    let cancel = emulator::Cancel::new();
    let mut task = endless();
    task.cancel = Some(cancel.clone());
    let runner = std::thread::spawn(move || (embedded(task), std::time::Instant::now()));
    std::thread::sleep(std::time::Duration::from_millis(300));
    let asked = std::time::Instant::now();
    cancel.cancel();
    let ((report, values), ended) = runner.join().expect("the runner");
    // Both threads look every 2^18 instructions, some milliseconds; the rest is a busy machine's.
    assert!(ended - asked < std::time::Duration::from_secs(2));
    assert_eq!(report.report.exit, emulator::Exit::Cancelled);
    // What was made is there, and the file says that it is not all.
    let reader = emulator::reference::values::ValuesReader::open(std::io::Cursor::new(values)).expect("a values file");
    assert_eq!(reader.executions(), report.executions);
    assert!(!reader.is_complete());
}

#[test]
fn limits_of_time_and_output_end_the_task() {
    use emulator::{Exit, Limit};
    let mut task = endless();
    task.limits.processor_time = Some(std::time::Duration::from_millis(200));
    assert_eq!(embedded(task).0.report.exit, Exit::Stopped(Limit::ProcessorTime));
    let mut task = endless();
    task.limits.wall_time = Some(std::time::Duration::from_millis(200));
    assert_eq!(embedded(task).0.report.exit, Exit::Stopped(Limit::WallTime));
    let mut task = endless();
    task.limits.output_bytes = Some(3);
    assert_eq!(embedded(task).0.report.exit, Exit::Stopped(Limit::OutputBytes));
}
