//! Guest memory: one flat arena of pages, each with its access rights.
//!
//! Addresses are those of the guest. The arena starts at guest address 0 and is as large as the core's `MemorySize` (rounded
//! down to whole pages), plus a scratch region behind it that belongs to the emulator (see [`Memory::SCRATCH_SIZE`]). Nothing
//! else exists: an access outside, or to a page without the right, is a [`Trap`]. The host allocates a page when it is first
//! touched, so a large core costs nothing until it is used.
//!
//! A page's flag byte also tells whether any of its words holds a distribution ([`SHADOWED`]), so that one test decides
//! whether an access is an ordinary one.

mod bus;
mod code;
mod snapshot;
mod space;
mod tags;

pub(crate) use bus::{Bus, Parts, Watched};
pub(crate) use snapshot::MemorySnapshot;
pub(crate) use space::{AddressSpace, Bound, page_down, page_up};
pub(crate) use tags::{Piece, Pieces, Tag};

use crate::resources::Arena;
use crate::trap::Trap;
use code::CodeLines;
use tags::Tags;

/// Bytes in a page.
pub(crate) const PAGE_SIZE: u64 = 4096;
/// Base-2 logarithm of [`PAGE_SIZE`].
pub(crate) const PAGE_SHIFT: u32 = 12;

/// Page flag: loads are allowed.
pub(crate) const READ: u8 = 1;
/// Page flag: stores are allowed.
pub(crate) const WRITE: u8 = 2;
/// Page flag: instruction fetches are allowed.
pub(crate) const EXECUTE: u8 = 4;
/// Page flag: some word of the page holds a distribution.
pub(crate) const SHADOWED: u8 = 8;
/// Page flag: the page is as it was in the snapshot that this memory can go back to.
pub(crate) const SHARED: u8 = 32;

/// Page flag: the page belongs to the process, whatever its rights.
pub(crate) const MAPPED: u8 = 16;

/// Page flag: instructions have been decoded from the page. The ordinary store stops at it.
pub(crate) const CODE: u8 = 64;

