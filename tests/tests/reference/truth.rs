//! Six programs against closed forms: mean and distribution function of 100 000 executions.

use std::f64::consts::{FRAC_PI_2, PI};

use crate::support::{executions, guest, run};

const EXECUTIONS: u64 = 100_000;

/// What a program's one value is distributed like.
struct Truth {
    program: &'static str,
    mean: f64,
    deviation: f64,
    /// P(value <= x).
    distribution: fn(f64) -> f64,
}

fn check(truth: &Truth) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("values");
    run(&guest(truth.program), EXECUTIONS, &file).end().good();
    let executions = executions(&file);
    let mut samples: Vec<f64> = executions.iter().map(|execution| execution.values[0].1).collect();
    assert_eq!(samples.len() as u64, EXECUTIONS);
    let n = EXECUTIONS as f64;

    // The mean of n draws deviates by deviation / sqrt(n); five times that happens in 6 of 10 million seeds.
    let mean = samples.iter().sum::<f64>() / n;
    assert!(
        (mean - truth.mean).abs() < 5.0 * truth.deviation / n.sqrt(),
        "mean {mean}"
    );

    // So does the correlation of neighbours, by 1 / sqrt(n): executions do not know of each other.
    let deviations = samples
        .windows(2)
        .map(|pair| (pair[0] - truth.mean) * (pair[1] - truth.mean));
    let correlation = deviations.sum::<f64>() / n / (truth.deviation * truth.deviation);
    assert!(
        correlation.abs() < 5.0 / n.sqrt(),
        "correlation of neighbours {correlation}"
    );

    // Dvoretzky, Kiefer and Wolfowitz (with Massart's constant): P(sup |F_n - F| > e) <= 2 exp(-2 n e^2), here 1e-9. It holds for all
    // quantiles at once, and for laws with jumps too.
    let tolerance = ((2.0f64 / 1e-9).ln() / (2.0 * n)).sqrt();
    samples.sort_by(f64::total_cmp);
    for (i, &sample) in samples.iter().enumerate() {
        let below = samples[..i].iter().rev().take_while(|&&other| other == sample).count();
        let at_most = samples[i..].iter().take_while(|&&other| other == sample).count();
        if below > 0 {
            continue; // seen with the first of its like
        }
        let (from, to) = (i as f64 / n, (i + at_most) as f64 / n);
        let jump = f64::from_bits(sample.to_bits().wrapping_sub(1)); // just below a positive number
        let (lower, upper) = ((truth.distribution)(jump), (truth.distribution)(sample));
        assert!(
            (to - upper).abs() < tolerance,
            "P(value <= {sample}): {to}, and truly {upper}"
        );
        assert!(
            sample <= 0.0 || (from - lower).abs() < tolerance,
            "P(value < {sample}): {from}, and truly {lower}"
        );
    }
}

#[test]
fn a_sum() {
    check(&Truth {
        program: "reference/sum.c",
        mean: 1.0,
        deviation: (1.0f64 / 6.0).sqrt(),
        distribution: |x| {
            if x < 1.0 {
                x * x / 2.0
            } else {
                1.0 - (2.0 - x) * (2.0 - x) / 2.0
            }
        },
    });
}

#[test]
fn a_product() {
    // E = 1/4, E of the square = 1/9.
    check(&Truth {
        program: "reference/product.c",
        mean: 0.25,
        deviation: (1.0f64 / 9.0 - 1.0 / 16.0).sqrt(),
        distribution: |x| x - x * x.ln(),
    });
}

#[test]
fn a_function_of_libm() {
    check(&Truth {
        program: "reference/radius.c",
        mean: FRAC_PI_2.sqrt(),
        deviation: (2.0 - PI / 2.0).sqrt(),
        distribution: |r| -(-r * r / 2.0).exp_m1(),
    });
}

#[test]
fn branches() {
    // The maximum of five exponential numbers: mean 3 (1 + 1/2 + ... + 1/5), variance 9 (1 + 1/4 + ... + 1/25).
    check(&Truth {
        program: "reference/last.c",
        mean: (1..=5).map(|i| 3.0 / f64::from(i)).sum(),
        deviation: (1..=5).map(|i| 9.0 / f64::from(i * i)).sum::<f64>().sqrt(),
        distribution: |x| (-(-x / 3.0).exp_m1()).powi(5),
    });
}

#[test]
fn a_random_number_of_draws() {
    check(&Truth {
        program: "reference/throws.c",
        mean: 4.0,
        deviation: 12.0f64.sqrt(),
        distribution: |x| 1.0 - 0.75f64.powf(x.floor()),
    });
}

#[test]
fn a_mixture_of_floats() {
    // Means 1/2 and 5; second moments 1/3 and 25 + 2 b^2 = 33.
    let (mean, square) = (0.3 * 0.5 + 0.7 * 5.0, 0.3 / 3.0 + 0.7 * 33.0);
    check(&Truth {
        program: "reference/mixture.c",
        mean,
        deviation: (square - mean * mean).sqrt(),
        distribution: |x| {
            let laplace = if x < 5.0 {
                ((x - 5.0) / 2.0).exp() / 2.0
            } else {
                1.0 - (-(x - 5.0) / 2.0).exp() / 2.0
            };
            0.3 * x.clamp(0.0, 1.0) + 0.7 * laplace
        },
    });
}
