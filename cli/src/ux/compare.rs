//! `sigemu ux compare`.

use std::iter::once;

use anyhow::{Result, bail};
use clap::Args;
use serde_json::{Value, json};

use super::json::number;
use super::statistics::{QUANTILES, Statistics, shown};
use crate::output::table;
use crate::values::{Input, InputArguments, Named, Pairs};

#[derive(Debug, Args)]
pub(crate) struct CompareArguments {
    #[command(flatten)]
    input: InputArguments,

    /// Print JSON instead of a table, with all digits
    #[arg(long)]
    json: bool,
}

pub(super) fn compare(arguments: &CompareArguments) -> Result<()> {
    let inputs = crate::values::inputs(&arguments.input)?;
    let only = &arguments.input.only;
    if let Some(found) = matched(&inputs, only)? {
        return crate::output::write(None, of_inputs(&inputs, &found, arguments.json).as_bytes());
    }
    let values = crate::values::together(inputs, only)?;
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
        let columns: Vec<(&str, &Named)> = values.iter().map(|value| (value.label.as_str(), value)).collect();
        compared("", &columns)
    };
    crate::output::write(None, text.as_bytes())
}

/// The values of each input but the first with those of the first that they belong to, or `None` where all values are to be compared with
/// the first one: there is only one input, or one value an input, or the first is one value without a label that the others have.
fn matched(inputs: &[Input], only: &[String]) -> Result<Option<Vec<Pairs>>> {
    let [first, others @ ..] = inputs else {
        return Ok(None);
    };
    let is_reference = matches!(&first.values[..], [value] if value.label.is_empty());
    if others.is_empty() || is_reference || inputs.iter().all(|input| input.values.len() < 2) {
        return Ok(None);
    }
    let found: Vec<Pairs> = others
        .iter()
        .map(|other| crate::values::pairs(first, other, only))
        .collect();
    if found.iter().any(|pairs| !pairs.pairs.is_empty()) {
        // What is asked for has to be somewhere.
        let is_anywhere = |wanted: &String| inputs.iter().any(|input| crate::values::has(input, wanted));
        return Ok(only.iter().all(is_anywhere).then_some(found));
    }
    let is_nothing = |pairs: &Pairs| pairs.rest.0.is_empty() && pairs.rest.1.is_empty();
    if first.values.len() < 2 || found.iter().all(is_nothing) {
        return Ok(None);
    }
    let sides: Vec<String> = once((first, &found[0].rest.0))
        .chain(others.iter().zip(found.iter().map(|pairs| &pairs.rest.1)))
        .map(|(input, rest)| format!("{} has {}", input.name, some_labels(rest)))
        .collect();
    bail!("no two values have the same label: {}", sides.join("; "));
}

/// Labels for a message.
fn some_labels(values: &[Named]) -> String {
    let labels: Vec<&str> = values.iter().take(12).map(|value| value.label.as_str()).collect();
    let more = if values.len() > labels.len() { ", …" } else { "" };
    match labels.len() {
        0 => "none".into(),
        _ => labels.join(", ") + more,
    }
}

/// A comparison for each pair, and what has no partner.
fn of_inputs(inputs: &[Input], found: &[Pairs], is_json: bool) -> String {
    let first = &inputs[0];
    let mut objects = Vec::new();
    let mut text = Vec::new();
    for (other, pairs) in inputs[1..].iter().zip(found) {
        let names = json!({ "FromInput": first.name, "ToInput": other.name });
        let mut push = |mut object: Value| {
            if let (Some(object), Some(names)) = (object.as_object_mut(), names.as_object()) {
                object.extend(names.clone());
            }
            objects.push(object);
        };
        for (a, b) in &pairs.pairs {
            push(object(a, b));
            text.push(compared(&a.label, &[(&first.name, a), (&other.name, b)]));
        }
        for value in &pairs.rest.0 {
            push(json!({ "From": value.label, "To": null }));
        }
        for value in &pairs.rest.1 {
            push(json!({ "From": null, "To": value.label }));
        }
        let only = |input: &Input, rest: &[Named]| {
            let labels: Vec<&str> = rest.iter().map(|value| value.label.as_str()).collect();
            (!rest.is_empty()).then(|| format!("only in {}: {}\n", input.name, labels.join(", ")))
        };
        let lines: String = [only(first, &pairs.rest.0), only(other, &pairs.rest.1)]
            .into_iter()
            .flatten()
            .collect();
        text.extend((!lines.is_empty()).then_some(lines));
    }
    if is_json {
        format!("{:#}\n", Value::from(objects))
    } else {
        text.join("\n")
    }
}

/// A column for each value, with its name; below, how far each is from the first.
fn compared(corner: &str, values: &[(&str, &Named)]) -> String {
    let statistics: Vec<Statistics> = values
        .iter()
        .map(|(_, value)| Statistics::of(&value.distribution))
        .collect();
    let row = |name: &str, cell: &dyn Fn(&Statistics) -> String| {
        once(name.to_owned())
            .chain(statistics.iter().map(cell))
            .collect::<Vec<_>>()
    };
    let mut rows = vec![
        once(corner.to_owned())
            .chain(values.iter().map(|&(name, _)| name.to_owned()))
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
    let first = &values[0].1.distribution;
    let deviation = statistics[0].deviation;
    let mut distances = |name: &str, distance: &dyn Fn(&Named) -> f64| {
        let cells = values[1..].iter().map(|(_, other)| shown(distance(other)));
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
