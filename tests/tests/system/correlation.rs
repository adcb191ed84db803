//! Correlation tracking: what is used twice is the same value both times.

use distcore::Distribution;
use system_tests::{Guest, Toolchain, sigemu, ux};

const IDENTITIES: &str = "identities.c";
const FEEDBACK: Guest = Guest::new("feedback.c");
const PLUS_CORES: [&[&str]; 5] = [
    &["--core", "C0-XS+"],
    &["--core", "C0-M+"],
    &[
        "--microarchitecture",
        "Zurich",
        "--precision",
        "64",
        "--correlation-tracking",
        "Autocorrelation",
    ],
    &[
        "--microarchitecture",
        "Jupiter",
        "--precision",
        "64",
        "--correlation-tracking",
        "Autocorrelation",
    ],
    &["--microarchitecture", "Delos", "--precision", "64"],
];

fn identities(flags: &'static [&'static str]) -> std::path::PathBuf {
    let guest = Guest {
        source: IDENTITIES,
        flags,
    };
    guest.build(Toolchain::Glibc)
}

fn distribution(value: &ux::Ux) -> Distribution {
    let (positions, masses): (Vec<f64>, Vec<f64>) = value
        .diracs
        .iter()
        .map(|&(position, mass)| (position, mass as f64 / (1u64 << 63) as f64))
        .unzip();
    Distribution::from_parts(&positions, &masses).expect("a distribution")
}

/// Every line is what its name says.
fn check(output: &str, what: &str) {
    // A matter of rounding, or of one grid and another.
    let most = 1e-3;
    let mut same: Option<Distribution> = None;
    for line in output.lines() {
        let (name, _) = line.split_once(' ').expect("a name and a value");
        let [value] = &ux::find_all(line)[..] else {
            panic!("one value: {line}")
        };
        let is_at = |wanted: f64| value.diracs.iter().all(|&(position, _)| position == wanted);
        match name {
            "zero" => assert!(is_at(0.0), "{what}: {line}"),
            "one" => assert!(is_at(1.0), "{what}: {line}"),
            "unity" => {
                // Two functions and two products, each to an ulp, and a sum.
                let most = 3.0 * f64::EPSILON;
                let is_near = |&(position, _): &(f64, u64)| (position - 1.0).abs() <= most;
                assert!(value.diracs.iter().all(is_near), "{what}: {line}");
            }
            "same" => match same.take() {
                None => same = Some(distribution(value)),
                Some(first) => {
                    let second = distribution(value);
                    let distance = first.wasserstein_1(&second);
                    assert!(distance <= most * first.standard_deviation(), "{what}: {distance:e}");
                }
            },
            "copy" => {
                // Two independent normals of deviation 1; a reduction to N Diracs loses some of it, never all.
                let deviation = distribution(value).standard_deviation();
                assert!((deviation - 2f64.sqrt()).abs() < 0.1, "{what}: {deviation}");
            }
            _ => panic!("{line}"),
        }
    }
}

#[test]
fn identities_hold() {
    for program in [identities(&["-O0"]), identities(&["-O2"])] {
        for core in PLUS_CORES {
            let output = sigemu().args(["run", "--ux"]).args(core).arg(&program).end().good();
            assert_eq!(output.lines().count(), 21, "{output}");
            check(&output, &format!("{core:?} {}", program.display()));
        }
    }
}

/// Neither the path that instructions take nor the report's questions change a result.
#[test]
fn the_way_of_running_changes_nothing() {
    let program = identities(&["-O2"]);
    let run = |options: &[&str]| {
        let run = sigemu().args(["run", "--ux", "--core", "C0-XS+"]).args(options);
        run.arg(&program).end().good()
    };
    let output = run(&[]);
    assert_eq!(output, run(&["--force-tracking"]));
    assert_eq!(output, run(&["--report"]));
}

#[test]
fn asking_changes_nothing() {
    let program = identities(&["-O2"]);
    for core in PLUS_CORES {
        let run = |arguments: &[&str]| {
            let run = sigemu().args(["run", "--ux"]).args(core).arg(&program);
            run.args(arguments).end().good()
        };
        assert_eq!(run(&[]), run(&["--", "asks"]), "{core:?}");
    }
}

#[test]
fn the_particle_does_not_depend_on_correlation_tracking() {
    for program in [identities(&["-O2"]), Guest::new("repeated.c").build(Toolchain::Glibc)] {
        for name in ["ratio", "quadratic", "solve3", "sir", "kalman"] {
            let run = |core: &str| {
                let run = sigemu().args(["run", "--particle", "--core", core]).arg(&program);
                run.args(["--", name]).end().good()
            };
            let plain = run("C0-XS");
            assert_eq!(run("C0-XS+"), plain);
            assert_eq!(run("C0-S+"), plain);
        }
    }
}

