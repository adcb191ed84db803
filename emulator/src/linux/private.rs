//! Files that an execution of a Reference task writes: seen by nobody else.
//!
//! A task makes many executions of one program, and the world shall change once. So from the first draw on nothing that an
//! execution does to a writable mount reaches the host: what it creates, writes, renames or removes is kept here, over the files of
//! the host as they are. Those of the first execution are carried out when all have ended ([`Files::carry_out`]), those of the
//! others are forgotten.
//!
//! A changed file is known by its path as text; a symbolic link to it is not followed here.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cap_std::fs::{File, FileExt as _};

use super::errno::Errno;
use super::files::{AT_FDCWD, ENTRY_COST, Files, O_ACCMODE, O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_TRUNC, Open};
use super::mount::{DT_DIR, DT_REG, Found, Mounts, Place, below};

/// What an execution has made of a path.
enum Change {
    File(Shared<Contents>),
    Directory,
    Removed,
}

/// Seen through every descriptor of a file, or the position that duplicated descriptors share.
type Shared<T> = Arc<Mutex<T>>;

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic in between leaves plain bytes and numbers, as good as before.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn shared<T>(value: T) -> Shared<T> {
    Arc::new(Mutex::new(value))
}

/// The bytes of a file.
#[derive(Debug, Clone)]
enum Contents {
    /// Those of the host, which are only read.
    Host(Arc<File>),
    /// Changed ones; executions share what none of them has changed since the first draw.
    Own(Arc<Vec<u8>>),
}

/// What an execution has changed, by absolute path.
pub(super) struct Changes {
    changes: BTreeMap<String, Change>,
    /// Bytes that its files may still take, all together.
    room: Shared<u64>,
}

/// An open file: one of the host, or one whose changes and position are an execution's own.
#[derive(Debug)]
pub(super) enum Handle {
    /// Shared by duplicated descriptors, and so their position.
    Host(Arc<File>),
    Private(PrivateFile),
}

/// An open file of an execution's own.
#[derive(Debug)]
pub(super) struct PrivateFile {
    contents: Shared<Contents>,
    position: Shared<u64>,
    room: Shared<u64>,
}

/// Takes `bytes` of `room`.
fn take(room: &Shared<u64>, bytes: u64) -> io::Result<()> {
    let mut left = lock(room);
    *left = left.checked_sub(bytes).ok_or(io::ErrorKind::StorageFull)?;
    Ok(())
}

impl PrivateFile {
    fn length(&self) -> io::Result<u64> {
        match &*lock(&self.contents) {
            Contents::Host(file) => Ok(file.metadata()?.len()),
            Contents::Own(bytes) => Ok(bytes.len() as u64),
        }
    }

    /// Changes the bytes, which become `length` at least.
    fn change(&self, length: u64, change: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        match &mut *lock(&self.contents) {
            Contents::Own(bytes) => {
                take(&self.room, length.saturating_sub(bytes.len() as u64))?;
                change(Arc::make_mut(bytes));
            }
            Contents::Host(_) => return Err(io::ErrorKind::PermissionDenied.into()),
        }
        Ok(())
    }
}

impl Handle {
    /// The file's length in bytes.
    pub(super) fn length(&self) -> io::Result<u64> {
        match self {
            Handle::Host(file) => Ok(file.metadata()?.len()),
            Handle::Private(file) => file.length(),
        }
    }

    pub(super) fn set_length(&self, length: u64) -> io::Result<()> {
        match self {
            Handle::Host(file) => file.set_len(length),
            Handle::Private(file) => file.change(length, |bytes| bytes.resize(length as usize, 0)),
        }
    }

    pub(super) fn synchronise(&self) -> io::Result<()> {
        match self {
            Handle::Host(file) => file.sync_all(),
            Handle::Private(_) => Ok(()),
        }
    }

    /// Another handle with the same position.
    pub(super) fn duplicate(&self) -> Handle {
        match self {
            Handle::Host(file) => Handle::Host(Arc::clone(file)),
            Handle::Private(file) => Handle::Private(PrivateFile {
                contents: Arc::clone(&file.contents),
                position: Arc::clone(&file.position),
                room: Arc::clone(&file.room),
            }),
        }
    }
}

impl Read for Handle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let file = match self {
            Handle::Host(file) => return (&**file).read(buffer),
            Handle::Private(file) => file,
        };
        let mut position = lock(&file.position);
        let count = match &*lock(&file.contents) {
            Contents::Host(host) => host.read_at(buffer, *position)?,
            Contents::Own(bytes) => {
                let rest = bytes.get(*position as usize..).unwrap_or_default();
                let count = rest.len().min(buffer.len());
                buffer[..count].copy_from_slice(&rest[..count]);
                count
            }
        };
        *position += count as u64;
        Ok(count)
    }
}

