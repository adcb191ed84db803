//! What the laws promise besides their values: parameter checks, certain values, the calculus of cells.

use distcore::laws::{Cell, Law, LawError};
use proptest::prelude::*;

#[test]
fn parameters_out_of_range_are_named() {
    let nan = f64::NAN;
    let inf = f64::INFINITY;
    for (law, name, parameter) in [
        (Law::uniform(nan, 1.0), "uniform", "min"),
        (Law::uniform(0.0, inf), "uniform", "max"),
        (Law::uniform(1.0, 0.0), "uniform", "max"),
        (Law::gauss(inf, 1.0), "Gauss", "mean"),
        (Law::gauss(0.0, -1.0), "Gauss", "stddev"),
        (Law::gauss(0.0, nan), "Gauss", "stddev"),
        (Law::exponential(-1.0), "exponential", "mean"),
        (Law::gumbel(0.0, -1e-300), "Gumbel", "scale"),
        (Law::gumbel(nan, 1.0), "Gumbel", "location"),
        (Law::logistic(0.0, inf), "logistic", "scale"),
        (Law::logistic(-inf, 1.0), "logistic", "location"),
        (Law::laplace(0.0, -1.0), "Laplace", "scale"),
        (Law::laplace(nan, 1.0), "Laplace", "location"),
        (Law::weibull(0.0, 1.0), "Weibull", "shape"),
        (Law::weibull(1.0, -1.0), "Weibull", "scale"),
        (Law::lognormal(inf, 1.0), "lognormal", "mu"),
        (Law::lognormal(0.0, -1.0), "lognormal", "sigma"),
        (Law::bounded_pareto(0.0, 1.0, 2.0), "bounded Pareto", "alpha"),
        (Law::bounded_pareto(1.0, 0.0, 2.0), "bounded Pareto", "min"),
        (Law::bounded_pareto(1.0, 2.0, 1.0), "bounded Pareto", "max"),
        (Law::bounded_pareto(1.0, 2.0, inf), "bounded Pareto", "max"),
    ] {
        match law {
            Err(LawError::Parameter {
                law: l, parameter: p, ..
            }) => assert_eq!((l, p), (name, parameter)),
            other => panic!("{name} {parameter}: {other:?}"),
        }
    }
    assert_eq!(
        Law::gauss(0.0, -1.0).unwrap_err().to_string(),
        "Gauss: stddev is -1, but must be a finite number of at least 0"
    );
}

#[test]
fn laws_beyond_the_range_of_doubles_are_refused() {
    for law in [
        Law::uniform(-1e308, 1e308),
        Law::weibull(0.005, 1.0),
        Law::weibull(0.1, 1e305),
        Law::lognormal(0.0, 40.0),
        Law::lognormal(800.0, 0.0),
        Law::lognormal(-800.0, 1.0),
        Law::bounded_pareto(1.0, 1e-200, 1e200),
    ] {
        assert!(matches!(law, Err(LawError::Range { .. })), "{law:?}");
    }
}

#[test]
fn no_spread_makes_a_certain_value() {
    for (law, value) in [
        (Law::uniform(3.0, 3.0), 3.0),
        (Law::gauss(-2.0, 0.0), -2.0),
        (Law::exponential(0.0), 0.0),
        (Law::gumbel(1.5, 0.0), 1.5),
        (Law::logistic(1.5, 0.0), 1.5),
        (Law::laplace(1.5, 0.0), 1.5),
        (Law::weibull(2.0, 0.0), 0.0),
        (Law::lognormal(0.0, 0.0), 1.0),
        (Law::bounded_pareto(2.0, 7.0, 7.0), 7.0),
    ] {
        let law = law.expect("a certain value");
        assert!(matches!(law, Law::Point { .. }));
        assert_eq!(
            (law.mean(), law.variance(), law.support()),
            (value, 0.0, (value, value))
        );
        assert_eq!(
            (law.quantile(0.3), law.upper_quantile(0.3), law.sample(0.9)),
            (value, value, value)
        );
        assert_eq!(
            (law.cdf(value - 1.0), law.cdf(value), law.cdf(value + 1.0)),
            (0.0, 1.0, 1.0)
        );
        assert_eq!((law.survival(value - 1.0), law.survival(value)), (1.0, 0.0));
        assert_eq!(
            (law.pdf(value - 1.0), law.pdf(value), law.pdf(value + 1.0)),
            (0.0, f64::INFINITY, 0.0)
        );
        // A cell holds its upper bound, not its lower one.
        assert_eq!(law.cell(f64::NEG_INFINITY, value), Cell { mass: 1.0, mean: value });
        assert_eq!(law.cell(value, f64::INFINITY).mass, 0.0);
        assert_eq!(law.standard().mean() * law.scale() + law.location(), value);
    }
}

/// One law of each family.
fn families() -> Vec<Law> {
    [
        Law::uniform(-1.0, 3.0),
        Law::gauss(1.0, 2.0),
        Law::exponential(0.5),
        Law::gumbel(-1.0, 0.3),
        Law::logistic(2.0, 1.5),
        Law::laplace(0.1, 0.7),
        Law::weibull(1.3, 2.0),
        Law::lognormal(0.2, 0.8),
        Law::bounded_pareto(2.5, 0.5, 40.0),
    ]
    .map(|law| law.expect("a law"))
    .to_vec()
}