/// The seed selects the joint points, and nothing else does.
#[test]
fn the_same_seed_gives_the_same_bytes() {
    let program = Guest::new("repeated.c").build(Toolchain::Glibc);
    let run = |seed: &str| {
        let run = sigemu()
            .args(["run", "--ux", "--core", "C0-XS+", "--seed", seed])
            .arg(&program);
        run.args(["--", "kalman"]).end().good()
    };
    let first = run("1");
    assert_eq!(first, run("1"));
    assert_ne!(first, run("2"), "eleven sources are too many for the grid");
}

/// A run of a feedback loop: what it printed, processor time in seconds, peak memory in bytes.
fn feedback(name: &str, steps: u64, prints: u64) -> (String, f64, f64) {
    let [steps, prints] = [steps, prints].map(|number| number.to_string());
    let ended = sigemu()
        .args(["run", "--particle", "--stats=json", "--core", "C0-XS+"])
        .arg(FEEDBACK.build(Toolchain::Glibc))
        .args(["--", name, &steps, &prints])
        .end();
    let number = |key: &str| -> f64 {
        let text = ended.stderr.split(&format!("\"{key}\":")).nth(1).expect("the figure");
        let text = text.split([',', '}']).next().expect("a number");
        text.parse().expect("a number")
    };
    let (time, memory) = (number("ProcessorTime"), number("PeakMemory"));
    (ended.good(), time, memory)
}

/// Steps of the longest loops; `SIGEMU_STEPS=10000000` is the goal itself, and takes minutes.
fn steps() -> u64 {
    std::env::var("SIGEMU_STEPS").map_or(200_000, |steps| steps.parse().expect("a number"))
}

#[test]
fn loops_with_feedback_take_bounded_memory_and_time() {
    // Each step of the shared sum is two operations, of the filter three.
    for name in ["filter", "walk", "shared"] {
        let (_, short, _) = feedback(name, steps() / 8, 0);
        let (output, long, memory) = feedback(name, steps(), 0);
        println!(
            "{name}: {} steps in {long:.2} s, an eighth in {short:.2} s, {:.0} MB",
            steps(),
            memory / 1e6
        );
        assert!(memory < 200e6, "{name}: {memory} bytes");
        // 8 times the steps: 64 times the time if a step became dearer with the loop. Half way between is allowed.
        assert!(long < 22.0 * short.max(0.05), "{name}: {short} s, then {long} s");
        let answer = |name: &str| -> f64 {
            let line = output.lines().find_map(|line| line.strip_prefix(name)).expect("a line");
            line.trim().parse().expect("a number")
        };
        let (mean, variance) = (answer("mean"), answer("variance"));
        // Noises have means 0, 0.1, …, 1.5, 0.75 on average. The exact mean of a sum: its last bits are rounding.
        let sum = 0.75 * steps() as f64;
        match name {
            "walk" => assert!((mean / sum - 1.0).abs() < 1e-9, "{mean}"),
            "shared" => {
                // gain * sum, with gain uniform on [0.05, 0.15]; what the sum's own spread adds is below 1e-4 of it.
                // At 2048 joint points and more the gain's moments are right to a thousandth.
                assert!((mean / (0.1 * sum) - 1.0).abs() < 1e-3, "{mean}");
                let exact = 0.1 * 0.1 / 12.0 * sum * sum;
                assert!((variance / exact - 1.0).abs() < 1e-2, "{variance}, not {exact}");
            }
            _ => {}
        }
    }
}

#[test]
fn printing_in_a_loop_is_not_quadratic() {
    let (_, few, _) = feedback("shared", 20_000, 100);
    let (output, many, _) = feedback("shared", 20_000, 10_000);
    assert_eq!(output.lines().count(), 10_003);
    println!("100 prints in {few:.2} s, 10 000 in {many:.2} s");
    // The text itself is Ux of up to 32 Diracs; a print may cost what some hundred steps cost, but not what all before it cost:
    // that would be 10 000 steps on average.
    let step = few.max(0.02) / 20_000.0;
    assert!((many - few) / 9_900.0 < 2_000.0 * step, "{few} s, then {many} s");
}

#[test]
fn the_report_names_what_was_approximated() {
    let ended = sigemu()
        .args(["run", "--particle", "--report", "--core", "C0-XS+"])
        .arg(FEEDBACK.build(Toolchain::Glibc))
        .args(["--", "filter", "100000"])
        .end();
    let has = |part: &str| assert!(ended.stderr.contains(part), "{}", ended.stderr);
    has("sigemu: correlation tracking: ");
    has("  frozen      main (");
    has("feedback.c:");
}
