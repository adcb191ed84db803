//! Every law against values that mpmath computed in 60 digits (`data/make_laws.py`), three parameter sets each: ordinary,
//! extreme small, extreme large.

use distcore::laws::{Cell, Law, LawError};
use distcore::{Arithmetic, Format, Representation};

const DATA: &str = include_str!("data/laws.txt");
const EPS: f64 = f64::EPSILON;

/// One parameter set and its reference lines.
struct Reference {
    name: String,
    law: Law,
    mean: f64,
    variance: f64,
    /// The standard deviation: the spread that errors are measured against.
    deviation: f64,
    /// x, pdf, cdf, survival.
    points: Vec<[f64; 4]>,
    /// p, quantile(p), quantile(1 - p).
    quantiles: Vec<[f64; 3]>,
    /// lo, hi, mass, mean.
    cells: Vec<[f64; 4]>,
    /// level, index, mass, mean.
    leaves: Vec<(u32, usize, Cell)>,
}

impl Reference {
    /// Rounding in standard coordinates, where location-scale laws compute, is relative to the scale at least; laws
    /// with a scale alone keep small values relative to themselves.
    fn floor(&self) -> f64 {
        match self.law {
            Law::Exponential { .. } | Law::Weibull { .. } | Law::Lognormal { .. } | Law::BoundedPareto { .. } => 0.0,
            _ => self.law.scale(),
        }
    }
}

fn numbers<const N: usize>(words: &[&str]) -> [f64; N] {
    let parsed: Vec<f64> = words.iter().map(|word| word.parse().expect("a number")).collect();
    parsed.try_into().expect("as many numbers as the line has")
}

fn make(name: &str, p: &[f64]) -> Result<Law, LawError> {
    match name {
        "uniform" => Law::uniform(p[0], p[1]),
        "gauss" => Law::gauss(p[0], p[1]),
        "exponential" => Law::exponential(p[0]),
        "gumbel" => Law::gumbel(p[0], p[1]),
        "logistic" => Law::logistic(p[0], p[1]),
        "laplace" => Law::laplace(p[0], p[1]),
        "weibull" => Law::weibull(p[0], p[1]),
        "lognormal" => Law::lognormal(p[0], p[1]),
        "bounded_pareto" => Law::bounded_pareto(p[0], p[1], p[2]),
        _ => panic!("no law {name}"),
    }
}

fn references() -> Vec<Reference> {
    let mut all: Vec<Reference> = Vec::new();
    for line in DATA.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<_> = line.split(' ').collect();
        if words[0] == "L" {
            let parameters: Vec<f64> = words[2..].iter().map(|word| word.parse().expect("a number")).collect();
            all.push(Reference {
                name: words[1..].join(" "),
                law: make(words[1], &parameters).expect("a law"),
                mean: 0.0,
                variance: 0.0,
                deviation: 0.0,
                points: vec![],
                quantiles: vec![],
                cells: vec![],
                leaves: vec![],
            });
            continue;
        }
        let set = all.last_mut().expect("a set before its lines");
        match words[0] {
            "M" => [set.mean, set.variance, set.deviation] = numbers(&words[1..]),
            "P" => set.points.push(numbers(&words[1..])),
            "Q" => set.quantiles.push(numbers(&words[1..])),
            "C" => set.cells.push(numbers(&words[1..])),
            "T" => {
                let [mass, mean] = numbers(&words[3..]);
                let index = words[2].parse().expect("an index");
                set.leaves
                    .push((words[1].parse().expect("a level"), index, Cell { mass, mean }));
            }
            other => panic!("unknown line {other}"),
        }
    }
    assert_eq!(all.len(), 28, "nine laws with three sets each, and Pareto's limit case");
    all
}

/// The law on an Athens core with n Diracs.
fn athens(law: &Law, n: usize) -> Vec<Cell> {
    let arithmetic = Arithmetic::new(Representation::Athens, n).expect("a precision");
    let split = arithmetic.law(law, Format::F64);
    split.diracs().map(|(mean, mass)| Cell { mass, mean }).collect()
}

