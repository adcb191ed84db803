//! File descriptors and the system calls on them.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use cap_std::fs::OpenOptions;

use super::errno::Errno;
use super::mount::{Found, Mount, Mounts, Place};
use super::private::{Changed, Changes, Handle};
use super::status::Status;
use crate::cancel::Cancel;
use crate::host::{Host, Stream};
use crate::limits::{Allowance, Limit, Limits};

/// `openat` relative to the working directory.
pub(crate) const AT_FDCWD: i64 = -100;
/// `unlinkat` removes a directory.
const AT_REMOVEDIR: u64 = 0x200;

pub(super) const O_ACCMODE: u64 = 3;
pub(crate) const O_WRONLY: u64 = 1;
pub(crate) const O_RDWR: u64 = 2;
pub(crate) const O_CREAT: u64 = 0o100;
pub(super) const O_EXCL: u64 = 0o200;
pub(crate) const O_TRUNC: u64 = 0o1000;
pub(crate) const O_APPEND: u64 = 0o2000;
pub(super) const O_DIRECTORY: u64 = 0o200000;
const O_NOFOLLOW: u64 = 0o400000;

/// Descriptors a process may have open at once.
const MOST_DESCRIPTORS: i32 = 1024;
/// What a file or directory costs of the bytes that may be written, besides its contents: about what it takes of a disk.
pub(super) const ENTRY_COST: u64 = 4096;

#[derive(Debug)]
pub(super) enum Open {
    Input,
    Output(Stream),
    File {
        handle: Handle,
        /// The guest's absolute path.
        path: String,
        flags: u64,
    },
    /// The guest's path, and the entries once they have been asked for.
    Directory {
        path: String,
        entries: Option<Vec<(String, u8)>>,
        listed: usize,
    },
}

/// The open files of a process.
pub(crate) struct Files {
    pub(super) open: BTreeMap<i32, Open>,
    pub(super) mounts: Mounts,
    /// Changes that do not reach the host.
    pub(super) changes: Option<Changes>,
    /// Bytes that may still be written to files of the host.
    pub(super) writable: Allowance,
    /// Most descriptors open at once before the run ends.
    pub(super) most_open: u64,
    pub(super) cancel: Cancel,
}

impl Files {
    pub(crate) fn new(mounts: Vec<Mount>, working_directory: &str, limits: &Limits, cancel: &Cancel) -> Self {
        let open = BTreeMap::from([
            (0, Open::Input),
            (1, Open::Output(Stream::Output)),
            (2, Open::Output(Stream::Error)),
        ]);
        Files {
            open,
            mounts: Mounts::new(mounts, working_directory),
            changes: None,
            writable: Allowance::new(limits.written_bytes, Limit::WrittenBytes, cancel),
            most_open: limits.open_files.unwrap_or(u64::MAX),
            cancel: cancel.clone(),
        }
    }

    fn get(&mut self, descriptor: i32) -> Result<&mut Open, Errno> {
        self.open.get_mut(&descriptor).ok_or(Errno::EBADF)
    }

    fn file(&mut self, descriptor: i32) -> Result<&mut Handle, Errno> {
        match self.get(descriptor)? {
            Open::File { handle, .. } => Ok(handle),
            Open::Directory { .. } => Err(Errno::EISDIR),
            Open::Input | Open::Output(_) => Err(Errno::ESPIPE),
        }
    }

    /// Whether one more may be opened; stops the run if not.
    fn admit(&self) -> Result<(), Errno> {
        if self.open.len() as u64 >= self.most_open {
            self.cancel.stop(Limit::OpenFiles);
            return Err(Errno::EMFILE);
        }
        Ok(())
    }

    /// Takes `bytes` of what may be written to the host's files; `ENOSPC`, which the guest does not live to see, if that is too much.
    pub(super) fn charge(&mut self, bytes: u64) -> Result<(), Errno> {
        if self.writable.take(bytes) {
            Ok(())
        } else {
            Err(Errno::ENOSPC)
        }
    }

