//! `sigemu samples`: random draws.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use emulator::distcore::Generator;
use serde_json::Value;

use crate::numbers;
use crate::output::StandardOutput;
use crate::values::{InputArguments, Named};

#[derive(Debug, Args)]
pub(crate) struct SamplesArguments {
    #[command(flatten)]
    input: InputArguments,

    /// How many draws; of a Reference core's value, so many of what its executions printed, in their order
    #[arg(short = 'n', long, value_name = "N", default_value_t = 1000, value_parser = numbers::any, allow_negative_numbers = true)]
    count: u64,

    /// Seed of the draws: the same seed gives the same numbers everywhere
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::any, allow_negative_numbers = true)]
    seed: u64,

    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: SamplesFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SamplesFormat {
    /// One number a line, of one value
    Text,
    /// A column for each value, with its label above
    Csv,
    /// {"Samples": […], "Count": N} as the API has it; for several values a list of such with their labels
    Json,
}

pub(crate) fn samples(arguments: &SamplesArguments) -> Result<ExitCode> {
    let values = crate::values::read(&arguments.input)?;
    let mut output = BufWriter::new(StandardOutput::lock());
    match (arguments.format, &values[..]) {
        (SamplesFormat::Text, [value]) => text(&mut output, value, arguments)?,
        (SamplesFormat::Text, _) => {
            let labels: Vec<&str> = values.iter().take(12).map(|value| value.label.as_str()).collect();
            bail!(
                "there are {} values: choose one with --only, or --format csv or json for all ({}{})",
                values.len(),
                labels.join(", "),
                if values.len() > labels.len() { ", …" } else { "" }
            );
        }
        (SamplesFormat::Csv, _) => csv(output.by_ref(), &values, arguments)?,
        (SamplesFormat::Json, [value]) => {
            object(&mut output, value, 0, arguments)?;
            writeln!(output)?;
        }
        (SamplesFormat::Json, _) => {
            for (value, place) in values.iter().zip(0..) {
                output.write_all(if place == 0 { b"[" } else { b"," })?;
                object(&mut output, value, place, arguments)?;
            }
            writeln!(output, "]")?;
        }
    }
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Draws of the value at this place: independent of those of the others, and of how many there are.
fn draws<'a>(value: &'a Named, place: u64, arguments: &SamplesArguments) -> Box<dyn Iterator<Item = f64> + 'a> {
    // A Reference core has drawn already.
    if let Some(samples) = &value.samples {
        let count = usize::try_from(arguments.count).unwrap_or(usize::MAX);
        return Box::new(samples.iter().copied().take(count));
    }
    // The first is seeded plainly, so that a value alone gives the same draws as a library call with that seed.
    let mut generator = Generator::new(arguments.seed);
    if place > 0 {
        generator = Generator::new(generator.bits() ^ place);
    }
    let sampler = value.distribution.sampler();
    let draw = move |_| {
        sampler
            .as_ref()
            .map_or(f64::NAN, |sampler| sampler.sample(&mut generator))
    };
    Box::new((0..arguments.count).map(draw))
}

fn text(output: &mut impl Write, value: &Named, arguments: &SamplesArguments) -> Result<()> {
    for draw in draws(value, 0, arguments) {
        writeln!(output, "{draw:?}")?;
    }
    Ok(())
}

fn csv(output: &mut impl Write, values: &[Named], arguments: &SamplesArguments) -> Result<()> {
    let mut writer = csv::Writer::from_writer(output);
    writer.write_record(values.iter().map(|value| &value.label))?;
    let mut columns: Vec<_> = values
        .iter()
        .zip(0..)
        .map(|(value, place)| draws(value, place, arguments))
        .collect();
    let longest = values
        .iter()
        .filter_map(|value| value.samples.as_ref())
        .map(|samples| samples.len() as u64)
        .max();
    let has_draws = values.iter().any(|value| value.samples.is_none());
    let rows = longest
        .filter(|_| !has_draws)
        .map_or(arguments.count, |longest| longest.min(arguments.count));
    for _ in 0..rows {
        writer.write_record(
            columns
                .iter_mut()
                .map(|column| column.next().map_or(String::new(), |x| format!("{x:?}"))),
        )?;
    }
    writer.flush()?;
    Ok(())
}

/// Writes a JSON object as it is made: there can be more draws than fit into memory.
fn object(output: &mut impl Write, value: &Named, place: u64, arguments: &SamplesArguments) -> Result<()> {
    let there = value.samples.as_ref().map_or(u64::MAX, |samples| samples.len() as u64);
    write!(output, "{{\"Count\":{},", arguments.count.min(there))?;
    if place > 0 || !value.label.starts_with("value") {
        write!(output, "\"Label\":{},", Value::from(value.label.as_str()))?;
    }
    write!(output, "\"Samples\":[")?;
    for (n, draw) in draws(value, place, arguments).enumerate() {
        let separator = if n == 0 { "" } else { "," };
        write!(output, "{separator}{}", crate::ux::json::number(draw))?;
    }
    Ok(write!(output, "]}}")?)
}