/// Which Diracs a node of the tree has become when n Diracs are shared out from the root, the left side of a node getting
/// the odd one.
fn diracs_of_node(n: usize, level: u32, index: usize) -> std::ops::Range<usize> {
    let (mut start, mut count) = (0, n);
    for bit in (0..level).rev() {
        let left = count.div_ceil(2);
        if index >> bit & 1 == 0 {
            count = left;
        } else {
            (start, count) = (start + left, count - left);
        }
    }
    start..start + count
}

#[track_caller]
fn close(what: &str, got: f64, wanted: f64, tolerance: f64) {
    assert!(
        (got - wanted).abs() <= tolerance || got == wanted,
        "{what}: got {got:e}, wanted {wanted:e}: off by {:e}, allowed {tolerance:e}",
        (got - wanted).abs()
    );
}

#[test]
fn mean_and_variance() {
    for set in references() {
        // A mean or variance far from the scale or its square is an exponential of a large number (Pareto over 200
        // decades), whose rounding is the relative error.
        let exponent = if set.floor() == 0.0 {
            (set.mean / set.law.scale()).ln().abs()
        } else {
            0.0
        };
        close(
            &set.name,
            set.law.mean(),
            set.mean,
            8.0 * EPS * (1.0 + exponent) * set.mean.abs(),
        );
        let exponent = (set.deviation / set.law.scale()).ln().abs();
        close(
            &set.name,
            set.law.variance(),
            set.variance,
            8.0 * EPS * (1.0 + exponent) * set.variance,
        );
    }
}

#[test]
fn density_distribution_and_survival_function_into_the_tails() {
    for set in references() {
        for &[x, pdf, cdf, survival] in &set.points {
            // x becomes a standard coordinate by up to three roundings: a relative change of the distance from the
            // location, which moves cdf and survival by that times the density. Tails are exponentials of numbers about
            // as large as their logarithm, so its rounding is the relative error.
            let distance = (x - set.law.location()).abs();
            let movement = distance * pdf * (1.0 / cdf + 1.0 / survival);
            let exponent = cdf.ln().abs() + survival.ln().abs();
            for (what, got, wanted) in [
                ("pdf", set.law.pdf(x), pdf),
                ("cdf", set.law.cdf(x), cdf),
                ("survival", set.law.survival(x), survival),
            ] {
                let tolerance = 8.0 * EPS * (1.0 + movement + exponent) * wanted;
                close(&format!("{}: {what}({x:e})", set.name), got, wanted, tolerance);
            }
        }
    }
}

#[test]
fn quantiles_from_both_ends() {
    for set in references() {
        for &[p, lower, upper] in &set.quantiles {
            for (what, got, wanted) in [
                ("quantile", set.law.quantile(p), lower),
                ("upper quantile", set.law.upper_quantile(p), upper),
            ] {
                // A few roundings; where the value is an exponential, those of its logarithm too.
                let logarithm = ((wanted - set.law.location()) / set.law.scale()).abs().ln().abs();
                let logarithm = if logarithm.is_finite() && set.floor() == 0.0 {
                    logarithm
                } else {
                    0.0
                };
                let tolerance = 8.0 * EPS * (wanted.abs() * (1.0 + logarithm) + set.floor());
                close(&format!("{}: {what}({p:e})", set.name), got, wanted, tolerance);
            }
            assert_eq!(set.law.sample(p), set.law.quantile(p));
        }
        let (min, max) = set.law.support();
        assert_eq!((set.law.quantile(0.0), set.law.quantile(1.0)), (min, max));
        assert_eq!((set.law.upper_quantile(0.0), set.law.upper_quantile(1.0)), (max, min));
        for p in [-0.1, 1.1, f64::NAN] {
            assert!(set.law.quantile(p).is_nan() && set.law.upper_quantile(p).is_nan());
        }
    }
}