impl Write for Handle {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let file = match self {
            Handle::Host(file) => return (&**file).write(data),
            Handle::Private(file) => file,
        };
        let mut position = lock(&file.position);
        let end = position.saturating_add(data.len() as u64);
        file.change(end, |bytes| {
            if bytes.len() < end as usize {
                bytes.resize(end as usize, 0);
            }
            bytes[*position as usize..end as usize].copy_from_slice(data);
        })?;
        *position = end;
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Handle {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let file = match self {
            Handle::Host(file) => return (&**file).seek(to),
            Handle::Private(file) => file,
        };
        let mut position = lock(&file.position);
        let target = match to {
            SeekFrom::Start(target) => Some(target),
            SeekFrom::Current(offset) => position.checked_add_signed(offset),
            SeekFrom::End(offset) => file.length()?.checked_add_signed(offset),
        };
        let target = target.filter(|&target| i64::try_from(target).is_ok());
        *position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(*position)
    }
}

/// A file of the host whose bytes are about to be changed.
fn copy_up(place: &Place<'_>, room: &Shared<u64>) -> Result<Vec<u8>, Errno> {
    let file = place.directory.open(&place.path)?;
    let mut bytes = Vec::new();
    let most = *lock(room);
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    take(room, bytes.len() as u64)?;
    Ok(bytes)
}

/// What a path is, as far as an execution has changed it.
pub(super) enum Changed {
    /// A file of this length.
    File(u64),
    Directory,
    Removed,
}

/// One copy for each original: descriptors that share something go on sharing it.
struct Copies<T>(HashMap<*const Mutex<T>, Shared<T>>);

impl<T: Clone> Copies<T> {
    fn of(&mut self, original: &Shared<T>) -> Shared<T> {
        let copy = self.0.entry(Arc::as_ptr(original));
        Arc::clone(copy.or_insert_with(|| shared(lock(original).clone())))
    }
}

impl Files {
    /// From now on changes are kept here, `most_bytes` at most. Files that are open go on where they stand.
    pub(super) fn make_private(&mut self, most_bytes: u64) {
        let (mut changes, room) = match self.changes.take() {
            Some(Changes { changes, room }) => (changes, room),
            None => (BTreeMap::new(), shared(most_bytes)),
        };
        let mut positions: HashMap<*const File, Shared<u64>> = HashMap::new();
        // Those that are written come first: others may read the same files.
        for written in [true, false] {
            for open in self.open.values_mut() {
                let Open::File { handle, path, flags } = open else {
                    continue;
                };
                let Handle::Host(file) = &*handle else { continue };
                // What has no position (a pipe) has nothing to go back to either.
                let (true, Ok(position)) = ((*flags & O_ACCMODE != 0) == written, (&**file).stream_position()) else {
                    continue;
                };
                let position = positions.entry(Arc::as_ptr(file)).or_insert_with(|| shared(position));
                let position = Arc::clone(position);
                let contents = match changes.get(path.as_str()) {
                    Some(Change::File(contents)) => Arc::clone(contents),
                    _ if !written => shared(Contents::Host(Arc::clone(file))),
                    _ => {
                        // The handle may be one that cannot read. What has been removed meanwhile begins anew.
                        let bytes = match self.mounts.find(path) {
                            Ok(Found::Place(place)) => copy_up(&place, &room).unwrap_or_default(),
                            _ => Vec::new(),
                        };
                        let contents = shared(Contents::Own(Arc::new(bytes)));
                        changes.insert(path.clone(), Change::File(Arc::clone(&contents)));
                        contents
                    }
                };
                *handle = Handle::Private(PrivateFile {
                    contents,
                    position,
                    room: Arc::clone(&room),
                });
            }
        }
        self.changes = Some(Changes { changes, room });
    }

