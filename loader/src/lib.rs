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

mod error;
mod foreign;
mod image;
mod lines;
mod parse;
mod symbols;

pub use error::LoadError;
pub use image::{FloatAbi, Image, Kind, ProgramHeaders, Segment};
pub use lines::{Lines, Location};
pub use symbols::{Symbol, SymbolBinding, SymbolKind, Symbols};

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

/// The first address that no segment may reach: the end of the user half of an Sv39 address space, the smallest that
/// RV64 Linux gives a process (RISC-V privileged manual, "Sv39").
pub const ADDRESS_SPACE_END: u64 = 1 << 38;

/// Where [`Image::parse`] puts a static PIE (2 MiB, so that any usual segment alignment is met). Low, so that what follows the
/// image (the heap) stays in the same part of a sparse memory as that of an executable linked at a fixed address.
pub const PIE_BASE: u64 = 0x20_0000;

/// The bytes of the file at `path`, ready for [`Image::parse`] and [`Lines::parse`].
///
/// # Errors
///
/// [`LoadError::Directory`] for a directory and [`LoadError::Io`] where the file cannot be read.
pub fn read(path: &Path) -> Result<Arc<[u8]>, LoadError> {
    if path.is_dir() {
        return Err(LoadError::Directory);
    }
    let copied = || std::fs::read(path).map(Into::into).map_err(LoadError::Io);
    let metadata = std::fs::metadata(path).map_err(LoadError::Io)?;
    if !metadata.is_file() {
        return copied(); // a pipe: read once, from its beginning
    }
    let mut file = std::fs::File::open(path).map_err(LoadError::Io)?;
    // Straight to where it stays: every copy of a megabyte takes part of a millisecond, most of it for fresh pages.
    let length = usize::try_from(metadata.len())
        .unwrap_or(usize::MAX)
        .min(LONGEST_READ_AT_ONCE);
    let mut bytes: Arc<[u8]> = std::iter::repeat_n(0, length).collect();
    let is_whole = match Arc::get_mut(&mut bytes) {
        Some(place) => file.read_exact(place).is_ok() && matches!(file.read(&mut [0]), Ok(0)),
        None => false,
    };
    // Else the file is changing, or is one of those that do not tell their length.
    if is_whole { Ok(bytes) } else { copied() }
}

/// A length in bytes that is believed before there is anything to read.
const LONGEST_READ_AT_ONCE: usize = 1 << 30;
