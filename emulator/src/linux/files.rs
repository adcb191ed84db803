//! File descriptors and the system calls on them.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom, Write};

use cap_std::fs::{Dir, File, Metadata, OpenOptions};

use super::errno::Errno;
use super::mount::{Mount, Mounts};
use crate::host::{Host, Stream};

/// `openat` relative to the working directory.
pub(crate) const AT_FDCWD: i64 = -100;
/// `newfstatat` of the descriptor itself.
pub(super) const AT_EMPTY_PATH: u64 = 0x1000;
/// `unlinkat` removes a directory.
const AT_REMOVEDIR: u64 = 0x200;

const O_ACCMODE: u64 = 3;
pub(crate) const O_WRONLY: u64 = 1;
pub(crate) const O_RDWR: u64 = 2;
pub(crate) const O_CREAT: u64 = 0o100;
const O_EXCL: u64 = 0o200;
pub(crate) const O_TRUNC: u64 = 0o1000;
pub(crate) const O_APPEND: u64 = 0o2000;
const O_DIRECTORY: u64 = 0o200000;

/// Descriptors a process may have open at once.
const MOST_DESCRIPTORS: i32 = 1024;

/// Bytes of `struct stat` on RISC-V (asm-generic/stat.h).
pub(super) const STAT_SIZE: u64 = 128;

#[derive(Debug)]
enum Open {
    Input,
    Output(Stream),
    File { file: File, append: bool },
    Directory { directory: Dir, listed: usize },
}

/// The open files of a process.
pub(crate) struct Files {
    open: BTreeMap<i32, Open>,
    pub(super) mounts: Mounts,
}

impl Files {
    pub(crate) fn new(mounts: Vec<Mount>, working_directory: &str) -> Self {
        let open = BTreeMap::from([
            (0, Open::Input),
            (1, Open::Output(Stream::Output)),
            (2, Open::Output(Stream::Error)),
        ]);
        Files { open, mounts: Mounts::new(mounts, working_directory) }
    }

    fn get(&mut self, descriptor: i32) -> Result<&mut Open, Errno> {
        self.open.get_mut(&descriptor).ok_or(Errno::EBADF)
    }

    fn file(&mut self, descriptor: i32) -> Result<&mut File, Errno> {
        match self.get(descriptor)? {
            Open::File { file, .. } => Ok(file),
            Open::Directory { .. } => Err(Errno::EISDIR),
            Open::Input | Open::Output(_) => Err(Errno::ESPIPE),
        }
    }

    fn insert(&mut self, open: Open, least: i32) -> Result<i32, Errno> {
        let free = (least..MOST_DESCRIPTORS).find(|number| !self.open.contains_key(number)).ok_or(Errno::EMFILE)?;
        self.open.insert(free, open);
        Ok(free)
    }

    pub(crate) fn open(&mut self, directory: i64, path: &str, flags: u64) -> Result<i32, Errno> {
        let path = self.resolve(directory, path)?;
        let wants_write = flags & O_ACCMODE != 0 || flags & (O_CREAT | O_TRUNC) != 0;
        let place = self.mounts.locate(&path)?;
        let metadata = place.directory.metadata(&place.path);
        if let Ok(metadata) = &metadata
            && metadata.is_dir()
        {
            if wants_write {
                return Err(Errno::EISDIR);
            }
            let directory = place.directory.open_dir(&place.path)?;
            return self.insert(Open::Directory { directory, listed: 0 }, 0);
        }
        if flags & O_DIRECTORY != 0 {
            return Err(if metadata.is_ok() { Errno::ENOTDIR } else { Errno::ENOENT });
        }
        if wants_write && !place.writable {
            return Err(if metadata.is_err() && flags & O_CREAT == 0 { Errno::ENOENT } else { Errno::EROFS });
        }
        let mode = flags & O_ACCMODE;
        let mut options = OpenOptions::new();
        options.read(mode != O_WRONLY).write(mode == O_WRONLY || mode == O_RDWR);
        if flags & O_CREAT != 0 {
            if flags & O_EXCL != 0 { options.create_new(true) } else { options.create(true) };
        }
        options.truncate(flags & O_TRUNC != 0);
        let file = place.directory.open_with(&place.path, &options)?;
        self.insert(Open::File { file, append: flags & O_APPEND != 0 }, 0)
    }