/// The little-endian number that up to eight bytes of guest memory hold.
pub(crate) fn word(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

/// The arena and the rights of its pages.
pub struct Memory {
    bytes: Arena,
    flags: Box<[u8]>,
    scratch_start: u64,
    /// Pages that are [`MAPPED`].
    mapped: u64,
    tags: Tags,
    /// Pages written since the snapshot.
    owned: Vec<u32>,
    /// Whether flags were changed since the snapshot, of whatever pages.
    flags_changed: bool,
    code_lines: CodeLines,
    /// Whether the host has written to such a line, or taken its page away.
    code_written: bool,
    has_writable_code: bool,
}

impl Memory {
    /// Size in bytes of the scratch region behind the guest's own memory: finished texts of values that are being printed. The
    /// guest can read it while it is in use, and never write it.
    pub const SCRATCH_SIZE: u64 = 64 << 20;

    /// An arena of `memory_size` bytes (rounded down to whole pages), no page of it accessible yet.
    #[must_use]
    pub fn new(memory_size: u64) -> Self {
        let scratch_start = memory_size & !(PAGE_SIZE - 1);
        Memory::with_size(scratch_start, (scratch_start + Self::SCRATCH_SIZE) as usize)
    }

    /// An arena of no bytes.
    pub(crate) fn empty() -> Self {
        Memory::with_size(0, 0)
    }

    fn with_size(scratch_start: u64, total: usize) -> Self {
        Memory {
            bytes: Arena::new(total),
            flags: vec![0; total >> PAGE_SHIFT].into_boxed_slice(),
            scratch_start,
            mapped: 0,
            tags: Tags::default(),
            owned: Vec::new(),
            flags_changed: false,
            code_lines: CodeLines::new(),
            code_written: false,
            has_writable_code: false,
        }
    }

    /// The range is about to be written as a whole.
    pub(crate) fn populate(&mut self, start: u64, size: u64) {
        self.bytes.populate(start as usize..(start + size) as usize);
    }

    /// The end of the guest's own memory, which is where the scratch region starts.
    pub(crate) fn scratch_start(&self) -> u64 {
        self.scratch_start
    }

    /// Adds and removes flags on every page that `[start, start + size)` touches. The range must lie inside the arena.
    pub(crate) fn change_flags(&mut self, start: u64, size: u64, remove: u8, add: u8) {
        let first = (start >> PAGE_SHIFT) as usize;
        let last = (start + size).div_ceil(PAGE_SIZE) as usize;
        for flags in &mut self.flags[first..last] {
            let new = *flags & !(remove & !SHARED) | add;
            self.mapped = self.mapped + u64::from(new & MAPPED != 0) - u64::from(*flags & MAPPED != 0);
            // What was decoded from it must not be executed any more.
            self.code_written |= *flags & CODE != 0 && new & (CODE | EXECUTE) != CODE | EXECUTE;
            self.has_writable_code |= new & (WRITE | EXECUTE) == WRITE | EXECUTE;
            *flags = new;
        }
        self.flags_changed = true;
    }

    /// Bytes that belong to the process.
    pub(crate) fn mapped(&self) -> u64 {
        self.mapped << PAGE_SHIFT
    }

    /// Makes whole pages zero. What is zero already is not written: a page that nobody has touched takes no memory of the host.
    pub(crate) fn make_zero(&mut self, start: u64, size: u64) {
        self.clear_tags(start, size);
        for page in (start..start + size).step_by(PAGE_SIZE as usize) {
            let bytes = &self.bytes[page as usize..(page + PAGE_SIZE) as usize];
            if bytes.iter().any(|&byte| byte != 0) {
                self.own(page, PAGE_SIZE);
                self.code_written |= self.flags_at(page) & CODE != 0;
                self.bytes[page as usize..(page + PAGE_SIZE) as usize].fill(0);
            }
        }
    }

    /// Whether any page has ever been writable and executable at once.
    pub(crate) fn has_writable_code(&self) -> bool {
        self.has_writable_code
    }

    /// Whether every page of the range grants all of `rights`.
    pub(crate) fn allows(&self, start: u64, size: u64, rights: u8) -> bool {
        let Some(end) = start.checked_add(size) else {
            return false;
        };
        let first = (start >> PAGE_SHIFT) as usize;
        let last = end.div_ceil(PAGE_SIZE) as usize;
        self.flags
            .get(first..last)
            .is_some_and(|pages| pages.iter().all(|flags| flags & rights == rights))
    }

    /// The flags of the page that holds `address`; none outside the arena.
    #[inline(always)]
    pub(crate) fn flags_at(&self, address: u64) -> u8 {
        self.flags.get((address >> PAGE_SHIFT) as usize).copied().unwrap_or(0)
    }

    /// `size` bytes for the host to read, where the guest itself could read them.
    pub(crate) fn slice(&self, start: u64, size: u64) -> Result<&[u8], Trap> {
        if self.allows(start, size, READ) {
            Ok(&self.bytes[start as usize..(start + size) as usize])
        } else {
            Err(Trap::LoadFault {
                address: self.first_without(start, size, READ),
            })
        }
    }

    /// `size` bytes for the host to write, where the guest itself could write them; what uncertain values stood there is gone.
    pub(crate) fn slice_mut(&mut self, start: u64, size: u64) -> Result<&mut [u8], Trap> {
        if self.allows(start, size, WRITE) {
            self.own(start, size);
            self.code_written |= self.holds_code(start, size);
            self.clear_tags(start, size);
            Ok(&mut self.bytes[start as usize..(start + size) as usize])
        } else {
            Err(Trap::StoreFault {
                address: self.first_without(start, size, WRITE),
            })
        }
    }

    /// As [`Memory::slice_mut`], for the host's own purposes (loading the program, scratch): rights are not asked for.
    pub(crate) fn host_slice_mut(&mut self, start: u64, size: u64) -> &mut [u8] {
        self.own(start, size);
        self.code_written |= self.holds_code(start, size);
        self.clear_tags(start, size);
        &mut self.bytes[start as usize..(start + size) as usize]
    }

    /// The bytes of a C string, without its terminator. A string that runs into unreadable memory is a load fault there.
    pub(crate) fn c_string(&self, start: u64) -> Result<&[u8], Trap> {
        self.c_string_within(start, u64::MAX)
    }

    /// As [`Memory::c_string`]; of a string longer than `most` bytes, at least as many.
    pub(crate) fn c_string_within(&self, start: u64, most: u64) -> Result<&[u8], Trap> {
        let mut page = start;
        while self.flags_at(page) & READ != 0 {
            if page - start > most {
                return Ok(&self.bytes[start as usize..page as usize]);
            }
            let page_end = (page | (PAGE_SIZE - 1)) + 1;
            if let Some(length) = self.bytes[page as usize..page_end as usize]
                .iter()
                .position(|&byte| byte == 0)
            {
                return Ok(&self.bytes[start as usize..page as usize + length]);
            }
            page = page_end;
        }
        Err(Trap::LoadFault { address: page })
    }

    fn first_without(&self, start: u64, size: u64, rights: u8) -> u64 {
        let mut address = start;
        while address < start.saturating_add(size) && self.flags_at(address) & rights == rights {
            address = (address | (PAGE_SIZE - 1)).saturating_add(1);
        }
        address
    }
}