    pub(super) fn insert(&mut self, open: Open, least: i32) -> Result<i32, Errno> {
        self.admit()?;
        let free = (least..MOST_DESCRIPTORS)
            .find(|number| !self.open.contains_key(number))
            .ok_or(Errno::EMFILE)?;
        self.open.insert(free, open);
        Ok(free)
    }

    pub(crate) fn open(&mut self, directory: i64, path: &str, flags: u64) -> Result<i32, Errno> {
        let path = self.resolve(directory, path)?;
        let wants_write = flags & O_ACCMODE != 0 || flags & (O_CREAT | O_TRUNC) != 0;
        let place = match self.mounts.find(&path)? {
            Found::Place(place) => place,
            Found::Junction if wants_write => return Err(Errno::EISDIR),
            Found::Junction => return self.open_directory(self.mounts.absolute(&path)?),
        };
        let absolute = self.mounts.absolute(&path)?;
        let will_change = wants_write && place.writable && !place.directory.is_dir(&place.path);
        if self.changed(&absolute).is_some() || will_change && self.is_private() {
            return self.open_private(&path, flags);
        }
        if flags & O_NOFOLLOW != 0
            && place
                .directory
                .symlink_metadata(&place.path)
                .is_ok_and(|metadata| metadata.is_symlink())
        {
            return Err(Errno::ELOOP);
        }
        let metadata = place.directory.metadata(&place.path);
        if metadata.is_ok() && flags & O_CREAT != 0 && flags & O_EXCL != 0 {
            return Err(Errno::EEXIST);
        }
        if metadata.as_ref().is_ok_and(|metadata| metadata.is_dir()) {
            if wants_write {
                return Err(Errno::EISDIR);
            }
            place.directory.open_dir(&place.path)?;
            return self.open_directory(absolute);
        }
        if flags & O_DIRECTORY != 0 {
            return Err(if metadata.is_ok() {
                Errno::ENOTDIR
            } else {
                Errno::ENOENT
            });
        }
        if path.ends_with('/') {
            return Err(if metadata.is_ok() {
                Errno::ENOTDIR
            } else if flags & O_CREAT != 0 {
                Errno::EISDIR
            } else {
                Errno::ENOENT
            });
        }
        // Opening a pipe waits for its other end, and a device does what it likes.
        if metadata.as_ref().is_ok_and(|metadata| !metadata.is_file()) {
            return Err(Errno::EACCES);
        }
        if wants_write && !place.writable {
            return Err(if metadata.is_err() && flags & O_CREAT == 0 {
                Errno::ENOENT
            } else {
                Errno::EROFS
            });
        }
        let mode = flags & O_ACCMODE;
        let mut options = OpenOptions::new();
        // A file that is created must be opened for writing on the host, whatever the guest may do with it.
        options
            .read(mode != O_WRONLY)
            .write(mode == O_WRONLY || mode == O_RDWR || flags & (O_CREAT | O_TRUNC) != 0 && place.writable);
        if flags & O_CREAT != 0 {
            if flags & O_EXCL != 0 {
                options.create_new(true)
            } else {
                options.create(true)
            };
        }
        options.truncate(flags & O_TRUNC != 0);
        if metadata.is_err() && flags & O_CREAT != 0 && !self.writable.take(ENTRY_COST) {
            return Err(Errno::ENOSPC);
        }
        let file = place.directory.open_with(&place.path, &options)?;
        self.insert(
            Open::File {
                handle: Handle::Host(Arc::new(file)),
                path: absolute,
                flags: flags & (O_ACCMODE | O_APPEND),
            },
            0,
        )
    }

    pub(super) fn open_directory(&mut self, path: String) -> Result<i32, Errno> {
        let open = Open::Directory {
            path,
            entries: None,
            listed: 0,
        };
        self.insert(open, 0)
    }

    /// A guest path for one that may be relative to an open directory.
    fn resolve(&mut self, directory: i64, path: &str) -> Result<String, Errno> {
        if path.is_empty() {
            return Err(Errno::ENOENT);
        }
        if path.starts_with('/') || directory == AT_FDCWD {
            return Ok(path.to_owned());
        }
        match self.get(directory as i32)? {
            Open::Directory { path: base, .. } => Ok(format!("{base}/{path}")),
            _ => Err(Errno::ENOTDIR),
        }
    }

