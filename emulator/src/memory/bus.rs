//! How instructions reach memory.
//!
//! An executor is written once against [`Bus`]. [`Memory`] itself is the bus that lets every load through (Bypass cores, and the
//! tracked path, which looks at tags on its own); [`Watched`] stops at a load that meets an uncertain value. A store of plain
//! bytes makes the place certain on both.

use super::{CODE, Memory, PAGE_SHIFT, PAGE_SIZE, READ, SHADOWED, SHARED, WRITE};
use crate::engine::Stop;
use crate::trap::Trap;

/// Loads and stores of `N` bytes (1, 2, 4 or 8), little-endian; misaligned ones work.
pub(crate) trait Bus {
    fn load<const N: usize>(&mut self, address: u64) -> Result<[u8; N], Stop>;
    fn store<const N: usize>(&mut self, address: u64, bytes: [u8; N]) -> Result<(), Stop>;
}

/// See [`Memory::parts`].
pub(crate) struct Parts {
    pub(crate) bytes: *mut u8,
    /// One byte for each page.
    pub(crate) flags: *const u8,
    /// How many pages there are.
    pub(crate) pages: u64,
    /// One bit for each aligned group of four bytes, set if a part of a distribution stands there; the first group of a byte is its
    /// lowest bit. To be read only for pages that are [`SHADOWED`].
    pub(crate) tagged: *const u8,
}

/// Memory as the scalar path of a tracking core sees it: [`Stop::Shadowed`] where a load meets an uncertain value.
pub(crate) struct Watched<'a>(pub(crate) &'a mut Memory);

impl Memory {
    /// The offset of an access of `N` bytes if it lies inside one page whose flags, seen through `mask`, are `wanted`.
    #[inline(always)]
    pub(crate) fn fast_offset<const N: usize>(&self, address: u64, mask: u8, wanted: u8) -> Option<usize> {
        let inside = address & (PAGE_SIZE - 1) <= PAGE_SIZE - N as u64;
        match self.flags.get((address >> PAGE_SHIFT) as usize) {
            Some(flags) if flags & mask == wanted && inside => Some(address as usize),
            _ => None,
        }
    }

    /// Where everything is, for who reaches it in other ways. It stays there as long as nobody says where a distribution stands.
    pub(crate) fn parts(&mut self) -> Parts {
        Parts {
            bytes: self.bytes.as_mut_ptr(),
            flags: self.flags.as_ptr(),
            pages: self.flags.len() as u64,
            tagged: self.tags.tagged_groups(),
        }
    }

    #[inline(always)]
    pub(crate) fn read_at<const N: usize>(&self, offset: usize) -> [u8; N] {
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.bytes[offset..offset + N]);
        bytes
    }

    #[inline(always)]
    fn write_at<const N: usize>(&mut self, offset: usize, bytes: [u8; N]) {
        self.bytes[offset..offset + N].copy_from_slice(&bytes);
    }

    /// A load that crosses pages, or faults.
    #[cold]
    fn load_slowly<const N: usize>(&self, address: u64) -> Result<[u8; N], Trap> {
        let mut bytes = [0; N];
        bytes.copy_from_slice(self.slice(address, N as u64)?);
        Ok(bytes)
    }

    /// A store that crosses pages, meets an uncertain value or decoded instructions, is the first to a page since a snapshot, or
    /// faults; it stops before it writes anything.
    #[cold]
    fn store_slowly<const N: usize>(&mut self, address: u64, bytes: [u8; N]) -> Result<(), Stop> {
        if self.allows(address, N as u64, WRITE) && self.holds_code(address, N as u64) {
            return Err(Stop::CodeWritten);
        }
        self.slice_mut(address, N as u64)?.copy_from_slice(&bytes);
        Ok(())
    }
}

impl Bus for Memory {
    #[inline(always)]
    fn load<const N: usize>(&mut self, address: u64) -> Result<[u8; N], Stop> {
        match self.fast_offset::<N>(address, READ, READ) {
            Some(offset) => Ok(self.read_at(offset)),
            None => Ok(self.load_slowly(address)?),
        }
    }

    #[inline(always)]
    fn store<const N: usize>(&mut self, address: u64, bytes: [u8; N]) -> Result<(), Stop> {
        match self.fast_offset::<N>(address, WRITE | SHADOWED | CODE | SHARED, WRITE) {
            Some(offset) => {
                self.write_at(offset, bytes);
                Ok(())
            }
            None => self.store_slowly(address, bytes),
        }
    }
}

impl Bus for &mut Memory {
    #[inline(always)]
    fn load<const N: usize>(&mut self, address: u64) -> Result<[u8; N], Stop> {
        Memory::load(self, address)
    }

    #[inline(always)]
    fn store<const N: usize>(&mut self, address: u64, bytes: [u8; N]) -> Result<(), Stop> {
        Memory::store(self, address, bytes)
    }
}

impl Bus for Watched<'_> {
    #[inline(always)]
    fn load<const N: usize>(&mut self, address: u64) -> Result<[u8; N], Stop> {
        match self.0.fast_offset::<N>(address, READ | SHADOWED, READ) {
            Some(offset) => Ok(self.0.read_at(offset)),
            None if self.0.is_tagged(address, N as u64) => Err(Stop::Shadowed),
            None => self.0.load(address),
        }
    }

    #[inline(always)]
    fn store<const N: usize>(&mut self, address: u64, bytes: [u8; N]) -> Result<(), Stop> {
        self.0.store(address, bytes)
    }
}
