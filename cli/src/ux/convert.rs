//! `sigemu ux convert`.

use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::{Args, ValueEnum};
use emulator::distcore::Representation;
use emulator::distcore::ux::{Dirac, PositionWidth, TypeCode, UxValue};

use super::json;
use crate::numbers;
use crate::values::{InputArguments, Named};

#[derive(Debug, Args)]
pub(crate) struct ConvertArguments {
    #[command(flatten)]
    input: InputArguments,

    /// What to write
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    to: Output,

    /// What is read. Ux is found as text, as binary data, as their hexadecimal digits and as JSON of this command; CSV (of this
    /// command, or with columns position and mass; masses sum to 1) and samples (numbers apart by spaces, line feeds or commas) have
    /// to be named
    #[arg(long, value_name = "FORMAT", default_value = "ux")]
    from: Input,

    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Dirac deltas of a value made from samples, at most
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = numbers::within::<u16>(2..=8000), allow_negative_numbers = true)]
    precision: u16,

    /// Representation of a value made from samples or CSV
    #[arg(long, value_name = "NAME", default_value = "athens")]
    representation: RepresentationArgument,

    /// Text without particles and one value a line; by default particles are written
    #[arg(long)]
    no_particle: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// Ux text, a line for each value
    Text,
    /// Binary Ux data, one value after another
    Binary,
    /// The same as hexadecimal digits, a line for each value
    Hex,
    /// A list of objects
    Json,
    /// A row for each Dirac delta
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Input {
    /// Text, binary data or JSON
    Ux,
    /// Rows with position and mass
    Csv,
    /// Numbers
    Samples,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RepresentationArgument {
    Athens,
    Zurich,
    Jupiter,
}

impl From<RepresentationArgument> for Representation {
    fn from(argument: RepresentationArgument) -> Representation {
        match argument {
            RepresentationArgument::Athens => Representation::Athens,
            RepresentationArgument::Zurich => Representation::Zurich,
            RepresentationArgument::Jupiter => Representation::Jupiter,
        }
    }
}

pub(super) fn convert(arguments: &ConvertArguments) -> Result<()> {
    let mut values = match arguments.from {
        Input::Ux => crate::values::read(&arguments.input)?,
        Input::Csv => from_files(arguments, |text, _| from_csv(text, arguments))?,
        Input::Samples => from_files(arguments, |text, name| Ok(vec![from_samples(text, name, arguments)?]))?,
    };
    for value in &mut values {
        if let Some(samples) = &value.samples {
            value.ux = of_samples(samples, arguments)?;
        }
    }
    let bytes = match arguments.to {
        Output::Text => lines(&values, |value| text(value, arguments)),
        Output::Hex => lines(&values, |value| {
            value.ux.to_binary().iter().map(|byte| format!("{byte:02x}")).collect()
        }),
        Output::Binary => values.iter().flat_map(|value| value.ux.to_binary()).collect(),
        Output::Json => json::write(&values)?.into_bytes(),
        Output::Csv => to_csv(&values)?,
    };
    crate::output::write(arguments.output.as_deref(), &bytes)
}

fn lines(values: &[Named], line: impl Fn(&Named) -> String) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| (line(value) + "\n").into_bytes())
        .collect()
}

fn text(value: &Named, arguments: &ConvertArguments) -> String {
    let particle = match value.ux.particle {
        Some(particle) if !arguments.no_particle => particle.to_string().to_lowercase(),
        _ => String::new(),
    };
    value.ux.to_text(&particle)
}

/// Reads each input as text that holds no Ux.
fn from_files(arguments: &ConvertArguments, read: impl Fn(&str, &str) -> Result<Vec<Named>>) -> Result<Vec<Named>> {
    let standard_input = ["-".to_owned()];
    let inputs = if arguments.input.inputs.is_empty() {
        &standard_input[..]
    } else {
        &arguments.input.inputs
    };
    let mut values = Vec::new();
    for input in inputs {
        let (name, bytes) = match input.as_str() {
            "-" => ("standard input", crate::values::standard_input()?),
            path => {
                crate::values::not_empty(path)?;
                let bytes = std::fs::read(path).with_context(|| format!("{path}: cannot be read"))?;
                (path, bytes)
            }
        };
        let text = String::from_utf8(bytes).map_err(|error| anyhow!("{name}: no text: {error}"))?;
        values.extend(read(&text, name).with_context(|| name.to_owned())?);
    }
    Ok(values)
}

fn from_samples(text: &str, name: &str, arguments: &ConvertArguments) -> Result<Named> {
    let mut samples = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        for word in content
            .split(|c: char| c.is_whitespace() || c == ',' || c == ';')
            .filter(|word| !word.is_empty())
        {
            match word.parse() {
                Ok(sample) if is_beyond(sample, word) => bail!("line {line}: {}", beyond(word)),
                Ok(sample) => samples.push(sample),
                // A heading, as of CSV.
                Err(_) if line == 1 && samples.is_empty() => break,
                Err(_) => bail!("line {line}: `{}` is no number", crate::output::shortened(word)),
            }
        }
    }
    if samples.is_empty() {
        bail!("no numbers");
    }
    let label = if name == "standard input" { "" } else { name };
    Named::new(label, of_samples(&samples, arguments)?)
}

