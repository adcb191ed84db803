//! The example programs, read by others: PyPI's `signaloid` is the official reader of Ux texts.

use std::process::Command;

use system_tests::{example, python, root, sigemu, ux};

/// What the official reader makes of each Ux text: mean and variance.
fn read_by_signaloid(texts: &[&str]) -> Vec<(f64, f64)> {
    let script = root().join("tests/python/moments.py");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let input = folder.path().join("texts");
    std::fs::write(&input, texts.join("\n")).expect("the texts are written");
    let output = Command::new(python())
        .arg(script)
        .arg(input)
        .output()
        .expect("Python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = String::from_utf8(output.stdout).expect("UTF-8");
    let number = |text: Option<&str>| {
        text.and_then(|text| text.parse().ok())
            .unwrap_or_else(|| panic!("two numbers: {output}"))
    };
    output
        .lines()
        .map(|line| {
            let mut words = line.split(' ');
            (number(words.next()), number(words.next()))
        })
        .collect()
}

/// Each `NAME = VALUE UNIT` line of an example is followed by `  mean M, variance V`, what the program itself was told.
fn agrees_with_signaloid(name: &str, core: &[&str], stdin: &str) {
    let output = sigemu()
        .arg("run")
        .args(core)
        .arg("--ux")
        .arg(example(name))
        .stdin(stdin)
        .end()
        .good();
    let lines: Vec<&str> = output.lines().collect();
    let mut values = Vec::new();
    for pair in lines.windows(2) {
        let Some(moments) = pair[1].strip_prefix("  mean ") else {
            continue;
        };
        let (mean, variance) = moments.split_once(", variance ").expect("mean and variance");
        let parse = |text: &str| {
            text.parse::<f64>()
                .unwrap_or_else(|_| panic!("a number without a Ux part: {text}"))
        };
        let [value] = &ux::find_all(pair[0])[..] else {
            panic!("one value: {}", pair[0])
        };
        assert!(value.diracs.len() > 1, "{}", pair[0]);
        values.push((value.text.clone(), parse(mean), parse(variance)));
    }
    assert_eq!(values.len(), 2, "each example shows two values: {output}");

    let texts: Vec<&str> = values.iter().map(|(text, _, _)| text.as_str()).collect();
    for ((text, mean, variance), (their_mean, their_variance)) in values.iter().zip(read_by_signaloid(&texts)) {
        assert!(
            (their_mean - mean).abs() <= 1e-9 * mean.abs(),
            "{name}: mean {their_mean} and {mean} of {text}"
        );
        assert!(
            (their_variance - variance).abs() <= 1e-9 * variance.abs(),
            "{name}: variance {their_variance} and {variance} of {text}"
        );
    }
}

fn readings() -> String {
    std::fs::read_to_string(root().join("sdk/examples/sensor-calibration/readings.txt")).expect("the readings")
}

#[test]
fn wing_lift_is_read_by_signaloid() {
    for core in ["C0-XS", "C0-S", "C0-M"] {
        agrees_with_signaloid("wing-lift", &["--core", core], "");
    }
}

#[test]
fn investment_is_read_by_signaloid() {
    agrees_with_signaloid("investment", &["--core", "C0-S"], "");
}

#[test]
fn sensor_calibration_is_read_by_signaloid() {
    agrees_with_signaloid("sensor-calibration", &["--core", "C0-S"], &readings());
}

#[test]
fn an_example_takes_a_ux_text_as_argument() {
    // A supply voltage of 3.2 or 3.4 V, evenly.
    let supply = "3.3Ux040000000000000001400A66666666666600000002400999999999999A4000000000000000400B3333333333334000000000000000";
    let run = |voltage: &str| {
        let program = example("sensor-calibration");
        sigemu()
            .args(["run", "--core", "C0-S", "--ux"])
            .arg(program)
            .args(["--", voltage])
            .stdin(readings())
            .end()
            .good()
    };
    let spread = |output: &str| {
        let line = output
            .lines()
            .find(|line| line.starts_with("temperature = "))
            .expect("the temperature")
            .to_owned();
        let [value] = &ux::find_all(&line)[..] else {
            panic!("one value: {line}")
        };
        let mass = |mass: u64| mass as f64 / (1u64 << 63) as f64;
        value
            .diracs
            .iter()
            .map(|&(x, m)| (x - value.mean).powi(2) * mass(m))
            .sum::<f64>()
    };
    let (certain, uncertain) = (spread(&run("3.3")), spread(&run(supply)));
    // 3 % of the supply is about 5.5 % of the resistance (volts is 1.34 of 3.3), and 1 % of that is 0.23 K: variance grows by
    // more than (0.5 K)^2.
    assert!(uncertain > certain + 0.25, "{certain} {uncertain}");
}

#[test]
fn the_particles_do_not_depend_on_tracking() {
    for (name, stdin) in [
        ("wing-lift", String::new()),
        ("investment", String::new()),
        ("sensor-calibration", readings()),
    ] {
        let values = |options: &[&str]| -> Vec<String> {
            let output = sigemu()
                .arg("run")
                .args(options)
                .arg(example(name))
                .stdin(stdin.as_str())
                .end()
                .good();
            // Answers to questions differ, of course: only the values are compared.
            output
                .lines()
                .filter(|line| line.contains(" = ") && !line.starts_with("P("))
                .map(str::to_owned)
                .collect()
        };
        let particles = values(&["--core", "C0-S", "--particle"]);
        assert_eq!(particles.len(), 2, "{name}");
        assert_eq!(particles, values(&["--core", "C0-Bypass"]), "{name}");
    }
}
