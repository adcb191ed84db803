//! What pictures look like. The snapshots were looked at; who changes one looks again (`cargo run -p plot --example gallery`).

use distcore::{Arithmetic, BinaryFn, Distribution, Format::F64, Law, Representation, SpecialMass, UnaryFn};
use plot::{Cell, Chart, Histogram, Layout, Reading, Series, TerminalOptions, Theme};

fn athens(precision: usize) -> Arithmetic<'static> {
    Arithmetic::new(Representation::Athens, precision).expect("a precision")
}

fn gauss(mean: f64, deviation: f64) -> Distribution {
    athens(16).law(&Law::gauss(mean, deviation).expect("a law"), F64)
}

fn series(label: &str, distribution: Distribution) -> Series {
    Series {
        label: label.into(),
        particle: Some(distribution.finite_mean()),
        distribution,
    }
}

fn die() -> Distribution {
    athens(32).samples(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], F64)
}

#[test]
fn svg_of_a_density() {
    insta::assert_snapshot!(Chart::new(vec![series("lift", gauss(716.84, 14.9))]).to_svg(Theme::Neutral));
}

#[test]
fn svg_of_several_values_of_like_size() {
    let chart = Chart::new(vec![
        series("before", gauss(10.0, 2.0)),
        series("after", gauss(12.0, 1.0)),
    ]);
    insta::assert_snapshot!(chart.to_svg(Theme::Light));
}

#[test]
fn svg_of_atoms_and_a_density() {
    let values = vec![
        series("model", gauss(10.0, 2.0)),
        series("a < b & \"c\"", Distribution::certain(11.5)),
    ];
    insta::assert_snapshot!(Chart::new(values).to_svg(Theme::Dark));
}

#[test]
fn svg_of_special_mass_in_panels_of_their_own() {
    let masses = [0.35, 0.35];
    let special = SpecialMass {
        nan: 0.1,
        negative_infinity: 0.05,
        positive_infinity: 0.15,
    };
    let some = Distribution::from_all_parts(&[1.0, 2.0], &masses, special, Representation::Athens).expect("a value");
    let only = Distribution::certain(f64::NAN);
    let chart = Chart {
        layout: Layout::Panels,
        ..Chart::new(vec![series("some", some), series("all", only)])
    };
    insta::assert_snapshot!(chart.to_svg(Theme::Neutral));
}

#[test]
fn text_of_a_density_and_dice() {
    let options = TerminalOptions {
        columns: 60,
        rows: 5,
        color: false,
    };
    let two = athens(32).binary(BinaryFn::Add, &die(), &die(), F64);
    let chart = Chart::new(vec![series("lift", gauss(716.84, 14.9)), series("dice", two)]);
    insta::assert_snapshot!(chart.to_text(&options));
}

#[test]
fn text_of_extreme_sizes() {
    let options = TerminalOptions {
        columns: 60,
        rows: 3,
        color: false,
    };
    let values = vec![
        series("huge", gauss(3e300, 1e299)),
        series("tiny", gauss(3e-300, 1e-300)),
        series("far out", gauss(1e9, 1e-3)),
        series(
            "everything",
            Distribution::from_parts(&[f64::MIN, f64::MAX], &[0.5, 0.5]).expect("a value"),
        ),
        series("tail", athens(64).law(&Law::lognormal(0.0, 2.0).expect("a law"), F64)),
    ];
    insta::assert_snapshot!(Chart::new(values).to_text(&options));
}

/// The borders of a split law are its conditional means; for N(0, 1) and 4 cells: ±E(|X|), by hand ±sqrt(2/π).
#[test]
fn the_cells_of_a_split_law_are_found_again() {
    let four = athens(4).law(&Law::gauss(0.0, 1.0).expect("a law"), F64);
    let histogram = Histogram::new(&four, Reading::Density, 64);
    let inner: Vec<f64> = histogram.bars.windows(2).map(|pair| pair[0].right).collect();
    let middle = (2.0 / std::f64::consts::PI).sqrt();
    for (found, expected) in inner.iter().zip([-middle, 0.0, middle]) {
        // The law's own means are good to 1e-13.
        assert!((found - expected).abs() < 1e-12, "{inner:?}");
    }
    assert_eq!(inner.len(), 3);
    // Every cell holds its Dirac, and the outer ones have theirs in the middle.
    for (bar, (position, mass)) in histogram.bars.iter().zip(four.merged()) {
        assert!(bar.left < position && position < bar.right && (bar.mass - mass).abs() < 1e-15);
    }
}

