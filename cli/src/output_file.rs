//! Writing a file that is made during a run: values, or a flame graph.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use tempfile::NamedTempFile;

/// A file on its way. Unless it is made [in place](OutputFile::in_place) it has its name only when it is whole, so that no other
/// program takes half of it for all.
pub(crate) struct OutputFile {
    output: BufWriter<Target>,
    path: PathBuf,
}

enum Target {
    /// Will be renamed.
    New(NamedTempFile),
    /// Has its name: it is made in place, or is a pipe or a device, which must stay what it is.
    Named(File),
}

impl OutputFile {
    pub(crate) fn create(path: &Path) -> Result<OutputFile> {
        let is_special = std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
        let target = if is_special {
            File::options().write(true).open(path).map(Target::Named)
        } else {
            new_file_for(path).map(Target::New)
        };
        let target = target.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(OutputFile {
            output: BufWriter::new(target),
            path: path.into(),
        })
    }

    /// A file that has its name from the beginning. Until it is whole, readers find that it is not (by its missing end).
    pub(crate) fn in_place(path: &Path) -> Result<OutputFile> {
        let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(OutputFile {
            output: BufWriter::new(Target::Named(file)),
            path: path.into(),
        })
    }

    /// Gives the file its name.
    pub(crate) fn keep(self) -> Result<()> {
        let name = || format!("cannot write {}", self.path.display());
        let target = self.output.into_inner().map_err(io::IntoInnerError::into_error);
        if let Target::New(file) = target.with_context(name)? {
            file.persist(&self.path)
                .map_err(|error| error.error)
                .with_context(name)?;
        }
        Ok(())
    }
}

/// A nameless file in the folder of `path`, with the rights that a new file has.
fn new_file_for(path: &Path) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".sigemu-").tempfile_in(folder).map_err(nameless)
}

/// The error without the name that the file has until it is whole: nobody asked for that one.
fn nameless(error: io::Error) -> io::Error {
    // `tempfile` appends the path, and keeps the error within for itself.
    let text = error.to_string();
    match text.split_once(" at path ") {
        Some((why, _)) => io::Error::new(error.kind(), why),
        None => error,
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Target::New(file) => file.as_file_mut().write(bytes),
            Target::Named(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Target::New(file) => file.as_file_mut().flush(),
            Target::Named(file) => file.flush(),
        }
    }
}
