//! `sigemu plot`: pictures of values.

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use plot::{Chart, Layout, Reading, Series, TerminalOptions, Theme};

use crate::numbers;
use crate::output::tell;
use crate::values::{InputArguments, Named};

/// As many values as colours can be told apart.
const MOST: usize = 8;

#[derive(Debug, Args)]
pub(crate) struct PlotArguments {
    #[command(flatten)]
    input: InputArguments,

    /// The file to write; its ending (.svg, .png, .txt) says what [default: draw in the terminal, or write SVG where standard
    /// output is none]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// What to write, whatever the file is called
    #[arg(long, value_name = "FORMAT")]
    format: Option<PlotFormat>,

    /// Show this range of positions
    #[arg(long, value_name = "FROM:TO", allow_hyphen_values = true)]
    range: Option<Range>,

    /// How several values share the picture: those of like size over one axis, all over one, or each over its own
    #[arg(long, value_name = "LAYOUT", default_value = "auto")]
    layout: LayoutArgument,

    /// What a Dirac delta stands for: a cell of a density, or a number with a probability, as for dice
    #[arg(long = "as", value_name = "READING", default_value = "auto")]
    reading: ReadingArgument,

    /// The most bars a value gets [default: 128]
    #[arg(long, value_name = "N", value_parser = numbers::within::<u16>(1..=8192), allow_negative_numbers = true)]
    bars: Option<u16>,

    /// Colours for any background (which stays transparent), for white, or for black
    #[arg(long, value_name = "THEME", default_value = "neutral")]
    theme: ThemeArgument,

    /// Pixels of a PNG for each unit of the picture, which is 720 wide
    #[arg(long, value_name = "FACTOR", default_value_t = 2.0, allow_negative_numbers = true)]
    scale: f64,

    /// Lines that a value takes in the terminal
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = numbers::within::<u8>(1..=100), allow_negative_numbers = true)]
    rows: u8,

    /// Plain numbers as well, when there are uncertain values
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PlotFormat {
    Svg,
    Png,
    /// Characters, as in a terminal
    Text,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LayoutArgument {
    Auto,
    Overlay,
    Panels,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ReadingArgument {
    Auto,
    Density,
    Atoms,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ThemeArgument {
    Neutral,
    Light,
    Dark,
}

/// `FROM:TO`.
#[derive(Debug, Clone, Copy)]
struct Range(f64, f64);

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bounds = text
            .split_once(':')
            .and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?)));
        match bounds {
            Some((from, to)) if f64::is_finite(from) && f64::is_finite(to) && from < to => Ok(Range(from, to)),
            _ => Err("a range is FROM:TO, two numbers, the smaller first".into()),
        }
    }
}

pub(crate) fn plot(arguments: &PlotArguments) -> Result<ExitCode> {
    let format = format(arguments)?;
    if !(arguments.scale > 0.0 && arguments.scale <= 20.0) {
        bail!("--scale {}: expected a factor above 0 and up to 20", arguments.scale);
    }
    let values = chosen(crate::values::read(&arguments.input)?, arguments);
    let series = values.into_iter().map(|value| Series {
        label: value.label,
        distribution: value.distribution,
        particle: value.ux.particle,
    });
    let mut chart = Chart::new(series.collect());
    chart.layout = match arguments.layout {
        LayoutArgument::Auto => Layout::Auto,
        LayoutArgument::Overlay => Layout::Overlay,
        LayoutArgument::Panels => Layout::Panels,
    };
    chart.reading = match arguments.reading {
        ReadingArgument::Auto => Reading::Auto,
        ReadingArgument::Density => Reading::Density,
        ReadingArgument::Atoms => Reading::Atoms,
    };
    chart.bars = arguments.bars.map_or(chart.bars, usize::from);
    chart.range = arguments.range.map(|range| (range.0, range.1));
    let theme = match arguments.theme {
        ThemeArgument::Neutral => Theme::Neutral,
        ThemeArgument::Light => Theme::Light,
        ThemeArgument::Dark => Theme::Dark,
    };
    let picture = match format {
        PlotFormat::Svg => chart.to_svg(theme).into_bytes(),
        PlotFormat::Png => chart.to_png(theme, arguments.scale)?,
        PlotFormat::Text => {
            let is_terminal = std::io::stdout().is_terminal() && file(arguments).is_none();
            let columns = terminal_size::terminal_size()
                .filter(|_| is_terminal)
                .map(|(width, _)| usize::from(width.0));
            let options = TerminalOptions {
                columns: columns.unwrap_or(80).clamp(20, 160),
                rows: usize::from(arguments.rows),
                color: is_terminal && has_colors(std::env::var_os("NO_COLOR"), std::env::var_os("TERM")),
            };
            chart.to_text(&options).into_bytes()
        }
    };
    crate::output::write(file(arguments), &picture)?;
    Ok(ExitCode::SUCCESS)
}

/// Whether the user and the terminal are for colours: what the variables NO_COLOR and TERM say.
fn has_colors(no_color: Option<OsString>, term: Option<OsString>) -> bool {
    no_color.is_none_or(|value| value.is_empty()) && term.is_none_or(|name| name != "dumb")
}

fn file(arguments: &PlotArguments) -> Option<&Path> {
    arguments.output.as_deref().filter(|path| *path != Path::new("-"))
}

/// What to write: as told, or by the ending of the file, or what suits standard output.
fn format(arguments: &PlotArguments) -> Result<PlotFormat> {
    let is_terminal = std::io::stdout().is_terminal();
    let format = match (arguments.format, file(arguments)) {
        (Some(format), _) => format,
        (None, None) if is_terminal => PlotFormat::Text,
        (None, None) => PlotFormat::Svg,
        (None, Some(path)) => match path
            .extension()
            .and_then(|ending| ending.to_str())
            .map(str::to_ascii_lowercase)
            .as_deref()
        {
            Some("svg") => PlotFormat::Svg,
            Some("png") => PlotFormat::Png,
            Some("txt") => PlotFormat::Text,
            _ => bail!(
                "{}: the name of a picture ends in .svg, .png or .txt (or say --format)",
                path.display()
            ),
        },
    };
    if format == PlotFormat::Png && file(arguments).is_none() && is_terminal {
        bail!("a PNG is not for the terminal: name a file with -o");
    }
    Ok(format)
}

/// What is drawn of all that was found. What is left out is told.
fn chosen(mut values: Vec<Named>, arguments: &PlotArguments) -> Vec<Named> {
    let found = values.len();
    if !arguments.all && arguments.input.only.is_empty() && values.iter().any(|value| !value.is_certain()) {
        values.retain(|value| !value.is_certain());
        if values.len() < found {
            tell!(
                "sigemu: left out {} (--all draws them as well)",
                match found - values.len() {
                    1 => "1 plain number".into(),
                    count => format!("{count} plain numbers"),
                }
            );
        }
    }
    if values.len() > MOST {
        tell!(
            "sigemu: drawn are the first {MOST} of {} values (--only LABEL or --only N chooses)",
            values.len()
        );
        values.truncate(MOST);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::has_colors;

    #[test]
    fn colours_can_be_declined() {
        let has =
            |no_color: Option<&str>, term: Option<&str>| has_colors(no_color.map(Into::into), term.map(Into::into));
        assert!(has(None, None) && has(Some(""), Some("xterm-256color")));
        assert!(!has(Some("1"), Some("xterm")) && !has(None, Some("dumb")));
    }
}
