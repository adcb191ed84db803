//! The UxHw functions, against closed forms.

use std::collections::BTreeMap;

use system_tests::{Guest, Toolchain, sigemu, ux};

/// The values of `constructors.c` by name.
fn values(toolchain: Toolchain, options: &[&str]) -> BTreeMap<String, ux::Ux> {
    let program = Guest::new("constructors.c").build(toolchain);
    let output = sigemu()
        .args(["run", "--core", "C0-XS", "--ux"])
        .args(options)
        .arg(program)
        .end()
        .good();
    assert!(
        output.contains("draw-is-a-sample 1\n") && output.contains("float-draw-is-a-sample 1\n"),
        "{output}"
    );
    output
        .lines()
        .filter_map(|line| {
            let (name, text) = line.split_once(' ')?;
            Some((name.to_owned(), ux::find_all(text).pop()?))
        })
        .collect()
}

#[test]
fn constructors_and_questions() {
    for toolchain in [Toolchain::Glibc, Toolchain::Musl, Toolchain::Picolibc] {
        check_constructors_and_questions(&values(toolchain, &[]));
    }
}

fn check_constructors_and_questions(values: &BTreeMap<String, ux::Ux>) {
    for prefix in ["", "float-"] {
        let value = |name: &str| &values[&format!("{prefix}{name}")];
        let number = |name: &str| {
            assert!(value(name).is_certain(), "{prefix}{name}");
            value(name).mean
        };
        let certain_mass = 1u64 << 63;

        // Position i of Uniform(a, b) is a + w/2 + w i: all exact here, in float too.
        let w = 4.0 / 32.0;
        let uniform: Vec<(f64, u64)> = (0..32)
            .map(|i| (-1.0 + w / 2.0 + w * f64::from(i), certain_mass / 32))
            .collect();
        assert_eq!(value("uniform").diracs, uniform, "{prefix}");
        assert_eq!(value("uniform").particle, "1");
        assert_eq!(value("copy").diracs, uniform, "{prefix}");

        // A symmetric law: pairs of Diracs mirror each other. A float position is off by at most half an ulp of 13 (2^-21).
        let gauss = &value("gauss").diracs;
        assert_eq!((gauss.len(), value("gauss").particle.as_str()), (32, "5"));
        let tolerance = if prefix.is_empty() { 1e-12 } else { f64::powi(2.0, -20) };
        for (lower, upper) in gauss.iter().zip(gauss.iter().rev()) {
            assert!(
                (lower.0 + upper.0 - 10.0).abs() < tolerance,
                "{prefix}: {lower:?} {upper:?}"
            );
        }

        // 8 samples of at most 32 stay as they are, in their order, and are not merged.
        let samples: Vec<(f64, u64)> = [1.0, 2.0, 2.0, 3.0, 10.0, 4.0, 4.0, 4.0]
            .into_iter()
            .map(|x| (x, certain_mass / 8))
            .collect();
        assert_eq!(value("samples").diracs, samples, "{prefix}");
        assert_eq!(value("samples").particle, "3.75");

        // 0.25 * 5 + 0.75 * 1.
        assert!((value("mixture").particle.parse::<f64>().expect("a number") - 2.0).abs() < 1e-6);
        assert!((value("mixture").mean - 2.0).abs() < 1e-6);

        assert_eq!(number("mean"), 1.0);
        // The variance of 32 evenly spaced points with step w is w^2 (32^2 - 1) / 12 = 1.33203125.
        assert!((number("variance") - w * w * 1023.0 / 12.0).abs() < 1e-6);
        assert_eq!(number("above"), 0.5); // 10, 4, 4, 4
        assert_eq!((number("min"), number("max")), (1.0, 10.0));
        // Half of the mass lies at 3 and below.
        assert_eq!(number("median"), 3.0);
    }
    let number = |name: &str| values[name].mean;
    assert!(number("third").abs() < 1e-12);
    assert_eq!(
        (number("plain-mean"), number("plain-variance"), number("plain-above")),
        (2.5, 0.0, 1.0)
    );
}

#[test]
fn a_seed_gives_the_same_draws() {
    let draw = |seed: &str| values(Toolchain::Glibc, &["--seed", seed])["draw"].particle.clone();
    assert_eq!(draw("3"), draw("3"));
    let draws: std::collections::BTreeSet<String> = (0..10).map(|seed| draw(&seed.to_string())).collect();
    // Ten draws from {1, 2, 3, 4, 10} are all equal with probability below 2 (3/8)^10 < 2e-4, and the seeds are fixed.
    assert!(draws.len() > 1, "{draws:?}");
}