    pub(crate) fn close(&mut self, descriptor: i32) -> Result<(), Errno> {
        self.open.remove(&descriptor).map(drop).ok_or(Errno::EBADF)
    }

    pub(crate) fn read(&mut self, host: &mut dyn Host, descriptor: i32, buffer: &mut [u8]) -> Result<usize, Errno> {
        match self.get(descriptor)? {
            Open::Input => Ok(host.read_input(buffer)?),
            Open::File { flags, .. } if *flags & O_ACCMODE == O_WRONLY => Err(Errno::EBADF),
            Open::File { handle, .. } => Ok(handle.read(buffer)?),
            Open::Directory { .. } => Err(Errno::EISDIR),
            Open::Output(_) => Err(Errno::EBADF),
        }
    }

    /// `Err(None)` for a pipe that nobody reads: the process gets `SIGPIPE`.
    pub(crate) fn write(&mut self, host: &mut dyn Host, descriptor: i32, bytes: &[u8]) -> Result<usize, Option<Errno>> {
        match self.open.get_mut(&descriptor).ok_or(Errno::EBADF)? {
            Open::Output(stream) => match host.write(*stream, bytes) {
                Ok(()) => Ok(bytes.len()),
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(None),
                Err(_) => Err(Some(Errno::EIO)),
            },
            Open::File { flags, .. } if *flags & O_ACCMODE == 0 => Err(Some(Errno::EBADF)),
            Open::File { handle, flags, .. } => {
                if *flags & O_APPEND != 0 {
                    handle.seek(SeekFrom::End(0)).map_err(Errno::from)?;
                }
                let allowed = allowed(handle, &mut self.writable, bytes)?;
                Ok(handle.write(allowed).map_err(Errno::from)?)
            }
            Open::Input | Open::Directory { .. } => Err(Some(Errno::EBADF)),
        }
    }

    /// Reads at an offset and leaves the file's position alone.
    pub(super) fn read_at(&mut self, descriptor: i32, buffer: &mut [u8], offset: u64) -> Result<usize, Errno> {
        let file = self.file(descriptor)?;
        let position = file.stream_position()?;
        file.seek(SeekFrom::Start(offset))?;
        let result = file.read(buffer);
        file.seek(SeekFrom::Start(position))?;
        Ok(result?)
    }

    /// Writes at an offset and leaves the file's position alone.
    pub(super) fn write_at(&mut self, descriptor: i32, bytes: &[u8], offset: u64) -> Result<usize, Errno> {
        let Open::File {
            handle: file, flags, ..
        } = self.open.get_mut(&descriptor).ok_or(Errno::EBADF)?
        else {
            return self.file(descriptor).map(|_| 0);
        };
        if *flags & O_ACCMODE == 0 {
            return Err(Errno::EBADF);
        }
        let position = file.stream_position()?;
        file.seek(SeekFrom::Start(offset))?;
        let result = match allowed(file, &mut self.writable, bytes) {
            Ok(bytes) => file.write(bytes),
            Err(_) => Ok(0),
        };
        file.seek(SeekFrom::Start(position))?;
        Ok(result?)
    }

    pub(crate) fn seek(&mut self, descriptor: i32, offset: i64, whence: u64) -> Result<u64, Errno> {
        let target = match whence {
            0 => SeekFrom::Start(u64::try_from(offset).map_err(|_| Errno::EINVAL)?),
            1 => SeekFrom::Current(offset),
            2 => SeekFrom::End(offset),
            _ => return Err(Errno::EINVAL),
        };
        if let Open::Directory { entries, listed, .. } = self.get(descriptor)? {
            return match target {
                SeekFrom::Start(entry) => {
                    *listed = entry as usize;
                    if entry == 0 {
                        *entries = None; // rewinddir looks again
                    }
                    Ok(entry)
                }
                _ => Err(Errno::EINVAL),
            };
        }
        Ok(self.file(descriptor)?.seek(target)?)
    }

    /// The size of an open file in bytes.
    pub(crate) fn length(&mut self, descriptor: i32) -> Result<u64, Errno> {
        Ok(self.file(descriptor)?.length()?)
    }