    /// The same files for another execution: neither sees what the other does from now on.
    pub(super) fn fork(&self) -> Files {
        let (mut contents, mut numbers) = (Copies(HashMap::new()), Copies(HashMap::new()));
        let open = self.open.iter().map(|(&descriptor, open)| {
            let open = match open {
                Open::Input => Open::Input,
                Open::Output(stream) => Open::Output(*stream),
                Open::Directory { path, entries, listed } => Open::Directory {
                    path: path.clone(),
                    entries: entries.clone(),
                    listed: *listed,
                },
                Open::File { handle, path, flags } => Open::File {
                    handle: match handle {
                        Handle::Host(file) => Handle::Host(Arc::clone(file)),
                        Handle::Private(file) => Handle::Private(PrivateFile {
                            contents: contents.of(&file.contents),
                            position: numbers.of(&file.position),
                            room: numbers.of(&file.room),
                        }),
                    },
                    path: path.clone(),
                    flags: *flags,
                },
            };
            (descriptor, open)
        });
        let open = open.collect();
        let changes = self.changes.as_ref().map(|changes| {
            let copied = changes.changes.iter().map(|(path, change)| {
                let change = match change {
                    Change::File(file) => Change::File(contents.of(file)),
                    Change::Directory => Change::Directory,
                    Change::Removed => Change::Removed,
                };
                (path.clone(), change)
            });
            Changes {
                changes: copied.collect(),
                room: numbers.of(&changes.room),
            }
        });
        Files {
            open,
            mounts: self.mounts.clone(),
            changes,
            writable: self.writable.clone(),
            most_open: self.most_open,
            cancel: self.cancel.clone(),
        }
    }

    /// Does to the host what was kept here. Returns what could not be done.
    pub(super) fn carry_out(&mut self) -> Vec<String> {
        let Some(changes) = self.changes.take() else {
            return Vec::new();
        };
        let mut failures = Vec::new();
        let mut carry_out = |path: &str, change: &Change| {
            let Ok(Found::Place(place)) = self.mounts.find(path) else {
                return;
            };
            let done = match change {
                Change::Removed if place.directory.symlink_metadata(&place.path).is_err() => Ok(()),
                Change::Removed => place
                    .directory
                    .remove_file(&place.path)
                    .or_else(|_| place.directory.remove_dir(&place.path)),
                Change::Directory if place.directory.is_dir(&place.path) => Ok(()),
                Change::Directory => place.directory.create_dir(&place.path),
                Change::File(contents) => match &*lock(contents) {
                    Contents::Own(bytes) => place.directory.write(&place.path, &**bytes),
                    Contents::Host(_) => Ok(()),
                },
            };
            if let Err(error) = done {
                failures.push(format!("{path}: {error}"));
            }
        };
        // What is in a folder goes before it, and comes after it.
        for (path, change) in changes.changes.iter().rev() {
            if let Change::Removed = change {
                carry_out(path, change);
            }
        }
        for (path, change) in &changes.changes {
            if !matches!(change, Change::Removed) {
                carry_out(path, change);
            }
        }
        failures
    }

    /// What an execution has made of an absolute path.
    pub(super) fn changed(&self, path: &str) -> Option<Changed> {
        match self.changes.as_ref()?.changes.get(path)? {
            Change::File(contents) => Some(Changed::File(match &*lock(contents) {
                Contents::Own(bytes) => bytes.len() as u64,
                Contents::Host(_) => 0,
            })),
            Change::Directory => Some(Changed::Directory),
            Change::Removed => Some(Changed::Removed),
        }
    }

    /// Whether changes are kept here.
    pub(super) fn is_private(&self) -> bool {
        self.changes.is_some()
    }

    /// Opens a file that has been changed, or that may be now, as `open` does with these flags.
    pub(super) fn open_private(&mut self, path: &str, flags: u64) -> Result<i32, Errno> {
        let absolute = self.mounts.absolute(path)?;
        let status = self.status_at(AT_FDCWD, path, false);
        if status.is_ok() && flags & O_CREAT != 0 && flags & O_EXCL != 0 {
            return Err(Errno::EEXIST);
        }
        if status.is_ok_and(|status| status.is_directory()) {
            // Only one made by this execution gets here.
            return if flags & O_ACCMODE != 0 || flags & (O_CREAT | O_TRUNC) != 0 {
                Err(Errno::EISDIR)
            } else {
                self.open_directory(absolute)
            };
        }
        if flags & O_DIRECTORY != 0 {
            return Err(status.map_or(Errno::ENOENT, |_| Errno::ENOTDIR));
        }
        let contents = match status {
            Ok(_) => self.own(path, flags & O_TRUNC != 0)?,
            Err(Errno::ENOENT) if flags & O_CREAT != 0 && !path.ends_with('/') => self.create(path)?,
            Err(errno) => return Err(errno),
        };
        let open = Open::File {
            handle: Handle::Private(self.private_file(contents)?),
            path: absolute,
            flags: flags & (O_ACCMODE | O_APPEND),
        };
        self.insert(open, 0)
    }

    /// An open file with these contents.
    fn private_file(&self, contents: Shared<Contents>) -> Result<PrivateFile, Errno> {
        let changes = self.changes.as_ref().ok_or(Errno::EROFS)?;
        Ok(PrivateFile {
            contents,
            position: shared(0),
            room: Arc::clone(&changes.room),
        })
    }

