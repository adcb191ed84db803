//! `sigemu merge`.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow};
use emulator::reference::values::{ValuesReader, merge as merge_values};
use tempfile::NamedTempFile;

use crate::arguments::MergeArguments;

/// Joins the files of all shards of a task. The result appears when it is whole.
pub(crate) fn merge(arguments: &MergeArguments) -> Result<ExitCode> {
    let mut files = Vec::new();
    for path in &arguments.files {
        let name = path.display();
        let file = File::open(path).with_context(|| format!("cannot open {name}"))?;
        files.push(ValuesReader::open(file).map_err(|error| anyhow!("{name}: {error}"))?);
    }
    let output = ValuesOutput::create(&arguments.output)?;
    let written = merge_values(&mut files, output).map_err(|error| match error.file() {
        Some(file) => anyhow!("{}: {error}", arguments.files[file].display()),
        None => anyhow!("{error}"),
    })?;
    written.keep()?;
    Ok(ExitCode::SUCCESS)
}

/// A values file on its way: it has its name only when it is whole, so that no other program takes half of it for all.
pub(crate) struct ValuesOutput {
    output: BufWriter<NamedTempFile>,
    path: std::path::PathBuf,
}

impl ValuesOutput {
    pub(crate) fn create(path: &Path) -> Result<ValuesOutput> {
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder
            .prefix(".sigemu-values-")
            .tempfile_in(folder)
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(ValuesOutput {
            output: BufWriter::new(file),
            path: path.into(),
        })
    }

    /// Gives the file its name.
    pub(crate) fn keep(self) -> Result<()> {
        let name = || format!("cannot write {}", self.path.display());
        let file = self
            .output
            .into_inner()
            .map_err(|error| error.into_error())
            .with_context(name)?;
        file.persist(&self.path)
            .map_err(|error| error.error)
            .with_context(name)?;
        Ok(())
    }
}

impl std::io::Write for ValuesOutput {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.output.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.output.flush()
    }
}
