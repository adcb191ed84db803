//! `sigemu merge`.

use std::fs::File;
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow, bail};
use emulator::reference::values::{ValuesReader, merge as merge_values};

use crate::arguments::MergeArguments;
use crate::output_file::OutputFile;

/// Joins the files of all shards of a task. The result appears when it is whole.
pub(crate) fn merge(arguments: &MergeArguments) -> Result<ExitCode> {
    // A first argument that is missing makes the first part the output.
    if let Ok(output) = arguments.output.canonicalize()
        && let Some(part) = arguments
            .files
            .iter()
            .find(|path| path.canonicalize().is_ok_and(|part| part == output))
    {
        bail!(
            "{} is the file to write, and {} to be merged is the same one: name a file for the output first, then the parts",
            arguments.output.display(),
            part.display()
        );
    }
    let mut files = Vec::new();
    for path in &arguments.files {
        let name = path.display();
        let file = File::open(path).with_context(|| format!("cannot open {name}"))?;
        files.push(ValuesReader::open(file).map_err(|error| anyhow!("{name}: {error}"))?);
    }
    let output = OutputFile::create(&arguments.output)?;
    let written = merge_values(&mut files, output).map_err(|error| match error.file() {
        Some(file) => anyhow!("{}: {error}", arguments.files[file].display()),
        None => anyhow!("{error}"),
    })?;
    written.keep()?;
    Ok(ExitCode::SUCCESS)
}