    pub(super) fn truncate(&mut self, descriptor: i32, length: u64) -> Result<(), Errno> {
        if i64::try_from(length).is_err() {
            return Err(Errno::EINVAL);
        }
        let old = self.length(descriptor)?;
        self.charge(length.saturating_sub(old))?;
        Ok(self.file(descriptor)?.set_length(length)?)
    }

    pub(super) fn synchronise(&mut self, descriptor: i32) -> Result<(), Errno> {
        match self.get(descriptor)? {
            Open::File { handle, .. } => Ok(handle.synchronise()?),
            _ => Err(Errno::EINVAL),
        }
    }

    /// A second descriptor for the same open file, the lowest free one from `least`, or exactly `exactly`.
    pub(super) fn duplicate(&mut self, descriptor: i32, least: i32, exactly: Option<i32>) -> Result<i32, Errno> {
        let copy = match self.get(descriptor)? {
            Open::Input => Open::Input,
            Open::Output(stream) => Open::Output(*stream),
            Open::File { handle, path, flags } => Open::File {
                handle: handle.duplicate(),
                path: path.clone(),
                flags: *flags,
            },
            Open::Directory { path, entries, listed } => Open::Directory {
                path: path.clone(),
                entries: entries.clone(),
                listed: *listed,
            },
        };
        if exactly.is_none_or(|number| !self.is_open(number)) {
            self.admit()?;
        }
        match exactly {
            Some(number) if !(0..MOST_DESCRIPTORS).contains(&number) => Err(Errno::EBADF),
            Some(number) => {
                self.open.insert(number, copy);
                Ok(number)
            }
            None if !(0..MOST_DESCRIPTORS).contains(&least) => Err(Errno::EINVAL),
            None => self.insert(copy, least),
        }
    }

    pub(super) fn is_open(&self, descriptor: i32) -> bool {
        self.open.contains_key(&descriptor)
    }

    /// Whether the descriptor is a terminal, to `ioctl(TCGETS)` and so to `isatty`.
    pub(crate) fn is_terminal(&mut self, host: &dyn Host, descriptor: i32) -> Result<bool, Errno> {
        Ok(match self.get(descriptor)? {
            Open::Input => host.is_terminal(None),
            Open::Output(stream) => host.is_terminal(Some(*stream)),
            Open::File { .. } | Open::Directory { .. } => false,
        })
    }

    /// `EBADF` unless the descriptor is open.
    pub(super) fn check_open(&self, descriptor: i32) -> Result<(), Errno> {
        if self.is_open(descriptor) {
            Ok(())
        } else {
            Err(Errno::EBADF)
        }
    }

    /// What `F_GETFL` says: access mode and `O_APPEND`.
    pub(super) fn flags(&mut self, descriptor: i32) -> Result<u64, Errno> {
        Ok(match self.get(descriptor)? {
            Open::Input | Open::Output(_) => O_RDWR,
            Open::File { flags, .. } => *flags,
            Open::Directory { .. } => O_DIRECTORY,
        })
    }

    pub(super) fn status(&mut self, host: &dyn Host, descriptor: i32) -> Result<Status, Errno> {
        match self.get(descriptor)? {
            Open::Input => Ok(Status::stream(descriptor, host.is_terminal(None))),
            Open::Output(stream) => Ok(Status::stream(descriptor, host.is_terminal(Some(*stream)))),
            Open::File { handle, .. } => match handle {
                Handle::Host(file) => Ok(Status::of(&file.metadata()?)),
                Handle::Private(_) => Ok(Status::file(handle.length()?)),
            },
            Open::Directory { path, .. } => {
                let path = path.clone();
                self.status_at(AT_FDCWD, &path, false)
            }
        }
    }

