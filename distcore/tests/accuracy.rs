//! How far results are from the truth: the table in the crate's README, made and checked here.
//!
//! The figure is the Wasserstein-1 distance between the result and the exact law, in units of the exact standard
//! deviation: the area between the two distribution functions, the exact one in closed form. `DISTCORE_WRITE_README=1`
//! writes the table, otherwise it must be what stands there.

use std::fmt::Write as _;
use std::path::PathBuf;

use distcore::{Arithmetic, BinaryFn, Distribution, Format::F64, Law, Representation, UnaryFn};

/// A calculation whose result has a law in closed form.
struct Case {
    name: &'static str,
    compute: fn(Arithmetic<'static>) -> Distribution,
    /// The exact distribution function.
    cdf: fn(f64) -> f64,
    stddev: f64,
    /// Where all but 1e-12 of the law lies.
    range: (f64, f64),
}

fn gauss(core: Arithmetic<'static>, mean: f64, stddev: f64) -> Distribution {
    core.law(&Law::gauss(mean, stddev).expect("a law"), F64)
}

fn uniform(core: Arithmetic<'static>, min: f64, max: f64) -> Distribution {
    core.law(&Law::uniform(min, max).expect("a law"), F64)
}

fn lognormal(core: Arithmetic<'static>, sigma: f64) -> Distribution {
    core.law(&Law::lognormal(0.0, sigma).expect("a law"), F64)
}

fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

fn lognormal_cdf(x: f64, sigma: f64) -> f64 {
    if x <= 0.0 { 0.0 } else { normal_cdf(x.ln() / sigma) }
}

/// The standard deviation of a lognormal law with mu = 0.
fn lognormal_stddev(sigma: f64) -> f64 {
    let square = sigma * sigma;
    ((square.exp() - 1.0) * square.exp()).sqrt()
}

/// Z = X / Y for X, Y uniform on (1, 2): integrate the density of Y over the y with X <= z y.
fn uniform_ratio_cdf(z: f64) -> f64 {
    if z <= 0.5 {
        0.0
    } else if z <= 1.0 {
        // y from 1/z to 2: z y - 1.
        0.5 * z * (4.0 - 1.0 / (z * z)) - (2.0 - 1.0 / z)
    } else if z < 2.0 {
        // The mirror image under z -> 1/z.
        1.0 - uniform_ratio_cdf(1.0 / z)
    } else {
        1.0
    }
}

fn cases() -> Vec<Case> {
    let half = 0.5_f64;
    let root_half = (2.0 * half * half).sqrt();
    // E(X) E(1/Y) = 1.5 ln 2; E(X²) E(1/Y²) = 7/3 * 1/2.
    let ratio_variance = 7.0 / 6.0 - (1.5 * 2f64.ln()).powi(2);
    vec![
        Case {
            name: "Gauss + Gauss",
            compute: |core| core.binary(BinaryFn::Add, &gauss(core, 0.0, 1.0), &gauss(core, 0.0, 1.0), F64),
            cdf: |x| normal_cdf(x / std::f64::consts::SQRT_2),
            stddev: std::f64::consts::SQRT_2,
            range: (-11.0, 11.0),
        },
        Case {
            name: "uniform + uniform",
            compute: |core| core.binary(BinaryFn::Add, &uniform(core, 0.0, 1.0), &uniform(core, 0.0, 1.0), F64),
            cdf: |x| {
                let x = x.clamp(0.0, 2.0);
                if x < 1.0 {
                    0.5 * x * x
                } else {
                    1.0 - 0.5 * (2.0 - x) * (2.0 - x)
                }
            },
            stddev: (1.0 / 6.0_f64).sqrt(),
            range: (0.0, 2.0),
        },
        Case {
            name: "uniform · uniform",
            compute: |core| core.binary(BinaryFn::Mul, &uniform(core, 0.0, 1.0), &uniform(core, 0.0, 1.0), F64),
            cdf: |x| {
                if x <= 0.0 {
                    0.0
                } else {
                    x.min(1.0) * (1.0 - x.min(1.0).ln())
                }
            },
            stddev: (7.0 / 144.0_f64).sqrt(),
            range: (0.0, 1.0),
        },
        Case {
            name: "lognormal · lognormal",
            compute: |core| core.binary(BinaryFn::Mul, &lognormal(core, 0.5), &lognormal(core, 0.5), F64),
            cdf: |x| lognormal_cdf(x, 0.5_f64.sqrt()),
            stddev: lognormal_stddev(root_half),
            range: (0.0, 200.0),
        },
        Case {
            name: "uniform / uniform",
            compute: |core| core.binary(BinaryFn::Div, &uniform(core, 1.0, 2.0), &uniform(core, 1.0, 2.0), F64),
            cdf: uniform_ratio_cdf,
            stddev: ratio_variance.sqrt(),
            range: (0.5, 2.0),
        },
        Case {
            name: "lognormal / lognormal",
            compute: |core| core.binary(BinaryFn::Div, &lognormal(core, 0.5), &lognormal(core, 0.5), F64),
            cdf: |x| lognormal_cdf(x, 0.5_f64.sqrt()),
            stddev: lognormal_stddev(root_half),
            range: (0.0, 200.0),
        },
        Case {
            name: "exp(Gauss)",
            compute: |core| core.unary(UnaryFn::Exp, &gauss(core, 0.0, 0.5), F64),
            cdf: |x| lognormal_cdf(x, 0.5),
            stddev: lognormal_stddev(0.5),
            range: (0.0, 50.0),
        },
        Case {
            name: "Gauss alone",
            compute: |core| gauss(core, 0.0, 1.0),
            cdf: normal_cdf,
            stddev: 1.0,
            range: (-8.0, 8.0),
        },
    ]
}

/// The area between the exact distribution function and the steps of `value`.
fn wasserstein_1(value: &Distribution, case: &Case) -> f64 {
    let (low, high) = case.range;
    let (mut area, mut from, mut level) = (0.0, low, 0.0);
    for (position, mass) in value.merged().into_iter().chain([(high, 0.0)]) {
        area += gap(case.cdf, from, position.clamp(low, high), level);
        from = position.clamp(low, high);
        level += mass;
    }
    area
}

/// The integral of |F - level| over [from, to]: F rises, so the sign changes once at most, and is looked for.
fn gap(cdf: fn(f64) -> f64, from: f64, to: f64, level: f64) -> f64 {
    let (mut low, mut high) = (from, to);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if cdf(middle) < level {
            low = middle
        } else {
            high = middle
        }
    }
    simpson(|x| level - cdf(x), from, low) + simpson(|x| cdf(x) - level, low, to)
}

