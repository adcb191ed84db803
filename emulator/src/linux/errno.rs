//! Error numbers of Linux on RISC-V (asm-generic/errno-base.h, errno.h).

use std::io;

/// A system call's failure; the guest gets its negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Errno(pub(crate) i32);

macro_rules! errno {
    ($($name:ident = $number:literal),* $(,)?) => {
        impl Errno { $(pub(crate) const $name: Errno = Errno($number);)* }
    };
}

errno! {
    EPERM = 1, ENOENT = 2, ESRCH = 3, EIO = 5, EBADF = 9, ECHILD = 10, EAGAIN = 11, ENOMEM = 12, EACCES = 13, EFAULT = 14,
    EBUSY = 16, EEXIST = 17, EXDEV = 18, ENOTDIR = 20, EISDIR = 21, EINVAL = 22, EMFILE = 24, ENOTTY = 25, EFBIG = 27, ENOSPC = 28, ESPIPE = 29,
    EROFS = 30, EPIPE = 32, ERANGE = 34, EDEADLK = 35, ENAMETOOLONG = 36, ENOSYS = 38, ENOTEMPTY = 39, ELOOP = 40, EOPNOTSUPP = 95,
}

impl From<io::Error> for Errno {
    /// The host's own number where it is one of Linux, else the nearest by kind.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Errno::ENOENT,
            io::ErrorKind::PermissionDenied => Errno::EACCES,
            io::ErrorKind::AlreadyExists => Errno::EEXIST,
            io::ErrorKind::NotADirectory => Errno::ENOTDIR,
            io::ErrorKind::IsADirectory => Errno::EISDIR,
            io::ErrorKind::DirectoryNotEmpty => Errno::ENOTEMPTY,
            io::ErrorKind::ReadOnlyFilesystem => Errno::EROFS,
            io::ErrorKind::StorageFull => Errno::ENOSPC,
            io::ErrorKind::FileTooLarge => Errno::EFBIG,
            io::ErrorKind::CrossesDevices => Errno::EXDEV,
            io::ErrorKind::InvalidInput => Errno::EINVAL,
            io::ErrorKind::InvalidFilename => Errno::ENAMETOOLONG,
            io::ErrorKind::OutOfMemory => Errno::ENOMEM,
            io::ErrorKind::NotSeekable => Errno::ESPIPE,
            _ if cfg!(target_os = "linux") => error.raw_os_error().map_or(Errno::EIO, Errno),
            _ => Errno::EIO,
        }
    }
}

impl From<crate::trap::Trap> for Errno {
    /// A pointer argument that the guest itself could not use.
    fn from(_: crate::trap::Trap) -> Self {
        Errno::EFAULT
    }
}