#[test]
fn outside_the_support_there_is_nothing() {
    for law in families() {
        let whole = law.cell(f64::NEG_INFINITY, f64::INFINITY);
        assert!((whole.mass - 1.0).abs() <= f64::EPSILON, "{law:?} {whole:?}");
        assert!(
            (whole.mean - law.mean()).abs() <= 8.0 * f64::EPSILON * law.deviation(),
            "{law:?} {whole:?}"
        );
        let (min, max) = law.support();
        for (lo, hi) in [
            (f64::NEG_INFINITY, min),
            (min - 2.0, min - 1.0),
            (max, f64::INFINITY),
            (max + 1.0, max + 2.0),
        ] {
            assert_eq!(law.cell(lo, hi).mass, 0.0, "{law:?} ({lo}, {hi})");
        }
        // An empty and a reversed cell.
        assert_eq!(law.cell(1.0, 1.0), Cell { mass: 0.0, mean: 1.0 });
        assert_eq!(law.cell(2.0, 1.0).mass, 0.0);
        assert_eq!(
            (law.cdf(f64::NEG_INFINITY), law.survival(f64::NEG_INFINITY)),
            (0.0, 1.0)
        );
        assert_eq!(
            (
                law.cdf(f64::INFINITY),
                law.survival(f64::INFINITY),
                law.pdf(f64::INFINITY)
            ),
            (1.0, 0.0, 0.0)
        );
    }
}

fn law() -> impl Strategy<Value = Law> {
    let place = -3.0..3.0f64;
    let size = (-3.0..3.0f64).prop_map(f64::exp);
    prop_oneof![
        (place.clone(), size.clone()).prop_map(|(a, b)| Law::uniform(a, a + b)),
        (place.clone(), size.clone()).prop_map(|(a, b)| Law::gauss(a, b)),
        size.clone().prop_map(Law::exponential),
        (place.clone(), size.clone()).prop_map(|(a, b)| Law::gumbel(a, b)),
        (place.clone(), size.clone()).prop_map(|(a, b)| Law::logistic(a, b)),
        (place.clone(), size.clone()).prop_map(|(a, b)| Law::laplace(a, b)),
        (0.3..30.0f64, size.clone()).prop_map(|(a, b)| Law::weibull(a, b)),
        (place, 0.05..2.0f64).prop_map(|(a, b)| Law::lognormal(a, b)),
        (0.1..10.0f64, size.clone(), size).prop_map(|(a, b, c)| Law::bounded_pareto(a, b, b + c)),
    ]
    .prop_map(|law| law.expect("a law"))
}

proptest! {
    /// Two neighbouring cells are the cell that they make up.
    #[test]
    fn cells_add_up(law in law(), mut at in prop::array::uniform3(0.0..1.0f64)) {
        at.sort_by(f64::total_cmp);
        let [a, b, c] = at.map(|p| law.quantile(p));
        prop_assume!(a < b && b < c);
        let (left, right, both) = (law.cell(a, b), law.cell(b, c), law.cell(a, c));
        prop_assert!(a <= left.mean && left.mean <= b && b <= right.mean && right.mean <= c);
        // Each bound is off by a few roundings of the place it stands at, in units of the scale, and moves the masses of
        // both its neighbours by that times the density there, which is at most one a scale but for the narrowest laws.
        let distance = a.abs().max(c.abs()) + law.location().abs() + law.deviation();
        let density = [a, b, c, left.mean, right.mean].map(|x| law.pdf(x)).into_iter().fold(0.0, f64::max);
        let tolerance = 16.0 * f64::EPSILON * (1.0 + distance * density);
        prop_assert!((left.mass + right.mass - both.mass).abs() <= tolerance);
        let moment = |cell: Cell| cell.mass * (cell.mean - b);
        let width = c - a;
        prop_assert!((moment(left) + moment(right) - moment(both)).abs() <= tolerance * (width + distance));
    }

    /// Quantile and distribution function undo each other.
    #[test]
    fn quantiles_invert(law in law(), p in 0.0..1.0f64) {
        prop_assume!(p > 0.0);
        let x = law.quantile(p);
        // A rounding of x moves p by the density times it.
        let tolerance = 16.0 * f64::EPSILON * (1.0 + (x.abs() + law.location().abs() + law.deviation()) * law.pdf(x));
        prop_assert!((law.cdf(x) - p).abs() <= tolerance, "{} {}", law.cdf(x), p);
        prop_assert!((law.cdf(x) + law.survival(x) - 1.0).abs() <= 2.0 * f64::EPSILON);
        let y = law.upper_quantile(p);
        let tolerance = 16.0 * f64::EPSILON * (1.0 + (y.abs() + law.location().abs() + law.deviation()) * law.pdf(y));
        prop_assert!((law.survival(y) - p).abs() <= tolerance);
    }

    /// The law is its standard form, stretched and moved.
    #[test]
    fn standard_forms_stretch_and_move(law in law(), p in 0.01..0.99f64) {
        let standard = law.standard();
        prop_assert_eq!((standard.location(), standard.scale()), (0.0, 1.0));
        prop_assert_eq!(standard.standard(), standard);
        let x = law.location() + law.scale() * standard.quantile(p);
        prop_assert!((x - law.quantile(p)).abs() <= f64::EPSILON * x.abs());
    }
}