    pub(super) fn status_at(&mut self, directory: i64, path: &str, no_follow: bool) -> Result<Status, Errno> {
        let path = self.resolve(directory, path)?;
        let place = match self.mounts.find(&path)? {
            Found::Junction => return Ok(Status::directory()),
            Found::Place(place) => place,
        };
        match self.changed(&self.mounts.absolute(&path)?) {
            Some(Changed::Removed) => return Err(Errno::ENOENT),
            Some(Changed::File(_)) if path.ends_with('/') => return Err(Errno::ENOTDIR),
            Some(Changed::File(length)) => return Ok(Status::file(length)),
            Some(Changed::Directory) => return Ok(Status::directory()),
            None => {}
        }
        let metadata = if no_follow && !path.ends_with('/') {
            place.directory.symlink_metadata(&place.path)?
        } else {
            place.directory.metadata(&place.path)?
        };
        if path.ends_with('/') && !metadata.is_dir() {
            return Err(Errno::ENOTDIR);
        }
        Ok(Status::of(&metadata))
    }

    /// `ENOENT` unless the path exists.
    pub(super) fn exists(&mut self, path: &str) -> Result<(), Errno> {
        self.status_at(AT_FDCWD, path, false).map(drop)
    }

    /// The text of a symbolic link.
    pub(super) fn read_link(&mut self, directory: i64, path: &str) -> Result<Vec<u8>, Errno> {
        let path = self.resolve(directory, path)?;
        match self.changed(&self.mounts.absolute(&path)?) {
            Some(Changed::Removed) => return Err(Errno::ENOENT),
            Some(_) => return Err(Errno::EINVAL),
            None => {}
        }
        match self.mounts.find(&path)? {
            Found::Junction => Err(Errno::EINVAL),
            Found::Place(place) => {
                let target = place.directory.read_link_contents(&place.path)?;
                Ok(target.into_os_string().into_encoded_bytes())
            }
        }
    }

    /// Whether the path exists and, if asked for (`W_OK` in `mode`), may be written.
    pub(super) fn access(&mut self, directory: i64, path: &str, mode: u64) -> Result<(), Errno> {
        const W_OK: u64 = 2;
        if mode & !7 != 0 {
            return Err(Errno::EINVAL);
        }
        self.status_at(directory, path, false)?;
        let path = self.resolve(directory, path)?;
        match self.mounts.find(&path)? {
            Found::Place(place) if place.writable || mode & W_OK == 0 => Ok(()),
            Found::Junction if mode & W_OK == 0 => Ok(()),
            _ => Err(Errno::EROFS),
        }
    }

