//! Which directories of the host a guest can see, and under which names.
//!
//! A guest path is made absolute against the guest's working directory and normalised by text (`.` and `..` resolved; `..` at the
//! root stays there), then belongs to the mount with the longest matching name. Inside a mount every lookup goes through a
//! directory handle of `cap-std`, which refuses to leave the directory by `..`, absolute or symbolic links.
//!
//! Directories that only lead to a mount (`/` and `/data` for a mount at `/data/in`) exist too: they can be listed and nothing else.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::StartError;
use super::errno::Errno;

/// Longest name of a file (`NAME_MAX`).
const LONGEST_NAME: usize = 255;

/// Kinds of directory entries (`d_type`).
pub(super) const DT_DIR: u8 = 4;
pub(super) const DT_REG: u8 = 8;
const DT_LNK: u8 = 10;

/// A directory of the host, visible to the guest.
#[derive(Debug)]
pub struct Mount {
    guest: String,
    directory: Dir,
    writable: bool,
}

impl Mount {
    /// Opens the host directory `host` to be seen as `guest` (an absolute path), read-only unless `writable`.
    ///
    /// # Errors
    ///
    /// The directory cannot be opened, or `guest` is not absolute.
    pub fn new(host: &Path, guest: &str, writable: bool) -> std::io::Result<Mount> {
        let guest = normalise("/", guest)
            .filter(|_| guest.starts_with('/'))
            .ok_or_else(|| std::io::Error::other(format!("'{guest}' is no absolute path of the guest, like /data")))?;
        Ok(Mount {
            guest,
            directory: Dir::open_ambient_dir(host, ambient_authority())?,
            writable,
        })
    }
}

/// A place inside a mount.
pub(super) struct Place<'a> {
    pub(super) directory: &'a Dir,
    /// Relative to the directory; `.` for the directory itself.
    pub(super) path: String,
    pub(super) writable: bool,
}

/// What a guest path leads to.
pub(super) enum Found<'a> {
    Place(Place<'a>),
    /// A directory that exists only because a mount lies below it.
    Junction,
}

/// The mounts of a process and its working directory.
#[derive(Clone)]
pub(super) struct Mounts {
    mounts: Arc<[Mount]>,
    working_directory: String,
}

impl Mounts {
    pub(super) fn new(mounts: Vec<Mount>, working_directory: &str) -> Self {
        let working_directory = normalise("/", working_directory).unwrap_or_else(|| "/".into());
        Mounts {
            mounts: mounts.into(),
            working_directory,
        }
    }

    pub(super) fn working_directory(&self) -> &str {
        &self.working_directory
    }

    /// `path` as an absolute path of the guest.
    pub(super) fn absolute(&self, path: &str) -> Result<String, Errno> {
        if path.is_empty() {
            return Err(Errno::ENOENT);
        }
        normalise(&self.working_directory, path).ok_or(Errno::ENOENT)
    }

    /// Where `path` lies on the host, if it lies in a mount.
    pub(super) fn find(&self, path: &str) -> Result<Found<'_>, Errno> {
        find_in(&self.mounts, &self.absolute(path)?)
    }

    /// Names and kinds (`DT_DIR` and so on) in the directory `path`: `.` and `..`, then the others in order.
    pub(super) fn entries(&self, path: &str) -> Result<Vec<(String, u8)>, Errno> {
        let mut names: BTreeMap<String, u8> = BTreeMap::new();
        if let Found::Place(place) = self.find(path)? {
            for entry in place.directory.read_dir(&place.path)? {
                let entry = entry?;
                let kind = entry.file_type()?;
                let kind = if kind.is_dir() {
                    DT_DIR
                } else if kind.is_symlink() {
                    DT_LNK
                } else {
                    DT_REG
                };
                names.insert(entry.file_name().to_string_lossy().into_owned(), kind);
            }
        }
        let path = self.absolute(path)?;
        for mount in &*self.mounts {
            if let Some(name) = below(&mount.guest, &path)
                .and_then(|rest| rest.split('/').next())
                .filter(|name| !name.is_empty())
            {
                names.insert(name.to_owned(), DT_DIR);
            }
        }
        // The order of the host is no order; a guest's output shall not depend on it.
        Ok(Mounts::dots().into_iter().chain(names).collect())
    }

    /// What every directory holds.
    pub(super) fn dots() -> [(String, u8); 2] {
        [(".".to_owned(), DT_DIR), ("..".to_owned(), DT_DIR)]
    }

    /// Makes a directory that is there the working directory.
    pub(super) fn change_directory(&mut self, path: &str) -> Result<(), Errno> {
        self.working_directory = self.absolute(path)?;
        Ok(())
    }
}

