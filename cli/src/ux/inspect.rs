//! `sigemu ux inspect`.

use anyhow::Result;
use clap::Args;
use emulator::distcore::ux::{MASS_ONE, PositionWidth, TypeCode};
use serde_json::{Value, json};

use super::json::number;
use super::statistics::{QUANTILES, Statistics, shown};
use crate::values::{InputArguments, Named};

#[derive(Debug, Args)]
pub(crate) struct InspectArguments {
    #[command(flatten)]
    input: InputArguments,

    /// Print JSON instead of a table, with all digits
    #[arg(long)]
    json: bool,
}

pub(super) fn inspect(arguments: &InspectArguments) -> Result<()> {
    let values = crate::values::read(&arguments.input)?;
    let text = if arguments.json {
        let objects: Vec<Value> = values.iter().map(object).collect();
        format!("{:#}\n", Value::from(objects))
    } else {
        let tables: Vec<String> = values.iter().map(table).collect();
        tables.join("\n")
    };
    crate::output::write(None, text.as_bytes())
}

fn table(value: &Named) -> String {
    let statistics = Statistics::of(&value.distribution);
    let ux = &value.ux;
    let has_special = statistics.special().iter().any(|special| special.1 > 0.0);
    let of = if has_special { " of the finite part" } else { "" };
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut row = |name: &str, content: String| rows.push((name.into(), content));
    row("particle", ux.particle.map_or("none".into(), plot::number::shortest));
    row(&format!("mean{of}"), shown(statistics.mean));
    row("standard deviation", shown(statistics.deviation));
    row("skewness", shown(statistics.skewness));
    row("kurtosis", shown(statistics.kurtosis));
    row(
        "support",
        format!("{} … {}", shown(statistics.minimum), shown(statistics.maximum)),
    );
    for (p, quantile) in QUANTILES.into_iter().zip(statistics.quantiles) {
        row(&format!("{} % quantile", (100.0 * p).round()), shown(quantile));
    }
    for (name, mass) in statistics.special().into_iter().filter(|special| special.1 > 0.0) {
        row(&format!("mass at {name}"), plot::number::percent(mass));
    }
    row(
        "representation",
        format!("{}, {}", representation(ux.representation), diracs(value)),
    );
    row(
        "stated mean",
        remark(shown(ux.mean), is_stated_mean_right(value), "not that of the Diracs"),
    );
    let excess = mass_excess(value);
    row("mass beyond 1", format!("{excess} of 2^-63"));
    if let Some(shape) = plot::sparkline(&value.distribution, 32) {
        row("shape", shape);
    }
    let width = rows.iter().map(|row| row.0.chars().count()).max().unwrap_or(0);
    let lines: String = rows
        .into_iter()
        .map(|(name, content)| format!("  {name:<width$}  {content}\n"))
        .collect();
    format!("{}\n{lines}", value.label)
}

fn representation(code: TypeCode) -> String {
    let (name, number) = (code.to_string(), format!("type {:02X}", code.0));
    if name == number {
        format!("unknown {number}")
    } else {
        format!("{name} ({number})")
    }
}

fn remark(content: String, is_right: bool, remark: &str) -> String {
    if is_right {
        content
    } else {
        format!("{content} ({remark})")
    }
}

fn diracs(value: &Named) -> String {
    let bits = match value.ux.width {
        PositionWidth::F64 => 64,
        PositionWidth::F32 => 32,
    };
    match value.ux.diracs.len() {
        1 => format!("1 Dirac, {bits}-bit position"),
        count => format!("{count} Diracs, {bits}-bit positions"),
    }
}

/// Whether the mean in the header is what the Diracs give: a core computes it from doubles whose masses are cut to fixed point
/// afterwards, and a float position is rounded.
fn is_stated_mean_right(value: &Named) -> bool {
    let (stated, computed) = (value.ux.mean, value.distribution.mean());
    let tolerance = match value.ux.width {
        PositionWidth::F64 => 1e-9,
        PositionWidth::F32 => 1e-6,
    };
    let largest = value
        .distribution
        .positions()
        .iter()
        .fold(0.0, |largest: f64, x| largest.max(x.abs()));
    stated.to_bits() == computed.to_bits()
        || (stated.is_nan() && computed.is_nan())
        || (stated - computed).abs() <= tolerance * largest
}

/// How far the masses are from a sum of one, in units of the fixed point.
fn mass_excess(value: &Named) -> i128 {
    let sum: i128 = value.ux.diracs.iter().map(|dirac| i128::from(dirac.mass)).sum();
    if value.ux.diracs.is_empty() {
        0
    } else {
        sum - i128::from(MASS_ONE)
    }
}

fn object(value: &Named) -> Value {
    let statistics = Statistics::of(&value.distribution);
    let quantiles: Vec<Value> = QUANTILES
        .into_iter()
        .zip(statistics.quantiles)
        .map(|(p, x)| json!({ "Probability": p, "Position": number(x) }))
        .collect();
    let special: serde_json::Map<String, Value> = statistics
        .special()
        .into_iter()
        .map(|(name, mass)| (name.to_owned(), mass.into()))
        .collect();
    json!({
        "Label": value.label,
        "Particle": value.ux.particle.map(number),
        "Mean": number(statistics.mean),
        "StandardDeviation": number(statistics.deviation),
        "Skewness": number(statistics.skewness),
        "Kurtosis": number(statistics.kurtosis),
        "Minimum": number(statistics.minimum),
        "Maximum": number(statistics.maximum),
        "Quantiles": quantiles,
        "SpecialMass": special,
        "Representation": value.ux.representation.to_string(),
        "Type": value.ux.representation.0,
        "Samples": value.ux.samples,
        "DiracCount": value.ux.diracs.len(),
        "PositionBits": if value.ux.width == PositionWidth::F64 { 64 } else { 32 },
        "StatedMean": number(value.ux.mean),
        "MassExcess": mass_excess(value).to_string(),
    })
}
