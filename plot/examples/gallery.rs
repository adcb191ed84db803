//! Writes pictures to look at, as SVG and PNG, and prints them as text: `cargo run -p plot --example gallery -- FOLDER`.

use std::error::Error;
use std::path::Path;

use distcore::{Arithmetic, BinaryFn, Distribution, Format::F64, Law, Representation, SpecialMass, UnaryFn};
use plot::{Chart, Layout, Series, TerminalOptions, Theme};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    let options = TerminalOptions::default();
    for (name, chart) in charts()? {
        let path = Path::new(&folder).join(name);
        std::fs::write(path.with_extension("svg"), chart.to_svg(Theme::Neutral))?;
        std::fs::write(path.with_extension("png"), chart.to_png(Theme::Light, 1.0)?)?;
        println!("===== {name}\n{}", chart.to_text(&options));
    }
    Ok(())
}

fn charts() -> Result<Vec<(&'static str, Chart)>, Box<dyn Error>> {
    let athens = Arithmetic::new(Representation::Athens, 64)?;
    let law = |precision: usize, law: Law| -> Result<Distribution, Box<dyn Error>> {
        Ok(Arithmetic::new(Representation::Athens, precision)?.law(&law, F64))
    };
    let gauss = |mean: f64, deviation: f64| law(64, Law::gauss(mean, deviation)?);
    let die = athens.samples(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], F64);
    let two = athens.binary(BinaryFn::Add, &die, &die, F64);
    let jupiter = Arithmetic::new(Representation::Jupiter, 32)?;
    let zurich = Arithmetic::new(Representation::Zurich, 32)?;
    let normal = Law::gauss(0.0, 1.0)?;
    let special = SpecialMass {
        nan: 0.1,
        negative_infinity: 0.05,
        positive_infinity: 0.15,
    };
    let finite = gauss(3.0, 1.0)?;
    let masses: Vec<f64> = finite.masses().iter().map(|mass| 0.7 * mass).collect();
    let steps = (0..5).map(|i| {
        Ok((
            format!("step {i}"),
            gauss(10.0 + 1.5 * f64::from(i), 1.0 + 0.4 * f64::from(i))?,
        ))
    });
    let steps: Vec<(String, Distribution)> = steps.collect::<Result<_, Box<dyn Error>>>()?;
    let waiting = law(64, Law::exponential(10.0)?)?;
    Ok(vec![
        ("gauss8", one("Gaussian, 8", law(8, normal)?)),
        ("gauss32", one("Gaussian, 32", law(32, normal)?)),
        ("gauss512", one("Gaussian, 512", law(512, normal)?)),
        ("exponential", one("waiting time", waiting.clone())),
        ("uniform", one("rate", law(32, Law::uniform(0.05, 0.07)?)?)),
        (
            "bimodal",
            one("either", athens.mixture(&gauss(0.0, 1.0)?, &gauss(6.0, 0.5)?, 0.3, F64)),
        ),
        ("die", one("one die", die.clone())),
        ("dice", several([("one die", die), ("two dice", two)])),
        (
            "bernoulli",
            one("heads", Distribution::from_parts(&[0.0, 1.0], &[0.25, 0.75])?),
        ),
        ("dirac", one("certain", Distribution::certain(42.0))),
        ("zero", one("zero", Distribution::certain(0.0))),
        (
            "special",
            one(
                "quotient",
                Distribution::from_all_parts(finite.positions(), &masses, special, Representation::Athens)?,
            ),
        ),
        ("nan", one("undefined", Distribution::certain(f64::NAN))),
        ("heavy", one("lognormal(0, 2)", law(64, Law::lognormal(0.0, 2.0)?)?)),
        (
            "quotient",
            one(
                "x / y",
                athens.binary(BinaryFn::Div, &gauss(1.0, 1.0)?, &gauss(1.0, 0.3)?, F64),
            ),
        ),
        (
            "sum",
            one("x + y", athens.binary(BinaryFn::Add, &waiting, &gauss(0.0, 5.0)?, F64)),
        ),
        ("sine", one("sin x", athens.unary(UnaryFn::Sin, &gauss(0.0, 1.0)?, F64))),
        (
            "square",
            one(
                "x²",
                athens.binary(BinaryFn::Mul, &gauss(0.0, 1.0)?, &gauss(0.0, 1.0)?, F64),
            ),
        ),
        ("exp", one("exp x", athens.unary(UnaryFn::Exp, &gauss(0.0, 0.5)?, F64))),
        (
            "payoff",
            one("max(x, 0)", athens.binary(BinaryFn::Max, &gauss(1.0, 3.0)?, 0.0, F64)),
        ),
        ("zurich", one("Zurich", zurich.law(&normal, F64))),
        (
            "jupiter",
            one(
                "Jupiter sum",
                jupiter.binary(
                    BinaryFn::Add,
                    &jupiter.law(&normal, F64),
                    &jupiter.law(&normal, F64),
                    F64,
                ),
            ),
        ),
        (
            "overlay2",
            several([("before", gauss(10.0, 2.0)?), ("after", gauss(12.0, 1.0)?)]),
        ),
        (
            "overlay5",
            several(steps.iter().map(|(label, value)| (label.as_str(), value.clone()))),
        ),
        (
            "mixed",
            several([("model", gauss(10.0, 2.0)?), ("measured", Distribution::certain(11.5))]),
        ),
        (
            "apart",
            several([
                ("lift", gauss(716.8, 14.9)?),
                ("rate", gauss(0.06, 0.005)?),
                ("drag", gauss(700.0, 30.0)?),
            ]),
        ),
        (
            "forced",
            Chart {
                layout: Layout::Overlay,
                ..several([("narrow", gauss(10.0, 0.2)?), ("wide", gauss(12.0, 20.0)?)])
            },
        ),
        ("huge", one("huge", gauss(3e300, 1e299)?)),
        ("tiny", one("tiny", gauss(3e-300, 1e-300)?)),
        ("offset", one("clock", gauss(1.0e9 + 0.5, 1e-3)?)),
        (
            "extremes",
            one("extremes", Distribution::from_parts(&[-1e308, 1e308], &[0.5, 0.5])?),
        ),
    ])
}

fn one(label: &str, value: Distribution) -> Chart {
    several([(label, value)])
}

fn several<'a>(values: impl IntoIterator<Item = (&'a str, Distribution)>) -> Chart {
    let series = |(label, distribution): (&str, Distribution)| Series {
        label: label.into(),
        particle: Some(distribution.finite_mean()),
        distribution,
    };
    Chart::new(values.into_iter().map(series).collect())
}
