//! What commands print.

use std::io::{self, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};

/// Writes to standard output, or to a file.
pub(crate) fn write(path: Option<&Path>, bytes: &[u8]) -> Result<()> {
    match path {
        Some(path) if path != Path::new("-") => {
            std::fs::write(path, bytes).with_context(|| format!("{}: cannot be written", path.display()))
        }
        _ => {
            let mut output = io::stdout().lock();
            output.write_all(bytes)?;
            Ok(output.flush()?)
        }
    }
}

/// Whether a command failed because its reader went away, as in `sigemu samples … | head`: no failure of its own.
pub(crate) fn reader_left(error: &anyhow::Error) -> bool {
    let kinds = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    kinds.map(io::Error::kind).any(|kind| kind == io::ErrorKind::BrokenPipe)
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