/// Where the absolute and normalised `path` lies on the host, if it lies in a mount.
fn find_in<'a>(mounts: &'a [Mount], path: &str) -> Result<Found<'a>, Errno> {
    let mount = mounts
        .iter()
        .filter(|mount| below(path, &mount.guest).is_some())
        .max_by_key(|mount| mount.guest.len());
    let Some(mount) = mount else {
        let leads_to_mount = mounts.iter().any(|mount| below(&mount.guest, path).is_some());
        return if leads_to_mount {
            Ok(Found::Junction)
        } else {
            Err(Errno::ENOENT)
        };
    };
    let inside = below(path, &mount.guest).unwrap_or_default();
    let inside = if inside.is_empty() { "." } else { inside };
    if inside.split('/').any(|name| name.len() > LONGEST_NAME) {
        return Err(Errno::ENAMETOOLONG);
    }
    Ok(Found::Place(Place {
        directory: &mount.directory,
        path: inside.into(),
        writable: mount.writable,
    }))
}

/// Refuses a working directory that is not absolute, or lies where a guest with mounts at `locations` sees nothing, whatever is in them.
///
/// # Errors
///
/// [`StartError::WorkingDirectory`].
pub fn check_working_directory<'a>(path: &str, locations: impl IntoIterator<Item = &'a str>) -> Result<(), StartError> {
    let locations: Vec<String> = (locations.into_iter())
        .filter_map(|location| normalise("/", location))
        .collect();
    let absolute = normalise("/", path).filter(|_| path.starts_with('/'));
    let is_seen = absolute.is_some_and(|path| {
        path == "/"
            || locations
                .iter()
                .any(|location| below(&path, location).is_some() || below(location, &path).is_some())
    });
    is_seen.then_some(()).ok_or_else(|| refused(path, &locations))
}

/// As [`check_working_directory`], and there must be a directory.
pub(crate) fn check_mounted(path: &str, mounts: &[Mount]) -> Result<(), StartError> {
    let locations = mounts.iter().map(|mount| mount.guest.as_str());
    check_working_directory(path, locations.clone())?;
    let absolute = normalise("/", path).unwrap_or_default();
    let is_directory = absolute == "/"
        || match find_in(mounts, &absolute) {
            Ok(Found::Junction) => true,
            Ok(Found::Place(place)) => {
                let metadata = place.directory.metadata(&place.path);
                metadata.is_ok_and(|metadata| metadata.is_dir())
            }
            Err(_) => false,
        };
    let locations: Vec<String> = locations.map(str::to_owned).collect();
    is_directory.then_some(()).ok_or_else(|| refused(path, &locations))
}

fn refused(path: &str, locations: &[String]) -> StartError {
    StartError::WorkingDirectory {
        path: path.into(),
        seen: match locations {
            [] => "nothing but /".into(),
            _ => locations.join(", "),
        },
    }
}

/// The part of `path` below the directory `parent`; both normalised.
pub(super) fn below<'a>(path: &'a str, parent: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(parent.trim_end_matches('/'))?;
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_prefix('/')
    }
}

/// `path`, relative to the absolute `directory` if it is relative, without `.`, `..` and doubled slashes. `None` for a NUL byte.
fn normalise(directory: &str, path: &str) -> Option<String> {
    if path.contains('\0') {
        return None;
    }
    let start = if path.starts_with('/') { "" } else { directory };
    let mut parts: Vec<&str> = Vec::new();
    for part in start.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(format!("/{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalised() {
        assert_eq!(normalise("/work", "a/../b//./c").as_deref(), Some("/work/b/c"));
        assert_eq!(normalise("/work", "/../../etc").as_deref(), Some("/etc"));
        assert_eq!(normalise("/work", "../..").as_deref(), Some("/"));
        assert_eq!(normalise("/", "a\0b"), None);
    }

    #[test]
    fn a_working_directory_lies_in_a_mount_or_leads_to_one() {
        let check = |path, locations: &[&'static str]| check_working_directory(path, locations.iter().copied());
        for (path, locations) in [
            ("/", &[][..]),
            ("/data/", &["/data"]),
            ("/data/any/where", &["/out", "/data/"]),
            ("/in", &["/in/data"]),
            ("/data/../any", &["/"]),
        ] {
            assert_eq!(check(path, locations), Ok(()), "{path}");
        }
        for path in ["", "data", "./", "/database", "/data/../etc", "/data\0"] {
            let message = check(path, &["/data", "/out"]).unwrap_err().to_string();
            assert_eq!(
                message,
                format!(
                    "{path:?} is no directory of the program: choose an absolute path of one that exists; it sees /data, /out"
                )
            );
        }
        assert!(
            check("/data", &[])
                .unwrap_err()
                .to_string()
                .ends_with("it sees nothing but /")
        );
    }

    #[test]
    fn a_mount_is_matched_by_whole_names() {
        assert_eq!(below("/data/x", "/data"), Some("x"));
        assert_eq!(below("/data", "/data"), Some(""));
        assert_eq!(below("/database", "/data"), None);
        assert_eq!(below("/etc/passwd", "/"), Some("etc/passwd"));
    }
}
