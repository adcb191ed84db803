//! Programs whose results were published for real cores.

use std::path::PathBuf;

use system_tests::{Guest, Toolchain, root, sigemu, ux, vector};

/// The wing-lift program as `sigemu build` compiles it, in a folder that goes with the value.
fn wing_lift() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = folder.path().join("wing_lift.elf");
    let source = root().join("tests/guests/wing_lift.c");
    sigemu().arg("build").arg(source).arg("-o").arg(&program).end().good();
    (folder, program)
}

/// Mean, variance, third and fourth central moment of the lift, and the lift itself on a core without tracking.
const MOMENTS: [(u32, [&str; 4]); 2] = [
    (32, ["716.835513", "220.969401", "110.173271", "138338.298592"]),
    (128, ["716.835805", "222.462051", "116.178221", "146696.886020"]),
];

#[test]
fn wing_lift_prints_the_published_moments() {
    let (_folder, program) = wing_lift();
    for (precision, moments) in MOMENTS {
        let run = |tracking: &str| {
            let run = sigemu().args([
                "run",
                "--microarchitecture",
                "Athens",
                "--correlation-tracking",
                tracking,
            ]);
            let run = run.args(["--memory-size", "64000000", "--precision", &precision.to_string()]);
            run.arg(&program).end().good()
        };
        let output = run("Disable");
        assert_eq!(output, run("Autocorrelation"), "no value is used twice");
        let lines: Vec<&str> = output.lines().collect();
        assert_eq!(lines.len(), 5, "{output}");
        for (line, moment) in lines.iter().zip(moments) {
            // The answer to a question is a plain number: on a tracked core it carries a one-Dirac part.
            let [value] = &ux::find_all(line)[..] else {
                panic!("one value: {line}")
            };
            assert_eq!(value.particle, moment, "N = {precision}");
            assert!(value.is_certain(), "{line}");
        }
        let [lift] = &ux::find_all(lines[4])[..] else {
            panic!("the lift: {}", lines[4])
        };
        assert_eq!(lift.particle, "716.764165");
        assert_eq!(
            (lift.representation, lift.samples, lift.diracs.len()),
            (4, 1, precision as usize)
        );
        assert_eq!(format!("{:.6}", lift.mean), moments[0]);
    }
}

#[test]
fn wing_lift_on_bypass_is_a_plain_number() {
    let (_folder, program) = wing_lift();
    let output = sigemu().args(["run", "--core", "C0-Bypass"]).arg(program).end().good();
    // Of a plain number: itself, then no spread.
    assert_eq!(output, "716.764165\n0.000000\n0.000000\n0.000000\n716.764165\n");
}

#[test]
fn uniform_affine_is_bit_exact() {
    let program = Guest::new("uniform_affine.c").build(Toolchain::Glibc);
    let output = sigemu().args(["run", "--core", "C0-S"]).arg(program).end().good();
    let [value] = &ux::find_all(&output)[..] else {
        panic!("one value: {output}")
    };
    assert_eq!((value.particle.as_str(), value.representation), ("106000.000000", 4));
    // Position i of Uniform(a, b) is a + w/2 + w i; one operand of each operation is a constant, so that positions are mapped.
    let (a, b) = (0.05, 0.07);
    let w = (b - a) / 64.0;
    let expected: Vec<(f64, u64)> = (0..64)
        .map(|i| (100_000.0 * (1.0 + (a + w / 2.0 + w * f64::from(i))), (1 << 63) / 64))
        .collect();
    assert_eq!(value.diracs, expected);
    if let Some(text) = vector("uniform_affine_athens_64.ux") {
        let [published] = &ux::find_all(text.trim())[..] else {
            panic!("one value in the vector")
        };
        assert_eq!(value.diracs, published.diracs);
    }
}