    /// An absolute guest path for one that may be relative to an open directory.
    fn resolve(&mut self, directory: i64, path: &str) -> Result<String, Errno> {
        if path.starts_with('/') || directory == AT_FDCWD {
            return self.mounts.absolute(path);
        }
        // Directories are opened to be listed; names relative to one are rare, and would need its guest path kept.
        match self.get(directory as i32)? {
            Open::Directory { .. } => Err(Errno::ENOENT),
            _ => Err(Errno::ENOTDIR),
        }
    }

    pub(crate) fn close(&mut self, descriptor: i32) -> Result<(), Errno> {
        self.open.remove(&descriptor).map(drop).ok_or(Errno::EBADF)
    }

    pub(crate) fn read(&mut self, host: &mut dyn Host, descriptor: i32, buffer: &mut [u8]) -> Result<usize, Errno> {
        match self.get(descriptor)? {
            Open::Input => Ok(host.read_input(buffer)?),
            Open::File { file, .. } => Ok(file.read(buffer)?),
            Open::Directory { .. } => Err(Errno::EISDIR),
            Open::Output(_) => Err(Errno::EBADF),
        }
    }

    /// `Err(None)` for a pipe that nobody reads: the process gets `SIGPIPE`.
    pub(crate) fn write(&mut self, host: &mut dyn Host, descriptor: i32, bytes: &[u8]) -> Result<usize, Option<Errno>> {
        match self.get(descriptor)? {
            Open::Output(stream) => match host.write(*stream, bytes) {
                Ok(()) => Ok(bytes.len()),
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(None),
                Err(_) => Err(Some(Errno::EIO)),
            },
            Open::File { file, append } => {
                if *append {
                    file.seek(SeekFrom::End(0)).map_err(Errno::from)?;
                }
                Ok(file.write(bytes).map_err(Errno::from)?)
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
        let file = self.file(descriptor)?;
        let position = file.stream_position()?;
        file.seek(SeekFrom::Start(offset))?;
        let result = file.write(bytes);
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
        if let Open::Directory { listed, .. } = self.get(descriptor)? {
            return match target {
                SeekFrom::Start(entry) => {
                    *listed = entry as usize;
                    Ok(entry)
                }
                _ => Err(Errno::EINVAL),
            };
        }
        Ok(self.file(descriptor)?.seek(target)?)
    }

    /// The size of an open file in bytes.
    pub(crate) fn length(&mut self, descriptor: i32) -> Result<u64, Errno> {
        Ok(self.file(descriptor)?.metadata()?.len())
    }

    pub(super) fn truncate(&mut self, descriptor: i32, length: u64) -> Result<(), Errno> {
        Ok(self.file(descriptor)?.set_len(length)?)
    }

    pub(super) fn synchronise(&mut self, descriptor: i32) -> Result<(), Errno> {
        match self.get(descriptor)? {
            Open::File { file, .. } => Ok(file.sync_all()?),
            _ => Err(Errno::EINVAL),
        }
    }

    /// A second descriptor for the same open file, the lowest free one from `least`, or exactly `exactly`.
    pub(super) fn duplicate(&mut self, descriptor: i32, least: i32, exactly: Option<i32>) -> Result<i32, Errno> {
        let copy = match self.get(descriptor)? {
            Open::Input => Open::Input,
            Open::Output(stream) => Open::Output(*stream),
            Open::File { file, append } => Open::File { file: file.try_clone()?, append: *append },
            Open::Directory { directory, listed } => {
                Open::Directory { directory: directory.try_clone()?, listed: *listed }
            }
        };
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

    pub(super) fn stat(&mut self, host: &dyn Host, descriptor: i32) -> Result<[u8; STAT_SIZE as usize], Errno> {
        const CHARACTER_DEVICE: u32 = 0o020620;
        const PIPE: u32 = 0o010600;
        let stream_mode = |terminal| if terminal { CHARACTER_DEVICE } else { PIPE };
        Ok(match self.get(descriptor)? {
            Open::Input => stat(stream_mode(host.is_terminal(None)), 0, descriptor as u64, 0),
            Open::Output(stream) => stat(stream_mode(host.is_terminal(Some(*stream))), 0, descriptor as u64, 0),
            Open::File { file, .. } => stat_of(&file.metadata()?),
            Open::Directory { directory, .. } => stat_of(&directory.dir_metadata()?),
        })
    }

    pub(super) fn stat_path(&mut self, directory: i64, path: &str) -> Result<[u8; STAT_SIZE as usize], Errno> {
        let path = self.resolve(directory, path)?;
        let place = self.mounts.locate(&path)?;
        Ok(stat_of(&place.directory.metadata(&place.path)?))
    }

    /// Whether the path exists and, if asked for (bit 1 of `mode`), may be written.
    pub(super) fn access(&mut self, directory: i64, path: &str, mode: u64) -> Result<(), Errno> {
        let path = self.resolve(directory, path)?;
        let place = self.mounts.locate(&path)?;
        place.directory.metadata(&place.path)?;
        if mode & 2 != 0 && !place.writable { Err(Errno::EROFS) } else { Ok(()) }
    }

    pub(super) fn make_directory(&mut self, directory: i64, path: &str) -> Result<(), Errno> {
        let path = self.resolve(directory, path)?;
        let place = self.mounts.locate(&path)?;
        if !place.writable {
            return Err(Errno::EROFS);
        }
        Ok(place.directory.create_dir(&place.path)?)
    }

    pub(crate) fn unlink(&mut self, directory: i64, path: &str, flags: u64) -> Result<(), Errno> {
        let path = self.resolve(directory, path)?;
        let place = self.mounts.locate(&path)?;
        if !place.writable {
            return Err(Errno::EROFS);
        }
        if flags & AT_REMOVEDIR != 0 {
            Ok(place.directory.remove_dir(&place.path)?)
        } else {
            Ok(place.directory.remove_file(&place.path)?)
        }
    }

    pub(crate) fn rename(&mut self, from: (i64, &str), to: (i64, &str)) -> Result<(), Errno> {
        let from = self.resolve(from.0, from.1)?;
        let to = self.resolve(to.0, to.1)?;
        let (from, to) = (self.mounts.locate(&from)?, self.mounts.locate(&to)?);
        if !from.writable || !to.writable {
            return Err(Errno::EROFS);
        }
        Ok(from.directory.rename(&from.path, to.directory, &to.path)?)
    }

    /// `getdents64`: as many entries as fit into `capacity` bytes, as `struct linux_dirent64`.
    pub(super) fn list(&mut self, descriptor: i32, capacity: usize) -> Result<Vec<u8>, Errno> {
        let Open::Directory { directory, listed } = self.get(descriptor)? else { return Err(Errno::ENOTDIR) };
        let mut names = vec![(".".to_owned(), 4u8), ("..".to_owned(), 4)];
        for entry in directory.entries()? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let kind = if kind.is_dir() { 4 } else if kind.is_symlink() { 10 } else { 8 };
            names.push((entry.file_name().to_string_lossy().into_owned(), kind));
        }
        // The order of the host is no order; a guest's output shall not depend on it.
        names[2..].sort();
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

fn stat_of(metadata: &Metadata) -> [u8; STAT_SIZE as usize] {
    let mode = if metadata.is_dir() { 0o040755 } else { 0o100644 };
    let modified = metadata
        .modified()
        .ok()
        .and_then(|time| time.into_std().duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |since| since.as_secs());
    stat(mode, metadata.len(), 1, modified)
}

fn stat(mode: u32, size: u64, inode: u64, modified: u64) -> [u8; STAT_SIZE as usize] {
    let mut bytes = [0; STAT_SIZE as usize];
    let mut put = |offset: usize, field: &[u8]| bytes[offset..offset + field.len()].copy_from_slice(field);
    put(8, &inode.to_le_bytes());
    put(16, &mode.to_le_bytes());
    put(20, &1u32.to_le_bytes()); // links
    put(24, &(super::USER_ID as u32).to_le_bytes());
    put(28, &(super::USER_ID as u32).to_le_bytes());
    put(48, &size.to_le_bytes());
    put(56, &4096u32.to_le_bytes()); // block size
    put(64, &size.div_ceil(512).to_le_bytes());
    for time in [72, 88, 104] {
        put(time, &modified.to_le_bytes());
    }
    bytes
}