    /// A place that is about to be changed.
    pub(super) fn writable(&self, path: &str) -> Result<Place<'_>, Errno> {
        match self.mounts.find(path)? {
            Found::Place(place) if place.writable => Ok(place),
            _ => Err(Errno::EROFS),
        }
    }

    pub(super) fn truncate_path(&mut self, path: &str, length: u64) -> Result<(), Errno> {
        if i64::try_from(length).is_err() {
            return Err(Errno::EINVAL);
        }
        self.exists(path)?;
        let place = self.writable(path)?;
        if self.is_private() {
            return self.truncate_private(path, length);
        }
        let metadata = place.directory.metadata(&place.path)?;
        if metadata.is_dir() {
            return Err(Errno::EISDIR);
        }
        if !metadata.is_file() {
            return Err(Errno::EACCES);
        }
        let file = place.directory.open_with(&place.path, OpenOptions::new().write(true))?;
        self.charge(length.saturating_sub(file.metadata()?.len()))?;
        Ok(file.set_len(length)?)
    }

    /// `fallocate` without special modes: the file is at least that long.
    pub(super) fn allocate(&mut self, descriptor: i32, mode: u64, offset: u64, length: u64) -> Result<(), Errno> {
        if mode != 0 {
            return Err(Errno::EOPNOTSUPP);
        }
        let end = offset
            .checked_add(length)
            .filter(|&end| length > 0 && i64::try_from(end).is_ok())
            .ok_or(Errno::EINVAL)?;
        let old = self.length(descriptor)?;
        if old < end {
            self.charge(end - old)?;
            self.file(descriptor)?.set_length(end)?;
        }
        Ok(())
    }

    /// `chdir`.
    pub(super) fn change_directory(&mut self, path: &str) -> Result<(), Errno> {
        if !self.status_at(AT_FDCWD, path, false)?.is_directory() {
            return Err(Errno::ENOTDIR);
        }
        self.mounts.change_directory(path)
    }

    /// `fchdir`.
    pub(super) fn change_to_descriptor(&mut self, descriptor: i32) -> Result<(), Errno> {
        match self.get(descriptor)? {
            Open::Directory { path, .. } => {
                let path = path.clone();
                self.change_directory(&path)
            }
            _ => Err(Errno::ENOTDIR),
        }
    }

    pub(super) fn make_directory(&mut self, directory: i64, path: &str) -> Result<(), Errno> {
        let path = self.resolve(directory, path)?;
        if self.status_at(AT_FDCWD, &path, true).is_ok() {
            return Err(Errno::EEXIST);
        }
        self.writable(&path)?;
        self.charge(ENTRY_COST)?;
        let place = self.writable(&path)?;
        if self.is_private() {
            return self.make_directory_private(&path);
        }
        Ok(place.directory.create_dir(&place.path)?)
    }

    pub(crate) fn unlink(&mut self, directory: i64, path: &str, flags: u64) -> Result<(), Errno> {
        let path = self.resolve(directory, path)?;
        let is_directory = self.status_at(AT_FDCWD, &path, true)?.is_directory();
        let place = self.writable(&path)?;
        match (flags & AT_REMOVEDIR != 0, is_directory) {
            (true, true) if place.path == "." => Err(Errno::EBUSY),
            (true, false) => Err(Errno::ENOTDIR),
            (false, true) => Err(Errno::EISDIR),
            _ if self.is_private() => self.remove_private(&path, is_directory),
            (true, true) => Ok(place.directory.remove_dir(&place.path)?),
            (false, false) => Ok(place.directory.remove_file(&place.path)?),
        }
    }

    pub(crate) fn rename(&mut self, from: (i64, &str), to: (i64, &str)) -> Result<(), Errno> {
        let from = self.resolve(from.0, from.1)?;
        let to = self.resolve(to.0, to.1)?;
        self.status_at(AT_FDCWD, &from, true)?;
        let (old, new) = (self.writable(&from)?, self.writable(&to)?);
        if !std::ptr::eq(old.directory, new.directory) {
            return Err(Errno::EXDEV);
        }
        if self.is_private() {
            return self.rename_private(&from, &to);
        }
        Ok(old.directory.rename(&old.path, new.directory, &new.path)?)
    }

    /// `getdents64`: as many entries as fit into `capacity` bytes, as `struct linux_dirent64`.
    pub(super) fn list(&mut self, descriptor: i32, capacity: usize) -> Result<Vec<u8>, Errno> {
        let Open::Directory {
            path, entries: known, ..
        } = self.get(descriptor)?
        else {
            return Err(Errno::ENOTDIR);
        };
        let names = match known.take() {
            Some(names) => names,
            None => {
                let path = path.clone();
                self.entries(&path)?
            }
        };
        let Open::Directory { entries, listed, .. } = self.get(descriptor)? else {
            return Err(Errno::ENOTDIR);
        };
        let names = &*entries.insert(names);
        let mut bytes = Vec::new();
        for (number, (name, kind)) in names.iter().enumerate().skip(*listed) {
            let size = (19 + name.len() + 1).next_multiple_of(8);
            if bytes.len() + size > capacity {
                if bytes.is_empty() {
                    return Err(Errno::EINVAL);
                }
                break;
            }
            let end = bytes.len() + size;
            bytes.extend((number as u64 + 1).to_le_bytes());
            bytes.extend((number as u64 + 1).to_le_bytes());
            bytes.extend((size as u16).to_le_bytes());
            bytes.push(*kind);
            bytes.extend(name.as_bytes());
            bytes.resize(end, 0);
            *listed = number + 1;
        }
        Ok(bytes)
    }
}

/// As many of `bytes` as may be written at the file's position. The hole that they leave behind its end counts, whether the host's
/// file system stores it or not.
fn allowed<'b>(file: &mut Handle, writable: &mut Allowance, bytes: &'b [u8]) -> Result<&'b [u8], Errno> {
    let hole = file.stream_position()?.saturating_sub(file.length()?);
    if !writable.take(hole) {
        return Err(Errno::ENOSPC);
    }
    Ok(&bytes[..writable.take_some(bytes.len() as u64) as usize])
}