/// A uniform law comes back as the rectangle that it is.
#[test]
fn a_uniform_law_is_flat() {
    let uniform = athens(32).law(&Law::uniform(0.05, 0.07).expect("a law"), F64);
    let histogram = Histogram::new(&uniform, Reading::Auto, 64);
    assert_eq!(histogram.bars.len(), 32);
    let (low, high) = histogram.range().expect("a range");
    // Positions have errors of some units in the last place; a cell is 1/32 of the width, so 1e-12 of it is far more.
    assert!(
        (low - 0.05).abs() < 1e-14 && (high - 0.07).abs() < 1e-14,
        "{low} {high}"
    );
    assert!(histogram.bars.iter().all(|bar| (bar.density() - 50.0).abs() < 1e-9));
}

#[test]
fn bars_and_atoms_hold_all_mass() {
    let x = athens(64).law(&Law::gauss(1.0, 3.0).expect("a law"), F64);
    let payoff = athens(64).binary(BinaryFn::Max, &x, 0.0, F64);
    let waves = athens(64).unary(UnaryFn::Sin, &x, F64);
    let jupiter = Arithmetic::new(Representation::Jupiter, 32).expect("a precision");
    let product = jupiter.binary(BinaryFn::Mul, &x, &die(), F64);
    for value in [&x, &payoff, &waves, &product, &die()] {
        for most in [1, 2, 5, 64, 10_000] {
            let histogram = Histogram::new(value, Reading::Auto, most);
            let mass: f64 = histogram
                .bars
                .iter()
                .map(|bar| bar.mass)
                .chain(histogram.atoms.iter().map(|a| a.1))
                .sum();
            // A sum of at most 8192 terms below 1.
            assert!((mass - 1.0).abs() < 1e-12, "{mass}");
            assert!(histogram.bars.iter().all(|bar| bar.right > bar.left));
            assert!(
                histogram
                    .bars
                    .windows(2)
                    .all(|pair: &[Cell]| pair[0].right == pair[1].left)
            );
        }
    }
    let heap = Histogram::new(&payoff, Reading::Auto, 64).atoms;
    assert_eq!(heap.len(), 1);
    assert_eq!(heap[0].0, 0.0);
}

#[test]
fn dice_are_atoms_and_regular_cells_are_not() {
    let atoms = |value: &Distribution| Histogram::new(value, Reading::Auto, 64).atoms.len();
    let sum = athens(32).binary(BinaryFn::Add, &die(), &die(), F64);
    assert_eq!((atoms(&die()), atoms(&sum)), (6, 11));
    // Positions 10, 30, 50 … 630.
    assert_eq!(
        atoms(&athens(32).law(&Law::uniform(0.0, 640.0).expect("a law"), F64)),
        0
    );
    assert_eq!(Histogram::new(&die(), Reading::Density, 64).bars.len(), 6);
    assert_eq!(Histogram::new(&gauss(0.0, 1.0), Reading::Atoms, 64).atoms.len(), 16);
}

/// The PNG is the scene that the SVG shows: here only that it is one, of the right size, and not blank.
#[test]
fn a_png_is_painted() {
    let chart = Chart::new(vec![series("lift", gauss(716.84, 14.9))]);
    let png = chart.to_png(Theme::Light, 1.0).expect("a picture");
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    assert_eq!(&png[16..20], &720u32.to_be_bytes());
    let blank = Chart::new(Vec::new()).to_png(Theme::Light, 1.0).expect("a picture");
    assert!(png.len() > 2 * blank.len());
    assert!(chart.to_png(Theme::Light, 1e9).is_err());
    assert!(chart.to_png(Theme::Light, 0.0).is_err());
}
