//! `sigemu run --profile`: which functions took the instructions, as a table and as a flame graph.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use emulator::Profile;
use inferno::flamegraph;

use crate::output_file::OutputFile;

/// Rows of the table.
const ROWS: usize = 25;

/// The table: the functions with the most instructions of their own, and all that touched distributions.
pub(crate) fn table(profile: &Profile) -> String {
    let all: u64 = profile.functions.iter().map(|function| function.instructions).sum();
    let mut text = String::from(
        "sigemu: instructions by function:\n  own      with calls    instructions   uncertain    time  function\n",
    );
    let share = |count: u64| 100.0 * count as f64 / all.max(1) as f64;
    for (row, function) in profile.functions.iter().enumerate() {
        if row >= ROWS && function.uncertain_operations == 0 {
            continue;
        }
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{:5.1} % {:8.1} % {:16} {:11} {:6.3}s  {}",
            share(function.instructions),
            share(function.total_instructions),
            function.instructions,
            function.uncertain_operations,
            function.uncertain_time.as_secs_f64(),
            function.name
        );
    }
    text
}

/// Opens the file of the flame graph: before the run, which may be a long one, and not after it.
pub(crate) fn flame_graph_file(path: &Path) -> Result<OutputFile> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if ["png", "jpg", "jpeg"]
        .iter()
        .any(|image| ending.eq_ignore_ascii_case(image))
    {
        bail!(
            "--profile: {}: a flame graph is an SVG file: choose a name such as {}",
            path.display(),
            path.with_extension("svg").display()
        );
    }
    OutputFile::create(path)
}

/// Writes the flame graph: the wider a function, the more instructions; below it who called it.
pub(crate) fn write_flame_graph(profile: &Profile, path: &Path, mut file: OutputFile) -> Result<()> {
    let lines: Vec<String> = profile
        .stacks
        .iter()
        .map(|stack| format!("{} {}", stack.functions.join(";"), stack.instructions))
        .collect();
    let mut options = flamegraph::Options::default();
    options.title = "Instructions".into();
    options.count_name = "instructions".into();
    flamegraph::from_lines(&mut options, lines.iter().map(String::as_str), &mut file)
        .map_err(|error| anyhow!("{}: {error}", path.display()))?;
    file.keep()
}
