//! What `stat` says about a file, in the layouts of RISC-V (asm-generic/stat.h, linux/stat.h).

use cap_std::fs::Metadata;

use super::USER_ID;

const REGULAR: u32 = 0o100_000;
const DIRECTORY: u32 = 0o040_000;
const LINK: u32 = 0o120_000;
const CHARACTER_DEVICE: u32 = 0o020_000;
const PIPE: u32 = 0o010_000;

/// `STATX_BASIC_STATS`: the fields that are filled in.
const BASIC: u32 = 0x7ff;

/// Kind, size and time of a file. Everything belongs to the guest's user.
#[derive(Debug, Clone, Copy)]
pub(super) struct Status {
    mode: u32,
    size: u64,
    inode: u64,
    /// Seconds since 1970.
    modified: u64,
}

impl Status {
    pub(super) fn of(metadata: &Metadata) -> Status {
        let mode = if metadata.is_dir() {
            DIRECTORY | 0o755
        } else if metadata.is_symlink() {
            LINK | 0o777
        } else {
            REGULAR | 0o644
        };
        let modified = metadata
            .modified()
            .ok()
            .and_then(|time| time.into_std().duration_since(std::time::UNIX_EPOCH).ok())
            .map_or(0, |since| since.as_secs());
        Status {
            mode,
            size: metadata.len(),
            inode: 1,
            modified,
        }
    }

    /// A file that does not stand on the host.
    pub(super) fn file(size: u64) -> Status {
        Status {
            mode: REGULAR | 0o644,
            size,
            inode: 1,
            modified: 0,
        }
    }

    /// A directory that only leads to mounts, or does not stand on the host.
    pub(super) fn directory() -> Status {
        Status {
            mode: DIRECTORY | 0o755,
            size: 0,
            inode: 2,
            modified: 0,
        }
    }

    pub(super) fn is_directory(self) -> bool {
        self.mode & 0o170_000 == DIRECTORY
    }

    /// Standard input or output.
    pub(super) fn stream(descriptor: i32, is_terminal: bool) -> Status {
        let mode = if is_terminal {
            CHARACTER_DEVICE | 0o620
        } else {
            PIPE | 0o600
        };
        Status {
            mode,
            size: 0,
            inode: descriptor as u64,
            modified: 0,
        }
    }

    /// As `struct stat`.
    pub(super) fn stat(self) -> [u8; 128] {
        let mut bytes = [0; 128];
        let mut put = |offset: usize, field: &[u8]| bytes[offset..offset + field.len()].copy_from_slice(field);
        put(8, &self.inode.to_le_bytes());
        put(16, &self.mode.to_le_bytes());
        put(20, &1u32.to_le_bytes()); // links
        put(24, &(USER_ID as u32).to_le_bytes());
        put(28, &(USER_ID as u32).to_le_bytes());
        put(48, &self.size.to_le_bytes());
        put(56, &4096u32.to_le_bytes()); // block size
        put(64, &self.size.div_ceil(512).to_le_bytes());
        for time in [72, 88, 104] {
            put(time, &self.modified.to_le_bytes());
        }
        bytes
    }

    /// As `struct statx`.
    pub(super) fn statx(self) -> [u8; 256] {
        let mut bytes = [0; 256];
        let mut put = |offset: usize, field: &[u8]| bytes[offset..offset + field.len()].copy_from_slice(field);
        put(0, &BASIC.to_le_bytes());
        put(4, &4096u32.to_le_bytes()); // block size
        put(16, &1u32.to_le_bytes()); // links
        put(20, &(USER_ID as u32).to_le_bytes());
        put(24, &(USER_ID as u32).to_le_bytes());
        put(28, &(self.mode as u16).to_le_bytes());
        put(32, &self.inode.to_le_bytes());
        put(40, &self.size.to_le_bytes());
        put(48, &self.size.div_ceil(512).to_le_bytes());
        for time in [64, 96, 112] {
            put(time, &self.modified.to_le_bytes());
        }
        bytes
    }
}