#[test]
fn cells_of_any_width_anywhere() {
    for set in references() {
        for &[lo, hi, mass, mean] in &set.cells {
            let what = format!("{}: cell({lo:e}, {hi:e})", set.name);
            let cell = set.law.cell(lo, hi);
            // The bounds become standard coordinates by a few roundings each, which changes the width of the cell and so
            // its mass; a tail's mass is the exponential of a number as large as its logarithm.
            let distance = (lo - set.law.location()).abs().max((hi - set.law.location()).abs()) + set.floor();
            let (min, max) = set.law.support();
            let width = hi.min(max) - lo.max(min);
            let tolerance = 8.0 * EPS * (1.0 + distance / width - mass.ln()) * mass;
            close(&format!("{what} mass"), cell.mass, mass, tolerance);
            // The mean moves with the bounds. Wide cells divide one function of tail values by another.
            let tolerance = 8.0 * EPS * (mean.abs() + distance - mass.ln() * width.min(set.deviation));
            close(&format!("{what} mean"), cell.mean, mean, tolerance);
        }
    }
}

#[test]
fn splits_are_conditional_means_of_exact_cells() {
    for set in references() {
        let (mut worst_position, mut worst_mass, mut worst_mean) = (0.0f64, 0.0f64, 0.0f64);
        // 8000 Diracs are all the nodes of level 12, most of them split once more.
        for (n, level) in [(4, 2), (32, 5), (256, 8), (4096, 12), (8000, 12)] {
            let what = format!("{}: N = {n}", set.name);
            let cells = athens(&set.law, n);
            assert_eq!(cells.len(), n);
            let total: f64 = cells.iter().map(|cell| cell.mass).sum();
            // One rounding a cell and one an addition, each of at most EPS / 2 of 1.
            assert!((total - 1.0).abs() <= EPS * n as f64, "{what}: masses sum to {total}");
            let mean: f64 = cells
                .iter()
                .map(|cell| cell.mass * ((cell.mean - set.mean) / set.deviation))
                .sum();
            assert!(mean.abs() <= 1e-11, "{what}: the mean is off by {mean:e} deviations");
            worst_mean = worst_mean.max(mean.abs());
            if n == 8000 && matches!(set.law, Law::Uniform { .. }) {
                continue; // 8000 equal cells, not the tree's
            }
            for &(_, index, wanted) in set.leaves.iter().filter(|leaf| leaf.0 == level) {
                let what = format!("{what}, node {index}");
                let range = diracs_of_node(n, level, index);
                let diracs = &cells[range.clone()];
                let mass = diracs.iter().map(|dirac| dirac.mass).sum::<f64>();
                let mean = diracs.iter().map(|dirac| dirac.mass / mass * dirac.mean).sum::<f64>();
                // Positions are doubles: those far above the deviation (lognormal, sigma = 6) have no digits left at
                // 1e-9 of it.
                let error = (mean - wanted.mean).abs();
                let tolerance = 1e-9 * set.deviation + 4.0 * f64::from(level) * EPS * wanted.mean.abs();
                assert!(error <= tolerance, "{what}: position off by {error:e}");
                worst_position = worst_position.max(error / set.deviation.max(wanted.mean.abs()));
                // Bounds are positions of the levels above, which are doubles: the width of a cell, and with it the
                // mass, is as uncertain as its bounds, which inherit the few roundings of a mean from each level.
                let (before, after) = (range.start.saturating_sub(1), range.end.min(n - 1));
                let width = (cells[after].mean - cells[before].mean) / (after - before) as f64;
                let roundings = 4.0 * f64::from(level) * EPS * (mean.abs() + set.floor());
                let error = (mass / wanted.mass - 1.0).abs();
                assert!(
                    error <= roundings / width + 1e-12,
                    "{what}: mass off by {error:e} of itself"
                );
                worst_mass = worst_mass.max(error);
            }
        }
        println!(
            "{:40} position {worst_position:.1e} mass {worst_mass:.1e} mean {worst_mean:.1e}",
            set.name
        );
    }
}
