//! Application folders: sources, inputs and a wish for a core, laid out as for the cloud platform.
//!
//! * `src/` holds the sources, at any depth; where there is none, the folder itself does, and what is below it is no part of the
//!   program: it may be a home directory. `config.mk` beside the sources may say which they are (`SOURCES`) and set `CFLAGS CXXFLAGS FFLAGS LDFLAGS LIBS EXTRA_LIBS INC INC_DIRS`.
//! * `inputs/` is what the program sees as its files; where there is none, the folder itself is.
//! * `signaloid.yaml` may name a `MinimumCore`.
//!
//! The executable is the folder's name with `.elf`, in the folder.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, bail};
use emulator::Core;
use sdk::build::{Build, Language};
use yaml_rust2::{Yaml, YamlLoader};

use crate::makefile::Makefile;

/// An application folder.
pub(crate) struct Application {
    folder: PathBuf,
    sources: PathBuf,
    /// Whether the sources are all below `sources`, and not only those in it.
    has_src: bool,
    inputs: PathBuf,
}

impl Application {
    pub(crate) fn open(folder: &Path) -> Result<Application> {
        let or_folder = |name: &str| {
            Some(folder.join(name))
                .filter(|path| path.is_dir())
                .unwrap_or_else(|| folder.into())
        };
        let application = Application {
            folder: folder.into(),
            sources: or_folder("src"),
            has_src: folder.join("src").is_dir(),
            inputs: or_folder("inputs"),
        };
        if application.source_files()?.is_empty() {
            let folder = folder.display();
            if application.has_src {
                bail!("{folder}: no application folder: no source files (.c, .cpp, .f90 …) in its src/");
            }
            bail!(
                "{folder}: no application folder: it has no src/, and no source files (.c, .cpp, .f90 …) directly in it"
            );
        }
        Ok(application)
    }

    /// The directory that the program runs in.
    pub(crate) fn inputs(&self) -> &Path {
        &self.inputs
    }

    /// Where its executable goes.
    pub(crate) fn executable(&self) -> Result<PathBuf> {
        let folder = self
            .folder
            .canonicalize()
            .with_context(|| self.folder.display().to_string())?;
        let name = folder
            .file_name()
            .context("the root directory is no application")?
            .to_owned();
        Ok(self.folder.join(name).with_extension("elf"))
    }

    /// Whether the executable is there and newer than everything beside the sources.
    pub(crate) fn is_up_to_date(&self) -> Result<bool> {
        let modified = |path: &Path| path.metadata().and_then(|metadata| metadata.modified());
        let Ok(built) = modified(&self.executable()?) else {
            return Ok(false);
        };
        let mut files = self.files()?;
        if !self.has_src {
            // What config.mk names may lie further below.
            files.extend(self.source_files()?);
            for directory in self.include_directories()? {
                if directory.is_dir() {
                    collect(&directory, true, &mut files)?;
                }
            }
        }
        let is_source = |path: &PathBuf| {
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            Language::of(path).is_some() || matches!(ending, "h" | "hh" | "hpp" | "hxx" | "inc" | "mk")
        };
        let newer = |path: &PathBuf| modified(path).unwrap_or(SystemTime::now()) > built;
        Ok(!files.iter().filter(|path| is_source(path)).any(newer))
    }

    /// What builds it.
    pub(crate) fn build(&self) -> Result<Build> {
        let makefile = self.makefile()?;
        let mut include: Vec<String> = vec![format!("-I{}", self.sources.display())];
        for directory in self.include_directories()? {
            include.push(format!("-I{}", directory.display()));
        }
        let flags = |name: &str| makefile.words(name).collect::<Vec<_>>();
        let libraries = ["LDFLAGS", "LIBS", "EXTRA_LIBS"].into_iter().flat_map(flags);
        Ok(Build::new(self.source_files()?)
            .output(self.executable()?)
            .flags(include)
            .language_flags(Language::C, flags("CFLAGS"))
            .language_flags(Language::Cpp, flags("CXXFLAGS"))
            .language_flags(Language::Fortran, flags("FFLAGS"))
            .link_flags(libraries))
    }

    /// The core that `signaloid.yaml` asks for, if it does.
    pub(crate) fn minimum_core(&self) -> Result<Option<Core>> {
        let path = self.folder.join("signaloid.yaml");
        let Ok(text) = std::fs::read_to_string(&path) else {
            return Ok(None);
        };
        let wrong = |what: String| anyhow!("{}: {what}", path.display());
        let documents = YamlLoader::load_from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let Some(core) = documents
            .first()
            .map(|document| &document["MinimumCore"])
            .filter(|core| !core.is_badvalue())
        else {
            return Ok(None);
        };
        let mapping = core
            .as_hash()
            .ok_or_else(|| wrong("MinimumCore is no mapping".into()))?;
        let mut object = serde_json::Map::new();
        for (key, value) in mapping {
            let value = match value {
                Yaml::Integer(number) => (*number).into(),
                Yaml::String(text) => text.as_str().into(),
                _ => continue,
            };
            object.insert(key.as_str().unwrap_or_default().to_owned(), value);
        }
        let core = Core::from_json(&serde_json::Value::Object(object).to_string());
        core.map(Some).map_err(|error| wrong(format!("MinimumCore: {error}")))
    }

    fn makefile(&self) -> Result<Makefile> {
        let path = self.sources.join("config.mk");
        match std::fs::read_to_string(&path) {
            Ok(text) => Makefile::parse(&text, &self.sources).map_err(|error| anyhow!("{}: {error}", path.display())),
            Err(_) => Ok(Makefile::default()),
        }
    }

    /// The sources that `config.mk` names, or all; Fortran modules before those that use them.
    fn source_files(&self) -> Result<Vec<PathBuf>> {
        let makefile = self.makefile()?;
        let mut files: Vec<PathBuf> = makefile.words("SOURCES").map(|name| self.sources.join(name)).collect();
        if files.is_empty() {
            files = self.files()?;
            files.retain(|path| Language::of(path).is_some_and(|language| language != Language::Linked));
            files.sort();
        }
        crate::fortran::order(&mut files);
        Ok(files)
    }

    /// The directories of headers that `config.mk` names, relative to the sources.
    fn include_directories(&self) -> Result<Vec<PathBuf>> {
        let makefile = self.makefile()?;
        let words = makefile.words("INC_DIRS").chain(makefile.words("INC"));
        Ok(words
            .map(|word| self.sources.join(word.trim_start_matches("-I")))
            .collect())
    }

    /// All files that belong to the sources if `config.mk` does not say otherwise.
    fn files(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        collect(&self.sources, self.has_src, &mut files)?;
        Ok(files)
    }
}

/// All files in a directory, or also those below it. Symbolic links to directories are not followed: one could lead to where it stands.
fn collect(directory: &Path, and_below: bool, files: &mut Vec<PathBuf>) -> Result<()> {
    let refused = |error| anyhow!("{}: {error}", directory.display());
    for entry in std::fs::read_dir(directory).map_err(refused)? {
        let entry = entry.map_err(refused)?;
        let path = entry.path();
        if entry.file_type().map_err(refused)?.is_dir() {
            if and_below {
                collect(&path, true, files)?;
            }
        } else if path.is_dir() {
            continue;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
