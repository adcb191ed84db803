//! What commands print.

use std::io::{self, StdoutLock, Write};
use std::path::Path;

use anyhow::{Context as _, Result};

/// Writes to standard output, or to a file.
pub(crate) fn write(path: Option<&Path>, bytes: &[u8]) -> Result<()> {
    match path {
        Some(path) if path != Path::new("-") => {
            std::fs::write(path, bytes).with_context(|| format!("{}: cannot be written", path.display()))
        }
        _ => {
            let mut output = StandardOutput::lock();
            output.write_all(bytes)?;
            Ok(output.flush()?)
        }
    }
}

/// Standard output, whose errors say that they are of it.
pub(crate) struct StandardOutput(StdoutLock<'static>);

impl StandardOutput {
    pub(crate) fn lock() -> StandardOutput {
        StandardOutput(io::stdout().lock())
    }
}

impl Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(named)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(named)
    }
}

/// The kind stays: somebody looks for readers that left.
fn named(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot write to standard output: {error}"))
}

/// Tells the user something on standard error, as `eprintln!` does. If nobody reads there, that is no failure.
macro_rules! tell {
    ($($argument:tt)*) => {
        $crate::output::to_stderr(&format!($($argument)*))
    };
}
pub(crate) use tell;

/// Writes whole lines to standard error, if somebody reads there: the last line feed may be missing.
pub(crate) fn to_stderr(text: &str) {
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    let _ = write!(io::stderr().lock(), "{text}{end}");
}

/// Whether a command failed because its reader went away, as in `sigemu samples … | head`: no failure of its own.
pub(crate) fn reader_left(error: &anyhow::Error) -> bool {
    let is_broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        let within = cause.downcast_ref::<csv::Error>().map(csv::Error::kind);
        cause.downcast_ref().is_some_and(is_broken)
            || matches!(within, Some(csv::ErrorKind::Io(error)) if is_broken(error))
    })
}

/// The beginning of a text that may be a long one, for messages.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

/// Rows of cells in columns as wide as they need to be, the first column to the left, the others to the right.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = widths[column];
            match column {
                0 => line.push_str(&format!("{cell:<width$}")),
                _ => line.push_str(&format!("  {cell:>width$}")),
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
