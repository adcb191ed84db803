//! `sigemu ux compare`.

use anyhow::{Result, bail};
use clap::Args;
use serde_json::{Value, json};

use super::json::number;
use super::statistics::{QUANTILES, Statistics, shown};
use crate::output::table;
use crate::values::{InputArguments, Named};

#[derive(Debug, Args)]
pub(crate) struct CompareArguments {
    #[command(flatten)]
    input: InputArguments,

    /// Print JSON instead of a table, with all digits
    #[arg(long)]
    json: bool,
}

pub(super) fn compare(arguments: &CompareArguments) -> Result<()> {
    let values = crate::values::read(&arguments.input)?;
    let [first, others @ ..] = &values[..] else {
        bail!("nothing to compare");
    };
    if others.is_empty() {
        bail!("there is only one value, `{}`: comparing needs two", first.label);
    }
    let text = if arguments.json {
        let objects: Vec<Value> = others.iter().map(|other| object(first, other)).collect();
        format!("{:#}\n", Value::from(objects))
    } else {
        compared(&values)
    };
    crate::output::write(None, text.as_bytes())
}

/// A column for each value; below, how far each is from the first.
fn compared(values: &[Named]) -> String {
    let statistics: Vec<Statistics> = values.iter().map(|value| Statistics::of(&value.distribution)).collect();
    let row = |name: &str, cell: &dyn Fn(&Statistics) -> String| {
        std::iter::once(name.to_owned())
            .chain(statistics.iter().map(cell))
            .collect::<Vec<_>>()
    };
    let mut rows = vec![
        std::iter::once(String::new())
            .chain(values.iter().map(|value| value.label.clone()))
            .collect(),
    ];
    rows.push(row("mean", &|s| shown(s.mean)));
    rows.push(row("standard deviation", &|s| shown(s.deviation)));
    rows.push(row("skewness", &|s| shown(s.skewness)));
    rows.push(row("kurtosis", &|s| shown(s.kurtosis)));
    rows.push(row("minimum", &|s| shown(s.minimum)));
    for (i, p) in QUANTILES.into_iter().enumerate() {
        rows.push(row(&format!("{} % quantile", (100.0 * p).round()), &|s| {
            shown(s.quantiles[i])
        }));
    }
    rows.push(row("maximum", &|s| shown(s.maximum)));
    for i in 0..3 {
        if statistics.iter().any(|s| s.special()[i].1 > 0.0) {
            let name = statistics[0].special()[i].0;
            rows.push(row(&format!("mass at {name}"), &|s| {
                plot::number::percent(s.special()[i].1)
            }));
        }
    }
    let first = &values[0].distribution;
    let deviation = statistics[0].deviation;
    let mut distances = |name: &str, distance: &dyn Fn(&Named) -> f64| {
        let cells = values[1..].iter().map(|other| shown(distance(other)));
        rows.push([name.to_owned(), String::new()].into_iter().chain(cells).collect());
    };
    distances("Wasserstein-1 to the first", &|other| {
        first.wasserstein_1(&other.distribution)
    });
    distances("… in its deviations", &|other| {
        first.wasserstein_1(&other.distribution) / deviation
    });
    distances("Kolmogorov to the first", &|other| {
        first.kolmogorov(&other.distribution)
    });
    table(&rows)
}

fn object(first: &Named, other: &Named) -> Value {
    let difference = |question: fn(&Statistics) -> f64| {
        let of = |value: &Named| question(&Statistics::of(&value.distribution));
        number(of(other) - of(first))
    };
    let (a, b) = (Statistics::of(&first.distribution), Statistics::of(&other.distribution));
    let quantiles: Vec<Value> = QUANTILES
        .into_iter()
        .zip(a.quantiles.into_iter().zip(b.quantiles))
        .map(|(p, (a, b))| json!({ "Probability": p, "Difference": number(b - a) }))
        .collect();
    json!({
        "From": first.label,
        "To": other.label,
        "Wasserstein1": number(first.distribution.wasserstein_1(&other.distribution)),
        "Kolmogorov": number(first.distribution.kolmogorov(&other.distribution)),
        "MeanDifference": difference(|s| s.mean),
        "StandardDeviationDifference": difference(|s| s.deviation),
        "SkewnessDifference": difference(|s| s.skewness),
        "KurtosisDifference": difference(|s| s.kurtosis),
        "QuantileDifferences": quantiles,
    })
}
