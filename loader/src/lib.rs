//! ELF files to plain data: segments, entry, symbols, source lines.
//!
//! In reading order:
//!
//! * [`Image`]: what an executable says should be in memory before its first instruction, and which addresses have names.
//!   [`Image::parse`] accepts static ELF64 little-endian RISC-V executables, static PIE included, and refuses everything
//!   else with a [`LoadError`] of one line that says what the file is and what would work instead.
//! * [`Lines`]: from an address to function, source file and line, read from DWARF when first asked.
//! * [`read`]: a file of the host as bytes, with a directory refused in the same words as every other non-program.
//!
//! The crate allocates in proportion to the file, never to the sizes that the file claims, and does not panic on any bytes.

mod bytes;
mod error;
mod foreign;
mod image;
mod lines;
mod parse;
mod symbols;

pub use bytes::FileBytes;
pub use error::LoadError;
pub use image::{FloatAbi, Image, Kind, ProgramHeaders, Segment};
pub use lines::{Lines, Location};
pub use symbols::{Symbol, SymbolBinding, SymbolKind, Symbols};

use std::io::Read as _;
use std::path::Path;

/// The first address that no segment may reach: the end of the user half of an Sv39 address space, the smallest that
/// RV64 Linux gives a process (RISC-V privileged manual, "Sv39").
pub const ADDRESS_SPACE_END: u64 = 1 << 38;

/// Where [`Image::parse`] puts a static PIE (2 MiB, so that any usual segment alignment is met). Low, so that what follows the
/// image (the heap) stays in the same part of a sparse memory as that of an executable linked at a fixed address.
pub const PIE_BASE: u64 = 0x20_0000;

/// The bytes of the file at `path`, ready for [`Image::parse_shared`] and [`Lines::parse`]. They go to a place of `length` zeros that
/// `place` gives for a length in bytes: every copy of a megabyte, and every fault for a fresh page, takes part of the time of a start.
///
/// # Errors
///
/// [`LoadError::Directory`] for a directory and [`LoadError::Io`] where the file cannot be read.
pub fn read<P>(path: &Path, place: impl FnOnce(usize) -> P) -> Result<FileBytes, LoadError>
where
    P: AsRef<[u8]> + AsMut<[u8]> + Send + Sync + 'static,
{
    let copied = || std::fs::read(path).map(Into::into).map_err(LoadError::Io);
    let metadata = std::fs::metadata(path).map_err(LoadError::Io)?;
    if metadata.is_dir() {
        return Err(LoadError::Directory);
    }
    if !metadata.is_file() {
        return copied(); // a pipe: read once, from its beginning
    }
    let mut file = std::fs::File::open(path).map_err(LoadError::Io)?;
    let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    let mut bytes = place(length.min(LONGEST_READ_AT_ONCE));
    let is_whole = file.read_exact(bytes.as_mut()).is_ok() && matches!(file.read(&mut [0]), Ok(0));
    // Else the file is changing, or is one of those that do not tell their length.
    if is_whole { Ok(FileBytes::new(bytes)) } else { copied() }
}

/// A length in bytes that is believed before there is anything to read.
const LONGEST_READ_AT_ONCE: usize = 1 << 30;