    /// A new, empty file.
    fn create(&mut self, path: &str) -> Result<Shared<Contents>, Errno> {
        self.check_new(path)?;
        self.charge(ENTRY_COST)?;
        let contents = shared(Contents::Own(Arc::default()));
        self.change(path, Change::File(Arc::clone(&contents)))?;
        Ok(contents)
    }

    /// `ENOENT` or another error unless a new file can stand there.
    fn check_new(&mut self, path: &str) -> Result<(), Errno> {
        self.writable(path)?;
        let absolute = self.mounts.absolute(path)?;
        let parent = absolute.rsplit_once('/').map_or("", |(parent, _)| parent);
        if self.status_at(AT_FDCWD, &format!("{parent}/."), false)?.is_directory() {
            Ok(())
        } else {
            Err(Errno::ENOTDIR)
        }
    }

    /// The bytes of an existing file, to be changed: those of the host, unless all of them will go.
    fn own(&mut self, path: &str, empty: bool) -> Result<Shared<Contents>, Errno> {
        let absolute = self.mounts.absolute(path)?;
        let Some(changes) = &self.changes else {
            return Err(Errno::EROFS);
        };
        if let Some(Change::File(contents)) = changes.changes.get(&absolute) {
            if empty {
                *lock(contents) = Contents::Own(Arc::default());
            }
            return Ok(Arc::clone(contents));
        }
        let place = self.writable(path)?;
        let bytes = if empty {
            Vec::new()
        } else {
            copy_up(&place, &changes.room)?
        };
        let contents = shared(Contents::Own(Arc::new(bytes)));
        self.change(path, Change::File(Arc::clone(&contents)))?;
        Ok(contents)
    }

    fn change(&mut self, path: &str, change: Change) -> Result<(), Errno> {
        let absolute = self.mounts.absolute(path)?;
        if let Some(changes) = &mut self.changes {
            take(&changes.room, ENTRY_COST)?;
            changes.changes.insert(absolute, change);
        }
        Ok(())
    }

    /// `truncate` of a file that exists.
    pub(super) fn truncate_private(&mut self, path: &str, length: u64) -> Result<(), Errno> {
        let contents = self.own(path, false)?;
        let file = self.private_file(contents)?;
        self.charge(length.saturating_sub(file.length()?))?;
        Ok(Handle::Private(file).set_length(length)?)
    }

    pub(super) fn make_directory_private(&mut self, path: &str) -> Result<(), Errno> {
        self.check_new(path.trim_end_matches('/'))?;
        self.change(path, Change::Directory)
    }

    /// Removes what exists.
    pub(super) fn remove_private(&mut self, path: &str, is_directory: bool) -> Result<(), Errno> {
        self.writable(path)?;
        // `.` and `..` are always there.
        if is_directory && self.entries(path)?.len() > 2 {
            return Err(Errno::ENOTEMPTY);
        }
        self.change(path, Change::Removed)
    }

    /// Renames a file that exists; folders cannot be, as in the overlays of Linux.
    pub(super) fn rename_private(&mut self, from: &str, to: &str) -> Result<(), Errno> {
        if self.status_at(AT_FDCWD, from, true)?.is_directory() {
            return Err(Errno::EXDEV);
        }
        if self
            .status_at(AT_FDCWD, to, true)
            .is_ok_and(|status| status.is_directory())
        {
            return Err(Errno::EISDIR);
        }
        self.check_new(to)?;
        let contents = self.own(from, false)?;
        self.change(from, Change::Removed)?;
        self.change(to, Change::File(contents))
    }

    /// The names in a directory, as [`Mounts::entries`](super::mount::Mounts::entries) gives them.
    pub(super) fn entries(&self, path: &str) -> Result<Vec<(String, u8)>, Errno> {
        let absolute = self.mounts.absolute(path)?;
        let made_here = matches!(self.changed(&absolute), Some(Changed::Directory));
        let names = if made_here {
            Mounts::dots().into()
        } else {
            self.mounts.entries(path)?
        };
        let Some(changes) = &self.changes else { return Ok(names) };
        let mut names: Vec<(String, u8)> = names;
        let rest = names.split_off(2);
        let mut rest: BTreeMap<String, u8> = rest.into_iter().collect();
        for (path, change) in &changes.changes {
            let Some(name) = below(path, &absolute).filter(|name| !name.is_empty() && !name.contains('/')) else {
                continue;
            };
            match change {
                Change::File(_) => rest.insert(name.to_owned(), DT_REG),
                Change::Directory => rest.insert(name.to_owned(), DT_DIR),
                Change::Removed => rest.remove(name),
            };
        }
        names.extend(rest);
        Ok(names)
    }
}