/// Simpson's rule with 64 intervals.
fn simpson(f: impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    let width = (to - from) / 64.0;
    let term = |k: u32| {
        f(from + width * f64::from(k))
            * if k.is_multiple_of(64) {
                1.0
            } else {
                f64::from(2 + 2 * (k % 2))
            }
    };
    (0..=64).map(term).sum::<f64>() * width / 3.0
}

const PRECISIONS: [usize; 3] = [32, 128, 512];

#[test]
fn the_table_in_the_readme_holds() {
    let mut table = String::from("| | N = 32 | N = 128 | N = 512 |\n|---|---|---|---|\n");
    for case in cases() {
        let distances = PRECISIONS.map(|precision| {
            let core = Arithmetic::new(Representation::Athens, precision).expect("a precision");
            wasserstein_1(&(case.compute)(core), &case) / case.stddev
        });
        // The error is mostly that of the steps, about the inverse of their number: with four times as many, a quarter;
        // in tails, which a split at the mean reaches late, somewhat more.
        let falls = distances.is_sorted_by(|coarse, fine| *fine < 0.5 * coarse);
        assert!(distances[0] < 0.06 && falls, "{}: {distances:?}", case.name);
        let _ = writeln!(
            table,
            "| {} | {:.1e} | {:.1e} | {:.1e} |",
            case.name, distances[0], distances[1], distances[2]
        );
    }
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("the crate's README.md");
    let (begin, end) = ("<!-- accuracy: begin -->\n", "<!-- accuracy: end -->");
    let (before, rest) = readme.split_once(begin).expect("the mark before the table");
    let (written, after) = rest.split_once(end).expect("the mark after the table");
    if std::env::var_os("DISTCORE_WRITE_README").is_some() {
        std::fs::write(&path, format!("{before}{begin}{table}{end}{after}")).expect("README.md can be written");
    } else {
        assert_eq!(
            written, table,
            "the README's table; DISTCORE_WRITE_README=1 writes it anew"
        );
    }
}

/// The figures of the table rest on this measure: for a uniform law it is known.
#[test]
fn the_measure_is_right_where_it_is_known() {
    let core = Arithmetic::new(Representation::Athens, 32).expect("a precision");
    let case = Case {
        name: "uniform",
        compute: |core| uniform(core, 0.0, 1.0),
        cdf: |x| x.clamp(0.0, 1.0),
        stddev: (1.0_f64 / 12.0).sqrt(),
        range: (0.0, 1.0),
    };
    // Each cell of width 1/32 is two triangles of legs 1/64: 32 * 2 * (1/64)² / 2 = 1/128.
    assert!((wasserstein_1(&(case.compute)(core), &case) - 1.0 / 128.0).abs() < 1e-12);
}