/// Whether a number became infinite that is not written so.
fn is_beyond(number: f64, word: &str) -> bool {
    number.is_infinite() && word.contains(|c: char| c.is_ascii_digit())
}

fn beyond(word: &str) -> String {
    format!("`{}` is beyond the range of a double", crate::output::shortened(word))
}

fn of_samples(samples: &[f64], arguments: &ConvertArguments) -> Result<UxValue> {
    crate::values::summary(
        samples,
        arguments.representation.into(),
        usize::from(arguments.precision),
    )
}

const COLUMNS: [&str; 6] = ["label", "particle", "type", "samples", "position", "mass"];

fn to_csv(values: &[Named]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for value in values {
        let particle = value
            .ux
            .particle
            .map_or(String::new(), |particle| format!("{particle:?}"));
        for dirac in &value.ux.diracs {
            writer.write_record([
                &value.label,
                &particle,
                &value.ux.representation.0.to_string(),
                &value.ux.samples.to_string(),
                &format!("{:?}", dirac.position),
                &format!("{:?}", dirac.probability()),
            ])?;
        }
    }
    writer.into_inner().map_err(|error| anyhow!("{error}"))
}

/// Rows of one label make one value; without that column all do.
fn from_csv(text: &str, arguments: &ConvertArguments) -> Result<Vec<Named>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = reader.headers()?.clone();
    let column = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
    let needed = |name: &str| column(name).with_context(|| format!("no column `{name}` in the first line"));
    let (position, mass) = (needed("position")?, needed("mass")?);
    let (label, particle, type_code) = (column("label"), column("particle"), column("type"));
    let samples = column("samples");
    let mut values: Vec<(String, UxValue)> = Vec::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |column: Option<usize>| {
            column
                .and_then(|column| record.get(column))
                .filter(|cell| !cell.is_empty())
        };
        let number = |column: usize, name: &str| -> Result<f64> {
            let cell = cell(Some(column)).unwrap_or("");
            match cell.parse() {
                Ok(number) if is_beyond(number, cell) => bail!("line {line}: {name} {}", beyond(cell)),
                Ok(number) => Ok(number),
                Err(_) => bail!("line {line}: {name} `{}` is no number", crate::output::shortened(cell)),
            }
        };
        let dirac = (number(position, "position")?, number(mass, "mass")?);
        if !(0.0..=1.0 + 1e-6).contains(&dirac.1) {
            bail!("line {line}: a mass is a probability, not {}", dirac.1);
        }
        let name = cell(label).unwrap_or("").to_owned();
        if values.last().is_none_or(|last| last.0 != name) {
            let code = match cell(type_code) {
                Some(code) => code
                    .parse()
                    .map(TypeCode)
                    .map_err(|_| anyhow!("line {line}: type `{code}` is no byte"))?,
                None => TypeCode::from(Representation::from(arguments.representation)),
            };
            let particle = particle.filter(|&column| cell(Some(column)).is_some());
            let particle = particle.map(|column| number(column, "particle")).transpose()?;
            let ux = UxValue {
                particle,
                representation: code,
                samples: match cell(samples) {
                    Some(count) => count.parse().map_err(|_| {
                        anyhow!("line {line}: samples `{}` is no count", crate::output::shortened(count))
                    })?,
                    None => 1,
                },
                mean: 0.0,
                width: PositionWidth::F64,
                diracs: Vec::new(),
            };
            values.push((name, ux));
        }
        if let Some(last) = values.last_mut() {
            last.1.diracs.push(Dirac::new(dirac.0, dirac.1));
        }
    }
    if values.is_empty() {
        bail!("no rows");
    }
    values
        .into_iter()
        .map(|(label, ux)| {
            check_sum(&label, &ux)?;
            with_mean(Named::new(label, ux)?, true)
        })
        .collect()
}

/// How far the masses of a value may be from one in sum: cores print some that are 2000 units of 2^-63 off, and decimals are rounded.
const SLACK: f64 = 1e-9;

/// Refuses masses that are no distribution together.
fn check_sum(label: &str, ux: &UxValue) -> Result<()> {
    let sum: f64 = ux.diracs.iter().map(|dirac| dirac.probability()).sum();
    if (sum - 1.0).abs() > SLACK {
        let label = if label.is_empty() {
            String::new()
        } else {
            format!("{label}: ")
        };
        // Ten decimals show what is beyond the slack.
        bail!("{label}the masses sum to {}, not to 1", (sum * 1e10).round() / 1e10);
    }
    Ok(())
}

/// Completes a value that does not state its mean (`is_missing`).
pub(super) fn with_mean(mut value: Named, is_missing: bool) -> Result<Named> {
    if is_missing {
        value.ux.mean = value.distribution.mean();
    }
    Ok(value)
}
