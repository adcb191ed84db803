//! Memory as handlers see it: the ordinary access and nothing else.

use super::Context;
use crate::engine::Stop;
use crate::memory::{Bus, CODE, PAGE_SHIFT, READ, SHADOWED, SHARED, WRITE};

/// The bus of aligned accesses to pages whose flags allow them at once; [`Stop::Unusual`] for everything else.
pub(super) struct Arena<const WATCHED: bool> {
    pub(super) bytes: *mut u8,
    pub(super) flags: *const u8,
    pub(super) pages: u64,
}

impl<const WATCHED: bool> Arena<WATCHED> {
    /// The arena from a handler's arguments.
    ///
    /// # Safety
    ///
    /// They are those of a [`Handler`](super::Handler).
    #[inline(always)]
    pub(super) unsafe fn new(bytes: *mut u8, flags: *const u8, context: *const Context) -> Self {
        // SAFETY: the context is valid, says the caller.
        let pages = unsafe { (*context).pages };
        Arena { bytes, flags, pages }
    }

    #[inline(always)]
    fn place<const N: usize>(&self, address: u64, mask: u8, wanted: u8) -> Result<*mut u8, Stop> {
        let page = address >> PAGE_SHIFT;
        if page >= self.pages || address & (N as u64 - 1) != 0 {
            return Err(Stop::Unusual);
        }
        // SAFETY: there are as many flags as pages, and as many bytes as all pages have; an aligned access lies in one page.
        unsafe {
            if *self.flags.add(page as usize) & mask != wanted {
                return Err(Stop::Unusual);
            }
            Ok(self.bytes.add(address as usize))
        }
    }
}

impl<const WATCHED: bool> Bus for Arena<WATCHED> {
    #[inline(always)]
    fn load<const N: usize>(&mut self, address: u64) -> Result<[u8; N], Stop> {
        let mask = if WATCHED { READ | SHADOWED } else { READ };
        let place = self.place::<N>(address, mask, READ)?;
        // SAFETY: `place` gives N bytes of the arena, which nobody else refers to while handlers run.
        Ok(unsafe { place.cast::<[u8; N]>().read() })
    }

    #[inline(always)]
    fn store<const N: usize>(&mut self, address: u64, bytes: [u8; N]) -> Result<(), Stop> {
        let place = self.place::<N>(address, WRITE | SHADOWED | CODE | SHARED, WRITE)?;
        // SAFETY: as for loads.
        unsafe { place.cast::<[u8; N]>().write(bytes) };
        Ok(())
    }
}

/// The bus of aligned accesses to pages that hold distributions, where they meet none; [`Stop::Unusual`] for everything else.
pub(super) struct Beside {
    arena: Arena<true>,
    tagged: *const u8,
}

impl Beside {
    /// From a handler's arguments.
    ///
    /// # Safety
    ///
    /// They are those of a [`Handler`](super::Handler).
    #[inline(always)]
    pub(super) unsafe fn new(bytes: *mut u8, flags: *const u8, context: *const Context) -> Self {
        // SAFETY: says the caller.
        unsafe {
            Beside {
                arena: Arena::new(bytes, flags, context),
                tagged: (*context).tagged,
            }
        }
    }

    #[inline(always)]
    fn place<const N: usize>(&self, address: u64, mask: u8, wanted: u8) -> Result<*mut u8, Stop> {
        let place = self.arena.place::<N>(address, mask | SHADOWED, wanted | SHADOWED)?;
        // Two groups of eight aligned bytes have their bits in one byte.
        let bits = if N > 4 { 3 } else { 1 } << (address >> 2 & 7);
        // SAFETY: the page is in memory and has tags, so that there is a bit for each of its groups of four bytes.
        if unsafe { *self.tagged.add((address >> 5) as usize) } & bits != 0 {
            return Err(Stop::Unusual);
        }
        Ok(place)
    }
}

impl Bus for Beside {
    #[inline(always)]
    fn load<const N: usize>(&mut self, address: u64) -> Result<[u8; N], Stop> {
        let place = self.place::<N>(address, READ, READ)?;
        // SAFETY: as for `Arena`.
        Ok(unsafe { place.cast::<[u8; N]>().read() })
    }

    #[inline(always)]
    fn store<const N: usize>(&mut self, address: u64, bytes: [u8; N]) -> Result<(), Stop> {
        let place = self.place::<N>(address, WRITE | CODE | SHARED, WRITE)?;
        // SAFETY: as for loads.
        unsafe { place.cast::<[u8; N]>().write(bytes) };
        Ok(())
    }
}
