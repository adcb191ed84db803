//! Writing a values file.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use tempfile::NamedTempFile;

/// A values file on its way. Unless it is made [in place](ValuesOutput::in_place) it has its name only when it is whole, so that no other
/// program takes half of it for all.
pub(crate) struct ValuesOutput {
    output: BufWriter<Target>,
    path: PathBuf,
}

enum Target {
    /// Will be renamed.
    New(NamedTempFile),
    /// Has its name: it is made in place, or is a pipe or a device, which must stay what it is.
    Named(File),
}

impl ValuesOutput {
    pub(crate) fn create(path: &Path) -> Result<ValuesOutput> {
        let is_special = std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
        let target = if is_special {
            File::options().write(true).open(path).map(Target::Named)
        } else {
            new_file_for(path).map(Target::New)
        };
        let target = target.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(ValuesOutput {
            output: BufWriter::new(target),
            path: path.into(),
        })
    }

    /// A file that has its name from the beginning. Until it is whole, readers find that it is not (by its missing end).
    pub(crate) fn in_place(path: &Path) -> Result<ValuesOutput> {
        let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(ValuesOutput {
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
    builder.prefix(".sigemu-values-").tempfile_in(folder)
}

impl Write for ValuesOutput {
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
            Target::New(file) => file.write(bytes),
            Target::Named(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Target::New(file) => file.flush(),
            Target::Named(file) => file.flush(),
        }
    }
}
